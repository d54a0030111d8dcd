"""The sheet of one month, week by week. Pure."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass
class Day(Generic[Entry]):
    """A day of the sheet; those that fill up the first and the last week belong to another month."""

    date: date
    is_in_month: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Month(Generic[Entry]):
    first: date
    weeks: list[list[Day[Entry]]]

    @property
    def previous(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> list[Day[Entry]]:
        """Days of the month itself that have entries, in order."""
        return [day for week in self.weeks for day in week if day.is_in_month and day.entries]


def month_named(text: str, *, otherwise: date) -> date:
    """Return the first day of "2026-11"; of the month of the other day where the text names no month."""
    year, _dash, month = text.partition("-")
    is_month = len(text) <= len("2026-11") and year.isdecimal() and month.isdecimal()
    if is_month and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return otherwise.replace(day=1)


def span_of(first: date) -> tuple[date, date]:
    """The first day of the month and the first of the next."""
    return first, (first + timedelta(days=31)).replace(day=1)


def month_of(first: date, entries: Iterable[tuple[date, Entry]], *, today: date) -> Month[Entry]:
    """Put the entries on the sheet of the month that begins with `first`; weeks begin on Monday."""
    days: dict[date, Day[Entry]] = {}
    weeks = []
    for week in calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month):
        weeks.append([Day[Entry](day, day.month == first.month, day == today) for day in week])
        days.update({day.date: day for day in weeks[-1]})
    for on, entry in entries:
        if on in days and days[on].is_in_month:
            days[on].entries.append(entry)
    return Month(first, weeks)
