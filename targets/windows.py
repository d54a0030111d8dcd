"""Days and months of a comparison. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST_MONTHS, MOST_MONTHS = 12, 24
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """From a day until a day, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def is_long_enough(self) -> bool:
        return self.last + DAY >= self.months_later(self.first, FEWEST_MONTHS)

    @property
    def is_short_enough(self) -> bool:
        return self.last + DAY <= self.months_later(self.first, MOST_MONTHS)

    def months(self) -> Iterator[date]:
        """Yield the first day of every month that the window touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = self.months_later(month, 1)

    def months_without(self, days: Iterable[date]) -> list[date]:
        """Return the first days of those months in which none of the days lies."""
        held = {day.replace(day=1) for day in days}
        return [month for month in self.months() if month not in held]

    @staticmethod
    def months_later(day: date, months: int) -> date:
        """Return the same day so many months later, or the last day of that month if it is shorter."""
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        for last in (day.day, 30, 29, 28):
            try:
                return date(year, month + 1, min(day.day, last))
            except ValueError:
                continue
        raise AssertionError("Every month has 28 days.")
