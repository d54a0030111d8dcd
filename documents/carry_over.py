"""Marks go along to a new version where the words still stand; the others stay on theirs, and are shown there."""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.crypto import salted_hmac

from accounts.models import Person
from documents.carrying import LINES_MOST, Line, Pairing, Place, Sheet, carried_mark
from documents.comparing import PagePair, is_own_number
from documents.marks import hold_meeting
from documents.models import DocumentVersion, Mark, Page
from realtime import rows
from realtime.streams import publish
from realtime.transactions import one_transaction

log = logging.getLogger(__name__)
SheetOf = Callable[[int], Sheet]
NEIGHBOURS = 5  # pages before and after, on which words may stand now
ATTEMPTS = 3
KEPT = ("layer", "meeting_id", "owner", "kind", "style", "body", "anchor", "made_at")


def carry_marks(before: DocumentVersion, version: DocumentVersion, pairs: Iterable[PagePair]) -> None:
    """Give the new version the marks of the one before: theirs who made them, seen by whom they were seen.

    What was carried once stays as it is, also when its owner has erased it since. A page at which something goes wrong
    keeps its marks: what is said of the new version does not wait for them.
    """
    pair_of = {pair.old: pair for pair in pairs}
    new_sheet = lru_cache(4 * NEIGHBOURS)(partial(sheet_of, version.pk))
    marked = Mark.objects.filter(version=before, erased_at=None).order_by("page").values_list("page", flat=True)
    for number in marked.distinct():
        try:
            old = sheet_of(before.pk, number)
            put_patiently(version, places_on(old, pair_of.get(number), before, version, new_sheet))
        except Exception:  # one page, hostile or not thought of, takes no other marks and no news with it
            log.exception("Marks on page %d of version %s stay behind.", number, before.pk)


def places_on(
    old: Sheet, pair: PagePair | None, before: DocumentVersion, version: DocumentVersion, new_sheet: SheetOf
) -> dict[UUID, Place]:
    """Return where the marks of one page will stand, of those that go along."""
    pairing = Pairing(old, new_sheet(pair.new), is_same=pair.is_same) if pair else None
    middle = pair.new if pair else old.number
    numbers = range(max(middle - NEIGHBOURS, 1), min(middle + NEIGHBOURS, version.page_count) + 1)

    def near() -> list[Sheet]:
        return [new_sheet(number) for number in numbers if pair is None or number != pair.new]

    marks = Mark.objects.filter(version=before, page=old.number, erased_at=None).defer("body")
    found = ((mark.pk, carried_mark(mark.kind, mark.geometry, mark.anchor, pairing, near)) for mark in marks.iterator())
    return {key: place for key, place in found if place is not None}


def sheet_of(version: UUID, number: int) -> Sheet:
    """A page as marks are carried over; its own number is no line of it, for after a page put in that is another."""
    page = Page.objects.get(version=version, number=number)
    spans = (page.text or {}).get("spans", [])[: LINES_MOST + 1]  # one more is too many
    lines = tuple(Line.of(span) for span in spans if not is_own_number(span["text"], number))
    return Sheet(number, page.media_box, lines)


def put_patiently(version: DocumentVersion, places: Mapping[UUID, Place]) -> None:
    """The same again where somebody who erases holds the same marks in another order, and the database ends one."""
    for _attempt in range(ATTEMPTS - 1):
        with suppress(OperationalError):
            put(version, places)
            return
    put(version, places)


def put(version: DocumentVersion, places: Mapping[UUID, Place]) -> None:
    """Put marks into the new version and tell their streams. What is erased meanwhile is left out; where the meeting is
    over, what is shared.
    """
    with one_transaction():
        hold_meeting(version.document)
        marks = Mark.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
        for mark in marks.filter(pk__in=places, erased_at=None).order_by("made_at", "pk"):
            if mark.layer == Mark.Layer.SHARED and version.document.meeting.is_over:
                continue
            carried = Mark(
                pk=key_of_carried(mark.pk, version.pk),
                version=version,
                page=places[mark.pk].page,
                geometry=places[mark.pk].geometry,
                origin=mark,
                **{name: getattr(mark, name) for name in KEPT},
            )
            if rows.put_unless_there(carried):
                publish(carried.stream, {"k": "mark", "mark": carried.told()})


def key_of_carried(mark: UUID, version: UUID) -> UUID:
    """The key of a mark in another version: the same each time, so that it is carried once; nobody else can know it."""
    return UUID(bytes=salted_hmac("documents.carried", f"{mark} {version}", algorithm="sha256").digest()[:16])


# -- What stayed behind ------------------------------------------------------------------------------------------------


def left_behind(version: DocumentVersion, person: Person) -> list[dict[str, Any]]:
    """Return, for each older version, on which of its pages marks are that this person sees and that did not go along.

    As a reader is told: [{"version", "number", "pages": [[page, how many], …]}, …], the newest version first.
    """
    if version.number == 1 or version.changes is None:
        return []
    carried = Mark.objects.filter(origin=OuterRef("pk"), layer=OuterRef("layer")).exclude(version=OuterRef("version"))
    of_own_private = Q(layer=Mark.Layer.SHARED, origin__owner=person, origin__layer=Mark.Layer.PRIVATE)
    stayed = (
        Mark.objects.filter(
            Q(layer=Mark.Layer.PRIVATE, owner=person) | Q(layer=Mark.Layer.SHARED),
            ~Exists(carried),
            version__document=version.document_id,
            version__number__lt=version.number,
            version__state__in=DocumentVersion.READABLE,
            erased_at=None,
        )
        .exclude(of_own_private & Q(origin__erased_at=None, origin__version=F("version")))
        .values_list("version", "version__number", "page")
        .annotate(count=Count("pk"))
        .order_by("-version__number", "page")
    )
    return [
        {"version": str(key), "number": number, "pages": [[page, count] for *_version, page, count in pages]}
        for (key, number), pages in groupby(stayed, key=itemgetter(0, 1))
    ]
