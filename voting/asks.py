"""Votes that wait for a person, on the first page: one's own ballot, and results to announce."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.asks import Ask, AskLine
from accounts.models import Person
from meetings.rules import RUNNING_ROLES
from voting.models import Ballot, Elector, Poll

SHOWN = 3


def votes_asked_of(person: Person) -> Ask | None:
    """Open polls on whose roll one stands, present and without a ballot; closed ones which one announces."""
    if not Poll.objects.filter(state__in=(Poll.State.OPEN, Poll.State.CLOSED)).exists():
        return None  # nearly always; what follows is a fifth of the first page's time
    may_vote = Elector.objects.present().filter(poll=OuterRef("pk"), person=person)
    has_voted = Ballot.objects.filter(elector__poll=OuterRef("pk"), elector__person=person)
    to_vote = Q(state=Poll.State.OPEN) & Exists(may_vote) & ~Exists(has_voted)
    runs = Q(meeting__participants__person=person, meeting__participants__role__in=RUNNING_ROLES)
    to_announce = Q(pk__in=Poll.objects.filter(runs, state=Poll.State.CLOSED).values("pk"))
    polls = Poll.objects.visible_to(person).filter(to_vote | to_announce).order_by("opened_at", "pk")
    waiting = list(polls)
    if not waiting:
        return None
    return Ask(pgettext("asked of me", "Votes"), "vote", tuple(line_of(poll) for poll in waiting[:SHOWN]), len(waiting))


def line_of(poll: Poll) -> AskLine:
    is_open = poll.state == Poll.State.OPEN
    room = "meetings:floor" if is_open else "meetings:desk"
    about = _("The vote is open: vote now.") if is_open else _("Closed, the result is not announced yet.")
    return AskLine(poll.question, reverse(room, args=[poll.meeting_id]), about, is_urgent=is_open)
