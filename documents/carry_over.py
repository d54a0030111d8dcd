"""Marks go along to a new version where the words still stand; the others stay on theirs, and are shown there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain, groupby
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from accounts.models import Person
from documents.carrying import Line, Place, Sheet, carried_mark
from documents.comparing import PagePair
from documents.models import DocumentVersion, Mark, Page
from realtime import rows
from realtime.streams import publish
from realtime.transactions import one_transaction

AT_ONCE = 200  # marks in one transaction: writers of a session wait for it
NEIGHBOURS = 5  # pages before and after, on which words may stand now
KEPT = ("layer", "meeting_id", "owner", "kind", "style", "body", "anchor", "made_at")


def key_of_carried(mark: UUID, version: UUID) -> UUID:
    """The key of a mark in another version: the same each time, so that nothing is carried twice."""
    return uuid5(version, str(mark))


def carry_marks(before: DocumentVersion, version: DocumentVersion, pairs: Iterable[PagePair]) -> None:
    """Give the new version the marks of the one before: theirs who made them, seen by whom they were seen.

    What was carried once stays as it is, also when its owner has erased it since.
    """
    places = places_in(before, version, {pair.old: pair.new for pair in pairs})
    for keys in parts_of(places):
        put(version, {key: places[key] for key in keys})


def places_in(before: DocumentVersion, version: DocumentVersion, pair_of: Mapping[int, int]) -> dict[UUID, Place]:
    """Return where the marks that go along will stand. A few pages at a time are in memory: one weighs 100 KB."""
    new_sheet = lru_cache(4 * NEIGHBOURS)(partial(sheet_of, version.pk))
    places: dict[UUID, Place] = {}
    marks = Mark.objects.filter(version=before, erased_at=None).defer("body").order_by("page", "made_at", "pk")
    for number, on_page in groupby(marks.iterator(), key=lambda mark: mark.page):
        old, paired = sheet_of(before.pk, number), pair_of.get(number)
        near = [new_sheet(page) for page in around(paired or number, version.page_count) if page != paired]
        for mark in on_page:
            paired_sheet = new_sheet(paired) if paired else None
            place = carried_mark(mark.kind, mark.geometry, mark.anchor, old, paired_sheet, near)
            if place is not None:
                places[mark.pk] = place
    return places


def around(page: int, count: int) -> range:
    return range(max(page - NEIGHBOURS, 1), min(page + NEIGHBOURS, count) + 1)


def sheet_of(version: UUID, number: int) -> Sheet:
    page = Page.objects.get(version=version, number=number)
    spans = (page.text or {}).get("spans", [])
    return Sheet(number, page.media_box, tuple(Line.of(span) for span in spans))


def put(version: DocumentVersion, places: Mapping[UUID, Place]) -> None:
    """Put marks into the new version and tell their streams; what is erased meanwhile is left out."""
    with one_transaction():
        found = Mark.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
        for mark in found.filter(pk__in=places, erased_at=None).order_by("made_at", "pk"):
            carried = Mark(
                pk=key_of_carried(mark.pk, version.pk),
                version=version,
                page=places[mark.pk].page,
                geometry=places[mark.pk].geometry,
                origin_id=origin_of_carried(mark, version),
                **{name: getattr(mark, name) for name in KEPT},
            )
            if rows.put_unless_there(carried):
                publish(carried.stream, {"k": "mark", "mark": carried.told()})


def origin_of_carried(mark: Mark, version: DocumentVersion) -> UUID:
    """A shared copy stays the copy of its private mark where both went along: it is not shared a second time."""
    if mark.origin_id is not None and mark.layer == Mark.Layer.SHARED:
        private = key_of_carried(mark.origin_id, version.pk)
        if Mark.objects.filter(pk=private).exists():
            return private
    return mark.pk


# -- What stayed behind ------------------------------------------------------------------------------------------------


def left_behind(version: DocumentVersion, person: Person) -> list[dict[str, Any]]:
    """Return, for each older version, on which of its pages marks are that this person sees and that did not go along.

    As a reader is told: [{"version", "number", "pages": [[page, how many], …]}, …], the newest version first.
    """
    if version.number == 1 or version.changes is None:
        return []
    older = DocumentVersion.objects.filter(document=version.document_id, number__lt=version.number)
    numbers = dict(older.values_list("pk", "number"))
    seen = Q(layer=Mark.Layer.PRIVATE, owner=person) | Q(layer=Mark.Layer.SHARED)
    marks = Mark.objects.filter(seen, version__in=numbers, erased_at=None).values_list("pk", "version", "page")
    stayed: dict[UUID, Counter[int]] = defaultdict(Counter)
    for _key, where, page in without_carried(list(marks), {**numbers, version.pk: version.number}):
        stayed[where][page] += 1
    return [
        {"version": str(key), "number": numbers[key], "pages": sorted(stayed[key].items())}
        for key in sorted(stayed, key=lambda key: -numbers[key])
    ]


def without_carried(marks: list[tuple[UUID, UUID, int]], numbers: Mapping[UUID, int]) -> list[tuple[UUID, UUID, int]]:
    """Leave out the marks that were carried to one of the later versions."""
    later = {
        key_of_carried(key, version): key
        for key, where, _page in marks
        for version, number in numbers.items()
        if number > numbers[where]
    }
    there = [Mark.objects.filter(pk__in=keys).values_list("pk", flat=True) for keys in parts_of(later)]
    carried = {later[key] for key in chain.from_iterable(there)}
    return [mark for mark in marks if mark[0] not in carried]


def parts_of(keys: Iterable[UUID]) -> Iterator[list[UUID]]:
    all_keys = list(keys)
    for first in range(0, len(all_keys), AT_ONCE):
        yield all_keys[first : first + AT_ONCE]
