"""The card of the first visit."""

from typing import Any

from django import template

from accounts.models import Person
from meetings.guides import guide_for

register = template.Library()


@register.inclusion_tag("meetings/_guide_card.html", takes_context=True)
def guide_card(context: dict[str, Any], person: Person) -> dict[str, Any]:
    """The first steps of the person's own guide, until they are put away."""
    shown = None if person.has_put_guide_away else guide_for(person)
    return {"guide": shown, "request": context["request"], "csrf_token": context.get("csrf_token")}
