"""Net time: what was really spent meeting. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Span:
    """From `began` to `ended`; an open one has no end yet."""

    began: datetime
    ended: datetime | None

    def seconds(self, now: datetime) -> float:
        return max(0.0, ((self.ended or now) - self.began).total_seconds())

    def overlap(self, other: "Span", now: datetime) -> float:
        """Seconds that both spans share."""
        begin, end = max(self.began, other.began), min(self.ended or now, other.ended or now)
        return max(0.0, (end - begin).total_seconds())


def net_seconds(spans: Iterable[Span], pauses: Iterable[Span], now: datetime) -> int:
    """Return the whole seconds of the spans without the pauses inside them. Pauses must not overlap one another.

    `now` ends what is still open. Rounded half up, so that a minute of 59.6 s is a minute.
    """
    breaks = list(pauses)
    total = sum(span.seconds(now) - sum(span.overlap(pause, now) for pause in breaks) for span in spans)
    return int(total + 0.5)
