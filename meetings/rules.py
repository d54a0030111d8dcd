"""Who may see and do what in meetings. A list rule and its twin for one object stand side by side."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, OrganisationRole, Person
from meetings.models import AgendaItem, AgendaItemQuerySet, Meeting, MeetingQuerySet, MeetingSeries, Participant
from realtime.transactions import found_ahead, keep

PREPARING_ROLES = (OrganisationRole.Role.SECRETARY, OrganisationRole.Role.UNIT_ADMIN)
RUNNING_ROLES = (Participant.Role.CHAIR, Participant.Role.SECRETARY)
Role, State = Participant.Role, Meeting.State


# -- Meetings ----------------------------------------------------------------------------------------------------------


def visible_meetings(meetings: MeetingQuerySet, person: Person) -> MeetingQuerySet:
    """Those one prepares, and those published to one."""
    if not person.is_active:
        return meetings.none()
    prepared = preparable_meetings(Meeting.objects.all(), person)
    invited = Meeting.objects.filter(participants__person=person).exclude(state=State.DRAFT)
    return meetings.filter(Q(pk__in=prepared.values("pk")) | Q(pk__in=invited.values("pk")))


def may_see(person: Person, meeting: Meeting) -> bool:
    if prepares(person, meeting):
        return True
    return person.is_active and meeting.state != State.DRAFT and role_in(person, meeting) is not None


def preparable_meetings(meetings: MeetingQuerySet, person: Person) -> MeetingQuerySet:
    """Those of the units one is secretary or administrator of, and those one is secretary in."""
    units = Organisation.objects.in_reach_of(person, *PREPARING_ROLES).values("pk")
    own = Participant.objects.filter(person=person, role=Role.SECRETARY).values("meeting")
    return meetings.filter(Q(organisation__in=units) | Q(pk__in=own))


def prepares(person: Person, meeting: Meeting) -> bool:
    """`preparable_meetings` for one: also of a unit that was closed, whose sessions are kept, but prepared no more."""
    if not person.is_active:
        return False
    units = Organisation.objects.in_reach_of(person, *PREPARING_ROLES)
    return role_in(person, meeting) == Role.SECRETARY or units.filter(pk=meeting.organisation_id).exists()


def may_prepare(person: Person, meeting: Meeting) -> bool:
    if not person.is_active:
        return False
    return role_in(person, meeting) == Role.SECRETARY or may_prepare_for(person, meeting.organisation)


def preparers_of(meeting: Meeting) -> set[int]:
    """Keys of everybody who may prepare the meeting: `may_prepare` asked the other way round, in three queries."""
    secretaries = Person.objects.filter(participations__meeting=meeting, participations__role=Role.SECRETARY)
    found = set(secretaries.filter(is_active=True).values_list("pk", flat=True))
    unit = Organisation.objects.open_on(timezone.localdate()).filter(pk=meeting.organisation_id).first()
    if unit is not None:
        above = [one.pk for one in unit.ancestors(include_self=True)]
        held = OrganisationRole.objects.filter(organisation__in=above, role__in=PREPARING_ROLES, person__is_active=True)
        found |= set(held.values_list("person", flat=True))
    return found


def may_prepare_for(person: Person, organisation: Organisation) -> bool:
    """May this person make meetings of this unit?"""
    return person.is_active and organisations_prepared_by(person).filter(pk=organisation.pk).exists()


def organisations_prepared_by(person: Person) -> QuerySet[Organisation]:
    """Units that are still open and in which the person may make meetings."""
    return Organisation.objects.in_reach_of(person, *PREPARING_ROLES).open_on(timezone.localdate())


def series_prepared_by(person: Person) -> QuerySet[MeetingSeries]:
    return MeetingSeries.objects.filter(organisation__in=organisations_prepared_by(person).values("pk"), ended_on=None)


def may_run(person: Person, meeting: Meeting) -> bool:
    """The chair and the secretaries of the meeting run it; an administrator of the unit does not."""
    return person.is_active and role_in(person, meeting) in RUNNING_ROLES


def role_in(person: Person, meeting: Meeting) -> str | None:
    roles = meeting.participants.filter(person=person).order_by("pk").values_list("role", flat=True)
    return found_ahead(("role", person.pk, meeting.pk), roles.first)


def look_at_roles(meeting_id: UUID, people: Iterable[Person]) -> None:
    """Read the roles of several people at once, for as long as the running transaction lasts, which holds the meeting.

    Else a role could be another one by the time it is asked for.
    """
    rows = Participant.objects.filter(meeting=meeting_id, person__in=people).order_by("-pk")
    roles = dict(rows.values_list("person", "role"))
    for person in people:
        keep(("role", person.pk, meeting_id), roles.get(person.pk))


def audience_for(person: Person, meeting: Meeting) -> str | None:
    """Which of the room's views is this person's own: desk, floor, gallery, or none."""
    if not may_see(person, meeting):
        return None
    return audience_of_role(role_in(person, meeting))


def audience_of_role(role: str | None) -> str | None:
    if role in RUNNING_ROLES:
        return "desk"
    if role == Role.OBSERVER:
        return "gallery"
    return "floor" if role else None


def may_sit_in(person: Person, meeting: Meeting, audience: str) -> bool:
    """Those who run the meeting may also take a seat on the floor or look at the wall; nobody else changes places."""
    own = audience_for(person, meeting)
    if own == "desk":
        return audience in {"desk", "floor", "wall"}
    return own is not None and audience == own


# -- Agenda items ------------------------------------------------------------------------------------------------------


def visible_items(items: AgendaItemQuerySet, person: Person) -> AgendaItemQuerySet:
    """Items of visible meetings; closed ones for those admitted, the meeting's chair, and who prepares it."""
    if not person.is_active:
        return items.none()
    visible = visible_meetings(Meeting.objects.all(), person).values("pk")
    prepared = preparable_meetings(Meeting.objects.all(), person).values("pk")
    chaired = Participant.objects.filter(person=person, role=Role.CHAIR).values("meeting")
    admitted = AgendaItem.admitted.through.objects.filter(person=person).values("agendaitem")
    let_in = Q(is_closed=False) | Q(pk__in=admitted) | Q(meeting__in=chaired) | Q(meeting__in=prepared)
    return items.filter(let_in, meeting__in=visible)


def may_see_item(person: Person, item: AgendaItem) -> bool:
    if not may_see(person, item.meeting):
        return False
    if not item.is_closed or may_prepare(person, item.meeting):
        return True
    return role_in(person, item.meeting) == Role.CHAIR or item.admitted.filter(pk=person.pk).exists()
