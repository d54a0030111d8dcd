"""Which pages differ between two versions of a paper. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256

# Blocks of so many pages against each other are paired by likeness; longer ones in their order.
LONGEST_BLOCK = 40
ALIKE = 0.5  # two pages with at least this share of words in common are one page that was changed


@dataclass(frozen=True)
class PageChanges:
    """Numbers of pages, from 1: changed and added ones in the new version, removed ones in the old.

    A page that only moved down because others were put in before it is none of them.
    """

    changed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class PrintedPage:
    """What is compared of a page: its words, or where it has none its picture; with neither it is like no other."""

    words: tuple[str, ...] = ()
    picture: str = ""

    def is_same_as(self, other: PrintedPage) -> bool:
        return bool(self.words or self.picture) and self == other


def printed_page(number: int, lines: Iterable[str], picture: bytes | None = None) -> PrintedPage:
    """Make a page of its lines of text, in the order of the file, or of the bytes of its picture.

    `number` is the page's own, from 1: a line that is nothing but that number ("3", "- 3 -", "Trang 3/12") does not
    count, for it changes on every page after one that was put in. How words are broken into lines and letters into
    signs does not count either; every other sign does. Of a page with words the picture is not looked at: the same
    words drawn by another program are another picture.
    """
    kept = (line for line in lines if not is_own_number(line, number))
    words = tuple(word for line in kept for word in unicodedata.normalize("NFC", line).split())
    if words or picture is None:
        return PrintedPage(words)
    return PrintedPage(picture=sha256(picture).hexdigest())


def is_own_number(line: str, number: int) -> bool:
    return re.fullmatch(rf"\W*(trang|page)?\s*0*{number}(\s*/\s*\d+)?\W*", line.strip(), re.IGNORECASE) is not None


@dataclass(frozen=True)
class PagePair:
    """A page of the old version and what became of it in the new one; numbers from 1."""

    old: int
    new: int
    is_same: bool


def changes_between(old: Sequence[PrintedPage], new: Sequence[PrintedPage]) -> PageChanges:
    """Say what became of each page."""
    return changes_in(pairs_between(old, new), len(old), len(new))


def changes_in(pairs: Sequence[PagePair], old_count: int, new_count: int) -> PageChanges:
    """The same from the pairs of pages, in order, and how many pages the versions have."""
    return PageChanges(
        changed=[pair.new for pair in pairs if not pair.is_same],
        added=without({pair.new for pair in pairs}, new_count),
        removed=without({pair.old for pair in pairs}, old_count),
    )


def pairs_between(old: Sequence[PrintedPage], new: Sequence[PrintedPage]) -> list[PagePair]:
    """Align the pages of two versions; those without a counterpart are in no pair.

    Pages that are alike keep their order; of what stands between them, pages with half of their words in common are one
    page that was changed, others were added or removed. Where as many stand there as before, each took the place of
    one and counts as changed, however different it is.
    """
    keys: dict[PrintedPage, int] = {}
    left = [key_of(page, place, keys, side=1) for place, page in enumerate(old)]
    right = [key_of(page, place, keys, side=2) for place, page in enumerate(new)]
    found: list[PagePair] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        is_same = tag == "equal"
        places = [(place, place) for place in range(i2 - i1)] if is_same else pairs_in(old[i1:i2], new[j1:j2])
        found += [PagePair(i1 + one + 1, j1 + other + 1, is_same) for one, other in places]
    return found


def key_of(page: PrintedPage, place: int, keys: dict[PrintedPage, int], *, side: int) -> tuple[int, ...]:
    """A short name that pages have in common exactly where they are the same."""
    return (keys.setdefault(page, len(keys)),) if page.is_same_as(page) else (-side, place)


def without(paired: set[int], count: int) -> list[int]:
    return [number for number in range(1, count + 1) if number not in paired]


def pairs_in(old: Sequence[PrintedPage], new: Sequence[PrintedPage]) -> list[tuple[int, int]]:
    """Which page of the one block became which of the other, in their order; places from 0."""
    if len(old) == len(new) or max(len(old), len(new)) > LONGEST_BLOCK:
        return [(place, place) for place in range(min(len(old), len(new)))]
    return likest_pairs([[likeness(one, other) for other in new] for one in old])


def likeness(one: PrintedPage, other: PrintedPage) -> float:
    """Share of words in common, whatever their order: 0 to 1. Two pictures are taken for alike: nobody knows."""
    if one.picture and other.picture:
        return ALIKE
    return SequenceMatcher(None, one.words, other.words, autojunk=False).quick_ratio() if one.words else 0.0


def likest_pairs(likeness_of: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs, in order, whose likeness adds up to most; those that are alike enough alone are paired."""
    rows, columns = len(likeness_of), len(likeness_of[0]) if likeness_of else 0
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]

    def paired(row: int, column: int) -> float:
        both = likeness_of[row][column]
        return both + best[row + 1][column + 1] if both >= ALIKE else -1.0

    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            best[row][column] = max(paired(row, column), best[row + 1][column], best[row][column + 1])
    pairs, row, column = [], 0, 0
    while row < rows and column < columns:
        if best[row][column] == paired(row, column):
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def ranges_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of numbers that follow one another, as (first, last).

    >>> ranges_of([3, 4, 5, 9])
    [(3, 5), (9, 9)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
