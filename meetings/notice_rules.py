"""The notice a session's rule set asks for: until when its papers are in time, and how late one came.

It is counted from the day the session opens: planned until it has begun, then the day on which it did. Moving a session
moves the time for its papers too, for what counts is how many days members had; what was planned says nothing of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.utils import timezone
from django.utils.translation import ngettext

from meetings.models import Kind, Meeting
from meetings.notice_days import Counts, days_late, every_day, last_day_in_time, working_days


@dataclass(frozen=True)
class Lateness:
    """That something came too late: when, and how many days of notice were missing then."""

    at: datetime
    days: int
    in_working_days: bool

    @property
    def words(self) -> str:
        if self.in_working_days:
            words = ngettext("sent %(days)d working day late", "sent %(days)d working days late", self.days)
        else:
            words = ngettext("sent %(days)d day late", "sent %(days)d days late", self.days)
        return words % {"days": self.days}


@dataclass(frozen=True)
class NoticePeriod:
    """How many days before which day, and which days count."""

    opening: date
    days: int
    in_working_days: bool

    @property
    def counts(self) -> Counts:
        return working_days(official_holidays()) if self.in_working_days else every_day

    @property
    def last_day(self) -> date:
        return last_day_in_time(self.opening, days=self.days, counts=self.counts)

    @property
    def words(self) -> str:
        if self.in_working_days:
            words = ngettext("%(days)d working day before", "%(days)d working days before", self.days)
        else:
            words = ngettext("%(days)d day before", "%(days)d days before", self.days)
        return words % {"days": self.days}

    def lateness(self, at: datetime) -> Lateness | None:
        """How late something is that came at this moment; None where it was in time."""
        arrived = timezone.localdate(at)
        missing = days_late(arrived, opening=self.opening, days=self.days, counts=self.counts)
        return Lateness(at, missing, self.in_working_days) if missing else None


def notice_of(meeting: Meeting) -> NoticePeriod:
    opening = timezone.localdate(meeting.started_at or meeting.starts_at)
    is_extraordinary = meeting.kind == Kind.EXTRAORDINARY
    rules = meeting.rule_set
    days = rules.notice_days_extraordinary if is_extraordinary else rules.notice_days_regular
    return NoticePeriod(opening, days, not is_extraordinary)


@cache
def official_holidays() -> OfficialHolidays:
    return OfficialHolidays()


class OfficialHolidays:
    """The public holidays of Viet Nam, each year when it is first asked for; Sundays that were moved are among them."""

    def __init__(self) -> None:
        from holidays.countries import VN  # a second of the first request that asks, none of every start

        self._days = VN()

    def __contains__(self, day: object) -> bool:
        return day in self._days
