"""Who administers which units, people and accounts. A list rule and its twin for one object stand side by side."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    OrganisationRole,
    Person,
    PersonQuerySet,
)

Role = OrganisationRole.Role
ADMINISTRATING_ROLES = (Role.SYSTEM_ADMIN, Role.UNIT_ADMIN)
ROLES_OF_UNITS = (Role.UNIT_ADMIN, Role.SECRETARY, Role.LEADERSHIP)


def is_system_admin(person: Person) -> bool:
    """System administrators hold their role in some unit, but it reaches the whole installation."""
    return person.is_active and (person.is_superuser or person.roles.filter(role=Role.SYSTEM_ADMIN).exists())


def administers_something(person: Person) -> bool:
    return person.is_active and (person.is_superuser or person.roles.filter(role__in=ADMINISTRATING_ROLES).exists())


def system_admins() -> PersonQuerySet:
    """Those who could log in and administer everything."""
    able = Person.objects.filter(is_active=True, username__isnull=False)
    return able.filter(Q(is_superuser=True) | Q(roles__role=Role.SYSTEM_ADMIN)).distinct()


# -- Units -------------------------------------------------------------------------------------------------------------


def administered_by(person: Person) -> OrganisationQuerySet:
    """The units one administers, closed ones too: a unit administrator those of the own subtree."""
    if not person.is_active:
        return Organisation.objects.none()
    if is_system_admin(person):
        return Organisation.objects.all()
    return Organisation.objects.in_reach_of(person, Role.UNIT_ADMIN)


def may_administer(person: Person, organisation: Organisation) -> bool:
    return bool(reached_by(person, [organisation.pk]))


def may_place(person: Person, organisation: Organisation) -> bool:
    """May this person close, merge or move the unit? Not the top of what one administers: that is for those above."""
    if is_system_admin(person):
        return True
    return organisation.parent is not None and may_administer(person, organisation.parent)


def may_place_below(person: Person, parent: Organisation | None) -> bool:
    """May this person put a unit there? Units at the top of the tree are for system administrators."""
    return is_system_admin(person) if parent is None else may_administer(person, parent)


def reached_by(person: Person, units: Iterable[int]) -> set[int]:
    """Which of the units this person administers: those that have one of the person's own units above them."""
    if not person.is_active:
        return set()
    if is_system_admin(person):
        return set(units)
    tops = set(person.roles.filter(role=Role.UNIT_ADMIN).values_list("organisation_id", flat=True))
    parents = parents_of_units() if tops else {}
    return {unit for unit in units if tops & set(line_in(parents, unit))}


def line_above(organisation: Organisation) -> list[int]:
    """Return the keys of the unit and of all above it, nearest first."""
    return line_in(parents_of_units(), organisation.pk)


def line_in(parents: Mapping[int, int | None], unit: int) -> list[int]:
    line, above = [unit], parents.get(unit)
    while above is not None and above not in line:
        line.append(above)
        above = parents.get(above)
    return line


def parents_of_units() -> dict[int, int | None]:
    return dict(Organisation.objects.order_by().values_list("pk", "parent_id"))


# -- People ------------------------------------------------------------------------------------------------------------


def people_administered_by(person: Person) -> PersonQuerySet:
    """Those who hold or held office, or have a role, in a unit one administers."""
    if not person.is_active:
        return Person.objects.none()
    if is_system_admin(person):
        return Person.objects.all()
    units = administered_by(person).values("pk")
    in_office = Membership.objects.filter(organisation__in=units).values("person")
    in_role = OrganisationRole.objects.filter(organisation__in=units).values("person")
    return Person.objects.filter(Q(pk__in=in_office) | Q(pk__in=in_role))


def may_administer_person(person: Person, other: Person) -> bool:
    if not person.is_active:
        return False
    if is_system_admin(person):
        return True
    return bool(reached_by(person, units_of_offices(other) | units_of_roles(other)))


# -- Accounts ----------------------------------------------------------------------------------------------------------
#
# Whoever sets a password could log in as that person. So an account is kept only by administrators whose units hold all
# that the person may do: all present offices and all roles; for someone without a present office, all past ones.


def accounts_kept_by(person: Person) -> PersonQuerySet:
    """People whose log-in name, password and access one may change."""
    people = people_administered_by(person)
    if not person.is_active or is_system_admin(person):
        return people
    units = administered_by(person).values("pk")
    inside = Membership.objects.filter(organisation__in=units)
    outside = Membership.objects.exclude(organisation__in=units)
    beyond = OrganisationRole.objects.exclude(organisation__in=units) | OrganisationRole.objects.filter(
        role=Role.SYSTEM_ADMIN
    )
    today = timezone.localdate()
    return (
        people.filter(is_superuser=False)
        .exclude(pk__in=beyond.values("person"))
        .exclude(pk__in=not_ended(outside, today).values("person"))
        .filter(Q(pk__in=not_ended(inside, today).values("person")) | ~Q(pk__in=outside.values("person")))
    )


def may_keep_account(person: Person, other: Person) -> bool:
    if not may_administer_person(person, other):
        return False
    if is_system_admin(person):
        return True
    if other.is_superuser or other.roles.filter(role=Role.SYSTEM_ADMIN).exists():
        return False
    present = set(not_ended(other.memberships.all(), timezone.localdate()).values_list("organisation_id", flat=True))
    units = (present or units_of_offices(other)) | units_of_roles(other)
    return reached_by(person, units) == units


def not_ended(memberships: MembershipQuerySet, day: date) -> MembershipQuerySet:
    """Present offices, and those that begin later."""
    return memberships.filter(Q(valid_until=None) | Q(valid_until__gte=day))


def units_of_offices(person: Person) -> set[int]:
    return set(person.memberships.values_list("organisation_id", flat=True))


def units_of_roles(person: Person) -> set[int]:
    return set(person.roles.values_list("organisation_id", flat=True))


# -- Roles -------------------------------------------------------------------------------------------------------------


def roles_granted_by(person: Person) -> list[str]:
    """The roles this person may give and take in units that the person administers."""
    if is_system_admin(person):
        return [*ROLES_OF_UNITS, Role.SYSTEM_ADMIN]
    return list(ROLES_OF_UNITS) if administers_something(person) else []
