"""Moments in a meeting that other apps must hear of inside the same transaction. They may refuse."""

from collections.abc import Callable
from datetime import datetime

from meetings.models import AgendaItem, Meeting, Participant

OnAdmission = Callable[[AgendaItem], None]
OnCheckIn = Callable[[Participant], None]
BeforeLeaving = Callable[[Meeting, AgendaItem | None], None]
BeforeUndoing = Callable[[Meeting, AgendaItem, datetime], None]

_on_admission: list[OnAdmission] = []
_on_check_in: list[OnCheckIn] = []
_before_leaving: list[BeforeLeaving] = []
_before_undoing: list[BeforeUndoing] = []


def register_on_check_in(listener: OnCheckIn) -> OnCheckIn:
    """Called after a participant's check-in was written."""
    _on_check_in.append(listener)
    return listener


def register_before_leaving(listener: BeforeLeaving) -> BeforeLeaving:
    """Called before an item is left (another taken up, the meeting paused, adjourned, closed); may raise a Refusal."""
    _before_leaving.append(listener)
    return listener


def register_before_undoing(listener: BeforeUndoing) -> BeforeUndoing:
    """Called before the taking up of an item (at the given time) is taken back; refuses while something depends on it.

    Called also to find out whether it could be taken back: a listener only looks.
    """
    _before_undoing.append(listener)
    return listener


def register_on_admission(listener: OnAdmission) -> OnAdmission:
    """Called after it was changed who may see an item: closed, opened, others admitted."""
    _on_admission.append(listener)
    return listener


def checked_in(participant: Participant) -> None:
    for listener in _on_check_in:
        listener(participant)


def about_to_leave(meeting: Meeting, item: AgendaItem | None) -> None:
    for listener in _before_leaving:
        listener(meeting, item)


def about_to_undo(meeting: Meeting, item: AgendaItem, taken_up_at: datetime) -> None:
    for listener in _before_undoing:
        listener(meeting, item, taken_up_at)


def admission_changed(item: AgendaItem) -> None:
    for listener in _on_admission:
        listener(item)
