"""What the room shows of polls. Rendered once per audience: nothing personal, and before closing nothing by option."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import json_script

from accounts.models import Person
from meetings.agenda import lines_of
from meetings.models import AgendaItem, Meeting
from meetings.room import Panel, Part, register_panel, register_part
from voting.actions import fix_roll, quorum_for, received
from voting.models import Ballot, Elector, Poll
from voting.results import names_by_choice, table_of, with_ballots
from voting.terms import rule_sets_of

State = Poll.State
PLACES = {"floor": "asked", "desk": "middle", "wall": "stage", "gallery": "asked"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A line of the roll, and when and how the ballot came (None and "" while there is none); never what it says."""

    person: int
    name: str
    stands_for: str
    is_present: bool
    how: str
    voted_at: datetime | None


@dataclass(frozen=True)
class Turnout:
    """How many of those who may vote have voted."""

    cast: int
    present: int


def register() -> None:
    register_panel(Panel("poll", PLACES, "voting/_poll_panel.html", poll_panel, 50, frozenset({"state", "agenda"})))
    register_panel(Panel("poll_count", PLACES, "voting/_poll_count_panel.html", count_panel, 51, frozenset({"agenda"})))
    follows = frozenset({"state", "agenda", "presence"})
    register_panel(Panel("poll_ready", {"desk": "middle"}, "voting/_ready_panel.html", ready_panel, 49, follows))
    register_part(Part("votes", {"floor": "asked"}, "voting/_own_votes.html", own_votes, 52))
    register_part(Part("polls", {"record": "main"}, "voting/_record.html", record_of, 20))
    register_part(Part("prepared_polls", {"preparation": "main"}, "voting/_preparation.html", preparation_of, 60))


# -- Streamed panels ---------------------------------------------------------------------------------------------------


def poll_panel(meeting: Meeting, audience: str) -> dict[str, Any]:
    item = item_shown(meeting, audience)
    polls = polls_on(item, drafts=audience == "desk")
    prefetch_related_objects(polls, "corrections__by")
    if audience == "desk":
        return {
            "item": item,
            "polls": [
                shown_on_desk(poll) | {"may_move": sum(one.state == State.DRAFTED for one in polls) > 1}
                for poll in polls
            ],
            "is_on": any(poll.is_open for poll in polls),
            "rule_sets": rule_sets_of(meeting),
        }
    poll = asked_or_latest(polls)
    if poll is None or (audience == "wall" and not poll.is_open and not meeting.is_running):
        return {"poll": None}  # the wall says that there is a break
    return {"poll": poll, **facts_of(poll)}


def count_panel(meeting: Meeting, audience: str) -> dict[str, Any]:
    """Who has voted is shown on the desk; how many, everywhere; what, nowhere."""
    item = item_shown(meeting, audience)
    poll = Poll.objects.filter(item=item, state=State.OPEN).order_by("pk").first() if item else None
    if poll is None:
        return {"poll": None}
    return {"poll": poll, "turnout": turnout_of(poll), "roll": voted_or_not(poll) if audience == "desk" else []}


def ready_panel(meeting: Meeting, audience: str) -> dict[str, Any]:
    """Who could vote if the next poll opened now, and whether they are enough."""
    polls = polls_on(item_shown(meeting, audience), drafts=True)
    poll = next((poll for poll in polls if poll.state == State.DRAFTED), None)
    if poll is None or any(poll.is_open for poll in polls):
        return {"poll": None}
    roll = fix_roll(poll)
    return {"poll": poll, "roll": roll, "quorum": quorum_for(poll, roll)}


def item_shown(meeting: Meeting, audience: str) -> AgendaItem | None:
    """The current item, if this audience may hear of it: a closed one only the desk and its own stream."""
    item = meeting.current_item
    if item is None or meeting.is_over:
        return None
    shown_item = getattr(meeting, "shown_item", None)
    if audience == "desk":
        return item
    if shown_item is not None:
        return item if shown_item == item else None
    return None if item.is_closed else item


def polls_on(item: AgendaItem | None, *, drafts: bool = False) -> list[Poll]:
    if item is None:
        return []
    polls = (
        Poll.objects.filter(item=item)
        .select_related("rule_set", "repeats")
        .order_by(F("opened_at").asc(nulls_last=True), "position", "pk")
    )
    return list(polls if drafts else polls.held())


def asked_or_latest(polls: list[Poll]) -> Poll | None:
    """The open poll; else the one opened last."""
    return next((poll for poll in polls if poll.is_open), polls[-1] if polls else None)


def facts_of(poll: Poll) -> dict[str, Any]:
    """What a poll shows everybody in its state."""
    if poll.state == State.ANNOUNCED:
        return {"table": table_of(poll)}
    if poll.state in {State.OPEN, State.CLOSED}:
        electors = list(Elector.objects.filter(poll=poll).only("person_id", "present_at_opening", "admitted_at"))
        return {
            "roll": " ".join(str(elector.person_id) for elector in electors if elector.is_present),
            "waiting": " ".join(str(elector.person_id) for elector in electors if not elector.is_present),
        }
    return {}


def shown_on_desk(poll: Poll) -> dict[str, Any]:
    facts: dict[str, Any] = {"poll": poll, "table": None, "seats": []}
    if poll.state in {State.CLOSED, State.ANNOUNCED}:
        facts["table"] = table_of(poll)
    if poll.is_open:
        facts["seats"] = [seat for seat in voted_or_not(poll) if seat.is_present]
    return facts


def turnout_of(poll: Poll) -> Turnout:
    return Turnout(Ballot.objects.filter(poll=poll).count(), Elector.objects.present().filter(poll=poll).count())


def voted_or_not(poll: Poll) -> list[Seat]:
    """The roll with who has voted; never what. Rows and no models: five times a second it is shown anew."""
    ballots = Ballot.objects.filter(poll=poll).values_list("elector", "how", "cast_at", "changed_at")
    came = {elector: (how, changed_at or cast_at) for elector, how, cast_at, changed_at in ballots}
    roll = poll.electors.order_by("pk").annotate(has_come=Q(present_at_opening=True) | Q(admitted_at__isnull=False))
    lines = roll.values_list("pk", "person", "person__full_name", "stands_for__full_name", "has_come")
    return [
        Seat(person, name, stands_for or "", has_come, *came.get(key, ("", None)))
        for key, person, name, stands_for, has_come in lines
    ]


# -- Pages before and after the meeting -------------------------------------------------------------------------------


def record_of(meeting: Meeting, person: Person) -> dict[str, Any]:
    """Every poll that was opened, with names where it was announced; cancelled ones stay visible."""
    polls = Poll.objects.visible_to(person).held().filter(meeting=meeting)
    return {"held": [in_the_record(poll) for poll in with_ballots(polls)]}


def votes_by_item(meeting: Meeting, person: Person) -> dict[int, list[str]]:
    """Every poll that was opened, in short, under its item."""
    found: dict[int, list[str]] = defaultdict(list)
    for poll in (
        Poll.objects.visible_to(person)
        .held()
        .filter(meeting=meeting)
        .prefetch_related("corrections")
        .order_by("opened_at")
    ):
        table = table_of(poll) if poll.state == State.ANNOUNCED else None
        found[poll.item_id].append(render_to_string("voting/_vote_in_record.html", {"poll": poll, "table": table}))
    return found


def in_the_record(poll: Poll) -> dict[str, Any]:
    announced = poll.state == State.ANNOUNCED
    table = table_of(poll) if announced else None
    return {"poll": poll, "table": table, "names": names_by_choice(poll) if announced else {}}


def preparation_of(meeting: Meeting, person: Person) -> dict[str, Any]:
    drafts = Poll.objects.visible_to(person).filter(meeting=meeting, state=State.DRAFTED)
    polls = list(drafts.select_related("item", "rule_set"))
    of_item = Counter(poll.item_id for poll in polls)
    return {
        "drafts": [{"poll": poll, "may_move": of_item[poll.item_id] > 1} for poll in polls],
        "lines": [] if meeting.is_over else lines_of(meeting),
        "rule_sets": rule_sets_of(meeting),
        "next": reverse("meetings:meeting", args=[meeting.pk]),
    }


# -- What concerns one person ------------------------------------------------------------------------------------------


def own_votes(meeting: Meeting, person: Person) -> dict[str, Any]:
    return {"meeting": meeting, "person": person, "votes": votes_of(person, str(meeting.pk))}


def votes_of(person: Person, meeting_key: str) -> str:
    """The person's own ballots in a meeting, as JSON by poll, for <poll-ballot>; empty where there are none."""
    ballots = Ballot.objects.filter(poll__meeting=UUID(meeting_key), elector__person=person)
    shown = ballots.exclude(poll__state=State.CANCELLED).order_by()
    own = {str(ballot.poll_id): received(ballot) for ballot in shown}
    return json_script(own) if own else ""


def meetings_with_votes(person: Person) -> list[str]:
    """Meetings still going on, in which this person is on a roll."""
    lines = Elector.objects.filter(person=person).exclude(poll__meeting__state__in=("closed", "cancelled"))
    return [str(key) for key in lines.order_by("poll__meeting").values_list("poll__meeting", flat=True).distinct()]
