"""Sessions of a baseline from a table: which column is which, and what is wrong with which row. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.people_import import WrongHeader
from accounts.words import fold
from targets.actions import HeldSession, problem_of
from targets.forms import SessionForm
from targets.models import Baseline

# Column -> its name in the header as we write it, and other names that are understood. Accents do not matter.
COLUMNS = {
    "day": (gettext_noop("Day"), ("Ngày", "Ngày họp", "Day", "Date")),
    "began": (gettext_noop("Begin"), ("Bắt đầu", "Giờ bắt đầu", "Begin", "Start")),
    "ended": (gettext_noop("End"), ("Kết thúc", "Giờ kết thúc", "End")),
    "until": (gettext_noop("Ended on"), ("Kết thúc ngày", "Ngày kết thúc", "Ended on")),
    "pause_minutes": (
        gettext_noop("Pauses in minutes"),
        ("Nghỉ (phút)", "Phút nghỉ", "Pauses in minutes"),
    ),
    "items_count": (gettext_noop("Items"), ("Số nội dung", "Nội dung", "Items")),
    "participants_count": (gettext_noop("People present"), ("Số người dự", "Người dự", "People present")),
    "source": (
        gettext_noop("Number of the minutes"),
        ("Số biên bản", "Biên bản", "Number of the minutes"),
    ),
}
NEEDED = ("day", "began", "ended", "source")


@dataclass
class Line:
    """A row of the file (its number as a spreadsheet shows it), what was understood, and what is wrong."""

    number: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    held: HeldSession | None = None


def header() -> list[str]:
    return [_(name) for name, _others in COLUMNS.values()]


def cells_by_column(rows: list[list[str]]) -> list[dict[str, str]]:
    """Return each row below the header as {column: text, "row": its number}; blank rows are left out."""
    places = places_of_columns(rows[0])
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
        if any(cells.values()):
            found.append({**dict.fromkeys(COLUMNS, ""), **cells, "row": str(number)})
    return found


def places_of_columns(first_row: list[str]) -> dict[str, int]:
    known = {fold(name): column for column, (own, others) in COLUMNS.items() for name in (_(own), *others)}
    places: dict[str, int] = {}
    for place, text in enumerate(first_row):
        column = known.get(fold(text.strip(" *")))
        if column:
            places.setdefault(column, place)
    missing = [_(COLUMNS[column][0]) for column in NEEDED if column not in places]
    if missing:
        raise WrongHeader(missing)
    return places


def check_rows(rows: Iterable[dict[str, str]], baseline: Baseline) -> list[Line]:
    """Return every row with all that is wrong with it, or with the session that it would enter."""
    lines = [Line(int(cells["row"]), cells) for cells in rows]
    there = list(baseline.sessions.all())
    above: list[HeldSession] = []
    for line in lines:
        form = SessionForm(line.cells)
        if not form.is_valid():
            line.problems = problems_in(form)
            continue
        held = form.held()
        problem = problem_of(baseline.window, held, [*there, *above])
        if problem:
            line.problems.append(problem)
        else:
            line.held = held
            above.append(held)
    return lines


def problems_in(form: SessionForm) -> list[str]:
    return [
        f"{form.fields[name].label}: {sentence}" if name in form.fields else str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
