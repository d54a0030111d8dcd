"""How long the sessions of the demo take: log-normal, the same for the same seed whatever the day. Pure."""

import math
import random

from config.demo.months import BASELINE_MONTHS
from config.demo.series import SeriesPlan

SEED = 2027
LOG_SD = 0.35
LEARNING_MONTHS = 2
# Nobody sits through the night: a draw further out than this is drawn again.
MOST_DEVIATIONS = 2.0


def baseline_minutes(plan: SeriesPlan) -> list[int]:
    """Net minutes of every session of the year before the system, oldest first."""
    return draws(plan, "before", BASELINE_MONTHS * len(plan.days), plan.before)


def minutes_of_use(plan: SeriesPlan) -> list[int]:
    """Net minutes of every session with the system, oldest first; in the learning months half of the cut is reached."""
    learning = LEARNING_MONTHS * len(plan.days)
    counted = (plan.months_of_use - LEARNING_MONTHS) * len(plan.days)
    return [
        *draws(plan, "learning", learning, plan.before * (1 - plan.cut / 2)),
        *draws(plan, "after", counted, plan.before * (1 - plan.cut)),
    ]


def draws(plan: SeriesPlan, period: str, count: int, median: float) -> list[int]:
    dice = random.Random(f"{SEED}:{plan.key}:{period}")  # noqa: S311 - lengths of sessions, no secrets
    return [max(10, round(median * math.exp(LOG_SD * deviation(dice)))) for _each in range(count)]


def deviation(dice: random.Random) -> float:
    while abs(drawn := dice.gauss(0, 1)) > MOST_DEVIATIONS:
        pass
    return drawn
