"""What the pages of administration show of units, people and log-ins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.acts import INSTALLATION
from accounts.models import Act, Membership, Organisation, OrganisationQuerySet, Person, PersonQuerySet
from accounts.rules import is_system_admin, people_administered_by
from accounts.words import fold

LOGIN_ACTS = ("logged_in", "login_failed", "logged_out", "password_changed")
LOWEST = 1000


@dataclass(frozen=True)
class Line:
    """A unit and how deep it stands in the shown part of the tree, 0 for its tops."""

    organisation: Organisation
    depth: int


def tree_lines(organisations: Iterable[Organisation]) -> list[Line]:
    """Put units in the order in which a tree is read. A unit whose parent is not among them stands at the top."""
    units = sorted(organisations, key=rank)
    shown = {unit.pk for unit in units}
    below: dict[int | None, list[Organisation]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in shown else None, []).append(unit)
    lines: list[Line] = []
    waiting = [Line(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        line = waiting.pop()
        lines.append(line)
        waiting += [Line(unit, line.depth + 1) for unit in reversed(below.get(line.organisation.pk, []))]
    return lines


def rank(unit: Organisation) -> tuple[bool, int, str]:
    """Open units first, higher levels first, then by name."""
    return (unit.closed_on is not None, unit.level.rank if unit.level else LOWEST, fold(unit.name))


def with_people_in_office(organisations: OrganisationQuerySet, day: date) -> OrganisationQuerySet:
    """Add `people_count`: how many people hold office in each unit on that day."""
    held = Q(memberships__valid_from__lte=day) & (
        Q(memberships__valid_until=None) | Q(memberships__valid_until__gte=day)
    )
    return organisations.annotate(people_count=Count("memberships__person", filter=held, distinct=True))


def with_offices(people: PersonQuerySet, day: date | None = None) -> PersonQuerySet:
    """Add `offices`: the memberships each person holds on that day, or today."""
    held = (
        Membership.objects.on(day or timezone.localdate())
        .select_related("organisation", "position")
        .order_by("position__rank")
    )
    return people.prefetch_related(Prefetch("memberships", held, to_attr="offices"))


def found_people(people: PersonQuerySet, words: str) -> PersonQuerySet:
    """Those whose name has the words, with or without accents, or whose log-in name has them."""
    words = words.strip()
    if not words:
        return people
    by_name = Person.objects.named(words).values("pk")
    return people.filter(Q(pk__in=by_name) | Q(username__icontains=words))


def logins_visible_to(person: Person) -> QuerySet[Act]:
    """Log-ins of the people one administers; names that nobody has are shown to system administrators."""
    acts = Act.objects.filter(chain=INSTALLATION, act__in=LOGIN_ACTS).select_related("by").order_by("-at", "-number")
    if is_system_admin(person):
        return acts
    return acts.filter(by__in=people_administered_by(person).values("pk"))


def found_logins(acts: QuerySet[Act], *, words: str, act: str, since: date | None, until: date | None) -> QuerySet[Act]:
    if words:
        acts = acts.filter(by__in=found_people(Person.objects.all(), words).values("pk"))
    if act:
        acts = acts.filter(act=act)
    if since:
        acts = acts.filter(at__gte=first_moment(since))
    if until:
        acts = acts.filter(at__lt=first_moment(until + timedelta(days=1)))
    return acts


def first_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
