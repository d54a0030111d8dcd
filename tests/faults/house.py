"""A house that can be shaken: databases, Redis, servers and a road to them, all of its own."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 40
MIGRATE = [sys.executable, "manage.py", "migrate", "-v0"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(true: Any, what: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while not true():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


def needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing and os.environ.get("CI"):
        pytest.fail(f"CI must have {', '.join(missing)}.")
    if missing:
        pytest.skip(f"{', '.join(missing)}: not installed here, so what happens when it fails is not tried.")


class Server:
    """One server process; it keeps its port when it is started again."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        kept = {
            name: word for name, word in os.environ.items() if not name.startswith(("PHIEN_", "DJANGO_", "PYTEST_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py"))],
            cwd=ROOT,
            env={**kept, **self.environment, "PORT": str(self.port), "SECRET_KEY": settings.SECRET_KEY},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline(), "the server did not start"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def fill_disk(self) -> None:
        Path(self.environment["DISK_IS_FULL"]).touch()

    def free_disk(self) -> None:
        Path(self.environment["DISK_IS_FULL"]).unlink()


ENTRIES = """SELECT s.name, e.number, e.body FROM realtime_entry e JOIN realtime_stream s ON s.id = e.stream_id
    ORDER BY s.name, e.number"""
EMPTY = ("DELETE FROM realtime_entry", "DELETE FROM realtime_operation", "DELETE FROM realtime_stream")


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "house.sqlite3"
        self.url = f"sqlite://{self.path}"
        migrate(self.url, folder)

    def entries(self) -> list[tuple[str, int, dict[str, Any]]]:
        with sqlite3.connect(self.path, timeout=20) as line:
            return [(name, number, json.loads(body)) for name, number, body in line.execute(ENTRIES)]

    def empty(self) -> None:
        with sqlite3.connect(self.path) as line:
            for step in EMPTY:
                line.execute(step)
        line.execute("VACUUM")  # pages that were left free would be room on a full disk

    def begin(self, stream: str, epoch: str) -> None:
        with sqlite3.connect(self.path) as line:
            line.execute("INSERT INTO realtime_stream (name, epoch, head, floor) VALUES (?, ?, 0, 0)", (stream, epoch))


class Postgres:
    """A cluster of its own, so that it can be shaken while others work with theirs."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.place = Path(tempfile.mkdtemp(prefix="phien-cluster-"))  # pytest's own folders are root's alone
        if self.owner:
            shutil.chown(self.place, self.owner)
        self.run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-D", str(self.place))
        self.start()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        migrate(self.url, folder)

    @property
    def owner(self) -> str:
        """PostgreSQL refuses to run as root."""
        return "postgres" if os.geteuid() == 0 else ""

    def run(self, program: str, *words: str) -> None:
        command = [f"{folder_of_postgresql()}/{program}", *words]
        if self.owner:
            command = ["runuser", "-u", self.owner, "--", *command]
        with tempfile.TemporaryFile() as said:  # no pipe: the cluster would hold it open
            done = subprocess.run(command, check=False, cwd="/", stdout=said, stderr=said)
            said.seek(0)
            assert done.returncode == 0, said.read().decode(errors="replace")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.place}"
        self.run("pg_ctl", "-D", str(self.place), "-o", options, "-l", str(self.place / "log"), "-w", "start")

    def crash_and_recover(self) -> None:
        self.stop()
        self.start()

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.place)

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.place), "-m", "immediate", "-w", "stop")

    def entries(self) -> list[tuple[str, int, dict[str, Any]]]:
        with psycopg.connect(self.url) as line:
            return list(line.execute(ENTRIES))

    def empty(self) -> None:
        with psycopg.connect(self.url) as line:
            for step in EMPTY:
                line.execute(step)

    def begin(self, stream: str, epoch: str) -> None:
        with psycopg.connect(self.url) as line:
            line.execute(
                "INSERT INTO realtime_stream (name, epoch, head, floor) VALUES (%s, %s, 0, 0)", (stream, epoch)
            )


def folder_of_postgresql() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "/none").parent]
    return str(found[-1])


def needs_postgresql() -> None:
    if Path(folder_of_postgresql(), "initdb").exists():
        return
    if os.environ.get("CI"):
        pytest.fail("CI must have PostgreSQL.")
    pytest.skip("PostgreSQL is not installed here, so what happens when it is restarted is not tried.")


class Redis:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
        )
        wait_for(self.answers, "Redis")

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def send(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        subprocess.run(["redis-cli", "-p", str(self.port), "flushall"], check=True, stdout=subprocess.DEVNULL)


def migrate(url: str, folder: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": "", "PHIEN_DATA": str(folder)}
    subprocess.run(MIGRATE, cwd=ROOT, env=environment, check=True)


class Road:
    """The network between tablets and servers: it can be cut, slowed down, or swallow everything without a word."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers
        self.port = free_port()
        self.delay_seconds = 0.0
        self.swallows = False
        self.is_closed = False
        self.lines: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.taken = 0

    async def __aenter__(self) -> "Road":
        self.gate = await asyncio.start_server(self.take, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gate.close()
        self.cut()
        for task in self.tasks:
            task.cancel()

    def cut(self) -> None:
        """Every line breaks at once."""
        for line in list(self.lines):
            line.transport.abort()
        self.lines.clear()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        server = self.servers[self.taken % len(self.servers)]
        if self.is_closed:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", server.port)
        except OSError:
            writer.transport.abort()
            return
        self.lines |= {writer, back}
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self.carry(source, target))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                if not self.swallows:
                    target.write(data)
        if not self.swallows:
            target.transport.abort()


@contextmanager
def servers_of(count: int, environment: dict[str, str]) -> Iterator[list[Server]]:
    servers = [Server(environment) for _ in range(count)]
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            if server.process is not None:
                server.process.send_signal(signal.SIGCONT)
            server.kill()
