"""The whole cast before every door: what may not be seen does not exist, what may not be changed does not change."""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from accounts.models import Act, Person
from documents import actions, index, ink
from documents.models import Document, DocumentVersion, Mark, Opening, Page
from documents.storage import DRAWN
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
from tests.realtime.tablet import hello
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
    for tier in DRAWN:
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
        "places": [(2, 3)],
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
    assert "documents:page_tiles" in names
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
    *("documents:page_tiles", "documents:text", "voting:poll", "voting:names"),
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


def test_copies_are_there_for_those_who_read_the_paper(house: House) -> None:
    Document.objects.update(may_be_copied=True)
    for who, person in house.council.cast.items():
        client = client_of(person)
        for paper, readers in ((house.paper, ROOM | PREPARERS), (house.secret_paper, ADMITTED)):
            answer = client.get(f"/documents/{paper.pk}/copies/")
            assert answer.status_code == (200 if who in readers else 404), f"{who} at {paper}"


def test_who_has_read_what_is_there_for_those_who_prepare_or_run_the_meeting(house: House) -> None:
    for who, person in house.council.cast.items():
        answer = client_of(person).get(f"/meetings/{house.council.meeting.pk}/receipts/")
        expected = 200 if who in PREPARERS | {"chair"} else 403 if who in ROOM else 404
        assert answer.status_code == expected, who


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


# -- Every paper, by every way -----------------------------------------------------------------------------------------

WORD, LINE = "Glong", "Đắk Glong và Krông Bông"


def an_open_paper(council: Council) -> DocumentVersion:
    return make_paper(council, council.item, LINE)[1]


def one_granted_to_persons(council: Council) -> DocumentVersion:
    document, version = make_paper(council, council.item, LINE)
    actions.change_paper(document, by=council.secretary, restricted=True)
    for person in (council.second_member, council.outsider):
        actions.grant_to_person(document, person, by=council.secretary)
    return version


def one_granted_to_a_unit(council: Council) -> DocumentVersion:
    document, version = make_paper(council, council.item, LINE)
    actions.change_paper(document, by=council.secretary, restricted=True)
    actions.grant_to_unit(document, council.other_unit, by=council.secretary)
    return version


def one_on_a_closed_item(council: Council) -> DocumentVersion:
    """Granted to others as well: a grant does not lead round a closed item."""
    admitted = [council.member, council.third_member]
    meeting_actions.change_item(council.second_item, by=council.secretary, is_closed=True, admitted=admitted)
    council.second_item.refresh_from_db()
    document, version = make_paper(council, council.second_item, LINE)
    actions.grant_to_person(document, council.invitee, by=council.secretary)
    actions.grant_to_unit(document, council.other_unit, by=council.secretary)
    return version


def one_withdrawn(council: Council) -> DocumentVersion:
    document, version = make_paper(council, council.item, LINE)
    actions.grant_to_person(document, council.outsider, by=council.secretary)
    actions.withdraw_paper(document, by=council.secretary)
    return version


def one_held_back(council: Council) -> DocumentVersion:
    document, version = make_paper(council, council.item, LINE)
    actions.grant_to_person(document, council.outsider, by=council.secretary)
    DocumentVersion.objects.filter(pk=version.pk).update(state=DocumentVersion.State.HELD, stamp="MẬT")
    return version


def one_of_a_draft(council: Council) -> DocumentVersion:
    document, version = make_paper(council, council.item, LINE)
    actions.grant_to_person(document, council.outsider, by=council.secretary)
    Meeting.objects.filter(pk=council.meeting.pk).update(state=Meeting.State.DRAFT)
    return version


def one_of_a_closed_meeting(council: Council) -> DocumentVersion:
    version = an_open_paper(council)
    Meeting.objects.filter(pk=council.meeting.pk).update(state=Meeting.State.CLOSED)
    return version


@dataclass(frozen=True)
class Shown:
    """A paper and who sees it; `found_by` and `read_by` where fewer find it by words or may say that they read it."""

    make: Callable[[Council], DocumentVersion]
    seen_by: set[str]
    found_by: set[str] | None = None
    read_by: set[str] | None = None


PAPERS = [
    Shown(an_open_paper, ROOM | PREPARERS),
    Shown(one_granted_to_persons, {"second_member", "outsider"} | PREPARERS),
    Shown(one_granted_to_a_unit, {"other_unit_member"} | PREPARERS),
    Shown(one_on_a_closed_item, ADMITTED),
    Shown(one_withdrawn, PREPARERS, found_by=set()),
    Shown(one_held_back, PREPARERS, found_by=set(), read_by=set()),
    Shown(one_of_a_draft, PREPARERS),
    Shown(one_of_a_closed_meeting, ROOM | PREPARERS),
]
every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.make.__name__)


@pytest.fixture
def version(council: Council, paper: Shown, settings: Any, tmp_path: Any) -> DocumentVersion:
    settings.MEDIA_ROOT = tmp_path
    version = paper.make(council)
    spans = [{"text": LINE, "box": [0, 0, 9, 9], "x": [0.0] * (len(LINE) + 1)}]
    version.pages.update(text={"spans": spans, "links": []})
    index.index_missing()
    return version


def doors_of(version: DocumentVersion) -> list[str]:
    """Its page, what a reader is told of it, its words, its text, and its picture in every size, the smallest too."""
    told = [f"/p/{version.pk}/{name}" for name in ("manifest.json", "words.json", "1/text.json")]
    return [f"/documents/{version.document_id}/", *told, *(f"/p/{version.pk}/1/{tier}.webp" for tier in DRAWN)]


def whom(council: Council, may: Callable[[Person], bool]) -> set[str]:
    return {who for who, person in council.cast.items() if may(person)}


@every_paper
def test_a_paper_opens_to_those_who_see_it_and_is_not_there_for_anybody_else(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    for who, person in council.cast.items():
        client, expected = client_of(person), 200 if who in paper.seen_by else 404
        answers = {address: client.get(address).status_code for address in doors_of(version)}
        assert answers == dict.fromkeys(answers, expected), who


@every_paper
def test_a_paper_stands_in_the_lists_of_those_who_see_it_alone(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    meeting, listing = council.meeting, Document.objects.filter(pk=version.document_id)
    assert whom(council, lambda person: listing.visible_to(person).exists()) == paper.seen_by
    for who, person in council.cast.items():
        client = client_of(person)
        lists = ("/", f"/meetings/{meeting.pk}/", "/papers/unread/")
        if who not in paper.seen_by:
            assert not [address for address in lists if WORD in client.get(address).content.decode()], who


@every_paper
def test_a_paper_is_found_by_its_words_by_those_who_see_it_alone(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    found_by = paper.seen_by if paper.found_by is None else paper.found_by

    def finds(person: Person) -> bool:
        page = client_of(person).get("/papers/search/", {"q": WORD}).content.decode()
        return f"/documents/{version.document_id}/" in page

    assert whom(council, finds) == found_by


@every_paper
def test_a_new_version_is_taken_from_who_prepares_alone(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    for who, person in council.cast.items():
        client = client_of(person)
        expected = 422 if who in PREPARERS else 403 if who in paper.seen_by else 404  # 422: it has no grade and no file
        assert client.post(f"/documents/{version.document_id}/versions/", {}).status_code == expected, who
        begun = client.post(f"/meetings/{council.meeting.pk}/uploads/", headers={"Tus-Resumable": "1.0.0"}).status_code
        assert begun == 400 if who in PREPARERS else begun in {403, 404}, who
    assert DocumentVersion.objects.count() == 1


@every_paper
def test_who_cannot_see_a_paper_cannot_say_that_it_was_read(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    def says_so(person: Person) -> bool:
        payload = {"op": str(uuid.uuid4()), "t": "open_paper", "version": str(version.pk), "pages": [1]}
        (answer,) = apply_operations(principal_of(person), [payload])
        assert answer["t"] == "ack" or answer["code"] == "not_found"
        return answer["t"] == "ack"

    expected = paper.seen_by if paper.read_by is None else paper.read_by
    assert whom(council, says_so) == expected
    assert {opening.person for opening in Opening.objects.select_related("person")} == {
        council.cast[who] for who in expected
    }


@every_paper
def test_what_is_written_on_a_paper_is_heard_by_those_who_see_it_alone(
    council: Council, paper: Shown, version: DocumentVersion
) -> None:
    """Asked of the server as a tablet does that has no socket: with a ticket, for all streams at once."""
    others = council.cast["chair"], council.cast["member"]
    for who, person in council.cast.items():
        own = {ink.private_stream(version, person), ink.shared_stream(version), ink.presenter_stream(version)}
        asked = own | {ink.private_stream(version, other) for other in others}
        assert heard_by(client_of(person), asked) == (own if who in paper.seen_by else set()), who


def heard_by(client: Client, names: set[str]) -> set[str]:
    ticket = client.post("/tickets/").json()["ticket"]
    told = json.dumps({"frames": [hello(ticket, dict.fromkeys(names))]})
    page = {"Sec-Fetch-Site": "same-origin"}
    welcome, *_news = client.post("/sync/", told, content_type="application/json", headers=page).json()["frames"]
    assert set(welcome["streams"]) | set(welcome["refused"]) == names
    return set(welcome["streams"])


@pytest.mark.parametrize("paper", PAPERS[:1], ids=["an_open_paper"])
def test_an_image_never_leads_to_another_page(council: Council, paper: Shown, version: DocumentVersion) -> None:
    """A browser that asks for a picture would take the page to log in for one. The same goes for who has not yet chosen
    a password of their own.
    """
    fetched = [address for address in doors_of(version) if address.startswith("/p/")]
    assert {Client().get(address).status_code for address in fetched} == {401}
    assert {Client().get(address.replace(str(version.pk), str(uuid.uuid4()))).status_code for address in fetched} == {
        401
    }
    Person.objects.filter(pk=council.member.pk).update(must_choose_password=True)
    client = client_of(council.member)
    assert {client.get(address).status_code for address in fetched} == {403}
    Person.objects.filter(pk=council.member.pk).update(must_choose_password=False, is_active=False)
    assert {client.get(address).status_code for address in fetched} == {401}
