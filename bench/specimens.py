"""The papers of the benchmarks of reading and intake: five kinds and a letter, the same bytes from the same seed."""

import datetime
import io
import random
from collections.abc import Callable
from pathlib import Path

import pymupdf
from PIL import Image, ImageFilter

from config.demo.papers import investment, land_use, zoning
from config.demo.papers.form import Heading, blank, start
from config.demo.papers.scans import REMARKS
from config.demo.typesetting import A4_HEIGHT, A4_WIDTH

KINDS = ["letter", "text", "table", "plan", "scan", "mixed"]
SEED = 2027
DAY = datetime.date(2026, 11, 27)
LETTER_PAGES, TEXT_PAGES, MIXED_PAGES = 3, 60, 24
SCAN_PAGES, SCAN_BYTES = 300, 100_000_000
SCAN_SIZE_PX, SCAN_SHEETS = (1654, 2339), 6  # A4 at 200 dots an inch
CROP_PT = 40


def make_specimens(folder: Path, kinds: list[str] = KINDS) -> dict[str, Path]:
    """Return where each kind lies."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / f"{kind}.pdf" for kind in KINDS}
    makers: dict[str, Callable[[Path], None]] = {
        "letter": lambda path: make_prose(path, LETTER_PAGES),
        "text": lambda path: make_prose(path, TEXT_PAGES),
        "table": lambda path: investment.make_list(path, day=DAY, seed=SEED),
        "plan": make_plan,
        "scan": lambda path: make_scan(path, paths["letter"]),
        "mixed": lambda path: make_mixed(path, [paths[kind] for kind in ("text", "table", "plan", "scan")]),
    }
    for kind in KINDS:
        if kind in kinds or kind == "letter" or "mixed" in kinds:
            makers[kind](paths[kind])
    return {kind: paths[kind] for kind in kinds}


def make_prose(path: Path, pages: int) -> None:
    dice = random.Random(SEED)
    paper = blank(title="Báo cáo", author="Sở Tài chính", made_at=f"{DAY:%Y%m%d}0800")
    heading = Heading("UBND TỈNH LAM GIANG", "SỞ TÀI CHÍNH", "152/BC-STC", DAY, "BÁO CÁO", "Dự toán ngân sách")
    start(paper, heading)
    while paper.side_number <= pages:
        paper.heading(f"{dice.randrange(1, 20)}. {dice.choice(REMARKS).split(':')[0]}")
        for _paragraph in range(4):
            paper.paragraph(" ".join(dice.sample(REMARKS, 2)))
    whole = path.with_suffix(".whole")
    paper.save(whole)
    rewrite(whole, path, lambda made: made.select(range(pages)))
    whole.unlink()


def make_plan(path: Path) -> None:
    """Maps alone, the sheet of A1 first: what stands before them is like any other text."""
    sources = path.with_name("zoning.pdf"), path.with_name("land-use.pdf")
    zoning.make_plan(sources[0], day=DAY, seed=SEED)
    land_use.make_map(sources[1], day=DAY, seed=SEED)
    with pymupdf.open() as made, pymupdf.open(sources[0]) as plans, pymupdf.open(sources[1]) as sheet:
        made.insert_pdf(sheet, from_page=1)
        for page in plans:
            if page.rect.width > page.rect.height:
                made.insert_pdf(plans, from_page=page.number, to_page=page.number)
        made.save(path, garbage=3, deflate=True, no_new_id=True)
    for source in sources:
        source.unlink()


def make_scan(path: Path, letter: Path) -> None:
    """Coloured pictures of a letter with the noise of a scanner. The pages' own objects lie together: where each lies
    beside its picture, PDF.js has to fetch a piece for each page before the one that is asked for.
    """
    sheets = [scanned_sheet(letter, number) for number in range(SCAN_SHEETS)]
    with pymupdf.open() as made:
        for number in range(SCAN_PAGES):
            sheet = sheets[number % SCAN_SHEETS]
            page = made.new_page(width=A4_WIDTH, height=A4_HEIGHT)
            own = b"%d" % number  # behind the picture's end, so that no two pages share their bytes
            page.insert_image(page.rect, stream=sheet + own + bytes(max(0, SCAN_BYTES // SCAN_PAGES - len(sheet))))
        made.save(path, no_new_id=True, use_objstms=1)


def scanned_sheet(letter: Path, number: int) -> bytes:
    """Return a JPEG of about SCAN_BYTES / SCAN_PAGES."""
    width, height = SCAN_SIZE_PX
    with pymupdf.open(letter) as source:
        page = source[number % LETTER_PAGES]
        pixels = page.get_pixmap(matrix=pymupdf.Matrix(width / page.rect.width, height / page.rect.height))
    print_ = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples).resize(SCAN_SIZE_PX)
    noise = Image.frombytes("RGB", (width, height), random.Random(SEED + number).randbytes(width * height * 3))
    picture = Image.blend(print_, noise.filter(ImageFilter.GaussianBlur(0.8)), 0.06)
    made = b""
    for quality in range(40, 96, 5):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() > SCAN_BYTES // SCAN_PAGES and made:
            break
        made = out.getvalue()
    return made


def make_mixed(path: Path, sources: list[Path]) -> None:
    """Pages of all kinds in turn, some of them turned, some cropped."""
    files = [pymupdf.open(source) for source in sources]
    with pymupdf.open() as made:
        for number in range(MIXED_PAGES):
            file = files[number % len(files)]
            which = number // len(files) % file.page_count
            made.insert_pdf(file, from_page=which, to_page=which)
        for page in made:
            if page.number % 3 == 1:
                page.set_rotation(90 * (page.number % 4))
            if page.number % 3 == 2:
                left, bottom, right, top = page.mediabox
                page.set_cropbox((left + CROP_PT, bottom + CROP_PT, right - CROP_PT, top - CROP_PT))
        made.save(path, garbage=3, deflate=True, no_new_id=True)
    for file in files:
        file.close()


def make_long(path: Path, text: Path, pages: int) -> None:
    """A paper of prose with very many pages."""
    with pymupdf.open() as made, pymupdf.open(text) as source:
        while made.page_count < pages:
            made.insert_pdf(source, to_page=min(source.page_count, pages - made.page_count) - 1)
        made.save(path, garbage=3, deflate=True, no_new_id=True)


def rewrite(source: Path, path: Path, change: Callable[[pymupdf.Document], object]) -> None:
    with pymupdf.open(source) as file:
        change(file)
        file.save(path, garbage=3, deflate=True, no_new_id=True)
