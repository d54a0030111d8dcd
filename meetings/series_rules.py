"""Who may see and change the series of meetings. A list rule and its twin for one object stand side by side."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, OrganisationRole, Person
from meetings.models import MeetingSeries, Participant, RuleSet
from meetings.rules import PREPARING_ROLES, may_prepare_for, organisations_prepared_by

SEEING_ROLES = (*PREPARING_ROLES, OrganisationRole.Role.LEADERSHIP)
VOTING_ROLES = (Participant.Role.CHAIR, Participant.Role.MEMBER)
GUESTS = (Participant.Role.INVITEE, Participant.Role.OBSERVER)


def visible_series(person: Person) -> QuerySet[MeetingSeries]:
    """Those of the units whose meetings one prepares or leads, ended ones and those of closed units too."""
    if not person.is_active:
        return MeetingSeries.objects.none()
    units = Organisation.objects.in_reach_of(person, *SEEING_ROLES).values("pk")
    return MeetingSeries.objects.filter(organisation__in=units)


def may_see_series(person: Person, series: MeetingSeries) -> bool:
    if not person.is_active:
        return False
    return Organisation.objects.in_reach_of(person, *SEEING_ROLES).filter(pk=series.organisation_id).exists()


def changeable_series(person: Person) -> QuerySet[MeetingSeries]:
    """Those of the open units whose meetings one prepares."""
    if not person.is_active:
        return MeetingSeries.objects.none()
    return MeetingSeries.objects.filter(organisation__in=organisations_prepared_by(person).values("pk"))


def may_change_series(person: Person, series: MeetingSeries) -> bool:
    return may_prepare_for(person, series.organisation)


def rule_sets_for(*kinds: str) -> QuerySet[RuleSet]:
    """The rule sets in force today that hold for bodies of these kinds, or for any body."""
    today = timezone.localdate()
    in_force = RuleSet.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today)
    return in_force.filter(body__in=("", *kinds)).order_by("name", "-version")


def fits(rule_set: RuleSet, organisation: Organisation) -> bool:
    """Is the rule set in force today, and one of that body?"""
    return rule_sets_for(organisation.kind).filter(pk=rule_set.pk).exists()


def holds_on(rule_set: RuleSet, day: date) -> bool:
    return rule_set.valid_from <= day and (rule_set.valid_until is None or day <= rule_set.valid_until)


def version_on(rule_set: RuleSet, day: date) -> RuleSet:
    """The version of the same rules that holds on that day; the one given where none does, or it does itself."""
    if holds_on(rule_set, day):
        return rule_set
    ended = Q(valid_until=None) | Q(valid_until__gte=day)
    others = RuleSet.objects.filter(ended, code=rule_set.code, valid_from__lte=day)
    return others.order_by("-version").first() or rule_set
