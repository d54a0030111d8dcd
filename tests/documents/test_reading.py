"""Who may read what: the list and the door say the same, and what may not be seen does not exist."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Person
from documents import actions, rules, storage
from documents.ink import InkStream, presenter_stream, private_stream, shared_stream
from documents.models import Document, DocumentVersion, Page
from documents.openings import note_opening
from documents.panels import papers_panel
from meetings import actions as meeting_actions
from meetings.actions import add_item, change_participant
from meetings.models import Meeting
from realtime.models import Entry
from realtime.principals import RIGHTS_STREAM, Principal
from tests.council import Council, client_of
from tests.documents import papers

OF_THE_ROOM = {"chair", "secretary", "member", "second_member", "third_member", "stand_in", "invitee", "observer"}
PREPARING = {"secretary", "unit_admin"}

pytestmark = pytest.mark.usefixtures("remembered_children")


def principal(person: Person) -> Principal:
    return Principal(person.principal_key)


def readers(council: Council, document: Document) -> set[str]:
    """Who reads it by the list; the object rule, the pages, the text and the streams must agree."""
    listed = {
        name
        for name, person in council.cast.items()
        if Document.objects.visible_to(person).filter(pk=document.pk).exists()
    }
    version = document.versions.order_by("-number").first()
    for name, person in council.cast.items():
        fresh = Document.objects.select_related("meeting", "item").get(pk=document.pk)
        expected = name in listed
        assert rules.may_read(person, fresh) == expected, name
        if version is not None:
            assert statuses(person, version) == ({200} if expected else {404}), name
            assert list(hears(person, version)) == [expected] * 3, name
    return listed


def statuses(person: Person, version: DocumentVersion) -> set[int]:
    client = client_of(person)
    addresses = (
        f"/p/{version.pk}/manifest.json",
        f"/p/{version.pk}/1/1600.webp",
        f"/p/{version.pk}/1/3600/0-0.tiles",
        f"/p/{version.pk}/1/text.json",
    )
    return {client.get(address).status_code for address in addresses}


def hears(person: Person, version: DocumentVersion) -> Iterator[bool]:
    for stream in (private_stream(version, person), shared_stream(version), presenter_stream(version)):
        yield InkStream().may_listen(principal(person), stream)


def test_everybody_in_the_room_reads_its_papers_and_nobody_else(council: Council) -> None:
    version = papers.add_readable_paper(council)
    assert readers(council, version.document) == OF_THE_ROOM | PREPARING


def test_the_page_of_a_paper_opens_for_its_readers_and_is_not_there_for_others(council: Council) -> None:
    address = f"/documents/{papers.add_readable_paper(council, title='Tờ trình').document_id}/"
    page = client_of(council.member).get(address)
    assert page.status_code == 200
    assert "Tờ trình" in page.content.decode()
    assert client_of(council.outsider).get(address).status_code == 404


@pytest.mark.parametrize(
    ("asked", "was_on", "shown"), [("", 1, 1), ("", 3, 3), ("?page=2", 3, 2), ("?page=9", 1, None)]
)
def test_the_page_read_first_stands_in_the_page_of_the_paper(
    council: Council, asked: str, was_on: int, shown: int | None
) -> None:
    version = papers.add_readable_paper(council, "một", "hai", "ba")
    note_opening(version, by=council.member, pages=[], last_page=was_on)
    page = client_of(council.member).get(f"/documents/{version.document_id}/{asked}")
    assert page["Cache-Control"] == "private, no-store"
    picture = shown and storage.picture(version.raster_name(shown, 1600))
    assert first_images(page) == ([f"data:image/webp;base64,{b64encode(picture).decode()}"] if picture else [])


def first_images(page: HttpResponse) -> list[str]:
    return re.findall(r'<img class="page-image" src="([^"]+)"', page.content.decode())


def raises(error: Exception) -> Callable[..., None]:
    def fail(*_words: object) -> None:
        raise error

    return fail


def test_a_page_not_yet_drawn_or_a_large_one_is_asked_for_by_itself(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = papers.add_readable_paper(council, "một")
    address, picture = f"/documents/{version.document_id}/", f"/p/{version.pk}/1/1600.webp"
    monkeypatch.setattr("documents.views.INLINE_AT_MOST_BYTES", 10)
    assert first_images(client_of(council.member).get(address)) == [picture]
    monkeypatch.undo()
    with monkeypatch.context() as broken:
        broken.setattr("documents.storage.picture", raises(OSError("the disk is gone")))
        assert first_images(client_of(council.member).get(address)) == [picture]
    default_storage.delete(version.raster_name(1, 1600))
    assert first_images(client_of(council.member).get(address)) == [picture]


def test_a_page_that_cannot_be_drawn_is_left_to_the_reader(council: Council) -> None:
    version = papers.add_readable_paper(council, "một")
    version.pages.update(raster=Page.Raster.FAILED)
    page = client_of(council.member).get(f"/documents/{version.document_id}/")
    assert (page.status_code, b'class="page-image"' in page.content) == (200, False)


def test_a_draft_is_read_by_those_who_prepare_it(council: Council) -> None:
    version = papers.add_readable_paper(council)
    Meeting.objects.update(state="draft")
    assert readers(council, version.document) == PREPARING


def test_papers_of_a_unit_that_was_closed_are_kept_by_those_who_prepared_them(council: Council) -> None:
    paper = papers.add_readable_paper(council, "một").document
    unit = paper.meeting.organisation
    unit.closed_on = timezone.localdate() - timedelta(days=1)
    unit.save()
    assert readers(council, paper) == OF_THE_ROOM | PREPARING
    assert client_of(council.unit_admin).get(f"/documents/{paper.pk}/").status_code == 200


def test_papers_of_a_closed_item_are_read_by_those_admitted(council: Council) -> None:
    closed = add_item(
        council.meeting, by=council.secretary, title="Nhân sự", is_closed=True, admitted=[council.second_member]
    )
    version = papers.add_readable_paper(council, item=closed)
    assert readers(council, version.document) == PREPARING | {"chair", "second_member"}
    actions.grant_to_person(version.document, council.member, by=council.secretary)
    assert readers(council, version.document) == PREPARING | {"chair", "second_member"}


def test_a_restricted_paper_is_read_by_those_it_is_granted_to(council: Council) -> None:
    version = papers.add_readable_paper(council, restricted=True)
    document = version.document
    assert readers(council, document) == PREPARING
    actions.grant_to_person(document, council.member, by=council.secretary)
    assert readers(council, document) == PREPARING | {"member"}
    actions.revoke_from_person(document, council.member, by=council.secretary)
    assert readers(council, document) == PREPARING


def test_a_grant_to_a_unit_reaches_who_is_its_member_today(council: Council) -> None:
    document = papers.add_readable_paper(council).document
    actions.grant_to_unit(document, council.other_unit, by=council.secretary)
    assert readers(council, document) == OF_THE_ROOM | PREPARING | {"other_unit_member"}
    today = timezone.localdate()
    Membership.objects.filter(person=council.other_unit_member).update(valid_until=today - timedelta(days=1))
    assert readers(council, document) == OF_THE_ROOM | PREPARING


def test_a_withdrawn_paper_is_gone_for_readers(council: Council) -> None:
    document = papers.add_readable_paper(council).document
    actions.withdraw_paper(document, by=council.secretary)
    assert readers(council, document) == PREPARING
    assert "Dự toán ngân sách năm 2027 " not in papers_panel(council.member, str(council.meeting.pk))


def test_who_may_no_longer_log_in_reads_nothing(council: Council) -> None:
    document = papers.add_readable_paper(council).document
    council.member.is_active = False
    council.member.save()
    assert not rules.may_read(council.member, document)
    assert not Document.objects.visible_to(council.member).exists()
    assert not InkStream().may_listen(principal(council.member), shared_stream(document.newest()))


def test_a_private_stream_is_heard_by_its_owner_alone(council: Council) -> None:
    version = papers.add_readable_paper(council)
    kind = InkStream()
    for name, person in council.cast.items():
        heard = kind.may_listen(principal(person), private_stream(version, council.member))
        assert heard == (name == "member"), name


@pytest.mark.parametrize(
    "name",
    [
        "ink:",
        "ink:x:shared:y",
        "ink:{v}:shared:",
        "ink:{v}:other:{m}",
        "ink:{v}:shared:{v}",
        "ink:{V}:shared:{m}",
        "ink:{v}:shared:{m}:x",
    ],
)
def test_a_stream_has_one_name_only(council: Council, name: str) -> None:
    version = papers.add_readable_paper(council)
    spoken = name.format(v=version.pk, m=council.meeting.pk, V=str(version.pk).upper())
    assert not InkStream().may_listen(principal(council.member), spoken)


def test_who_is_not_logged_in_gets_401_and_never_a_redirect(council: Council) -> None:
    version = papers.add_readable_paper(council)
    for address in ("manifest.json", "1/1600.webp", "1/3600/0-0.tiles", "1/text.json"):
        assert Client().get(f"/p/{version.pk}/{address}").status_code == 401


def test_the_manifest_tells_the_reader_what_it_needs(council: Council) -> None:
    version = papers.add_readable_paper(council, "một", "hai", title="Tờ trình")
    answer = client_of(council.member).get(f"/p/{version.pk}/manifest.json")
    told = answer.json()
    assert answer["Cache-Control"] == "private, no-store"
    assert (told["title"], told["page_count"], told["state"]) == ("Tờ trình", 2, "ready")
    assert told["pages"][0] == {
        "number": 1,
        "width_pt": 595,
        "height_pt": 842,
        "rotation": 0,
        "matrix": [1, 0, 0, -1, 0, 842],
        "tiers": {"1600": [1600, 2264], "2400": [2400, 3396]},
        "levels": {"3600": [3600, 5094], "6000": [6000, 8491], "9600": [9600, 13585]},
        "ready": True,
        "failed": False,
    }
    assert told["streams"] == {
        "private": f"ink:{version.pk}:private:{council.member.pk}",
        "shared": f"ink:{version.pk}:shared:{council.meeting.pk}",
        "presenter": f"ink:{version.pk}:presenter:{council.meeting.pk}",
    }
    # The member presents the item this paper belongs to.
    assert (told["may_mark"], told["may_share"], told["may_present"]) == (True, True, True)


def test_the_manifest_says_who_may_share_and_show(council: Council) -> None:
    version = papers.add_readable_paper(council)
    told = {
        name: client_of(council.cast[name]).get(f"/p/{version.pk}/manifest.json").json()
        for name in OF_THE_ROOM | PREPARING
    }
    assert {name for name, one in told.items() if one["may_share"]} == OF_THE_ROOM - {"observer"}
    assert {name for name, one in told.items() if one["may_present"]} == {"chair", "secretary", "member"}


def test_pictures_are_drawn_for_who_waits_and_kept(council: Council) -> None:
    version = papers.add_readable_paper(council)
    client = client_of(council.member)
    answer = client.get(f"/p/{version.pk}/1/2400.webp")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "image/webp",
        "private, no-store",
    )
    assert answer.content[:4] == b"RIFF"
    for address in ("1/999.webp", "2/1600.webp", "0/1600.webp", "2/text.json"):
        assert client.get(f"/p/{version.pk}/{address}").status_code == 404


def test_the_text_of_a_page_comes_with_its_places(council: Council) -> None:
    version = papers.add_readable_paper(council, "Dự toán ngân sách")
    (span,) = client_of(council.member).get(f"/p/{version.pk}/1/text.json").json()["spans"]
    assert span["text"] == "Dự toán ngân sách"
    x0, y0, x1, y1 = span["box"]
    assert len(span["x"]) == len(span["text"]) + 1
    assert (span["x"][0], span["x"][-1]) == (x0, x1)
    assert y0 < 742 < y1


def test_a_held_paper_is_looked_at_by_who_decides(council: Council) -> None:
    version = papers.add_readable_paper(council, "TỐI MẬT")
    assert readers(council, version.document) == PREPARING


def test_the_drawer_shows_the_agenda_with_the_papers_one_may_read(council: Council) -> None:
    papers.add_readable_paper(council, "a", title="Tờ trình về dự toán")
    papers.add_readable_paper(council, "b", title="Danh sách nhân sự", restricted=True)
    shown = papers_panel(council.member, str(council.meeting.pk))
    assert "Tờ trình về dự toán" in shown
    assert "data-open-paper=" in shown
    assert "Danh sách nhân sự" not in shown
    assert "Danh sách nhân sự" in papers_panel(council.secretary, str(council.meeting.pk))
    assert papers_panel(council.outsider, str(council.meeting.pk)) == ""


def test_lists_take_the_same_number_of_queries_for_one_paper_and_for_three(council: Council) -> None:
    counts = []
    for _round in (1, 2):
        papers.add_readable_paper(council)
        client = client_of(council.secretary)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            papers_panel(council.member, str(council.meeting.pk))
            panels = len(queries)
            client.get(f"/meetings/{council.meeting.pk}/papers/")
        counts.append((panels, len(queries)))
        papers.add_readable_paper(council, item=council.second_item)
    assert counts[0] == counts[1]


def test_a_manifest_takes_the_same_number_of_queries_for_one_page_and_for_three(council: Council) -> None:
    counts = []
    client = client_of(council.member)
    for pages in (["một"], ["một", "hai", "ba"]):
        version = papers.add_readable_paper(council, *pages)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/p/{version.pk}/manifest.json").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_who_prepares_changes_a_paper(council: Council) -> None:
    document = papers.add_readable_paper(council).document
    for act, sent in {
        "details": {"title": "Khác"},
        "place": {"to": 1},
        "versions": {"declared_grade": "none"},
        "release": {"reason": "x"},
        "withdrawal": {},
        "grants": {"person": council.outsider.pk},
        "grants/removal": {"person": council.outsider.pk},
    }.items():
        assert client_of(council.member).post(f"/documents/{document.pk}/{act}/", sent).status_code == 403, act
        assert client_of(council.outsider).post(f"/documents/{document.pk}/{act}/", sent).status_code == 404, act
    document.refresh_from_db()
    assert document.withdrawn_at is None
    assert not document.person_grants.exists()


def test_a_paper_is_changed_moved_granted_and_withdrawn_by_forms(council: Council) -> None:
    first = papers.add_readable_paper(council, title="một").document
    second = papers.add_readable_paper(council, title="hai").document
    client = client_of(council.secretary)
    assert client.get(f"/documents/{second.pk}/details/").status_code == 200
    client.post(f"/documents/{second.pk}/place/", {"to": 1})
    assert list(Document.objects.filter(item=council.item)) == [second, first]
    changes = {"title": "Tờ trình số 2", "kind": "submission", "item": council.second_item.pk, "restricted": "on"}
    assert client.post(f"/documents/{second.pk}/details/", changes).status_code == 302
    second.refresh_from_db()
    assert (second.title, second.item, second.restricted) == ("Tờ trình số 2", council.second_item, True)
    client.post(f"/documents/{second.pk}/grants/", {"person": council.outsider.pk})
    client.post(f"/documents/{second.pk}/grants/", {"organisation": council.other_unit.pk})
    assert [rules.may_read(one, second) for one in (council.outsider, council.other_unit_member)] == [True, True]
    client.post(f"/documents/{second.pk}/grants/removal/", {"person": council.outsider.pk})
    client.post(f"/documents/{second.pk}/grants/removal/", {"organisation": council.other_unit.pk})
    assert [rules.may_read(one, second) for one in (council.outsider, council.other_unit_member)] == [False, False]
    client.post(f"/documents/{second.pk}/withdrawal/")
    second.refresh_from_db()
    assert second.withdrawn_at is not None


def test_an_observer_reads_and_keeps_own_notes_but_shares_nothing(council: Council) -> None:
    version = papers.add_readable_paper(council)
    kind = InkStream()
    assert not kind.may_send_ephemera(principal(council.observer), shared_stream(version))
    assert kind.may_send_ephemera(principal(council.invitee), shared_stream(version))
    assert not kind.may_send_ephemera(principal(council.member), private_stream(version, council.member))
    change_participant(council.participant(council.member), by=council.secretary, role="observer")
    assert not kind.may_send_ephemera(principal(council.member), shared_stream(version))


def test_a_page_too_long_to_be_a_number_is_no_page(council: Council) -> None:
    address = f"/documents/{papers.add_readable_paper(council).document_id}/?page={'9' * 5000}"
    assert client_of(council.member).get(address).status_code == 200


def test_a_unit_from_which_a_paper_is_taken_back_does_not_go_on_hearing_it(council: Council) -> None:
    """Its people need not take part in the meeting, and may have the paper open."""
    document = papers.add_readable_paper(council).document
    actions.grant_to_unit(document, council.other_unit, by=council.secretary)
    before = Entry.objects.filter(stream__name=RIGHTS_STREAM).count()
    actions.revoke_from_unit(document, council.other_unit, by=council.secretary)
    told = Entry.objects.filter(stream__name=RIGHTS_STREAM).order_by("number")[before:]
    assert council.other_unit_member.principal_key in told[0].body["look_again"]


@pytest.mark.parametrize("act", ["restricted", "moved", "withdrawn", "item closed"])
def test_readers_from_outside_the_meeting_hear_that_a_right_of_theirs_changed(council: Council, act: str) -> None:
    document = papers.add_readable_paper(council).document
    actions.grant_to_unit(document, council.other_unit, by=council.secretary)
    actions.grant_to_person(document, council.outsider, by=council.secretary)
    before = Entry.objects.filter(stream__name=RIGHTS_STREAM).count()
    if act == "restricted":
        actions.change_paper(document, by=council.secretary, restricted=True)
    elif act == "moved":
        actions.change_paper(document, by=council.secretary, item=council.second_item)
    elif act == "withdrawn":
        actions.withdraw_paper(document, by=council.secretary)
    else:
        meeting_actions.change_item(council.item, by=council.secretary, is_closed=True)
    told = Entry.objects.filter(stream__name=RIGHTS_STREAM).order_by("number")[before:]
    asked = {key for entry in told for key in entry.body["look_again"]}
    assert {council.outsider.principal_key, council.other_unit_member.principal_key} <= asked
    assert council.member.principal_key in asked


def test_the_words_of_all_pages_come_at_once_for_finding(council: Council) -> None:
    version = papers.add_readable_paper(council, "Dự toán\nngân sách", "hai")
    address = f"/p/{version.pk}/words.json"
    answer = client_of(council.member).get(address)
    assert answer.json() == {"pages": [["Dự toán", "ngân sách"], ["hai"]]}
    assert answer["Cache-Control"] == "private, no-store"
    assert client_of(council.outsider).get(address).status_code == 404
    version.pages.filter(number=2).update(text=None)
    assert client_of(council.member).get(address).json() == {"pages": [["Dự toán", "ngân sách"], None]}


def test_small_pictures_of_pages_are_kept_and_go_with_the_paper(council: Council, files: Path) -> None:
    version = papers.add_readable_paper(council, "một")
    kept = files / version.raster_name(1, 200)
    assert kept.stat().st_size < 20_000
    kept.unlink()  # of a paper that came in before there were any
    address = f"/p/{version.pk}/1/200.webp"
    assert client_of(council.member).get(address)["Content-Type"] == "image/webp"
    assert kept.exists()
    assert client_of(council.outsider).get(address).status_code == 404
    assert client_of(council.member).get(f"/p/{version.pk}/1/300.webp").status_code == 404
