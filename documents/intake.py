"""Reads a new paper: first its first page, so that it can be opened, then the text and picture of every page. Of what
is no PDF, one is made before.

A job may be killed at any moment and starts again: what is done is not done twice, because each page says for itself
whether it has its text and its picture.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from documents import storage
from documents.carry_over import carry_marks
from documents.children import Child, ChildRefused, child_for, local_copy, warm_child_for
from documents.events import papers_changed, progress_changed
from documents.geometry import raster_size, tile_box
from documents.index import keep_words_of_page
from documents.kinds import made_of
from documents.models import Document, DocumentVersion, Page
from documents.new_versions import compared, in_force_after, notices_of
from documents.refusals import PAGE_LIMIT
from documents.stamps import stamp_in
from meetings.actions import tell
from realtime.transactions import one_transaction

State, Raster = DocumentVersion.State, Page.Raster
# Priorities: the first pages of all papers before the second page of any; making a PDF takes longer than a first page.
FIRST, CONVERSION, REST = 20, 10, 0
LAID_OUT_AT_ONCE = 500
PROGRESS_SECONDS = 1.0
# So many pages may cost a child its life before the whole file is called hostile; each costs up to half a minute.
KILLED_PAGES = 5
# Several people waiting for the same page have it drawn once; other pages rarely share its lock.
_drawing = [threading.Lock() for _ in range(64)]
Place = tuple[int, int]
Size = tuple[int, int]
BoxPx = tuple[int, int, int, int]
EMPTY_TEXT: dict[str, list[object]] = {"spans": [], "links": []}


def read_later(version: DocumentVersion) -> None:
    """Put the reading of a version in line, in the caller's transaction."""
    if version.state == State.CONVERTING:
        make_pages.using(priority=CONVERSION).enqueue(str(version.pk))
    else:
        read_first_page.using(priority=FIRST).enqueue(str(version.pk))


@task()
def make_pages(version_key: str) -> None:
    """Make a PDF of an office file or pictures, unless the same content has one; from then on it is like any other."""
    version = waiting_version(version_key)
    if version is None or version.state != State.CONVERTING:
        return
    try:
        if not storage.is_kept(version.file):
            with local_copy(version.original) as path, made_of(path, version.made_from) as made:
                storage.keep(made, version.file)
        with local_copy(version.file) as path, child_for(path, in_background=True) as child:
            found = child.inspect(page_limit=PAGE_LIMIT)
    except ChildRefused as refused:
        refuse_version(version, refused.code)
        return
    pages_made(version, found)


def pages_made(version: DocumentVersion, found: Mapping[str, Any]) -> None:
    """Lay the pages out and have them read. A stamp on page 1 holds the paper back before anybody could open it."""
    stamp = stamp_in(found["first_text"])
    with one_transaction():
        # Held against a withdrawal, which empties what it finds held back: of a secret paper nothing may stay behind.
        document = Document.objects.select_for_update(no_key=True).get(pk=version.document_id)
        if stamp and document.withdrawn_at is not None:
            refuse_version(version, "stamped")
            return
        if not move_on(version, State.CONVERTING, State.HELD if stamp else State.WAITING):
            return
        version.state, version.stamp = State.HELD if stamp else State.WAITING, stamp
        version.page_count, version.outline = found["page_count"], found["outline"]
        version.save(update_fields=["stamp", "page_count", "outline"])
        lay_out_pages(version, found["pages"])
        if not stamp:
            read_later(version)
        papers_changed(version.document.meeting)


def lay_out_pages(version: DocumentVersion, found: Iterable[Mapping[str, Any]]) -> None:
    names = ("number", "width_pt", "height_pt", "media", "crop", "rotation", "matrix")
    pages = [Page(version=version, **{name: page[name] for name in names}) for page in found]
    Page.objects.bulk_create(pages, batch_size=LAID_OUT_AT_ONCE)


@task()
def read_first_page(version_key: str) -> None:
    version = waiting_version(version_key)
    if version is None:
        return
    with local_copy(version.file) as path:
        try:
            read_pages(version, path, Page.objects.filter(version=version, number=1))
        except ChildRefused as refused:
            refuse_version(version, refused.code)
            return
    with one_transaction():
        move_on(version, State.WAITING, State.READING)
        read_rest.using(priority=REST).enqueue(str(version.pk))
        papers_changed(version.document.meeting)


@task()
def read_rest(version_key: str) -> None:
    version = waiting_version(version_key)
    if version is None:
        return
    with local_copy(version.file) as path:
        try:
            read_pages(version, path, Page.objects.filter(version=version))
            refuse_when_nothing_shows(version)
        except ChildRefused as refused:
            refuse_version(version, refused.code)
            return
    with one_transaction():
        if move_on(version, State.READING, State.READY):
            compare_later(version)
            papers_changed(version.document.meeting)


def compare_later(version: DocumentVersion) -> None:
    if DocumentVersion.objects.filter(document=version.document_id).exclude(pk=version.pk).exists():
        compare_versions.using(priority=REST).enqueue(str(version.pk))


@task()
def compare_versions(version_key: str) -> None:
    """Find which pages a version changed, and the one after it where that had to wait for this one."""
    version = DocumentVersion.objects.select_related("document__meeting").get(pk=UUID(version_key))
    for one in (version, in_force_after(version)):
        if one is not None and one.state == State.READY and one.changes is None:
            compare(one)


def compare(version: DocumentVersion) -> None:
    """Carry the marks over, keep what a version changed, and tell those who read it. Nobody waits for it."""
    comparison = compared(version)
    if comparison is None:
        return
    carry_marks(comparison.before, version, comparison.pairs)
    version.changes = changes = comparison.kept()
    notices = notices_of(version)
    with one_transaction():
        if DocumentVersion.objects.filter(pk=version.pk, changes__isnull=True).update(changes=changes):
            papers_changed(version.document.meeting)
            for text, people in notices.items():
                tell(people, version.document.meeting, text)


def waiting_version(version_key: str) -> DocumentVersion | None:
    """The version, unless it is done, was held back, refused or taken away meanwhile."""
    found = DocumentVersion.objects.select_related("document__meeting").filter(pk=UUID(version_key)).first()
    return found if found is not None and found.is_waited_for else None


def read_pages(version: DocumentVersion, path: Path, pages: QuerySet[Page]) -> None:
    """Read text and picture of the pages that have none yet. Raises ChildRefused for the file as a whole."""
    todo = deque(pages.filter(raster=Raster.WAITING).defer("text").order_by("number"))
    if not todo:
        return
    told, killed = time.monotonic(), 0
    with child_for(path, in_background=True) as child:
        while todo:
            page = todo.popleft()  # let go of with its text, which is 100 to 140 KB in memory
            try:
                read_page(version, page, child)
            except ChildRefused as refused:
                if refused.code not in {"page_broken", "too_slow", "too_much_memory", "broken"}:
                    raise
                killed += refused.code != "page_broken"
                if killed > KILLED_PAGES:
                    raise
                finish_page(version, page, Raster.FAILED)
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                tell_progress(version)


def read_page(version: DocumentVersion, page: Page, child: Child) -> None:
    try:
        page.text = child.text(page.number)
    except ChildRefused as refused:
        if refused.code != "page_broken":
            raise
        page.text = EMPTY_TEXT
    for tier in (storage.TIERS[0], storage.THUMBNAIL):
        draw(version, page.number, tier, child)
    finish_page(version, page, Raster.READY)


def draw(version: DocumentVersion, page: int, tier: int, child: Child) -> bytes:
    """Return the picture of a page; draw it unless the same content was drawn before."""
    name = version.raster_name(page, tier)
    found = storage.picture(name)
    if found is None:
        found = child.raster(page, tier)
        storage.keep_picture(name, found)
    return found


def picture_now(version: DocumentVersion, page: int, tier: int) -> bytes:
    """Return the picture of a page somebody waits for, drawn first where need be. Raises ChildRefused, Busy."""
    name = version.raster_name(page, tier)
    found = storage.picture(name)
    if found is not None:
        return found
    with _drawing[hash(name) % len(_drawing)], local_copy(version.file) as path, child_for(path) as child:
        return draw(version, page, tier, child)


def tiles_now(version: DocumentVersion, page: Page, level: int, places: Iterable[Place]) -> dict[Place, bytes]:
    """Return parts of a page, (column, row), for somebody who has zoomed in, drawn first where need be, without those
    that there are not. Raises ChildRefused, Busy.
    """
    size_px = raster_size(page.width_pt, page.height_pt, level)
    boxes_px = {place: box for place in places if (box := tile_box(*size_px, *place)) is not None}
    names = {place: version.tile_name(page.number, level, *place) for place in boxes_px}
    found = stored_tiles(names)
    if len(found) == len(names):
        return found
    row = version.sha256, page.number, level, min(row for _column, row in names)
    with _drawing[hash(row) % len(_drawing)]:
        found = stored_tiles(names)
        missing = [place for place in names if place not in found]
        if missing:
            drawn = drawn_tiles(version, page.number, size_px, [boxes_px[place] for place in missing])
            for place, tile in zip(missing, drawn, strict=True):
                storage.keep_tile(names[place], tile)
                found[place] = tile
    return found


def drawn_tiles(version: DocumentVersion, page: int, size_px: Size, boxes_px: list[BoxPx]) -> list[bytes]:
    """Draw parts of a page together, and one by one where together they are more than a child may use."""
    try:
        with warm_child_for(version.file) as child:
            return child.tiles(page, size_px, tuple(boxes_px))
    except ChildRefused:
        if len(boxes_px) == 1:
            raise
    drawn = []
    for box_px in boxes_px:
        with warm_child_for(version.file) as child:
            drawn += child.tiles(page, size_px, (box_px,))
    return drawn


def stored_tiles(names: Mapping[Place, str]) -> dict[Place, bytes]:
    found = {place: storage.picture(name) for place, name in names.items()}
    return {place: tile for place, tile in found.items() if tile is not None}


def text_now(version: DocumentVersion, page: Page) -> dict[str, Any]:
    """Return the text of a page somebody waits for. Raises ChildRefused, Busy."""
    if page.text is not None:
        return page.text
    with local_copy(version.file) as path, child_for(path) as child:
        return child.text(page.number)


def finish_page(version: DocumentVersion, page: Page, raster: str) -> None:
    text = page.text if "text" in page.__dict__ and page.text is not None else EMPTY_TEXT
    with one_transaction():
        done = Page.objects.filter(pk=page.pk, raster=Raster.WAITING).update(text=text, raster=raster)
        if done:
            keep_words_of_page(page, version.document_id, text)
        DocumentVersion.objects.filter(pk=version.pk).update(pages_drawn=F("pages_drawn") + done)


def refuse_when_nothing_shows(version: DocumentVersion) -> None:
    if not version.pages.exclude(raster=Raster.FAILED).exists():
        raise ChildRefused("unreadable")


def refuse_version(version: DocumentVersion, code: str) -> None:
    """Refuse a file that turned out to be unreadable; the secretary reads why, and nothing of it is kept."""
    with one_transaction():
        waited_for = DocumentVersion.objects.filter(pk=version.pk, state__in=DocumentVersion.WAITED_FOR)
        changed = waited_for.update(state=State.REFUSED, refusal=code)
        if changed:
            version.pages.all().delete()
            forget_later(version)
            compare_later(version)
            papers_changed(version.document.meeting)


def forget_later(version: DocumentVersion) -> None:
    """Delete the file after the commit, unless a version that is not refused has the same content."""
    transaction.on_commit(partial(forget_unless_used, version.sha256, version.files))


def forget_unless_used(sha256: str, files: Iterable[str]) -> None:
    """Delete the bytes unless a version has them. Whoever brings the same content in at this moment has either written
    its version before we look, or stores the bytes anew after we have deleted them.
    """
    with one_transaction():
        hold_content(sha256)
        if not DocumentVersion.objects.filter(sha256=sha256).exclude(state=State.REFUSED).exists():
            storage.forget_content(sha256, files)


def hold_content(sha256: str) -> None:
    """Hold all versions of one content until the transaction ends; a refused one keeps its row for that."""
    rows = DocumentVersion.objects.select_for_update(no_key=True).filter(sha256=sha256).order_by("pk")
    list(rows.values_list("pk", flat=True))


def move_on(version: DocumentVersion, before: str, after: str) -> bool:
    return bool(DocumentVersion.objects.filter(pk=version.pk, state=before).update(state=after))


def tell_progress(version: DocumentVersion) -> None:
    with one_transaction():
        progress_changed(version.document.meeting)


# -- When a worker starts ----------------------------------------------------------------------------------------------


def take_back_orphans(worker_id: str) -> int:
    """Put in line again what a worker of this name left when it was killed, and papers whose job went wrong.

    Returns how many. Two workers must not have the same name at the same time.
    """
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).values_list("pk", "worker_ids")
    left = [key for key, workers in running if workers and workers[-1] == worker_id]
    taken_back = DBTaskResult.objects.filter(pk__in=left).update(status=TaskResultStatus.READY, started_at=None)
    with one_transaction():
        forgotten = versions_without_job()
        for version in forgotten:
            read_later(version)
        for version in versions_not_compared():
            compare_later(version)
    return taken_back + len(forgotten)


def versions_not_compared() -> list[DocumentVersion]:
    """Versions whose comparison went wrong. One that still waits for it is compared twice, which changes nothing."""
    older = DocumentVersion.objects.filter(
        document=OuterRef("document"), number__lt=OuterRef("number"), state=State.READY
    )
    ready = DocumentVersion.objects.filter(Exists(older), state=State.READY, changes__isnull=True)
    return list(ready.select_related("document__meeting").defer("outline"))


def versions_without_job() -> list[DocumentVersion]:
    unfinished = DBTaskResult.objects.filter(
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING), task_path__startswith=__name__
    )
    expected = {str(arguments["args"][0]) for arguments in unfinished.values_list("args_kwargs", flat=True)}
    waiting = DocumentVersion.objects.filter(state__in=DocumentVersion.WAITED_FOR, document__withdrawn_at=None)
    return [version for version in waiting if str(version.pk) not in expected]
