"""What pages ask about administration."""

from django import template

from accounts import rules, told
from accounts.forms import WORDS_OF_LOGIN_ACTS
from accounts.models import Act, Membership, Person

register = template.Library()


@register.filter
def sentence(act: Act) -> str:
    return told.sentence_of(act)


@register.filter
def login_words(act: Act) -> str:
    return str(WORDS_OF_LOGIN_ACTS.get(act.act, act.act))


@register.filter
def administers_the_system(person: Person) -> bool:
    return rules.is_system_admin(person)


@register.filter
def indent(depth: int) -> str:
    """The class of a row that stands so deep in the tree; below the sixth they stand in one line."""
    return f"depth-{min(depth, 6)}"


@register.filter
def offices_in_words(offices: list[Membership]) -> str:
    return ", ".join(f"{one.position.name} {one.organisation.short_name}" for one in offices)
