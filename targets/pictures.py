"""The one picture of the leadership page: R and its interval against both targets. Drawn by the page itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from targets.effect import Reduction

LEFT, RIGHT = 3.0, 97.0  # percent of the width between which the axis lies
LOWEST, HIGHEST, STEP = -0.10, 0.70, 0.10


@dataclass(frozen=True)
class Tick:
    share: float
    x: str
    is_target: bool


@dataclass(frozen=True)
class Picture:
    """Places along the width, as percentages that SVG understands."""

    low: str
    high: str
    middle: str
    width: str
    ticks: list[Tick]


def picture_of(reduction: Reduction) -> Picture:
    first = min(LOWEST, rounded_out(reduction.low, down=True))
    last = max(HIGHEST, rounded_out(reduction.high, down=False))

    def place(share: float) -> float:
        inside = min(max(share, first), last)
        return LEFT + (RIGHT - LEFT) * (inside - first) / (last - first)

    step = STEP if last - first <= 1.2 else 2 * STEP
    count = round((last - first) / step)
    shares = {round(first + number * step, 1) for number in range(count + 1)} | {0.3, 0.5}
    return Picture(
        low=percent_of_width(place(reduction.low)),
        high=percent_of_width(place(reduction.high)),
        middle=percent_of_width(place(reduction.share)),
        width=percent_of_width(place(reduction.high) - place(reduction.low)),
        ticks=[Tick(share, percent_of_width(place(share)), share in {0.3, 0.5}) for share in sorted(shares)],
    )


def rounded_out(share: float, *, down: bool) -> float:
    """Round to the next tenth outwards; nothing is drawn beyond twice as long."""
    tenths = share * 10 // 1 if down else -(-share * 10 // 1)
    return max(tenths / 10, -1.0)


def percent_of_width(place: float) -> str:
    return f"{place:.2f}%"
