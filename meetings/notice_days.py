"""How early papers must be there: the days of notice of a rule set, counted back from the day a session opens. Pure."""

from collections.abc import Callable, Container, Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
FIRST_WEEKEND_DAY = 5
LONGEST_LOOK = 370  # days: more notice than that no rule set asks for, and no paper is that late

Counts = Callable[[date], bool]


def every_day(day: date) -> bool:
    """Days of an extraordinary session are days of the calendar."""
    return True


def working_days(holidays: Container[date] = ()) -> Counts:
    """Return the test for a working day: Monday to Friday, and none of the holidays."""
    return lambda day: day.weekday() < FIRST_WEEKEND_DAY and day not in holidays


def last_day_in_time(opening: date, *, days: int, counts: Counts) -> date:
    """Return the last day on which a paper is in time: from it on, `days` days that count come before the opening.

    >>> last_day_in_time(date(2026, 11, 19), days=3, counts=working_days())  # a Thursday: until Monday
    datetime.date(2026, 11, 16)
    """
    day, left = opening, days
    while left > 0:
        day -= DAY
        left -= counts(day)
    return day


def days_late(arrived: date, *, opening: date, days: int, counts: Counts) -> int:
    """Return how many of the days of notice are missing; 0 where the paper was in time.

    Days that count from the day of arrival on, up to the day before the opening, are there; the rest is missing. On the
    opening day all are missing, and one more for each day that counts after it: a session may last for days.

    >>> days_late(date(2026, 11, 17), opening=date(2026, 11, 19), days=3, counts=working_days())
    1
    >>> days_late(date(2026, 11, 20), opening=date(2026, 11, 19), days=3, counts=working_days())
    4
    """
    if arrived >= opening:
        return days + sum(counts(day) for day in days_from(opening, arrived))
    return max(0, days - sum(counts(day) for day in days_from(max(arrived, opening - LONGEST_LOOK * DAY), opening)))


def days_from(first: date, end: date) -> Iterator[date]:
    """The days from the first on, without the end."""
    for number in range(min((end - first).days, LONGEST_LOOK)):
        yield first + number * DAY
