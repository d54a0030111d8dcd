"""The request of somebody who is logged in: what the middleware lets through to every other view."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import Person
from realtime.refusals import Refusal


class SignedInRequest(HttpRequest):
    user: Person  # type: ignore[assignment]
    htmx: HtmxDetails


LONGEST_KEY = 18  # digits: what no key of a row is longer than, and every database takes


def key_in(text: str) -> int:
    """The key that a form or an address names; 0, which no row has, where it is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


def words_in(text: str) -> str:
    """What was typed into a field that no form checks; refused where it holds a NUL, which PostgreSQL cannot keep."""
    if "\x00" in text:
        raise Refusal("invalid", _("The text contains a character that cannot be kept. Type it again."))
    return text.strip()
