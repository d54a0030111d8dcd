"""How long finding words takes: 40 papers of 120 pages, 400 of 50; in the database of DATABASE_URL or a new file.

    uv run bench/search.py [papers pages]...

It makes its own rows and takes them back: nothing stays.
"""

import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
WORDS_OF_PAGE = 350
TIMES = 15
QUESTIONS = ("ngân sách", "ngan sach", "hồ chứa nước sông Trầm", '"dự toán ngân sách"', "ngan sac", "khongcogi", "cua")
SYLLABLES = [
    "của",
    "và",
    "các",
    "về",
    "năm",
    "được",
    "trong",
    "cho",
    "theo",
    "là",
    "có",
    "với",
    "tỉnh",
    "ủy",
    "ban",
    "nhân",
    "dân",
    "kế",
    "hoạch",
    "ngân",
    "sách",
    "dự",
    "toán",
    "đầu",
    "tư",
    "xây",
    "dựng",
    "công",
    "trình",
    "hội",
    "đồng",
    "quyết",
    "định",
    "báo",
    "cáo",
    "thực",
    "hiện",
    "nhiệm",
    "vụ",
    "giải",
    "pháp",
    "kinh",
    "tế",
    "xã",
    "phát",
    "triển",
    "quy",
    "đất",
    "đai",
    "môi",
    "trường",
    "giáo",
    "dục",
]


def main() -> None:
    if "DATABASE_URL" not in os.environ:
        os.environ["PHIEN_DATA"] = tempfile.mkdtemp()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    sizes = [int(size) for size in sys.argv[1:]] or [40, 120, 400, 50]
    for papers, pages in zip(sizes[::2], sizes[1::2], strict=True):
        with transaction.atomic():
            person = fill(papers, pages)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
            measure(person, f"{connection.vendor}, {papers} papers of {pages} pages")
            transaction.set_rollback(True)


def fill(papers: int, pages: int) -> object:
    from documents.index import index_missing
    from documents.models import Document, DocumentVersion, Page
    from tests.council import make_council

    dice = random.Random(7)
    rare = [
        f"{a}{b}{c}"
        for a in "bcdghklmnpqrstvx"
        for b in ("a", "ê", "ươ", "ị", "ồ", "ú")
        for c in ("", "n", "ng", "t", "c")
    ]
    council = make_council()
    documents = [
        Document(
            meeting=council.meeting,
            item=council.item,
            title=f"Báo cáo số {number} về ngân sách",
            added_by=council.secretary,
        )
        for number in range(papers)
    ]
    Document.objects.bulk_create(documents)
    versions = [
        DocumentVersion(
            document=document,
            sha256=uuid.uuid4().hex * 2,
            size_bytes=1,
            file_name="a.pdf",
            file="a.pdf",
            state="ready",
            page_count=pages,
            added_by=council.secretary,
        )
        for document in documents
    ]
    DocumentVersion.objects.bulk_create(versions)
    began = time.perf_counter()
    for version in versions:
        Page.objects.bulk_create(page_of(version, number, dice, rare) for number in range(1, pages + 1))
    print(f"\n{papers * pages} pages written in {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    index_missing()
    print(f"put into the index in {time.perf_counter() - began:.1f} s")
    return council.member


def page_of(version: object, number: int, dice: random.Random, rare: list[str]) -> object:
    from documents.models import Page

    spans = []
    for _line in range(WORDS_OF_PAGE // 10):
        words = [dice.choice(SYLLABLES) if dice.random() < 0.6 else dice.choice(rare) for _word in range(10)]
        # As wide as what intake stores of a line: the place of every letter.
        text = " ".join(words)
        spans.append(
            {"text": text, "box": [70, 100, 500, 112], "x": [70.123 + place for place in range(len(text) + 1)]}
        )
    if dice.random() < 0.01:
        spans.append({"text": "hồ chứa nước sông Trầm", "box": [70, 100, 500, 112]})
    box = [0, 0, 595, 842]
    return Page(
        version=version,
        number=number,
        width_pt=595,
        height_pt=842,
        media=box,
        crop=box,
        rotation=0,
        matrix=[1, 0, 0, -1, 0, 842],
        text={"spans": spans, "links": []},
        raster="ready",
    )


def measure(person: object, name: str) -> None:
    from documents import search
    from documents.questions import question_in

    print(name)
    for words in QUESTIONS:
        question = question_in(words)
        found = search.papers_found(person, question)
        finding = quickest(lambda question=question: search.papers_found(person, question))
        showing = quickest(lambda found=found: search.hits_in(person, found, found.papers[:10]))
        pages = sum(count for _key, count in found.papers)
        what = f"{words:26} {len(found.papers):4} papers, {pages:6} pages"
        print(f"  {what}: found in {told(finding)}, shown in {told(showing)}", flush=True)


def told(taken: tuple[float, float]) -> str:
    return f"{taken[0]:6.1f} ms ({taken[1]:6.1f} ms in the database)"


def quickest(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the quickest of some times, and of these the database's: what else runs here counts little."""
    from django.db import connection

    taken, inside = [], []

    def timed(execute: Callable[..., object], *arguments: object) -> object:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            inside[-1] += (time.perf_counter() - began) * 1000

    for _time in range(TIMES):
        inside.append(0.0)
        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            act()
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken), min(inside)


if __name__ == "__main__":
    main()
