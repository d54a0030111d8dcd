"""What a highlighted passage and a note may be. Pure; refuses with a code what our tablets would never send."""

import json
import unicodedata
from typing import Any

from documents.geometry import Box, Point
from documents.strokes import BYTE_LIMIT, MARGIN_PT, is_number, refuse

QUAD_LIMIT = 500  # pieces of lines; the fullest page of a table has fewer
QUOTE_LIMIT = 8000  # characters; a page of prose has 3000
CONTEXT_LIMIT = 100
BODY_LIMIT = 4000


def checked_quads(geometry: Any, media: Box) -> dict[str, Any]:
    """Return {"quads": [[x1, y1, …, x4, y4], …]}, corners as QuadPoints has them. Raises BadStroke."""
    quads = geometry.get("quads") if isinstance(geometry, dict) else None
    if not isinstance(quads, list) or not quads:
        refuse("bad_geometry")
    if len(quads) > QUAD_LIMIT:
        refuse("long_passage")
    box = media.widened(MARGIN_PT)
    for quad in quads:
        if not (isinstance(quad, list) and len(quad) == 8 and all(is_number(number) for number in quad)):
            refuse("bad_geometry")
        if not all(box.contains(Point(quad[place], quad[place + 1])) for place in range(0, 8, 2)):
            refuse("outside_page")
    return {"quads": quads}


def checked_anchor(anchor: Any) -> dict[str, str]:
    """Return the words that were highlighted with what stands around them. Raises BadStroke."""
    if not isinstance(anchor, dict) or not all(isinstance(anchor.get(name, ""), str) for name in anchor):
        refuse("bad_geometry")
    quote = plain(anchor.get("quote", ""))
    prefix, suffix = plain(anchor.get("prefix", "")), plain(anchor.get("suffix", ""))
    if not quote.strip():
        refuse("bad_geometry")
    if len(quote) > QUOTE_LIMIT or len(prefix) > CONTEXT_LIMIT or len(suffix) > CONTEXT_LIMIT:
        refuse("long_passage")
    return {"quote": quote, "prefix": prefix, "suffix": suffix}


def refuse_long_passage(geometry: dict[str, Any], anchor: dict[str, str]) -> None:
    """A passage as a whole stays within what a mark may weigh."""
    if len(json.dumps([geometry, anchor], ensure_ascii=False).encode()) > BYTE_LIMIT:
        refuse("long_passage")


def checked_point(geometry: Any, media: Box) -> dict[str, Any]:
    """Return {"point": [x, y]}. Raises BadStroke."""
    point = geometry.get("point") if isinstance(geometry, dict) else None
    if not (isinstance(point, list) and len(point) == 2 and all(is_number(number) for number in point)):
        refuse("bad_geometry")
    if not media.widened(MARGIN_PT).contains(Point(*point)):
        refuse("outside_page")
    return {"point": point}


def checked_body(body: Any) -> str:
    """Return the words of a note without what no keyboard writes. Raises BadStroke."""
    if not isinstance(body, str):
        refuse("bad_geometry")
    words = plain(body).strip()
    if not words:
        refuse("empty_note")
    if len(words) > BODY_LIMIT:
        refuse("long_note")
    return words


def plain(text: str) -> str:
    """Leave out control characters and halves of characters: no database and no screen knows what to do with them."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
