"""One affine matrix per page takes what a PDF stores to what people see, and back. Tried on real files."""

import io
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageChops, ImageStat

from documents.children import Child
from documents.geometry import LETTER, Box, Point, page_geometry, tile_box, tile_grid

ROTATIONS = (0, 90, 180, 270)
# Media box and crop box, in user space.
PAGES = {
    "no crop": ((0, 0, 595, 842), None),
    "crop": ((0, 0, 595, 842), (40, 30, 500, 700)),
    "media box that does not begin at 0": ((-100, 50, 495, 892), None),
    "both": ((-100, 50, 495, 892), (-60, 120, 400, 800)),
}
STROKE = [(120.0, 300.0), (180.5, 340.25), (260.75, 310.5)]
QUOTE = (130.0, 400.0, 230.0, 420.0)


def paper_with(media: tuple[float, ...], crop: tuple[float, ...] | None, rotation: int) -> pymupdf.Document:
    paper = pymupdf.open()
    page = paper.new_page(width=595, height=842)
    paper.xref_set_key(page.xref, "MediaBox", array(media))
    if crop:
        paper.xref_set_key(page.xref, "CropBox", array(crop))
    paper.xref_set_key(page.xref, "Rotate", str(rotation))
    return pymupdf.open("pdf", paper.tobytes())


def array(numbers: tuple[float, ...]) -> str:
    return f"[{' '.join(str(number) for number in numbers)}]"


def numbers_at(paper: pymupdf.Document, xref: int, key: str) -> list[float]:
    words = paper.xref_get_key(xref, key)[1].replace("[", " ").replace("]", " ").split()
    return [float(word) for word in words]


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_ink_and_highlight_written_and_read_again_stand_where_they_were(name: str, rotation: int) -> None:
    media, crop = PAGES[name]
    paper = paper_with(media, crop, rotation)
    geometry = page_geometry(media, crop, rotation)
    upright = geometry.upright_matrix
    paper[0].add_ink_annot([[tuple(upright.point(point)) for point in STROKE]])
    paper[0].add_highlight_annot(pymupdf.Rect(upright.box(QUOTE)))

    again = pymupdf.open("pdf", paper.tobytes())
    ink, highlight = list(again[0].annots())
    read = numbers_at(again, ink.xref, "InkList")
    assert read == pytest.approx([number for point in STROKE for number in point], abs=0.01)
    quad = numbers_at(again, highlight.xref, "QuadPoints")
    assert (min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2])) == pytest.approx(QUOTE, abs=0.01)


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_the_view_is_where_the_picture_shows_it(name: str, rotation: int) -> None:
    media, crop = PAGES[name]
    paper = paper_with(media, crop, rotation)
    geometry = page_geometry(media, crop, rotation)
    square = (200.0, 500.0, 230.0, 510.0)
    contents = paper.get_new_xref()
    paper.update_object(contents, "<<>>")
    paper.update_stream(contents, b"0 g 200 500 30 10 re f")
    paper.xref_set_key(paper[0].xref, "Contents", f"{contents} 0 R")

    picture = pymupdf.open("pdf", paper.tobytes())[0].get_pixmap(colorspace=pymupdf.csGRAY)
    assert (picture.width, picture.height) == (round(geometry.width_pt), round(geometry.height_pt))
    dark = [divmod(place, picture.stride)[::-1] for place, grey in enumerate(picture.samples) if grey < 128]
    shown = geometry.matrix.box(square)
    xs, ys = [x for x, _y in dark], [y for _x, y in dark]
    assert (min(xs), min(ys), max(xs) + 1, max(ys) + 1) == pytest.approx(tuple(shown), abs=1)


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_text_and_links_stand_in_user_space_whatever_the_page_does(name: str, rotation: int, tmp_path: Path) -> None:
    media, crop = PAGES[name]
    paper = paper_with(media, crop, rotation)
    font = paper[0].insert_font(fontname="helv")
    contents = paper.get_new_xref()
    paper.update_object(contents, "<<>>")
    paper.update_stream(contents, b"BT /helv 20 Tf 200 500 Td (budget) Tj ET")
    paper.xref_set_key(paper[0].xref, "Contents", f"{contents} 0 R")
    link = paper.get_new_xref()
    paper.update_object(
        link, "<</Type/Annot/Subtype/Link/Rect[200 500 260 520]/A<</S/URI/URI(https://chinhphu.vn/)>>>>"
    )
    paper.xref_set_key(paper[0].xref, "Annots", f"[{link} 0 R]")
    path = tmp_path / "paper.pdf"
    paper.save(path)
    assert font

    (text,) = answers_of(path, {"command": "text", "page": 1})
    (span,) = text["spans"]
    assert span["text"] == "budget"
    x0, y0, x1, y1 = span["box"]
    assert x0 == pytest.approx(200, abs=0.5)
    assert y0 < 500 < y1
    assert span["x"][0] == pytest.approx(x0, abs=0.01)
    assert span["x"][-1] == pytest.approx(x1, abs=0.01)
    assert len(span["x"]) == len("budget") + 1
    assert "dir" not in span
    assert text["links"] == [{"box": [200, 500, 260, 520], "uri": "https://chinhphu.vn/"}]


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_the_child_reads_the_same_geometry_from_the_file(name: str, rotation: int, tmp_path: Path) -> None:
    media, crop = PAGES[name]
    path = tmp_path / "paper.pdf"
    paper_with(media, crop, rotation).save(path)
    geometry = page_geometry(media, crop, rotation)
    (page,) = answers_of(path, {"command": "inspect", "page_limit": 10})[0]["pages"]
    assert page["matrix"] == pytest.approx(list(geometry.matrix))
    assert (page["width_pt"], page["height_pt"]) == pytest.approx((geometry.width_pt, geometry.height_pt))
    assert page["media"] == pytest.approx(list(media))
    assert page["rotation"] == rotation


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_matrix_and_its_inverse_undo_each_other(rotation: int) -> None:
    matrix = page_geometry((-100, 50, 495, 892), (-60, 120, 400, 800), rotation, 2.5).matrix
    there = matrix.point(Point(12.5, 300.75))
    assert matrix.inverse().point(there) == pytest.approx((12.5, 300.75))


def test_boxes_are_mended_as_readers_mend_them() -> None:
    assert page_geometry((595, 842, 0, 0)).media == Box(0, 0, 595, 842)
    assert page_geometry((0, 0, 0, 0)).media == Box(*LETTER)
    assert page_geometry((0, 0, float("nan"), 842)).media == Box(*LETTER)
    assert page_geometry((0, 0, 595, 842), (600, 900, 700, 950)).crop == Box(0, 0, 595, 842)
    assert page_geometry((0, 0, 595, 842), (-50, 10, 900, 800)).crop == Box(0, 10, 595, 800)
    assert page_geometry((0, 0, 595, 842), rotation=-90).rotation == 270
    assert page_geometry((0, 0, 595, 842), rotation=450).rotation == 90


def answers_of(path: Path, *questions: dict[str, object]) -> list[dict]:
    program = Path(__file__).parents[2] / "documents" / "rendering.py"
    command = [sys.executable, "-I", str(program), str(path), "--memory-mb=1024", "--cpu-seconds=20", "--output-mb=32"]
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=path.parent, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()][1:]


# -- Tiles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width_px", "height_px"), [(3600, 5094), (6000, 8491), (9600, 6781), (512, 512), (513, 1), (1, 1537), (1024, 7)]
)
@pytest.mark.parametrize("tile_px", [256, 512, 1024])
def test_tiles_cover_a_picture_each_pixel_once(width_px: int, height_px: int, tile_px: int) -> None:
    columns, rows = tile_grid(width_px, height_px, tile_px)
    boxes = [[tile_box(width_px, height_px, column, row, tile_px) for column in range(columns)] for row in range(rows)]
    across = [(box[0], box[2]) for box in boxes[0]]
    down = [(row[0][1], row[0][3]) for row in boxes]
    for edges, length in ((across, width_px), (down, height_px)):
        assert edges[0][0] == 0
        assert edges[-1][1] == length
        assert all(end == begin for (_, end), (begin, _) in pairwise(edges))
        assert all(0 < end - begin <= tile_px for begin, end in edges)
    assert boxes == [[(x0, y0, x1, y1) for x0, x1 in across] for y0, y1 in down]


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (8, 0), (0, 10), (10**9, 0)])
def test_beyond_a_picture_there_is_no_tile(place: tuple[int, int]) -> None:
    assert tile_grid(3600, 5094) == (8, 10)
    assert tile_box(3600, 5094, 7, 9) == (3584, 4608, 3600, 5094)
    assert tile_box(3600, 5094, *place) is None


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_tile_shows_what_the_whole_page_shows_there(rotation: int, tmp_path: Path) -> None:
    media, crop = PAGES["both"]
    paper = paper_with(media, crop, rotation)
    contents = paper.get_new_xref()
    paper.update_object(contents, "<<>>")
    lines = b"".join(b"%d 0 m %d 900 l S 0 %d m 600 %d l S " % (x, 600 - x, x, x + 40) for x in range(-90, 600, 13))
    paper.update_stream(contents, b"0.6 w " + lines)
    paper.xref_set_key(paper[0].xref, "Contents", f"{contents} 0 R")
    path = tmp_path / "paper.pdf"
    paper.save(path)
    with Child(path) as child:
        whole = picture(child.raster(1, 1200))
        for column, row in ((0, 0), (1, 1), (2, 0)):
            box = tile_box(*whole.size, column, row)
            assert box is not None
            (tile,) = map(picture, child.tiles(1, whole.size, (box,)))
            # An edge cut elsewhere is smoothed a little differently; a pixel aside, nothing fits.
            there, right, below = (difference(tile, whole.crop(moved(box, by))) for by in ((0, 0), (1, 0), (0, 1)))
            assert 5 * there < min(right, below)


def moved(box: tuple[int, int, int, int], by: tuple[int, int]) -> tuple[int, int, int, int]:
    return box[0] + by[0], box[1] + by[1], box[2] + by[0], box[3] + by[1]


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("L")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how far the greys are apart on the average, of 255."""
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]
