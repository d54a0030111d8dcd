"""How much shorter sessions became, like for like, and how sure that is. Pure: numpy alone, no Django.

The method, in the order of the functions: for each series `d = mean ln T after - mean ln T before`, T the net length of
a session; over the series `R = 1 - exp(sum w d)` with fixed weights, each series' share of the hours of the baseline,
so that a changed mix of short and long sessions is no reduction; a 95 % percentile interval from resampling the
sessions within series and side; a verdict for each target; and whether it survives leaving out any single session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

TARGETS = (0.30, 0.50)
DRAWS, SEED = 2000, 20260701
CONFIDENCE = 0.95
# Below these many sessions on a side: medians instead of geometric means; below those: listed, not pooled.
FOR_MEANS, FOR_POOLING = 12, 6
BEFORE, AFTER = 0, 1


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    REDUCED = "reduced"  # reduced for sure, and by more than the target as far as seen, but the target is not proved
    OPEN = "open"


@dataclass(frozen=True)
class Times:
    """Net lengths of the sessions of one series, in minutes, each above zero. `key` seeds its draws."""

    key: int
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def is_enough(self) -> bool:
        return min(len(self.before), len(self.after)) >= FOR_POOLING

    @property
    def by_medians(self) -> bool:
        return min(len(self.before), len(self.after)) < FOR_MEANS


@dataclass(frozen=True)
class Sample:
    """A pooled series: its hours before (the weight), its d, and the d of every draw (shape: DRAWS)."""

    times: Times
    hours: float
    difference: float
    draws: Numbers


@dataclass(frozen=True)
class Reduction:
    """R and its interval, as shares: 0.31 is 31 % shorter; negative is longer. Counts are of sessions."""

    share: float
    low: float
    high: float
    sessions_before: int
    sessions_after: int

    def verdict(self, target: float) -> Verdict:
        return verdict_of(self.share, self.low, self.high, target)


@dataclass(frozen=True)
class LeftOut:
    """A session without which the verdict for a target would be another one."""

    key: int
    side: int
    place: int
    target: float
    verdict: Verdict


# -- Over all ----------------------------------------------------------------------------------------------------------


def reduction_of(samples: Sequence[Sample]) -> Reduction | None:
    """Return R over the samples with their 95 % interval, or None where there is none to pool.

    Source: design/measuring.md, Time 3 and 4.
    """
    if not samples:
        return None
    hours = sum(sample.hours for sample in samples)
    difference = sum(sample.hours * sample.difference for sample in samples) / hours
    draws = np.sum([sample.hours * sample.draws for sample in samples], axis=0) / hours
    low, high = interval_of(draws)
    return Reduction(
        share=shorter_by(difference),
        low=float(low),
        high=float(high),
        sessions_before=sum(len(sample.times.before) for sample in samples),
        sessions_after=sum(len(sample.times.after) for sample in samples),
    )


def samples_of(series: Iterable[Times]) -> list[Sample]:
    """Return those series that have enough sessions on both sides, with 2000 draws each; the others are only listed."""
    return [sample_of(times) for times in series if times.is_enough]


def sample_of(times: Times) -> Sample:
    before, after = np.log(times.before), np.log(times.after)
    difference = centre(after, by_median=times.by_medians) - centre(before, by_median=times.by_medians)
    drawn = drawn_side(times, after, AFTER) - drawn_side(times, before, BEFORE)
    return Sample(times, sum(times.before) / 60, float(difference), drawn)


def drawn_side(times: Times, logs: Numbers, side: int) -> Numbers:
    counts = draw_counts(logs.shape[-1], seed=(SEED, times.key, side))
    return drawn_centres(logs, counts, by_median=times.by_medians)


def shorter_by(difference: float) -> float:
    """Turn a difference of logarithms into a share: ln 0.7 is 0.3 shorter."""
    return float(-np.expm1(difference))


def interval_of(draws: Numbers) -> tuple[Numbers, Numbers]:
    """Return the lower and upper bound of the reduction from drawn differences (shape: ..., draws), percentiles."""
    tail = 100 * (1 - CONFIDENCE) / 2
    upper, lower = np.percentile(draws, [100 - tail, tail], axis=-1)
    return -np.expm1(upper), -np.expm1(lower)


def verdict_of(share: float, low: float, high: float, target: float) -> Verdict:
    """Judge one target: met if the lower bound reaches it, not met if the upper bound stays below it, else open."""
    if low >= target:
        return Verdict.MET
    if high < target:
        return Verdict.NOT_MET
    return Verdict.REDUCED if share > target and low > 0 else Verdict.OPEN


# -- Resampling --------------------------------------------------------------------------------------------------------


def draw_counts(sessions: int, *, seed: Sequence[int], draws: int = DRAWS) -> NDArray[np.int64]:
    """Return how often each session is drawn in each of the draws with replacement (shape: draws, sessions)."""
    return np.random.default_rng(list(seed)).multinomial(sessions, np.full(sessions, 1 / sessions), size=draws)


def centre(logs: Numbers, *, by_median: bool) -> Numbers:
    """Return the mean, or the median, of the last axis."""
    found: Numbers = np.median(logs, axis=-1) if by_median else np.mean(logs, axis=-1)
    return found


def drawn_centres(logs: Numbers, counts: NDArray[np.int64], *, by_median: bool) -> Numbers:
    """Return the centre of every draw (shape: ..., draws) of logarithms (shape: ..., sessions).

    The median of a draw is the value at the draw's median rank, so ranks are found once for all data sets.
    """
    sessions = counts.shape[-1]
    if not by_median:
        means: Numbers = logs @ (counts.T / sessions)
        return means
    drawn_so_far = np.cumsum(counts, axis=-1)
    lower = np.argmax(drawn_so_far > (sessions - 1) // 2, axis=-1)
    upper = np.argmax(drawn_so_far > sessions // 2, axis=-1)
    ranked = np.sort(logs, axis=-1)
    medians: Numbers = (ranked[..., lower] + ranked[..., upper]) / 2
    return medians


# -- Leaving one out ---------------------------------------------------------------------------------------------------


def turned_by_one(samples: Sequence[Sample], targets: Sequence[float] = TARGETS) -> list[LeftOut]:
    """Return every session without which a verdict would be another, whichever; empty when all verdicts survive.

    Means or medians stay as they were chosen with all sessions, so that only the session makes the difference.
    """
    whole = reduction_of(samples)
    if whole is None:
        return []
    verdicts = {target: whole.verdict(target) for target in targets}
    return [
        LeftOut(sample.times.key, side, place, target, verdict)
        for sample in samples
        for side in (BEFORE, AFTER)
        for place, reduction in enumerate(without_each(samples, sample, side))
        for target in targets
        if (verdict := verdict_of(*reduction, target)) is not verdicts[target]
    ]


def without_each(samples: Sequence[Sample], sample: Sample, side: int) -> Iterator[tuple[float, float, float]]:
    """Yield R, lower and upper bound without the first, the second, ... session of one side of one series.

    Weights are shares of baseline hours, so leaving out a session of the baseline moves them too.
    """
    times = sample.times
    minutes = np.array(times.after if side == AFTER else times.before)
    logs = all_but_one(np.log(minutes))
    counts = draw_counts(len(minutes) - 1, seed=(SEED, times.key, side))
    centres = centre(logs, by_median=times.by_medians)[:, np.newaxis]
    drawn = drawn_centres(logs, counts, by_median=times.by_medians)
    other = np.log(times.before if side == AFTER else times.after)
    other_centre = centre(other, by_median=times.by_medians)
    other_drawn = drawn_side(times, other, 1 - side)
    sign = 1 if side == AFTER else -1
    hours = np.full(len(minutes), sample.hours) if side == AFTER else sample.hours - minutes / 60

    rest = [one for one in samples if one is not sample]
    rest_hours = sum(one.hours for one in rest)
    rest_difference = sum(one.hours * one.difference for one in rest)
    rest_draws = sum((one.hours * one.draws for one in rest), np.zeros(DRAWS))

    own, total = hours[:, np.newaxis], (hours + rest_hours)[:, np.newaxis]
    differences = (own * sign * (centres - other_centre) + rest_difference) / total
    lows, highs = interval_of((own * sign * (drawn - other_drawn) + rest_draws) / total)
    for difference, low, high in zip(differences[:, 0], lows, highs, strict=True):
        yield shorter_by(difference), float(low), float(high)


def all_but_one(values: Numbers) -> Numbers:
    """Return the values without the first, without the second, ... (shape: n, n - 1)."""
    n = len(values)
    kept: Numbers = np.broadcast_to(values, (n, n))[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    return kept
