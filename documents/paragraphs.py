"""The text of a page as paragraphs that flow: for who listens to a paper, or reads it in large letters. Pure.

Where the file says what its lines belong to (tagging.py), that is what they are. Elsewhere a page knows lines and where
they stand, and paragraphs are guessed from that. A wrong guess costs a break too many or one too few, never a word:
every line is in exactly one paragraph, in the order of the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Literal, NamedTuple

from documents.geometry import Box, Matrix

# In heights of a line.
INDENT, FARTHEST, RAGGED, CELL_GAP = 0.8, 1.0, 3.0, 1.5
CELL_LINES = 4  # what is longer and stands side by side are columns
ALIKE = 0.25  # by which lines of one paragraph differ in height
OVERLAP = 0.5  # of the lower one: stands beside, not below
# With what a paragraph of an official paper begins: a dash, 1. 1) a) (1) I. Điều 5. Khoản 2. Chương II.
BEGINNING = re.compile(
    r"([-–—+•*●▪]|\(?\d{1,3}[.)]|\(?[a-zđ][.)]|[IVX]{1,5}[.)]"
    r"|(Điều|Khoản|Chương|Mục|Phần|Phụ lục) [\dIVX]+[.:]?)(\s|$)",
    re.IGNORECASE,
)
ENDING = (".", ";", ":", "?", "!")
TITLE_LETTERS = 200

FEWEST_ROWS, FEWEST_COLUMNS = 3, 2  # of a table
TOUCHING = 0.25  # of the height of a line
MOST_ARE_FULL = 0.3  # of its rows, so that they say where its columns are
HIGHEST, LOWEST = 3, 6  # headings in a view whose pages have a heading of level 2

Kind = Literal["heading", "paragraph", "row", "list", "table"]
Span = Mapping[str, Any]


class Cell(NamedTuple):
    text: str
    is_header: bool = False
    columns: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Words that belong together. A row has cells, as what stands side by side; a list has items, a table has rows."""

    kind: Kind
    text: str
    cells: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    level: int = HIGHEST


class _Block:
    """Lines one below the other."""

    def __init__(self, text: str, box: Box) -> None:
        self.texts, self.last, self.box = [text], box, box

    def add(self, text: str, box: Box) -> None:
        whole = self.box
        self.texts.append(text)
        self.last = box
        self.box = Box(min(whole.x0, box.x0), min(whole.y0, box.y0), max(whole.x1, box.x1), max(whole.y1, box.y1))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def paragraphs_of(spans: Iterable[Span], matrix: Sequence[float], titles: Iterable[str] = ()) -> list[Paragraph]:
    """Return the paragraphs of a page.

    `spans` are its lines as intake keeps them, boxes in user space; `matrix` brings them into the view; `titles` are
    those of the outline that lead to this page: a paragraph that says the same is a heading.
    """
    to_view, headings = Matrix(*matrix), {_plain(title) for title in titles}
    found: list[Paragraph] = []
    for element, lines in groupby(spans, key=_element):
        part = list(lines)
        found += _tagged(element, part, to_view, headings) if element[0] else _guessed(part, to_view, headings)
    return found


def _element(span: Span) -> tuple[str, int]:
    """Return what a line is part of, ("", 0) where the file does not say: all of a list, all of a table."""
    tag = span.get("tag")
    if not tag:
        return ("", 0)
    kind = {"li": "list", "td": "table", "th": "table"}.get(tag[0], tag[0])
    return (kind, 0 if kind == "list" else tag[1])


def _tagged(
    element: tuple[str, int], lines: Sequence[Span], to_view: Matrix, headings: set[str]
) -> Iterator[Paragraph]:
    kind, _number = element
    text = _words_of(lines)
    if kind == "list":
        yield Paragraph("list", text, items=tuple(_words_of(item) for _one, item in groupby(lines, key=_tag)))
    elif kind == "table":
        yield from _table(text, [_placed_cells(row, to_view) for _number, row in groupby(lines, key=_row)])
    elif kind == "p" and _plain(text) not in headings:
        yield Paragraph("paragraph", text)
    else:
        level = HIGHEST if kind == "p" else min(HIGHEST - 1 + int(kind[1:]), LOWEST)
        yield Paragraph("heading", text, level=level)


class _PlacedCell(NamedTuple):
    """A cell and from where to where it is written, less a little on both sides: narrow columns touch, and the blank
    at the end of a line counts.
    """

    cell: Cell
    x0: float
    x1: float


def _placed_cells(row: Iterable[Span], to_view: Matrix) -> list[_PlacedCell]:
    cells = []
    for tag, group in groupby(row, key=_tag):
        lines = list(group)
        boxes = [to_view.box(line["box"]) for line in lines]
        cell = Cell(_words_of(lines), tag[0] == "th")
        x0, x1 = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
        slack = min(TOUCHING * max(box.height for box in boxes), (x1 - x0) / 3)
        cells.append(_PlacedCell(cell, x0 + slack, x1 - slack))
    return cells


def _table(text: str, rows: Sequence[list[_PlacedCell]]) -> Iterator[Paragraph]:
    """Yield a table; what only sets things side by side, as the head of a letter, row by row."""
    columns = _columns_of(rows)
    has_header = any(one.cell.is_header for row in rows for one in row)
    if columns and (len(rows) >= FEWEST_ROWS or has_header):
        yield Paragraph("table", text, rows=tuple(_in_columns(row, columns) for row in rows))
        return
    for row in rows:
        cells = tuple(one.cell.text for one in row)
        yield Paragraph("row", " ".join(cells), cells)


def _columns_of(rows: Sequence[list[_PlacedCell]]) -> list[tuple[float, float]]:
    """Return from where to where each column is written, by the rows with most cells; none where these are few."""
    count = max(len(row) for row in rows)
    full = [row for row in rows if len(row) == count]
    if count < FEWEST_COLUMNS or len(full) < MOST_ARE_FULL * len(rows):
        return []
    columns = [(min(one.x0 for one in column), max(one.x1 for one in column)) for column in zip(*full, strict=True)]
    return columns if all(one[1] <= other[0] for one, other in pairwise(columns)) else []


def _in_columns(row: Sequence[_PlacedCell], columns: Sequence[tuple[float, float]]) -> tuple[Cell, ...]:
    """Put each cell under its column. An empty cell left no trace in the file; where it is not certain which they are,
    or cells are joined, the row is one cell across all columns: better that than a figure under the wrong year.
    """
    if len(row) == len(columns):
        return tuple(one.cell for one in row)
    places = [[n for n, (x0, x1) in enumerate(columns) if one.x0 < x1 and x0 < one.x1] for one in row]
    if len(row) == 1 or any(len(place) != 1 for place in places) or len({place[0] for place in places}) < len(row):
        is_header = all(one.cell.is_header for one in row)
        return (Cell(" ".join(one.cell.text for one in row), is_header, len(columns)),)
    cells = {place[0]: one.cell for place, one in zip(places, row, strict=True)}
    return tuple(cells.get(n, Cell("")) for n in range(len(columns)))


def _tag(span: Span) -> list[Any]:
    return span["tag"]


def _row(span: Span) -> int:
    return int(span["tag"][2])


def _words_of(lines: Iterable[Span]) -> str:
    return " ".join(" ".join(line["text"].split()) for line in lines)


def _guessed(spans: Iterable[Span], to_view: Matrix, headings: set[str]) -> Iterator[Paragraph]:
    lines = [(" ".join(span["text"].split()), to_view.box(span["box"])) for span in spans]
    for row in _rows(_blocks([line for line in lines if line[0]])):
        yield _paragraph(row, headings)


def _paragraph(row: list[_Block], headings: set[str]) -> Paragraph:
    cells = tuple(block.text for block in row)
    text = " ".join(cells)
    if len(cells) > 1:
        return Paragraph("row", text, cells)
    return Paragraph("heading" if _plain(text) in headings else "paragraph", text)


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()[:TITLE_LETTERS]


def _blocks(lines: Sequence[tuple[str, Box]]) -> list[_Block]:
    blocks: list[_Block] = []
    for text, box in lines:
        if blocks and _continues(blocks[-1], text, box):
            blocks[-1].add(text, box)
        else:
            blocks.append(_Block(text, box))
    return blocks


def _continues(block: _Block, text: str, box: Box) -> bool:
    """Say whether this line goes on with what the block says."""
    said, above, is_begun = block.texts[-1], block.last, len(block.texts) > 1
    height = max(above.height, box.height, 0.1)
    if _is_beside(above, box):
        return 0 <= box.x0 - above.x1 < CELL_GAP * height  # the same line, broken at a broad blank
    is_below = box.y0 - above.y0 >= 0 and box.y0 - above.y1 < FARTHEST * height
    shares_column = min(above.x1, box.x1) - max(above.x0, box.x0) > 0
    if not (is_below and shares_column and abs(above.height - box.height) <= ALIKE * height):
        return False
    if BEGINNING.match(text) or said.isupper() != text.isupper():
        return False
    if said.endswith(";") and text[0].isupper():  # Căn cứ …; Căn cứ …;
        return False
    if above.x1 < box.x1 - RAGGED * height:  # it ended early, so it was the last
        return False
    is_indented = box.x0 > block.box.x0 + INDENT * height
    return not (is_indented and (said.endswith(ENDING) or is_begun))


def _rows(blocks: Iterable[_Block]) -> list[list[_Block]]:
    rows: list[list[_Block]] = []
    for block in blocks:
        before = rows[-1][-1] if rows else None
        is_cell = before is not None and max(len(before.texts), len(block.texts)) <= CELL_LINES
        if before is not None and is_cell and _is_beside(before.box, block.box) and block.box.x0 >= before.box.x1:
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _is_beside(left: Box, right: Box) -> bool:
    shared = min(left.y1, right.y1) - max(left.y0, right.y0)
    return shared > OVERLAP * min(left.height, right.height)
