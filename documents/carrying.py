"""Where a mark of one version stands in the next one. Pure.

A mark goes along where what it was put on still stands; in doubt it stays behind, where its owner finds it. What a
stroke or a note was put on are the lines under it, or else those nearest above and below; a highlight was put on its
words, wherever on the page, or on which page, they stand now. All places are in PDF user space (points, y up).
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from math import hypot
from typing import Any

from documents.geometry import Box, Point
from documents.passages import checked_point, checked_quads
from documents.strokes import SCALE, BadStroke, checked_geometry

LINES_MOST = 2000  # of a page; one with more is no page of print, and its marks stay behind
OCCURRENCES_MOST = 200
STILL_PT = 0.5  # less is nobody's doing but that of the program that wrote the file
TOGETHER_PT = 1.0  # lines that moved together did so within this
NEAR_PT = 4.0  # a stroke under a line means that line
SURE_CONTEXT = 12  # letters around words by which they are known again, or all that there were
SURE_QUOTE = 24  # letters of words that stand but once are known again on their own page
CONTEXT_MOST = 60

Geometry = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a mark stands in the new version."""

    page: int
    geometry: Geometry


@dataclass(frozen=True)
class Line:
    """A line of a page: its words, its box, and where its letters begin along it, and where the last one ends."""

    text: str
    box: Box
    edges: tuple[float, ...]
    direction: tuple[float, float]

    @classmethod
    def of(cls, span: Mapping[str, Any]) -> "Line":
        text, box = span["text"], Box(*span["box"])
        edges, (dx, dy) = tuple(span.get("x") or ()), tuple(span.get("dir") or (1.0, 0.0))
        if len(edges) != len(text) + 1:
            begin, end = _extent(box, (dx, dy))
            edges = tuple(begin + (end - begin) * place / max(len(text), 1) for place in range(len(text) + 1))
        return cls(text, box, edges, (dx, dy))


@dataclass(frozen=True)
class Sheet:
    """A page: its number, its media box and its lines in reading order."""

    number: int
    media: Box
    lines: tuple[Line, ...]

    @cached_property
    def letters(self) -> "Letters":
        return Letters(self.lines)


class Letters:
    """The words of a page as one string, blanks single, and where each of its letters stands."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: list[str] = []
        self.places: list[tuple[int, int]] = []  # line, letter of it
        for number, line in enumerate(lines):
            for offset, letter in enumerate(f"{line.text} "):
                if letter.isspace() and (not letters or letters[-1] == " "):
                    continue
                letters.append(" " if letter.isspace() else letter)
                self.places.append((number, offset))
        self.text = "".join(letters)

    def occurrences(self, quote: str) -> list[int]:
        found: list[int] = []
        place = self.text.find(quote)
        while place >= 0 and len(found) < OCCURRENCES_MOST:
            found.append(place)
            place = self.text.find(quote, place + 1)
        return found

    def context_at(self, start: int, length: int, prefix: str, suffix: str) -> int:
        """Return how many letters around a passage are those that stood around it before."""
        end = start + length
        before, after = (
            self.text[max(0, start - CONTEXT_MOST) : start].rstrip(),
            self.text[end : end + CONTEXT_MOST].lstrip(),
        )
        return _alike(reversed(before), reversed(prefix.rstrip())) + _alike(iter(after), iter(suffix.lstrip()))


def _alike(one: Iterator[str], other: Iterator[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


class Pairing:
    """A page and the one that took its place; `is_same` where its words, or without any its picture, are the same."""

    def __init__(self, old: Sheet, new: Sheet, *, is_same: bool) -> None:
        self.old, self.new, self.is_same = old, new, is_same

    @cached_property
    def matches(self) -> dict[int, Line]:
        """For each line that stands on both pages in the same order, what it is on the new one.

        Of what stands more than once (a nought, "100 %") nobody knows which it is, but by the line before it.
        """
        left, right = ([_folded(line.text) for line in sheet.lines] for sheet in (self.old, self.new))
        if max(len(left), len(right)) > LINES_MOST:
            return {}
        counts = Counter(left), Counter(right)
        found: dict[int, Line] = {}
        for i, j, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            for step in range(size):
                is_alone = counts[0][left[i + step]] == counts[1][left[i + step]] == 1
                if is_alone or (step and i + step - 1 in found):
                    found[i + step] = self.new.lines[j + step]
        return found

    def shift_of(self, number: int) -> Point | None:
        """Return by how much a line has moved; None where it is gone, or set anew in another size."""
        line, match = self.old.lines[number].box, self.matches.get(number)
        if match is None or max(abs(match.box.width - line.width), abs(match.box.height - line.height)) > TOGETHER_PT:
            return None
        shift = Point(match.box.x0 - line.x0, match.box.y0 - line.y0)
        return shift if _apart(shift, Point(0, 0)) > STILL_PT else Point(0, 0)


def carried_mark(
    kind: str,
    geometry: Geometry,
    anchor: Mapping[str, str] | None,
    pairing: Pairing | None,
    near: Callable[[], Sequence[Sheet]],
) -> Place | None:
    """Return where a mark stands in the new version; None where it stays behind.

    `pairing` is its page with the one that took its place, if there is one; `near` gives the pages around that.
    """
    if kind == "highlight":
        place = moved_with_its_lines(geometry, pairing) if pairing else None
        return place or (words_again(anchor, pairing, near()) if anchor else None)
    shift = shift_at(bounds_of(kind, geometry), pairing) if pairing else None
    return moved(kind, geometry, shift, pairing.new) if pairing and shift else None


def bounds_of(kind: str, geometry: Geometry) -> Box:
    """Return the box around a stroke of ink, or the point of a note."""
    if kind == "note":
        x, y = geometry["point"]
        return Box(x, y, x, y)
    x, y = (value * SCALE for value in geometry["start"])
    xs, ys = [x], [y]
    for place in range(0, len(geometry["deltas"]), 2):
        x, y = x + geometry["deltas"][place], y + geometry["deltas"][place + 1]
        xs.append(x)
        ys.append(y)
    return Box(min(xs) / SCALE, min(ys) / SCALE, max(xs) / SCALE, max(ys) / SCALE)


# -- By the lines under it ---------------------------------------------------------------------------------------------


def shift_at(bounds: Box, pairing: Pairing) -> Point | None:
    """Return by how much what lies under these bounds has moved; None where it is not the same any more."""
    old, new = pairing.old, pairing.new
    if not old.lines:
        return Point(0, 0) if pairing.is_same and not new.lines and old.media == new.media else None
    shifts = [pairing.shift_of(number) for number in lines_under(bounds, old)]
    first = shifts[0]
    if first is None or any(one is None or _apart(one, first) > TOGETHER_PT for one in shifts):
        return None
    return first


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def lines_under(bounds: Box, sheet: Sheet) -> list[int]:
    """Return the lines that these bounds touch, or the nearest above and the nearest below."""
    near = bounds.widened(NEAR_PT)
    touched = [number for number, line in enumerate(sheet.lines) if _overlap(near, line.box)]
    if touched:
        return touched
    above = [number for number, line in enumerate(sheet.lines) if line.box.y0 >= bounds.y1]
    below = [number for number, line in enumerate(sheet.lines) if line.box.y1 <= bounds.y0]
    beside = [number for number in range(len(sheet.lines)) if number not in {*above, *below}]

    def far(number: int) -> float:
        return _distance(bounds, sheet.lines[number].box)

    return [min(group, key=far) for group in (above, beside, below) if group]


def _overlap(one: Box, other: Box) -> bool:
    return one.x0 <= other.x1 and other.x0 <= one.x1 and one.y0 <= other.y1 and other.y0 <= one.y1


def _distance(one: Box, other: Box) -> float:
    return hypot(max(one.x0 - other.x1, other.x0 - one.x1, 0), max(one.y0 - other.y1, other.y0 - one.y1, 0))


def _apart(one: Point, other: Point) -> float:
    return hypot(one.x - other.x, one.y - other.y)


def moved(kind: str, geometry: Geometry, shift: Point, page: Sheet) -> Place | None:
    """Return a stroke or a note moved by so much; None where it would not be on the page."""
    name, check = ("point", checked_point) if kind == "note" else ("start", checked_geometry)
    x, y = geometry[name]
    try:
        return Place(page.number, check({**geometry, name: [_rounded(x + shift.x), _rounded(y + shift.y)]}, page.media))
    except BadStroke:
        return None


def moved_with_its_lines(geometry: Geometry, pairing: Pairing) -> Place | None:
    """Return a highlight each piece of which has moved with its line; None unless all of the lines still stand."""
    quads = []
    for quad in geometry["quads"]:
        middle = Point(sum(quad[0::2]) / 4, sum(quad[1::2]) / 4)
        lines = pairing.old.lines
        number = next((number for number, line in enumerate(lines) if line.box.contains(middle)), None)
        shift = pairing.shift_of(number) if number is not None else None
        if shift is None:
            return None
        quads.append([_rounded(value + (shift.y if place % 2 else shift.x)) for place, value in enumerate(quad)])
    return highlighted(quads, pairing.new)


# -- By its words ------------------------------------------------------------------------------------------------------


def words_again(anchor: Mapping[str, str], pairing: Pairing | None, near: Sequence[Sheet]) -> Place | None:
    """Return where the words of a highlight stand now; None where they are gone, or may be either of two.

    They are known by what stood around them. On their own page it is enough that they are long and stand but once.
    """
    quote, prefix, suffix = (_folded(anchor.get(name, "")) for name in ("quote", "prefix", "suffix"))
    if not quote:
        return None
    sheets = [*([pairing.new] if pairing else []), *near]
    found = [
        (sheet.letters.context_at(start, len(quote), prefix, suffix), sheet, start)
        for sheet in sheets
        if len(sheet.lines) <= LINES_MOST
        for start in sheet.letters.occurrences(quote)
    ]
    wanted = min(SURE_CONTEXT, len(prefix) + len(suffix))
    best = max((context for context, _sheet, _start in found), default=0)
    likest = [(sheet, start) for context, sheet, start in found if wanted and context == best >= wanted]
    if not likest and pairing and len(quote) >= SURE_QUOTE:
        there = pairing.new.letters.occurrences(quote)
        is_alone = len(there) == len(pairing.old.letters.occurrences(quote)) == 1
        likest = [(pairing.new, there[0])] if is_alone else []
    if len(likest) != 1:
        return None
    ((sheet, start),) = likest
    return highlighted(list(_quads(sheet, start, start + len(quote))), sheet)


def _quads(sheet: Sheet, start: int, end: int) -> Iterator[list[float]]:
    places = sheet.letters.places[start:end]
    for number, letters in groupby(places, key=lambda place: place[0]):
        line = sheet.lines[number]
        offsets = [offset for _line, offset in letters if not f"{line.text} "[offset].isspace()]
        if offsets:
            yield _quad(line, offsets[0], offsets[-1] + 1)


def _quad(line: Line, start: int, end: int) -> list[float]:
    """The letters [start, end) of a line, corners as passages.js has them: upper two, lower two, left before right."""
    dx, dy = line.direction
    left, right = sorted((line.edges[start], line.edges[end]))
    bottom, top = _extent(line.box, (-dy, dx))
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    return [
        _rounded(value) for along, across in corners for value in (along * dx - across * dy, along * dy + across * dx)
    ]


def _extent(box: Box, along: tuple[float, float]) -> tuple[float, float]:
    ways = [x * along[0] + y * along[1] for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    return min(ways), max(ways)


def highlighted(quads: list[list[float]], page: Sheet) -> Place | None:
    try:
        return Place(page.number, checked_quads({"quads": quads}, page.media))
    except BadStroke:
        return None


def _rounded(number: float) -> float:
    return round(number, 2) + 0.0
