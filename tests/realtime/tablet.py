"""A tablet for tests: says frames, hears frames, and never waits longer than it must."""

import asyncio
import json
import threading
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from channels.testing import WebsocketCommunicator
from django.db import close_old_connections

from realtime import tickets
from realtime.principals import Principal, fingerprint
from realtime.socket import socket

PATIENCE_SECONDS = 8
Found = TypeVar("Found")


class Tablet:
    """Speaks to the socket application in this process."""

    def __init__(self) -> None:
        self.line = WebsocketCommunicator(socket, "/socket/")
        self.ticket: dict[str, Any] = {}  # the last one that came

    async def connect(self) -> "Tablet":
        connected, _ = await self.line.connect()
        assert connected
        return self

    async def say(self, frame: dict[str, Any]) -> None:
        await self.line.send_to(text_data=json.dumps(frame))

    async def hear(self) -> dict[str, Any]:
        """Return the next frame; tickets come along with everything that is listened to, and are passed over."""
        while (frame := await joined(self.hear_message))["t"] == "ticket":
            self.ticket = frame
        return frame

    async def hear_ticket(self) -> dict[str, Any]:
        """Return the next ticket that comes over the line."""
        while (frame := await joined(self.hear_message))["t"] != "ticket":
            assert frame["t"] != "bye", frame
        return frame

    async def hear_message(self) -> dict[str, Any]:
        return json.loads(await self.line.receive_from(PATIENCE_SECONDS))

    async def hear_a(self, kind: str) -> dict[str, Any]:
        """Return the next frame of a kind, passing over others."""
        while (frame := await self.hear())["t"] != kind:
            assert frame["t"] != "bye", frame
        return frame

    async def hears_nothing(self) -> bool:
        """Say whether nothing else arrives before the answer to a ping and the window of ephemera."""
        while not await self.line.receive_nothing(0.15):
            frame = await self.hear_message()
            if frame["t"] != "ticket":
                return False
        return True

    async def hang_up(self) -> None:
        await self.line.disconnect()

    async def perform(self, kind: str, op: str | None = None, **payload: Any) -> str:
        op = op or str(uuid.uuid4())
        await self.say({"t": "op", "ops": [{"op": op, "t": kind, **payload}]})
        return op


async def joined(hear: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Return the next frame, put together when it comes in parts."""
    frame, texts = await hear(), []
    while frame["t"] == "part":
        texts.append(frame["text"])
        assert frame["n"] == len(texts)
        frame = json.loads("".join(texts)) if frame["n"] == frame["of"] else await hear()
    return frame


async def tablet_of(
    key: str, streams: dict[str, Any] | None = None, language: str = "vi", session: str = "session"
) -> tuple[Tablet, dict[str, Any]]:
    """Return a tablet that has been welcomed, and the welcome."""
    tablet = await Tablet().connect()
    await tablet.say(hello(await in_db(ticket_for, key, language, session), streams))
    return tablet, await tablet.hear_a("welcome")


def hello(ticket: str, streams: dict[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    return {
        "t": "hello",
        "v": 1,
        "ticket": ticket,
        "client": str(uuid.uuid4()),
        "build": "test",
        "streams": streams or {},
        **other,
    }


def ticket_for(key: str, language: str = "vi", session: str = "session") -> str:
    return tickets.issue(Principal(key, language, session=fingerprint(session)), tickets.rights_head()).frame()[
        "ticket"
    ]


async def in_db(question: Callable[..., Found], *args: Any, **kwargs: Any) -> Found:
    """Ask the database from a test's coroutine, as another thread with a connection of its own."""
    return await asyncio.to_thread(with_own_connection, question, *args, **kwargs)


def with_own_connection(question: Callable[..., Found], *args: Any, **kwargs: Any) -> Found:
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(0)`, `work(1)`… in threads that start together; return what they returned or raised."""
    results: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = with_own_connection(work, index)
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
