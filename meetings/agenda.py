"""The agenda as people read it: numbered, with what each item has taken so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Speech


@dataclass(frozen=True)
class Line:
    """One line of the agenda: its number ("3", or "3.1" for a sub-item) and its clock."""

    number: str
    item: AgendaItem
    spent_seconds: int = 0
    is_last: bool = False  # among its siblings

    @property
    def place(self) -> int:
        """Place among its siblings, from 1."""
        return int(self.number.rpartition(".")[2])

    @property
    def place_before(self) -> int:
        return self.place - 1

    @property
    def place_after(self) -> int:
        return self.place + 1

    @property
    def is_sub(self) -> bool:
        return self.item.parent_id is not None

    @property
    def planned_seconds(self) -> int:
        return self.item.planned_minutes * 60


def numbered(items: Iterable[AgendaItem]) -> list[tuple[str, AgendaItem]]:
    """Number all items of one meeting in their order; of the whole agenda, so that a number is the same for everybody.

    Sub-items follow their parent, wherever their own position put them.
    """
    ordered = sorted(items, key=lambda item: item.position)
    found: list[tuple[str, AgendaItem]] = []
    for number, top in enumerate((item for item in ordered if item.parent_id is None), start=1):
        found.append((str(number), top))
        subs = (item for item in ordered if item.parent_id == top.pk)
        found.extend((f"{number}.{place}", sub) for place, sub in enumerate(subs, start=1))
    return found


def number_of(item: AgendaItem) -> str:
    """The number of the item in the whole agenda."""
    return next(number for number, one in numbered(item.meeting.items.all()) if one.pk == item.pk)


def lines_of(
    meeting: Meeting, *, visible: QuerySet[AgendaItem] | None = None, now: datetime | None = None
) -> list[Line]:
    """Lines of the whole agenda, or of the `visible` items only, under the numbers they have in the whole."""
    now = now or timezone.now()
    items = list(
        meeting.items.order_by("position").select_related("presenter", "submitting_unit").prefetch_related("turns")
    )
    prefetch_related_objects([meeting], "pauses")
    shown = {item.pk for item in items} if visible is None else set(visible.values_list("pk", flat=True))
    last = {item.parent_id: item.pk for item in items}
    return [
        Line(number, item, item.spent_seconds(now), is_last=last[item.parent_id] == item.pk)
        for number, item in numbered(items)
        if item.pk in shown
    ]


def open_lines(meeting: Meeting) -> list[Line]:
    """Lines that everybody in the room may see."""
    return [line for line in lines_of(meeting) if not line.item.is_closed]


def next_waiting(lines: list[Line]) -> Line | None:
    """The line to take up next: the first waiting one after the current, else the first waiting one at all."""
    current = next((place for place, line in enumerate(lines) if line.item.state == AgendaItem.State.CURRENT), -1)
    waiting = [
        line for line in lines[current + 1 :] + lines[: current + 1] if line.item.state == AgendaItem.State.WAITING
    ]
    return waiting[0] if waiting else None


def planned_minutes(lines: Iterable[Line]) -> int:
    """Minutes of the agenda; sub-items share their parent's minutes."""
    return sum(line.item.planned_minutes for line in lines if not line.is_sub)


@dataclass(frozen=True)
class Clock:
    """What a clock in the page counts from; it goes on by itself while it is running."""

    since: datetime
    base_seconds: int
    planned_seconds: int
    is_running: bool

    @property
    def left_seconds(self) -> int:
        return self.planned_seconds - self.base_seconds

    @property
    def is_over(self) -> bool:
        return self.left_seconds < 0


def clock_of_item(line: Line, *, now: datetime) -> Clock:
    runs = line.item.meeting.is_running and line.item.state == AgendaItem.State.CURRENT
    return Clock(now, line.spent_seconds, line.planned_seconds, runs)


def clock_of_meeting(meeting: Meeting, *, now: datetime) -> Clock:
    return Clock(now, meeting.net_seconds(now) or 0, meeting.planned_minutes * 60, meeting.is_running)


def clock_of_speech(speech: Speech, *, now: datetime) -> Clock:
    """Counts down what was allotted; up, where nothing was."""
    return Clock(now, speech.seconds(now), speech.allotted_seconds or 0, speech.ended_at is None)
