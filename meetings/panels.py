"""The meeting's own panels of the room. Each is rendered once for its audience: nothing personal, no token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import json_script

from accounts.models import Person
from accounts.personal import register_personal_panel
from meetings.agenda import (
    Line,
    clock_of_item,
    clock_of_meeting,
    clock_of_speech,
    lines_of,
    next_waiting,
    number_of,
    planned_minutes,
)
from meetings.models import AgendaItem, Attendance, Conclusion, Meeting, Notice, Participant, Pause, Speech
from meetings.next_acts import closing, going_on, next_act
from meetings.record import items_of_record
from meetings.room import Panel, Part, register_panel, register_part
from meetings.undoing import last_undoable

Context = dict[str, Any]
State, Role = Meeting.State, Participant.Role
OPEN_TO_CHECK_IN = (State.PUBLISHED, State.IN_SESSION, State.PAUSED, State.ADJOURNED)
NOTICES_SHOWN = 5
LENGTHS_OF_SPEECHES = (3, 5, 10, 15)  # minutes offered with the floor; none is possible
# Who sees closed items under their titles. Everybody else in the room hears only that one is being dealt with.
INNER_AUDIENCES = ("desk",)


@dataclass(frozen=True)
class Seat:
    """Somebody expected in the hall, and since when there."""

    who: Participant
    arrived_at: datetime | None


def register() -> None:
    everywhere = dict.fromkeys(("desk", "floor", "gallery"), "head")
    any_change = frozenset({"state", "agenda", "presence"})
    its_items, its_people = frozenset({"state", "agenda"}), frozenset({"state", "presence"})
    its_speaker = its_items | {"speaking"}
    for name, places, context, follows in (
        ("head", everywhere, head, its_speaker),
        ("agenda", {"desk": "agenda", "gallery": "agenda"}, agenda, its_items),
        ("item", {"desk": "middle"}, item, any_change),
        ("hall", {"desk": "hall"}, hall, its_people),
        ("bar", {"desk": "bar"}, bar, any_change | {"speaking", "conclusion"}),
        ("check_in", {"floor": "asked"}, check_in, frozenset({"state"})),
        ("stage", {"wall": "stage"}, stage, any_change | {"speaking"}),
    ):
        register_panel(Panel(name, places, f"meetings/_{name}_panel.html", context, 10, follows))
    at_the_desk = {"desk": "middle"}
    floor_given = its_speaker | {"presence"}
    register_panel(Panel("speaking", at_the_desk, "meetings/_speaking_panel.html", speaking, 12, floor_given))
    its_conclusion = its_items | {"conclusion"}
    register_panel(Panel("conclusion", at_the_desk, "meetings/_conclusion_panel.html", conclusion, 54, its_conclusion))
    register_part(Part("conclusion", at_the_desk, "meetings/_conclusion_part.html", nothing, 55))
    register_part(Part("items", {"record": "main"}, "meetings/_record_items.html", items_of_record, 10))
    register_personal_panel("presence", presence, meetings_of)
    register_personal_panel("notices", notices, lambda person: ("",))


# -- Streamed panels ---------------------------------------------------------------------------------------------------


def head(meeting: Meeting, audience: str) -> Context:
    """Title, current item with number and clock."""
    now = timezone.now()
    lines = lines_for(meeting, audience)
    current = current_line(lines)
    return {
        "line": current,
        "count": sum(not line.is_sub for line in lines),
        "last_number": lines[-1].number.partition(".")[0] if lines else "",
        "item_clock": clock_of_item(current, now=now) if current else None,
        "closed_number": number_of(meeting.shown_item) if meeting.shown_item else "",
        "on_closed_item": meeting.current_item_id is not None and current is None,
        "open_pause": open_pause(meeting),
        **who_speaks(meeting, audience),
    }


def agenda(meeting: Meeting, audience: str) -> Context:
    now = timezone.now()
    lines = lines_for(meeting, audience)
    return {
        "lines": [(line, clock_of_item(line, now=now)) for line in lines],
        "planned_minutes": planned_minutes(lines),
        "meeting_clock": clock_of_meeting(meeting, now=now),
        "may_take_up": audience == "desk" and meeting.is_running,
    }


def item(meeting: Meeting, audience: str) -> Context:
    now = timezone.now()
    lines = lines_for(meeting, audience)
    current = current_line(lines)
    return {
        "line": current,
        "item_clock": clock_of_item(current, now=now) if current else None,
        "next_line": next_waiting(lines),
        "open_pause": open_pause(meeting),
        "quorum": meeting.quorum(),
    }


def hall(meeting: Meeting, audience: str) -> Context:
    """Who is there, who is not, who will not come; voters before guests, in the order of the list of participants."""
    seats = seats_of(meeting)
    present = [seat for seat in seats if seat.arrived_at]
    expected = [seat for seat in seats if not seat.arrived_at and not seat.who.absence_reason]
    return {
        "quorum": meeting.quorum(),
        "present": present,
        "present_members": sum(seat.who.counts for seat in present),
        "expected": expected,
        "expected_members": sum(seat.who.counts for seat in expected),
        "absent": [seat for seat in seats if not seat.arrived_at and seat.who.absence_reason],
        "may_check_in": meeting.state in OPEN_TO_CHECK_IN,
    }


def bar(meeting: Meeting, audience: str) -> Context:
    """The next sensible act, what else can be done now, and what was done last while it can be taken back."""
    next_line = next_waiting(lines_for(meeting, audience))
    act = next_act(meeting, next_line=next_line, quorum=meeting.quorum())
    is_free = meeting.has_begun and not meeting.is_over and not (act and act.holds_the_item)
    onward = going_on(meeting, next_line) if meeting.is_running and is_free else None
    last = closing(meeting, is_early=next_line is not None)
    return {
        "act": act,
        "onward": onward if onward and act and onward.url != act.url else None,
        "may_pause": meeting.is_running and is_free,
        "closing": last if is_free and act and last.url != act.url else None,
        "undoable": last_undoable(meeting),
    }


def speaking(meeting: Meeting, audience: str) -> Context:
    """Who has the floor, and those who are there and can be given it."""
    there = Attendance.objects.filter(left_at=None, participant__meeting=meeting).values("participant")
    people = meeting.participants.filter(pk__in=there).select_related("person").order_by("-has_vote", "pk")
    can_speak = meeting.is_running and meeting.current_item_id is not None
    return {
        **who_speaks(meeting, audience),
        "people": people if can_speak else [],
        "can_speak": can_speak,
        "lengths": LENGTHS_OF_SPEECHES,
    }


def who_speaks(meeting: Meeting, audience: str) -> Context:
    """Who has the floor, for those who may hear of the item it is on."""
    speeches = Speech.objects.filter(meeting=meeting, ended_at=None)
    speech = speeches.select_related("item", "participant__person", "participant__organisation").first()
    if speech is None or not may_hear_of(meeting, audience, speech.item):
        return {"speech": None, "speech_clock": None}
    return {"speech": speech, "speech_clock": clock_of_speech(speech, now=timezone.now())}


def may_hear_of(meeting: Meeting, audience: str, item: AgendaItem) -> bool:
    return not item.is_closed or audience in INNER_AUDIENCES or meeting.shown_item == item


def conclusion(meeting: Meeting, audience: str) -> Context:
    """Which item is concluded on, and how new its text is; the text itself is fetched where it is wanted."""
    item = meeting.current_item if meeting.has_begun and not meeting.is_over else None
    return {"item": item, "kept": Conclusion.objects.filter(item=item).first() if item else None}


def nothing(meeting: Meeting, person: Person) -> Context:
    return {}


def check_in(meeting: Meeting, audience: str) -> Context:
    return {"is_open": meeting.state in OPEN_TO_CHECK_IN}


def stage(meeting: Meeting, audience: str) -> Context:
    now = timezone.now()
    lines = lines_for(meeting, audience)
    current = current_line(lines)
    return {
        "line": current,
        "item_clock": clock_of_item(current, now=now) if current else None,
        "on_closed_item": meeting.current_item_id is not None and current is None,
        "next_line": next_waiting(lines),
        "quorum": meeting.quorum(),
        "open_pause": open_pause(meeting),
        **who_speaks(meeting, audience),
    }


def lines_for(meeting: Meeting, audience: str) -> list[Line]:
    return [line for line in lines_of(meeting) if audience in INNER_AUDIENCES or not line.item.is_closed]


def current_line(lines: list[Line]) -> Line | None:
    return next((line for line in lines if line.item.state == AgendaItem.State.CURRENT), None)


def open_pause(meeting: Meeting) -> Pause | None:
    return next((pause for pause in meeting.pauses.all() if pause.ended_at is None), None)


def with_stays(meeting: Meeting) -> list[Participant]:
    """Participants with all their `stays`, voters first."""
    rows = meeting.participants.select_related("person").prefetch_related(
        Prefetch("attendances", queryset=Attendance.objects.order_by("arrived_at"), to_attr="stays")
    )
    return list(rows.order_by("-has_vote", "pk"))


def seats_of(meeting: Meeting) -> list[Seat]:
    """Everybody expected, voters first, in the order of the list of participants."""
    there = Attendance.objects.filter(left_at=None, participant__meeting=meeting)
    arrived = dict(there.values_list("participant_id", "arrived_at"))
    people = meeting.participants.select_related("person").order_by("-has_vote", "pk")
    return [Seat(one, arrived.get(one.pk)) for one in people]


# -- Personal panels ---------------------------------------------------------------------------------------------------


def presence(person: Person, argument: str) -> str:
    """What this person's tablet knows about the own presence in the meeting, as JSON in a script block."""
    place = (
        Participant.objects.filter(meeting__in=Meeting.objects.visible_to(person).filter(pk=argument), person=person)
        .prefetch_related("attendances")
        .first()
    )
    there = next((row for row in place.attendances.all() if row.left_at is None), None) if place else None
    facts = {
        "expected": place is not None,
        "checked_in": there is not None,
        "at": there.arrived_at.isoformat() if there else None,
        "absence_reason": place.absence_reason if place else "",
    }
    return json_script(facts)


def meetings_of(person: Person) -> list[str]:
    """Meetings in which it matters whether one is there: those not over."""
    keys = Meeting.objects.visible_to(person).filter(participants__person=person, state__in=OPEN_TO_CHECK_IN)
    return [str(key) for key in keys.values_list("pk", flat=True)]


def notices(person: Person, argument: str) -> str:
    found = Notice.objects.filter(person=person, read_at=None).select_related("meeting")[:NOTICES_SHOWN]
    return render_to_string("meetings/_notices_panel.html", {"notices": found}).strip()
