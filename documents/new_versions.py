"""What a new version of a paper changed, and who is told how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import BooleanField, Case, When
from django.utils.translation import gettext as _

from accounts.models import Person
from documents import storage
from documents.comparing import (
    PageChanges,
    PagePair,
    PrintedPage,
    changes_in,
    pairs_between,
    printed_page,
    ranges_of,
)
from documents.models import DocumentVersion, Opening
from documents.openings import counts_as_read
from documents.rules import readers_of
from meetings.models import Meeting

State = DocumentVersion.State
RANGES_SAID = 8  # of a paper that changed all over, the reader steps through the rest


@dataclass(frozen=True)
class News:
    """A version that took the place of one this person had read."""

    version: DocumentVersion
    is_unopened: bool
    changes: PageChanges | None  # None: they are not known yet, or are against a version this person has not read

    @property
    def words(self) -> str:
        """As it stands in a notice: "page 3, 7 changed; page 8 added"."""
        return "; ".join(said(self.changes)) if self.changes else ""

    @property
    def changed(self) -> list[tuple[int, int]]:
        return ranges_of(self.changes.changed) if self.changes else []

    @property
    def added(self) -> list[tuple[int, int]]:
        return ranges_of(self.changes.added) if self.changes else []

    @property
    def removed(self) -> str:
        return spoken(self.changes.removed) if self.changes else ""

    @property
    def is_unchanged(self) -> bool:
        return self.changes == PageChanges()

    def told(self) -> dict[str, Any]:
        """As the reader is told."""
        return {
            "number": self.version.number,
            "is_unopened": self.is_unopened,
            "is_compared": self.changes is not None,
            **asdict(self.changes or PageChanges()),
        }


def words_of_changes(version: DocumentVersion) -> str:
    """What a version changed, for who prepares; empty where nothing was compared."""
    return "; ".join(said(changes_of(version))) if version.changes else ""


def said(changes: PageChanges) -> list[str]:
    """Each kind of change as a clause; one clause where no page differs."""
    clauses = []
    if changes.changed:
        clauses.append(_("page %(pages)s changed") % {"pages": spoken(changes.changed)})
    if changes.added:
        clauses.append(_("page %(pages)s added") % {"pages": spoken(changes.added)})
    if changes.removed:
        clauses.append(_("page %(pages)s of the old version left out") % {"pages": spoken(changes.removed)})
    return clauses or [_("no page changed")]


def spoken(pages: Iterable[int]) -> str:
    """[3, 4, 5, 9] is "3–5, 9"."""
    ranges = ranges_of(pages)
    words = [pages_in_words(first, last) for first, last in ranges[:RANGES_SAID]]
    return ", ".join([*words, "…"] if len(ranges) > RANGES_SAID else words)


def pages_in_words(first: int, last: int) -> str:
    return f"{first}–{last}" if last > first else str(first)


# -- Who is told -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """Which versions a person has opened, and which of them count as read."""

    opened: frozenset[Any]
    read: frozenset[Any]

    @classmethod
    def of(cls, person: Person, meeting: Meeting) -> Reading:
        openings = Opening.objects.filter(person=person, version__document__meeting=meeting)
        counted = When(counts_as_read(), then=True)
        rows = list(openings.values_list("version", Case(counted, default=False, output_field=BooleanField())))
        return cls(frozenset(key for key, _read in rows), frozenset(key for key, is_read in rows if is_read))


def news_for(reading: Reading, version: DocumentVersion | None, versions: Iterable[DocumentVersion]) -> News | None:
    """What this version is to a person who had read one before it; None for everybody else: it is simply unread.

    Whoever has read a paper knows its later versions by opening them: of those only what changed needs to be looked at.
    """
    if version is None or not version.is_readable:
        return None
    before = [one for one in versions if one.number < version.number]
    first = min((one.number for one in before if one.pk in reading.read), default=None)
    if first is None:
        return None
    known = {one.number for one in before if one.number >= first and one.pk in reading.opened}
    changes = changes_of(version) if version.changes and version.changes["since"] in known else None
    return News(version, version.pk not in reading.opened, changes)


def changes_of(version: DocumentVersion) -> PageChanges:
    kept = version.changes or {}
    return PageChanges(**{name: kept.get(name, []) for name in ("changed", "added", "removed")})


# -- When a version has been read in -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A version beside the one in force before it."""

    before: DocumentVersion
    pairs: list[PagePair]
    changes: PageChanges

    def kept(self) -> dict[str, Any]:
        return {"since": self.before.number, **asdict(self.changes)}


def compared(version: DocumentVersion) -> Comparison | None:
    """Compare with the version in force before; None without one, or until that is read."""
    before = in_force_before(version)
    if before is None or before.state != State.READY:
        return None
    old, new = printed_pages(before), printed_pages(version)
    pairs = pairs_between(old, new)
    return Comparison(before, pairs, changes_in(pairs, len(old), len(new)))


def in_force_before(version: DocumentVersion) -> DocumentVersion | None:
    older = DocumentVersion.objects.filter(
        document=version.document_id, number__lt=version.number, state__in=DocumentVersion.READABLE
    )
    return older.order_by("-number").defer("outline").first()


def in_force_after(version: DocumentVersion) -> DocumentVersion | None:
    newer = DocumentVersion.objects.filter(
        document=version.document_id, number__gt=version.number, state__in=DocumentVersion.READABLE
    )
    return newer.select_related("document__meeting").order_by("number").defer("outline").first()


def printed_pages(version: DocumentVersion) -> list[PrintedPage]:
    """The pages of a version as they are compared; a picture is fetched only where a page has no words."""
    found = []
    for number, text in version.pages.order_by("number").values_list("number", "text").iterator():
        lines = [span["text"] for span in (text or {}).get("spans", [])]
        picture = None if lines else storage.picture(version.raster_name(number, storage.TIERS[0]))
        found.append(printed_page(number, lines, picture))
    return found


def notices_of(version: DocumentVersion) -> dict[str, list[int]]:
    """What is said of a new version, and to whom: to all who may read it, as of every change of a published session."""
    document = version.document
    if document.meeting.state != Meeting.State.PUBLISHED or document.withdrawn_at is not None:
        return {}
    versions = list(document.versions.defer("outline"))
    found: dict[str, list[int]] = {}
    for person in readers_of(document):
        if person.pk != version.added_by_id:
            news = news_for(Reading.of(person, document.meeting), version, versions)
            found.setdefault(sentence(version, news), []).append(person.pk)
    return found


def sentence(version: DocumentVersion, news: News | None) -> str:
    words = {"number": version.number, "paper": version.document.title, "changes": news.words if news else ""}
    if news is None:
        return _("New version (version %(number)d) of “%(paper)s”; you have not read this paper yet.") % words
    if not news.changes:
        return _("New version (version %(number)d) of “%(paper)s”.") % words
    return _("New version (version %(number)d) of “%(paper)s”: %(changes)s.") % words
