"""What votes put into the bar of the desk: the next act while one is prepared or on, and taking an opening back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.next_acts import NextAct
from meetings.undoing import Undoable, possible
from voting.actions import clock, opening_to_undo
from voting.models import Poll

State = Poll.State


def next_act(meeting: Meeting) -> NextAct | None:
    """Of the vote that is on; else of one prepared on the current item."""
    if meeting.current_item_id is None:
        return None
    polls = list(Poll.objects.filter(item=meeting.current_item_id).order_by("position", "pk"))
    for state, act in ((State.OPEN, closing), (State.CLOSED, announcing), (State.DRAFTED, opening)):
        found = next((poll for poll in polls if poll.state == state), None)
        if found is not None:
            return act(found)
    return None


def opening(poll: Poll) -> NextAct:
    return NextAct(
        _("Open the vote"),
        reverse("voting:opening", args=[poll.pk]),
        "vote",
        sentence=_("The vote opens on every member’s tablet and on the wall; the roll is fixed now."),
        confirm=_("Open the vote"),
    )


def closing(poll: Poll) -> NextAct:
    return NextAct(
        _("Close the vote"),
        reverse("voting:closing", args=[poll.pk]),
        "square-check",
        sentence=_("No ballot is taken after that. The result is shown to you first, then you announce it."),
        confirm=_("Close the vote"),
        holds_the_item=True,
    )


def announcing(poll: Poll) -> NextAct:
    """At a tie the side of the head of the body is confirmed with the announcement."""
    sentence, fields = _("The result is shown to everybody in the room and can no longer be changed."), {}
    if poll.outcome == "tie":
        tie = (poll.result or {}).get("outcome_once_confirmed") == "passed"
        side = (
            _("The head of the body has confirmed: for.") if tie else _("The head of the body has confirmed: against.")
        )
        sentence, fields = f"{side} {sentence}", {"tie_confirmed": "yes"}
    return NextAct(
        _("Announce the result"),
        reverse("voting:announcement", args=[poll.pk]),
        "megaphone",
        sentence=sentence,
        confirm=_("Announce the result"),
        fields=fields,
        holds_the_item=True,
    )


def undoable_opening(meeting: Meeting) -> Undoable | None:
    poll = Poll.objects.filter(meeting=meeting, state=State.OPEN).first()
    if poll is None or poll.opened_at is None or not possible(lambda: opening_to_undo(poll)):
        return None
    words = _("The vote was opened at %(time)s.") % {"time": clock(poll.opened_at)}
    return Undoable(words, reverse("voting:opening_undoing", args=[poll.pk]), poll.opened_at)
