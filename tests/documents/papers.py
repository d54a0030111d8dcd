"""Makes papers for tests: good ones, and every kind that must be refused."""

import random
import zlib
from functools import cache
from pathlib import Path

import fontpkg_noto_serif
import pymupdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from accounts.models import Person
from documents import actions
from documents.models import Document, DocumentVersion
from tests.council import Council

FONT = Path(fontpkg_noto_serif.__file__).parent / "files" / "NotoSerif[wdth,wght].ttf"


@cache
def pdf(*pages: str, **saving: object) -> bytes:
    """A PDF with these lines of text on its pages; the same text makes the same bytes."""
    paper = pymupdf.open()
    for text in pages or ("Dự toán ngân sách năm 2027",):
        page = paper.new_page(width=595, height=842)
        for place, line in enumerate(text.split("\n")):
            page.insert_text((70, 100 + 20 * place), line, fontfile=str(FONT), fontname="F0", fontsize=12)
    return paper.tobytes(no_new_id=True, **saving)


def encrypted_pdf() -> bytes:
    return pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="mat-khau", owner_pw="chu")


def broken_pdf() -> bytes:
    """It begins like a PDF, and then there is nothing a page could be made of."""
    return b"%PDF-1.7\n" + bytes(range(256)) * 8


def picture() -> bytes:
    return pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 20, 20), False).tobytes("png")


def scan(megapixels: int) -> bytes:
    """A page that is one picture of noise: three megabytes for each megapixel, and none of them can be packed."""
    paper = pymupdf.open()
    page = paper.new_page(width=595, height=842)
    noise = random.Random(megapixels).randbytes(3_000_000 * megapixels)
    page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, 1000, 1000 * megapixels, noise, False))
    return paper.tobytes()


@cache
def plan(width: float = 2384, height: float = 1684, *, parcels: int = 60) -> bytes:
    """A plan of parcels on one large sheet (A1): so many in a row, each with its number, some hatched; and contours."""
    chance = random.Random(parcels)
    paper = pymupdf.open()
    page = paper.new_page(width=width, height=height)
    side = width / (parcels + 2)
    shape = page.new_shape()
    text = pymupdf.TextWriter(page.rect)
    font = pymupdf.Font(fontfile=str(FONT))
    for number in range(parcels * int(height / side - 2)):
        row, column = divmod(number, parcels)
        x, y = (column + 1) * side + chance.uniform(0, side / 4), (row + 1) * side + chance.uniform(0, side / 4)
        shape.draw_polyline(
            [(x, y), (x + side * 0.8, y + 2), (x + side * 0.7, y + side * 0.8), (x, y + side * 0.7), (x, y)]
        )
        if number % 5 == 0:
            for line in range(1, 8):
                shape.draw_line((x, y + line * side / 12), (x + side * 0.7, y + line * side / 12 + 3))
        text.append((x + 3, y + side / 2), f"{number} / {chance.randint(80, 900)}", font=font, fontsize=side / 8)
    shape.finish(width=0.3, color=(0.1, 0.1, 0.3))
    for line in range(24):
        points = [(x, height * line / 24 + chance.uniform(-9, 9)) for x in range(0, int(width), 40)]
        shape.draw_polyline(points)
    shape.finish(width=0.6, color=(0.6, 0.3, 0.1), closePath=False)
    shape.commit()
    text.write_text(page)
    return paper.tobytes(no_new_id=True, deflate=True, garbage=3)


def letter_bomb() -> bytes:
    """A small file whose one page unpacks to millions of letters, each of which wants a kilobyte."""
    packer = zlib.compressobj(9)
    line = b"(" + b"x" * 1000 + b")Tj " + b"0 -1 Td "
    packed = packer.compress(b"BT /F 1 Tf 10 800 Td " + line * 1500 + b"ET") + packer.flush()
    contents = b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
    resources = b"<</Font<</F 4 0 R>>>>"
    return raw_pdf([contents], resources, font)


def endless_pdf(*, good_pages: int) -> bytes:
    """So many empty pages, and then one whose forms call one another, ten times each: drawing it would take years."""
    depth = 14
    forms = []
    for level in range(depth):
        calls = b" ".join([b"/F Do"] * 10) if level < depth - 1 else b"0 0 1 1 re f"
        resources = b"/Resources<</XObject<</F %d 0 R>>>>" % (5 + level) if level < depth - 1 else b""
        row = b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]%b/Length %d>>stream\n%b\nendstream"
        forms.append(row % (resources, len(calls), calls))
    return raw_pdf([b""] * good_pages + [b"/F Do"], b"<</XObject<</F 4 0 R>>>>", *forms)


def across_columns(left: list[str], right: list[str]) -> bytes:
    """A page of two columns that was written across, line by line."""
    file = pymupdf.open()
    page = file.new_page(width=595, height=842)
    for place, pair in enumerate(zip(left, right, strict=True)):
        for x, line in zip((60, 310), pair, strict=True):
            page.insert_text((x, 100 + 16 * place), line, fontfile=str(FONT), fontname="F0", fontsize=11)
    content: bytes = file.tobytes(garbage=3, deflate=True, no_new_id=True)
    return content


def raw_pdf(pages: list[bytes], resources: bytes, *objects: bytes) -> bytes:
    """A PDF written by hand, one page for each of the contents; `objects` get the numbers 4, 5, …"""
    first = 4 + len(objects)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(pages)))
    rows = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d/MediaBox[0 0 595 842]>>" % (kids, len(pages)),
        resources,
        *objects,
    ]
    for contents in pages:
        rows.append(b"<</Type/Page/Parent 2 0 R/Resources 3 0 R/Contents %d 0 R>>" % (len(rows) + 2))
        plain = b"<</Length %d>>stream\n%b\nendstream" % (len(contents), contents)
        rows.append(contents if contents.startswith(b"<<") else plain)
    made, places = b"%PDF-1.7\n", []
    for number, row in enumerate(rows, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, row)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(rows) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(rows) + 1, start)


def upload(content: bytes, name: str = "03_To-trinh.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def add_paper(council: Council, *pages: str, by: Person | None = None, **details: object) -> Document:
    """Bring a paper in as the secretary, without reading it in."""
    details.setdefault("item", council.item)
    by = by or council.secretary
    return actions.add_paper(council.meeting, by=by, file=upload(pdf(*pages)), declared_grade="none", **details)


def add_readable_paper(council: Council, *pages: str, **details: object) -> DocumentVersion:
    """Bring a paper in and let the worker read it."""
    document = add_paper(council, *pages, **details)
    work()
    return document.versions.get()


def work() -> None:
    """Do all jobs that are in line, as a worker would, inside the test's own transaction."""
    while (job := DBTaskResult.objects.ready().first()) is not None:
        job.claim("the-worker")
        job.task.call(*job.task_result.args, **job.task_result.kwargs)
        job.set_successful(None)
