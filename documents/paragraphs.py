"""The text of a page as paragraphs that flow: for who listens to a paper, or reads it in large letters. Pure.

A page knows lines and where they stand; paragraphs are guessed from that. A wrong guess costs a break too many or one
too few, never a word: every line is in exactly one paragraph, in the order of the page.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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

Kind = Literal["heading", "paragraph", "row"]


@dataclass(frozen=True)
class Paragraph:
    """Words that belong together. A row has cells: of a table, or what stands side by side."""

    kind: Kind
    text: str
    cells: tuple[str, ...] = ()


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


def paragraphs_of(
    spans: Iterable[Mapping[str, Any]], matrix: Sequence[float], titles: Iterable[str] = ()
) -> list[Paragraph]:
    """Return the paragraphs of a page.

    `spans` are its lines as intake keeps them, boxes in user space; `matrix` brings them into the view; `titles` are
    those of the outline that lead to this page: a paragraph that says the same is a heading.
    """
    to_view = Matrix(*matrix)
    lines = [(" ".join(span["text"].split()), to_view.box(span["box"])) for span in spans]
    headings = {_plain(title) for title in titles}
    return [_paragraph(row, headings) for row in _rows(_blocks([line for line in lines if line[0]]))]


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
