"""Marks on papers, through the one function behind socket and /sync/."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from documents import actions, marks
from documents.ink import InkStream
from documents.models import DocumentVersion, Mark, PresentedPage
from meetings import actions as meeting_actions
from meetings.models import Meeting
from realtime.models import Entry
from realtime.operations import Offer, apply_offers, apply_operations
from realtime.principals import Principal
from realtime.refusals import Refusal
from realtime.transactions import one_transaction
from tests.council import Council
from tests.documents import papers
from tests.threads import in_a_thread

STROKE = {"scale": 50, "start": [100, 700.5], "deltas": [50, 25, 50, -25]}
STYLE = {"color": "#0b4f79", "width_pt": 1.5}

pytestmark = pytest.mark.usefixtures("remembered_children")


@pytest.fixture
def version(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, "một", "hai")


def send(person: Person, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    return apply_operations(Principal(person.principal_key), [{"op": str(uuid4()), **one} for one in operations])


def make(version: DocumentVersion, /, **changes: Any) -> dict[str, Any]:
    stroke = {"t": "make_mark", "version": str(version.pk), "page": 1, "layer": "private", "id": str(uuid4())}
    meeting = str(version.document.meeting_id)
    return {**stroke, "meeting": meeting, "kind": "ink", "geometry": STROKE, "style": STYLE, **changes}


def told(stream: str) -> list[dict[str, Any]]:
    return [entry.body for entry in Entry.objects.filter(stream__name=stream).order_by("number")]


def private(version: DocumentVersion, person: Person) -> str:
    return f"ink:{version.pk}:private:{person.pk}"


def shared(version: DocumentVersion) -> str:
    return f"ink:{version.pk}:shared:{version.document.meeting_id}"


def presenter(version: DocumentVersion) -> str:
    return f"ink:{version.pk}:presenter:{version.document.meeting_id}"


def test_a_stroke_is_private_until_its_owner_says_otherwise(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    (answer,) = send(council.member, stroke)
    assert (answer["t"], answer["id"]) == ("ack", stroke["id"])
    (entry,) = told(private(version, council.member))
    assert entry["k"] == "mark"
    assert {**entry["mark"], "at": "…"} == {
        "id": stroke["id"],
        "page": 1,
        "kind": "ink",
        "geometry": STROKE,
        "style": STYLE,
        "owner": council.member.pk,
        "owner_name": "Lê Hoàng Cường",
        "layer": "private",
        "at": "…",
        "revision": 1,
    }
    assert told(shared(version)) == []
    assert InkStream().state(private(version, council.member)) == {"marks": [entry["mark"]]}
    assert InkStream().state(private(version, council.second_member)) == {"marks": []}


def test_a_shared_stroke_reaches_the_meeting(council: Council, version: DocumentVersion) -> None:
    send(council.member, make(version, layer="shared"))
    (entry,) = told(shared(version))
    assert (entry["mark"]["layer"], entry["mark"]["owner"]) == ("shared", council.member.pk)
    assert told(private(version, council.member)) == []


def test_sharing_copies_and_no_private_number_leaks(council: Council, version: DocumentVersion) -> None:
    stroke, copy = make(version), str(uuid4())
    share = {"t": "share_mark", "id": stroke["id"], "meeting": str(council.meeting.pk), "copy": copy}
    answers = send(council.member, stroke, share)
    assert (answers[1]["t"], answers[1]["id"]) == ("ack", copy)
    text = json.dumps([told(shared(version)), InkStream().state(shared(version))])
    assert copy in text
    assert stroke["id"] not in text
    assert str(Mark.objects.get(pk=copy).origin_id) == stroke["id"]
    assert send(council.member, share)[0]["t"] == "ack"
    assert len(told(shared(version))) == 1  # shared twice is shared once

    (answer,) = send(council.member, {"t": "withdraw_mark", "id": copy})
    assert answer["t"] == "ack"
    assert told(shared(version))[-1] == {"k": "erased", "id": copy, "by": council.member.pk}
    assert InkStream().state(shared(version)) == {"marks": []}
    assert Mark.objects.get(pk=stroke["id"]).erased_at is None  # the private one stays


def test_a_stroke_asks_few_questions(
    council: Council, version: DocumentVersion, django_assert_max_num_queries: Any
) -> None:
    """Twenty hands make forty a second, and everybody's ballots stand in the same line."""
    for layer, most in (("private", 14), ("shared", 18)):
        send(council.member, make(version, layer=layer))
        with django_assert_max_num_queries(most):
            send(council.member, make(version, layer=layer))


def test_a_repeated_operation_changes_nothing(council: Council, version: DocumentVersion) -> None:
    operation = {"op": str(uuid4()), **make(version)}
    who = Principal(council.member.principal_key)
    first, again = apply_operations(who, [operation]), apply_operations(who, [operation])
    assert first == again
    assert Mark.objects.count() == len(told(private(version, council.member))) == 1


def test_the_same_stroke_under_another_operation_changes_nothing(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    assert [answer["t"] for answer in send(council.member, stroke, stroke)] == ["ack", "ack"]
    assert Mark.objects.count() == len(told(private(version, council.member))) == 1


def test_erasing_beats_making_and_nothing_rises_again(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    erase = {"t": "erase_mark", "id": stroke["id"], "meeting": stroke["meeting"]}
    assert [answer["t"] for answer in send(council.member, stroke, erase, erase, stroke)] == ["ack"] * 4
    assert [entry["k"] for entry in told(private(version, council.member))] == ["mark", "erased"]
    assert Mark.objects.get().erased_at is not None
    assert InkStream().state(private(version, council.member)) == {"marks": []}


def test_only_the_owner_erases(council: Council, version: DocumentVersion) -> None:
    stroke = make(version, layer="shared")
    send(council.member, stroke)
    for person in (council.second_member, council.chair, council.secretary, council.outsider):
        for act in ("erase_mark", "withdraw_mark"):
            send(person, {"t": act, "id": stroke["id"]})
    assert Mark.objects.get().erased_at is None
    assert len(told(shared(version))) == 1


def test_the_number_of_somebody_elses_mark_cannot_be_taken(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    send(council.member, stroke)
    (answer,) = send(council.second_member, stroke)
    assert (answer["t"], answer["code"]) == ("nack", "taken")
    assert Mark.objects.get().owner == council.member


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"page": 3}, "no_such_page"),
        ({"page": 0}, "no_such_page"),
        ({"page": "1"}, "no_such_page"),
        ({"page": 10**30}, "no_such_page"),
        ({"geometry": {**STROKE, "start": [float("inf"), 1]}}, "invalid"),
        ({"geometry": {**STROKE, "start": [10**400, 1]}}, "bad_geometry"),
        ({"geometry": {**STROKE, "start": [True, 1]}}, "bad_geometry"),
        ({"geometry": {**STROKE, "start": "ab"}}, "bad_geometry"),
        ({"geometry": {**STROKE, "deltas": [1, 2, 3]}}, "bad_geometry"),
        ({"geometry": {**STROKE, "deltas": [1.5, 2]}}, "bad_geometry"),
        ({"geometry": {**STROKE, "deltas": [10**9, 0]}}, "bad_geometry"),
        ({"geometry": {**STROKE, "scale": 1}}, "bad_geometry"),
        ({"geometry": None}, "bad_geometry"),
        ({"geometry": {**STROKE, "start": [-21, 10]}}, "outside_page"),
        ({"geometry": {**STROKE, "deltas": [0, 20_000]}}, "outside_page"),
        ({"geometry": {**STROKE, "deltas": [0, 0] * 2000}}, "too_long"),
        ({"style": {"color": "javascript:alert(1)", "width_pt": 1}}, "bad_style"),
        ({"style": {"color": "#12345", "width_pt": 1}}, "bad_style"),
        ({"style": {"color": "red", "width_pt": 21}}, "bad_style"),
        ({"style": {"color": "red", "width_pt": "1"}}, "bad_style"),
        ({"style": []}, "bad_style"),
        ({"kind": "stamp"}, "invalid"),
        ({"layer": "presenter"}, "invalid"),
        ({"id": "1"}, "invalid"),
        ({"version": "1"}, "invalid"),
    ],
)
def test_what_no_pen_would_draw_is_refused(
    council: Council, version: DocumentVersion, changes: dict[str, Any], code: str
) -> None:
    try:
        (answer,) = send(council.member, make(version, **changes))
    except Refusal as refusal:
        answer = {"t": "nack", "code": refusal.code, "text": str(refusal)}
    assert (answer["t"], answer["code"]) == ("nack", code)
    assert answer["text"]
    assert not Mark.objects.exists()


def test_a_number_that_is_none_is_refused(council: Council, version: DocumentVersion) -> None:
    stroke = make(version, geometry={**STROKE, "start": [float("nan"), 1]})
    with pytest.raises(Refusal):
        send(council.member, stroke)
    assert not Mark.objects.exists()


def test_a_stroke_may_run_a_little_over_the_edge_of_the_paper(council: Council, version: DocumentVersion) -> None:
    (answer,) = send(council.member, make(version, geometry={**STROKE, "start": [-19.5, 10]}))
    assert answer["t"] == "ack"


def test_who_may_not_read_the_paper_cannot_write_on_it(council: Council, version: DocumentVersion) -> None:
    for name in ("outsider", "other_unit_member", "system_admin", "other_unit_admin"):
        for layer in ("private", "shared"):
            (answer,) = send(council.cast[name], make(version, layer=layer))
            assert (answer["t"], answer["code"]) == ("nack", "not_found"), name
    assert not Mark.objects.exists()


def test_an_observer_keeps_notes_and_shares_none(council: Council, version: DocumentVersion) -> None:
    answers = send(council.observer, make(version), make(version, layer="shared"))
    assert [answer["t"] for answer in answers] == ["ack", "nack"]
    assert answers[1]["code"] == "forbidden"


def test_a_grant_that_is_taken_back_ends_sharing_of_what_was_written(
    council: Council, version: DocumentVersion
) -> None:
    stroke = make(version)
    send(council.member, stroke)
    actions.change_paper(version.document, by=council.secretary, restricted=True)
    share = {"t": "share_mark", "id": stroke["id"], "meeting": str(council.meeting.pk), "copy": str(uuid4())}
    assert send(council.member, share)[0]["code"] == "not_found"
    assert told(shared(version)) == []


def test_a_mark_is_shared_with_the_meeting_of_its_paper_only(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    share = {"t": "share_mark", "id": stroke["id"], "meeting": str(uuid4()), "copy": str(uuid4())}
    answers = send(council.member, stroke, share, make(version, layer="shared", meeting=str(uuid4())))
    assert [answer["t"] for answer in answers] == ["ack", "nack", "nack"]


def test_when_the_meeting_is_over_nothing_shared_changes_and_private_notes_go_on(
    council: Council, version: DocumentVersion
) -> None:
    stroke, kept = make(version, layer="shared"), make(version)
    send(council.member, stroke, kept)
    Meeting.objects.update(state="closed")
    share = {"t": "share_mark", "id": kept["id"], "meeting": str(council.meeting.pk), "copy": str(uuid4())}
    withdraw = {"t": "withdraw_mark", "id": stroke["id"]}
    show = {"t": "show_page", "version": str(version.pk), "page": 1, "meeting": str(council.meeting.pk)}
    answers = send(council.member, make(version, layer="shared"), share, withdraw, show)
    assert [answer["code"] for answer in answers] == ["meeting_closed"] * 4
    again = make(version, id=str(uuid4()))
    answers = send(council.member, again, {"t": "erase_mark", "id": kept["id"]})
    assert [answer["t"] for answer in answers] == ["ack", "ack"]
    assert len(told(shared(version))) == 1


def test_who_looked_before_the_meeting_was_closed_is_refused_after_it(
    council: Council, version: DocumentVersion
) -> None:
    """The state is asked for again once the meeting is held: closing may have come in between."""
    stroke = make(version, layer="shared")
    send(council.member, stroke)
    mark = Mark.objects.select_related("version__document__meeting").get()
    before = mark.version
    assert not before.document.meeting.is_over
    Meeting.objects.update(state="closed")
    content = marks.Content("ink", STROKE, STYLE)
    key = council.meeting.pk
    acts = {
        "make": lambda: marks.make(
            before, by=council.member, key=uuid4(), page=1, layer="shared", meeting_key=key, content=content
        ),
        "share": lambda: marks.share(mark, by=council.member, meeting_key=key, key=None),
        "erase": lambda: marks.erase(mark, by=council.member),
        "present": lambda: marks.present(before, 1, by=council.chair),
        "end": lambda: marks.end_presentation(before, by=council.chair),
    }
    for act in acts.values():
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "meeting_closed"
        before.document.meeting.state = "published"


def test_who_looked_before_the_paper_was_taken_back_shares_nothing_on_it(
    council: Council, version: DocumentVersion
) -> None:
    before = DocumentVersion.objects.select_related("document__meeting").get(pk=version.pk)
    assert not before.document.restricted
    actions.change_paper(version.document, by=council.secretary, restricted=True)
    content = marks.Content("ink", STROKE, STYLE)
    with pytest.raises(Refusal) as refused:
        marks.make(
            before,
            by=council.member,
            key=uuid4(),
            page=1,
            layer="shared",
            meeting_key=council.meeting.pk,
            content=content,
        )
    assert refused.value.code == "not_found"
    assert not Mark.objects.exists()


# -- Showing a page to everybody ---------------------------------------------------------------------------------------


def show(version: DocumentVersion, page: int | None) -> dict[str, Any]:
    meeting = str(version.document.meeting_id)
    return {"t": "show_page", "version": str(version.pk), "page": page, "meeting": meeting}


def test_the_presenter_shows_pages_and_late_tablets_land_on_the_right_one(
    council: Council, version: DocumentVersion
) -> None:
    assert [answer["t"] for answer in send(council.member, show(version, 1), show(version, 2))] == ["ack", "ack"]
    assert [entry["page"] for entry in told(presenter(version))] == [1, 2]
    assert InkStream().state(presenter(version))["page"] == {
        "k": "page",
        "version": str(version.pk),
        "page": 2,
        "by": council.member.pk,
        "by_name": "Lê Hoàng Cường",
    }
    send(council.member, show(version, None))
    assert told(presenter(version))[-1] == {"k": "page", "version": str(version.pk), "page": None}
    assert InkStream().state(presenter(version))["page"] is None


def test_showing_another_paper_leaves_the_first(council: Council, version: DocumentVersion) -> None:
    other = papers.add_readable_paper(council, "khác")
    send(council.chair, show(version, 1), show(other, 1))
    assert PresentedPage.objects.get().version == other
    assert told(presenter(version))[-1]["page"] is None


def test_only_the_chair_the_secretary_and_the_presenter_show_pages(council: Council, version: DocumentVersion) -> None:
    codes = {name: send(person, show(version, 1))[0].get("code", "ack") for name, person in council.cast.items()}
    assert {name for name, code in codes.items() if code == "ack"} == {"chair", "secretary", "member"}
    assert codes["second_member"] == "forbidden"
    assert codes["outsider"] == "not_found"


@pytest.mark.parametrize("page", [0, 3, -1, "2", 1.5, True])
def test_a_page_that_does_not_exist_cannot_be_shown(council: Council, version: DocumentVersion, page: object) -> None:
    (answer,) = send(council.chair, show(version, page))
    assert (answer["t"], answer["code"]) == ("nack", "no_such_page")


def test_the_room_hears_of_a_shown_page_unless_not_all_may_read_it(council: Council, version: DocumentVersion) -> None:
    from meetings.room import registry, render_panel

    panel = registry.panels["presentation"]
    send(council.chair, show(version, 2))
    assert f'data-version="{version.pk}" data-page="2"' in render_panel(panel, council.meeting, "floor")
    actions.change_paper(version.document, by=council.secretary, restricted=True)
    assert not PresentedPage.objects.exists()
    send(council.secretary, show(version, 1))
    assert "data-version" not in render_panel(panel, council.meeting, "floor")
    assert "data-version" in render_panel(panel, council.meeting, "desk")


def test_a_paper_is_no_longer_shown_once_its_item_is_closed(council: Council, version: DocumentVersion) -> None:
    send(council.chair, show(version, 1))
    meeting_actions.change_item(council.item, by=council.secretary, is_closed=True)
    assert not PresentedPage.objects.exists()
    assert told(presenter(version))[-1] == {"k": "page", "version": str(version.pk), "page": None}


def test_a_paper_that_is_taken_away_is_no_longer_shown(council: Council, version: DocumentVersion) -> None:
    send(council.chair, show(version, 1))
    actions.withdraw_paper(version.document, by=council.secretary)
    assert not PresentedPage.objects.exists()
    assert told(presenter(version))[-1]["page"] is None


def test_shared_strokes_of_many_hands_in_one_batch_ask_hardly_more_than_those_of_two(
    council: Council, version: DocumentVersion
) -> None:
    """Only putting in each of them: who they are and what they may do is read once, with the meeting held."""
    people = [council.chair, council.member, council.second_member, council.third_member]

    def questions_for(*hands: Person) -> int:
        strokes = [{"op": str(uuid4()), **make(version, layer="shared")} for _hand in hands]
        with CaptureQueriesContext(connection) as asked:
            answers = apply_offers(
                [Offer(Principal(one.principal_key), op) for one, op in zip(hands, strokes, strict=True)]
            )
        assert [answer["t"] for answer in answers] == ["ack"] * len(hands)
        return len(asked)

    assert questions_for(*people) == questions_for(*people[:2])


def test_in_a_batch_too_only_who_has_a_voice_shares(council: Council, version: DocumentVersion) -> None:
    people = [council.member, council.observer, council.outsider, council.second_member]
    ops = [{"op": str(uuid4()), **make(version, layer="shared")} for _one in people]
    answers = apply_offers([Offer(Principal(one.principal_key), op) for one, op in zip(people, ops, strict=True)])
    assert [answer.get("code", "ack") for answer in answers] == ["ack", "forbidden", "not_found", "ack"]
    assert len(told(shared(version))) == 2


def test_a_stroke_is_erased_and_another_shared_in_the_batch_that_makes_them(
    council: Council, version: DocumentVersion
) -> None:
    """Those just made wait to be put in together, but not for an act that is about them."""
    gone, stays, shared_one = make(version), make(version), make(version)
    meeting = str(council.meeting.pk)
    erase = {"t": "erase_mark", "id": gone["id"], "meeting": meeting}
    share = {"t": "share_mark", "id": shared_one["id"], "meeting": meeting, "copy": str(uuid4())}
    answers = send(council.member, gone, stays, shared_one, erase, share)
    assert [answer["t"] for answer in answers] == ["ack"] * 5
    standing = Mark.objects.filter(erased_at=None).values_list("pk", flat=True)
    assert {str(key) for key in standing} == {stays["id"], shared_one["id"], share["copy"]}


def test_two_strokes_with_one_number_in_a_batch_leave_the_first(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    answers = send(council.member, stroke, make(version), stroke)
    assert [answer["t"] for answer in answers] == ["ack"] * 3
    assert Mark.objects.count() == 2


# SQLite writes one transaction at a time: there the question does not arise.
if connection.vendor == "postgresql":

    @pytest.mark.django_db(transaction=True)
    def test_a_batch_reads_what_its_hands_may_do_with_the_meeting_held(
        council: Council, version: DocumentVersion
    ) -> None:
        """Read before, the role would be the one that is being taken away."""
        people, changed, may_commit = [council.member, council.second_member], Event(), Event()
        ops = [{"op": str(uuid4()), **make(version, layer="shared")} for _one in people]
        batch = [Offer(Principal(one.principal_key), op) for one, op in zip(people, ops, strict=True)]

        def make_an_observer_slowly() -> None:
            with one_transaction():
                member = council.meeting.participants.get(person=council.member)
                meeting_actions.change_participant(member, by=council.secretary, role="observer")
                changed.set()
                may_commit.wait(10)

        with ThreadPoolExecutor(2) as pool:
            changing = in_a_thread(pool, make_an_observer_slowly)
            assert changed.wait(10)
            sharing = in_a_thread(pool, lambda: apply_offers(batch))
            with pytest.raises(TimeoutError):
                sharing.result(0.7)
            may_commit.set()
            changing.result(10)
            answers = sharing.result(10)
        assert [answer.get("code", "ack") for answer in answers] == ["forbidden", "ack"]
