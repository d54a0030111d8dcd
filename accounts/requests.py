"""The request of somebody who is logged in: what the middleware lets through to every other view."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import Person
from realtime.refusals import Refusal


class SignedInRequest(HttpRequest):
    user: Person  # type: ignore[assignment]
    htmx: HtmxDetails


View = TypeVar("View", bound=Callable[..., object])


def for_scripts(view: View) -> View:
    """Mark a view that no person looks at: who may not enter is told so by a status, never led to another page."""
    view.for_scripts = True  # type: ignore[attr-defined]
    return view


LONGEST_KEY = 18  # digits: what no key of a row is longer than, and every database takes


def key_in(text: str) -> int:
    """The key that a form or an address names; 0, which no row has, where it is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


def words_in(text: str) -> str:
    """What was typed into a field that no form checks; refused where it holds a NUL, which PostgreSQL cannot keep."""
    if "\x00" in text:
        raise Refusal("invalid", _("The text contains a character that cannot be kept. Type it again."))
    return text.strip()
