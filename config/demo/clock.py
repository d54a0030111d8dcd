"""A clock that stands where the demo wants it, to let people's own actions happen in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, tzinfo
from unittest import mock

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let Django's clock stand at that moment: only here, to hold a session of the past."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Then):
        yield


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return that time of the day in the province."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
