"""Everything that changes papers. One transaction each: lock, ask the rules, write, record, publish last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from accounts.acts import record
from accounts.models import Membership, Organisation, Person
from documents import intake, rules
from documents.children import CONVERTING, RENDERING, Busy, ChildRefused, child_for
from documents.events import papers_changed, rights_to_papers_changed
from documents.index import keep_words_about
from documents.kinds import may_be_taken
from documents.marks import tell_of_end
from documents.models import Document, DocumentVersion, PresentedPage, UnitGrant
from documents.refusals import PAGE_LIMIT, file_refusal
from documents.stamps import stamp_in
from documents.storage import Arrived, arrived, keep
from meetings.models import AgendaItem, Meeting
from meetings.room import touch_room
from meetings.rules import may_prepare
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

State = DocumentVersion.State
NO_GRADE = "none"
GRADES = ("mat", "toi_mat", "tuyet_mat")
PDF_HEADER_BYTES = 1024
TITLE_LENGTH = Document._meta.get_field("title").max_length


# -- Bringing papers in ------------------------------------------------------------------------------------------------


def nothing_more(version: DocumentVersion) -> None:
    """What follows in the same transaction when nobody asked for anything."""


def add_paper(
    meeting: Meeting,
    *,
    by: Person,
    file: File,
    declared_grade: str,
    item: AgendaItem | None = None,
    and_then: Callable[[DocumentVersion], None] = nothing_more,
    **details: Any,
) -> Document:
    """Take a file in as a new paper at the end of its item. Refused files leave nothing behind.

    What `and_then` writes is written in the same transaction; a refusal of its own undoes all.
    """
    refuse_graded(declared_grade)
    refuse_unless_open_to_papers(meeting, by)
    with arrived(file) as paper:
        found = looked_into(paper)
        with one_transaction():
            meeting = locked(meeting)
            refuse_unless_open_to_papers(meeting, by)
            item = item_of(meeting, item)
            document = Document.objects.create(
                meeting=meeting,
                item=item,
                title=details.pop("title", "") or title_from(paper.name),
                position=next_position(meeting, item),
                added_by=by,
                **details,
            )
            keep_words_about(document)
            version = add_version(document, paper, found, by=by)
            and_then(version)
            note(document, "paper_added", by=by, facts=version_facts(version))
            papers_changed(meeting)
    return document


def replace_paper(
    document: Document,
    *,
    by: Person,
    file: File,
    declared_grade: str,
    and_then: Callable[[DocumentVersion], None] = nothing_more,
) -> DocumentVersion:
    """Take a file in as the next version; the old one stays as it was, with the marks on it."""
    refuse_graded(declared_grade)
    refuse_unless_open_to_papers(document.meeting, by)
    with arrived(file) as paper:
        found = looked_into(paper)
        with one_transaction():
            document = locked_document(document, by)
            if document.is_handed_out:
                raise Refusal("handed_out", _("This line stands for a paper that is handed out on the spot."))
            version = add_version(document, paper, found, by=by)
            and_then(version)
            note(document, "paper_replaced", by=by, facts=version_facts(version))
            papers_changed(document.meeting)
    return version


def add_handed_out_line(meeting: Meeting, *, by: Person, item: AgendaItem | None = None) -> Document:
    """Put the line "paper handed out on the spot" into the agenda; what the paper is called stays outside."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_papers(meeting, by)
        item = item_of(meeting, item)
        document = Document.objects.create(
            meeting=meeting,
            item=item,
            title=_("Paper handed out on the spot"),
            position=next_position(meeting, item),
            is_handed_out=True,
            added_by=by,
        )
        note(document, "handed_out_line_added", by=by)
        papers_changed(meeting)
    return document


def refuse_graded(declared_grade: str) -> None:
    """Ask the grade first: a graded paper is refused before anything looks at its bytes."""
    if declared_grade in GRADES:
        raise file_refusal("graded")
    if declared_grade != NO_GRADE:
        raise file_refusal("no_grade")


def looked_into(paper: Arrived) -> dict[str, Any]:
    """Return what the child found in a PDF, or of what kind another file is; refuse what is no paper."""
    if paper.size_bytes == 0:
        raise file_refusal("empty")
    if paper.size_bytes > settings.UPLOAD_LIMIT_BYTES:
        raise file_refusal("too_large")
    with paper.path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(PDF_HEADER_BYTES)
    try:
        with child_for(paper.path, program=RENDERING if is_pdf else CONVERTING) as child:
            return child.inspect(page_limit=PAGE_LIMIT) if is_pdf else {"made_from": may_be_taken(child.kind())}
    except ChildRefused as refused:
        raise file_refusal(refused.code) from None
    except Busy:
        raise file_refusal("busy") from None


def add_version(document: Document, paper: Arrived, found: Mapping[str, Any], *, by: Person) -> DocumentVersion:
    """Write the version and its pages, put the intake in line, keep the file. A stamp on page 1 holds it back.

    What is no PDF has no pages yet: they are made first.
    """
    made_from = found.get("made_from", "")
    stamp = "" if made_from else stamp_in(found["first_text"])
    intake.hold_content(paper.sha256)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document,
        number=last + 1,
        sha256=paper.sha256,
        size_bytes=paper.size_bytes,
        file_name=paper.name,
        file=paper.stored_name,
        made_from=made_from,
        state=State.CONVERTING if made_from else State.HELD if stamp else State.WAITING,
        stamp=stamp,
        page_count=found.get("page_count", 0),
        outline=found.get("outline", []),
        added_by=by,
    )
    intake.lay_out_pages(version, found.get("pages", []))
    if not stamp:
        intake.read_later(version)
    keep(paper.path, version.original)
    return version


def title_from(file_name: str) -> str:
    """Make a title of a file's name: "03_To-trinh.pdf" is "03 To-trinh"."""
    words = " ".join(PurePath(file_name).stem.replace("_", " ").split())
    return words[:TITLE_LENGTH] or _("Paper without a name")


def next_position(meeting: Meeting, item: AgendaItem | None) -> int:
    return (meeting.documents.filter(item=item).aggregate(last=Max("position"))["last"] or 0) + 1


def item_of(meeting: Meeting, item: AgendaItem | None) -> AgendaItem | None:
    if item is not None and item.meeting_id != meeting.pk:
        raise Refusal("other_meeting", _("This item belongs to another meeting."))
    return item


def version_facts(version: DocumentVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "sha256": version.sha256,
        "size_bytes": version.size_bytes,
        "pages": version.page_count,
        "declared_grade": NO_GRADE,
        "held": bool(version.stamp),
        **({"made_from": version.made_from} if version.made_from else {}),
    }


# -- A stamp of secrecy ------------------------------------------------------------------------------------------------


def release_held(version: DocumentVersion, *, by: Person, reason: str) -> None:
    """Let a paper through whose page 1 seems to bear a stamp; a person answers for it with a reason."""
    with one_transaction():
        document = locked_document(version.document, by)
        version = DocumentVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        if version.state != State.HELD:
            raise Refusal("not_held", _("This paper is not held back."))
        if not reason.strip():
            raise Refusal("no_reason", _("Say why this paper is not secret."))
        version.state = State.WAITING
        version.save(update_fields=["state"])
        intake.read_later(version)
        facts = {"version": version.number, "stamp": version.stamp, "reason": reason.strip()}
        note(document, "held_paper_released", by=by, facts=facts)
        papers_changed(document.meeting)


# -- Changing and taking away ------------------------------------------------------------------------------------------


def change_paper(document: Document, *, by: Person, **changes: Any) -> None:
    """Change title, type, abstract, number, symbol, issuing body, item, whether it is restricted or may be copied."""
    with one_transaction():
        document = locked_document(document, by)
        changed = [name for name, value in changes.items() if getattr(document, name) != value]
        if not changed:
            return
        if "item" in changed:
            document.position = next_position(document.meeting, item_of(document.meeting, changes["item"]))
        for name in changed:
            setattr(document, name, changes[name])
        document.save()
        keep_words_about(document)
        note(document, "paper_changed", by=by, facts={name: str(changes[name]) for name in changed})
        papers_changed(document.meeting)
        if {"item", "restricted"} & set(changed):
            if is_hidden(document):
                end_presentation_of([document])
            rights_to_papers_changed(document.meeting, also=granted_people([document]))


def allow_copies(meeting: Meeting, *, by: Person, allowed: bool) -> int:
    """Let the readers of all papers of the meeting download and print them, or none; return for how many it changed."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_papers(meeting, by)
        papers = meeting.documents.select_for_update(no_key=True).filter(withdrawn_at=None, is_handed_out=False)
        changed = list(papers.exclude(may_be_copied=allowed).order_by("pk"))
        for document in changed:
            document.meeting, document.may_be_copied = meeting, allowed
            document.save(update_fields=["may_be_copied"])
            note(document, "paper_changed", by=by, facts={"may_be_copied": str(allowed)})
        if changed:
            papers_changed(meeting)
    return len(changed)


def move_paper(document: Document, *, by: Person, to: int) -> None:
    """Give the paper the place `to` (from 1) among those of its item."""
    with one_transaction():
        document = locked_document(document, by)
        rows = list(document.meeting.documents.filter(item=document.item_id, withdrawn_at=None).exclude(pk=document.pk))
        rows.insert(max(0, min(to - 1, len(rows))), document)
        for place, row in enumerate(rows, start=1):
            row.position = place
        Document.objects.bulk_update(rows, ["position"])
        note(document, "paper_moved", by=by, facts={"to": to})
        papers_changed(document.meeting)


def withdraw_paper(document: Document, *, by: Person) -> None:
    """Take the paper away. Only those who prepare still find it; of a held one not even the file stays."""
    with one_transaction():
        document = locked_document(document, by)
        if document.withdrawn_at is not None:
            return
        document.withdrawn_at = timezone.now()
        document.save(update_fields=["withdrawn_at"])
        for version in document.versions.filter(state=State.HELD):
            empty_version(version)
        end_presentation_of([document])
        note(document, "paper_withdrawn", by=by)
        granted = granted_people([document])
        papers_changed(document.meeting, also=granted)
        rights_to_papers_changed(document.meeting, also=granted)


def empty_version(version: DocumentVersion) -> None:
    """Take a held version's content out of the system; that it was there stays on record."""
    version.pages.all().delete()
    version.state, version.refusal, version.outline = State.REFUSED, "stamped", []
    version.save(update_fields=["state", "refusal", "outline"])
    intake.forget_later(version)


def is_hidden(document: Document) -> bool:
    """Can it be that not all in the meeting may read it?"""
    return document.restricted or (document.item is not None and document.item.is_closed)


def end_presentation_of(documents: Sequence[Document]) -> None:
    """Stop showing these papers, which not all may read any more, and say so to the tablets that follow."""
    shown = PresentedPage.objects.filter(version__document__in=documents).select_related("version__document__meeting")
    for page in shown:
        tell_of_end(page.version)
        touch_room(page.version.document.meeting, "presentation", "papers")
        page.delete()


def admission_changed(item: AgendaItem) -> None:
    """Who may see an item has changed: the same goes for its papers, also for readers from outside the meeting."""
    documents = list(Document.objects.filter(item=item).select_related("item", "meeting"))
    if item.is_closed:
        end_presentation_of(documents)
    rights_to_papers_changed(item.meeting, also=granted_people(documents))


def granted_people(documents: Sequence[Document]) -> set[int]:
    """Who reads these papers by a grant, to the person or to a unit: maybe nobody of the meeting."""
    named = rules.person_grants().filter(content_object__in=documents).values_list("user", flat=True)
    units = UnitGrant.objects.filter(document__in=documents).values("organisation")
    members = Membership.objects.on(timezone.localdate()).filter(organisation__in=units)
    return {*named, *members.values_list("person", flat=True)}


# -- Grants ------------------------------------------------------------------------------------------------------------


def grant_to_person(document: Document, person: Person, *, by: Person) -> None:
    with one_transaction():
        document = locked_document(document, by)
        assign_perm(f"documents.{rules.READ}", person, document)
        after_grant(document, "paper_granted", by=by, facts={"person": person.pk}, people=[person.pk])


def grant_to_unit(document: Document, organisation: Organisation, *, by: Person) -> None:
    with one_transaction():
        document = locked_document(document, by)
        UnitGrant.objects.get_or_create(document=document, organisation=organisation, defaults={"granted_by": by})
        after_grant(document, "paper_granted", by=by, facts={"organisation": organisation.pk})


def revoke_from_person(document: Document, person: Person, *, by: Person) -> None:
    with one_transaction():
        document = locked_document(document, by)
        remove_perm(f"documents.{rules.READ}", person, document)
        after_grant(document, "paper_revoked", by=by, facts={"person": person.pk}, people=[person.pk])


def revoke_from_unit(document: Document, organisation: Organisation, *, by: Person) -> None:
    with one_transaction():
        document = locked_document(document, by)
        document.unit_grants.filter(organisation=organisation).delete()
        people = list(Person.objects.members_of(organisation, on=timezone.localdate()).values_list("pk", flat=True))
        after_grant(document, "paper_revoked", by=by, facts={"organisation": organisation.pk}, people=people)


def after_grant(
    document: Document, act: str, *, by: Person, facts: Mapping[str, Any], people: Sequence[int] = ()
) -> None:
    note(document, act, by=by, facts=facts)
    papers_changed(document.meeting, also=people)
    rights_to_papers_changed(document.meeting, also=people)


# -- Steps the actions share -------------------------------------------------------------------------------------------


def locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


def locked_document(document: Document, by: Person) -> Document:
    """Lock the meeting and then the paper; refuse who may not prepare, and what is over."""
    meeting = locked(document.meeting)
    refuse_unless_open_to_papers(meeting, by)
    found = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("item").get(pk=document.pk)
    found.meeting = meeting
    return found


def refuse_unless_open_to_papers(meeting: Meeting, by: Person) -> None:
    if not may_prepare(by, meeting):
        raise Refusal("forbidden", _("Only those who prepare this meeting may do that."))
    if meeting.is_over:
        raise Refusal("meeting_over", _("The meeting is over; its record can no longer be changed."))


def note(document: Document, act: str, *, by: Person, facts: Mapping[str, Any] | None = None) -> None:
    record(document.meeting.chain, act, by=by, about=document.about, facts=dict(facts or {}))
