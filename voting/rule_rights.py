"""Who may read the rule sets and who keeps them. A list rule and its twin for one object stand side by side."""

from django.db.models import QuerySet

from accounts.models import OrganisationRole, Person
from accounts.rules import is_system_admin
from meetings.models import Participant, RuleSet
from meetings.rules import PREPARING_ROLES

READING_ROLES = (*PREPARING_ROLES, OrganisationRole.Role.SYSTEM_ADMIN)


def visible_rule_sets(person: Person) -> QuerySet[RuleSet]:
    """All of them, for whoever prepares meetings anywhere or administers: rules belong to no unit."""
    return RuleSet.objects.all() if may_read_rule_sets(person) else RuleSet.objects.none()


def may_see_rule_set(person: Person, rule_set: RuleSet) -> bool:
    return visible_rule_sets(person).filter(pk=rule_set.pk).exists()


def may_read_rule_sets(person: Person) -> bool:
    if not person.is_active:
        return False
    if person.is_superuser or person.roles.filter(role__in=READING_ROLES).exists():
        return True
    return Participant.objects.filter(person=person, role=Participant.Role.SECRETARY).exists()


def may_keep_rule_sets(person: Person) -> bool:
    """Only system administrators write rules: they hold for every unit of the installation."""
    return is_system_admin(person)
