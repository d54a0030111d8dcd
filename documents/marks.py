"""Everything that changes marks and the page being shown. Called inside the transaction of a batch of operations."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from documents import rules
from documents.ink import presenter_stream, told_page
from documents.models import Document, DocumentVersion, Mark, PresentedPage
from meetings.room import touch_room
from realtime.refusals import Refusal
from realtime.streams import publish
from realtime.transactions import one_transaction

Layer = Mark.Layer


def make(
    version: DocumentVersion,
    *,
    by: Person,
    key: UUID,
    page: int,
    layer: str,
    meeting_key: UUID | None,
    geometry: dict[str, Any],
    style: dict[str, Any],
    origin: Mark | None = None,
) -> Mark:
    """Store a stroke and tell its stream. The same stroke a second time changes nothing, also when it was erased."""
    if layer == Layer.SHARED:
        refuse_unless_sharing(version.document, meeting_key, by)
    with one_transaction():
        mark, is_new = Mark.objects.get_or_create(
            pk=key,
            defaults={
                "version": version,
                "page": page,
                "layer": layer,
                "meeting_id": meeting_key if layer == Layer.SHARED else None,
                "owner": by,
                "geometry": geometry,
                "style": style,
                "origin": origin,
            },
        )
        if not is_new:
            if (mark.owner_id, mark.version_id, mark.layer) != (by.pk, version.pk, layer):
                raise Refusal("taken", _("Another mark bears this number already; draw the stroke once more."))
            return mark
        publish(mark.stream, {"k": "mark", "mark": mark.told()})
    return mark


def share(mark: Mark, *, by: Person, meeting_key: UUID, key: UUID | None) -> Mark:
    """Copy a private mark into the meeting's stream. Only the copy is told: no private number leaks."""
    if not rules.may_read_version(by, mark.version):
        raise Refusal("not_found", _("This paper or mark is not there (any more)."))
    standing = mark.copies.filter(layer=Layer.SHARED, meeting=meeting_key, erased_at=None).first()
    if standing is not None and key in (None, standing.pk):
        return standing
    return make(
        mark.version,
        by=by,
        key=key or uuid4(),
        page=mark.page,
        layer=Layer.SHARED,
        meeting_key=meeting_key,
        geometry=mark.geometry,
        style=mark.style,
        origin=mark,
    )


def erase(mark: Mark, *, by: Person) -> None:
    """Erase one's own mark: private ones always, shared ones while the meeting is open."""
    if mark.owner_id != by.pk:
        raise Refusal("not_found", _("This paper or mark is not there (any more)."))
    if mark.layer == Layer.SHARED:
        refuse_when_over(mark.version.document)
    with one_transaction():
        erased = Mark.objects.filter(pk=mark.pk, erased_at=None).update(
            erased_at=timezone.now(), revision=mark.revision + 1
        )
        if erased:
            publish(mark.stream, {"k": "erased", "id": str(mark.pk), "by": by.pk})


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
    document = version.document
    refuse_unless_presenting(document, by)
    with one_transaction():
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
    refuse_unless_presenting(version.document, by)
    with one_transaction():
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
