"""Which days may be typed anywhere: a slip of the hand, such as the year 9999 or 206, is told at once."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

EARLIEST = date(1900, 1, 1)  # older than whoever holds an office, and than every law in force
YEARS_AHEAD = 20  # four terms


def refuse_far_day(value: date | datetime) -> None:
    """Refuse a day out of reach; of a moment, the day that it has here."""
    day = value.date() if isinstance(value, datetime) else value
    latest = date(timezone.localdate().year + YEARS_AHEAD, 12, 31)
    if not EARLIEST <= day <= latest:
        words = _("Is the year right? Give a day from %(first)s to %(last)s.")
        raise ValidationError(
            words % {"first": date_format(EARLIEST, "d/m/Y"), "last": date_format(latest, "d/m/Y")}, code="far_day"
        )
