"""What becomes of a folder of odd PDFs that a secretary brings in, one after the other, and how the service answers.

uv run bench/corpus.py FOLDER [--quick]

FOLDER holds the corpus, at any depth: those that makers of PDF programs collect to test them are good ones, with
broken, huge, encrypted and hostile files. None comes with this project. An installation as it is deployed, server and
worker, takes each file in by HTTP like the form does. It must end as pages, of which the first that can be drawn is
then fetched as members fetch it, or as a refusal with its sentence; no file may wait for ever. Meanwhile somebody asks
for the login page five times a second. Everything made is removed; the folder is only read.

- `pages`: papers that can be read; `failed_pages` of them say on their sheet that they cannot be drawn.
- `refused_…`: by the code of the reason. `held`: page 1 looks as if it bore a stamp of secrecy.
- `without_end`: files that were neither within the time that one may take, counted from its own beginning.
- `answer_…_ms`: of the login page meanwhile.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import httpx

from tests.journeys.office import Office, environment_for, model_office, running_office

QUICK_FILES = 40
BETWEEN_SECONDS = 0.2
# Five pages may cost a child its half minute before a file is called hostile; each page of a good one takes a while.
ONE_FILE_SECONDS = 600.0
PATIENCE_SECONDS = 120.0
GOALS = {"without_end": 0.0, "pages_not_shown": 0.0, "answer_p99_ms": 200.0}

Told = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_FILES} files, evenly from the whole folder")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.rglob("*.pdf"))
    if not files:
        raise SystemExit(f"There is no PDF in {arguments.folder}.")
    if arguments.quick:
        files = files[:: max(1, len(files) // QUICK_FILES)][:QUICK_FILES]
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder, an_office(Path(folder)) as office:
        values = measure(office, files)
    ok = all(values[name] <= goal for name, goal in GOALS.items())
    print(json.dumps({"bench": "corpus", "values": values, "goals": GOALS, "ok": ok}))


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    """Run an installation in this folder, whose database this program reads as well."""
    (folder / "model").mkdir()
    with model_office(folder / "model") as model, running_office(folder / "office", model) as office:
        os.environ.update(environment_for(folder / "office", office.environment["DATABASE_URL"], model.secret_key))
        import django

        django.setup()
        yield office


def measure(office: Office, files: list[Path]) -> Told:
    from accounts.models import Person
    from tests.council import client_of

    cookies = {
        name: client_of(Person.objects.get(username=name)).cookies["sessionid"].value
        for name in ("secretary", "member")
    }
    outcomes: list[Told] = []
    with watched(office) as answers:
        secretary, member = (client_for(office, cookies[name]) for name in ("secretary", "member"))
        for file in files:
            outcomes.append(outcome_of(file, secretary, member))
            print(json.dumps(outcomes[-1], ensure_ascii=False), flush=True)
    return summed_up(outcomes, answers)


def client_for(office: Office, session: str) -> httpx.Client:
    address = f"http://127.0.0.1:{office.port}"
    return httpx.Client(base_url=address, cookies={"sessionid": session}, timeout=PATIENCE_SECONDS, trust_env=False)


@contextmanager
def watched(office: Office) -> Iterator[list[float]]:
    """Ask for the login page all the while; the list has what it took, in milliseconds: no answer counts as 120 s."""
    answers: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        with client_for(office, "") as anybody:
            while not ended.wait(BETWEEN_SECONDS):
                began = time.monotonic()
                try:
                    anybody.get("/account/login/").raise_for_status()
                    answers.append((time.monotonic() - began) * 1000)
                except httpx.HTTPError:
                    answers.append(PATIENCE_SECONDS * 1000)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield answers
    finally:
        ended.set()
        asking.join()


# -- One file ----------------------------------------------------------------------------------------------------------


def outcome_of(file: Path, secretary: httpx.Client, member: httpx.Client) -> Told:
    from meetings.models import Meeting

    began = time.monotonic()
    meeting = Meeting.objects.get()
    door = f"/meetings/{meeting.pk}/papers/"
    secretary.get(door).raise_for_status()
    answer = secretary.post(
        door,
        data={"declared_grade": "none", "item": str(meeting.items.get(position=1).pk)},
        files={"files": (file.name, file.read_bytes(), "application/pdf")},
        headers={"Accept": "application/json", "X-CSRFToken": secretary.cookies["csrftoken"]},
    )
    told: Told = {"file": file.name, "kb": round(file.stat().st_size / 1000)}
    (paper,) = answer.json()["papers"]
    if "code" in paper:
        assert paper["text"], "a refusal has its sentence"
        told |= {"end": f"refused_{paper['code']}"}
    else:
        told |= end_of(paper["id"], began, member)
    return told | {"seconds": round(time.monotonic() - began, 1)}


def end_of(document_key: str, began: float, member: httpx.Client) -> Told:
    """Wait until the paper has come to an end, whatever it is."""
    from documents.models import DocumentVersion, Page

    state = DocumentVersion.State
    while time.monotonic() - began < ONE_FILE_SECONDS:
        version = DocumentVersion.objects.get(document_id=document_key)
        if version.state == state.REFUSED:
            return {"end": f"refused_{version.refusal}"}
        if version.state == state.HELD:
            return {"end": "held"}
        if version.state == state.READY:
            failed = version.pages.filter(raster=Page.Raster.FAILED).count()
            first = version.pages.exclude(raster=Page.Raster.FAILED).order_by("number")[0].number
            picture = member.get(f"/p/{version.pk}/{first}/1600.webp")
            is_shown = picture.status_code == 200 and picture.content.startswith(b"RIFF")
            return {"end": "pages", "pages": version.page_count, "failed": failed, "is_shown": is_shown}
        time.sleep(BETWEEN_SECONDS)
    return {"end": "without_end"}


def summed_up(outcomes: list[Told], answers: list[float]) -> Told:
    papers = [one for one in outcomes if one["end"] == "pages"]
    ends = Counter(one["end"] for one in outcomes)
    percentiles = statistics.quantiles(answers, n=100)
    return {
        "files": len(outcomes),
        "pages": len(papers),
        "without_end": float(ends.pop("without_end", 0)),
        **{end: count for end, count in sorted(ends.items()) if end != "pages"},
        "all_pages": sum(one["pages"] for one in papers),
        "failed_pages": sum(one["failed"] for one in papers),
        "pages_not_shown": float(sum(not one["is_shown"] for one in papers)),
        "longest_seconds": max(one["seconds"] for one in outcomes),
        "answers": len(answers),
        "answer_p50_ms": round(percentiles[49], 1),
        "answer_p99_ms": round(percentiles[98], 1),
        "answer_worst_ms": round(max(answers), 1),
    }


if __name__ == "__main__":
    main()
