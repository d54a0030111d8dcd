"""Draw the icons of the first screen again from static/img/phien.svg: `uv run docs/icons.py`."""

from pathlib import Path

import pymupdf

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
SIZES = (180, 192, 512)


def main() -> None:
    # The corners are the device's to round: the ground reaches the edge, and the sheet stays inside the safe middle.
    drawing = (IMAGES / "phien.svg").read_text(encoding="utf-8").replace('rx="6" ', "")
    page = pymupdf.open(stream=drawing.encode(), filetype="svg")[0]
    for size in SIZES:
        scale = size / page.rect.width
        page.get_pixmap(matrix=pymupdf.Matrix(scale, scale)).save(IMAGES / f"phien-{size}.png")


if __name__ == "__main__":
    main()
