"""The table of a meeting's receipts: a line for each reader, a column for each paper; on the screen and as a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Person
from documents.listing import papers_for
from documents.models import Document
from documents.receipts import PaperReceipts, Receipt, State, receipts_of
from meetings.models import Meeting, Participant

FEW_PAPERS = 10  # so many columns have room for what the papers are called
MANY_PAPERS = 20  # more columns are as narrow as they can be: forty of them fit on the screen of a desk


@dataclass(frozen=True)
class Column:
    """A paper under its place in the table, with the number of its item."""

    place: int
    item_number: str
    receipts: PaperReceipts

    @property
    def document(self) -> Document:
        return self.receipts.document

    @property
    def people_in_words(self) -> list[tuple[str, str, list[Person]]]:
        by_state = self.receipts.by_state
        return [
            (State.READ, _("read"), by_state[State.READ]),
            (State.OPENED, _("opened"), by_state[State.OPENED]),
            (State.UNOPENED, _("not opened"), by_state[State.UNOPENED]),
        ]


@dataclass(frozen=True)
class Line:
    """One reader; a cell for each paper, None where this person may not read it."""

    person: Person
    participant: Participant | None
    cells: list[Receipt | None]

    @property
    def papers_count(self) -> int:
        return sum(cell is not None for cell in self.cells)

    @property
    def read_count(self) -> int:
        return sum(cell is not None and cell.state == State.READ for cell in self.cells)

    @property
    def unit_name(self) -> str:
        unit = self.participant.organisation if self.participant else None
        return unit.short_name if unit else ""


@dataclass(frozen=True)
class Table:
    columns: list[Column]
    lines: list[Line]

    @property
    def has_few_papers(self) -> bool:
        return len(self.columns) <= FEW_PAPERS

    @property
    def has_many_papers(self) -> bool:
        return len(self.columns) > MANY_PAPERS

    @property
    def lines_without_reading(self) -> list[Line]:
        return [line for line in self.lines if not line.read_count]


def table_of(meeting: Meeting, *, by: Person) -> Table:
    """Papers that `by` may read too and that can be opened, in the order of the agenda; readers in that of the roll."""
    columns = columns_of(meeting, by)
    places = {one.person_id: one for one in meeting.participants.select_related("organisation").order_by("pk")}
    readers = {person for column in columns for person in column.receipts.receipts}
    in_order = sorted(readers, key=lambda person: (place_on_the_roll(places.get(person.pk)), person.folded_name))
    lines = [
        Line(person, places.get(person.pk), [column.receipts.receipts.get(person) for column in columns])
        for person in in_order
    ]
    return Table(columns, lines)


def columns_of(meeting: Meeting, by: Person) -> list[Column]:
    papers = [(group.number, paper) for group in papers_for(by, meeting) for paper in group.papers]
    opened = [(number, paper) for number, paper in papers if paper.version is not None]
    told = receipts_of(meeting, {paper.document: paper.version for _number, paper in opened if paper.version})
    numbers = [number for number, _paper in opened]
    return [Column(place, number, one) for place, (number, one) in enumerate(zip(numbers, told, strict=True), start=1)]


def place_on_the_roll(participant: Participant | None) -> float:
    return participant.pk if participant else float("inf")


def sorted_lines(table: Table, lines: Iterable[Line], sort: str) -> list[Line]:
    """By "name", "read" or the place of a paper, turned round by a "-" before it; else as they stand on the roll."""
    word = sort.removeprefix("-")
    turned = sort.startswith("-")
    if word == "name":
        return sorted(lines, key=given_name_first, reverse=turned)
    if word == "read":
        return sorted(lines, key=lambda line: line.read_count, reverse=turned)
    if word.isdecimal() and 1 <= int(word[:4]) <= len(table.columns):
        return sorted(lines, key=lambda line: progress(line.cells[int(word[:4]) - 1]), reverse=turned)
    return list(lines)


def given_name_first(line: Line) -> tuple[str, str]:
    """Vietnamese lists go by the last word of a name."""
    return line.person.folded_name.rpartition(" ")[2], line.person.folded_name


def progress(cell: Receipt | None) -> tuple[int, int]:
    """Who has not opened it stands first, who may not read it last."""
    if cell is None:
        return 3, 0
    return [State.UNOPENED, State.OPENED, State.READ].index(cell.state), cell.pages_seen or 0


def sheet_of(table: Table) -> list[list[str]]:
    """A header, and a row of words for each reader."""
    titles = [f"{column.item_number}. {column.document.title}".removeprefix(". ") for column in table.columns]
    header = [_("Full name"), _("Unit"), _("Role"), _("Papers read"), _("Papers to read"), *titles]
    return [header, *(row_of(line) for line in table.lines)]


def row_of(line: Line) -> list[str]:
    role = line.participant.get_role_display() if line.participant else _("granted")
    counts = [str(line.read_count), str(line.papers_count)]
    return [line.person.full_name, line.unit_name, role, *counts, *(in_words(cell) for cell in line.cells)]


def in_words(cell: Receipt | None) -> str:
    if cell is None:
        return ""
    words = {State.READ: _("read"), State.OPENED: _("opened"), State.UNOPENED: _("not opened")}[cell.state]
    if cell.pages_seen is None:
        return words
    pages = _("%(seen)d of %(pages)d pages") % {"seen": cell.pages_seen, "pages": cell.page_count}
    return f"{words} ({pages})"
