"""The versions of rule sets in time: which is in force on a day, what is coming, what is over."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings.models import RuleSet

IN_FORCE, LATER, OVER = "in_force", "later", "over"
HEADINGS: dict[str, Promise] = {
    IN_FORCE: _("In force today"),
    LATER: _("In force later"),
    OVER: _("No longer in force"),
}


class Group(NamedTuple):
    """Rule sets of one state, under its heading."""

    state: str
    heading: Promise
    rule_sets: list[RuleSet]


def state_on(rule_set: RuleSet, day: date) -> str:
    if rule_set.valid_from > day:
        return LATER
    if rule_set.valid_until is not None and rule_set.valid_until < day:
        return OVER
    return IN_FORCE


def grouped(rule_sets: Iterable[RuleSet], day: date) -> list[Group]:
    """Those in force on that day first; no group without a rule set."""
    by_state: dict[str, list[RuleSet]] = {state: [] for state in HEADINGS}
    for rule_set in rule_sets:
        by_state[state_on(rule_set, day)].append(rule_set)
    return [Group(state, heading, by_state[state]) for state, heading in HEADINGS.items() if by_state[state]]


def waiting_beyond(rule_set: RuleSet, day: date) -> RuleSet | None:
    """The newest version, where that is another one than this and has not begun on that day."""
    newest = versions_of(rule_set).first()
    return newest if newest and newest.pk != rule_set.pk and state_on(newest, day) == LATER else None


def versions_of(rule_set: RuleSet) -> QuerySet[RuleSet]:
    """All versions of the same rules, the newest first."""
    return RuleSet.objects.filter(code=rule_set.code).order_by("-version")
