"""Draws a copy of a paper that bears its reader's name on every page. Runs in the child program alone, without Django.

The copy is made anew: each of its pages shows what one sees of a page of the original, upright and cut to the crop box,
and holds nothing else. Scripts, attachments, forms, links and metadata do not come along, whatever they are called.
"""

import math
from functools import cached_property
from pathlib import Path
from typing import Any

ANGLE_DEGREES = 30
BANDS = 3  # so that no part of a page can be cut out without the name
MARGIN = 0.92  # of a band may be covered
LINE_HEIGHT = 1.3
COLOUR, OPACITY = (0.45, 0.45, 0.45), 0.22  # print stays readable under it, also on paper


def copy_with_watermark(pymupdf: Any, paper: Any, lines: list[str], place: Path) -> int:
    """Write the copy of the open `paper` to `place` and return how many pages it has.

    Raises whatever the library raises for a page it cannot draw: a copy with a page missing is none.
    """
    paper.bake()  # signatures and stamps are annotations: they are seen, so they become part of the page
    stamps, copy = Stamps(pymupdf, lines), pymupdf.open()
    for number in range(paper.page_count):
        page = paper[number]
        view, turned = page.rect, page.rotation
        page.set_rotation(0)
        leaf = copy.new_page(width=view.width, height=view.height)
        leaf.show_pdf_page(leaf.rect, paper, number, rotate=-turned)
        leaf.show_pdf_page(leaf.rect, *stamps.of_size(view.width, view.height))
    copy.set_metadata({})
    copy.save(str(place), garbage=1, deflate=True)
    return int(copy.page_count)


class Stamps:
    """The watermark, drawn once for each size of page."""

    def __init__(self, pymupdf: Any, lines: list[str]) -> None:
        self.pymupdf, self.lines = pymupdf, lines
        self.drawn: dict[tuple[int, int], Any] = {}

    @cached_property
    def font(self) -> Any:
        import fontpkg_be_vietnam_pro

        folder = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
        return self.pymupdf.Font(fontfile=str(folder / "BeVietnamPro-Medium.ttf"))

    def of_size(self, width_pt: float, height_pt: float) -> tuple[Any, int]:
        """The document and the number of the page on which the watermark of this size stands."""
        size = round(width_pt), round(height_pt)
        if size not in self.drawn:
            self.drawn[size] = self.draw(width_pt, height_pt)
        return self.drawn[size], 0

    def draw(self, width_pt: float, height_pt: float) -> Any:
        stamp = self.pymupdf.open()
        page = stamp.new_page(width=width_pt, height=height_pt)
        size = font_size([self.font.text_length(line, 1) for line in self.lines], width_pt, height_pt)
        for band in range(BANDS):
            middle = self.pymupdf.Point(width_pt / 2, height_pt * (2 * band + 1) / (2 * BANDS))
            writer = self.pymupdf.TextWriter(page.rect, opacity=OPACITY, color=COLOUR)
            for place, line in enumerate(self.lines):
                below = (place - (len(self.lines) - 1) / 2) * LINE_HEIGHT * size + size / 3
                start = self.pymupdf.Point(middle.x - self.font.text_length(line, size) / 2, middle.y + below)
                writer.append(start, line, font=self.font, fontsize=size)
            writer.write_text(page, morph=(middle, self.pymupdf.Matrix(ANGLE_DEGREES)))
        stamp.subset_fonts()
        return stamp


def font_size(lengths: list[float], width_pt: float, height_pt: float) -> float:
    """The size in points at which turned lines fill a band; `lengths` are those of the lines at a size of 1."""
    turn = math.radians(ANGLE_DEGREES)
    long, thick = max(lengths), LINE_HEIGHT * len(lengths)
    across = long * math.cos(turn) + thick * math.sin(turn)
    upright = long * math.sin(turn) + thick * math.cos(turn)
    return MARGIN * min(width_pt / across, height_pt / BANDS / upright)
