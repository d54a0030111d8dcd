"""The desk and a vote: what comes next, and an opening by mistake."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Act
from meetings import undoing
from meetings.models import Meeting
from meetings.room import panels_in, render_panel, stream_of
from realtime.models import Entry
from realtime.refusals import Refusal
from tests.council import Council, client_of
from tests.voting.polls import drafted, opened
from voting import actions
from voting.models import Ballot, Elector, Poll
from voting.terms import own_choices


def bar(council: Council) -> str:
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    return next(render_panel(one, meeting, "desk") for one in panels_in("desk") if one.name == "bar")


def offered(council: Council) -> list[str]:
    """The words on the buttons of the bar that carry a key, the primary one first."""
    found = re.findall(r"<button[^>]*data-key[^>]*>.*?</button>", bar(council), re.DOTALL)
    return [" ".join(re.sub(r"<kbd>.*?</kbd>|<[^>]+>", " ", button).split()) for button in found]


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


# -- What comes next ---------------------------------------------------------------------------------------------------


def test_the_bar_follows_a_vote_from_draft_to_announcement(council: Council) -> None:
    council.start()
    council.take_up()
    assert offered(council)[0] == "Chuyển sang nội dung 2"
    poll = drafted(council)
    assert offered(council)[:3] == ["Mở biểu quyết", "Chuyển sang nội dung 2", "Tạm nghỉ"]
    actions.open_poll(poll, by=council.chair)
    assert offered(council) == ["Kết thúc biểu quyết", "Hoàn tác"]
    actions.cast_ballot(poll.pk, by=council.member, choice="for")
    assert offered(council) == ["Kết thúc biểu quyết"]
    actions.close_poll(poll, by=council.chair)
    assert offered(council) == ["Công bố kết quả"]
    assert "Kết thúc phiên họp" not in bar(council)
    actions.announce_result(poll, by=council.chair)
    assert offered(council)[0] == "Chuyển sang nội dung 2"


def test_at_a_tie_the_bar_asks_for_the_side_of_the_head_with_the_announcement(council: Council) -> None:
    poll = opened(council)
    for name, choice in (
        ("chair", "for"),
        ("member", "for"),
        ("second_member", "against"),
        ("third_member", "against"),
    ):
        actions.cast_ballot(poll.pk, by=council.cast[name], choice=choice)
    actions.close_poll(poll, by=council.chair)
    html = bar(council)
    assert "đứng đầu" in html
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', html))
    assert fields == {"tie_confirmed": "yes"}
    url = reverse("voting:announcement", args=[poll.pk])
    assert client_of(council.chair).post(url, fields, headers={"HX-Request": "true"}).status_code == 204
    poll.refresh_from_db()
    assert (poll.state, poll.outcome) == ("announced", "passed")


# -- An opening by mistake ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", [[], own_choices(["Phương án 1", "Phương án 2"])])
def test_an_opening_taken_back_leaves_the_draft_as_it_was(council: Council, own: list[object]) -> None:
    council.start()
    council.take_up()
    poll = drafted(council, options=own)
    before = Poll.objects.filter(pk=poll.pk).values().get()
    actions.open_poll(poll, by=council.chair)
    actions.undo_opening(poll, by=council.secretary)
    assert Poll.objects.filter(pk=poll.pk).values().get() == before
    assert not Elector.objects.exists()
    acts = Act.objects.filter(act__in=("poll_opened", "opening_undone")).order_by("number")
    assert list(acts.values_list("act", "by")) == [
        ("poll_opened", council.chair.pk),
        ("opening_undone", council.secretary.pk),
    ]
    actions.open_poll(poll, by=council.chair)


def test_once_a_ballot_is_in_a_vote_is_only_cancelled(council: Council) -> None:
    poll = opened(council)
    actions.cast_ballot(poll.pk, by=council.member, choice="against")
    assert code_of(lambda: actions.undo_opening(poll, by=council.chair)) == "ballot_since"
    assert Ballot.objects.count() == 1
    actions.cancel_poll(poll, by=council.chair, reason="Mở nhầm")
    assert code_of(lambda: actions.undo_opening(poll, by=council.chair)) == "not_open"


def test_the_bar_stops_offering_it_with_the_first_ballot(council: Council) -> None:
    poll = opened(council)

    def renewals() -> int:
        entries = Entry.objects.filter(stream__name=stream_of(council.meeting, "desk"))
        return sum("bar" in entry.body["panels"] for entry in entries)

    before = renewals()
    actions.cast_ballot(poll.pk, by=council.member, choice="for")
    assert renewals() == before + 1
    assert reverse("voting:opening_undoing", args=[poll.pk]) not in bar(council)
    actions.cast_ballot(poll.pk, by=council.chair, choice="for")
    assert renewals() == before + 1


def test_an_opening_stays_after_a_while(council: Council) -> None:
    poll = opened(council)
    Poll.objects.update(opened_at=timezone.now() - undoing.TAKEN_BACK_WITHIN - timedelta(seconds=1))
    assert code_of(lambda: actions.undo_opening(poll, by=council.chair)) == "too_late"


def test_a_ballot_for_a_vote_taken_back_is_refused_in_words(council: Council) -> None:
    poll = opened(council)
    actions.undo_opening(poll, by=council.chair)
    assert code_of(lambda: actions.cast_ballot(poll.pk, by=council.member, choice="for")) == "taken_back"
    assert not Ballot.objects.exists()


def test_only_the_desk_takes_an_opening_back(council: Council) -> None:
    poll = opened(council)
    url = reverse("voting:opening_undoing", args=[poll.pk])
    for name, status in (("member", 403), ("unit_admin", 403), ("outsider", 404), ("secretary", 204)):
        assert client_of(council.cast[name]).post(url, headers={"HX-Request": "true"}).status_code == status, name
    assert code_of(lambda: actions.undo_opening(poll, by=council.member)) == "forbidden"


def test_an_item_stays_taken_up_once_a_vote_was_opened_on_it(council: Council) -> None:
    poll = opened(council)
    assert code_of(lambda: undoing.undo_taking_up(council.item, by=council.chair)) == "poll_since"
    actions.cancel_poll(poll, by=council.chair, reason="Mở nhầm")
    assert code_of(lambda: undoing.undo_taking_up(council.item, by=council.chair)) == "poll_since"


def test_a_vote_taken_back_does_not_hold_the_item(council: Council) -> None:
    poll = opened(council)
    actions.undo_opening(poll, by=council.chair)
    undoing.undo_taking_up(council.item, by=council.chair)
    assert Meeting.objects.get(pk=council.meeting.pk).current_item is None


def test_a_reason_no_database_keeps_is_refused_in_words(council: Council) -> None:
    poll = opened(council)
    url = reverse("voting:cancellation", args=[poll.pk])
    answer = client_of(council.chair).post(url, {"reason": "a\x00b"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    poll.refresh_from_db()
    assert poll.is_open
