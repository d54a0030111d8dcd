"""A whole installation for one journey: an own database and folder, the server and the worker as they are deployed."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
MAKE_READY = """
import django; django.setup()
from django.core.management import call_command
from tests.council import make_council
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
make_council()
"""


@dataclass(frozen=True)
class Office:
    port: int
    environment: dict[str, str]
    log: Path

    def address(self, host: str) -> str:
        """Each person has a host name of their own, so that one browser can hold several log-ins."""
        return f"http://{host}.localhost:{self.port}"

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@dataclass(frozen=True)
class Model:
    """An office made ready once, of which each journey gets a copy: making one anew takes longer than most journeys."""

    folder: Path
    database_url: str
    secret_key: str


@contextmanager
def model_office(folder: Path) -> Iterator[Model]:
    with own_database(os.environ.get("DATABASE_URL", "")) as url:
        model = Model(folder, url, secrets.token_urlsafe(50))
        environment = environment_for(folder, url, model.secret_key)
        subprocess.run([sys.executable, "-c", MAKE_READY], cwd=ROOT, env=environment, check=True)
        yield model


@contextmanager
def running_office(folder: Path, model: Model) -> Iterator[Office]:
    shutil.copytree(model.folder, folder, dirs_exist_ok=True)
    with own_database(os.environ.get("DATABASE_URL", ""), copy_of=model.database_url) as url:
        office = Office(free_port(), environment_for(folder, url, model.secret_key), folder / "server.log")
        with office.log.open("wb") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(office.port)],
                cwd=ROOT,
                env=office.environment,
                stdout=log,
                stderr=log,
            )
        try:
            wait_until_ready(office, server)
            yield office
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def environment_for(folder: Path, database_url: str, secret_key: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "DJANGO_", "PYTEST_"))}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PHIEN_DATA": str(folder),
        "PHIEN_HOSTS": ".localhost,127.0.0.1",
        "SECRET_KEY": secret_key,
        "DATABASE_URL": database_url,
    }


@contextmanager
def own_database(url: str, *, copy_of: str = "") -> Iterator[str]:
    """A database made for this run beside the one the tests use, and dropped after it; SQLite needs none."""
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        yield ""
        return
    name = f"phien_journey_{secrets.token_hex(4)}"
    model = urlsplit(copy_of).path.lstrip("/") or "template1"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def wait_until_ready(office: Office, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/account/login/", timeout=READY_SECONDS):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {office.log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
