"""The next sensible act of a session: the one that the desk's bar puts first. Apps above meetings offer theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.agenda import Line
from meetings.models import Meeting
from meetings.quorum import Quorum

State = Meeting.State


@dataclass(frozen=True)
class NextAct:
    """A button of the bar. With a `sentence` it asks back in its place, and `confirm` does it."""

    words: str
    url: str
    icon: str
    sentence: str = ""
    confirm: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    holds_the_item: bool = False  # the item may not be left before: going on, a break and closing are not offered


Offer = Callable[[Meeting], NextAct | None]

_offers: list[Offer] = []


def register_next_act(offer: Offer) -> Offer:
    """Asked while the meeting is in session; the first that has something comes before the meeting's own acts."""
    _offers.append(offer)
    return offer


def next_act(meeting: Meeting, *, next_line: Line | None, quorum: Quorum) -> NextAct | None:
    """What the desk does next; None when the meeting is over."""
    if meeting.state == State.PUBLISHED:
        return beginning(meeting, quorum)
    if meeting.state in {State.PAUSED, State.ADJOURNED}:
        return NextAct(_("Go on with the session"), reverse("meetings:resumption", args=[meeting.pk]), "play")
    if not meeting.is_running:
        return None
    offered = next(filter(None, (offer(meeting) for offer in _offers)), None)
    return offered or going_on(meeting, next_line) or closing(meeting, is_early=False)


def beginning(meeting: Meeting, quorum: Quorum) -> NextAct:
    words = _("The session begins for everybody, %(present)s/%(total)s present; the time counts from now.")
    return NextAct(
        _("Begin the session"),
        reverse("meetings:opening", args=[meeting.pk]),
        "play",
        sentence=words % {"present": quorum.present, "total": quorum.total},
        confirm=_("Begin"),
    )


def going_on(meeting: Meeting, next_line: Line | None) -> NextAct | None:
    if next_line is None:
        return None
    words = _("Go on to item %(number)s") % {"number": next_line.number}
    return NextAct(words, reverse("meetings:taking_up", args=[meeting.pk, next_line.item.pk]), "skip-forward")


def closing(meeting: Meeting, *, is_early: bool) -> NextAct:
    ends = _("The session ends for everybody and its net time stands; nobody can write on shared papers afterwards.")
    left = _("Some items have not been dealt with.")
    sentence = f"{left} {ends}" if is_early else ends
    url = reverse("meetings:closing", args=[meeting.pk])
    return NextAct(_("Close the session"), url, "square", sentence=sentence, confirm=_("Close the session"))
