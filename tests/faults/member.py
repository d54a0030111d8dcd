"""A member's tablet as the scripts of the page are: an outbox, a book of numbers, and it never gives up."""

import asyncio
import json
import random
import uuid
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from realtime import tickets
from realtime.principals import Principal, fingerprint
from realtime.readings import Head
from tests.faults import BOARD, SLATE
from tests.realtime.tablet import hello, joined

PING_SECONDS = 0.5
DEAD_AFTER_SECONDS = 2.0  # the page waits 12 s; a test has less time
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, GROWTH = 0.5, 4.0, 1.7


class Member:
    streams: tuple[str, ...] = (SLATE, BOARD)

    def __init__(self, number: int, port: int, rights: Head, rng: random.Random) -> None:
        self.key = f"person:{number}"
        self.port, self.rng = port, rng
        principal = Principal(self.key, "vi", session=fingerprint("session"))
        self.ticket = self.first_ticket = tickets.issue(principal, rights).frame()["ticket"]
        self.known: dict[str, list[Any] | None] = dict.fromkeys(self.streams)
        self.words: list[str] = []
        self.panels: dict[str, str] = {}
        self.waiting: dict[str, str] = {}  # operation -> word, oldest first
        self.on_the_way: set[str] = set()
        self.acknowledged: dict[str, str] = {}
        self.refusals: list[str] = []
        self.connections = 0
        self.line: ClientConnection | None = None

    @property
    def is_live(self) -> bool:
        return self.line is not None

    async def stay(self) -> None:
        """Connect again and again, for as long as the test lasts."""
        attempt = 0
        while True:
            began = self.connections
            with suppress(OSError, WebSocketException, TimeoutError, EOFError):
                await self.converse()
            self.line = None
            self.on_the_way.clear()
            attempt = 0 if self.connections > began else attempt + 1
            longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * GROWTH**attempt)
            await asyncio.sleep(self.rng.random() * longest)

    async def converse(self) -> None:
        own = f"http://127.0.0.1:{self.port}"
        address = f"ws://127.0.0.1:{self.port}/socket/"
        async with connect(address, origin=Origin(own), open_timeout=5, close_timeout=0.1) as line:
            await line.send(json.dumps(hello(self.ticket, self.known)))
            pinging = asyncio.create_task(self.ping(line))
            try:
                while True:
                    async with asyncio.timeout(DEAD_AFTER_SECONDS):
                        frame = await joined(lambda: heard(line))
                    if frame["t"] == "bye":
                        self.ticket = self.first_ticket
                        return
                    await self.take(line, frame)
            finally:
                pinging.cancel()

    async def ping(self, line: ClientConnection) -> None:
        with suppress(WebSocketException):
            while True:
                await asyncio.sleep(PING_SECONDS)
                await line.send(json.dumps({"t": "ping"}))

    async def take(self, line: ClientConnection, frame: dict[str, Any]) -> None:
        if frame["t"] == "ticket":
            self.ticket = frame["ticket"]
        elif frame["t"] == "welcome":
            self.line = line
            self.connections += 1
            await self.send_waiting()
        elif frame["t"] == "reset":
            self.known[frame["s"]] = [frame["epoch"], frame["seq"]]
            if frame["s"] == SLATE:
                self.words = list(frame["state"])
            else:
                self.panels = dict(frame["state"])
        elif frame["t"] == "entries":
            await self.take_entries(line, frame)
        elif frame["t"] == "panels":
            self.known[BOARD] = [frame["epoch"], frame["seq"]]
            self.panels |= frame["p"]
        elif frame["t"] == "pong":
            await self.compare(line, frame["heads"])
        elif frame["t"] in {"ack", "nack"}:
            await self.settle(frame)

    async def take_entries(self, line: ClientConnection, frame: dict[str, Any]) -> None:
        known = self.known[SLATE]
        seen = known[1] if known else 0
        if frame["from"] > seen + 1:
            await self.ask(line, SLATE)
        elif frame["to"] > seen:
            # A state may hold words younger than its number: applying one twice changes nothing.
            fresh = [body["word"] for body in frame["e"][seen + 1 - frame["from"] :]]
            there = set(self.words)
            self.words += [word for word in fresh if word not in there]
            self.known[SLATE] = [frame["epoch"], frame["to"]]

    async def compare(self, line: ClientConnection, heads: dict[str, int]) -> None:
        known = self.known.get(SLATE)
        if known and heads.get(SLATE, 0) > known[1]:
            await self.ask(line, SLATE)

    async def ask(self, line: ClientConnection, stream: str) -> None:
        await line.send(json.dumps({"t": "listen", "streams": {stream: self.known[stream]}}))

    # -- Acts

    async def write(self, word: str) -> None:
        """Put a word in the outbox; it is sent until it is answered."""
        self.waiting[str(uuid.UUID(int=self.rng.getrandbits(128), version=4))] = word
        await self.send_waiting()

    async def send_waiting(self) -> None:
        if self.line is None or self.on_the_way or not self.waiting:
            return
        ops = [self.operation(op, word) for op, word in list(self.waiting.items())[:50]]
        self.on_the_way = {op["op"] for op in ops}
        with suppress(WebSocketException):
            await self.line.send(json.dumps({"t": "op", "ops": ops}))

    def operation(self, op: str, word: str) -> dict[str, Any]:
        return {"op": op, "t": "chalk", "word": word}

    async def settle(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "ack":
            for answer in frame["r"]:
                if answer["op"] in self.waiting:
                    self.acknowledged[answer["op"]] = self.waiting.pop(answer["op"])
                self.on_the_way.discard(answer["op"])
        else:
            self.refusals.append(frame["code"])
            self.on_the_way.discard(frame["op"])
        if self.on_the_way:
            return
        if frame["t"] == "nack":
            await asyncio.sleep(self.rng.random() * FIRST_WAIT_SECONDS)
        await self.send_waiting()


async def heard(line: ClientConnection) -> dict[str, Any]:
    return json.loads(await line.recv())
