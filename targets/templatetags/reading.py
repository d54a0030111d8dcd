"""What pages ask about who reads and keeps figures. One question to the database each."""

from typing import Any

from django import template
from django.http import QueryDict

from accounts.models import Person
from targets import rules

register = template.Library()


@register.filter
def reads_figures(person: Person) -> bool:
    return person.is_authenticated and rules.reads_figures(person)


@register.filter
def keeps_numbers(person: Person) -> bool:
    return person.is_authenticated and rules.keeps_numbers(person)


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """The value that a mapping has for a key."""
    return mapping.get(key)


@register.simple_tag
def address(*parts: str, **more: Any) -> str:
    """The query of a link: filters as they stand in the address, later ones over earlier ones."""
    query = QueryDict(mutable=True)
    for part in parts:
        for name, value in QueryDict(part).items():
            query[name] = str(value)
    for name, value in more.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
