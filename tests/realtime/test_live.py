"""Against Daphne itself, in a process of its own: origins, other processes, restarts, slow lines."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from realtime.models import Entry, Operation
from realtime.streams import head, publish
from realtime.transactions import one_transaction
from tests.realtime.tablet import PATIENCE_SECONDS, hello, ticket_for

METRICS_TOKEN = "counts"
ENDED_AS_SLOW = 'phien_connections_ended_total{code="slow"}'
MEMORY_MOST_KB = 40_000  # 64 answers of 400 KB, and some; 67_000 without the limit

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["realtime"])


class Server:
    """Daphne with the tests' database; it keeps its port when it is started again."""

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.lines = ExitStack()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> "Server":
        env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(self.port),
            "PHIEN_METRICS_TOKEN": METRICS_TOKEN,
        }
        command = [sys.executable, str(Path(__file__).with_name("server.py"))]
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        return self

    def end(self, how: int = signal.SIGTERM) -> None:
        assert self.process is not None
        if self.is_running:
            self.process.send_signal(how)
        self.process.wait(PATIENCE_SECONDS)

    def count(self, name: str) -> float:
        """Return one of the server's own counts."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        line.request("GET", "/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        lines = line.getresponse().read().decode().splitlines()
        line.close()
        return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name} ")), 0.0)

    def memory_kb(self) -> int:
        assert self.process is not None
        asked = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.run(asked, capture_output=True, check=True).stdout)

    def open(self, origin: str | None = "", **options: Any) -> ClientConnection:
        """Return an open line; it is closed at the end of the test."""
        own = f"http://127.0.0.1:{self.port}"
        line = connect(
            f"ws://127.0.0.1:{self.port}/socket/", origin=own if origin == "" else origin, close_timeout=1, **options
        )
        return self.lines.enter_context(line)

    def tablet(self, key: str, streams: dict | None = None, **options: Any) -> ClientConnection:
        line = self.open(**options)
        say(line, hello(ticket_for(key), streams))
        assert hear_a(line, "welcome")["principal"] == key
        return line


def database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{place['NAME']}"
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


@pytest.fixture(scope="module")
def started(django_db_setup: None) -> Iterator[Server]:
    server = Server()
    yield server
    server.end()


@pytest.fixture
def server(started: Server, transactional_db: None) -> Iterator[Server]:
    """Return the server, running; started again when the last test has ended it."""
    with started.lines:
        yield started if started.is_running else started.start()


@pytest.fixture
def slate() -> str:
    """Return a slate of its own for each test: the server outlives them."""
    return f"slate:{uuid4()}"


def say(line: ClientConnection, frame: dict) -> None:
    line.send(json.dumps(frame))


def hear(line: ClientConnection) -> dict:
    frame, text = json.loads(line.recv(PATIENCE_SECONDS)), ""
    while frame["t"] == "part":
        text += frame["text"]
        frame = json.loads(text) if frame["n"] == frame["of"] else json.loads(line.recv(PATIENCE_SECONDS))
    return hear(line) if frame["t"] == "ticket" else frame


def hear_a(line: ClientConnection, kind: str) -> dict:
    while (frame := hear(line))["t"] != kind:
        pass
    return frame


def write(slate: str, *words: str) -> None:
    with one_transaction():
        for word in words:
            publish(slate, {"word": word})


def words(slate: str) -> list[str]:
    return [
        body["word"]
        for body in Entry.objects.filter(stream__name=slate).order_by("number").values_list("body", flat=True)
    ]


def test_a_page_of_another_origin_or_of_none_is_not_let_in(server: Server):
    for origin in ("https://evil.example", "http://127.0.0.1.evil.example", "null", None):
        with pytest.raises(InvalidStatus) as refused:
            server.open(origin=origin)
        assert refused.value.response.status_code == 403
    line = server.open()
    say(line, hello("forged"))
    assert hear(line) == {"t": "bye", "code": "ticket"}
    with pytest.raises(ConnectionClosed):
        line.recv(PATIENCE_SECONDS)
    assert line.close_code == 4401


def test_what_this_process_writes_arrives_through_the_other(server: Server, slate: str):
    line = server.tablet("person:1", {slate: None})
    assert hear_a(line, "reset")["state"] == []
    write(slate, "từ xa")
    assert [body["word"] for body in hear_a(line, "entries")["e"]] == ["từ xa"]


def test_operations_are_acknowledged_and_shown_to_others(server: Server, slate: str):
    an, binh = server.tablet("person:1"), server.tablet("person:2", {slate: None})
    op = perform(an, slate, "yes")
    assert hear_a(an, "ack")["r"] == [{"op": op, "length": 3}]
    assert [body["word"] for body in hear_a(binh, "entries")["e"]] == ["yes"]
    assert words(slate) == ["yes"]


def test_a_server_that_ends_says_so_and_the_next_one_goes_on_where_it_stopped(server: Server, slate: str):
    line = server.tablet("person:1", {slate: None})
    hear_a(line, "reset")
    write(slate, "một")
    assert hear_a(line, "entries")["to"] == 1
    server.end(signal.SIGTERM)
    assert hear_a(line, "bye")["code"] == "restart"
    write(slate, "hai", "ba")
    server.start()
    line = server.tablet("person:1", {slate: [head(slate)[0], 1]})
    entries = hear(line)
    assert (entries["from"], [body["word"] for body in entries["e"]]) == (2, ["hai", "ba"])


def test_a_server_that_is_killed_loses_nothing_acknowledged_and_applies_nothing_twice(server: Server, slate: str):
    ops = [{"op": str(uuid4()), "t": "write_word", "slate": slate, "word": f"{number:02}"} for number in range(40)]
    acknowledged: set[str] = set()
    line = server.tablet("person:1")
    for op in ops:
        say(line, {"t": "op", "ops": [op]})
    while len(acknowledged) < 5:
        acknowledged |= {answer["op"] for answer in hear_a(line, "ack")["r"]}
    server.end(signal.SIGKILL)
    assert {op["op"] for op in ops if op["word"] in words(slate)} >= acknowledged
    server.start()
    again = server.tablet("person:1")
    say(again, {"t": "op", "ops": ops})
    answered = {answer["op"] for answer in hear_a(again, "ack")["r"]}
    assert answered == {op["op"] for op in ops}
    assert sorted(words(slate)) == [op["word"] for op in ops]


def test_a_line_that_does_not_keep_up_is_ended_and_holds_up_nobody(server: Server, slate: str):
    slow = server.tablet("person:1", {slate: None}, max_queue=1, sock=narrow_line(server.port))
    quick = server.tablet("person:2", {slate: None})
    hear_a(slow, "reset")
    hear_a(quick, "reset")
    for number in range(1, 201):
        perform(quick, slate, f"{number} " + "a" * 50_000)
        assert hear_a(quick, "entries")["to"] == number
    heard = heard_until_the_end(slow)
    assert heard["t"] in {"entries", "bye"}
    assert heard.get("to", 0) < 200


def test_a_line_that_asks_and_asks_and_does_not_listen_is_ended_before_it_costs_much(server: Server, slate: str):
    write(slate, *(f"{number} " + "a" * 1000 for number in range(400)))
    everything = {slate: [head(slate)[0], 0]}
    quick = server.tablet("person:2", {slate: None})
    hear_a(quick, "reset")
    slow = server.tablet("person:1", max_queue=1, sock=narrow_line(server.port))
    ended, memory_kb = server.count(ENDED_AS_SLOW), server.memory_kb()
    for _ in range(400):
        say(slow, {"t": "listen", "streams": everything})
    most_kb, asked_last = 0, perform(slow, slate, "asked")
    while server.count(ENDED_AS_SLOW) == ended and not Operation.objects.filter(op=asked_last).exists():
        most_kb = max(most_kb, server.memory_kb() - memory_kb)
        perform(quick, slate, "quick")
        hear_a(quick, "entries")
    assert server.count(ENDED_AS_SLOW) == ended + 1
    assert most_kb < MEMORY_MOST_KB


def narrow_line(port: int) -> socket.socket:
    """Return a line on which little is under way at once, so that a slow reader is soon felt by the server."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    line.connect(("127.0.0.1", port))
    return line


def perform(line: ClientConnection, slate: str, word: str) -> str:
    op = str(uuid4())
    say(line, {"t": "op", "ops": [{"op": op, "t": "write_word", "slate": slate, "word": word}]})
    return op


def heard_until_the_end(line: ClientConnection) -> dict:
    heard = {}
    try:
        while True:
            heard = hear(line)
    except ConnectionClosed:
        return heard
