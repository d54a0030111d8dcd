"""Who keeps baselines and who reads the figures. A list rule and its twin for one object stand side by side."""

from accounts.models import Organisation, OrganisationQuerySet, OrganisationRole, Person
from accounts.rules import is_system_admin
from meetings.models import MeetingSeries
from meetings.rules import PREPARING_ROLES
from targets.models import Baseline, BaselineQuerySet

Role = OrganisationRole.Role
READING_ROLES = (Role.LEADERSHIP, Role.UNIT_ADMIN)


# -- Figures -----------------------------------------------------------------------------------------------------------


def units_read_by(person: Person) -> OrganisationQuerySet:
    """Units whose figures one reads: for leaders and unit administrators their own and all below."""
    if not person.is_active:
        return Organisation.objects.none()
    if is_system_admin(person):
        return Organisation.objects.all()
    return Organisation.objects.in_reach_of(person, *READING_ROLES)


def reads_figures(person: Person) -> bool:
    if not person.is_active:
        return False
    return person.is_superuser or person.roles.filter(role__in=(*READING_ROLES, Role.SYSTEM_ADMIN)).exists()


# -- Baselines ---------------------------------------------------------------------------------------------------------


def units_kept_by(person: Person) -> OrganisationQuerySet:
    """Units whose numbers one keeps: their secretaries and administrators, as for meetings."""
    if not person.is_active:
        return Organisation.objects.none()
    return Organisation.objects.in_reach_of(person, *PREPARING_ROLES)


def keeps_numbers(person: Person) -> bool:
    return person.is_active and person.roles.filter(role__in=PREPARING_ROLES).exists()


def only_keeps_numbers(person: Person) -> bool:
    """For whom the way to the figures leads to the baselines: whoever reads figures finds them from there."""
    return keeps_numbers(person) and not reads_figures(person)


def baselines_kept_by(baselines: BaselineQuerySet, person: Person) -> BaselineQuerySet:
    return baselines.filter(series__organisation__in=units_kept_by(person).values("pk"))


def may_keep(person: Person, series: MeetingSeries) -> bool:
    return units_kept_by(person).filter(pk=series.organisation_id).exists()


def visible_baselines(baselines: BaselineQuerySet, person: Person) -> BaselineQuerySet:
    """Those one keeps, and those of units whose figures one reads."""
    units = units_kept_by(person) | units_read_by(person)
    return baselines.filter(series__organisation__in=units.values("pk"))


def may_see(person: Person, baseline: Baseline) -> bool:
    unit = baseline.series.organisation_id
    return may_keep(person, baseline.series) or units_read_by(person).filter(pk=unit).exists()
