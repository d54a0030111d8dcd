from typing import Any

from django import template

register = template.Library()


@register.filter
def under(lists: dict[str, list[Any]], key: str) -> list[Any]:
    """The list kept under a key; an empty one if there is none."""
    return lists.get(key, [])
