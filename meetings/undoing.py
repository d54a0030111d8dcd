"""Taking back a wrong tap of the desk, while nothing depends on it and only for a short time.

The log of acts keeps both: what was done and that it was taken back. Measured times are as if it had not happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from meetings import events
from meetings.actions import locked, locked_item, note, refuse_unless_runner
from meetings.agenda import number_of
from meetings.models import AgendaItem, Conclusion, ItemTurn, Meeting, Pause, Speech
from meetings.room import tell_room
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

# A wrong tap is seen at once. Later the hall has acted upon it, and taking it back would be a second surprise.
TAKEN_BACK_WITHIN = timedelta(minutes=3)
State = Meeting.State


@dataclass(frozen=True)
class Undoable:
    """The last act of the desk that can still be taken back."""

    sentence: str  # what happened
    url: str
    done_at: datetime

    @property
    def until(self) -> datetime:
        return self.done_at + TAKEN_BACK_WITHIN


Offer = Callable[[Meeting], Undoable | None]

_offers: list[Offer] = []


def register_undoable(offer: Offer) -> Offer:
    """Asked for the last act of its kind that could be taken back now."""
    _offers.append(offer)
    return offer


def last_undoable(meeting: Meeting) -> Undoable | None:
    """The newest act that can be taken back; what the bar shows beside "undo"."""
    found = [offered for offered in (offer(meeting) for offer in _offers) if offered is not None]
    return max(found, key=lambda one: one.done_at, default=None)


def may_be_taken_back(done_at: datetime | None) -> bool:
    """Is it so short a time ago that a wrong tap may be taken back?"""
    return done_at is not None and timezone.now() <= done_at + TAKEN_BACK_WITHIN


def refuse_if_long_ago(done_at: datetime) -> None:
    if not may_be_taken_back(done_at):
        words = _("That was more than %(minutes)d minutes ago and can no longer be taken back.")
        raise Refusal("too_late", words % {"minutes": TAKEN_BACK_WITHIN.seconds // 60})


def possible(check: Callable[[], object]) -> bool:
    """Would the act be done, or refused?"""
    try:
        check()
    except Refusal:
        return False
    return True


# -- An item taken up by mistake ---------------------------------------------------------------------------------------


def undo_taking_up(item: AgendaItem, *, by: Person) -> None:
    """Go back to the item that was on before: its turn, and who spoke in it, go on as if nothing had happened."""
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_runner(meeting, by)
        turn = turn_to_undo(meeting, item)
        events.about_to_undo(meeting, item, turn.began_at)
        item = locked_item(item)
        began_at = turn.began_at
        turn.delete()
        item.state = AgendaItem.State.DONE if item.turns.exists() else AgendaItem.State.WAITING
        item.save(update_fields=["state"])
        before = reopen_turn(meeting, began_at)
        meeting.current_item = before
        meeting.save(update_fields=["current_item"])
        facts = {"began_at": began_at.isoformat(), "back_to": before.pk if before else None}
        note(meeting, "taking_up_undone", by=by, about=item, facts=facts)
        for touched in filter(None, (item, before)):
            tell_room(meeting, "agenda", "speaking", item=touched)


def turn_to_undo(meeting: Meeting, item: AgendaItem) -> ItemTurn:
    """The running turn of the item, if nothing depends on it yet."""
    turn = item.turns.filter(ended_at=None).first()
    if turn is None or not meeting.is_running:
        raise Refusal("not_current", _("This item is not being dealt with any more; there is nothing to take back."))
    if Speech.objects.filter(item=item, began_at__gte=turn.began_at).exists():
        raise Refusal("speech_since", _("Somebody has spoken on this item since then; it stays taken up."))
    if Conclusion.objects.filter(item=item, written_at__gte=turn.began_at).exists():
        raise Refusal("conclusion_since", _("A conclusion has been written on this item since; it stays taken up."))
    if meeting.pauses.filter(began_at__gte=turn.began_at).exists():
        raise Refusal("pause_since", _("There has been a break since then; the item stays taken up."))
    refuse_if_long_ago(turn.began_at)
    return turn


def reopen_turn(meeting: Meeting, ended_at: datetime) -> AgendaItem | None:
    """Let the turn that was ended at that moment, by the same act, and the speech in it, go on."""
    turn = ItemTurn.objects.filter(item__meeting=meeting, ended_at=ended_at).select_related("item").first()
    if turn is None:
        return None
    ItemTurn.objects.filter(pk=turn.pk).update(ended_at=None)
    reopen_speech(meeting, ended_at)
    item = locked_item(turn.item)
    item.state = AgendaItem.State.CURRENT
    item.save(update_fields=["state"])
    return item


def reopen_speech(meeting: Meeting, ended_at: datetime) -> None:
    Speech.objects.filter(meeting=meeting, ended_at=ended_at).update(ended_at=None)


def undoable_taking_up(meeting: Meeting) -> Undoable | None:
    item = meeting.current_item
    turn = item.turns.filter(ended_at=None).first() if item else None
    if item is None or turn is None:
        return None

    def check() -> None:
        turn_to_undo(meeting, item)
        events.about_to_undo(meeting, item, turn.began_at)

    if not possible(check):
        return None
    words = _("Item %(number)s was taken up at %(time)s.") % {"number": number_of(item), "time": clock(turn.began_at)}
    return Undoable(words, reverse("meetings:taking_up_undoing", args=[meeting.pk, item.pk]), turn.began_at)


# -- A session begun by mistake ----------------------------------------------------------------------------------------


def undo_start(meeting: Meeting, *, by: Person) -> None:
    """The session has not begun: it waits for its beginning again."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        began_at = start_to_undo(meeting)
        meeting.state, meeting.started_at = State.PUBLISHED, None
        meeting.save(update_fields=["state", "started_at"])
        note(meeting, "start_undone", by=by, facts={"started_at": began_at.isoformat()})
        tell_room(meeting, "state")


def start_to_undo(meeting: Meeting) -> datetime:
    if not meeting.is_running or meeting.started_at is None:
        raise Refusal("not_in_session", _("The meeting is not in session."))
    if ItemTurn.objects.filter(item__meeting=meeting).exists():
        raise Refusal("item_since", _("An item has been taken up since then; the session stays begun."))
    if meeting.pauses.exists():
        raise Refusal("pause_since", _("There has been a break since then; the session stays begun."))
    refuse_if_long_ago(meeting.started_at)
    return meeting.started_at


def undoable_start(meeting: Meeting) -> Undoable | None:
    if meeting.started_at is None or not possible(lambda: start_to_undo(meeting)):
        return None
    words = _("The session was begun at %(time)s.") % {"time": clock(meeting.started_at)}
    return Undoable(words, reverse("meetings:opening_undoing", args=[meeting.pk]), meeting.started_at)


# -- A break, or an adjournment, by mistake ----------------------------------------------------------------------------


def undo_pause(meeting: Meeting, *, by: Person) -> None:
    """There was no break: the time runs on without a gap, and whoever spoke goes on speaking."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        pause = pause_to_undo(meeting)
        reopen_speech(meeting, pause.began_at)
        note(meeting, "pause_undone", by=by, facts={"began_at": pause.began_at.isoformat()})
        pause.delete()
        meeting.state = State.IN_SESSION
        meeting.save(update_fields=["state"])
        tell_room(meeting, "state")


def pause_to_undo(meeting: Meeting) -> Pause:
    pause = meeting.pauses.filter(ended_at=None).first()
    if pause is None:
        raise Refusal("not_paused", _("The meeting is not paused."))
    refuse_if_long_ago(pause.began_at)
    return pause


def undoable_pause(meeting: Meeting) -> Undoable | None:
    if not possible(lambda: pause_to_undo(meeting)):
        return None
    pause = pause_to_undo(meeting)
    said = _("The session was adjourned at %(time)s.") if pause.is_adjournment else _("A break began at %(time)s.")
    return Undoable(
        said % {"time": clock(pause.began_at)}, reverse("meetings:pause_undoing", args=[meeting.pk]), pause.began_at
    )


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT")


def register() -> None:
    for offer in (undoable_taking_up, undoable_start, undoable_pause):
        register_undoable(offer)
