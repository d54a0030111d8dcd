"""The sessions that are compared, before and after, and where each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Organisation, Person
from meetings.clocks import Span, net_seconds
from meetings.models import AgendaItem, Attendance, Meeting, MeetingSeries, Pause, TimeCorrection
from targets import rules
from targets.models import Baseline, BaselineSession

# Somebody pressed "start" and "end" by mistake: no session is as short, and its logarithm would weigh as much as ten.
SHORTEST_SECONDS = 5 * 60


class Phase(StrEnum):
    BEFORE = "before"
    LEARNING = "learning"
    AFTER = "after"


@dataclass(frozen=True)
class Session:
    """One session of a compared series. `key` is b<id> for one of the baseline, m<id> for a measured one."""

    key: str
    baseline: Baseline
    phase: Phase
    day: date
    began_at: datetime
    ended_at: datetime
    net_seconds: int
    items_count: int | None
    participants_count: int | None
    source: str
    title: str = ""
    meeting_key: UUID | None = None
    is_corrected: bool = False

    @property
    def series(self) -> MeetingSeries:
        return self.baseline.series

    @property
    def unit(self) -> Organisation:
        return self.series.organisation

    @property
    def row_key(self) -> int | None:
        """The key of its row in the baseline, if it stands in one."""
        return int(self.key[1:]) if self.meeting_key is None else None

    @property
    def minutes(self) -> float:
        return self.net_seconds / 60

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def is_too_short(self) -> bool:
        return self.net_seconds < SHORTEST_SECONDS


@dataclass(frozen=True)
class Scope:
    """What a reader looks at: the units one may read, narrowed by what was chosen. The period is that of use."""

    person: Person
    unit: Organisation | None = None
    series: MeetingSeries | None = None
    first: date | None = None
    last: date | None = None

    def units(self) -> QuerySet[Organisation]:
        readable = rules.units_read_by(self.person)
        if self.unit is None:
            return readable
        return readable.filter(pk__in=Organisation.objects.within([self.unit.pk]).values("pk"))

    def series_read(self) -> QuerySet[MeetingSeries]:
        found = MeetingSeries.objects.filter(organisation__in=self.units().values("pk"))
        return found.filter(pk=self.series.pk) if self.series else found

    def baselines(self) -> list[Baseline]:
        """All baselines in sight, drafts too: whoever computes takes the frozen ones."""
        found = Baseline.objects.filter(series__in=self.series_read().values("pk"))
        return list(found.select_related("series__organisation__level").order_by("series__name", "pk"))

    def holds(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def sessions_in(scope: Scope, baselines: Sequence[Baseline]) -> list[Session]:
    """Return every session of the frozen baselines' series in the order of their days; a constant number of queries.

    The period of the scope narrows what was measured in use; a baseline is always whole.
    """
    frozen = {baseline.series_id: baseline for baseline in baselines if baseline.is_frozen}
    if not frozen:
        return []
    found = [session for session in measured(frozen) if scope.holds(session.day)]
    return sorted([*entered(frozen.values()), *found], key=lambda session: (session.began_at, session.key))


def entered(baselines: Iterable[Baseline]) -> list[Session]:
    by_key = {baseline.pk: baseline for baseline in baselines}
    return [
        Session(
            key=f"b{one.pk}",
            baseline=by_key[one.baseline_id],
            phase=Phase.BEFORE,
            day=one.held_on,
            began_at=one.began_at,
            ended_at=one.ended_at,
            net_seconds=one.net_seconds,
            items_count=one.items_count,
            participants_count=one.participants_count,
            source=one.source,
        )
        for one in BaselineSession.objects.filter(baseline__in=by_key)
    ]


def measured(frozen: dict[int, Baseline]) -> list[Session]:
    """Sessions timed by the system since the first day of use, their times as corrected."""
    meetings = list(held_meetings(frozen))
    keys = Meeting.objects.filter(series__in=frozen, state=Meeting.State.CLOSED).values("pk")
    pauses: dict[Any, list[Span]] = defaultdict(list)
    for pause in Pause.objects.filter(meeting__in=keys):
        pauses[pause.meeting_id].append(pause.span)
    corrected: dict[Any, dict[str, datetime]] = defaultdict(dict)
    for correction in TimeCorrection.objects.filter(meeting__in=keys).order_by("pk"):
        corrected[correction.meeting_id][correction.which] = correction.value
    found = (
        session_of(meeting, frozen[meeting.series_id], pauses[meeting.pk], corrected[meeting.pk])
        for meeting in meetings
        if meeting.series_id is not None
    )
    return [session for session in found if session is not None]


def held_meetings(frozen: dict[int, Baseline]) -> QuerySet[Any]:
    held = Meeting.objects.filter(
        series__in=frozen, state=Meeting.State.CLOSED, started_at__isnull=False, ended_at__isnull=False
    )
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"), parent=None).order_by().values("meeting")
    present = Attendance.objects.filter(participant__meeting=OuterRef("pk")).order_by().values("participant__meeting")
    return held.annotate(
        items_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        present_count=Coalesce(Subquery(present.annotate(n=Count("participant", distinct=True)).values("n")), 0),
    ).only("pk", "series_id", "title", "started_at", "ended_at")


def session_of(meeting: Any, baseline: Baseline, pauses: list[Span], corrected: dict[str, datetime]) -> Session | None:
    """One measured session, or None if it was held before the first day of use."""
    began, ended = corrected.get("started_at", meeting.started_at), corrected.get("ended_at", meeting.ended_at)
    day = timezone.localdate(began)
    if day < baseline.start_of_use:
        return None
    return Session(
        key=f"m{meeting.pk}",
        baseline=baseline,
        phase=Phase.LEARNING if day < baseline.counts_from else Phase.AFTER,
        day=day,
        began_at=began,
        ended_at=ended,
        net_seconds=net_seconds([Span(began, ended)], pauses, ended),
        items_count=meeting.items_count,
        participants_count=meeting.present_count or None,
        source="",
        title=meeting.title,
        meeting_key=meeting.pk,
        is_corrected=bool(corrected),
    )


def meetings_opened_by(person: Person, sessions: Iterable[Session]) -> set[UUID]:
    """Which of these sessions' meetings this person may open: figures are read by more people than records."""
    keys = [session.meeting_key for session in sessions if session.meeting_key]
    return set(Meeting.objects.visible_to(person).filter(pk__in=keys).values_list("pk", flat=True))
