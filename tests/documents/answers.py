"""Asks child programs as the product does and looks closely at what they answer."""

import math
from pathlib import Path
from typing import Any

from documents.children import CONVERTING, Child, ChildRefused
from documents.kinds import PICTURES
from documents.refusals import PAGE_LIMIT

PAGES_MOST = 4


def ends_as(content: bytes, folder: Path) -> str:
    """Return "pages", or the code of the refusal, after every answer on the way was found to be well-formed.

    Office files end where LibreOffice would begin: what it makes of them is a PDF like any other.
    """
    path = folder / "temporary" / "file"
    path.write_bytes(content)
    try:
        if b"%PDF-" in content[:1024]:
            return pages_of(path)
        with Child(path, program=CONVERTING) as child:
            return "pages" if child.kind() not in PICTURES else pages_of(child.picture(page_limit=PAGE_LIMIT))
    except ChildRefused as refused:
        return refused.code
    finally:
        path.unlink()


def pages_of(path: Path) -> str:
    with Child(path) as child:
        found = child.inspect(page_limit=PAGE_LIMIT)
        well_formed(found)
        assert set(found) == {"page_count", "outline", "pages", "first_text"}
        assert [page["number"] for page in found["pages"]] == list(range(1, found["page_count"] + 1))
        for page in found["pages"]:
            describes_a_page(page)
        shown = [shows(child, page["number"]) for page in found["pages"][:PAGES_MOST]]
    return "pages" if any(shown) else "unreadable"


def describes_a_page(page: dict[str, Any]) -> None:
    assert page["width_pt"] > 0 < page["height_pt"]  # the manifest divides by them
    assert page["rotation"] in {0, 90, 180, 270}
    assert [len(page[name]) for name in ("media", "crop", "matrix")] == [4, 4, 6]


def shows(child: Child, number: int) -> bool:
    """Can this page be drawn? Its text is looked at too; a child that dies of it is started again."""
    try:
        text = child.text(number)
        well_formed(text)
        for span in text["spans"]:
            assert len(span["x"]) == len(span["text"]) + 1
            assert len(span["box"]) == 4
        for link in text["links"]:
            assert ("uri" in link) != ("page" in link)
    except ChildRefused as refused:
        if refused.code != "page_broken":
            return False
    try:
        picture = child.raster(number, 200)
    except ChildRefused:
        return False
    assert picture[:4] + picture[8:12] == b"RIFFWEBP"
    return True


def well_formed(answer: Any) -> None:
    """Numbers that are numbers, and letters that every database takes."""
    match answer:
        case dict():
            for name, value in answer.items():
                well_formed(name)
                well_formed(value)
        case list():
            for value in answer:
                well_formed(value)
        case float():
            assert math.isfinite(answer)
        case str():
            assert "\0" not in answer
            answer.encode()
        case _:
            assert answer is None or isinstance(answer, int)
