"""Our reader against PDF.js, in the same browser, on the same papers, over the same line.

uv run bench/reader.py [--quick] [--pdfjs FOLDER]

Makes six papers, an installation with them and a folder of files with PDF.js's own viewer, and opens each paper with
both in turn, each time in a browser of its own that has seen nothing yet: over a line of 10 Mbit/s and 40 ms, which
both go through, and without it. The screen is a tablet's of 1180 x 820 points with two pixels a point. PDF.js is
fetched with npm into FOLDER (one in the temporary folder unless told otherwise) when it is not there.

- A page is seen when all of it has its pixels and the browser has painted them: our image is decoded and in place,
  PDF.js has told that it has rendered the page. That the window is not blank there is looked at afterwards.
- `cold`: from the beginning of the navigation, nothing cached, the tablet logged in. `warm`: the same paper again. Both
  when the server rests; ours has answered somebody before, as any that was not started this minute.
- `next`: from the act, at the beginning of a frame, until the page is painted; only once its pixels are there.
- `jump`: to the middle, which nobody has fetched yet.
- `zoom`: four times into the first page of a plan, until the part in sight is sharp; ours alone, over the line without
  a limit. Drawn anew, for nobody has looked there yet; `zoom_again` as for the next who looks there.
- `bytes`: what came over the line until the first page was seen, and after a few seconds more.
- `memory`: of all processes of the browser after reading (PSS), less what the same browser had with an empty tab.
- `server_cpu`: what the server and its children used meanwhile. What intake used before, and the pictures it keeps on
  the disk, are told for each paper: PDF.js needs neither.

PDF.js may choose: of its two ways to fetch (all of the file in one stream, or pieces as they are needed) each paper's
figures are those of the way whose first page came sooner, over that line. Everything made is removed afterwards.
"""

import argparse
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench.machine import cpu_seconds, descendant_with, memory_mb
from bench.slow_line import SlowLine
from bench.specimens import KINDS, make_specimens
from tests.journeys.chromium import CHROMIUM, FLAGS
from tests.journeys.office import environment_for, model_office, running_office

ROOT = Path(__file__).resolve().parents[1]
PDFJS = "pdfjs-dist@6.5.438"
LINES = {"slow": (10e6, 0.040), "fast": (0.0, 0.0)}
SCREEN, PIXELS_PER_POINT = {"width": 1180, "height": 820}, 2
PATIENCE_MS = 120_000
QUICK_KINDS = ["letter", "scan"]
TURNS = 3
QUIET_SECONDS, QUIET_AT_MOST_SECONDS = 0.5, 6.0
RESTING_CPU_SECONDS = 0.05
PREFETCH_SECONDS = 6.0
REPLACED_MS = 4000  # in which the server starts other children for those that zooming took
JUMP_FROM_PAGES = 12  # a shorter paper has no middle that nobody has fetched
GOALS = {
    "cold_times_sooner": 3.0,
    "warm_to_theirs": 1.0,
    "next_ms": 16.0,
    "jump_to_theirs": 1.0,
    "zoom_ms": 300.0,
    "zoom_again_ms": 300.0,
    "memory_to_theirs": 1.0,
    "scan_to_letter": 1.0,
}
AT_LEAST = {"cold_times_sooner"}

Measured = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two papers, the slow line, once, PDF.js by pieces")
    parser.add_argument(
        "--pdfjs", type=Path, default=Path(tempfile.gettempdir()) / "phien-bench-pdfjs", metavar="FOLDER"
    )
    parser.add_argument("--papers", nargs="+", choices=KINDS, help="only these; the goals need letter and scan")
    parser.add_argument("--make", type=Path, nargs="+", metavar="PAPER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        print(json.dumps(take_in(arguments.make, quick=arguments.quick)))
        return
    pdfjs = fetched_pdfjs(arguments.pdfjs)
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        kinds = arguments.papers or (QUICK_KINDS if arguments.quick else KINDS)
        values = measure(Path(folder), pdfjs, kinds, quick=arguments.quick)
    if pdfjs is None:
        print("PDF.js is not here and npm could not fetch it: only our own figures were measured.")
    goals = goals_of(kinds, quick=arguments.quick)
    ok = pdfjs is not None and all(reached(name, values) for name in goals)
    print(json.dumps({"bench": "reader", "values": values, "goals": goals, "ok": ok}))


def goals_of(kinds: list[str], *, quick: bool) -> Measured:
    """Those that these papers can reach or miss: the others are not measured."""
    is_measured = {
        **dict.fromkeys(("zoom_ms", "zoom_again_ms"), "plan" in kinds and not quick),
        "scan_to_letter": {"scan", "letter"} <= set(kinds),
        "jump_to_theirs": bool({"text", "table", "scan", "mixed"} & set(kinds)),
    }
    return {name: goal for name, goal in GOALS.items() if is_measured.get(name, True)}


def reached(name: str, values: Measured) -> bool:
    return values[name] >= GOALS[name] if name in AT_LEAST else values[name] <= GOALS[name]


def fetched_pdfjs(folder: Path) -> Path | None:
    """Return the package's folder, which npm has filled now or before; None where that could not be done."""
    package = folder / PDFJS / "package"
    if package.exists():
        return package
    if shutil.which("npm") is None:
        return None
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        subprocess.run(["npm", "pack", "--silent", PDFJS], cwd=draft, check=True, stdout=subprocess.DEVNULL)
        (archive,) = draft.glob("*.tgz")
        shutil.unpack_archive(archive, draft, filter="data")
        package.parent.mkdir(parents=True, exist_ok=True)
        (draft / "package").rename(package)
    except (subprocess.CalledProcessError, ValueError):
        return None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return package


# -- The run -----------------------------------------------------------------------------------------------------------


def measure(folder: Path, pdfjs: Path | None, kinds: list[str], *, quick: bool) -> dict[str, float]:
    specimens = make_specimens(folder / "papers", kinds)
    lines = ["slow"] if quick else list(LINES)
    rounds = 1 if quick else 3
    ways = {"ours": ["pages"], "theirs": ["pieces"] if quick else ["pieces", "stream"]}
    found: dict[tuple[str, str, str], list[Measured]] = defaultdict(list)
    with ExitStack() as stack:
        made, servers = stack.enter_context(running_ours(folder, [specimens[kind] for kind in kinds], quick=quick))
        if pdfjs is not None:
            servers["theirs"] = stack.enter_context(running_theirs(folder, pdfjs, specimens))
        playwright = stack.enter_context(sync_playwright())
        for _round in range(rounds):
            for line in lines:
                for kind in kinds:
                    for reader, server in servers.items():
                        for way in ways[reader]:
                            reading = Reading(kind, made["papers"][kind], reader, way, line, server)
                            found[line, kind, f"{reader}_{way}"].append(reading.measure(playwright))
    values = {f"{kind}_{name}": value for kind in kinds for name, value in made["intake"][kind].items()}
    for line in lines:
        for kind in kinds:
            values |= compared(line, kind, found)
    return values | verdicts(values, kinds, lines, has_theirs=pdfjs is not None)


def compared(line: str, kind: str, found: dict[tuple[str, str, str], list[Measured]]) -> Measured:
    """Return medians and worst of both readers for a paper; the medians are printed."""
    chosen = {"ours": found[line, kind, "ours_pages"]}
    theirs = [found[line, kind, f"theirs_{way}"] for way in ("pieces", "stream")]
    if any(theirs):
        chosen["theirs"] = min(filter(None, theirs), key=lambda runs: middle(runs, "cold_ms"))
    values = {}
    for reader, runs in chosen.items():
        medians = {name: middle(runs, name) for name in runs[0]}
        print(f"{line} {kind:7} {reader:6} median", told(medians), flush=True)
        for name, median in medians.items():
            values[f"{line}_{kind}_{reader}_{name}"] = median
            if name.endswith("_ms"):
                values[f"{line}_{kind}_{reader}_worst_{name}"] = round(max(run[name] for run in runs), 1)
    return values


def told(found: Measured) -> str:
    return " ".join(f"{name} {value:.1f}" for name, value in found.items())


def middle(runs: list[Measured], name: str) -> float:
    return round(statistics.median(run[name] for run in runs), 1)


def verdicts(values: Measured, kinds: list[str], lines: list[str], *, has_theirs: bool) -> Measured:
    """The worst of all papers over all lines, which the goals are about; the first page counts over the slow line."""

    def ratios(name: str, lines: list[str] = lines) -> list[float]:
        keys = [(f"{line}_{kind}_ours_{name}", f"{line}_{kind}_theirs_{name}") for line in lines for kind in kinds]
        return [round(values[ours] / values[theirs], 3) for ours, theirs in keys if theirs in values]

    ours_next = [value for name, value in values.items() if name.endswith("_ours_next_ms")]
    found = {"next_ms": max(ours_next)}
    for name in ("zoom_ms", "zoom_again_ms"):
        if f"fast_plan_ours_worst_{name}" in values:
            found[name] = values[f"fast_plan_ours_worst_{name}"]
    if {"letter", "scan"} <= set(kinds):
        found["scan_to_letter"] = round(values["slow_scan_ours_cold_ms"] / values["slow_letter_ours_cold_ms"], 2)
    if has_theirs:
        found |= {
            "cold_times_sooner": round(1 / max(ratios("cold_ms", ["slow"])), 2),
            "warm_to_theirs": max(ratios("warm_ms")),
            "jump_to_theirs": max(ratios("jump_ms"), default=0.0),
            "memory_to_theirs": max(ratios("memory_mb")),
        }
    return found


# -- One paper in one reader -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    port: int
    process: int
    cookies: dict[str, str]
    pictures: Path | None = None

    def forget_tiles(self) -> None:
        assert self.pictures is not None
        for folder in self.pictures.glob("*/*/*-*/"):
            shutil.rmtree(folder)


@dataclass(frozen=True)
class Reading:
    kind: str
    paper: dict[str, Any]
    reader: str
    way: str
    line: str
    server: Server

    def measure(self, playwright: Playwright) -> Measured:
        bits, seconds = LINES[self.line]
        with (
            SlowLine(self.server.port, bits, seconds) as line,
            tempfile.TemporaryDirectory(prefix="phien-bench-browser-", ignore_cleanup_errors=True) as profile,
        ):
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=shutil.which("chromium") or CHROMIUM,
                args=FLAGS,
                viewport=SCREEN,
                device_scale_factor=PIXELS_PER_POINT,
                locale="vi-VN",
            )
            try:
                return self.read(context, descendant_with(profile), line)
            finally:
                context.close()

    def read(self, context: BrowserContext, browser: int, line: SlowLine) -> Measured:
        origin = f"http://localhost:{line.port}"
        context.add_cookies([{"name": n, "value": v, "url": origin} for n, v in self.server.cookies.items()])
        context.add_init_script(path=Path(__file__).with_suffix(".js"))
        page = context.pages[0]
        page.set_default_timeout(PATIENCE_MS)
        page.wait_for_timeout(300)
        memory, cpu = memory_mb(browser), cpu_seconds(self.server.process)
        found = {"cold_ms": self.open(page, origin), "first_kb": line.bytes_down / 1000}
        self.wait_until_quiet(line)
        found["opened_kb"] = line.bytes_down / 1000
        found["server_cpu_ms"] = (cpu_seconds(self.server.process) - cpu) * 1000
        assert_not_blank(page, self)
        found["next_ms"] = statistics.median(self.turned_pages(page))
        if self.paper["pages"] >= JUMP_FROM_PAGES:
            target = self.paper["pages"] // 2
            found["jump_ms"] = page.evaluate("number => bench.act('jump', number)", target)
            assert_not_blank(page, self)
        self.wait_until_quiet(line)
        found["memory_mb"] = memory_mb(browser) - memory
        page.goto("about:blank")
        found["warm_ms"] = self.open(page, origin)
        if self.kind == "plan" and self.reader == "ours":
            self.server.forget_tiles()
            found["zoom_ms"] = self.zoomed(page, line)
            page.goto("about:blank")
            self.open(page, origin)
            found["zoom_again_ms"] = self.zoomed(page, line)
        print(f"{self.line} {self.kind:7} {self.reader:6} {self.way:6}", told(found), flush=True)
        return found

    def open(self, page: Page, origin: str) -> float:
        """Return the milliseconds from the beginning of the navigation until page 1 was seen."""
        ours = f"/documents/{self.paper['document']}/?page=1"
        theirs = f"/reader.html?file=papers/{self.kind}.pdf&way={self.way}"
        page.goto(origin + (ours if self.reader == "ours" else theirs), wait_until="commit")
        return float(page.evaluate("bench.seen(1)"))

    def zoomed(self, page: Page, line: SlowLine) -> float:
        page.wait_for_timeout(REPLACED_MS)
        self.wait_until_quiet(line)
        return float(page.evaluate("bench.zoom()"))

    def wait_until_quiet(self, line: SlowLine) -> None:
        """Until nothing comes over the line and the server rests, but not for ever: 100 MB take minutes."""

        def so_far() -> tuple[int, float]:
            return line.bytes_down, cpu_seconds(self.server.process)

        until, (heard, used), since = time.monotonic() + QUIET_AT_MOST_SECONDS, so_far(), time.monotonic()
        while time.monotonic() < min(until, since + QUIET_SECONDS):
            time.sleep(0.05)
            bytes_down, cpu = so_far()
            if bytes_down > heard or cpu > used + RESTING_CPU_SECONDS:
                heard, used, since = bytes_down, cpu, time.monotonic()

    def turned_pages(self, page: Page) -> Iterator[float]:
        for number in range(2, min(TURNS + 1, self.paper["pages"]) + 1):
            until = time.monotonic() + PREFETCH_SECONDS
            while not page.evaluate("number => bench.isThere(number)", number) and time.monotonic() < until:
                page.wait_for_timeout(50)
            page.wait_for_timeout(300)  # nobody turns a page in the moment in which it arrives
            yield page.evaluate("number => bench.act('next', number)", number)


def assert_not_blank(page: Page, what: Reading) -> None:
    middle = {"x": SCREEN["width"] / 4, "y": SCREEN["height"] / 4}
    clip = {**middle, "width": SCREEN["width"] / 2, "height": SCREEN["height"] / 2}
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip, scale="css"))).convert("L")
    darkest, lightest = picture.getextrema()
    assert lightest - darkest > 50, f"{what.reader} shows nothing of {what.kind}"


# -- Our installation --------------------------------------------------------------------------------------------------


@contextmanager
def running_ours(
    folder: Path, papers: list[Path], *, quick: bool
) -> Iterator[tuple[dict[str, Any], dict[str, Server]]]:
    (folder / "model").mkdir()
    with model_office(folder / "model") as model:
        environment = environment_for(model.folder, model.database_url, model.secret_key)
        command = [sys.executable, __file__, *(["--quick"] if quick else []), "--make", *map(str, papers)]
        made = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        told = json.loads(made.stdout.splitlines()[-1])
        with running_office(folder / "office", model) as office:
            process = descendant_with(f"serve --port {office.port}")
            cookies, pictures = {"sessionid": told["session"]}, folder / "office" / "files" / "pages"
            server = Server(office.port, process, cookies, pictures)
            answer_once(server, told["papers"])
            yield told, {"ours": server}


def answer_once(server: Server, papers: dict[str, Any]) -> None:
    """Ask for a paper as the first one after a start does, for whom Django compiles its templates."""
    cookies = "; ".join(f"{name}={value}" for name, value in server.cookies.items())
    for paper in papers.values():
        address = f"http://localhost:{server.port}/documents/{paper['document']}/"
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookies})) as answer:
            assert answer.status == 200


def take_in(papers: list[Path], *, quick: bool) -> dict[str, Any]:
    """Bring the papers in and have them read, as the worker does; in the quick run only the pages that are shown."""
    import django

    django.setup()
    from django.conf import settings

    from accounts.models import Person
    from documents import actions
    from meetings.models import Meeting
    from tests.council import client_of
    from tests.documents.papers import upload

    meeting = Meeting.objects.get()
    secretary, member = (Person.objects.get(username=name) for name in ("secretary", "member"))
    told, intake = {}, {}
    for path in papers:
        began, used = time.monotonic(), own_cpu_seconds()
        document = actions.add_paper(
            meeting,
            by=secretary,
            file=upload(path.read_bytes(), path.name),
            declared_grade="none",
            item=meeting.items.first(),
        )
        version = document.versions.get()
        read_in(version, only_shown=quick)
        pictures = (settings.MEDIA_ROOT / "pages" / version.sha256[:2] / version.sha256).glob("*.webp")
        told[path.stem] = {"document": str(document.pk), "pages": version.page_count}
        intake[path.stem] = {
            "intake_seconds": round(time.monotonic() - began, 1),
            "intake_cpu_seconds": round(own_cpu_seconds() - used, 1),
            "file_mb": round(path.stat().st_size / 1e6, 2),
            "pictures_mb": round(sum(picture.stat().st_size for picture in pictures) / 1e6, 2),
        }
    return {"papers": told, "intake": intake, "session": client_of(member).cookies["sessionid"].value}


def read_in(version: Any, *, only_shown: bool) -> None:
    from django_tasks_db.models import DBTaskResult

    from documents import intake
    from documents.children import local_copy
    from tests.documents.papers import work

    if not only_shown:
        work()
        return
    target = version.page_count // 2
    shown = {*range(1, TURNS + 4), *range(target - 1, target + 3)}  # two pages on and one back are fetched too
    with local_copy(version.file) as path:
        intake.read_pages(version, path, version.pages.filter(number__in=shown))
    DBTaskResult.objects.all().delete()
    type(version).objects.filter(pk=version.pk).update(state="ready")


def own_cpu_seconds() -> float:
    uses = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


# -- PDF.js and a server of files --------------------------------------------------------------------------------------


@contextmanager
def running_theirs(folder: Path, pdfjs: Path, specimens: dict[str, Path]) -> Iterator[Server]:
    """Serve PDF.js, packed as a good server would, and the papers with ranges."""
    site = folder / "site"
    shutil.copytree(pdfjs, site / "pdfjs", ignore=shutil.ignore_patterns("*.map", "types", "legacy"))
    shutil.copy(Path(__file__).with_suffix(".html"), site)
    (site / "papers").mkdir()
    for path in specimens.values():
        (site / "papers" / path.name).hardlink_to(path)
    for kind in ("mjs", "css", "html", "wasm"):
        for path in list(site.rglob(f"*.{kind}")):
            subprocess.run(["gzip", "-9", "--keep", str(path)], check=True)
    command = [sys.executable, Path(__file__).with_name("files.py")]
    server = subprocess.Popen(command, cwd=site, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield Server(int(server.stdout.readline()), server.pid, {})
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
