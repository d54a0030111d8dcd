"""What a tablet may repeat after a broken network: marks made, rewritten, erased, shared and withdrawn, a page shown, a
paper opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from documents import marks
from documents.geometry import Box
from documents.ink import person_of
from documents.models import DocumentVersion, Mark, Page
from documents.openings import note_opening
from documents.passages import checked_anchor, checked_body, checked_point, checked_quads, refuse_long_passage
from documents.rules import may_read_version
from documents.strokes import BadStroke, checked_colour, checked_geometry, checked_style
from meetings.rules import look_at_roles
from realtime.operations import operation
from realtime.principals import Principal
from realtime.refusals import Refusal
from realtime.transactions import held, keep

Payload = dict[str, Any]
Answer = dict[str, Any]
Row = TypeVar("Row", bound=Model)

MILLISECONDS_OF_THE_CENTURY = 4_102_444_800_000  # since 1970; until 2100

BAD_MARKS: dict[str, Promise] = {
    "bad_geometry": gettext_lazy("This mark cannot be understood; it was not stored."),
    "outside_page": gettext_lazy("This mark lies outside the page; it was not stored."),
    "too_long": gettext_lazy("This stroke is too long; draw it in two parts."),
    "bad_style": gettext_lazy("This colour or width is not known; choose another pen."),
    "long_passage": gettext_lazy("This passage is too long to be highlighted at once; do it in two parts."),
    "empty_note": gettext_lazy("The note is empty. Write something, or erase it."),
    "long_note": gettext_lazy("The note is longer than 4000 characters; write it in two notes."),
}


def in_order_of_arrival(payload: Payload) -> tuple[str, ...]:
    """A shared mark holds its meeting, and a stroke is made before it is erased, however their ids sort: so all acts on
    the papers of a meeting share one key, which begins as those of all acts in a meeting do.
    """
    return ("1meeting", str(payload.get("meeting") or ""))


def look_at_makers(asked: list[tuple[Principal, Payload]]) -> None:
    """Read at once who makes the marks of a batch; where some are shared, hold the meeting and read their roles."""
    keys = {principal.person_id: principal.key for principal, _payload in asked if principal.person_id is not None}
    people = list(Person.objects.filter(pk__in=keys, is_active=True))
    for person in people:
        keep(("writer", keys[person.pk]), person)
    marks.look_at_numbers([key_in(payload, "id") for _principal, payload in asked])
    if any(payload.get("layer") == Mark.Layer.SHARED for _principal, payload in asked):
        meeting = marks.held_meeting(key_in(asked[0][1], "meeting"))
        look_at_roles(meeting.pk, people)


@operation("make_mark", lock_key=in_order_of_arrival, look_ahead=look_at_makers)
def make_mark(principal: Principal, payload: Payload) -> Answer:
    """Store a mark: {version, page, layer, meeting, id, kind, geometry, style, body? (note), anchor? (highlight)}."""
    # When a line has formed, a batch holds many strokes of the same hands on the same pages: each is asked about once.
    # Of private strokes nothing is locked meanwhile: they are as allowed as they were when the batch came to the first.
    person = held(("writer", principal.key), lambda: writer(principal))
    version = held(("paper", payload.get("version")), lambda: version_named(payload))
    held(("may read", version.pk, person.pk), lambda: refuse_unless_reader(version, person))
    number = number_in(payload, "page")
    page = held(("page", version.pk, number), lambda: page_numbered(version, number))
    if page is None:
        raise Refusal("no_such_page", _("This page does not exist in the paper."))
    if payload.get("kind") not in Mark.Kind.values or payload.get("layer") not in Mark.Layer.values:
        raise Refusal("invalid", _("This message cannot be understood."))
    mark = marks.make(
        version,
        by=person,
        key=key_in(payload, "id"),
        page=page.number,
        layer=payload["layer"],
        meeting_key=key_in(payload, "meeting") if payload["layer"] == Mark.Layer.SHARED else None,
        content=content_in(payload, page.media_box),
    )
    return {"id": str(mark.pk), "revision": mark.revision}


def content_in(payload: Payload, media: Box) -> marks.Content:
    kind, geometry, style = payload["kind"], payload.get("geometry"), payload.get("style")
    with bad_marks_refused():
        if kind == Mark.Kind.HIGHLIGHT:
            quads, anchor = checked_quads(geometry, media), checked_anchor(payload.get("anchor"))
            refuse_long_passage(quads, anchor)
            return marks.Content(kind, quads, checked_colour(style), anchor=anchor)
        if kind == Mark.Kind.NOTE:
            point, body = checked_point(geometry, media), checked_body(payload.get("body"))
            return marks.Content(kind, point, checked_colour(style), body=body)
        return marks.Content(kind, checked_geometry(geometry, media), checked_style(style))


@contextmanager
def bad_marks_refused() -> Iterator[None]:
    try:
        yield
    except BadStroke as bad:
        raise Refusal(bad.code, BAD_MARKS[bad.code]) from None


@operation("rewrite_note", lock_key=in_order_of_arrival)
def rewrite_note(principal: Principal, payload: Payload) -> Answer:
    """Other words for one's own note: {id, body, revision that was seen, copy, meeting}.

    `copy` is the id of a second note, for the case that other words have come to stand there meanwhile.
    """
    person = writer(principal)
    with bad_marks_refused():
        body = checked_body(payload.get("body"))
    mark = found(own_marks(person).filter(kind=Mark.Kind.NOTE), key_in(payload, "id"))
    seen = revision_in(payload)
    mark = marks.rewrite(mark, by=person, body=body, seen_revision=seen, key=key_in(payload, "copy"))
    return {"id": str(mark.pk), "revision": mark.revision}


@operation("erase_mark", lock_key=in_order_of_arrival)
def erase_mark(principal: Principal, payload: Payload) -> Answer:
    """Erase one's own mark: {id, meeting}. One that is not there is erased already, or was never one's own to see."""
    person, key = writer(principal), key_in(payload, "id")
    mark = own_marks(person).filter(pk=key).first()
    if mark is not None:
        marks.erase(mark, by=person)
    return {"id": str(key)}


@operation("share_mark", lock_key=in_order_of_arrival)
def share_mark(principal: Principal, payload: Payload) -> Answer:
    """Copy one's own private mark into the meeting's stream: {id, meeting, copy}."""
    person = writer(principal)
    mark = found(own_marks(person).filter(layer=Mark.Layer.PRIVATE, erased_at=None), key_in(payload, "id"))
    copy_key = key_in(payload, "copy") if payload.get("copy") else None
    copy = marks.share(mark, by=person, meeting_key=key_in(payload, "meeting"), key=copy_key)
    return {"id": str(copy.pk), "revision": copy.revision}


@operation("withdraw_mark", lock_key=in_order_of_arrival)
def withdraw_mark(principal: Principal, payload: Payload) -> Answer:
    """Take one's own mark back from the meeting: {id of the shared one, meeting}. The private original stays."""
    person, key = writer(principal), key_in(payload, "id")
    mark = own_marks(person).filter(pk=key, layer=Mark.Layer.SHARED).first()
    if mark is not None:
        marks.erase(mark, by=person)
    return {"id": str(key)}


@operation("show_page", lock_key=in_order_of_arrival)
def show_page(principal: Principal, payload: Payload) -> Answer:
    """Show everybody a page, or end that: {version, page | null, meeting}."""
    person = writer(principal)
    version = version_read_by(person, payload)
    if key_in(payload, "meeting") != version.document.meeting_id:
        raise not_found()
    page = payload.get("page")
    if page is None:
        marks.end_presentation(version, by=person)
        return {"page": None}
    number = number_in(payload, "page")
    if not 1 <= number <= version.page_count:
        raise Refusal("no_such_page", _("This page does not exist in the paper."))
    marks.present(version, number, by=person)
    return {"page": number}


def a_row_of_ones_own(payload: Payload) -> tuple[str, str]:
    return ("6opening", str(payload.get("version")))


@operation("open_paper", lock_key=a_row_of_ones_own)
def open_paper(principal: Principal, payload: Payload) -> Answer:
    """I have the paper open: {version, pages: [numbers seen since it was last said]}; where I am, if that is told:
    {page, at: milliseconds since 1970}.
    """
    person = writer(principal)
    version = version_read_by(person, payload)
    pages, page = pages_of(version, payload.get("pages")), payload.get("page")
    if page is not None:
        (page,) = pages_of(version, [page])
    opening = note_opening(version, by=person, pages=pages, last_page=page, last_page_at=moment_in(payload))
    return {"pages_seen": opening.pages_seen}


def moment_in(payload: Payload) -> datetime | None:
    """When it was by the tablet's clock; None where it does not say so, or says what no clock shows."""
    at = payload.get("at")
    return datetime.fromtimestamp(at / 1000, UTC) if type(at) is int and 0 <= at < MILLISECONDS_OF_THE_CENTURY else None


def pages_of(version: DocumentVersion, pages: object) -> list[int]:
    if not isinstance(pages, list) or not all(type(page) is int and 1 <= page <= version.page_count for page in pages):
        raise Refusal("no_such_page", _("This page does not exist in the paper."))
    return pages


def writer(principal: Principal) -> Person:
    person = person_of(principal)
    if person is None:
        raise Refusal("forbidden", _("Please log in to write on papers."))
    return person


def version_read_by(person: Person, payload: Payload) -> DocumentVersion:
    version = version_named(payload)
    refuse_unless_reader(version, person)
    return version


def version_named(payload: Payload) -> DocumentVersion:
    rows = DocumentVersion.objects.select_related("document__meeting", "document__item").defer("outline")
    return found(rows, key_in(payload, "version"))


def refuse_unless_reader(version: DocumentVersion, person: Person) -> None:
    """Ask the rule for one object, not for the list: forty strokes a second come through this door."""
    if not version.is_readable or not may_read_version(person, version):
        raise not_found()


def page_numbered(version: DocumentVersion, number: int) -> Page | None:
    return version.pages.filter(number=number).order_by("pk").only("number", "media").first()


def own_marks(person: Person) -> QuerySet[Mark]:
    marks.put_in_waiting()  # one of them may have been made a moment ago
    related = ("owner", "version__document__meeting", "version__document__item")
    return Mark.objects.filter(owner=person).select_related(*related)


def found(rows: QuerySet[Row], key: UUID) -> Row:
    row = rows.filter(pk=key).first()
    if row is None:
        raise not_found()
    return row


def not_found() -> Refusal:
    """What may not be seen does not exist, also to a tablet."""
    return Refusal("not_found", _("This paper or mark is not there (any more)."))


def key_in(payload: Payload, name: str) -> UUID:
    value = payload.get(name)
    try:
        if isinstance(value, str) and len(value) == 36:
            return UUID(value)
    except ValueError:
        pass
    raise Refusal("invalid", _("This message cannot be understood."))


def revision_in(payload: Payload) -> int:
    value = payload.get("revision")
    if type(value) is not int or not 0 < value < 2**31:
        raise Refusal("invalid", _("This message cannot be understood."))
    return value


def number_in(payload: Payload, name: str) -> int:
    value = payload.get(name)
    if type(value) is not int or abs(value) > 2**31 - 1:
        raise Refusal("no_such_page", _("This page does not exist in the paper."))
    return value
