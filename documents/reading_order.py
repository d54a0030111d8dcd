"""In which order the lines of a page are read. Pure, no Django, no PDF library.

The file's own order stands: Word and LibreOffice write a page in the order in which it is read, tables cell by cell.
Scanners and some programs that lay out pages write across the columns, line by line; where a part of a page is clearly
set in columns of prose, these are read one after the other. Everything else stays: lines of a table do not go on in
small letters, and a table that sets the old wording beside the new one was written cell by cell.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from math import inf
from statistics import median

from documents.geometry import Box

FEWEST_LINES = 4  # of prose, one below the other: a letterhead has three
FULL = 0.75  # of its column a line of prose fills, but for the last of a paragraph
MOST_ARE_FULL = 0.6
GOES_ON = 0.4  # of the lines of prose begin with a small letter; of cells with names or tasks none
ACROSS = 0.5  # of the lines are followed by one of another column
GUTTER = 0.5  # between columns, in heights of a line; between words it is a quarter
WIDE = 0.6  # of the text's width: a line that runs across the columns


def reading_order(texts: Sequence[str], boxes: Sequence[Box]) -> list[int]:
    """Return the places of the lines in the order in which they are read.

    `boxes` are where the lines stand in the view (points, y down), both in the order of the file. The answer names each
    place once.
    """
    order = list(range(len(boxes)))
    for band in _bands(boxes):
        numbers = _columns([boxes[place] for place in band])
        columns = _parted(band, numbers)
        if _is_across(numbers) and all(
            _is_prose([texts[place] for place in column], [boxes[place] for place in column]) for column in columns
        ):
            for slot, place in zip(band, chain.from_iterable(columns), strict=True):
                order[slot] = place
    return order


def _bands(lines: Sequence[Box]) -> Iterator[list[int]]:
    """Yield the places of the lines between two that run across, each in the order of the file."""
    if not lines:
        return
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    walls = sorted(_middle(line) for line in lines if line.width > WIDE * width)
    bands: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if line.width <= WIDE * width:
            bands.setdefault(bisect(walls, _middle(line)), []).append(place)
    yield from bands.values()


def _middle(line: Box) -> float:
    return (line.y0 + line.y1) / 2


def _columns(lines: Sequence[Box]) -> list[int]:
    """Return the number of the column in which each line stands, from left to right; columns do not touch."""
    gutter = GUTTER * median(line.height for line in lines)
    columns, number, edge = [0] * len(lines), -1, -inf
    for place in sorted(range(len(lines)), key=lambda place: lines[place].x0):
        number += lines[place].x0 >= edge + gutter
        edge = max(edge, lines[place].x1)
        columns[place] = number
    return columns


def _parted(band: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    parts: list[list[int]] = [[] for _column in range(max(columns) + 1)]
    for place, column in zip(band, columns, strict=True):
        parts[column].append(place)
    return parts


def _is_across(columns: Sequence[int]) -> bool:
    return sum(one != other for one, other in pairwise(columns)) > ACROSS * len(columns)


def _is_prose(texts: Sequence[str], boxes: Sequence[Box]) -> bool:
    width = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    full = sum(box.width >= FULL * width for box in boxes)
    going_on = sum(text.lstrip()[:1].islower() for text in texts)
    return len(boxes) >= FEWEST_LINES and full >= MOST_ARE_FULL * len(boxes) and going_on >= GOES_ON * len(boxes)
