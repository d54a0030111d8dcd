"""What other pages ask about rule sets."""

from django import template

from accounts.models import Person
from voting.rule_rights import may_read_rule_sets

register = template.Library()


@register.filter
def reads_rule_sets(person: Person) -> bool:
    return may_read_rule_sets(person)
