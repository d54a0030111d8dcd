"""The whole cast before every door: what may not be seen does not exist, what may not be changed does not change."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from accounts.models import Act, Person
from documents import ink
from documents.models import Document, DocumentVersion, Mark, Page
from meetings import actions as meeting_actions
from meetings import series as series_acts
from meetings.arrivals import arrival_code
from meetings.models import Meeting, Notice, Speech
from meetings.room import AUDIENCES, item_stream_of, stream_of
from meetings.series_rules import visible_series
from meetings.speaking import give_the_floor
from realtime.kinds import kind_of
from realtime.models import Entry, Operation
from realtime.operations import apply_operations
from realtime.principals import Principal
from tests.council import Council, client_of
from voting import actions as voting_actions
from voting.models import Poll

pytestmark = pytest.mark.django_db

PREPARERS = {"secretary", "unit_admin"}
ROOM = {*("chair", "secretary", "member", "second_member", "third_member"), *("stand_in", "invitee", "observer")}
OUTSIDE = ("outsider", "other_unit_member", "other_unit_admin", "system_admin")
SECRET_TITLE, OPEN_TITLE = "Công tác cán bộ (kín)", "Báo cáo công khai"
ADMITTED = {"chair", "member", "third_member", *PREPARERS}


@dataclass
class House:
    """A meeting with an open and a closed item; on each a paper with a page and marks, and an open poll's draft."""

    council: Council
    paper: Document
    version: DocumentVersion
    secret_paper: Document
    secret_version: DocumentVersion
    poll: Poll
    secret_poll: Poll
    mark: Mark
    notice: Notice
    speeches: list[Speech]


@pytest.fixture
def house(council: Council, settings: Any, tmp_path: Any) -> House:
    settings.MEDIA_ROOT = tmp_path
    meeting_actions.change_item(
        council.second_item,
        by=council.secretary,
        title=SECRET_TITLE,
        is_closed=True,
        admitted=[council.member, council.third_member],
    )
    council.second_item.refresh_from_db()
    series_acts.add_line(council.series, by=council.secretary, title="Khai mạc", planned_minutes=5)
    paper, version = make_paper(council, council.item, OPEN_TITLE)
    secret_paper, secret_version = make_paper(council, council.second_item, SECRET_TITLE)
    council.start()
    polls, speeches = [], []
    meeting_actions.check_in(council.participant(council.member), by=council.secretary)
    for item in (council.item, council.second_item):
        council.take_up(item)
        speeches.append(give_the_floor(council.meeting, council.participant(council.member), by=council.secretary))
        poll = voting_actions.draft_poll(item, by=council.secretary, question=f"Thông qua: {item.title}")
        voting_actions.open_poll(poll, by=council.secretary)
        voting_actions.close_poll(poll, by=council.secretary)
        voting_actions.announce_result(poll, by=council.secretary)
        polls.append(poll)
    mark = Mark.objects.create(
        id=uuid.uuid4(), version=version, page=1, owner=council.member, geometry={"scale": 50}, style={}
    )
    notice = Notice.objects.filter(person=council.member).first()
    assert notice is not None
    return House(council, paper, version, secret_paper, secret_version, *polls, mark, notice, speeches)


def make_paper(council: Council, item: Any, title: str) -> tuple[Document, DocumentVersion]:
    document = Document.objects.create(
        meeting=council.meeting, item=item, title=title, position=item.position, added_by=council.secretary
    )
    version = DocumentVersion.objects.create(
        document=document,
        sha256=uuid.uuid4().hex * 2,
        size_bytes=1,
        file_name="a.pdf",
        file="a.pdf",
        state=DocumentVersion.State.READY,
        page_count=1,
        added_by=council.secretary,
    )
    Page.objects.create(
        version=version,
        number=1,
        width_pt=595,
        height_pt=842,
        media=[0, 0, 595, 842],
        crop=[0, 0, 595, 842],
        rotation=0,
        matrix=[1, 0, 0, -1, 0, 842],
        text={"spans": [], "links": []},
        raster=Page.Raster.READY,
    )
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "WEBP")
    for tier in (1600, 2400):
        default_storage.save(version.raster_name(1, tier), ContentFile(picture.getvalue()))
    default_storage.save(version.tile_name(1, 3600, 2, 3), ContentFile(picture.getvalue()))
    return document, version


@pytest.fixture(autouse=True)
def refusals_are_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a refusal took nearly half of the walk's time; tests/meetings/test_pages.py reads it."""
    monkeypatch.setattr(URLResolver, "resolve_error_handler", lambda resolver, code: partial(only_a_code, code))


def only_a_code(code: int, request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=code)


# -- Every address -----------------------------------------------------------------------------------------------------


def addresses(house: House, *, secret: bool = False) -> Iterator[tuple[str, str]]:
    """(name, address) of every view that names an object, filled in with the house's objects."""
    for space, pattern in patterns():
        words = set(pattern.pattern.converters)
        # A link with a token is opened by whoever holds it, logged in or not: its own tests walk round it.
        # Rule sets belong to no meeting and no unit: tests/voting/test_rule_pages.py walks the cast past them.
        if not words or words & {"token", "rule_set_id"} or space not in {"meetings", "documents", "voting"}:
            continue
        yield (
            f"{space}:{pattern.name}",
            reverse(f"{space}:{pattern.name}", kwargs=filled(house, space, pattern, secret)),
        )


def patterns(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, pattern.namespace or space)
        else:
            yield space, pattern


def filled(house: House, space: str, pattern: URLPattern, secret: bool) -> dict[str, Any]:
    council, route = house.council, str(pattern.pattern)
    item = council.second_item if secret else council.item
    by_word: dict[str, Any] = {
        "meeting_key": council.meeting.pk,
        "item_id": item.pk,
        "participant_id": council.participant(council.member).pk,
        "notice_id": house.notice.pk,
        "device_id": uuid.uuid4(),
        "code": arrival_code(council.meeting),
        "number": 1,
        "tier": 1600,
        "level": 3600,
        "column": 2,
        "row": 3,
        "series_id": council.series.pk,
        "member_id": council.series.default_members.get(person=council.member).pk,
        "place": 1,
        "speech_id": house.speeches[int(secret)].pk,
    }
    if route.startswith("documents/"):
        by_word["key"] = (house.secret_paper if secret else house.paper).pk
    elif route.startswith("p/"):
        by_word["key"] = (house.secret_version if secret else house.version).pk
    elif route.startswith("polls/"):
        by_word["key"] = (house.secret_poll if secret else house.poll).pk
    else:
        by_word["key"] = council.meeting.pk
    return {word: by_word[word] for word in pattern.pattern.converters}


def test_the_walk_knows_all_doors(house: House) -> None:
    names = {name for name, _address in addresses(house)}
    assert {"meetings:meeting", "documents:page_picture", "documents:page_text", "voting:poll"} <= names
    assert "documents:page_tile" in names
    assert len(names) > 40


@pytest.mark.parametrize("who", OUTSIDE)
def test_for_outsiders_nothing_exists(house: House, who: str) -> None:
    client, before = client_of(house.council.cast[who]), traces()
    for name, address in addresses(house):
        answers = {client.get(address).status_code, client.post(address, {}).status_code}
        assert answers <= {404, 405}, f"{name} tells {who} that something is there: {answers}"
        assert 404 in answers, name
    assert traces() == before


def test_without_a_log_in_there_are_only_log_ins_and_401(house: House, client: Any) -> None:
    for name, address in addresses(house):
        answer = client.get(address)
        expected = 401 if address.startswith(("/p/", "/uploads/")) or address.endswith("/uploads/") else 302
        assert answer.status_code == expected, name


@pytest.mark.parametrize("who", ["member", "stand_in", "invitee", "observer"])
def test_who_only_takes_part_changes_nothing(house: House, who: str) -> None:
    client, before = client_of(house.council.cast[who]), traces()
    own = {"meetings:notice_reading", "meetings:arrival"}
    for name, address in addresses(house):
        if name in own:
            continue
        answer = client.post(address, {"to": "1", "role": "chair", "reason": "x", "title": "x", "participant": "1"})
        assert answer.status_code in {403, 404, 405}, f"{who} at {name}: {answer.status_code}"
    assert traces() == before


def traces() -> tuple[int, ...]:
    """Whatever is done leaves an act, an entry or an answered operation."""
    return Act.objects.exclude(chain="installation").count(), Entry.objects.count(), Operation.objects.count()


# -- A closed item -----------------------------------------------------------------------------------------------------

CLOSED_DOORS = {
    *("documents:document", "documents:manifest", "documents:page_text", "documents:page_picture"),
    *("documents:page_tile", "voting:poll", "voting:names"),
}


@pytest.mark.parametrize("who", sorted(ROOM | PREPARERS))
def test_a_closed_item_exists_for_those_admitted_alone(house: House, who: str) -> None:
    client = client_of(house.council.cast[who])
    for name, address in addresses(house, secret=True):
        if name in CLOSED_DOORS:
            assert client.get(address).status_code == (200 if who in ADMITTED else 404), f"{who} at {name}"
    for name, address in addresses(house):
        if name in CLOSED_DOORS:
            assert client.get(address).status_code == 200, f"{who} at {name}"


@pytest.mark.parametrize("who", ["second_member", "invitee", "observer", "stand_in"])
def test_no_page_of_who_is_not_admitted_names_the_closed_item(house: House, who: str) -> None:
    client, meeting = client_of(house.council.cast[who]), house.council.meeting
    for address in ("/", "/meetings/", f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/floor/"):
        page = client.get(address).content.decode()
        assert SECRET_TITLE not in page, address
    member = client_of(house.council.member).get(f"/meetings/{meeting.pk}/floor/").content.decode()
    assert SECRET_TITLE in member


# -- Lists and doors ---------------------------------------------------------------------------------------------------


def test_lists_and_doors_agree_for_everybody(house: House) -> None:
    council = house.council
    for who, person in council.cast.items():
        client = client_of(person)
        listed = {
            *(f"/meetings/{meeting.pk}/" for meeting in Meeting.objects.visible_to(person)),
            *(f"/documents/{document.pk}/" for document in Document.objects.visible_to(person)),
            *(f"/p/{version.pk}/manifest.json" for version in DocumentVersion.objects.visible_to(person)),
            *(f"/polls/{poll.pk}/" for poll in Poll.objects.visible_to(person)),
            *(f"/series/{series.pk}/" for series in visible_series(person)),
        }
        doors = [
            f"/meetings/{council.meeting.pk}/",
            *(f"/documents/{document.pk}/" for document in (house.paper, house.secret_paper)),
            *(f"/p/{version.pk}/manifest.json" for version in (house.version, house.secret_version)),
            *(f"/polls/{poll.pk}/" for poll in (house.poll, house.secret_poll)),
            f"/series/{council.series.pk}/",
        ]
        opened = {door for door in doors if client.get(door).status_code == 200}
        assert opened == listed, who


# -- Streams and marks -------------------------------------------------------------------------------------------------


def listeners(council: Council, name: str) -> set[str]:
    kind = kind_of(name)
    assert kind is not None
    return {who for who, person in council.cast.items() if kind.may_listen(principal_of(person), name)}


def principal_of(person: Person) -> Principal:
    return Principal(person.principal_key, "vi", person.permission_version, "")


def test_every_stream_has_its_listeners_and_no_others(house: House) -> None:
    council = house.council
    runners = {"chair", "secretary"}
    floor = ROOM - {"observer"}
    heard = {audience: listeners(council, stream_of(council.meeting, audience)) for audience in AUDIENCES}
    assert heard == {"desk": runners, "floor": floor, "gallery": {"observer"}, "wall": runners}
    assert listeners(council, item_stream_of(council.second_item)) == ADMITTED
    assert listeners(council, f"person:{council.member.pk}") == {"member"}
    assert listeners(council, ink.private_stream(house.version, council.member)) == {"member"}
    assert listeners(council, ink.shared_stream(house.version)) == ROOM | PREPARERS
    assert listeners(council, ink.shared_stream(house.secret_version)) == ADMITTED
    assert listeners(council, f"room:{council.meeting.pk}:nonsense") == set()
    assert listeners(council, f"room:{uuid.uuid4()}:floor") == set()


@pytest.mark.parametrize("who", ["second_member", "chair", "secretary", "unit_admin", "outsider"])
@pytest.mark.parametrize("act", ["erase_mark", "share_mark", "withdraw_mark"])
def test_nobody_touches_a_private_mark_of_somebody_else(house: House, who: str, act: str) -> None:
    payload = {"op": str(uuid.uuid4()), "t": act, "id": str(house.mark.pk), "meeting": str(house.council.meeting.pk)}
    answers = apply_operations(principal_of(house.council.cast[who]), [payload])
    house.mark.refresh_from_db()
    assert house.mark.erased_at is None
    assert not Mark.objects.exclude(pk=house.mark.pk).exists()
    if act == "share_mark":  # taking away what is not there may be repeated without harm
        assert answers[0]["t"] == "nack"
