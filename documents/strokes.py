"""What a stroke of ink may be. Pure; refuses with a code what a tablet of this system would never send."""

import json
import math
import re
from typing import Any, NoReturn

from documents.geometry import Box, Point

SCALE = 50  # deltas are whole fiftieths of a point: finer than any screen shows
POINT_LIMIT = 2000
BYTE_LIMIT = 64 * 1024
FARTHEST = 10_000_000  # no page is that large, and no sum of such numbers overflows
MARGIN_PT = 20.0  # a stroke may run a little over the edge of the paper
WIDTH_PT = (0.2, 20.0)
PENS = frozenset({"pen", "marker"})  # a marker is broad, lets the print through and lies under the pen's ink
COLOURS = frozenset({"black", "blue", "red", "green", "yellow"})
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class BadStroke(ValueError):
    """The code names what is wrong; the sentences stand in operations.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse(code: str) -> NoReturn:
    raise BadStroke(code)


def checked_geometry(geometry: Any, media: Box) -> dict[str, Any]:
    """Return the geometry with nothing in it but what belongs there. Raises BadStroke."""
    if not isinstance(geometry, dict) or geometry.get("scale") != SCALE:
        refuse("bad_geometry")
    start, deltas = geometry.get("start"), geometry.get("deltas")
    if not (isinstance(start, list) and len(start) == 2 and all(is_number(value) for value in start)):
        refuse("bad_geometry")
    if not isinstance(deltas, list) or len(deltas) % 2:
        refuse("bad_geometry")
    if len(deltas) // 2 + 1 > POINT_LIMIT:
        refuse("too_long")
    if not all(type(delta) is int and abs(delta) <= FARTHEST for delta in deltas):
        refuse("bad_geometry")
    refuse_outside(start, deltas, media.widened(MARGIN_PT))
    kept = {"scale": SCALE, "start": start, "deltas": deltas}
    if len(json.dumps(kept)) > BYTE_LIMIT:
        refuse("too_long")
    return kept


def refuse_outside(start: list[float], deltas: list[int], box: Box) -> None:
    x, y = start[0] * SCALE, start[1] * SCALE
    if not box.contains(Point(*start)):
        refuse("outside_page")
    left, bottom, right, top = (edge * SCALE for edge in box)
    for place in range(0, len(deltas), 2):
        x, y = x + deltas[place], y + deltas[place + 1]
        if not (left <= x <= right and bottom <= y <= top):
            refuse("outside_page")


def checked_style(style: Any) -> dict[str, Any]:
    """Return colour and width, the kind of pen where it is a marker, and nothing else. Raises BadStroke."""
    kept = checked_colour(style)
    width, pen = style.get("width_pt"), style.get("pen", "pen")
    if width is None or not is_number(width) or not WIDTH_PT[0] <= width <= WIDTH_PT[1]:
        refuse("bad_style")
    if not isinstance(pen, str) or pen not in PENS:
        refuse("bad_style")
    return {**kept, "width_pt": width, **({"pen": pen} if pen == "marker" else {})}


def checked_colour(style: Any) -> dict[str, Any]:
    """Return the colour and nothing else. Raises BadStroke."""
    colour = style.get("color") if isinstance(style, dict) else None
    if not isinstance(colour, str) or not (colour in COLOURS or HEX_COLOUR.fullmatch(colour)):
        refuse("bad_style")
    return {"color": colour}


def is_number(value: Any) -> bool:
    """Say whether the value is a finite number of a sensible size; True and 10**400 are none."""
    return type(value) in (int, float) and abs(value) <= FARTHEST and math.isfinite(value)
