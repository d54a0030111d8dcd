"""Where a point of a page stands on the screen: PDF user space to the view and back. Pure, no Django, no PDF library.

User space is what a PDF stores: points, y up, absolute. The view is what people see: the crop box, turned clockwise by
the page's rotation, scaled by its user unit, y down, origin in its upper left corner.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

TILE_PX = 512  # a side; docs/decisions/12-tiles.md says what others cost
TALLEST = 2.5  # height over width beyond which a page is drawn narrower than asked
SMALLEST = 1.0  # of a side, in user space: PDF readers make no page smaller than three
UNITS = (0.01, 10_000)  # between which a user unit is believed; one that is 1, as nearly always, is not even named
LETTER = (0.0, 0.0, 612.0, 792.0)  # what a reader shows when a page names no usable box


class Point(NamedTuple):
    x: float
    y: float


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def is_page(self) -> bool:
        """Say whether a page could be as large as this; a box with a number that is no number never could."""
        return self.width >= SMALLEST and self.height >= SMALLEST

    def intersection(self, other: "Box") -> "Box":
        return Box(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))

    def widened(self, margin: float) -> "Box":
        return Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    def contains(self, point: Point) -> bool:
        return self.x0 <= point.x <= self.x1 and self.y0 <= point.y <= self.y1


class Matrix(NamedTuple):
    """x' = a*x + c*y + e and y' = b*x + d*y + f, the order in which PDF writes six numbers."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, point: tuple[float, float]) -> Point:
        x, y = point
        return Point(self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)

    def box(self, box: tuple[float, float, float, float]) -> Box:
        """Return the upright box around the moved corners."""
        x0, y0, x1, y1 = box
        corners = [self.point(corner) for corner in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def inverse(self) -> "Matrix":
        determinant = self.a * self.d - self.b * self.c
        if determinant == 0:
            raise ValueError("this matrix lays a page flat and has no inverse")
        a, b, c, d = self.d / determinant, -self.b / determinant, -self.c / determinant, self.a / determinant
        return Matrix(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))


@dataclass(frozen=True)
class PageGeometry:
    """One page: its media box and crop box in user space, its rotation and its user unit."""

    media: Box
    crop: Box
    rotation: int
    unit: float = 1.0

    @property
    def width_pt(self) -> float:
        return (self.crop.height if self.rotation in (90, 270) else self.crop.width) * self.unit

    @property
    def height_pt(self) -> float:
        return (self.crop.width if self.rotation in (90, 270) else self.crop.height) * self.unit

    @property
    def matrix(self) -> Matrix:
        """User space to view."""
        crop, unit = self.crop, self.unit
        return {
            0: Matrix(unit, 0, 0, -unit, -crop.x0 * unit, crop.y1 * unit),
            90: Matrix(0, unit, unit, 0, -crop.y0 * unit, -crop.x0 * unit),
            180: Matrix(-unit, 0, 0, unit, crop.x1 * unit, -crop.y0 * unit),
            270: Matrix(0, -unit, -unit, 0, crop.y1 * unit, crop.x1 * unit),
        }[self.rotation]

    @property
    def upright_matrix(self) -> Matrix:
        """User space to the crop box, y down and *not* turned: PyMuPDF's coordinates of text and annotations."""
        return Matrix(self.unit, 0, 0, -self.unit, -self.crop.x0 * self.unit, self.crop.y1 * self.unit)


def page_geometry(
    media: tuple[float, float, float, float],
    crop: tuple[float, float, float, float] | None = None,
    rotation: float = 0,
    unit: float = 1.0,
) -> PageGeometry:
    """Return the geometry of a page from whatever its file says, mended as readers mend it.

    Corners may come in any order, a crop box that misses the media box is ignored, a rotation is brought to the nearest
    quarter turn, a missing or absurd media box becomes Letter: of a page without a size nothing could be drawn.
    """
    whole = _ordered(media)
    if not whole.is_page:
        whole = Box(*LETTER)
    visible = _ordered(crop).intersection(whole) if crop is not None else whole
    if not visible.is_page:
        visible = whole
    turned = round(rotation / 90) * 90 % 360 if math.isfinite(rotation) else 0
    scale = unit if UNITS[0] <= unit <= UNITS[1] else 1.0
    return PageGeometry(whole, visible, turned, scale)


def _ordered(box: tuple[float, float, float, float]) -> Box:
    if not all(math.isfinite(number) for number in box):
        return Box(0, 0, 0, 0)
    x0, y0, x1, y1 = box
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def raster_size(width_pt: float, height_pt: float, width_px: int) -> tuple[int, int]:
    """Return the pixels of a page drawn `width_px` wide; a page taller than TALLEST becomes narrower instead."""
    scale = width_px / width_pt
    tallest_px = width_px * TALLEST
    if height_pt * scale > tallest_px:
        scale = tallest_px / height_pt
    return max(1, round(width_pt * scale)), max(1, round(height_pt * scale))


def tile_grid(width_px: int, height_px: int, tile_px: int = TILE_PX) -> tuple[int, int]:
    """Return how many columns and rows of square tiles a picture of so many pixels is cut into."""
    return math.ceil(width_px / tile_px), math.ceil(height_px / tile_px)


def tile_box(
    width_px: int, height_px: int, column: int, row: int, tile_px: int = TILE_PX
) -> tuple[int, int, int, int] | None:
    """Return the pixels (x0, y0, x1, y1) of one tile, None where there is none.

    Columns and rows count from 0 in the upper left corner. The tiles cover the picture exactly, each pixel once; those
    of the last column and row end where the picture ends.
    """
    columns, rows = tile_grid(width_px, height_px, tile_px)
    if not (0 <= column < columns and 0 <= row < rows):
        return None
    x0, y0 = column * tile_px, row * tile_px
    return x0, y0, min(x0 + tile_px, width_px), min(y0 + tile_px, height_px)
