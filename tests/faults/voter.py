"""Tablets that vote: over the socket, or without one, question by question. Both repeat until they are answered."""

import asyncio
import random
import uuid
from collections.abc import Callable
from typing import Any

import httpx

from realtime.readings import Head
from tests.faults.member import Member
from tests.realtime.tablet import hello

AGAIN_AFTER_SECONDS = 0.5  # the page waits 2 s; a test has less time
FINAL = {"closed", "already_voted"}


class Voter(Member):
    """A tablet on the socket. `answered` is called with every answer that settles a ballot."""

    streams = ()

    def __init__(self, person: int, poll: str, port: int, rights: Head, rng: random.Random) -> None:
        super().__init__(person, port, rights, rng)
        self.person, self.poll = person, poll
        self.answered: Callable[[], None] = lambda: None
        self.refused: dict[str, str] = {}

    def operation(self, op: str, word: str) -> dict[str, Any]:
        return {"op": op, "t": "cast_ballot", "poll": self.poll, "choice": word}

    async def settle(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "nack" and frame["code"] in FINAL and frame["op"] in self.waiting:
            self.refused[frame["op"]] = frame["code"]
            del self.waiting[frame["op"]]
        await super().settle(frame)
        if frame["t"] == "ack":
            self.answered()


class VoterWithoutSocket(Voter):
    """A tablet behind a proxy that eats sockets: POST /sync/."""

    async def stay(self) -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=5) as line:
            line.headers["Origin"] = str(line.base_url).rstrip("/")
            while True:
                try:
                    await self.ask(line)
                except httpx.TransportError:
                    self.connections = 0
                await asyncio.sleep(AGAIN_AFTER_SECONDS * self.rng.random() if not self.is_live else 0.02)

    @property
    def is_live(self) -> bool:
        return self.connections > 0

    async def ask(self, line: httpx.AsyncClient) -> None:
        ops = [self.operation(op, word) for op, word in self.waiting.items()]
        if self.is_live and not ops:
            return
        frames = [hello(self.ticket), *([{"t": "op", "ops": ops}] if ops else [])]
        answer = await line.post("/sync/", json={"frames": frames})
        answer.raise_for_status()
        for frame in answer.json()["frames"]:
            if frame["t"] == "welcome":
                self.connections += 1
            elif frame["t"] in {"ack", "nack"}:
                await self.settle(frame)


class Desk:
    """The secretary's page: presses a button again until the server has answered."""

    def __init__(self, port: int, poll: str, session: str) -> None:
        token = uuid.uuid4().hex
        self.poll = poll
        self.line = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            cookies={"sessionid": session, "csrftoken": token},
            headers={"X-CSRFToken": token, "HX-Request": "true"},
            timeout=5,
        )

    async def press(self, noun: str, **fields: str) -> int:
        """Return 204 when it is done, 422 when it was done before."""
        while True:
            try:
                return (await self.line.post(f"/polls/{self.poll}/{noun}/", data=fields)).status_code
            except httpx.TransportError:
                await asyncio.sleep(AGAIN_AFTER_SECONDS)

    async def file(self) -> dict[str, Any]:
        answer = await self.line.get(f"/polls/{self.poll}/file.json")
        return answer.raise_for_status().json()
