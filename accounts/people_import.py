"""People from a table: which column is which, and what is wrong with which row. Nothing is written here."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.actions import NewPerson, Office
from accounts.models import Membership, Organisation, Person, Position
from accounts.usernames import cleaned_username
from accounts.words import fold

MOST_ROWS = 1000

# Column -> its name in the header as we write it, and other names that are understood. Accents do not matter.
COLUMNS = {
    "full_name": (gettext_noop("Full name"), ("Họ và tên", "Họ tên", "Full name", "Name")),
    "username": (gettext_noop("Log-in name"), ("Tên đăng nhập", "Tài khoản", "Log-in name", "Username")),
    "email": (gettext_noop("E-mail"), ("Thư điện tử", "Email", "E-mail")),
    "phone": (gettext_noop("Telephone"), ("Điện thoại", "Số điện thoại", "Telephone", "Phone")),
    "organisation": (gettext_noop("Unit"), ("Đơn vị", "Cơ quan", "Unit", "Organisation")),
    "position": (gettext_noop("Position"), ("Chức vụ", "Chức danh", "Position")),
    "valid_from": (gettext_noop("From"), ("Từ ngày", "Ngày bắt đầu", "From")),
    "valid_until": (gettext_noop("Until"), ("Đến ngày", "Đến hết ngày", "Ngày kết thúc", "Until")),
}
NEEDED = ("full_name", "organisation", "position", "valid_from")
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


class WrongHeader(Exception):
    """Columns that are needed are missing in the first row; `missing` names them as we write them."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass
class Line:
    """A row of the file (its number as a spreadsheet shows it), what was understood, and what is wrong."""

    number: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    person: NewPerson | None = None


# -- Header ------------------------------------------------------------------------------------------------------------


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
    known = {fold(name): column for column, (_own, others) in COLUMNS.items() for name in others}
    places: dict[str, int] = {}
    for place, text in enumerate(first_row):
        column = known.get(fold(text.strip(" *")))
        if column:
            places.setdefault(column, place)
    missing = [_(COLUMNS[column][0]) for column in NEEDED if column not in places]
    if missing:
        raise WrongHeader(missing)
    return places


# -- Rows --------------------------------------------------------------------------------------------------------------


def check_rows(rows: Iterable[dict[str, str]], *, by: Person) -> list[Line]:
    """Return every row with all that is wrong with it, or with the person that it would enter."""
    known = Known(by)
    lines = [Line(int(cells["row"]), cells) for cells in rows]
    for line in lines:
        understand(line, known)
    name_repetitions(lines)
    for line in lines:
        if line.problems:
            line.person = None
    return lines


class Known:
    """What the rows are compared with, read once for all of them."""

    def __init__(self, by: Person) -> None:
        self.units: dict[str, list[Organisation]] = {}
        for unit in rules.administered_by(by):
            for name in {fold(unit.name), fold(unit.short_name)}:
                self.units.setdefault(name, []).append(unit)
        self.positions = {fold(position.name): position for position in Position.objects.all()}
        names = Person.objects.exclude(username=None).values_list("username", flat=True)
        self.usernames = {name.casefold() for name in names if name}
        held = Membership.objects.filter(valid_until=None).values_list(
            "person__folded_name", "organisation_id", "position_id"
        )
        self.offices = set(held)


def understand(line: Line, known: Known) -> None:
    """Fill in `line.person`, and `line.problems` with every sentence that keeps it from being entered."""
    cells = line.cells
    if not cells["full_name"]:
        line.problems.append(_("The full name is missing."))
    elif len(cells["full_name"]) > 120:
        line.problems.append(_("The full name is too long: at most 120 letters."))
    username = username_of(line, known)
    email_of(line)
    unit, position = unit_of(line, known), position_of(line, known)
    first, last = day_of(line, "valid_from"), day_of(line, "valid_until")
    if first and last and last < first:
        line.problems.append(_("The office ends on %(day)s, before it begins.") % {"day": date_format(last)})
    if unit and unit.closed_on and (last is None or last >= unit.closed_on):
        words = {"unit": unit.name, "day": date_format(unit.closed_on)}
        line.problems.append(_("%(unit)s is closed from %(day)s on.") % words)
    if unit and position and (fold(cells["full_name"]), unit.pk, position.pk) in known.offices:
        line.problems.append(_("Somebody of this name holds this office already."))
    if unit and position and first:
        office = Office(unit, position, first, last)
        line.person = NewPerson(cells["full_name"], username, cells["email"], cells["phone"][:30], office)


def username_of(line: Line, known: Known) -> str:
    try:
        username = cleaned_username(line.cells["username"])
    except ValidationError as error:
        line.problems += error.messages
        return ""
    if username and username in known.usernames:
        line.problems.append(_("The log-in name “%(name)s” is taken.") % {"name": username})
    return username


def email_of(line: Line) -> None:
    if line.cells["email"]:
        try:
            validate_email(line.cells["email"])
        except ValidationError:
            line.problems.append(_("“%(text)s” is no e-mail address.") % {"text": line.cells["email"]})


def unit_of(line: Line, known: Known) -> Organisation | None:
    text = line.cells["organisation"]
    if not text:
        line.problems.append(_("The unit is missing."))
        return None
    found = known.units.get(fold(text), [])
    if len(found) > 1:
        line.problems.append(_("There are several units called “%(name)s”: give the full name.") % {"name": text})
    elif not found:
        line.problems.append(_("“%(name)s” is none of the units that you administer.") % {"name": text})
    return found[0] if len(found) == 1 else None


def position_of(line: Line, known: Known) -> Position | None:
    text = line.cells["position"]
    if not text:
        line.problems.append(_("The position is missing."))
        return None
    position = known.positions.get(fold(text))
    if position is None:
        line.problems.append(_("The position “%(name)s” is not in the list of positions.") % {"name": text})
    return position


def day_of(line: Line, column: str) -> date | None:
    text = line.cells[column]
    if not text:
        if column in NEEDED:
            line.problems.append(_("The day on which the office begins is missing."))
        return None
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    line.problems.append(_("“%(text)s” is no day; write it as 23/11/2026.") % {"text": text})
    return None


def name_repetitions(lines: list[Line]) -> None:
    """Name rows that say again what a row above said, and log-in names given twice."""
    for line, first in repeated(lines, person_and_office):
        line.problems.append(_("The same person and office as in row %(row)d.") % {"row": first.number})
    for line, first in repeated(lines, lambda line: line.cells["username"].casefold()):
        line.problems.append(_("The same log-in name as in row %(row)d.") % {"row": first.number})


def person_and_office(line: Line) -> Hashable:
    one = line.person
    return one and (fold(one.full_name), one.office.organisation.pk, one.office.position.pk, one.office.valid_from)


def repeated(lines: list[Line], key_of: Callable[[Line], Hashable]) -> Iterator[tuple[Line, Line]]:
    """Each line whose key stood in a line above, with that line."""
    seen: dict[Hashable, Line] = {}
    for line in lines:
        key = key_of(line)
        if not key:
            continue
        if key in seen:
            yield line, seen[key]
        else:
            seen[key] = line
