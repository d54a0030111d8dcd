"""`{% demo_arrivals %}` on the login page: one press per role; on its own host that role. Empty outside the demo."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from config.demo.people import SEATS, WALL

register = template.Library()


@register.inclusion_tag("demo/_arrivals.html", takes_context=True)
def demo_arrivals(context: template.Context) -> dict[str, Any]:
    if not settings.DEMO:
        return {"seats": []}
    request = context["request"]
    host = request.get_host().partition(".")[0]
    seats = [seat for seat in [*SEATS, WALL] if seat.key == host] or [*SEATS, WALL]
    words = [(seat.key, seat.vi if get_language() == "vi" else seat.en) for seat in seats]
    return {
        "seats": words,
        "request": request,
        "next": request.GET.get("next", ""),
        "csrf_token": context["csrf_token"],
    }
