"""Streams as one process serves them: the head it has seen, what happened lately, and who listens.

Everything here runs on the event loop; only what is asked of the database is asked in threads.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Protocol

from realtime import metrics, readings
from realtime.connections import Connection
from realtime.frames import encoded, ephemera_text
from realtime.readings import Head
from realtime.threads import askers, in_thread
from realtime.wakeups import Moved

EPHEMERA_WINDOW_MOST = 20  # of one sender in one window; a pen sends one chunk, a pointer one place
LATEST_WINS = {"pointer", "view"}


class Surroundings(Protocol):
    """What a stream needs of the hub that serves it."""

    def look_at(self, stream: "Served") -> None: ...
    def join_again(self, listening: "Listening") -> None: ...
    def touch_later(self, stream: str, panel: str) -> None: ...
    def rendered_well(self, stream: str, panels: list[str]) -> None: ...


@dataclass(eq=False)
class Listening:
    """One connection on one stream. Nothing is sent before it has joined; then all up to `position` has been sent."""

    connection: Connection
    may_send_ephemera: bool = False
    joined: bool = False
    position: int | None = None
    sent_in_window: int = 0


@dataclass(eq=False)
class Served:
    name: str
    head: Head
    hub: Surroundings
    listeners: dict[Connection, Listening] = field(default_factory=dict)
    ephemera: list[tuple[Connection, dict[str, Any]]] = field(default_factory=list)
    idle_since: float | None = None
    looking: bool = False
    look_again: bool = False
    reaching: "asyncio.Task[None] | None" = None

    # -- What the kinds of streams do in their own way

    async def join(self, listening: Listening, known: tuple[str, int] | None) -> None:
        """Bring a registered connection from what it knows to the present."""
        raise NotImplementedError

    def absorb(self, first: int, bodies: tuple[Any, ...]) -> None:
        """Take in the entries that moved the head, and send them on."""
        raise NotImplementedError

    def begin_again(self) -> None:
        """Forget everything and reset everyone: another epoch, or too much was missed."""
        raise NotImplementedError

    @property
    def at_hand_after(self) -> int:
        """From which number on everything is at hand."""
        raise NotImplementedError

    def take_older(self, after: int, entries: list[tuple[int, Any]]) -> None:
        """Take in the entries after a number, up to where everything was at hand already."""
        raise NotImplementedError

    # -- Listeners

    def listen(self, connection: Connection, *, may_send_ephemera: bool) -> Listening:
        """Register a connection: from now on it misses nothing, though nothing is sent before it has joined."""
        self.listeners[connection] = Listening(connection, may_send_ephemera)
        connection.streams[self.name] = self
        return self.listeners[connection]

    def leave(self, connection: Connection) -> None:
        self.listeners.pop(connection, None)
        connection.streams.pop(self.name, None)

    def is_current(self, listening: Listening) -> bool:
        return self.listeners.get(listening.connection) is listening

    # -- Bringing connections to the present

    async def reached_position(self, known: tuple[str, int] | None) -> int | None:
        """Return the number from which a connection can go on, having fetched what it lacks, or None."""
        while known is not None and self.head.can_continue(known):
            if known[1] >= self.at_hand_after:
                return known[1]
            before = self.at_hand_after
            await self.reach_back(known[1])
            if self.at_hand_after == before:
                return None
        return None

    async def reach_back(self, number: int) -> None:
        """Fetch what came after a number; all who ask at the same time share one question."""
        if self.reaching is None or self.reaching.done():
            self.reaching = asyncio.create_task(self.fetch_older(number))
        await asyncio.shield(self.reaching)

    async def fetch_older(self, number: int) -> None:
        epoch, to = self.head.epoch, self.at_hand_after
        older = await in_thread(askers, readings.entries_between, self.name, number, to)
        # A backup may have been restored meanwhile, and another past have come to the same number.
        is_same = (self.head.epoch, self.at_hand_after) == (epoch, to)
        if is_same and [found for found, _ in older] == list(range(number + 1, to + 1)):
            self.take_older(number, older)

    # -- Following the head

    def take(self, moved: Moved) -> None:
        """Take in what was announced; where something is missing in between, look in the database."""
        if moved.epoch != self.head.epoch or moved.first > self.head.number + 1:
            self.hub.look_at(self)
        else:
            self.advance(moved.first, moved.bodies, way="wake_up")

    def advance(self, first: int, bodies: tuple[Any, ...], *, way: str) -> None:
        """Go on to the entries from `first`; those seen already are passed over."""
        new = bodies[max(0, self.head.number + 1 - first) :]
        if new:
            begin = self.head.number + 1
            self.head = Head(self.head.epoch, self.head.number + len(new), self.head.floor)
            metrics.heard.labels(way).inc(len(new))
            self.absorb(begin, new)

    async def look(self) -> None:
        """Read from the database what moved; several callers at once share the look, and the last is not left out."""
        self.look_again = True
        if self.looking:
            return
        self.looking = True
        try:
            while self.look_again:
                self.look_again = False
                seen = self.head
                head, entries = await in_thread(askers, read_since, self.name, seen)
                if head is not None and self.head.epoch == seen.epoch:
                    self.follow(seen, head, entries)
        finally:
            self.looking = False

    def follow(self, seen: Head, head: Head, entries: list[tuple[int, Any]] | None) -> None:
        if entries is None or [number for number, _ in entries] != list(range(seen.number + 1, head.number + 1)):
            self.head = head
            self.begin_again()
            return
        self.head = Head(self.head.epoch, self.head.number, head.floor)
        self.advance(seen.number + 1, tuple(body for _, body in entries), way="comparison")

    # -- What passes and is never stored

    def pass_on(self, listening: Listening, item: dict[str, Any]) -> bool:
        """Collect something ephemeral; say whether it is the first of its window, which somebody has to end."""
        if listening.sent_in_window >= EPHEMERA_WINDOW_MOST:
            return False
        listening.sent_in_window += 1
        begins = not self.ephemera
        sender = listening.connection
        if item["k"] in LATEST_WINS:
            self.ephemera = [(who, old) for who, old in self.ephemera if who is not sender or old["k"] != item["k"]]
        self.ephemera.append((sender, item))
        return begins

    def send_ephemera(self) -> None:
        collected = [(sender, encoded(item)) for sender, item in self.ephemera]
        self.ephemera = []
        senders = {sender for sender, _item in collected}
        for_all = ephemera_text(self.name, [item for _sender, item in collected])
        for listening in self.listeners.values():
            listening.sent_in_window = 0
            connection = listening.connection
            if not listening.joined:
                continue
            if connection not in senders:
                connection.push_ephemera(for_all)
            elif of_others := [item for sender, item in collected if sender is not connection]:
                connection.push_ephemera(ephemera_text(self.name, of_others))


def read_since(stream: str, seen: Head) -> tuple[Head | None, list[tuple[int, Any]] | None]:
    """Return the present head and the entries since the one seen, or None for them when one must begin again."""
    head = readings.heads([stream]).get(stream)
    if head is None or not head.can_continue((seen.epoch, seen.number)):
        return head, None
    return head, readings.entries_between(stream, seen.number, head.number)
