"""One connection: who it is, what still waits to be sent, and the task that sends it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from realtime import metrics
from realtime.daphne_socket import fast_write, unsent_bytes
from realtime.frames import CLOSE_CODES, STREAMS_MOST, Frame, encoded, parts
from realtime.principals import Principal
from realtime.tickets import Ticket

if TYPE_CHECKING:
    from realtime.served import Served

logger = logging.getLogger(__name__)

WAITING_FRAMES_MOST = 512
WAITING_CHARACTERS_MOST = 256 * 1024
EPHEMERA_FRAMES_MOST = 8  # per connection: they are only worth something while they are fresh
UNSENT_BYTES_MOST = 128 * 1024
SLOW_LINE_PAUSE_SECONDS = 0.05
SLOW_LINE_PATIENCE_SECONDS = 10
LAST_WORD_ATTEMPTS = 100

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Latest(Protocol):
    """A stream of panels: of it not frames wait, but only that there is something newer."""

    def next_frame(self, connection: "Connection") -> str | None: ...


class Connection:
    def __init__(self, send: Send, ticket: Ticket, client: str) -> None:
        self.send = send
        self.unsent_bytes = unsent_bytes(send)
        self.write_at_once = fast_write(send)
        self.is_sending = False
        self.ticket = ticket
        self.came_with = ticket.rights_epoch
        self.ticket_since = time.monotonic()
        self.heard_at = time.monotonic()
        self.principal: Principal = ticket.principal
        self.client = client
        self.rights_changed = 0  # how often the hub was told to look again
        self.looks = 0  # of them under way
        self.streams: dict[str, Served] = {}
        self.frames: deque[tuple[str, int]] = deque()
        self.characters = 0
        self.asked_for = 0  # frames among them that the other side asked for
        self.latest: dict[Latest, None] = {}
        self.ephemera: deque[str] = deque(maxlen=EPHEMERA_FRAMES_MOST)
        self.ending: str | None = None
        self.something = asyncio.Event()

    def push(self, frame: Frame | str, *, asked_for: bool = False) -> None:
        """Put a frame in line. A connection that does not keep up is ended: it comes back and asks for the rest.

        What it asked for itself (a whole state may be large) does not count against it, as long as it does not ask for
        more than it could listen to.
        """
        if self.ending:
            return
        text = frame if isinstance(frame, str) else encoded(frame)
        if self.has_written(text):
            return
        size = 0 if asked_for else len(text)
        if self.frames and self.is_overfull(size):
            self.end("slow")
            return
        self.frames.append((text, size))
        self.asked_for += asked_for
        self.characters += size
        self.something.set()

    def is_overfull(self, more: int) -> bool:
        if not more:
            return self.asked_for >= STREAMS_MOST
        return self.characters + more > WAITING_CHARACTERS_MOST or len(self.frames) >= WAITING_FRAMES_MOST

    def has_written(self, text: str) -> bool:
        """Write it without waiting for one's turn, where nothing stands in line before it."""
        is_next = not self.frames and not self.is_sending and not self.ending
        return is_next and self.write_at_once is not None and self.write_at_once(text)

    def push_latest(self, stream: Latest) -> None:
        self.latest[stream] = None
        self.something.set()

    def push_ephemera(self, text: str) -> None:
        if not self.ephemera and not self.latest and self.has_written(text):
            return
        if len(self.ephemera) == EPHEMERA_FRAMES_MOST:
            metrics.dropped.inc()
        self.ephemera.append(text)
        self.something.set()

    def end(self, code: str) -> None:
        """Say bye as soon as the line is free and close; whatever else waits is dropped."""
        if self.ending is None:
            self.ending = code
            metrics.ended.labels(code).inc()
            self.something.set()

    async def send_waiting(self) -> str:
        """Send what waits, for as long as the conversation lasts; return the code with which it ends."""
        while self.ending is None:
            text = self.next_text()
            if text is None:
                self.something.clear()
                await self.something.wait()
                continue
            await self.send_in_parts(text)
        return self.ending

    async def send_in_parts(self, text: str) -> None:
        self.is_sending = True  # what is pushed meanwhile comes after it
        try:
            for part in parts(text):
                if not await self.line_is_free():
                    self.end("slow")
                    return
                if not (self.write_at_once and self.write_at_once(part)):
                    await self.send({"type": "websocket.send", "text": part})
        finally:
            self.is_sending = False

    def next_text(self) -> str | None:
        """Return the next frame to send: what is durable first, then the latest panels, then what passes."""
        if self.frames:
            text, size = self.frames.popleft()
            self.characters -= size
            self.asked_for -= not size
            return text
        while self.latest:
            stream = next(iter(self.latest))
            del self.latest[stream]
            if latest := stream.next_frame(self):
                return latest
        return self.ephemera.popleft() if self.ephemera else None

    async def line_is_free(self) -> bool:
        patience = time.monotonic() + SLOW_LINE_PATIENCE_SECONDS
        while self.unsent_bytes() > UNSENT_BYTES_MOST:
            if self.ending or time.monotonic() > patience:
                return False
            await asyncio.sleep(SLOW_LINE_PAUSE_SECONDS)
        return True


async def say_bye(send: Send, code: str) -> None:
    """Say the last word, and see that it leaves the process: a server that ends drops what it still holds."""
    await send({"type": "websocket.send", "text": encoded({"t": "bye", "code": code})})
    await send({"type": "websocket.close", "code": CLOSE_CODES[code]})
    unsent = unsent_bytes(send)
    for _attempt in range(LAST_WORD_ATTEMPTS):
        if not unsent():
            return
        await asyncio.sleep(0.01)
