"""Hostile files: each ends as pages or as a refusal with its sentence, within its limits; nothing is fetched, nothing
written elsewhere, nobody left behind, and people are answered all the while.

The files are made in `hostile.py`. `HOSTILE_TRIES=1000` tries the slow ones too, under the product's own limits, every
file cut at every hundredth, and so many bent files of each kind instead of a few.
"""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils.translation import override

from documents import children
from documents.children import Limits
from documents.models import DocumentVersion, Wording
from documents.refusals import SENTENCES
from tests.council import Council, client_of
from tests.documents import hostile, office_files, papers
from tests.documents.answers import ends_as, well_formed
from tests.documents.test_bringing_in import bring, stored

State = DocumentVersion.State
TRIES = int(os.environ.get("HOSTILE_TRIES", "0"))
NARROW = Limits(answer_seconds=20, cpu_seconds=2, memory_mb=700)
TRIED = [file for file in hostile.SET if TRIES or not file.is_slow]
VIETNAMESE = set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàãéèíìóòõúùýĩũ")
ANSWERED_MS_MOST = 200
NOBODYS_PLACE = "127.0.0.77"  # of this machine too, and nobody who tries ports beside us comes there by mistake
# Of each kind of end some that go the whole way in the ordinary suite too.
BROUGHT = {
    *("a_page_smaller_than_an_atom", "a_page_as_large_as_a_country", "an_outline_of_letters_no_database_takes"),
    *("text_of_halves_of_pairs", "links_that_are_scripts_or_files", "streams_that_lie_elsewhere", "half_a_png"),
    *("a_million_pages", "locked_for_readers", "a_text_whose_entries_are_all_the_same_bytes"),
    *("a_form_that_draws_itself", "a_pattern_a_mask_and_a_letter_that_draw_themselves", "a_png_that_moves"),
}


@dataclass
class Ground:
    """Where a file is let in: folders of its own, an address nobody may ask, a secret nobody may read."""

    folder: Path
    address: str
    came: list[object] = field(default_factory=list)

    @property
    def secret(self) -> Path:
        return self.folder / "secret.txt"

    def content(self, file: hostile.Hostile) -> bytes:
        return file.content(address=self.address, secret=str(self.secret))

    def elsewhere(self) -> list[str]:
        """What lies where nothing should: beside the stored papers and the pictures of their pages."""
        kept = ("files/papers/", "files/pages/", "secret.txt")
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir())
        return [name for name in found if not name.startswith(kept)]

    def left_behind(self) -> list[str]:
        """Programs that still work in these folders."""
        found = []
        for place in Path("/proc").glob("[0-9]*/cwd"):
            try:
                if place.readlink().is_relative_to(self.folder):
                    found.append((place.parent / "cmdline").read_text())
            except OSError:  # it ended meanwhile
                continue
        return found


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    here = tmp_path / "temporary"
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    if not TRIES:
        monkeypatch.setattr(children, "LIMITS", NARROW)
    with socket.create_server((NOBODYS_PLACE, 0)) as listening:
        ground = Ground(tmp_path, f"{NOBODYS_PLACE}:{listening.getsockname()[1]}")
        ground.secret.write_text(hostile.SECRET, encoding="utf-8")
        threading.Thread(target=note_who_comes, args=(listening, ground.came), daemon=True).start()
        at_work = names_in(Path.cwd())
        yield ground
        assert ground.came == []
        assert ground.elsewhere() == []
        assert ground.left_behind() == []
        assert list(here.iterdir()) == []
        assert names_in(Path.cwd()) <= at_work
        assert not [found for place in here.parents for found in place.glob("*escaped")]


def names_in(folder: Path) -> set[str]:
    return {place.name for place in folder.iterdir() if not place.name.startswith(".")}


def note_who_comes(listening: socket.socket, came: list[object]) -> None:
    while True:
        try:
            line, who = listening.accept()
        except OSError:
            return
        came.append(who)
        line.close()


def named(file: hostile.Hostile) -> object:
    needs = pytest.mark.skipif(
        file.needs_office and not django_settings.SOFFICE, reason="needs LibreOffice (soffice on the path)"
    )
    return pytest.param(file, id=file.name, marks=needs)


# -- One after the other, through the door -----------------------------------------------------------------------------


@pytest.mark.parametrize("file", [named(file) for file in TRIED if not file.needs_office])
def test_a_hostile_file_ends_as_pages_or_as_its_refusal(ground: Ground, file: hostile.Hostile) -> None:
    """By the child programs alone: the way by the house takes twice as long, and is gone by those that follow."""
    assert ends_as(ground.content(file), ground.folder) in file.ends


@pytest.mark.parametrize("file", [named(file) for file in TRIED if TRIES or file.needs_office or file.name in BROUGHT])
def test_brought_into_the_house_it_ends_the_same_way(
    council: Council, files: Path, ground: Ground, django_capture_on_commit_callbacks: object, file: hostile.Hostile
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        end = brought_in(council, ground.content(file), files)
    assert end in file.ends


def brought_in(council: Council, content: bytes, files: Path) -> str:
    """Bring a file in as the secretary does and let the worker read it; "pages", or the code of the refusal."""
    answer = bring(council, papers.upload(content))
    (told,) = answer.json()["papers"]
    if answer.status_code == 422:
        assert says_in_vietnamese(told["code"], told["text"])
        assert stored(files) == []
        return told["code"]
    papers.work()
    version = DocumentVersion.objects.get(document=told["id"])
    manifest = client_of(council.secretary).get(f"/p/{version.pk}/manifest.json").json()
    if version.state == State.REFUSED:
        assert says_in_vietnamese(version.refusal, manifest["refusal"])
        return version.refusal
    assert version.state == State.READY
    look_at_pages(client_of(council.member), version, manifest)
    return "pages"


def says_in_vietnamese(code: str, sentence: str) -> bool:
    with override("vi"):
        return str(SENTENCES[code]) == sentence and bool(VIETNAMESE & set(sentence.lower()))


def look_at_pages(client: Client, version: DocumentVersion, manifest: dict) -> None:
    well_formed(manifest)
    assert any(page["ready"] for page in manifest["pages"])
    for page in manifest["pages"]:
        picture = client.get(f"/p/{version.pk}/{page['number']}/1600.webp")
        assert picture.status_code == (200 if page["ready"] else 404)
        text = client.get(f"/p/{version.pk}/{page['number']}/text.json").json()
        well_formed(text)
        assert hostile.SECRET not in str(text)
        assert all(link.get("uri", "http://").startswith(("http://", "https://", "mailto:")) for link in text["links"])


def test_letters_that_no_database_takes_become_signs_that_it_does(council: Council, ground: Ground) -> None:
    """Halves of pairs, as a map of letters may name them: PostgreSQL refuses them, and whoever asks is sent them."""
    told = bring(council, papers.upload(hostile.text_of_halves_of_pairs())).json()["papers"][0]
    papers.work()
    page = DocumentVersion.objects.get(document=told["id"], state=State.READY).pages.get()
    (span,) = page.text["spans"]
    assert (span["text"], len(span["x"])) == ("\ufffdo \ufffd\ufffd\ufffdinh", 10)
    assert Wording.objects.get(page=page).folded == "o inh"


# -- Cut ---------------------------------------------------------------------------------------------------------------

WHOLE = {
    "pdf": lambda: papers.pdf("Tờ trình", "Phụ lục", deflate=True),
    "docx": lambda: office_files.docx(*["Dự toán"] * 50),
    "xlsx": lambda: office_files.xlsx("Dự toán"),
    "png": lambda: office_files.picture("PNG", (300, 400)),
    "jpeg": lambda: office_files.picture("JPEG", (300, 400)),
    "tiff": lambda: office_files.picture("TIFF", (60, 80), pages=3, compression="tiff_lzw"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_anywhere_ends_as_pages_or_as_a_refusal(ground: Ground, kind: str) -> None:
    """LibreOffice is not asked here: it reads the same whole archive or none."""
    whole = WHOLE[kind]()
    ends = {
        percent: ends_as(hostile.cut(whole, percent), ground.folder) for percent in range(1, 100, 1 if TRIES else 24)
    }
    assert set(ends.values()) <= {"pages", *SENTENCES}, ends


# -- People are answered meanwhile -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_people_are_answered_while_hostile_files_come_in(files: Path, ground: Ground) -> None:
    from tests.council import make_council

    council, waits_ms = make_council(), []
    bombs = [file for file in hostile.SET if file.name in AT_ONCE]
    assert len(bombs) == len(AT_ONCE)
    client = client_of(council.member)
    alone_ms = [ask(client, "/healthz") for _time in range(20)]
    busy = [threading.Thread(target=brings, args=(council, ground.content(file))) for file in bombs]
    for thread in busy:
        thread.start()
    while any(thread.is_alive() for thread in busy):
        waits_ms.append(ask(client, "/healthz"))
        time.sleep(0.02)
    assert len(waits_ms) > 10
    # On a machine that others keep busy nobody is answered as soon as that, hostile files or none.
    assert nearly_all(waits_ms) < max(ANSWERED_MS_MOST, 4 * nearly_all(alone_ms))


def nearly_all(waits_ms: list[float]) -> float:
    return sorted(waits_ms)[int(0.95 * len(waits_ms))]


AT_ONCE = {"contents_of_half_a_gigabyte", "a_picture_of_100_000_by_100_000", "a_tiff_that_unpacks_to_a_gigabyte"}


def brings(council: Council, content: bytes) -> None:
    from django.db import connection

    bring(council, papers.upload(content))
    connection.close()


def ask(client: Client, address: str) -> float:
    """Ask and return how long the answer took, in milliseconds."""
    began = time.perf_counter()
    assert client.get(address).status_code == 200
    return 1000 * (time.perf_counter() - began)
