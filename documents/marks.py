"""Everything that changes marks and the page being shown. Called inside the transaction of a batch of operations."""

from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from documents import rules
from documents.ink import presenter_stream, told_page
from documents.models import Document, DocumentVersion, Mark, PresentedPage
from meetings.models import Meeting
from meetings.room import touch_room
from realtime import rows
from realtime.refusals import Refusal
from realtime.streams import publish
from realtime.transactions import at_end, held, keep, kept, one_transaction

Layer = Mark.Layer
MARK_COLUMNS = [field.attname for field in Mark._meta.concrete_fields]
columns_of = attrgetter(*MARK_COLUMNS)


@dataclass(frozen=True)
class Content:
    """What a mark is, apart from where it stands and who sees it."""

    kind: str
    geometry: dict[str, Any]
    style: dict[str, Any]
    body: str = ""
    anchor: dict[str, str] | None = None


def content_of(mark: Mark) -> Content:
    return Content(mark.kind, mark.geometry, mark.style, mark.body, mark.anchor)


def make(
    version: DocumentVersion,
    *,
    by: Person,
    key: UUID,
    page: int,
    layer: str,
    meeting_key: UUID | None,
    content: Content,
    origin: Mark | None = None,
) -> Mark:
    """Store a mark and tell its stream. The same mark a second time changes nothing, also when it was erased."""
    with one_transaction():
        if layer == Layer.SHARED:
            version = held(
                ("sharing", version.pk, meeting_key, by.pk), partial(place_to_share, version, meeting_key, by)
            )
        mark = Mark(
            pk=key,
            version=version,
            page=page,
            layer=layer,
            meeting_id=meeting_key if layer == Layer.SHARED else None,
            owner=by,
            origin=origin,
            **vars(content),
        )
        if is_presumed_new(key):
            waiting().append(mark)
            at_end("marks", put_in_waiting, mark)
        elif not rows.put_unless_there(mark):
            mark = Mark.objects.get(pk=key)
            if (mark.owner_id, mark.version_id, mark.layer) != (by.pk, version.pk, layer):
                raise Refusal("taken", _("Another mark bears this number already; draw the stroke once more."))
            return mark
        publish(mark.stream, {"k": "mark", "mark": mark.told()})
    return mark


def look_at_numbers(keys: list[UUID]) -> None:
    """Presume of a batch of marks that those not there now are new; they wait and are put in together."""
    there = Mark.objects.filter(pk__in=keys).values_list("pk", flat=True)
    keep("new marks", set(keys) - set(there))


def is_presumed_new(key: UUID) -> bool:
    """Of a second mark with the same number in one batch the database is asked, and the end of the batch fails."""
    new: set[UUID] = kept("new marks", set)
    is_new = key in new
    new.discard(key)
    return is_new


def waiting() -> list[Mark]:
    return kept("waiting marks", list)


def put_in_waiting(_lanes: dict[str, list[Mark]] | None = None) -> None:
    """Put in the marks that wait: at the end of the batch, or before an act that looks for a mark."""
    marks = waiting()
    rows.insert(Mark, MARK_COLUMNS, [columns_of(mark) for mark in marks])
    marks.clear()


def place_to_share(version: DocumentVersion, meeting_key: UUID | None, by: Person) -> DocumentVersion:
    """Hold the meeting and refuse who may not share there now; what was seen stands while it is held."""
    version = hold_place(version, by)
    refuse_unless_sharing(version.document, meeting_key, by)
    return version


def hold_place(version: DocumentVersion, by: Person) -> DocumentVersion:
    """Hold the meeting and return the version as it is now: closing and taking back wait, or we see them done."""
    hold_meeting(version.document)
    versions = DocumentVersion.objects.select_related("document__item").defer("outline")
    found = held(("paper while held", version.pk), partial(versions.get, pk=version.pk))
    found.document.meeting = version.document.meeting  # as it is now that it is held
    if not rules.may_read_version(by, found):
        raise Refusal("not_found", _("This paper or mark is not there (any more)."))
    return found


def hold_meeting(document: Document) -> None:
    document.meeting = held_meeting(document.meeting_id)


def held_meeting(key: UUID) -> Meeting:
    return held(("held meeting", key), partial(Meeting.objects.select_for_update(no_key=True).get, pk=key))


def share(mark: Mark, *, by: Person, meeting_key: UUID, key: UUID | None) -> Mark:
    """Copy a private mark into the meeting's stream. Only the copy is told: no private number leaks."""
    with one_transaction():
        version = hold_place(mark.version, by)
        standing = copies_in(mark).filter(layer=Layer.SHARED, meeting=meeting_key, erased_at=None).first()
        if standing is not None and key in (None, standing.pk):
            return standing
        return make(
            version,
            by=by,
            key=key or uuid4(),
            page=mark.page,
            layer=Layer.SHARED,
            meeting_key=meeting_key,
            content=content_of(mark),
            origin=mark,
        )


def copies_in(mark: Mark) -> QuerySet[Mark]:
    """The copies of a mark in its own version. Of one that was carried here they are those of its origin's copies."""
    of_origin = Q(origin__origin=mark.origin_id) if mark.origin_id is not None else Q()
    return Mark.objects.filter(Q(origin=mark) | of_origin, version=mark.version_id)


def carried_on(mark: Mark) -> QuerySet[Mark]:
    """What was made of a mark in the next version of its paper, as long as nobody has changed it there."""
    return Mark.objects.filter(origin=mark, layer=mark.layer, erased_at=None, revision=1).exclude(
        version=mark.version_id
    )


def rewrite(mark: Mark, *, by: Person, body: str, seen_revision: int, key: UUID) -> Mark:
    """Give one's own note other words. Who had not seen the words that stand keeps both: the new ones become a note
    of their own under `key`. Of an erased note nothing rises again.
    """
    with one_transaction():
        if mark.layer == Layer.SHARED:
            hold_meeting(mark.version.document)
            refuse_when_over(mark.version.document)
        mark = Mark.objects.select_for_update(no_key=True, of=("self",)).select_related("owner").get(pk=mark.pk)
        if mark.owner_id != by.pk or mark.kind != Mark.Kind.NOTE:
            raise Refusal("not_found", _("This paper or mark is not there (any more)."))
        if mark.erased_at is not None or mark.body == body:
            return mark
        if mark.revision != seen_revision:
            return beside(mark, by=by, body=body, key=key)
        for carried in carried_on(mark).filter(body=mark.body):
            rewrite(carried, by=by, body=body, seen_revision=carried.revision, key=key)
        mark.body, mark.revision = body, mark.revision + 1
        mark.save(update_fields=["body", "revision"])
        publish(mark.stream, {"k": "mark", "mark": mark.told()})
    return mark


def beside(mark: Mark, *, by: Person, body: str, key: UUID) -> Mark:
    return make(
        mark.version,
        by=by,
        key=key,
        page=mark.page,
        layer=mark.layer,
        meeting_key=mark.meeting_id,
        content=replace(content_of(mark), body=body),
    )


def erase(mark: Mark, *, by: Person) -> None:
    """Erase one's own mark: private ones always, shared ones while the meeting is open. What has gone along to the next
    version goes as well: who erases without a line may not have seen that there is one.
    """
    if mark.owner_id != by.pk:
        raise Refusal("not_found", _("This paper or mark is not there (any more)."))
    with one_transaction():
        if mark.layer == Layer.SHARED:
            hold_meeting(mark.version.document)
            refuse_when_over(mark.version.document)
        erased = Mark.objects.filter(pk=mark.pk, erased_at=None).update(
            erased_at=timezone.now(), revision=mark.revision + 1
        )
        if erased:
            publish(mark.stream, {"k": "erased", "id": str(mark.pk), "by": by.pk})
            for carried in carried_on(mark).select_related("version__document"):
                erase(carried, by=by)


def refuse_unless_sharing(document: Document, meeting_key: UUID | None, by: Person) -> None:
    if meeting_key != document.meeting_id:
        raise Refusal("not_found", _("This paper or mark is not there (any more)."))
    refuse_when_over(document)
    if not rules.may_share(by, document):
        raise Refusal("forbidden", _("You look on in this meeting; your marks stay private."))


def refuse_when_over(document: Document) -> None:
    if document.meeting.is_over:
        words = _("The meeting is over; nothing shared changes any more. Your mark stays private.")
        raise Refusal("meeting_closed", words)


# -- The page that everybody is being shown ----------------------------------------------------------------------------


def present(version: DocumentVersion, page: int, *, by: Person) -> None:
    """Show a page to everybody; the paper shown before is left."""
    with one_transaction():
        version = hold_place(version, by)
        document = version.document
        refuse_unless_presenting(document, by)
        left = PresentedPage.objects.select_related("version__document").filter(meeting=document.meeting).first()
        if left is not None and left.version_id != version.pk:
            tell_of_end(left.version)
        shown, _made = PresentedPage.objects.update_or_create(
            meeting=document.meeting, defaults={"version": version, "page": page, "by": by, "at": timezone.now()}
        )
        publish(presenter_stream(version), told_page(shown))
        touch_room(document.meeting, "presentation", "papers", item=document.item)


def end_presentation(version: DocumentVersion, *, by: Person) -> None:
    """Stop showing this paper; where another one is being shown by now, nothing happens."""
    with one_transaction():
        version = hold_place(version, by)
        refuse_unless_presenting(version.document, by)
        ended, _rows = PresentedPage.objects.filter(meeting=version.document.meeting, version=version).delete()
        if ended:
            tell_of_end(version)
            touch_room(version.document.meeting, "presentation", "papers", item=version.document.item)


def tell_of_end(version: DocumentVersion) -> None:
    publish(presenter_stream(version), {"k": "page", "version": str(version.pk), "page": None})


def refuse_unless_presenting(document: Document, by: Person) -> None:
    if document.meeting.is_over:
        raise Refusal("meeting_closed", _("The meeting is over; no page can be shown to everybody any more."))
    if not rules.may_present(by, document):
        raise Refusal("forbidden", _("Only the chair, the secretary and the presenter show pages to everybody."))
