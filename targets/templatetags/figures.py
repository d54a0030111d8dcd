"""How figures are written: 38,2 %, 155, never a bare number without its unit nearby."""

import math

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy

from accounts.models import Act

register = template.Library()
NARROW_BLANK = "\u00a0"
ACTS = {
    "baseline_entered": gettext_lazy("began the baseline"),
    "baseline_changed": gettext_lazy("changed window, first day of use or learning months"),
    "baseline_sessions_added": gettext_lazy("entered sessions"),
    "baseline_session_changed": gettext_lazy("changed a session"),
    "baseline_session_removed": gettext_lazy("removed a session"),
    "baseline_proof_attached": gettext_lazy("attached scanned minutes"),
    "baseline_frozen": gettext_lazy("froze and signed the baseline"),
}


@register.filter
def percent(share: float | None) -> str:
    """38,2 % from 0.382."""
    return written(round(share * 100, 1)) if share is not None else "–"


@register.filter
def percent_down(share: float) -> str:
    """Rounded down: a lower bound of 29.96 % must not read as 30."""
    return written(math.floor(share * 1000 + 1e-9) / 10)


@register.filter
def percent_up(share: float) -> str:
    return written(math.ceil(share * 1000 - 1e-9) / 10)


@register.filter
def whole_percent(share: float) -> str:
    return f"{round(share * 100)}{NARROW_BLANK}%"


@register.filter
def signed_percent(share: float) -> str:
    """A place on an axis."""
    return f"{'−' if share < 0 else ''}{round(abs(share) * 100)}{NARROW_BLANK}%"


@register.filter
def whole_minutes(minutes: float | None) -> str:
    return number_format(round(minutes), 0) if minutes is not None else "–"


def written(number: float) -> str:
    sign = "−" if number < 0 else ""
    return f"{sign}{number_format(abs(number), 1)}{NARROW_BLANK}%"


@register.filter
def act_in_words(act: Act) -> str:
    return str(ACTS.get(act.act, act.act))
