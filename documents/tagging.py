"""What a tagged PDF says about its lines: which is a heading, which belong to one paragraph, item of a list or cell of
a table. Word and LibreOffice write it by themselves. Read in the child program alone, without Django.

A tag is a list that says what a line belongs to; lines with the same tag belong together:

    ["h2", 5]          a heading of level 2, the fifth element of the page
    ["p", 6]           a paragraph
    ["li", 7]          an item of a list
    ["td", 8, 9, 12]   a cell: of which table, of which row of it, which; "th" where it names its column or row
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isfinite
from typing import Any, NamedTuple

Tag = list[str | int]
Rectangle = tuple[float, float, float, float]

DEEPEST = 100  # deeper than any paper; below it what was found above goes on
MOST_PIECES = 20_000  # lines of a page; a broadsheet has 1000
MOST_COMPARED = 1_000_000  # letters and lines with pieces beside them; a broadsheet takes 100 000
MOST_TAGGED = 0.5  # a page on which fewer lines are tagged was not tagged in earnest
ALIKE = 0.5  # of the height of a piece: a watermark over a line is twice as high
FARTHEST = 0.5  # of its height a letter may be from what it belongs to


class Piece(NamedTuple):
    """Something written, where it stands (in PyMuPDF's points), and what it belongs to."""

    box: Rectangle
    tag: Tag
    direction: tuple[float, float] = (1.0, 0.0)


class Place(NamedTuple):
    """Where in the tree one is: the element that takes what is written; the table and the row around it, 0 for none."""

    tag: Tag | None = None
    table: int = 0
    row: int = 0


class Tree:
    """Walks down the structure of one page and counts its elements."""

    def __init__(self, mupdf: Any) -> None:
        self.mupdf, self.elements = mupdf, 0
        self.headings = {getattr(mupdf, f"FZ_STRUCTURE_H{level}"): f"h{level}" for level in range(1, 7)}
        self.headings |= {mupdf.FZ_STRUCTURE_H: "h2", mupdf.FZ_STRUCTURE_TITLE: "h1"}
        self.paragraphs = {
            getattr(mupdf, f"FZ_STRUCTURE_{name}")
            for name in ("P", "BLOCKQUOTE", "CAPTION", "NOTE", "FENOTE", "TOCI", "BIBENTRY", "CODE")
        }

    def pieces(self, page: Any) -> Iterator[Piece]:
        """Yield the tagged lines of a text page in the order of the structure."""
        mupdf = self.mupdf
        waiting = [(mupdf.ll_fz_stext_page_block_iterator_begin(page.m_internal), Place())]
        while waiting:
            at, place = waiting.pop()
            if mupdf.ll_fz_stext_page_block_iterator_eod(at):
                continue
            waiting.append((mupdf.ll_fz_stext_page_block_iterator_next(at), place))
            block = at.block
            if block.type == mupdf.FZ_STEXT_BLOCK_STRUCT:
                down = mupdf.ll_fz_stext_page_block_iterator_down(at)
                if down.parent is not None:
                    below = self.entered(down.parent.standard, place) if len(waiting) < DEEPEST else place
                    waiting.append((down, below))
            elif block.type == mupdf.FZ_STEXT_BLOCK_TEXT and place.tag is not None:
                for line in mupdf.FzStextBlock(block):
                    box, way = line.m_internal.bbox, line.m_internal.dir
                    if all(isfinite(side) for side in (box.x0, box.y0, box.x1, box.y1)):
                        yield Piece((box.x0, box.y0, box.x1, box.y1), place.tag, (way.x, way.y))

    def entered(self, role: int, place: Place) -> Place:
        """Return where one is inside an element; what stands in a cell or an item stays that, whatever is inside it."""
        mupdf, kind = self.mupdf, place.tag[0] if place.tag else ""
        if kind in {"td", "th"}:
            return place
        if role == mupdf.FZ_STRUCTURE_TABLE:
            return Place(table=self.counted())
        if role == mupdf.FZ_STRUCTURE_TR and place.table:
            return place._replace(row=self.counted())
        if role in {mupdf.FZ_STRUCTURE_TD, mupdf.FZ_STRUCTURE_TH} and place.row:
            name = "th" if role == mupdf.FZ_STRUCTURE_TH else "td"
            return place._replace(tag=[name, place.table, place.row, self.counted()])
        if role == mupdf.FZ_STRUCTURE_LISTITEM:
            return place._replace(tag=["li", self.counted()])
        if kind != "li" and role in self.headings:
            return place._replace(tag=[self.headings[role], self.counted()])
        if kind in {"", "p"} and role in self.paragraphs:
            return place._replace(tag=["p", self.counted()])
        return place

    def counted(self) -> int:
        self.elements += 1
        return self.elements


def is_tagged(paper: Any) -> bool:
    """Does the file say that it is tagged, and that its tags are not suspect?"""
    marks = paper.markinfo or {}
    return bool(marks.get("Marked")) and not marks.get("Suspects")


def tagged_pieces(pymupdf: Any, page: Any, flags: int) -> list[Piece]:
    """Read the structure of a page; `flags` are those with which its text is read."""
    text = page.get_textpage(flags=flags | pymupdf.TEXT_COLLECT_STRUCTURE)
    found = []
    for piece in Tree(pymupdf.mupdf).pieces(text.this):
        found.append(piece)
        if len(found) > MOST_PIECES:
            return []
    return found


Letter = tuple[str, Rectangle]


class Line(NamedTuple):
    letters: list[Letter]
    direction: tuple[float, float]
    tag: Tag | None = None

    @property
    def text(self) -> str:
        return "".join(letter for letter, _box in self.letters)


class TooMuch(Exception):
    """So much stands in one place that nobody could tell what belongs to what."""


def tagged_lines(lines: Sequence[Line], pieces: Sequence[Piece]) -> list[Line]:
    """Return the lines with their tags, in the order of the structure; where most of them are of no piece, without tags
    and in the order of the file.

    What stands beside one another in two cells was maybe one line; now it is two. What has no tag (a page number, a
    watermark) comes after all of the element that it followed in the file.

    Raises TooMuch instead of taking for ever.
    """
    known, parts = 0, list[tuple[Line, int | None]]()
    beside = _Beside(pieces)
    for line in lines:
        near = beside.near(line)
        known += bool(near)
        parts += _parted(line, pieces, near)
    if known <= MOST_TAGGED * len(lines):
        return list(lines)
    last = {str(piece.tag): place for place, piece in enumerate(pieces)}
    ranked, rank = [], -1
    for part, first in parts:
        rank = rank if first is None else last[str(part.tag)]
        ranked.append((rank if first is None else first, first is None, part))
    return [part for _rank, _is_untagged, part in sorted(ranked, key=lambda one: one[:2])]


class _Beside:
    """Finds the pieces of a line, from top to bottom by their middles."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces, self.left = pieces, MOST_COMPARED
        self.order = sorted(range(len(pieces)), key=lambda place: _middle(pieces[place].box)[1])
        self.middles = [_middle(pieces[place].box)[1] for place in self.order]

    def near(self, line: Line) -> list[int]:
        """Return the places of the pieces that lie in the line: as high as it is, and written the same way."""
        boxes = [box for _letter, box in line.letters]
        x0, x1 = min(box[0] for box in boxes), max(box[2] for box in boxes)
        y0, y1 = min(box[1] for box in boxes), max(box[3] for box in boxes)
        beside = self.order[bisect_left(self.middles, y0) : bisect_right(self.middles, y1)]
        self.spend(len(beside))
        found = []
        for place in beside:
            box, _tag, direction = self.pieces[place]
            along = direction[0] * line.direction[0] + direction[1] * line.direction[1]
            if x0 - 1 <= _middle(box)[0] <= x1 + 1 and along > 0.99 and _is_alike(box, (x0, y0, x1, y1), direction):
                found.append(place)
        self.spend(len(found) * len(line.letters))
        return sorted(found)

    def spend(self, comparisons: int) -> None:
        self.left -= comparisons
        if self.left < 0:
            raise TooMuch


def _is_alike(one: Rectangle, other: Rectangle, direction: tuple[float, float]) -> bool:
    side = 1 if abs(direction[0]) >= abs(direction[1]) else 0  # the height of what is written upwards lies across
    small, large = sorted((one[side + 2] - one[side], other[side + 2] - other[side]))
    return small >= ALIKE * large


def _parted(line: Line, pieces: Sequence[Piece], near: Sequence[int]) -> Iterator[tuple[Line, int | None]]:
    """Yield the line, or its parts where it is of several elements, each with its first piece."""
    if not near:
        yield line, None
        return
    if all(pieces[place].tag == pieces[near[0]].tag for place in near):
        yield line._replace(tag=pieces[near[0]].tag), near[0]
        return
    places = [_piece_at(box, pieces, near) for _letter, box in line.letters]
    whose = [None if place is None else pieces[place].tag for place in places]
    for tag, letters in groupby(range(len(places)), key=whose.__getitem__):
        part = list(letters)
        if any(line.letters[letter][0].strip() for letter in part):
            first = None if tag is None else min(place for letter in part if (place := places[letter]) is not None)
            yield line._replace(letters=[line.letters[letter] for letter in part], tag=tag), first


def _piece_at(box: Rectangle, pieces: Sequence[Piece], near: Sequence[int]) -> int | None:
    """Return the piece to which a letter is nearest, None where it is far from all."""
    x, y = _middle(box)

    def distance(place: int) -> float:
        x0, y0, x1, y1 = pieces[place].box
        return max(x0 - x, x - x1, 0) + max(y0 - y, y - y1, 0)

    nearest = min(near, key=distance)
    return nearest if distance(nearest) <= FARTHEST * (box[3] - box[1]) else None


def _middle(box: Rectangle) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
