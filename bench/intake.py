"""How fast a paper is read in: text of all pages and the first picture, against `pdftoppm -png` of its first pages.

uv run bench/intake.py [--quick]

Both open each of the six papers that bench/reader.py reads, in turn, as a program started for it. Ours gives the text
of every page with the place of each letter and the picture of the first (`first_page`: page 1 alone, which is when it
can be opened; `whole_pages`: those that got text, picture and thumbnail). pdftoppm draws the first pages at its own
150 dots an inch and writes PNG. Then the worker's own code reads a paper of 1000 pages into the database, and its
memory is looked at after each. Python lets go of what is no longer used every few hundred pages, so that it goes up by
some 15 MB and down again: its growth is the least it was over the last 300 pages less the least over 300 at the
beginning, but for the first 100. Everything made is removed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.machine import resident_mb
from bench.specimens import KINDS, make_long, make_specimens

ROOT = Path(__file__).resolve().parents[1]
FIRST_PAGES, QUICK_FIRST_PAGES = 10, 3
ROUNDS, QUICK_ROUNDS = 5, 1
LONG_PAGES, QUICK_LONG_PAGES = 1000, 60
SETTLED_PAGES, QUICK_SETTLED_PAGES = 100, 20
# The text of a page is 0.1 MB in the worker's memory: kept, those of 900 pages would be 90.
GOALS = {"slowest_text_to_pdftoppm": 0.5, "parent_growth_mb": 8.0}

Measured = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, fewer pages")
    parser.add_argument("--long", type=Path, metavar="PAPER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.long:
        print(json.dumps(read_long_paper(arguments.long, quick=arguments.quick)))
        return
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values = measure(Path(folder), quick=arguments.quick)
    ok = (
        values["slowest_text_to_pdftoppm"] >= GOALS["slowest_text_to_pdftoppm"]
        and values["parent_growth_mb"] <= GOALS["parent_growth_mb"]
    )
    print(json.dumps({"bench": "intake", "values": values, "goals": GOALS, "ok": ok}))


def measure(folder: Path, *, quick: bool) -> Measured:
    papers = make_specimens(folder / "papers")
    runs: dict[str, list[Measured]] = defaultdict(list)
    for _round in range(QUICK_ROUNDS if quick else ROUNDS):
        for kind in KINDS:
            runs[kind].append(compared(papers[kind], folder, QUICK_FIRST_PAGES if quick else FIRST_PAGES))
    values: Measured = {}
    for kind in KINDS:
        for name in runs[kind][0]:
            values[f"{kind}_{name}"] = round(statistics.median(run[name] for run in runs[kind]), 2)
        print(f"{kind:7}", *(f"{name} {values[f'{kind}_{name}']:8.2f}" for name in runs[kind][0]), flush=True)
    values["slowest_text_to_pdftoppm"] = min(values[f"{kind}_to_pdftoppm"] for kind in KINDS)
    return values | memory_of_the_parent(folder, papers["text"], quick=quick)


# -- Each paper --------------------------------------------------------------------------------------------------------


def compared(path: Path, folder: Path, first_pages: int) -> Measured:
    """Return pages a second of both, and how long our first page and a whole page take."""
    from documents.children import Child

    count = page_count(path)
    first_pages = min(first_pages, count)

    def text_and_first_picture() -> None:
        with Child(path) as child:
            child.raster(1, 1600)
            for number in range(1, count + 1):
                child.text(number)

    def first_page() -> None:
        with Child(path) as child:
            child.inspect(page_limit=count)
            child.text(1)
            child.raster(1, 1600)

    def whole_pages() -> None:
        with Child(path) as child:
            for number in range(1, first_pages + 1):
                child.text(number)
                for width_px in (1600, 200):
                    child.raster(number, width_px)

    def pdftoppm() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as pictures:
            command = ["pdftoppm", "-png", "-l", str(first_pages), str(path), f"{pictures}/page"]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

    ours, theirs = count / seconds_of(text_and_first_picture), first_pages / seconds_of(pdftoppm)
    whole = first_pages / seconds_of(whole_pages)
    return {
        "pages_per_second": ours,
        "pdftoppm_pages_per_second": theirs,
        "to_pdftoppm": ours / theirs,
        "first_page_ms": seconds_of(first_page) * 1000,
        "whole_pages_per_second": whole,
        "whole_to_pdftoppm": whole / theirs,
    }


def seconds_of(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def page_count(path: Path) -> int:
    import pymupdf

    with pymupdf.open(path) as file:
        return int(file.page_count)


# -- The process that asks for all this --------------------------------------------------------------------------------


def memory_of_the_parent(folder: Path, text: Path, *, quick: bool) -> Measured:
    """Have a worker of its own read a long paper, and return what it told."""
    path = folder / "long.pdf"
    make_long(path, text, QUICK_LONG_PAGES if quick else LONG_PAGES)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "DATABASE_", "REDIS_"))}
    made = subprocess.run(
        [sys.executable, __file__, *(["--quick"] if quick else []), "--long", str(path)],
        cwd=ROOT,
        env={**kept, "PHIEN_DATA": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told: Measured = json.loads(made.stdout.splitlines()[-1])
    print(*(f"{name} {value}" for name, value in told.items()))
    return told


def read_long_paper(path: Path, *, quick: bool) -> Measured:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from django.db import connection

    from documents import intake

    version = version_of(path)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-1000")  # SQLite's own, of 32 MB, fills as the text of the pages is written
    settled_pages = QUICK_SETTLED_PAGES if quick else SETTLED_PAGES
    sizes: list[float] = []
    read_page = intake.read_page

    def watched(*arguments: Any) -> None:
        read_page(*arguments)
        sizes.append(resident_mb(os.getpid()))

    intake.read_page = watched
    began = time.monotonic()
    with intake.local_copy(version.file) as file:
        intake.read_pages(version, file, version.pages.all())
    seconds = time.monotonic() - began
    compared_pages = min(3 * settled_pages, (len(sizes) - settled_pages) // 2)
    settled = min(sizes[settled_pages : settled_pages + compared_pages])
    end = min(sizes[-compared_pages:])
    return {
        "parent_pages": float(len(sizes)),
        "parent_settled_mb": round(settled, 1),
        "parent_end_mb": round(end, 1),
        "parent_most_mb": round(max(sizes), 1),
        "parent_growth_mb": round(end - settled, 1),
        "worker_pages_per_second": round(len(sizes) / seconds, 1),
    }


def version_of(path: Path) -> Any:
    from documents import actions
    from tests.council import make_council
    from tests.documents.papers import upload

    council = make_council()
    paper = actions.add_paper(
        council.meeting,
        by=council.secretary,
        file=upload(path.read_bytes(), path.name),
        declared_grade="none",
        item=council.item,
    )
    return paper.versions.get()


if __name__ == "__main__":
    main()
