"""The request of somebody who is logged in: what the middleware lets through to every other view."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Person


class SignedInRequest(HttpRequest):
    user: Person  # type: ignore[assignment]
    htmx: HtmxDetails


LONGEST_KEY = 18  # digits: what no key of a row is longer than, and every database takes


def key_in(text: str) -> int:
    """The key that a form or an address names; 0, which no row has, where it is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0
