"""How many operations a second are written down and acknowledged, over real sockets.

uv run bench/operations.py [--quick]

Fifty tablets keep a few operations in flight each; an operation is answered after its COMMIT. Each adds an entry to one
of 16 streams and keeps its answer, as every act on a tablet does. In the same run, on the same databases:

- PostgreSQL: pgbench with 16 clients and the same statements, one transaction for each (synchronous_commit on);
- SQLite: a plain loop with the same statements, one COMMIT for each (WAL, synchronous=FULL).

Then 500 tablets send one operation in the same moment; the time is until the last has its answer. PostgreSQL is the one
of DATABASE_URL, where a database may be made (postgres://phien:phien@127.0.0.1:5432/postgres when it is not set).
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

sys.path.insert(0, str(Path(__file__).parent))
from fanout import raise_file_limit, say, wait_until_it_listens
from parts import Line, Server

STREAMS, TABLETS, IN_FLIGHT, AT_ONCE, CLIENTS = 16, 50, 8, 500, 16
GOALS = {"postgresql_to_pgbench": 0.5, "sqlite_to_raw_loop": 0.8, "at_once_seconds": 0.3}
STATEMENTS = """
    WITH taken AS (UPDATE realtime_stream SET head = head + 1 WHERE name = 'pen:' || {stream} RETURNING id, head)
    INSERT INTO realtime_entry (stream_id, number, body, at) SELECT id, head, '{{"word": "x"}}', {now} FROM taken;
    INSERT INTO realtime_operation (actor, op, kind, digest, answer, at)
    VALUES ('person:1', {op}, 'write', '{digest}', '{{}}', {now});
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter rounds")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    raise_file_limit()
    seconds = 3.0 if arguments.quick else 10.0
    values: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values |= asyncio.run(on_sqlite(Path(folder), seconds))
        with postgresql() as url:
            values |= asyncio.run(on_postgresql(Path(folder), url, seconds))
    ok = (
        values["postgresql_to_pgbench"] >= GOALS["postgresql_to_pgbench"]
        and values["sqlite_to_raw_loop"] >= GOALS["sqlite_to_raw_loop"]
        and values["at_once_seconds"] <= GOALS["at_once_seconds"]
    )
    print(json.dumps({"bench": "operations", "values": values, "goals": GOALS, "ok": ok}))


async def on_sqlite(folder: Path, seconds: float) -> dict[str, float]:
    place = folder / "phien.sqlite3"
    ours, at_once = await ours_on(folder, f"sqlite://{place}", seconds)
    raw = raw_loop(place, seconds)
    print(f"SQLite      ours {ours:6.0f}/s   raw loop {raw:6.0f}/s   500 at once {at_once:.2f} s")
    return {
        "sqlite_per_second": round(ours),
        "raw_loop_per_second": round(raw),
        "sqlite_to_raw_loop": round(ours / raw, 2),
        "sqlite_at_once_seconds": round(at_once, 2),
    }


async def on_postgresql(folder: Path, url: str, seconds: float) -> dict[str, float]:
    ours, at_once = await ours_on(folder, url, seconds)
    reference = pgbench(folder, url, seconds)
    print(f"PostgreSQL  ours {ours:6.0f}/s   pgbench  {reference:6.0f}/s   500 at once {at_once:.2f} s")
    return {
        "postgresql_per_second": round(ours),
        "pgbench_per_second": round(reference),
        "postgresql_to_pgbench": round(ours / reference, 2),
        "at_once_seconds": round(at_once, 2),
    }


async def ours_on(folder: Path, url: str, seconds: float) -> tuple[float, float]:
    """Return operations a second, and how long 500 at once take."""
    server = Server(__file__, folder, DATABASE_URL=url)
    try:
        server.start()
        ticket = server.ask("ticket")["ticket"]
        hall = [Tablet(number, server.port, ticket) for number in range(AT_ONCE)]
        await asyncio.gather(*(tablet.connect() for tablet in hall))
        for tablet in hall[:TABLETS]:
            tablet.keep_writing(IN_FLIGHT)
        await asyncio.sleep(1.0)  # warm
        before, began = sum(tablet.answered for tablet in hall), time.monotonic()
        await asyncio.sleep(seconds)
        rate = (sum(tablet.answered for tablet in hall) - before) / (time.monotonic() - began)
        for tablet in hall:
            tablet.is_writing = False
        await asyncio.gather(*(tablet.idle.wait() for tablet in hall))
        times = []
        for _ in range(5):
            began = time.monotonic()
            for tablet in hall:
                tablet.write()
            await asyncio.gather(*(tablet.idle.wait() for tablet in hall))
            times.append(time.monotonic() - began)
        return rate, sorted(times)[2]
    finally:
        server.end()


class Tablet(Line):
    def __init__(self, number: int, port: int, ticket: str) -> None:
        super().__init__(number, port, ticket)
        self.welcome = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self.is_writing = False
        self.open = 0
        self.answered = 0

    async def connect(self) -> None:
        await self.reach()
        await asyncio.wait_for(self.welcome.wait(), 60)

    def hello(self) -> dict[str, Any]:
        return {"streams": {}}

    def keep_writing(self, in_flight: int) -> None:
        self.is_writing = True
        for _ in range(in_flight):
            self.write()

    def write(self) -> None:
        self.open += 1
        self.idle.clear()
        operation = {"op": str(uuid.uuid4()), "t": "write", "stream": self.number % STREAMS}
        self.say({"t": "op", "ops": [operation]})

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "welcome":
            self.welcome.set()
        elif frame["t"] == "ack":
            for _ in frame["r"]:
                self.settle()
        elif frame["t"] in {"nack", "bye"}:
            raise SystemExit(f"An operation was refused: {frame}")

    def settle(self) -> None:
        self.open -= 1
        self.answered += 1
        if self.is_writing:
            self.write()
        elif not self.open:
            self.idle.set()


# -- The references ----------------------------------------------------------------------------------------------------


def raw_loop(place: Path, seconds: float) -> float:
    """Return transactions a second of one connection that does nothing else."""
    line = sqlite3.connect(place, isolation_level=None)
    line.execute("PRAGMA journal_mode=WAL")
    line.execute("PRAGMA synchronous=FULL")
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        line.execute("BEGIN IMMEDIATE")
        key, head = line.execute(
            "UPDATE realtime_stream SET head = head + 1 WHERE name = ? RETURNING id, head", (f"pen:{done % STREAMS}",)
        ).fetchone()
        line.execute(
            "INSERT INTO realtime_entry (stream_id, number, body, at) VALUES (?, ?, ?, datetime('now'))",
            (key, head, '{"word": "x"}'),
        )
        line.execute(
            "INSERT INTO realtime_operation (actor, op, kind, digest, answer, at)"
            " VALUES (?, ?, 'write', ?, '{}', datetime('now'))",
            ("person:1", uuid.uuid4().hex, "0" * 64),
        )
        line.execute("COMMIT")
        done += 1
    line.close()
    return done / seconds


def pgbench(folder: Path, url: str, seconds: float) -> float:
    script = folder / "operation.sql"
    statements = STATEMENTS.format(stream=":stream", now="now()", op="gen_random_uuid()", digest="0" * 64)
    script.write_text(f"\\set stream random(0, {STREAMS - 1})\nBEGIN;{statements}COMMIT;\n")
    program = pgbench_program()
    command = [program, "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(round(seconds)), "-f", str(script), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found, said
    return float(found[1])


def pgbench_program() -> str:
    return shutil.which("pgbench") or str(sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))[-1])


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A database made for this run, and dropped after it."""
    server = os.environ.get("DATABASE_URL", "postgres://phien:phien@127.0.0.1:5432/postgres")
    name = f"phien_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as line:
        setting = line.execute("SHOW synchronous_commit").fetchone()
        assert setting == ("on",), f"synchronous_commit is {setting}"
        line.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# -- The server --------------------------------------------------------------------------------------------------------


def serve(port: int) -> None:
    raise_file_limit()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from daphne.server import Server as Daphne
    from twisted.internet import reactor

    from config.asgi import application
    from config.child import settle_memory
    from realtime import principals
    from realtime.operations import operation
    from realtime.streams import begin, publish

    @operation("write", lock_key=lambda payload: ("2pen", payload["stream"]))
    def write(principal: Any, payload: dict[str, Any]) -> dict[str, Any]:
        publish(f"pen:{payload['stream']}", {"word": "x"})
        return {}

    begin([f"pen:{number}" for number in range(STREAMS)])
    principals.checks[:] = []
    settle_memory()
    server = Daphne(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"], ping_interval=3600)
    reactor.callWhenRunning(lambda: asyncio.get_event_loop().create_task(obey(port)))
    server.run()


async def obey(port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, wait_until_it_listens, port)
    say({"port": port})
    while await loop.run_in_executor(None, sys.stdin.readline):
        say(await loop.run_in_executor(None, ticket))


def ticket() -> dict[str, Any]:
    from realtime import tickets
    from realtime.principals import Principal

    return tickets.issue(Principal("person:1"), tickets.rights_head()).frame()


if __name__ == "__main__":
    main()
