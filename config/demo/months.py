"""The calendar of the demo: everything in the past is placed by months before the day of the start. Pure."""

from datetime import date, timedelta

BASELINE_MONTHS, MONTHS_OF_USE = 12, 14
FIRST_WEEKEND_DAY = 5
DAY = timedelta(days=1)


def first_of_month(day: date, *, months_ago: int) -> date:
    """Return the first day of the month that many months before the month of that day.

    >>> first_of_month(date(2026, 2, 24), months_ago=3)
    datetime.date(2025, 11, 1)
    """
    months = day.year * 12 + day.month - 1 - months_ago
    return date(months // 12, months % 12 + 1, 1)


def nth_weekday(month: date, weekday: int, nth: int) -> date:
    """Return the nth (from 1) of that weekday (Monday is 0) in the month that begins on the given day.

    >>> nth_weekday(date(2026, 11, 1), 1, 2)
    datetime.date(2026, 11, 10)
    """
    return month + timedelta(days=(weekday - month.weekday()) % 7 + 7 * (nth - 1))


def working_day(day: date, *, after: int = 0, before: int = 0) -> date:
    """Return the day that many working days after or before; 0 is the day itself or the next that is one."""
    step = -DAY if before else DAY
    while day.weekday() >= FIRST_WEEKEND_DAY:
        day += step
    for _each in range(after or before):
        day += step
        while day.weekday() >= FIRST_WEEKEND_DAY:
            day += step
    return day


def last_day_before(day: date) -> date:
    return day - DAY
