"""How soon a hall that lost its line is right again, and how much it asks the database for that.

uv run bench/reconnect.py [--quick]

A thousand tablets listen to three streams each, as in a room: one of panels and one of entries that all share, and one
of their own. Their lines are cut at once, something happens meanwhile, and they come back as the page does, each after
a random part of half a second. A tablet is right when it was welcomed and has every stream's last number. It is done
twice: the lines are cut while the server stays, and the server is killed and started again; then the seconds count from
the moment at which it listens. As the reference, the same cut with tickets as a page fetches them, for whose bearers
everybody is asked again. Every right costs a question here, as in real rooms. Queries are counted in the server.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from fanout import raise_file_limit, say, wait_until_it_listens
from parts import Line, Server

FLOOR, INK = "floor:1", "pen:1"
FIRST_WAIT_SECONDS = 0.5  # models/backoff.js: a random part of it
# A tablet that found no server several times waits up to four seconds before it tries again.
# Meanwhile a server that starts anew asks for the heads of the tablets' own streams, of all that came in 50 ms at once.
GOALS = {"cut_seconds": 2.0, "killed_seconds": 5.0, "cut_queries": 20.0, "killed_queries": 100.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="300 tablets instead of 1000")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    raise_file_limit()
    count = 300 if arguments.quick else 1000
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values = {"tablets": float(count), **asyncio.run(measure(Path(folder), count))}
    ok = all(values[name] <= most for name, most in GOALS.items())
    print(json.dumps({"bench": "reconnect", "values": values, "goals": GOALS, "ok": ok}))


async def measure(folder: Path, count: int) -> dict[str, float]:
    server = Server(__file__, folder)
    try:
        server.start()
        hall = [Tablet(number, server.port, server.ask("ticket", str(number))["ticket"]) for number in range(count)]
        await asyncio.gather(*(tablet.connect() for tablet in hall))
        values: dict[str, float] = {}
        for name, disturb in (("cut", server.cut), ("killed", server.restart)):
            values |= await come_back(server, hall, name, disturb)
        for tablet in hall:
            tablet.ticket = tablet.first_ticket
        values |= await come_back(server, hall, "reference", server.cut)
        for tablet in hall:
            tablet.leave()
        return values
    finally:
        server.end()


async def come_back(server: Server, hall: "list[Tablet]", name: str, disturb: Any) -> dict[str, float]:
    for tablet in hall:
        tablet.is_right = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()
    began = await loop.run_in_executor(None, disturb)
    heads = server.ask("happen")["heads"]
    queries = 0 if name == "killed" else server.ask("queries")["count"]
    for tablet in hall:
        tablet.must_have(heads)
    await asyncio.wait_for(asyncio.gather(*(tablet.is_right for tablet in hall)), 120)
    seconds = time.monotonic() - began
    asked = server.ask("queries")["count"] - queries
    print(f"{name:10} {len(hall)} tablets right again after {seconds:5.2f} s; {asked} queries")
    return {f"{name}_seconds": round(seconds, 2), f"{name}_queries": float(asked)}


class Tablet(Line):
    """Comes back whenever its line breaks, and keeps the book of numbers as the page does."""

    def __init__(self, number: int, port: int, ticket: str) -> None:
        super().__init__(number, port, ticket)
        self.first_ticket = ticket
        self.known: dict[str, list[Any] | None] = {FLOOR: None, INK: None, f"mine:{number}": None}
        self.wanted: dict[str, int] = {}
        self.is_right: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_welcome = self.has_left = False
        self.attempt = 0
        self.tasks: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        self.must_have(dict.fromkeys((FLOOR, INK, "mine"), 0))
        await self.reach()
        await asyncio.wait_for(self.is_right, 120)

    async def reach(self) -> None:
        try:
            await super().reach()
        except OSError:
            self.come_again()

    def come_again(self) -> None:
        longest = min(4.0, FIRST_WAIT_SECONDS * 1.7**self.attempt)
        self.attempt += 1
        asyncio.get_running_loop().call_later(random.random() * longest, self.begin)

    def begin(self) -> None:
        task = asyncio.get_running_loop().create_task(self.reach())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def hello(self) -> dict[str, Any]:
        self.is_welcome = False
        return {"streams": self.known}

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.has_left:
            self.come_again()

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "welcome":
            self.is_welcome, self.attempt = True, 0
        elif frame["t"] == "ticket":
            self.ticket = frame["ticket"]
        elif frame["t"] in {"reset", "panels"}:
            self.known[frame["s"]] = [frame["epoch"], frame["seq"]]
        elif frame["t"] == "entries":
            self.known[frame["s"]] = [frame["epoch"], frame["to"]]
        elif frame["t"] == "bye":
            raise SystemExit(f"A tablet was sent away: {frame}")
        self.look()

    def must_have(self, heads: dict[str, int]) -> None:
        self.wanted = {FLOOR: heads[FLOOR], INK: heads[INK], f"mine:{self.number}": heads["mine"]}
        self.look()

    def look(self) -> None:
        has_all = all((known := self.known[name]) and known[1] >= number for name, number in self.wanted.items())
        if self.is_welcome and has_all and not self.is_right.done():
            self.is_right.set_result(None)

    def leave(self) -> None:
        self.has_left = True
        self.line.close()


# -- The server --------------------------------------------------------------------------------------------------------


def serve(port: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    from config.child import settle_memory

    django.setup()
    call_command("migrate", verbosity=0)
    application = our_application()
    settle_memory()
    from daphne.server import Server as Daphne
    from twisted.internet import reactor

    server = Daphne(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"], ping_interval=3600)
    reactor.callWhenRunning(lambda: asyncio.get_event_loop().create_task(obey(server, port)))
    server.run()


counted = {"queries": 0}


def our_application() -> Any:
    from django.db.backends.signals import connection_created

    from config.asgi import application
    from realtime import principals
    from realtime.kinds import StreamKind, register_kind
    from realtime.models import Stream
    from realtime.streams import head

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        counted["queries"] += 1
        return execute(sql, *rest)

    def watch(connection: Any, **_: Any) -> None:
        if count not in connection.execute_wrappers:
            connection.execute_wrappers.append(count)

    class Asked(StreamKind):
        def may_listen(self, principal: Any, name: str) -> bool:
            return Stream.objects.filter(pk=-1).first() is None  # what a right costs: one question

    class Floor(Asked):
        prefix, mode = "floor", "panels"

        def panels(self, name: str) -> list[str]:
            return ["head", "poll"]

        def render(self, name: str, panel: str, language: str) -> str:
            return f"<p>{panel} {head(name)[1]}</p>" + "." * 2000

    class Mine(Floor):
        prefix = "mine"

    class Pen(Asked):
        prefix, mode = "pen", "entries"

        def state(self, name: str) -> Any:
            return []

    for kind in (Floor(), Mine(), Pen()):
        register_kind(kind)
    principals.checks[:] = [lambda principal: principal if Stream.objects.filter(pk=-1).first() is None else None]
    connection_created.connect(watch, weak=False)
    return application


async def obey(server: Any, port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, wait_until_it_listens, port)
    say({"port": port})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        word, _, rest = line.strip().partition(" ")
        if word == "ticket":
            say(await loop.run_in_executor(None, ticket_of, rest))
        elif word == "cut":
            for protocol in list(server.connections):
                if protocol.transport is not None:
                    protocol.transport.abortConnection()
            say({})
        elif word == "happen":
            say(await loop.run_in_executor(None, something_happens))
        else:
            say({"count": counted["queries"]})


def ticket_of(number: str) -> dict[str, Any]:
    from realtime import tickets
    from realtime.principals import Principal

    return tickets.issue(Principal(f"person:{number}"), tickets.rights_head()).frame()


def something_happens() -> dict[str, Any]:
    """The floor changes and somebody writes; return the numbers that everybody must have then."""
    from realtime.streams import head, publish, touch
    from realtime.transactions import one_transaction

    with one_transaction():
        touch(FLOOR, "head")
        publish(INK, {"stroke": "." * 200})
    return {"heads": {FLOOR: head(FLOOR)[1], INK: head(INK)[1], "mine": 0}}


if __name__ == "__main__":
    main()
