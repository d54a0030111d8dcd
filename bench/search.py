"""How long finding words takes in 400 papers of 50 pages; in the database of DATABASE_URL or a new file.

uv run bench/search.py [--quick]

Pages are of 350 words, as wide as intake keeps them. `found`: which papers have the words, best first, and how often;
`shown`: the first ten of them with the words around each hit. Each is the median of some times, the worst question of
all counts. It makes its own rows and takes them back: nothing stays.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
PAPERS, QUICK_PAPERS = 400, 20
PAGES = 50
WORDS_OF_PAGE = 350
TIMES = 9
GOALS = {"worst_answer_ms": 1000.0}  # found and shown: until then one waits without wondering
Measured = dict[str, float]
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_PAPERS} papers")
    papers = QUICK_PAPERS if parser.parse_args().quick else PAPERS
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        if "DATABASE_URL" not in os.environ:
            os.environ["PHIEN_DATA"] = folder
        values = measured(papers)
    print(json.dumps({"bench": "search", "values": values, "goals": GOALS, "ok": meets(values)}))


def meets(values: Measured) -> bool:
    return all(values[name] <= goal for name, goal in GOALS.items())


def measured(papers: int) -> Measured:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        began = time.perf_counter()
        person = fill(papers, PAGES)
        values = {"pages": float(papers * PAGES), "fill_seconds": round(time.perf_counter() - began, 1)}
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        values |= answers(person, f"{connection.vendor}, {papers} papers of {PAGES} pages")
        transaction.set_rollback(True)
    connection.close()
    return values


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
    for version in versions:
        Page.objects.bulk_create(page_of(version, number, dice, rare) for number in range(1, pages + 1))
    index_missing()
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


def answers(person: object, name: str) -> Measured:
    from documents import search
    from documents.questions import question_in

    print(name)
    worst: Measured = {"worst_found_ms": 0.0, "worst_shown_ms": 0.0, "worst_answer_ms": 0.0}
    for words in QUESTIONS:
        question = question_in(words)
        found = search.papers_found(person, question)
        finding = usual_ms(lambda question=question: search.papers_found(person, question))
        showing = usual_ms(lambda found=found: search.hits_in(person, found, found.papers[:10]))
        pages = sum(count for _key, count in found.papers)
        what = f"{words:26} {len(found.papers):4} papers, {pages:6} pages"
        print(f"  {what}: found in {finding:6.1f} ms, shown in {showing:6.1f} ms", flush=True)
        taken = {"worst_found_ms": finding, "worst_shown_ms": showing, "worst_answer_ms": finding + showing}
        worst = {name: max(value, round(taken[name], 1)) for name, value in worst.items()}
    return worst


def usual_ms(act: Callable[[], object]) -> float:
    taken = []
    for _time in range(TIMES):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
