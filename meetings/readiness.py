"""What is still missing before a meeting can be published, sorted by what hurts most. Other apps add their checks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, Meeting, Participant
from meetings.series_rules import holds_on


@dataclass(frozen=True)
class Problem:
    """One thing to mend. A blocking one keeps the meeting from being published."""

    code: str
    sentence: str
    item: AgendaItem | None = None
    mend_at: str = ""  # id of the place on the meeting's page
    blocking: bool = False


Check = Callable[[Meeting], Iterable[Problem]]
_checks: list[Check] = []


def register_check(check: Check) -> Check:
    _checks.append(check)
    return check


def problems_of(meeting: Meeting) -> list[Problem]:
    """All problems, blocking ones first."""
    found = [problem for check in _checks for problem in check(meeting)]
    return sorted(found, key=lambda problem: not problem.blocking)


@register_check
def agenda_is_there(meeting: Meeting) -> Iterable[Problem]:
    items = list(meeting.items.all())
    if not items:
        yield Problem("no_items", _("The agenda has no items yet."), mend_at="agenda", blocking=True)
    for item in items:
        if item.is_closed and not item.admitted.exists():
            yield Problem(
                "nobody_admitted", _("Nobody is admitted to the closed item yet."), item, "agenda", blocking=True
            )
    for item in items:
        if item.presenter_id is None:
            yield Problem("no_presenter", _("The item has no presenter."), item, "agenda")
    planned = sum(item.planned_minutes for item in items if item.parent_id is None)
    if planned > meeting.planned_minutes:
        words = _("The items need %(planned)d minutes, the meeting has %(minutes)d.")
        yield Problem("too_long", words % {"planned": planned, "minutes": meeting.planned_minutes}, mend_at="agenda")


@register_check
def people_are_there(meeting: Meeting) -> Iterable[Problem]:
    participants = list(meeting.participants.select_related("person"))
    roles = {participant.role for participant in participants}
    if Participant.Role.CHAIR not in roles:
        yield Problem("no_chair", _("Nobody chairs the meeting yet."), mend_at="participants", blocking=True)
    if Participant.Role.SECRETARY not in roles:
        yield Problem("no_secretary", _("The meeting has no secretary yet."), mend_at="participants", blocking=True)
    if not any(participant.counts for participant in participants):
        yield Problem("no_members", _("Nobody with a vote takes part yet."), mend_at="participants", blocking=True)
    without_login = [participant for participant in participants if not participant.person.username]
    if without_login:
        words = _("%(count)d participants have no account and cannot open the papers.")
        yield Problem("no_login", words % {"count": len(without_login)}, mend_at="participants")


@register_check
def rules_hold_on_the_day(meeting: Meeting) -> Iterable[Problem]:
    """A new version of the rules may begin between the preparation and the day."""
    if not holds_on(meeting.rule_set, timezone.localdate(meeting.starts_at)):
        words = _("The rules “%(rules)s” (version %(number)d) do not hold on the day of the meeting. Choose others.")
        facts = {"rules": meeting.rule_set.name, "number": meeting.rule_set.version}
        yield Problem("rules_not_in_force", words % facts, mend_at="details")
