"""The figures of the leadership page: computed once for the same data, then taken from the cache."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean, median
from typing import TYPE_CHECKING

from django.core.cache import cache

from targets.models import Baseline
from targets.queries import Phase, Session

if TYPE_CHECKING:
    from accounts.models import Organisation
    from meetings.models import MeetingSeries
    from targets.effect import LeftOut, Reduction, Times

KEPT_SECONDS = 30 * 24 * 3600
METHOD = 1  # counts up when the same data would give other figures

Group = tuple[str, int]


@dataclass(frozen=True)
class Computed:
    """What resampling gives: over all, for each group of series, and which single sessions turn a verdict."""

    overall: Reduction | None
    groups: Mapping[Group, Reduction | None]
    turned: Sequence[LeftOut]


@dataclass
class Line:
    """One row: a series, a unit or a level, with how many sessions there are and what came of them."""

    kind: str
    key: int
    name: str
    before: list[Session] = field(default_factory=list)
    learning: list[Session] = field(default_factory=list)
    after: list[Session] = field(default_factory=list)
    reduction: Reduction | None = None
    is_pooled: bool = False
    by_medians: bool = False
    weight: float = 0.0

    @property
    def query(self) -> str:
        return f"{self.kind}={self.key}"

    @property
    def typical_before(self) -> float | None:
        return typical(self.before, by_median=self.by_medians)

    @property
    def typical_after(self) -> float | None:
        return typical(self.after, by_median=self.by_medians)


@dataclass
class MonthLine:
    """One month: its sessions, each against what was usual for its own series before (1.0 is as long as before)."""

    month: date
    phase: Phase
    sessions: list[Session]
    ratio: float


@dataclass
class Figures:
    """All that the page shows. `turned` are sessions without which a verdict is another, by target."""

    sessions: list[Session]
    series: list[Line]
    units: list[Line]
    levels: list[Line]
    months: list[MonthLine]
    ratios: dict[str, float]
    overall: Reduction | None
    turned: dict[float, list[Session]]

    @property
    def pooled(self) -> list[Line]:
        return [line for line in self.series if line.is_pooled]

    @property
    def listed(self) -> list[Line]:
        return [line for line in self.series if not line.is_pooled]

    @property
    def by_medians(self) -> list[Line]:
        return [line for line in self.pooled if line.by_medians]

    @property
    def pooled_months(self) -> list[MonthLine]:
        """The months of the pooled series: what a line through them means is like for like."""
        pooled = {line.key for line in self.pooled}
        return months_of([one for one in self.sessions if one.baseline.series_id in pooled], self.ratios)

    @property
    def learning(self) -> list[Session]:
        return [session for session in self.sessions if session.phase is Phase.LEARNING]

    @property
    def too_short(self) -> list[Session]:
        return [session for session in self.sessions if session.is_too_short]

    @property
    def corrected(self) -> list[Session]:
        return [session for session in self.sessions if session.is_corrected]

    @property
    def period(self) -> tuple[date, date] | None:
        days = [session.day for line in self.pooled for session in line.after]
        return (min(days), max(days)) if days else None


def figures_of(baselines: Iterable[Baseline], sessions: list[Session]) -> Figures:
    """Compute, or take from the cache, what the sessions of frozen baselines say."""
    frozen = [baseline for baseline in baselines if baseline.is_frozen]
    series = lines_of(sessions, "series", lambda session: session.series, [baseline.series for baseline in frozen])
    name_with_units(series, frozen)
    units = lines_of(sessions, "unit", lambda session: session.unit, [])
    levels = lines_of(sessions, "level", lambda session: session.unit.level, [])
    times = {line.key: times_of(line) for line in series}
    groups: dict[Group, list[int]] = {("series", line.key): [line.key] for line in series}
    for line in (*units, *levels):
        held = {session.baseline.series_id for session in (*line.before, *line.learning, *line.after)}
        groups[line.kind, line.key] = sorted(held)
    computed = computed_once([times[key] for key in sorted(times)], groups)
    hours = {key: sum(one.before) for key, one in times.items() if one.is_enough}
    for line in series:
        line.is_pooled = times[line.key].is_enough
        line.by_medians = times[line.key].by_medians
        line.weight = hours.get(line.key, 0) / (sum(hours.values()) or 1)
    for line in (*series, *units, *levels):
        line.reduction = computed.groups.get((line.kind, line.key))
    ratios = ratios_of(series)
    return Figures(
        sessions=sessions,
        series=series,
        units=units,
        levels=levels,
        months=months_of(sessions, ratios),
        ratios=ratios,
        overall=computed.overall,
        turned=sessions_that_turn(computed, series),
    )


def compared_keys(sessions: Iterable[Session]) -> set[str]:
    """Return the keys of those on which the figures rest: before or after, long enough, of a series that is pooled."""
    lines = lines_of(sessions, "series", lambda session: session.series, [])
    return {session.key for line in lines if times_of(line).is_enough for session in (*line.before, *line.after)}


# -- Lines -------------------------------------------------------------------------------------------------------------

Key = Callable[[Session], "MeetingSeries | Organisation | object | None"]


def lines_of(sessions: Iterable[Session], kind: str, thing_of: Key, also: Iterable[MeetingSeries]) -> list[Line]:
    """Group the sessions by their series, unit or level; sessions too short to be one are left out of the lines."""
    lines: dict[int, Line] = {}

    def line_for(thing: object) -> Line:
        key: int = thing.pk  # type: ignore[attr-defined]
        return lines.setdefault(key, Line(kind, key, str(thing)))

    for thing in also:
        line_for(thing)
    for session in sessions:
        thing_found = thing_of(session)
        if thing_found is not None and not session.is_too_short:
            getattr(line_for(thing_found), session.phase.value).append(session)
    return list(lines.values())


def name_with_units(lines: Iterable[Line], baselines: Sequence[Baseline]) -> None:
    """Where several units are looked at, series of one name are told apart by their unit."""
    units = {baseline.series_id: baseline.series.organisation for baseline in baselines}
    if len({unit.pk for unit in units.values()}) > 1:
        for line in lines:
            if units[line.key].short_name not in line.name:
                line.name = f"{line.name}, {units[line.key].short_name}"


def times_of(line: Line) -> Times:
    from targets.effect import Times

    return Times(
        line.key,
        tuple(session.minutes for session in line.before),
        tuple(session.minutes for session in line.after),
    )


def typical(sessions: Sequence[Session], *, by_median: bool) -> float | None:
    """Return the geometric mean, or the median, of the net minutes."""
    if not sessions:
        return None
    minutes = [session.minutes for session in sessions]
    return median(minutes) if by_median else math.exp(fmean(math.log(one) for one in minutes))


def ratios_of(series: Iterable[Line]) -> dict[str, float]:
    """Return each session's length against what was usual for its series before, by session key."""
    return {
        session.key: session.minutes / usual
        for line in series
        if (usual := line.typical_before)
        for session in (*line.before, *line.learning, *line.after)
    }


def months_of(sessions: Iterable[Session], ratios: Mapping[str, float]) -> list[MonthLine]:
    grouped: dict[tuple[date, Phase], list[Session]] = defaultdict(list)
    for session in sessions:
        if session.key in ratios:
            grouped[session.month, session.phase].append(session)
    return [
        MonthLine(month, phase, held, math.exp(fmean(math.log(ratios[session.key]) for session in held)))
        for (month, phase), held in sorted(grouped.items(), key=lambda entry: entry[0][0])
    ]


# -- Computing once ----------------------------------------------------------------------------------------------------


def computed_once(times: Sequence[Times], groups: Mapping[Group, Sequence[int]]) -> Computed:
    """Return the same figures for the same data without computing them again; other data have another name."""
    name = f"effect:{fingerprint(times, groups)}"
    found = cache.get(name)
    if found is None:
        found = computed(times, groups)
        cache.set(name, found, KEPT_SECONDS)
    return found  # type: ignore[no-any-return]


def fingerprint(times: Sequence[Times], groups: Mapping[Group, Sequence[int]]) -> str:
    from targets.effect import DRAWS, SEED

    told = [METHOD, DRAWS, SEED, [(one.key, one.before, one.after) for one in times], sorted(groups.items())]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def computed(times: Sequence[Times], groups: Mapping[Group, Sequence[int]]) -> Computed:
    from targets.effect import reduction_of, samples_of, turned_by_one

    samples = {sample.times.key: sample for sample in samples_of(times)}
    return Computed(
        overall=reduction_of(list(samples.values())),
        groups={
            group: reduction_of([samples[key] for key in keys if key in samples]) for group, keys in groups.items()
        },
        turned=turned_by_one(list(samples.values())),
    )


def sessions_that_turn(computed: Computed, series: Iterable[Line]) -> dict[float, list[Session]]:
    from targets.effect import AFTER, TARGETS

    lines = {line.key: line for line in series}
    turned: dict[float, list[Session]] = {target: [] for target in TARGETS}
    for one in computed.turned:
        line = lines[one.key]
        turned[one.target].append((line.after if one.side == AFTER else line.before)[one.place])
    return turned
