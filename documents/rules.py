"""Who may read which paper, share marks on it and show it. A list rule and its twin for one object stand together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, Person
from documents.models import (
    Document,
    DocumentQuerySet,
    DocumentUserObjectPermission,
    DocumentVersion,
    UnitGrant,
    VersionQuerySet,
)
from meetings.models import AgendaItem, Meeting, Participant
from meetings.rules import (
    may_prepare,
    may_run,
    may_see_item,
    preparable_meetings,
    preparers_of,
    prepares,
    role_in,
    visible_items,
)

State, Role = Meeting.State, Participant.Role
READ = "read_document"
SHARING_ROLES = (Role.CHAIR, Role.SECRETARY, Role.MEMBER, Role.STAND_IN, Role.INVITEE)


# -- Reading -----------------------------------------------------------------------------------------------------------
#
# Who prepares the meeting reads all its papers. Anybody else reads a paper that is in force (published meeting, not
# withdrawn, a version one can open) when it is granted to that person or to a unit of which the person is a member
# today; and a participant also reads what is not restricted. Nothing leads round a closed item: only who sees it reads
# its papers.


def visible_documents(documents: DocumentQuerySet, person: Person) -> DocumentQuerySet:
    if not person.is_active:
        return documents.none()
    prepared = preparable_meetings(Meeting.objects.all(), person).values("pk")
    return documents.filter(Q(meeting__in=prepared) | in_force() & in_open_place(person) & handed_to(person))


def in_force() -> Q:
    readable = DocumentVersion.objects.filter(document=OuterRef("pk"), state__in=DocumentVersion.READABLE)
    return Q(withdrawn_at=None) & ~Q(meeting__state=State.DRAFT) & (Q(Exists(readable)) | Q(is_handed_out=True))


def in_open_place(person: Person) -> Q:
    seen = visible_items(AgendaItem.objects.all(), person).order_by().values("pk")
    return Q(item=None) | Q(item__is_closed=False) | Q(item__in=seen)


def handed_to(person: Person) -> Q:
    attended = Participant.objects.filter(person=person).values("meeting")
    units = Membership.objects.on(timezone.localdate()).filter(person=person).values("organisation")
    to_person = person_grants().filter(user=person).values("content_object")
    to_unit = UnitGrant.objects.filter(organisation__in=units).values("document")
    return Q(restricted=False, meeting__in=attended) | Q(pk__in=to_person) | Q(pk__in=to_unit)


def may_read(person: Person, document: Document, *, has_version: bool = False) -> bool:
    """`has_version` is True where the caller has a version in hand that can be opened; then none is looked for."""
    if not person.is_active:
        return False
    # Most who ask are in the room: their answer costs two queries, that of who prepares some more.
    if (
        is_in_force(document, has_version=has_version)
        and stands_open(person, document)
        and is_handed_to(person, document)
    ):
        return True
    return prepares(person, document.meeting)


def is_in_force(document: Document, *, has_version: bool = False) -> bool:
    if document.withdrawn_at is not None or document.meeting.state == State.DRAFT:
        return False
    return (
        document.is_handed_out or has_version or document.versions.filter(state__in=DocumentVersion.READABLE).exists()
    )


def stands_open(person: Person, document: Document) -> bool:
    return document.item is None or not document.item.is_closed or may_see_item(person, document.item)


def is_handed_to(person: Person, document: Document) -> bool:
    if not document.restricted and role_in(person, document.meeting) is not None:
        return True
    return is_granted_to(person, document)


def is_granted_to(person: Person, document: Document) -> bool:
    if person_grants().filter(user=person, content_object=document).exists():
        return True
    units = Membership.objects.on(timezone.localdate()).filter(person=person).values("organisation")
    return document.unit_grants.filter(organisation__in=units).exists()


def person_grants() -> QuerySet[DocumentUserObjectPermission]:
    return DocumentUserObjectPermission.objects.filter(permission__in=read_permission())


def read_permission() -> QuerySet[Permission]:
    return Permission.objects.filter(codename=READ, content_type__app_label="documents")


# -- Versions ----------------------------------------------------------------------------------------------------------


def visible_versions(versions: VersionQuerySet, person: Person) -> VersionQuerySet:
    """Versions of visible papers that can be opened; who prepares also sees those waiting, held and refused."""
    visible = versions.filter(document__in=Document.objects.visible_to(person).order_by().values("pk"))
    prepared = preparable_meetings(Meeting.objects.all(), person).values("pk")
    return visible.filter(Q(state__in=DocumentVersion.READABLE) | Q(document__meeting__in=prepared))


def may_read_version(person: Person, version: DocumentVersion) -> bool:
    if not may_read(person, version.document, has_version=version.is_readable):
        return False
    return version.is_readable or prepares(person, version.document.meeting)


# -- Writing, sharing, showing -----------------------------------------------------------------------------------------


def may_share(person: Person, document: Document) -> bool:
    """May this person put marks where all readers of the paper see them? Observers look on."""
    return is_open_to_sharing(document.meeting) and has_voice(person, document)


def is_open_to_sharing(meeting: Meeting) -> bool:
    return meeting.state not in {State.DRAFT, State.CLOSED, State.CANCELLED}


def has_voice(person: Person, document: Document) -> bool:
    return role_in(person, document.meeting) in SHARING_ROLES


def may_present(person: Person, document: Document) -> bool:
    """The chair, the secretary and whoever presents the paper's item or the current one show pages to all."""
    if not is_open_to_sharing(document.meeting):
        return False
    return presents(person, document) or may_run(person, document.meeting)


def presents(person: Person, document: Document) -> bool:
    items = (document.item, document.meeting.current_item)
    return has_voice(person, document) and any(item is not None and item.presenter_id == person.pk for item in items)


def may_copy(person: Person, document: Document) -> bool:
    """May this person download and print the paper? Whoever reads it may, where its secretary has said so."""
    return document.may_be_copied and is_in_force(document) and may_read(person, document)


def may_see_receipts(person: Person, meeting: Meeting) -> bool:
    """Who has read what is shown to those who prepare or run the meeting, and to nobody else."""
    return may_prepare(person, meeting) or may_run(person, meeting)


def readers_of(document: Document) -> list[Person]:
    """Everybody who takes part in the meeting or was granted the paper, and may read it."""
    by_grant = person_grants().filter(content_object=document).values("user")
    people = Person.objects.filter(Q(participations__meeting=document.meeting) | Q(pk__in=by_grant)).distinct()
    return [person for person in people if may_read(person, document)]


def readers_by_paper(meeting: Meeting, documents: Iterable[Document]) -> dict[UUID, list[Person]]:
    """`readers_of` for papers of one meeting that have a version one can open; as many queries for forty as for one."""
    roles = dict(meeting.participants.values_list("person", "role"))
    granted = grants_in(meeting)
    asked = Person.objects.filter(Q(pk__in=roles) | Q(pk__in={person for _document, person in granted.by_name}))
    people = list(asked.filter(is_active=True))
    preparing = preparers_of(meeting)
    admitted = set(
        AgendaItem.admitted.through.objects.filter(agendaitem__meeting=meeting).values_list("agendaitem", "person")
    )

    def sees(person: Person, item: AgendaItem | None) -> bool:
        role = roles.get(person.pk)
        if item is None or not item.is_closed:
            return True
        return role is not None and (role == Role.CHAIR or (item.pk, person.pk) in admitted)

    def reads(person: Person, document: Document) -> bool:
        if person.pk in preparing:
            return True
        if not is_in_force(document, has_version=True) or not sees(person, document.item):
            return False
        return (not document.restricted and person.pk in roles) or granted.reach(document, person)

    return {document.pk: [person for person in people if reads(person, document)] for document in documents}


@dataclass(frozen=True)
class Grants:
    """All grants of one meeting: (paper, person), those by name and those through a unit."""

    by_name: set[tuple[UUID, int]]
    by_unit: set[tuple[UUID, int]]

    def reach(self, document: Document, person: Person) -> bool:
        key = (document.pk, person.pk)
        return key in self.by_name or key in self.by_unit


def grants_in(meeting: Meeting) -> Grants:
    named = person_grants().filter(content_object__meeting=meeting).values_list("content_object", "user")
    units = list(UnitGrant.objects.filter(document__meeting=meeting).values_list("document", "organisation"))
    held = Membership.objects.on(timezone.localdate()).filter(organisation__in={unit for _document, unit in units})
    people = defaultdict(set)
    for unit, person in held.values_list("organisation", "person"):
        people[unit].add(person)
    return Grants(set(named), {(document, person) for document, unit in units for person in people[unit]})
