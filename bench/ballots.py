"""A vote of 500 while twenty draw and somebody reads: how soon each ballot is acknowledged, and what else has to wait.

uv run bench/ballots.py [--quick]

A real session in a database made for this run: 500 members with votes, all checked in, and twenty guests who write on a
paper. `manage.py serve` runs as it does in an installation; on SQLite, then on PostgreSQL with a Redis where they are
there. This process holds a socket for each tablet, for the wall and for the desk, opened with tickets as the server
gives them to those who are there; they ping, and listen to what a page listens to. A third process fetches pages of the
paper, twenty a second.

In each round the chair opens a vote; the 500 tap at random within two seconds. Then the chair closes the vote and
announces the result. In between all 500 tap in the same moment, and the same statements are run without the service:

- PostgreSQL: pgbench with 16 clients, one transaction for each ballot (synchronous_commit on);
- SQLite: a plain loop, one COMMIT for each ballot (WAL, synchronous=FULL).

Ballots are counted in the database. Values are medians of the rounds, `worst_` ones their worst.
"""

import argparse
import asyncio
import contextlib
import datetime
import http.client
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).parent))
from fanout import ROOT, free_port, raise_file_limit, redis, say, wait_until_it_listens
from operations import pgbench_program, postgresql
from parts import Line

MEMBERS, GUESTS, SPREAD_SECONDS = 500, 20, 2.0
STROKES_PER_SECOND, STROKE_SECONDS, CHUNK_SECONDS = 2.0, 0.35, 0.05  # a hand that writes; see pen.js
IMAGES_PER_SECOND, PING_SECONDS = 20, 5.0
AT_THE_DOOR = 20  # come in at the same time: entering is not what is measured here
CLIENTS, REFERENCE_ROLLS, FRAME_MOST, ATTEMPTS = 16, 10, 50, 5
PATIENCE_SECONDS = 60.0
CSRF = "b" * 32
PERSON = "SELECT * FROM accounts_person WHERE is_active AND id = {person} ORDER BY folded_name, id LIMIT 1"
STATE = "SELECT state, opened_at FROM voting_poll WHERE id = {poll}{share}"
ELECTOR = "SELECT * FROM voting_elector WHERE person_id = {person} AND poll_id = {poll} ORDER BY id LIMIT 1"
POLL = """SELECT * FROM voting_poll p JOIN meetings_meeting m ON m.id = p.meeting_id
    JOIN meetings_agendaitem i ON i.id = p.item_id WHERE p.id = {poll} LIMIT 21"""
BALLOT = """INSERT INTO voting_ballot (poll_id, elector_id, choice, op, how, recorded_by_id, cast_at, changed_at, salt)
    VALUES ({poll}, {elector}, 'for', {op}, 'tablet', NULL, {now}, NULL, '{salt}')
    ON CONFLICT DO NOTHING RETURNING id"""
FIRST = "SELECT 1 FROM voting_ballot WHERE poll_id = {poll} AND NOT id = 0 LIMIT 1"
OPERATION = """INSERT INTO realtime_operation (actor, op, kind, digest, answer, at)
    VALUES ('person:{person}', {op}, 'cast_ballot', '{digest}', '{answer}', {now})"""
CHAIN = "INSERT INTO accounts_chainhead (name, number, hash) VALUES ('bench', 0, '') ON CONFLICT DO NOTHING"
HELD = "SELECT id, name, number, hash FROM accounts_chainhead WHERE name = 'bench' LIMIT 21{update}"
ACT = """INSERT INTO accounts_act (chain, number, at, act, by_id, about, facts, address, previous_hash, hash)
    SELECT 'bench', number + 1, {now}, 'ballot_cast', {person}, 'poll:{digest}', '{facts}', '', '{digest}', '{digest}'
    FROM accounts_chainhead WHERE name = 'bench' RETURNING id"""
LINKED = "UPDATE accounts_chainhead SET number = number + 1, hash = '{digest}' WHERE name = 'bench'"
NUMBERS = """INSERT INTO realtime_stream (name, epoch, head, floor) VALUES ('bench:desk', 'e', 1, 0),
    ('bench:floor', 'e', 1, 0), ('bench:gallery', 'e', 1, 0), ('bench:person:{person}', 'e', 1, 0),
    ('bench:wall', 'e', 1, 0) ON CONFLICT (name) DO UPDATE SET head = realtime_stream.head + excluded.head
    RETURNING name, id, epoch, head"""
ENTRIES = """INSERT INTO realtime_entry (stream_id, number, body, at)
    SELECT id, head, '{{"panels": ["poll_count"]}}', {now}
    FROM realtime_stream WHERE name IN
    ('bench:desk', 'bench:floor', 'bench:gallery', 'bench:person:{person}', 'bench:wall')"""
STATEMENTS = (PERSON, STATE, ELECTOR, POLL, BALLOT, FIRST, OPERATION, CHAIN, HELD, ACT, LINKED, NUMBERS, ENTRIES)
CONSTANTS = {
    "salt": "0" * 32,
    "digest": "0" * 64,
    "answer": json.dumps(
        {"poll": "0" * 36, "choice": "for", "received_at": "0" * 32, "time": "00:00", "how": "tablet"}
    ),
    "facts": json.dumps({"elector": 0, "how": "tablet", "operation": "0" * 36, "hash": "0" * 64}),
}
GOALS = {"last_ack_seconds": 0.5, "stored": float(MEMBERS), "to_pgbench": 0.5, "to_raw_loop": 0.5}

Told = dict[str, Any]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, on PostgreSQL alone where one answers")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database alone")
    parser.add_argument("--make", type=int, metavar="POLLS", help=argparse.SUPPRESS)
    parser.add_argument("--read", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        make(arguments.make)
    elif arguments.read:
        read_pages(arguments.read)
    else:
        measure(1 if arguments.quick else 5, arguments.only, one_database=arguments.quick)


def measure(rounds: int, only: str | None, *, one_database: bool) -> None:
    raise_file_limit()
    values: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        found_databases = databases(Path(folder), only)
        for database in islice(found_databases, 1) if one_database else found_databases:
            with House(Path(folder), database) as house:
                found = asyncio.run(vote(house, rounds))
            values |= {f"{database.name}_{name}": value for name, value in found.items()}
            told = "  ".join(f"{name} {value}" for name, value in found.items())
            print(f"{database.name}: {told}")
    goals = {f"{kind}_{name}": goal for kind in KINDS for name, goal in GOALS.items() if f"{kind}_{name}" in values}
    at_most = {name for name in goals if name.endswith("_seconds")}
    is_met = {name: values[name] <= goal if name in at_most else values[name] >= goal for name, goal in goals.items()}
    ok = bool(values) and all(is_met.values())
    print(json.dumps({"bench": "ballots", "values": values, "goals": goals, "ok": ok}))


# -- The databases, and the same statements without the service --------------------------------------------------------


class Sqlite:
    name = "sqlite"
    reference = "raw_loop"

    def __init__(self, folder: Path) -> None:
        self.place = folder / "phien.sqlite3"
        self.environment = {"DATABASE_URL": f"sqlite://{self.place}"}

    def stored(self, poll: str) -> int:
        with contextlib.closing(sqlite3.connect(self.place, timeout=20)) as line:
            found = line.execute("SELECT count(*) FROM voting_ballot WHERE poll_id = ?", (poll.replace("-", ""),))
            return int(found.fetchone()[0])

    def reference_rate(self, roll: Told, first: int, count: int) -> float:
        """Return transactions a second of one connection that does nothing else."""
        with contextlib.closing(sqlite3.connect(self.place, isolation_level=None, timeout=20)) as line:
            line.execute("PRAGMA journal_mode=WAL")
            line.execute("PRAGMA synchronous=FULL")
            words = {
                "now": "datetime('now')",
                "share": "",
                "update": "",
                "poll": "'{}'".format(roll["poll"].replace("-", "")),
            }
            began = time.monotonic()
            for number in range(first, first + count):
                op = f"'{uuid.uuid4().hex}'"
                person, elector = roll["first_person"] + number % MEMBERS, roll["first_elector"] + number
                line.execute("BEGIN IMMEDIATE")
                for statement in STATEMENTS:
                    line.execute(
                        statement.format(**CONSTANTS, **words, op=op, person=person, elector=elector)
                    ).fetchall()
                line.execute("COMMIT")
            return count / (time.monotonic() - began)


class Postgresql:
    name = "postgresql"
    reference = "pgbench"

    def __init__(self, folder: Path, url: str, redis_url: str) -> None:
        self.url, self.script = url, folder / "ballot.sql"
        self.environment = {"DATABASE_URL": url, **({"REDIS_URL": redis_url} if redis_url else {})}

    def stored(self, poll: str) -> int:
        with psycopg.connect(self.url) as line:
            found = line.execute("SELECT count(*) FROM voting_ballot WHERE poll_id = %s", [poll]).fetchone()
            return int(found[0]) if found else 0

    def reference_rate(self, roll: Told, first: int, count: int) -> float:
        each = count // CLIENTS
        words = {"now": "now()", "share": " FOR SHARE", "update": " FOR UPDATE", "poll": f"'{roll['poll']}'"}
        words |= {"op": "gen_random_uuid()", "person": ":person", "elector": ":elector"}
        statements = ";\n".join(statement.format(**CONSTANTS, **words) for statement in STATEMENTS)
        # pgbench takes no variable inside quotes: where a name holds the person's number, it is put together.
        statements = re.sub(r"'([a-z:]*):person'", r"'\1' || :person", statements)
        self.script.write_text(
            f"\\set turn :turn + 1\n\\set number {first} + :client_id * {each} + :turn\n"
            f"\\set person {roll['first_person']} + mod(:number, {MEMBERS})\n"
            f"\\set elector {roll['first_elector']} + :number\nBEGIN;\n{statements};\nCOMMIT;\n"
        )
        command = [pgbench_program(), "-n", "-c", str(CLIENTS), "-j", "2", "-t", str(each), "-D", "turn=-1"]
        said = subprocess.run([*command, "-f", str(self.script), self.url], check=True, capture_output=True, text=True)
        found = re.search(r"tps = ([\d.]+)", said.stdout)
        assert found, said
        return float(found[1])


KINDS = (Sqlite.name, Postgresql.name)
Database = Sqlite | Postgresql


def databases(folder: Path, only: str | None) -> Iterator[Database]:
    if only != "sqlite":
        try:
            psycopg.connect(os.environ.get("DATABASE_URL", "postgres://phien:phien@127.0.0.1:5432/postgres")).close()
        except psycopg.OperationalError:
            print("PostgreSQL is left out: none answers.")
        else:
            with postgresql() as url, redis() as redis_url:
                yield Postgresql(folder, url, redis_url)
    if only != "postgresql":
        yield Sqlite(folder)


# -- The house: an installation with a session in it, served as in an installation -------------------------------------


class House:
    def __init__(self, folder: Path, database: Database) -> None:
        self.database, self.port = database, free_port()
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PHIEN_", "DATABASE_", "REDIS_", "DJANGO_"))}
        self.environment = {
            **kept,
            **database.environment,
            "PHIEN_DATA": str(folder),
            "PHIEN_HOSTS": "localhost",
            "SECRET_KEY": "bench" * 10,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        self.has_static_files = (folder / "static").exists()
        self.failed_acts = 0
        self.commands: list[subprocess.Popen[Any]] = []

    def __enter__(self) -> "House":
        self.told: Told = {}
        return self

    def __exit__(self, *_: object) -> None:
        for command in reversed(self.commands):
            command.terminate()
            command.wait(30)

    def open(self, polls: int) -> None:
        """Make the session and serve it."""
        made = self.run(__file__, "--make", str(polls))
        if not self.has_static_files:
            self.run("manage.py", "collectstatic", "--no-input", "-v0")
        self.told = json.loads(made.splitlines()[-1])
        self.serve = self.begin("manage.py", "serve", "--port", str(self.port))
        wait_until_it_listens(self.port)
        self.reader = self.begin(
            __file__, "--read", str(self.port), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.tell_reader({"cookie": self.told["reader"], "pages": self.told["pages"]})

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def begin(self, *words: str, **more: Any) -> "subprocess.Popen[Any]":
        command = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.environment, **more)
        self.commands.append(command)
        return command

    def server_cpu(self) -> float:
        """Return the processor seconds of the web server, which is a child of the command."""
        children = Path(f"/proc/{self.serve.pid}/task/{self.serve.pid}/children").read_text().split()
        for child in children:
            if b"\0server\0" in Path(f"/proc/{child}/cmdline").read_bytes():
                words = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        raise SystemExit("The server ended early.")

    def tell_reader(self, word: Any) -> None:
        assert self.reader.stdin is not None
        self.reader.stdin.write(json.dumps(word) + "\n")
        self.reader.stdin.flush()

    def end_reading(self) -> list[float]:
        self.tell_reader("stop")
        assert self.reader.stdout is not None
        return list(json.loads(self.reader.stdout.readline()))

    def act(self, address: str) -> float:
        """Do something at the desk, as the chair, and return when it was asked for; again when the server could not."""
        headers = {
            "Cookie": f"sessionid={self.told['chair']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
        }
        began = time.monotonic()
        for attempt in range(ATTEMPTS):
            line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)
            line.request("POST", address, "", headers)
            status = line.getresponse().status
            line.close()
            if status == 204:
                return began
            self.failed_acts += 1
            print(f"{address} answers {status}, attempt {attempt + 1}")
        raise SystemExit(f"The desk cannot act: {address}")


# -- The tablets -------------------------------------------------------------------------------------------------------


class Tablet(Line):
    """A page with a socket: it hears what it listens to, and sends operations that are answered."""

    def __init__(self, number: int, port: int, told: Told) -> None:
        super().__init__(number, port, told["ticket"])
        self.streams: dict[str, list[Any] | None] = told["streams"]
        self.missing = {name for name, known in self.streams.items() if known is None}
        self.here = asyncio.Event()
        self.sent: dict[str, float] = {}
        self.waiting: dict[str, Told] = {}  # sent and not acknowledged, to be sent again when the server is busy
        self.on_the_way: set[str] = set()
        self.idle = asyncio.Event()
        self.idle.set()
        self.waits: list[tuple[float, float]] = []  # sent, acknowledged
        self.panels: dict[str, str] = {}
        self.panels_changed = asyncio.Event()
        self.is_over = False

    def hello(self) -> Told:
        return {"streams": self.streams}

    async def connect(self) -> None:
        await self.reach()
        await asyncio.wait_for(self.here.wait(), PATIENCE_SECONDS)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_over:
            raise SystemExit(f"A tablet lost its line: {error or 'closed'}")

    def leave(self) -> None:
        self.is_over = True
        self.line.close()

    def take(self, frame: Told) -> None:
        kind = frame["t"]
        if kind == "ack":
            now = time.monotonic()
            for one in frame["r"]:
                self.waits.append((self.sent.pop(one["op"]), now))
                del self.waiting[one["op"]]
                self.settle(one["op"])
            if not self.sent:
                self.idle.set()
        elif kind == "nack" and frame["code"] == "busy":
            asyncio.get_running_loop().call_later(0.5 * random.random(), self.settle, frame["op"])
        elif kind in {"nack", "bye"} or frame.get("refused"):
            raise SystemExit(f"A tablet is refused: {frame}")
        elif kind == "reset":
            self.missing.discard(frame["s"])
            if not self.missing:
                self.here.set()
            if isinstance(frame["state"], dict):
                self.show({name: html for name, html in frame["state"].items() if isinstance(html, str)})
        elif kind == "panels":
            self.show(frame["p"])

    def show(self, panels: dict[str, str]) -> None:
        self.panels |= panels
        self.panels_changed.set()

    async def shows(self, panel: str, is_there: Callable[[str], bool]) -> float:
        """Wait until a panel shows something, and return when it did."""
        while not is_there(self.panels.get(panel, "")):
            self.panels_changed.clear()
            await asyncio.wait_for(self.panels_changed.wait(), PATIENCE_SECONDS)
        return time.monotonic()

    def perform(self, act: str, /, **payload: Any) -> None:
        op = str(uuid.uuid4())
        self.sent[op] = time.monotonic()
        self.idle.clear()
        self.waiting[op] = {"op": op, "t": act, **payload}
        self.send_waiting()

    def send_waiting(self) -> None:
        """Send what waits, one frame at a time, as the outbox of a page does."""
        if self.waiting and not self.on_the_way:
            ops = list(self.waiting.values())[:FRAME_MOST]
            self.on_the_way = {one["op"] for one in ops}
            self.say({"t": "op", "ops": ops})

    def settle(self, op: str) -> None:
        self.on_the_way.discard(op)
        if not self.on_the_way:
            self.send_waiting()

    async def answered(self) -> None:
        """Wait until everything that was sent has its answer; what has none in time is not counted."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle.wait(), PATIENCE_SECONDS)


class Guest(Tablet):
    """Writes on the paper: every second one so that all readers of it see the stroke while it is drawn."""

    def __init__(self, number: int, port: int, told: Told, paper: Told) -> None:
        super().__init__(number, port, told)
        self.paper, self.layer = paper, "shared" if number % 2 else "private"
        self.dice = random.Random(number)

    async def draw(self) -> None:
        await asyncio.sleep(self.dice.random() / STROKES_PER_SECOND)
        while True:
            began = time.monotonic()
            await self.draw_stroke()
            await asyncio.sleep(max(0.0, began + 1 / STROKES_PER_SECOND - time.monotonic()))

    async def draw_stroke(self) -> None:
        key, style = str(uuid.uuid4()), {"color": "#0b4f79", "width_pt": 1.5}
        start = [self.dice.randrange(60, 500), self.dice.randrange(100, 750)]
        deltas = [self.dice.randrange(-60, 60) for _step in range(2 * round(60 * STROKE_SECONDS))]
        for part in range(round(STROKE_SECONDS / CHUNK_SECONDS)):
            if self.layer == "shared":
                ink = {"k": "stroke", "id": key, "page": 1, "style": style, "at": 6 * part}
                stream = next(name for name in self.streams if ":shared:" in name)
                self.say({"t": "ephemeral", "s": stream, **ink, "ints": deltas[6 * part : 6 * part + 6]})
            await asyncio.sleep(CHUNK_SECONDS)
        geometry = {"scale": 50, "start": start, "deltas": deltas}
        self.perform(
            "make_mark", **self.paper, id=key, page=1, layer=self.layer, kind="ink", geometry=geometry, style=style
        )


class Hall:
    """Everybody in the room, and what is seen of one vote."""

    def __init__(self, house: House) -> None:
        told, port = house.told, house.port
        self.house = house
        self.members = [Tablet(number, port, one) for number, one in enumerate(told["members"])]
        self.guests = [Guest(number, port, one, told["paper"]) for number, one in enumerate(told["guests"])]
        self.wall, self.desk = Tablet(0, port, told["wall"]), Tablet(0, port, told["desk"])
        self.dice = random.Random(2027)

    @property
    def everybody(self) -> list[Tablet]:
        return [*self.members, *self.guests, self.wall, self.desk]

    async def come_in(self) -> None:
        everybody, began = self.everybody, time.monotonic()
        for first in range(0, len(everybody), AT_THE_DOOR):
            await asyncio.gather(*(tablet.connect() for tablet in everybody[first : first + AT_THE_DOOR]))
        print(f"{self.house.database.name}: {len(everybody)} sockets are open after {time.monotonic() - began:.1f} s")

    async def ping(self) -> None:
        """Every tablet pings each five seconds, in turn."""
        while True:
            for tablet in self.everybody:
                if tablet.here.is_set():
                    tablet.say({"t": "ping"})
                await asyncio.sleep(PING_SECONDS / len(self.everybody))

    async def act(self, poll: str, act: str, is_shown: Callable[[str], bool]) -> float:
        """Do something to a poll at the desk; return how long it took until the last tablet showed it."""
        began = await asyncio.get_running_loop().run_in_executor(None, self.house.act, f"/polls/{poll}/{act}/")
        return max(await asyncio.gather(*(tablet.shows("poll", is_shown) for tablet in self.members))) - began

    async def tap(self, poll: str, within_seconds: float) -> None:
        """Every member taps once; return when all have."""
        choices = self.dice.choices(("for", "against", "not_voting"), weights=(8, 1, 1), k=MEMBERS)
        moments = sorted(self.dice.random() * within_seconds for _tablet in self.members)
        order = self.dice.sample(self.members, MEMBERS)
        began = time.monotonic()
        for moment, tablet, choice in zip(moments, order, choices, strict=True):
            if (wait := began + moment - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            tablet.perform("cast_ballot", poll=poll, choice=choice)


# -- The vote ----------------------------------------------------------------------------------------------------------


async def vote(house: House, rounds: int) -> dict[str, float]:
    """One round to warm up, then those that count: a vote within two seconds, one at once, and the reference."""
    house.open(2 * rounds + 1)
    hall = Hall(house)
    pinging = asyncio.create_task(hall.ping())
    await hall.come_in()
    polls, measured = iter(house.told["polls"]), []
    images: list[float] = []
    for number in range(rounds + 1):
        found = await spread_vote(hall, next(polls))
        if number:
            measured.append({**found, **await vote_at_once(hall, next(polls), number - 1, rounds)})
            images += measured[-1].pop("images")
    pinging.cancel()
    for tablet in hall.everybody:
        tablet.leave()
    values = {name: statistics.median(found[name] for found in measured) for name in measured[0]}
    values["failed_acts_at_the_desk"] = house.failed_acts
    values["stored"] = min(found["stored"] for found in measured)
    values["worst_last_ack_seconds"] = max(found["last_ack_seconds"] for found in measured)
    values |= {"image_p50_ms": part(images, 0.5) * 1000, "image_p99_ms": part(images, 0.99) * 1000}
    return {name: float(f"{value:.3g}") if value < 100 else round(value) for name, value in values.items()}


async def spread_vote(hall: Hall, poll: str) -> dict[str, Any]:
    """A vote as it goes: opened, tapped within two seconds while others write and read, closed, announced."""
    opened = await hall.act(poll, "opening", lambda html: f'data-poll="{poll}"' in html and "data-open" in html)
    house = hall.house
    drawing = [asyncio.create_task(guest.draw()) for guest in hall.guests]
    house.tell_reader("go")
    await asyncio.sleep(0.5)
    for tablet in hall.everybody:
        tablet.waits.clear()
    used = house.server_cpu()
    on_wall = asyncio.create_task(hall.wall.shows("poll_count", lambda html: f">{MEMBERS}/{MEMBERS}<" in html))
    on_desk = asyncio.create_task(hall.desk.shows("poll_count", lambda html: html.count('class="voted"') == MEMBERS))
    await hall.tap(poll, SPREAD_SECONDS)
    await asyncio.gather(*(tablet.answered() for tablet in hall.members))
    waits = [wait for tablet in hall.members for wait in tablet.waits]
    stored = house.database.stored(poll)
    last_tap, last_ack = max(sent for sent, _ in waits), max(got for _, got in waits)
    walls, desks = await on_wall, await on_desk
    used = house.server_cpu() - used
    closed = await hall.act(poll, "closing", lambda html: f'data-poll="{poll}"' in html and "data-open" not in html)
    announced = await hall.act(
        poll, "announcement", lambda html: f'data-poll="{poll}"' in html and "poll-result" in html
    )
    for task in drawing:
        assert not task.done(), task
        task.cancel()
    images = house.end_reading()
    await asyncio.gather(*(guest.answered() for guest in hall.guests))
    strokes = [got - sent for guest in hall.guests for sent, got in guest.waits]
    seconds = [got - sent for sent, got in waits]
    return {
        "last_ack_seconds": last_ack - last_tap,
        "ack_p50_ms": part(seconds, 0.5) * 1000,
        "ack_p99_ms": part(seconds, 0.99) * 1000,
        "acknowledged": len(waits),
        "stored": stored if stored == len(waits) else min(stored, len(waits)) - 1,
        "wall_full_seconds": walls - last_tap,
        "desk_full_seconds": desks - last_tap,
        "server_cpu_seconds": used,
        "mark_p50_ms": part(strokes, 0.5) * 1000,
        "mark_p99_ms": part(strokes, 0.99) * 1000,
        "opened_to_tablets_seconds": opened,
        "closed_to_tablets_seconds": closed,
        "result_to_tablets_seconds": announced,
        "images": images,
    }


async def vote_at_once(hall: Hall, poll: str, number: int, rounds: int) -> dict[str, float]:
    """All tap in the same moment, and nobody draws; then the same statements without the service."""
    await hall.act(poll, "opening", lambda html: f'data-poll="{poll}"' in html and "data-open" in html)
    for tablet in hall.members:
        tablet.waits.clear()
    await asyncio.sleep(0.5)
    await hall.tap(poll, 0.0)
    await asyncio.gather(*(tablet.answered() for tablet in hall.members))
    waits = [wait for tablet in hall.members for wait in tablet.waits]
    seconds = max(got for _, got in waits) - min(sent for sent, _ in waits)
    assert len(waits) == hall.house.database.stored(poll) == MEMBERS
    await hall.wall.shows("poll_count", lambda html: f">{MEMBERS}/{MEMBERS}<" in html)
    await hall.act(poll, "closing", lambda html: f'data-poll="{poll}"' in html and "data-open" not in html)
    await hall.act(poll, "announcement", lambda html: f'data-poll="{poll}"' in html and "poll-result" in html)
    await asyncio.sleep(0.5)
    count = MEMBERS * REFERENCE_ROLLS // rounds // CLIENTS * CLIENTS
    database, roll = hall.house.database, hall.house.told["reference"]
    rate = await asyncio.get_running_loop().run_in_executor(
        None, database.reference_rate, roll, number * count, min(count, 496)
    )
    return {
        "at_once_seconds": seconds,
        "per_second": MEMBERS / seconds,
        f"{database.reference}_per_second": rate,
        f"to_{database.reference}": MEMBERS / seconds / rate,
    }


def part(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


# -- The reader of the paper, in a process of its own ------------------------------------------------------------------


def read_pages(port: int) -> None:
    told = json.loads(sys.stdin.readline())
    line = http.client.HTTPConnection("localhost", port, timeout=PATIENCE_SECONDS)
    is_reading, is_idle = threading.Event(), threading.Event()
    times: list[float] = []

    def read_on() -> None:
        turn = 0
        while is_reading.wait():
            is_idle.clear()
            next_one = time.monotonic()
            while is_reading.is_set():
                began = time.monotonic()
                line.request(
                    "GET", told["pages"][turn % len(told["pages"])], headers={"Cookie": f"sessionid={told['cookie']}"}
                )
                answer = line.getresponse()
                size = len(answer.read())
                assert (answer.status, size > 1000) == (200, True), answer.status
                times.append(time.monotonic() - began)
                turn, next_one = turn + 1, max(next_one + 1 / IMAGES_PER_SECOND, began)
                time.sleep(max(0.0, next_one - time.monotonic()))
            is_idle.set()

    threading.Thread(target=read_on, daemon=True).start()
    for word in sys.stdin:
        if json.loads(word) == "go":
            is_idle.clear()
            is_reading.set()
        else:
            is_reading.clear()
            is_idle.wait()
            print(json.dumps(times), flush=True)
            times.clear()


# -- The session -------------------------------------------------------------------------------------------------------


def make(polls: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    say(session(polls))


def session(polls: int) -> Told:
    """Make the session with all who are there, and say what its tablets must know."""
    from accounts.models import Person
    from meetings import actions
    from meetings.models import Participant
    from realtime.transactions import one_transaction
    from tests.council import client_of, make_council
    from voting.actions import draft_poll

    council = make_council()
    meeting, roles = council.meeting, Participant.Role
    people = [
        Person(username=f"bench-{number}", full_name=f"Nguyễn Thị Đại Biểu {number}", password=council.chair.password)
        for number in range(MEMBERS - len(council.voters) + GUESTS)
    ]
    Person.objects.bulk_create(people)
    for person in people:
        person.refresh_from_db()
    members, guests = people[:-GUESTS], people[-GUESTS:]
    Participant.objects.bulk_create(
        [Participant(meeting=meeting, person=person, role=roles.MEMBER, has_vote=True) for person in members]
        + [Participant(meeting=meeting, person=person, role=roles.INVITEE, has_vote=False) for person in guests]
    )
    with one_transaction():
        for participant in meeting.participants.select_related("person", "meeting"):
            actions.check_in(participant, by=participant.person)
    actions.start(meeting, by=council.chair)
    actions.take_up_item(council.item, by=council.chair)
    drafts = [
        draft_poll(council.item, by=council.secretary, question=f"Thông qua nội dung số {number + 1}?")
        for number in range(polls)
    ]
    version = paper_of(council)
    return {
        "polls": [str(poll.pk) for poll in drafts],
        "reference": reference_roll(council),
        "chair": client_of(council.chair).cookies["sessionid"].value,
        "reader": client_of(council.member).cookies["sessionid"].value,
        "pages": [f"/p/{version.pk}/{number}/1600.webp" for number in range(1, version.page_count + 1)],
        "paper": {"version": str(version.pk), "meeting": str(meeting.pk)},
        **tablets_of(council, [*council.voters, *members], guests, version),
    }


def tablets_of(council: Any, members: list[Any], guests: list[Any], version: Any) -> Told:
    """Tickets and streams of those who are in the room already: the page of each has shown what concerns one alone."""
    from accounts.models import Device
    from accounts.personal import stream_of as own_stream
    from documents.ink import streams_for
    from meetings.room import stream_of

    wall = Device.objects.create(kind="wall", scope=f"meeting:{council.meeting.pk}")
    floor, desk = stream_of(council.meeting, "floor"), stream_of(council.meeting, "desk")
    inks = {guest.pk: [name for name in streams_for(version, guest).values() if name] for guest in guests}
    return {
        "members": [tablet(one.principal_key, own_stream(one.pk), floor) for one in members],
        "guests": [tablet(one.principal_key, own_stream(one.pk), floor, *inks[one.pk]) for one in guests],
        "desk": tablet(council.secretary.principal_key, own_stream(council.secretary.pk), desk),
        "wall": tablet(wall.principal_key, None, stream_of(council.meeting, "wall")),
    }


def tablet(key: str, own: str | None, *streams: str) -> Told:
    """A ticket as a hub gives it, which says what its bearer listens to."""
    from dataclasses import replace

    from realtime import readings, tickets
    from realtime.principals import Principal

    known: dict[str, list[Any] | None] = dict.fromkeys(streams)
    if own is not None:
        head = readings.heads_begun([own])[own]
        known[own] = [head.epoch, head.number]
    issued = tickets.issue(Principal(key), tickets.rights_head())
    issued = replace(issued, streams={name: ":shared:" in name for name in known})
    return {"ticket": issued.frame()["ticket"], "streams": known}


def paper_of(council: Any) -> Any:
    """A draft resolution of five pages, read and drawn."""
    from config.demo.papers import budget
    from documents import actions
    from tests.documents.papers import upload, work

    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        path = Path(folder) / "paper.pdf"
        budget.make_resolution(path, day=datetime.date(2026, 11, 27), seed=2027)
        file = upload(path.read_bytes())
    paper = actions.add_paper(
        council.meeting, by=council.secretary, file=file, declared_grade="none", item=council.item
    )
    work()
    return paper.versions.get()


def reference_roll(council: Any) -> Told:
    """Rolls of polls on another item that never open, for the statements without the service."""
    from voting.actions import draft_poll
    from voting.models import Elector

    keys = sorted(council.meeting.participants.filter(has_vote=True).values_list("person", flat=True))[-MEMBERS:]
    drafts = [
        draft_poll(council.second_item, by=council.secretary, question=f"Nội dung {secrets.token_hex(2)}")
        for _number in range(REFERENCE_ROLLS)
    ]
    lines = [Elector(poll=poll, person_id=key, present_at_opening=True) for poll in drafts for key in keys]
    Elector.objects.bulk_create(lines)
    first = Elector.objects.filter(poll__in=drafts).order_by("pk").first()
    assert first is not None
    # The first four of the roll are of the council; the others follow one another.
    return {"poll": str(first.poll_id), "first_elector": first.pk, "first_person": keys[len(council.voters)]}


if __name__ == "__main__":
    main()
