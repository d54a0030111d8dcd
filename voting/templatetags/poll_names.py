from typing import Any

from django import template

from voting.ballot_papers import IS

register = template.Library()


@register.filter
def under_level(lists: dict[str, list[Any]], subject: dict[str, str]) -> dict[str, list[Any]]:
    """The lists of one person rated, under the levels alone."""
    begin = f"{subject['key']}{IS}"
    return {key.removeprefix(begin): voices for key, voices in lists.items() if key.startswith(begin)}


@register.filter
def under(lists: dict[str, list[Any]], key: str) -> list[Any]:
    """The list kept under a key; an empty one if there is none."""
    return lists.get(key, [])
