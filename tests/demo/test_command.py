"""`manage.py demo` and `manage.py serve` as people start them: what they print, what they leave behind."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.demo import people, province
from config.management.commands import serve
from config.services import is_free

PATIENCE_SECONDS = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(folder: Path) -> dict[str, str]:
    """An installation without any setting but its folder: the demo is always the embedded tier."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "DATABASE_", "REDIS_"))}
    return {**ours, "PHIEN_DATA": str(folder), "PYTHONUNBUFFERED": "1"}


class Demo:
    """A running demo, and what it has said so far."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.said = folder.parent / f"{folder.name}-{self.port}.log"
        with self.said.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), *options],
                cwd=settings.BASE_DIR,
                env=surroundings(folder),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def words(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def wait_until_ready(self) -> "Demo":
        wait_for(lambda: "Sẵn sàng" in self.words() or self.process.poll() is not None)
        assert self.process.poll() is None, self.words()
        return self

    def children(self) -> list[int]:
        listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [line.split() for line in listing.splitlines()]
        return [int(pid) for pid, parent in pairs if int(parent) == self.process.pid]

    def child(self, duty: str) -> int:
        """The one with this duty: which number it has says nothing, for numbers begin again at the end."""
        (found,) = [
            pid for pid in self.children() if duty.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        ]
        return found


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "var"


@pytest.fixture(scope="module")
def demos(folder: Path) -> Iterator[list[Demo]]:
    """The demos of this file, the one that runs last. They share one folder: making a province takes its time."""
    started = [Demo(folder).wait_until_ready()]
    yield started
    for running in started:
        stop(running)


@pytest.fixture
def demo(demos: list[Demo], folder: Path) -> Demo:
    """A running demo: the one of the test before, unless that test ended it."""
    if demos[-1].process.poll() is not None:
        demos.append(Demo(folder).wait_until_ready())
    return demos[-1]


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def test_one_command_serves_a_province_that_a_role_enters_with_one_press(demo):
    hosts = re.findall(r"http://([a-z0-9-]+)\.localhost", demo.words())
    assert hosts == [*(seat.key for seat in people.SEATS), "man-hinh"]
    address = f"http://localhost:{demo.port}"
    visitor = browser()
    page = visitor.open(f"{address}/account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    home = visitor.open(f"{address}/demo/arrivals/thu-ky/", form).read().decode()
    assert "Phiên họp chuyên đề ngày" in home


def test_a_port_that_is_taken_is_named_with_what_to_do(demo, folder):
    second = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", str(demo.port)],
        cwd=settings.BASE_DIR,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"Port {demo.port} is in use by another program" in second.stderr
    assert f"uv run manage.py demo --port {demo.port + 1}" in second.stderr


def test_a_worker_that_dies_is_started_again(demo):
    wait_for(lambda: len(demo.children()) == 3)
    server, worker = demo.child("server"), demo.child("worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(demo.children()) == 3 and worker not in demo.children())
    assert server in demo.children()
    assert "worker: ended, starting again" in demo.words()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_no_child_is_left(demo, how):
    wait_for(lambda: len(demo.children()) == 3)
    children = demo.children()
    demo.process.send_signal(how)
    demo.process.wait(PATIENCE_SECONDS)
    wait_for(lambda: all(is_gone(pid) for pid in children))
    wait_for(lambda: is_free("127.0.0.1", demo.port))
    assert "Traceback" not in demo.words()
    assert "Fatal" not in demo.words()


def test_what_was_done_is_kept_at_the_next_start_and_forgotten_with_fresh_alone(folder, demos):
    """The three demos before were started in one folder; the visitor of the first has left a session there."""
    stop(demos[-1])
    assert logged_in(folder) == 1
    data(folder)
    assert logged_in(folder) == 1
    known = meetings_in(folder)
    data(folder, "--fresh")
    assert logged_in(folder) == 0
    assert meetings_in(folder) == known  # the same province on the same day, under the same addresses


def test_the_libraries_of_charts_and_papers_are_not_imported_at_the_start(folder):
    """They take a second; the first page needs none of them."""
    words = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().reverse_dict\n"
        "print([name for name in ('numpy', 'altair', 'vl_convert', 'pymupdf', 'PIL', 'redis') if name in sys.modules])"
    )
    environment = {**surroundings(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "PHIEN_DEMO": "1"}
    said = subprocess.run(
        [sys.executable, "-c", words],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"


def stop(demo: Demo) -> None:
    if demo.process.poll() is None:
        demo.process.terminate()
        demo.process.wait(PATIENCE_SECONDS)


def data(folder: Path, *options: str) -> None:
    """Make the data as a start does, without serving them."""
    subprocess.run(
        [sys.executable, "manage.py", "demo", "--only-data", *options],
        cwd=settings.BASE_DIR,
        env=surroundings(folder),
        check=True,
    )


def meetings_in(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "phien.sqlite3") as database:
        return {row[0] for row in database.execute("SELECT id FROM meetings_meeting")}


def logged_in(folder: Path) -> int:
    """How many visitors the database remembers."""
    with sqlite3.connect(folder / "phien.sqlite3") as database:
        [[count]] = database.execute("SELECT count(*) FROM accounts_person WHERE last_login IS NOT NULL")
        return int(count)


@pytest.mark.django_db
def test_serve_names_everything_that_is_missing_at_once(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("PHIEN_HOSTS", raising=False)
    settings.STATIC_ROOT = tmp_path / "none"
    with pytest.raises(CommandError) as refused:
        call_command("serve", port=free_port())
    assert [line.split(" ")[1] for line in str(refused.value).splitlines()[1:]] == [
        "SECRET_KEY",
        "PHIEN_HOSTS",
        "static",
    ]


@pytest.mark.django_db
def test_serve_refuses_the_database_of_the_demo_whose_passwords_are_known(monkeypatch, settings, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    monkeypatch.setenv("PHIEN_HOSTS", "phien.example")
    settings.STATIC_ROOT = tmp_path
    assert serve.what_is_missing() == []
    province.make_province(day=timezone.localdate())
    assert serve.what_is_missing() == [
        "this database was made by the demo, whose passwords are known: use another one."
    ]
