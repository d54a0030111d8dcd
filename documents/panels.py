"""What papers contribute to the room, to the page of preparing, and to a person's own stream."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import Person
from accounts.personal import register_personal_panel
from documents.events import KEPT_PANEL, PANEL
from documents.forms import PaperFilesForm
from documents.kinds import taken_in_words
from documents.listing import groups_with_receipts, papers_for, papers_of_item, presented_page, with_receipts
from documents.models import Document, DocumentVersion
from documents.refusals import sentence_of
from meetings.models import Meeting
from meetings.notice_rules import Lateness, notice_of
from meetings.record import register_record_of_items
from meetings.room import Panel, Part, register_panel, register_part
from meetings.rules import may_prepare, preparable_meetings

Context = dict[str, Any]
State = Meeting.State
ALIVE = (State.PUBLISHED, State.IN_SESSION, State.PAUSED, State.ADJOURNED)


def register() -> None:
    shown = {"floor": "main", "desk": "middle"}
    agenda = frozenset({"agenda"})
    register_panel(Panel("papers", {"desk": "middle"}, "documents/_desk_papers_panel.html", desk_papers, 60, agenda))
    register_panel(Panel("presentation", shown, "documents/_presentation_panel.html", presentation, 5, agenda))
    register_part(Part("reader", {"floor": "main"}, "documents/_reader.html", reader, 10))
    register_part(Part("search", {"reading": "main"}, "documents/_search_form.html", search_form, 10))
    register_part(Part("papers", {"preparation": "main"}, "documents/_upload.html", upload, 30))
    register_record_of_items(late_by_item)
    register_personal_panel(PANEL, papers_panel, meetings_of)
    register_personal_panel(KEPT_PANEL, kept_panel, meetings_prepared_by)


# -- Streamed to a room ------------------------------------------------------------------------------------------------


def desk_papers(meeting: Meeting, audience: str) -> Context:
    """Papers of the current item, how far each is read in, and which one is being shown."""
    item = meeting.current_item
    return {
        "item": item,
        "papers": with_receipts(meeting, papers_of_item(meeting, item)) if item is not None else [],
        "presented": presented_page(meeting),
    }


def presentation(meeting: Meeting, audience: str) -> Context:
    """The page being shown. What not all in this audience may read is left out; their ink stream tells them."""
    shown = presented_page(meeting) if not meeting.is_over else None
    if shown is None or audience == "desk":
        return {"presented": shown}
    document = shown.version.document
    closed = document.item if document.item is not None and document.item.is_closed else None
    is_for_all = not document.restricted and closed in (None, getattr(meeting, "shown_item", None))
    return {"presented": shown if is_for_all else None}


# -- Parts of pages ----------------------------------------------------------------------------------------------------


def reader(meeting: Meeting, person: Person) -> Context:
    return {"version": None, "page": None}


def search_form(meeting: Meeting, person: Person) -> Context:
    papers = Document.objects.visible_to(person).filter(meeting=meeting, is_handed_out=False, withdrawn_at=None)
    return {"meeting": meeting, "has_papers": papers.exists()}


def upload(meeting: Meeting, person: Person) -> Context:
    """The secretary's papers: what is there, and where more come in."""
    return {
        **kept(meeting, person),
        **search_form(meeting, person),
        "form": PaperFilesForm(meeting=meeting),
        "taken": taken_in_words(),
        "notice": notice_of(meeting),
        "panel": f"{KEPT_PANEL}:{meeting.pk}",
        **upload_limits(),
    }


def late_by_item(meeting: Meeting, person: Person) -> dict[int, list[str]]:
    """Every version that came late and could be read, under its item in the record."""
    visible = Document.objects.visible_to(person).filter(meeting=meeting, withdrawn_at=None).exclude(item=None)
    versions = DocumentVersion.objects.filter(document__in=visible, state__in=DocumentVersion.READABLE)
    notice = notice_of(meeting)
    late: defaultdict[int, list[tuple[DocumentVersion, Lateness]]] = defaultdict(list)
    for version in versions.select_related("document").defer("outline").order_by("added_at"):
        found = notice.lateness(version.added_at)
        if found is not None and version.document.item_id is not None:
            late[version.document.item_id].append((version, found))
    template = "documents/_late_in_record.html"
    return {key: [render_to_string(template, {"papers": papers})] for key, papers in late.items()}


def upload_limits() -> Context:
    """What a page says of a file before a byte of it travels."""
    return {
        "limit_bytes": settings.UPLOAD_LIMIT_BYTES,
        "limit_mb": settings.UPLOAD_LIMIT_BYTES // 1024 // 1024,
        **{code: sentence_of(code) for code in ("graded", "too_large", "empty")},
    }


def kept(meeting: Meeting, person: Person) -> Context:
    groups = papers_for(person, meeting)
    if meeting.state != State.DRAFT:
        groups = groups_with_receipts(meeting, groups)
    return {"meeting": meeting, "groups": groups, "person": person}


# -- Panels of one person ----------------------------------------------------------------------------------------------


def papers_panel(person: Person, argument: str) -> str:
    """The agenda with the papers this person may read."""
    meeting = meeting_named(argument, person)
    if meeting is None:
        return ""
    context = {"meeting": meeting, "groups": papers_for(person, meeting)}
    return render_to_string("documents/_papers_panel.html", context).strip()


def kept_panel(person: Person, argument: str) -> str:
    """All papers of the meeting with their state, for who prepares it."""
    meeting = meeting_named(argument, person)
    if meeting is None or not may_prepare(person, meeting):
        return ""
    return render_to_string("documents/_kept_papers.html", kept(meeting, person)).strip()


def meeting_named(argument: str, person: Person) -> Meeting | None:
    try:
        key = UUID(argument)
    except ValueError:
        return None
    return Meeting.objects.visible_to(person).filter(pk=key).first()


def meetings_of(person: Person) -> list[str]:
    alive = Meeting.objects.visible_to(person).filter(participants__person=person, state__in=ALIVE)
    return [str(key) for key in alive.values_list("pk", flat=True)]


def meetings_prepared_by(person: Person) -> list[str]:
    alive = preparable_meetings(Meeting.objects.filter(state__in=(State.DRAFT, *ALIVE)), person)
    return [str(key) for key in alive.values_list("pk", flat=True)]
