"""Moments in a meeting that other apps must hear of inside the same transaction. They may refuse."""

from collections.abc import Callable

from meetings.models import AgendaItem, Meeting, Participant

OnCheckIn = Callable[[Participant], None]
BeforeLeaving = Callable[[Meeting, AgendaItem | None], None]

_on_check_in: list[OnCheckIn] = []
_before_leaving: list[BeforeLeaving] = []


def register_on_check_in(listener: OnCheckIn) -> OnCheckIn:
    """Called after a participant's check-in was written."""
    _on_check_in.append(listener)
    return listener


def register_before_leaving(listener: BeforeLeaving) -> BeforeLeaving:
    """Called before an item is left (another taken up, the meeting paused, adjourned, closed); may raise a Refusal."""
    _before_leaving.append(listener)
    return listener


def checked_in(participant: Participant) -> None:
    for listener in _on_check_in:
        listener(participant)


def about_to_leave(meeting: Meeting, item: AgendaItem | None) -> None:
    for listener in _before_leaving:
        listener(meeting, item)
