"""Papers over HTTP: bringing them in, changing them, reading them page by page."""

import asyncio
import logging
import os
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import FileIO
from itertools import groupby
from secrets import token_hex
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.contrib import messages
from django.core.files import File
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.refusals import refused
from accounts.requests import SignedInRequest, key_in
from accounts.sheets import workbook_of
from documents import actions, intake, rules, storage
from documents.carry_over import left_behind
from documents.children import Busy, ChildRefused, prepare_soon
from documents.copies import BUSY, BUSY_SECONDS, lines_for, make_copy, pages_printed, refuse_unless_copied
from documents.fetching import (
    overseen_meeting,
    prepared_document,
    prepared_meeting,
    visible_document,
    visible_page,
    visible_version,
)
from documents.forms import (
    CopyForm,
    NewVersionForm,
    PaperFilesForm,
    PaperForm,
    PersonGrantForm,
    PlaceForm,
    ReleaseForm,
    UnitGrantForm,
)
from documents.geometry import TILE_PX, raster_size
from documents.ink import streams_for
from documents.models import Copy, Document, DocumentVersion, Page
from documents.new_versions import Reading, news_for, words_of_changes
from documents.openings import last_place, papers_unread_by
from documents.panels import upload, upload_limits
from documents.paragraphs import Paragraph, paragraphs_of
from documents.questions import LONGEST_QUESTION
from documents.receipts_table import sheet_of, sorted_lines, table_of
from documents.refusals import file_refusal
from documents.searching import address_of, answer_to
from documents.storage import DRAWN, LEVELS, THUMBNAIL, TIERS
from documents.uploads import UploadRequest, limited_upload
from meetings.models import AgendaItem, Meeting
from meetings.notice_rules import Lateness, notice_of
from meetings.rules import may_prepare
from realtime.refusals import Refusal

State = DocumentVersion.State
log = logging.getLogger(__name__)
TEXT_PAGES = 20  # of a paper in words on one page of the screen
TEXT_LINES = 3000  # of a page; no page of print has so many
PIECE_BYTES = 256 * 1024  # of a file in memory at once
INLINE_AT_MOST_BYTES = 512 * 1024  # of a picture within the screen; behind a larger one its buttons would wait
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# -- Bringing papers in ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    file_name: str
    document: Document | None = None
    refusal: Refusal | None = None

    def told(self) -> dict[str, Any]:
        if self.refusal is not None:
            return {"file": self.file_name, "code": self.refusal.code, "text": str(self.refusal.text)}
        assert self.document is not None
        return {"file": self.file_name, "id": str(self.document.pk), "title": self.document.title}


@require_http_methods(["GET", "POST"])
@limited_upload(prepared_meeting)
def papers(request: UploadRequest, key: UUID) -> HttpResponse:
    """The papers of a meeting, for who prepares it; by POST new ones, each accepted or refused for itself."""
    meeting = prepared_meeting(request, key)
    if request.method == "GET":
        return render(request, "documents/papers.html", upload(meeting, request.user))
    form = PaperFilesForm(request.POST, request.FILES, meeting=meeting)
    outcomes = [Outcome(name, refusal=file_refusal("too_large")) for name in request.too_large]
    grade_refusal = refusal_of_grade(request)
    if grade_refusal is None and form.is_valid():
        outcomes += [take_in(request, meeting, file, form.cleaned_data["item"]) for file in form.cleaned_data["files"]]
    elif grade_refusal is not None:
        outcomes += [Outcome(file.name or "", refusal=grade_refusal) for file in request.FILES.getlist("files")]
    return answer_upload(request, meeting, form, outcomes, grade_refusal)


def refusal_of_grade(request: UploadRequest) -> Refusal | None:
    try:
        actions.refuse_graded(request.POST.get("declared_grade", ""))
    except Refusal as refusal:
        return refusal
    return None


def take_in(request: UploadRequest, meeting: Meeting, file: File, item: AgendaItem | None) -> Outcome:
    grade = request.POST["declared_grade"]
    try:
        paper = actions.add_paper(meeting, by=request.user, file=file, item=item, declared_grade=grade)
    except Refusal as refusal:
        return Outcome(file.name or "", refusal=refusal)
    return Outcome(file.name or "", paper)


def answer_upload(
    request: UploadRequest, meeting: Meeting, form: PaperFilesForm, outcomes: list[Outcome], refusal: Refusal | None
) -> HttpResponse:
    """Answer a script with what became of each file, anybody else with a page."""
    refused = refusal is not None or any(outcome.refusal for outcome in outcomes) or not (form.is_valid() or outcomes)
    if "application/json" in request.headers.get("Accept", ""):
        told = [outcome.told() for outcome in outcomes]
        text = str(refusal.text) if refusal else "" if outcomes else str(file_refusal("no_file").text)
        code = refusal.code if refusal else "" if outcomes else "no_file"
        return JsonResponse({"papers": told, "code": code, "text": text}, status=422 if refused else 201)
    if refused:
        context = {**upload(meeting, request.user), "form": form, "outcomes": outcomes, "grade_refusal": refusal}
        return render(request, "documents/papers.html", context, status=422)
    messages.success(request, _("%(count)d papers were taken in.") % {"count": len(outcomes)})
    return redirect(papers_address(meeting))


@require_POST
def handed_out_lines(request: UploadRequest, key: UUID) -> HttpResponse:
    meeting = prepared_meeting(request, key)
    item = get_object_or_404(meeting.items, pk=number(request, "item")) if request.POST.get("item") else None
    actions.add_handed_out_line(meeting, by=request.user, item=item)
    return done(request, meeting, _("The agenda says that this paper is handed out on the spot."))


# -- One paper, for who prepares ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def details(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    form = PaperForm(request.POST or None, instance=document)
    if not form.is_bound or not form.is_valid():
        return details_page(request, prepared_document(request, key), status=422 if form.is_bound else 200, form=form)
    actions.change_paper(prepared_document(request, key), by=request.user, **form.cleaned_data)
    return done(request, document.meeting, _("The changes are saved."))


def details_page(request: UploadRequest, document: Document, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "document": document,
        "meeting": document.meeting,
        "versions": kept_versions(document),
        "held": document.versions.filter(state=State.HELD).first(),
        "person_grants": rules.person_grants().filter(content_object=document).select_related("user"),
        "unit_grants": document.unit_grants.select_related("organisation"),
        "copies": Copy.objects.filter(version__document=document).select_related("person", "version"),
        "pages_printed": pages_printed([document]),
        "back": papers_address(document.meeting),
        "form": PaperForm(instance=document),
        "version_form": NewVersionForm(),
        "release_form": ReleaseForm(),
        "person_form": PersonGrantForm(document=document),
        "unit_form": UnitGrantForm(),
        **upload_limits(),
        **forms,
    }
    return render(request, "documents/details.html", context, status=status)


class KeptVersion(NamedTuple):
    version: DocumentVersion
    lateness: Lateness | None
    changes: str


def kept_versions(document: Document) -> list[KeptVersion]:
    """All versions for who prepares: how late each came, and what it changed."""
    notice = notice_of(document.meeting)
    return [
        KeptVersion(version, notice.lateness(version.added_at), words_of_changes(version))
        for version in document.versions.defer("outline")
    ]


@require_POST
def place(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    form = PlaceForm(request.POST)
    if form.is_valid():
        actions.move_paper(document, by=request.user, to=form.cleaned_data["to"])
    return done(request, document.meeting)


@require_POST
@limited_upload(prepared_document)
def versions(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    form = NewVersionForm(request.POST, request.FILES)
    try:
        if request.too_large:
            raise file_refusal("too_large")
        actions.refuse_graded(request.POST.get("declared_grade", ""))
        if not form.is_valid():
            return details_page(request, document, status=422, version_form=form)
        grade = form.cleaned_data["declared_grade"]
        actions.replace_paper(document, by=request.user, file=form.cleaned_data["file"], declared_grade=grade)
    except Refusal as refusal:
        return details_page(request, document, status=422, version_form=NewVersionForm(), version_refusal=refusal)
    return done(request, document.meeting, _("The new version was taken in; the old one stays with its marks."))


@require_POST
def release(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return details_page(request, document, status=422, release_form=form)
    version = get_object_or_404(document.versions.filter(state=State.HELD))
    actions.release_held(version, by=request.user, reason=form.cleaned_data["reason"])
    return done(request, document.meeting, _("The paper is released; its pages are being prepared."))


@require_POST
def withdrawal(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    actions.withdraw_paper(document, by=request.user)
    return done(request, document.meeting, _("The paper is withdrawn."))


@require_POST
def grants(request: UploadRequest, key: UUID) -> HttpResponse:
    """Grant the paper to a person or to a unit."""
    document = prepared_document(request, key)
    if "person" in request.POST:
        form = PersonGrantForm(request.POST, document=document)
        if not form.is_valid():
            return details_page(request, document, status=422, person_form=form)
        actions.grant_to_person(document, form.cleaned_data["person"], by=request.user)
    else:
        unit_form = UnitGrantForm(request.POST)
        if not unit_form.is_valid():
            return details_page(request, document, status=422, unit_form=unit_form)
        actions.grant_to_unit(document, unit_form.cleaned_data["organisation"], by=request.user)
    return redirect(f"{reverse('documents:details', args=[document.pk])}#grants")


@require_POST
def grant_removal(request: UploadRequest, key: UUID) -> HttpResponse:
    document = prepared_document(request, key)
    if "person" in request.POST:
        grant = get_object_or_404(rules.person_grants().filter(content_object=document), user=number(request, "person"))
        actions.revoke_from_person(document, grant.user, by=request.user)
    else:
        unit_grant = get_object_or_404(document.unit_grants, organisation=number(request, "organisation"))
        actions.revoke_from_unit(document, unit_grant.organisation, by=request.user)
    return redirect(f"{reverse('documents:details', args=[document.pk])}#grants")


# -- Reading -----------------------------------------------------------------------------------------------------------


@require_GET
def document(request: UploadRequest, key: UUID) -> HttpResponse:
    """A paper in the reader: the page that is read first stands in it at once, the others come with the scripts."""
    document = visible_document(request, key)
    versions = list(document.versions.defer("outline"))
    version = document.newest(versions)
    if version is None and versions and may_prepare(request.user, document.meeting):
        version = versions[0]
    page = key_in(request.GET.get("page", "")) or None
    find = request.GET.get("find", "")[:LONGEST_QUESTION]
    context = {
        "document": document,
        "meeting": document.meeting,
        "version": str(version.pk) if version is not None else None,
        "page": page,
        "first_page": version and first_page(version, page or last_place(version, request.user)[0]),
        "find": find,
        "back_url": address_of(find) if find else reverse("meetings:meeting", args=[document.meeting_id]),
    }
    return unstored(render(request, "documents/document.html", context))


def first_page(version: DocumentVersion, number: int) -> dict[str, Any] | None:
    """The page that stands in the screen of a paper. Its picture comes within, where it is drawn already: asked for by
    itself it takes another way over the line and back.
    """
    shown = version.pages.filter(number=number).exclude(raster=Page.Raster.FAILED)
    page = shown.only("number", "width_pt", "height_pt").first()
    if page is None:
        return None
    try:
        picture = storage.picture(version.raster_name(number, TIERS[0]))
    except OSError:  # the screen comes without it, and the reader asks again
        log.exception("The picture of a page could not be read.")
        picture = None
    address = reverse("documents:page_picture", args=[version.pk, number, TIERS[0]])
    if picture is not None and len(picture) <= INLINE_AT_MOST_BYTES:
        address = f"data:image/webp;base64,{b64encode(picture).decode()}"
    return {"number": number, "width_pt": page.width_pt, "height_pt": page.height_pt, "picture": address}


@require_GET
def manifest(request: UploadRequest, key: UUID) -> HttpResponse:
    """All a reader must know of a version before it asks for pages."""
    version = visible_version(request, key)
    document, person = version.document, request.user
    prepare_soon()
    told = {
        "version": str(version.pk),
        "number": version.number,
        "title": document.title,
        "document": str(document.pk),
        "meeting": str(document.meeting_id),
        "page_count": version.page_count,
        "pages": [told_page(page) for page in version.pages.defer("text", "media", "crop")],
        "outline": version.outline,
        "thumbnail": THUMBNAIL,
        "tile_px": TILE_PX,
        "streams": streams_for(version, person),
        "may_mark": version.is_readable,
        "may_share": version.is_readable and rules.may_share(person, document),
        "may_present": version.is_readable and rules.may_present(person, document),
        "news": told_news(version, person),
        "last_place": told_place(version, person),
        "left_behind": left_behind(version, person),
        **told_ways(version, person),
        "state": version.state,
        "refusal": version.refusal_sentence,
    }
    return unstored(JsonResponse(told))


def told_news(version: DocumentVersion, person: Person) -> dict[str, Any] | None:
    """What changed since the version this person had read; None for who had read none before it."""
    if version.number == 1:
        return None
    versions = version.document.versions.defer("outline")
    news = news_for(Reading.of(person, version.document.meeting), version, versions)
    return news.told() if news is not None else None


def told_place(version: DocumentVersion, person: Person) -> dict[str, int] | None:
    page, at = last_place(version, person)
    return {"page": page, "at": int(at.timestamp() * 1000)} if at is not None else None


def told_ways(version: DocumentVersion, person: Person) -> dict[str, str | None]:
    """Where else the paper is to be had: always the version in force, so beside an older one nothing is offered."""
    document = version.document
    if document.newest(list(document.versions.defer("outline"))) != version:
        return {"copies": None, "text": None}
    is_copied = document.may_be_copied and rules.may_copy(person, document)
    return {
        "copies": reverse("documents:copies", args=[document.pk]) if is_copied else None,
        "text": reverse("documents:text", args=[document.pk]),
    }


def told_page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width_pt": page.width_pt,
        "height_pt": page.height_pt,
        "rotation": page.rotation,
        "matrix": page.matrix,
        "tiers": {tier: raster_size(page.width_pt, page.height_pt, tier) for tier in TIERS},
        "levels": {level: raster_size(page.width_pt, page.height_pt, level) for level in LEVELS},
        "ready": page.raster == Page.Raster.READY,
        "failed": page.raster == Page.Raster.FAILED,
    }


@require_GET
def page_picture(request: UploadRequest, key: UUID, number: int, tier: int) -> HttpResponse:
    version, page = visible_page(request, key, number)
    if tier not in DRAWN or page.raster == Page.Raster.FAILED:
        raise Http404
    try:
        picture = intake.picture_now(version, number, tier)
    except Busy:
        return busy()
    except ChildRefused as refused:
        raise Http404 from refused
    return unstored(HttpResponse(picture, content_type="image/webp"))


@require_GET
def page_tiles(request: UploadRequest, key: UUID, number: int, level: int, places: list[intake.Place]) -> HttpResponse:
    """Parts of a page, for who has zoomed in further than the picture of the whole page is sharp: a form of pictures,
    "column-row" of each its name. Together they take one look at rights and one drawing.
    """
    version, page = visible_page(request, key, number)
    if level not in LEVELS or page.raster == Page.Raster.FAILED:
        raise Http404
    try:
        tiles = intake.tiles_now(version, page, level, places)
    except Busy:
        return busy()
    except ChildRefused as refused:
        raise Http404 from refused
    if not tiles:
        raise Http404
    return unstored(form_of_pictures({f"{column}-{row}": tile for (column, row), tile in tiles.items()}))


def form_of_pictures(pictures: dict[str, bytes]) -> HttpResponse:
    """Answer with several pictures, which a browser takes apart again: multipart/form-data, RFC 7578."""
    boundary = token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.webp"\r\n'
        "Content-Type: image/webp\r\n\r\n".encode()
        + picture
        + b"\r\n"
        for name, picture in pictures.items()
    ]
    content = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return HttpResponse(content, content_type=f"multipart/form-data; boundary={boundary}")


@require_GET
def page_text(request: UploadRequest, key: UUID, number: int) -> HttpResponse:
    version, page = visible_page(request, key, number)
    try:
        text = intake.text_now(version, page)
    except Busy:
        return busy()
    except ChildRefused:
        text = intake.EMPTY_TEXT
    return unstored(JsonResponse(text))


@require_GET
def words(request: UploadRequest, key: UUID) -> HttpResponse:
    """The lines of every page, for finding on the tablet; null for a page that has not been read yet.

    120 pages of prose are 400 KB, found in by the tablet at every letter written, also without a network; asked of the
    server, each letter would have it read 5 MB of text with its places.
    """
    texts = visible_version(request, key).pages.values_list("text", flat=True)
    pages = [None if text is None else [span["text"] for span in text["spans"]] for text in texts.iterator()]
    return unstored(JsonResponse({"pages": pages}))


@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    """Papers in which words are found, best first. A paper one may not read is not there, not even counted."""
    return render(request, "documents/search.html", {"answer": answer_to(request)})


@require_GET
def unread(request: SignedInRequest) -> HttpResponse:
    """All papers that wait to be read, each session with its own."""
    papers = list(papers_unread_by(request.user))
    sessions = [(meeting, list(group)) for meeting, group in groupby(papers, key=lambda paper: paper.meeting)]
    return render(request, "documents/unread.html", {"sessions": sessions, "count": len(papers)})


@require_safe
def text(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The words of the version in force as text that flows, some pages at a time: to be listened to, or read large."""
    document = visible_document(request, key)
    version = document.newest()
    if request.method == "HEAD":  # an open page asks whether it may still be read
        return unstored(HttpResponse())
    if version is None:
        return render(request, "documents/text.html", {"document": document})
    asked = min(max(key_in(request.GET.get("page", "")), 1), version.page_count)
    first = asked - (asked - 1) % TEXT_PAGES
    pages = version.pages.filter(number__range=(first, first + TEXT_PAGES - 1))
    context = {
        "document": document,
        "version": version,
        "pages": [TextPage.of(page, version.outline) for page in pages.iterator(chunk_size=1)],
        "asked": asked,
        "previous": first - TEXT_PAGES,
        "next": first + TEXT_PAGES,
    }
    return unstored(render(request, "documents/text.html", context))


class TextPage(NamedTuple):
    """A page in words; None while nobody has read it, empty where it shows only pictures."""

    number: int
    paragraphs: list[Paragraph] | None
    is_cut: bool = False

    @classmethod
    def of(cls, page: Page, outline: list[dict[str, Any]]) -> Self:
        if page.text is None:
            return cls(page.number, None)
        titles, spans = [entry["title"] for entry in outline if entry["page"] == page.number], page.text["spans"]
        return cls(page.number, paragraphs_of(spans[:TEXT_LINES], page.matrix, titles), len(spans) > TEXT_LINES)


# -- Taking papers out -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def copies(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    """What it means to take this paper out; by POST the file, with the reader's name on every page."""
    document = visible_document(request, key)
    refuse_unless_copied(document, request.user)
    form = CopyForm(request.POST or None)
    if not form.is_valid():
        version = document.newest()
        context = {"document": document, "version": version, "form": form, "lines": lines_for(request.user, document)}
        return render(request, "documents/copies.html", context, status=422 if form.is_bound else 200)
    try:
        copy, file = make_copy(document, by=request.user, **form.cleaned_data)
    except Busy:
        answer = unstored(refused(request, BUSY))
        answer.status_code, answer["Retry-After"] = 503, str(BUSY_SECONDS)
        return answer
    return file_of(copy, document, file)


def file_of(copy: Copy, document: Document, file: FileIO) -> HttpResponseBase:
    """The file piece by piece, to be kept or to be shown and printed."""
    answer = StreamingHttpResponse(pieces_of(file), content_type="application/pdf")
    name = f"{document.title.replace('/', '-')}.pdf"
    disposition = content_disposition_header(copy.kind == Copy.Kind.DOWNLOAD, name)
    answer["Content-Disposition"] = disposition or "attachment"
    answer["Content-Length"] = str(os.fstat(file.fileno()).st_size)
    answer["Cache-Control"] = "private, no-store"
    return answer


async def pieces_of(file: FileIO) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


@require_POST
def copying(request: UploadRequest, key: UUID) -> HttpResponse:
    """Let the readers of all papers of a meeting download and print them, or none."""
    meeting = prepared_meeting(request, key)
    allowed = request.POST.get("allowed") == "yes"
    actions.allow_copies(meeting, by=request.user, allowed=allowed)
    if allowed:
        return done(request, meeting, _("All papers of this meeting may be downloaded and printed by their readers."))
    return done(request, meeting, _("No paper of this meeting may be downloaded or printed any more."))


# -- Who has read what -------------------------------------------------------------------------------------------------


@require_GET
def receipts(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Papers and readers of a meeting; those who have read nothing are shown alone where they are asked for."""
    meeting = overseen_meeting(request, key)
    table, shown, sort = table_of(meeting, by=request.user), request.GET.get("show", ""), request.GET.get("sort", "")
    lines = table.lines_without_reading if shown == "unread" else table.lines
    context = {
        "meeting": meeting,
        "table": table,
        "lines": sorted_lines(table, lines, sort),
        "shown": shown,
        "sort": sort,
        "may_prepare": may_prepare(request.user, meeting),
        "pages_printed": pages_printed([column.document for column in table.columns]),
    }
    return render(request, "documents/receipts.html", context)


@require_GET
def receipts_export(request: SignedInRequest, key: UUID) -> HttpResponse:
    meeting = overseen_meeting(request, key)
    book = workbook_of(_("Who has read"), sheet_of(table_of(meeting, by=request.user)))
    answer = unstored(HttpResponse(book, content_type=WORKBOOK))
    answer["Content-Disposition"] = f'attachment; filename="phien-da-doc-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return answer


# -- Steps the views share ---------------------------------------------------------------------------------------------


def unstored(answer: HttpResponse) -> HttpResponse:
    """Keep pages out of every cache but the reader's own, which can be wiped."""
    answer["Cache-Control"] = "private, no-store"
    return answer


def busy() -> HttpResponse:
    answer = unstored(HttpResponse(status=503))
    answer["Retry-After"] = "2"
    return answer


def number(request: UploadRequest, name: str) -> int:
    return key_in(request.POST.get(name, ""))


def papers_address(meeting: Meeting) -> str:
    return f"{reverse('meetings:meeting', args=[meeting.pk])}#papers"


def done(request: UploadRequest, meeting: Meeting, sentence: str = "") -> HttpResponse:
    """Answer an act on papers: the list itself arrives by the person's stream, a page without script is loaded anew."""
    if request.htmx:
        return HttpResponse(status=204)
    if sentence:
        messages.success(request, sentence)
    return redirect(papers_address(meeting))
