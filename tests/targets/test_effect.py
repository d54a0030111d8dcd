"""What a right implementation gives (design/measuring.md): simulated data whose truth is known, fixed seeds.

Lengths are log-normal with a log-sd of 0.35, 12 sessions before and 12 after. The production functions work on many
data sets at once along the first axis; each test says how many.
"""

import time

import numpy as np
import pytest

from targets.effect import (
    AFTER,
    BEFORE,
    DRAWS,
    TARGETS,
    Times,
    Verdict,
    draw_counts,
    drawn_centres,
    interval_of,
    reduction_of,
    samples_of,
    shorter_by,
    turned_by_one,
    verdict_of,
    without_each,
)

SPREAD, EACH_SIDE, DATA_SETS = 0.35, 12, 4000


def simulated(cut: float, *, series: int, seed: int, sessions: int = EACH_SIDE, by_median: bool = False) -> np.ndarray:
    """Return (share, low, high) of many data sets with a true cut in each of the series, which weigh alike."""
    rng = np.random.default_rng(seed)
    differences, draws = np.zeros(DATA_SETS), np.zeros((DATA_SETS, DRAWS))
    for key in range(series):
        before = rng.normal(np.log(180), SPREAD, (DATA_SETS, sessions))
        after = rng.normal(np.log(180 * (1 - cut)), SPREAD, (DATA_SETS, sessions))
        hours = np.exp(before).sum(axis=1) / 60
        weights = np.full_like(hours, 1 / series)  # of one length, so their shares differ by chance alone
        counts = [draw_counts(sessions, seed=(seed, key, side)) for side in (BEFORE, AFTER)]
        middle = np.median if by_median else np.mean
        differences += weights * (middle(after, axis=1) - middle(before, axis=1))
        drawn = drawn_centres(after, counts[1], by_median=by_median)
        draws += weights[:, None] * (drawn - drawn_centres(before, counts[0], by_median=by_median))
    low, high = interval_of(draws)
    return np.stack([-np.expm1(differences), low, high])


def share_met(results: np.ndarray, target: float = 0.30) -> float:
    return float(np.mean([verdict_of(*one, target) is Verdict.MET for one in results.T]))


@pytest.mark.parametrize("cut", [0.0, 0.30, 0.45])
@pytest.mark.parametrize("series", [1, 3])
def test_the_interval_covers_the_truth(cut: float, series: int) -> None:
    """4000 data sets."""
    _share, low, high = simulated(cut, series=series, seed=11)
    assert 0.89 <= np.mean((low <= cut) & (cut <= high)) <= 0.98


def test_the_interval_of_medians_covers_the_truth_too() -> None:
    """4000 data sets of 8 sessions a side."""
    _share, low, high = simulated(0.4, series=3, seed=12, sessions=8, by_median=True)
    assert 0.89 <= np.mean((low <= 0.4) & (high >= 0.4)) <= 0.99


@pytest.mark.parametrize(
    ("cut", "fewest", "most"), [(0.45, 0.80, 0.92), (0.35, 0.10, 0.25), (0.30, 0.0, 0.06), (0.0, 0.0, 0.01)]
)
def test_how_often_a_true_cut_over_three_series_is_proved(cut: float, fewest: float, most: float) -> None:
    """4000 data sets."""
    assert fewest <= share_met(simulated(cut, series=3, seed=13)) <= most


def test_the_whole_way_agrees_with_what_is_simulated() -> None:
    """300 data sets through `samples_of` and `reduction_of`, weights by hours: a true cut of 45 % over 3 series."""
    rng = np.random.default_rng(14)
    met = covered = 0
    for _ in range(300):
        series = [
            Times(
                key,
                tuple(np.exp(rng.normal(np.log(minutes), SPREAD, EACH_SIDE))),
                tuple(np.exp(rng.normal(np.log(minutes * 0.55), SPREAD, EACH_SIDE))),
            )
            for key, minutes in enumerate((240, 180, 150))
        ]
        found = reduction_of(samples_of(series))
        assert found is not None
        met += found.verdict(0.30) is Verdict.MET
        covered += found.low <= 0.45 <= found.high
    assert 0.75 <= met / 300 <= 0.95
    assert 0.88 <= covered / 300 <= 0.99


def test_a_changed_mix_of_sessions_is_no_reduction() -> None:
    """Plenaries of 240 and briefings of 60 minutes, none shorter, only more briefings: the plain mean falls by 36 %."""
    rng = np.random.default_rng(15)

    def around(minutes: float, count: int) -> tuple[float, ...]:
        return tuple(minutes * np.exp(rng.normal(0, SPREAD, count)))

    verdicts = set()
    for _ in range(300):
        series = [Times(1, around(240, 12), around(240, 12)), Times(2, around(60, 12), around(60, 48))]
        found = reduction_of(samples_of(series))
        assert found is not None
        verdicts |= {found.verdict(target) for target in TARGETS}
    assert Verdict.MET not in verdicts
    exact = reduction_of(samples_of([Times(1, (240,) * 12, (240,) * 12), Times(2, (60,) * 12, (60,) * 24)]))
    assert exact is not None
    assert (exact.share, exact.low, exact.high) == pytest.approx((0, 0, 0))


# -- By hand -----------------------------------------------------------------------------------------------------------


def test_weights_are_shares_of_the_hours_of_the_baseline() -> None:
    halved, same = Times(1, (180,) * 12, (90,) * 12), Times(2, (60,) * 12, (60,) * 12)
    found = reduction_of(samples_of([halved, same]))
    assert found is not None
    assert found.share == pytest.approx(1 - 0.5 ** (3 / 4))  # 36 of 48 hours
    assert (found.sessions_before, found.sessions_after) == (24, 24)


def test_below_12_sessions_medians_are_compared() -> None:
    few = Times(1, (100,) * 11, (50,) * 10 + (5000,))
    found = reduction_of(samples_of([few]))
    assert found is not None
    assert found.share == pytest.approx(0.5)
    enough = Times(1, (100,) * 12, (50,) * 11 + (5000,))
    found = reduction_of(samples_of([enough]))
    assert found is not None
    assert found.share == pytest.approx(1 - 0.5 * 100 ** (1 / 12))


def test_fewer_than_6_on_a_side_are_not_pooled() -> None:
    assert samples_of([Times(1, (100,) * 40, (50,) * 5), Times(2, (100,) * 5, (50,) * 40)]) == []
    assert reduction_of([]) is None
    assert len(samples_of([Times(1, (100,) * 6, (50,) * 6)])) == 1


def test_the_median_of_a_draw_is_the_median_of_what_was_drawn() -> None:
    rng = np.random.default_rng(16)
    for sessions in (7, 8):
        logs, counts = rng.normal(size=sessions), draw_counts(sessions, seed=(1, 2, 3), draws=50)
        plain = [np.median(np.repeat(np.sort(logs), row)) for row in counts]
        assert drawn_centres(logs, counts, by_median=True) == pytest.approx(plain)
        means = [np.mean(np.repeat(logs, row)) for row in counts]
        assert drawn_centres(logs, counts, by_median=False) == pytest.approx(means)


@pytest.mark.parametrize(
    ("share", "low", "high", "expected"),
    [
        (0.40, 0.30, 0.50, Verdict.MET),
        (0.40, 0.2999, 0.50, Verdict.REDUCED),
        (0.25, 0.10, 0.40, Verdict.OPEN),
        (0.35, -0.01, 0.60, Verdict.OPEN),
        (0.20, 0.10, 0.2999, Verdict.NOT_MET),
        (0.20, 0.10, 0.30, Verdict.OPEN),
        (-0.10, -0.20, 0.05, Verdict.NOT_MET),
    ],
)
def test_the_verdict_for_30_percent(share: float, low: float, high: float, expected: Verdict) -> None:
    assert verdict_of(share, low, high, 0.30) is expected


def test_the_same_data_give_the_same_interval_whatever_stands_beside_it() -> None:
    rng = np.random.default_rng(17)
    one = Times(5, tuple(rng.uniform(60, 240, 14)), tuple(rng.uniform(40, 200, 14)))
    other = Times(6, one.after, one.before)
    alone, beside = samples_of([one]), samples_of([other, one])
    assert reduction_of(alone) == reduction_of([beside[1]])


# -- Leaving one out ---------------------------------------------------------------------------------------------------


def test_leaving_one_out_is_what_leaving_it_out_by_hand_gives() -> None:
    rng = np.random.default_rng(18)
    one = Times(1, tuple(rng.uniform(60, 240, 14)), tuple(rng.uniform(40, 200, 15)))
    other = Times(2, tuple(rng.uniform(60, 240, 9)), tuple(rng.uniform(40, 200, 8)))
    samples = samples_of([one, other])
    for side in (BEFORE, AFTER):
        found = list(without_each(samples, samples[0], side))
        for place in (0, 13):
            cut = tuple(
                values[:place] + values[place + 1 :] if side == at else values
                for at, values in enumerate((one.before, one.after))
            )
            by_hand = reduction_of(samples_of([Times(1, *cut), other]))
            assert by_hand is not None
            assert found[place] == pytest.approx((by_hand.share, by_hand.low, by_hand.high))


def test_a_verdict_that_hangs_on_one_session_says_which() -> None:
    """One session ten times too long keeps a true cut from being proved."""
    rng = np.random.default_rng(19)
    before = tuple(180 * np.exp(rng.normal(0, 0.1, 14)))
    after = (*(100 * np.exp(rng.normal(0, 0.1, 13))), 1800.0)
    samples = samples_of([Times(7, before, after)])
    whole = reduction_of(samples)
    assert whole is not None
    assert whole.verdict(0.30) is not Verdict.MET
    turned = [one for one in turned_by_one(samples) if one.verdict is Verdict.MET]
    assert {(one.key, one.side, one.place, one.target) for one in turned} == {(7, AFTER, 13, 0.30)}


def test_a_clear_verdict_survives() -> None:
    rng = np.random.default_rng(20)
    before, after = 180 * np.exp(rng.normal(0, 0.1, 20)), 60 * np.exp(rng.normal(0, 0.1, 20))
    assert turned_by_one(samples_of([Times(1, tuple(before), tuple(after))])) == []


def test_a_province_of_many_years_is_computed_in_a_moment() -> None:
    """80 series of 24 sessions before and 100 after: 10,000 sessions, every one left out once."""
    rng = np.random.default_rng(21)
    series = [Times(key, tuple(rng.uniform(60, 240, 24)), tuple(rng.uniform(40, 200, 100))) for key in range(80)]
    began = time.process_time()
    samples = samples_of(series)
    reduction_of(samples)
    seconds = time.process_time() - began
    assert seconds < 2
    turned_by_one(samples)
    assert shorter_by(float(np.log(0.7))) == pytest.approx(0.3)
