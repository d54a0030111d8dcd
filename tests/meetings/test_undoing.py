"""A wrong tap of the desk is taken back while nothing depends on it; both stay in the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acts import breaks
from accounts.models import Act
from meetings import actions, speaking, undoing
from meetings.conclusions import write_conclusion
from meetings.models import AgendaItem, ItemTurn, Meeting, Pause, Speech
from meetings.room import panels_in, render_panel
from realtime.refusals import Refusal
from tests.council import Council, client_of


def wrong_item(council: Council) -> Council:
    """The first item is on, the member speaks, and the second is taken up by a slip."""
    council.start()
    council.take_up()
    speaking.give_the_floor(council.meeting, council.participant(council.member), by=council.chair)
    council.take_up(council.second_item)
    return council


def undo(council: Council) -> None:
    undoing.undo_taking_up(council.second_item, by=council.secretary)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    assert str(refusal.value)
    return refusal.value.code


def bar(council: Council) -> str:
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    return next(render_panel(one, meeting, "desk") for one in panels_in("desk") if one.name == "bar")


# -- An item -----------------------------------------------------------------------------------------------------------


def test_the_item_before_goes_on_as_if_nothing_had_happened(council: Council) -> None:
    wrong_item(council)
    began = ItemTurn.objects.get(item=council.item).began_at
    undo(council)
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    assert meeting.current_item == council.item
    assert list(ItemTurn.objects.values_list("item", "began_at", "ended_at")) == [(council.item.pk, began, None)]
    assert dict(AgendaItem.objects.values_list("pk", "state")) == {
        council.item.pk: "current",
        council.second_item.pk: "waiting",
    }
    assert list(Speech.objects.values_list("item", "ended_at")) == [(council.item.pk, None)]


def test_the_measured_times_are_right_afterwards(council: Council) -> None:
    wrong_item(council)
    undo(council)
    ItemTurn.objects.update(began_at=timezone.now() - timedelta(seconds=600))
    item, second = (AgendaItem.objects.get(pk=one.pk) for one in (council.item, council.second_item))
    assert (item.spent_seconds(), second.spent_seconds()) == (600, 0)


def test_act_and_undoing_both_stay_in_the_log(council: Council) -> None:
    wrong_item(council)
    undo(council)
    acts = Act.objects.filter(chain=council.meeting.chain, act__in=("item_taken_up", "taking_up_undone"))
    assert list(acts.order_by("number").values_list("act", "about", "by")) == [
        ("item_taken_up", f"item:{council.item.pk}", council.chair.pk),
        ("item_taken_up", f"item:{council.second_item.pk}", council.chair.pk),
        ("taking_up_undone", f"item:{council.second_item.pk}", council.secretary.pk),
    ]
    assert list(breaks()) == []


def test_the_first_item_goes_back_to_none(council: Council) -> None:
    council.start()
    council.take_up()
    undoing.undo_taking_up(council.item, by=council.chair)
    assert Meeting.objects.get(pk=council.meeting.pk).current_item is None
    assert AgendaItem.objects.get(pk=council.item.pk).state == "waiting"
    assert not ItemTurn.objects.exists()


def test_an_item_taken_up_again_by_mistake_is_done_again(council: Council) -> None:
    council.start()
    council.take_up()
    council.take_up(council.second_item)
    council.take_up(council.item)
    undoing.undo_taking_up(council.item, by=council.chair)
    assert AgendaItem.objects.get(pk=council.item.pk).state == "done"
    assert Meeting.objects.get(pk=council.meeting.pk).current_item == council.second_item


def test_an_item_stays_once_somebody_has_spoken_on_it(council: Council) -> None:
    wrong_item(council)
    speaking.give_the_floor(council.meeting, council.participant(council.member), by=council.chair)
    assert code_of(lambda: undo(council)) == "speech_since"


def test_an_item_stays_once_its_conclusion_was_written(council: Council) -> None:
    wrong_item(council)
    write_conclusion(council.second_item, "Thống nhất.", by=council.chair, revision=0)
    assert code_of(lambda: undo(council)) == "conclusion_since"


def test_an_item_stays_once_there_was_a_break(council: Council) -> None:
    wrong_item(council)
    actions.pause(council.meeting, by=council.chair)
    assert code_of(lambda: undo(council)) == "not_current"
    actions.resume(council.meeting, by=council.chair)
    assert code_of(lambda: undo(council)) == "pause_since"


def test_an_item_stays_after_a_while(council: Council) -> None:
    wrong_item(council)
    ItemTurn.objects.filter(ended_at=None).update(began_at=timezone.now() - undoing.TAKEN_BACK_WITHIN)
    assert code_of(lambda: undo(council)) == "too_late"
    assert "Hoàn tác" not in bar(council)


def test_an_item_that_is_not_on_is_not_taken_back(council: Council) -> None:
    wrong_item(council)
    assert code_of(lambda: undoing.undo_taking_up(council.item, by=council.chair)) == "not_current"
    undo(council)
    assert code_of(lambda: undo(council)) == "not_current"


# -- The beginning, a break --------------------------------------------------------------------------------------------


def test_a_session_begun_by_mistake_waits_again(council: Council) -> None:
    council.start()
    undoing.undo_start(council.meeting, by=council.secretary)
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    assert (meeting.state, meeting.started_at) == ("published", None)
    assert Act.objects.filter(act__in=("meeting_started", "start_undone")).count() == 2
    assert code_of(lambda: undoing.undo_start(council.meeting, by=council.chair)) == "not_in_session"
    actions.start(council.meeting, by=council.chair)


def test_a_session_stays_begun_once_an_item_was_on(council: Council) -> None:
    council.start()
    council.take_up()
    assert code_of(lambda: undoing.undo_start(council.meeting, by=council.chair)) == "item_since"


def test_a_session_stays_begun_once_there_was_a_break(council: Council) -> None:
    council.start()
    actions.pause(council.meeting, by=council.chair)
    actions.resume(council.meeting, by=council.chair)
    assert code_of(lambda: undoing.undo_start(council.meeting, by=council.chair)) == "pause_since"


def test_a_session_stays_begun_after_a_while(council: Council) -> None:
    council.start()
    Meeting.objects.update(started_at=timezone.now() - undoing.TAKEN_BACK_WITHIN)
    assert code_of(lambda: undoing.undo_start(council.meeting, by=council.chair)) == "too_late"


@pytest.mark.parametrize("break_off", [actions.pause, actions.adjourn])
def test_a_break_by_mistake_was_none(council: Council, break_off: Callable[..., None]) -> None:
    council.start()
    council.take_up()
    speech = speaking.give_the_floor(council.meeting, council.participant(council.member), by=council.chair)
    break_off(council.meeting, by=council.chair)
    assert "Hoàn tác" in bar(council)
    undoing.undo_pause(council.meeting, by=council.secretary)
    speech.refresh_from_db()
    assert (Meeting.objects.get(pk=council.meeting.pk).state, speech.ended_at) == ("in_session", None)
    assert not Pause.objects.exists()
    assert Act.objects.filter(act="pause_undone").count() == 1


def test_a_break_that_is_over_or_long_stays(council: Council) -> None:
    council.start()
    actions.pause(council.meeting, by=council.chair)
    Pause.objects.update(began_at=timezone.now() - undoing.TAKEN_BACK_WITHIN)
    assert code_of(lambda: undoing.undo_pause(council.meeting, by=council.chair)) == "too_late"
    actions.resume(council.meeting, by=council.chair)
    assert code_of(lambda: undoing.undo_pause(council.meeting, by=council.chair)) == "not_paused"
    assert Pause.objects.exists()


# -- At the desk -------------------------------------------------------------------------------------------------------


def test_only_the_desk_takes_back(council: Council) -> None:
    wrong_item(council)
    urls = [
        reverse("meetings:taking_up_undoing", args=[council.meeting.pk, council.second_item.pk]),
        reverse("meetings:opening_undoing", args=[council.meeting.pk]),
        reverse("meetings:pause_undoing", args=[council.meeting.pk]),
    ]
    for url in urls:
        for name, status in (("member", 403), ("unit_admin", 403), ("outsider", 404)):
            assert client_of(council.cast[name]).post(url).status_code == status, (url, name)
    for act in (undoing.undo_start, undoing.undo_pause):
        assert code_of(lambda act=act: act(council.meeting, by=council.member)) == "forbidden"
    assert code_of(lambda: undoing.undo_taking_up(council.second_item, by=council.member)) == "forbidden"
    assert client_of(council.secretary).post(urls[0], headers={"HX-Request": "true"}).status_code == 204


def test_the_bar_says_what_happened_and_offers_to_take_it_back(council: Council) -> None:
    assert "Hoàn tác" not in bar(council)
    council.start()
    assert "Phiên họp đã bắt đầu lúc" in bar(council)
    council.take_up()
    assert "Đã chuyển sang nội dung 1 lúc" in bar(council)
    write_conclusion(council.item, "Thống nhất.", by=council.chair, revision=0)
    assert "Hoàn tác" not in bar(council)


def test_a_refused_undoing_says_why(council: Council) -> None:
    wrong_item(council)
    write_conclusion(council.second_item, "Thống nhất.", by=council.chair, revision=0)
    url = reverse("meetings:taking_up_undoing", args=[council.meeting.pk, council.second_item.pk])
    answer = client_of(council.chair).post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Đã ghi kết luận" in answer.content.decode()
