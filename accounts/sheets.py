"""Tables in CSV and XLSX files. Pure: no Django.

They are read in a child program with limits, because files are hostile, and written so that no cell is ever a formula.

As a program it reads a file from standard input and writes {"rows": [[...]]} or {"refused": code} to standard output.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

LIMIT_BYTES = 2 * 1024 * 1024
LIMIT_ROWS, LIMIT_COLUMNS, LIMIT_LETTERS = 1001, 40, 500
# A workbook is a zip archive: what it would unpack to is checked before it is unpacked.
LIMIT_UNPACKED_BYTES, LIMIT_PARTS = 60 * 1024 * 1024, 500
LIMIT_MEMORY_BYTES, LIMIT_CPU_SECONDS, LIMIT_SECONDS = 768 * 1024 * 1024, 10, 30
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ZIP_STARTS = b"PK\x03\x04"

Rows = list[list[str]]


class UnreadableFile(Exception):
    """The file is no table that can be read.

    The code says why: empty, too_large, too_many_rows, not_a_table, encoding.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- Reading -----------------------------------------------------------------------------------------------------------


def read_table(content: bytes) -> Rows:
    """Return the rows of the first sheet as text, days as 2026-11-23; a child reads, so a bad file harms nothing."""
    if not content:
        raise UnreadableFile("empty")
    if len(content) > LIMIT_BYTES:
        raise UnreadableFile("too_large")
    try:
        child = subprocess.run(  # noqa: S603 - this very file, with nothing of the sender's in the command
            [sys.executable, "-I", __file__],
            input=content,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=True,
            env={"MALLOC_ARENA_MAX": "1"},
        )
        answer = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableFile("not_a_table") from error
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    rows: Rows = answer["rows"]
    return rows


def rows_of(content: bytes) -> Rows:
    """Decide by the content, never by the name, and read; in the child only."""
    rows = rows_of_workbook(content) if content.startswith(ZIP_STARTS) else rows_of_csv(content)
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise UnreadableFile("empty")
    if len(rows) > LIMIT_ROWS:
        raise UnreadableFile("too_many_rows")
    return rows


def rows_of_workbook(content: bytes) -> Rows:
    from openpyxl import load_workbook

    refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        found = sheet.iter_rows(max_row=LIMIT_ROWS + 1, max_col=LIMIT_COLUMNS, values_only=True)
        return [without_blank_end([cell_text(value) for value in row]) for row in found]
    except Exception as error:  # openpyxl raises whatever the broken part made it stumble over
        raise UnreadableFile("not_a_table") from error


def refuse_bomb(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("not_a_table") from error
    if len(parts) > LIMIT_PARTS or sum(part.file_size for part in parts) > LIMIT_UNPACKED_BYTES:
        raise UnreadableFile("too_large")


def rows_of_csv(content: bytes) -> Rows:
    text = decoded(content)
    if "\x00" in text:
        raise UnreadableFile("not_a_table")
    first_line = text.partition("\n")[0]
    delimiter = max(";,\t", key=first_line.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile("not_a_table") from error
    return [without_blank_end([cell_text(cell) for cell in row[:LIMIT_COLUMNS]]) for row in rows]


def without_blank_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding") from error


def cell_text(value: Any) -> str:
    """Return the cell as text with single blanks, without the apostrophe that keeps it from being a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())[:LIMIT_LETTERS]
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


# -- Writing -----------------------------------------------------------------------------------------------------------


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file as Excel in Vietnam opens it: UTF-8 with a mark, semicolons."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return the text with an apostrophe before whatever a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def workbook_of(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return an XLSX file of text cells; the first row is the header."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    widths: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = text
            cell.data_type = "s"  # a text stays a text, whatever it begins with
            cell.quotePrefix = text.startswith(FORMULA_STARTS)
            if number == 1:
                cell.font = Font(bold=True)
            widths[cell.column_letter] = max(widths.get(cell.column_letter, 10), min(len(text) + 2, 50))
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- The child program -------------------------------------------------------------------------------------------------


def main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_CPU_SECONDS, LIMIT_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer: dict[str, Any] = {"rows": rows_of(sys.stdin.buffer.read(LIMIT_BYTES + 1))}
    except UnreadableFile as refused:
        answer = {"refused": refused.code}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
