"""What it costs to show 500 tablets that the session has gone on to the next item: pushed, or fetched by each.

uv run bench/panels.py [--quick]

The room of a real session: the chair takes up one item after another. In one server the tablets listen to the floor
and are sent the finished panels, as in the product. In another they are told which panels changed, and each fetches
them in one request over a connection that stays open, with its session, as a well-made page of that kind would. The
servers take turns within one run. The time is from the act to the last tablet having the HTML; processor time is the
server's own.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from fanout import raise_file_limit, say, wait_until_it_listens
from parts import Line, Server

WAYS = ("pushed", "fetched")
ITEMS = 40
PATIENCE_SECONDS, PING_SECONDS = 600, 20  # 500 tablets that fetch take minutes; who is silent for 90 s is let go
GOALS = {"fetched_cpu_to_pushed": 20.0, "pushed_last_ms": 500.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 tablets and fewer rounds")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    raise_file_limit()
    count, rounds = (100, {"pushed": 3, "fetched": 2}) if arguments.quick else (500, {"pushed": 6, "fetched": 1})
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder:
        values = {"tablets": float(count), **asyncio.run(measure(Path(folder), count, rounds))}
    ok = (
        values["fetched_cpu_to_pushed"] >= GOALS["fetched_cpu_to_pushed"]
        and values["pushed_last_ms"] <= GOALS["pushed_last_ms"]
    )
    print(json.dumps({"bench": "panels", "values": values, "goals": GOALS, "ok": ok}))


async def measure(folder: Path, count: int, rounds: dict[str, int]) -> dict[str, float]:
    servers = {way: Server(__file__, folder / way, BENCH_WAY=way) for way in WAYS}
    try:
        halls: dict[str, list[Any]] = {}
        for way, server in servers.items():
            server.start()
            told = server.ask("begin")
            kind = Pushed if way == "pushed" else Fetching
            halls[way] = [kind(number, server.port, told) for number in range(count)]
            await asyncio.gather(*(tablet.connect() for tablet in halls[way]))
        pinging = asyncio.create_task(ping([*halls["pushed"], *halls["fetched"]]))
        last: dict[str, list[float]] = {way: [] for way in WAYS}
        cpu: dict[str, list[float]] = {way: [] for way in WAYS}
        for number in range(max(rounds.values()) + 1):
            for way, server in servers.items():
                if number > rounds[way]:
                    continue
                for tablet in halls[way]:
                    tablet.shown = asyncio.get_running_loop().create_future()
                used, began = server.ask("usage")["cpu"], time.monotonic()
                server.tell("next")
                await asyncio.wait_for(asyncio.gather(*(tablet.shown for tablet in halls[way])), PATIENCE_SECONDS)
                seconds = time.monotonic() - began
                server.hear()
                if number:  # the first round warms up
                    last[way].append(seconds * 1000)
                    cpu[way].append((server.ask("usage")["cpu"] - used) * 1000)
        pinging.cancel()
        values = {}
        for way in WAYS:
            values[f"{way}_last_ms"] = round(statistics.median(last[way]), 1)
            values[f"{way}_cpu_ms"] = round(statistics.median(cpu[way]), 1)
            print(
                f"{way:8} {count} tablets: the last after {values[f'{way}_last_ms']:8.1f} ms,"
                f" server {values[f'{way}_cpu_ms']:8.1f} ms of processor"
            )
        values["fetched_cpu_to_pushed"] = round(values["fetched_cpu_ms"] / values["pushed_cpu_ms"], 1)
        values["fetched_last_to_pushed"] = round(values["fetched_last_ms"] / values["pushed_last_ms"], 1)
        return values
    finally:
        for server in servers.values():
            server.end()


async def ping(tablets: list[Line]) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        for tablet in tablets:
            tablet.say({"t": "ping"})


class Pushed(Line):
    """A tablet of the product."""

    def __init__(self, number: int, port: int, told: dict[str, Any]) -> None:
        super().__init__(number, port, told["ticket"])
        self.stream = told["stream"]
        self.shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hello(self) -> dict[str, Any]:
        return {"streams": {self.stream: None}}

    async def connect(self) -> None:
        await self.reach()
        await asyncio.wait_for(self.shown, 60)

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] in {"panels", "reset"} and not self.shown.done():
            self.shown.set_result(None)


class Fetching(Line):
    """A tablet that is told what changed, and fetches it."""

    def __init__(self, number: int, port: int, told: dict[str, Any]) -> None:
        super().__init__(number, port, told["ticket"])
        self.cookie = told["cookie"]
        self.shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.tasks: set[asyncio.Task[None]] = set()

    def hello(self) -> dict[str, Any]:
        return {"streams": {"told:1": None}}

    async def connect(self) -> None:
        self.answers, self.requests = await asyncio.open_connection("127.0.0.1", self.port)
        await self.reach()
        await asyncio.wait_for(self.shown, 60)

    def take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "reset":
            self.shown.set_result(None)
        elif frame["t"] == "entries":
            task = asyncio.get_running_loop().create_task(self.fetch(frame["e"][-1]["panels"]))
            self.tasks.add(task)
            task.add_done_callback(self.settle)

    def settle(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if error := task.exception():
            self.shown.set_exception(error)

    async def fetch(self, panels: list[str]) -> None:
        self.requests.write(
            f"GET /bench/panels/?names={','.join(panels)} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Cookie: sessionid={self.cookie}\r\n\r\n".encode()
        )
        head = (await self.answers.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("http/1.1 200"), head
        size = int(head.partition("content-length:")[2].partition("\r\n")[0])
        assert len(await self.answers.readexactly(size)) > 200
        self.shown.set_result(None)


# -- The server --------------------------------------------------------------------------------------------------------


def serve(port: int) -> None:
    raise_file_limit()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from daphne.server import Server as Daphne
    from django.urls import path
    from twisted.internet import reactor

    from config import urls
    from config.asgi import application
    from realtime.kinds import StreamKind, register_kind

    class Told(StreamKind):
        prefix, mode = "told", "entries"

        def may_listen(self, principal: Any, name: str) -> bool:
            return True

        def state(self, name: str) -> Any:
            return []

    register_kind(Told())
    urls.urlpatterns.insert(0, path("bench/panels/", changed_panels))
    room = Room()
    server = Daphne(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"], ping_interval=3600)
    reactor.callWhenRunning(lambda: asyncio.get_event_loop().create_task(obey(port, room)))
    server.run()


class Room:
    """A session in which one item after another is taken up."""

    def __init__(self) -> None:
        from meetings import actions
        from meetings.room import stream_of
        from tests.council import make_council

        self.council = make_council()
        for number in range(ITEMS):
            actions.add_item(
                self.council.meeting, by=self.council.secretary, title=f"Báo cáo số {number + 1}", planned_minutes=10
            )
        self.council.start()
        self.items = list(self.council.meeting.items.order_by("position"))
        self.stream = stream_of(self.council.meeting, "floor")
        Room.present = self

    present: "Room"

    def begin(self) -> dict[str, Any]:
        from realtime import tickets
        from realtime.principals import Principal
        from tests.council import client_of

        client = client_of(self.council.member)
        ticket = tickets.issue(Principal(self.council.member.principal_key), tickets.rights_head()).frame()["ticket"]
        return {"ticket": ticket, "stream": self.stream, "cookie": client.cookies["sessionid"].value}

    def go_on(self) -> dict[str, Any]:
        from meetings import actions
        from realtime.models import Entry
        from realtime.streams import publish
        from realtime.transactions import one_transaction

        actions.take_up_item(self.items.pop(0), by=self.council.chair)
        if os.environ["BENCH_WAY"] == "fetched":
            changed = Entry.objects.filter(stream__name=self.stream).order_by("-number").values_list("body", flat=True)
            with one_transaction():
                publish("told:1", {"panels": changed[0]["panels"]})
        return {}


def changed_panels(request: Any) -> Any:
    """Answer with the panels asked for, fetched through the person."""
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404

    from meetings.models import Meeting
    from realtime.kinds import kind_of

    get_object_or_404(Meeting.objects.visible_to(request.user), pk=Room.present.council.meeting.pk)
    kind = kind_of(Room.present.stream)
    assert kind is not None
    names = request.GET["names"].split(",")
    return HttpResponse("".join(kind.render(Room.present.stream, name, "vi") for name in names))


async def obey(port: int, room: Room) -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, wait_until_it_listens, port)
    say({"port": port})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        word = line.strip()
        if word == "usage":
            say({"cpu": time.process_time()})
        else:
            say(await loop.run_in_executor(None, room.begin if word == "begin" else room.go_on))


if __name__ == "__main__":
    main()
