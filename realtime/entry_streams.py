"""Streams whose entries are sent as they are, each once and in order, to everyone."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from realtime import metrics, readings
from realtime.frames import encoded, entries_frame, reset_frame
from realtime.kinds import StreamKind
from realtime.readings import TAIL_MOST
from realtime.served import Listening, Served
from realtime.threads import askers, in_thread

SNAPSHOT_AGE_MOST = 500  # entries: a snapshot and so many entries are sooner sent than a new one is made


@dataclass(frozen=True)
class Snapshot:
    epoch: str
    number: int
    text: str


@dataclass(eq=False)
class EntryStream(Served):
    kind: StreamKind = field(kw_only=True)
    lately: deque[tuple[int, Any]] = field(default_factory=lambda: deque(maxlen=TAIL_MOST))
    snapshot: Snapshot | None = None
    making: "asyncio.Task[Snapshot] | None" = None

    @property
    def at_hand_after(self) -> int:
        return self.lately[0][0] - 1 if self.lately else self.head.number

    async def join(self, listening: Listening, known: tuple[str, int] | None) -> None:
        position = await self.reached_position(known)
        while position is None and self.is_current(listening):
            snapshot = await self.present_snapshot()
            if snapshot.epoch == self.head.epoch and snapshot.number >= self.at_hand_after:
                listening.connection.push(snapshot.text, asked_for=True)
                position = snapshot.number
            else:
                await self.look()
        listening.position = position
        listening.joined = True
        if self.is_current(listening):
            self.send_rest(listening, asked_for=True)

    def take_older(self, after: int, entries: list[tuple[int, Any]]) -> None:
        self.lately = deque([*entries, *self.lately], maxlen=TAIL_MOST)

    def absorb(self, first: int, bodies: tuple[Any, ...]) -> None:
        self.lately.extend(enumerate(bodies, first))
        text = encoded(entries_frame(self.name, self.head.epoch, first, list(bodies)))
        for listening in self.listeners.values():
            if not listening.joined:
                continue
            if listening.position == first - 1:
                listening.connection.push(text)
                listening.position = self.head.number
            else:
                self.send_rest(listening)

    def send_rest(self, listening: Listening, *, asked_for: bool = False) -> None:
        """Send what a joined connection lacks; nothing when its snapshot was younger than what the hub has seen."""
        position = listening.position
        if position is None or position < self.at_hand_after:
            self.hub.join_again(listening)
        elif position < self.head.number:
            bodies = [body for number, body in self.lately if number > position]
            frame = entries_frame(self.name, self.head.epoch, position + 1, bodies)
            listening.connection.push(frame, asked_for=asked_for)
            listening.position = self.head.number

    def begin_again(self) -> None:
        self.lately.clear()
        self.snapshot = None
        for listening in list(self.listeners.values()):
            if listening.joined:
                self.hub.join_again(listening)

    async def present_snapshot(self) -> Snapshot:
        """Return the whole state, made once for all who ask at the same time."""
        kept = self.snapshot
        if (
            kept
            and kept.epoch == self.head.epoch
            and kept.number >= max(self.at_hand_after, self.head.number - SNAPSHOT_AGE_MOST)
        ):
            return kept
        if self.making is None:
            self.making = asyncio.create_task(self.make_snapshot())
        return await asyncio.shield(self.making)

    async def make_snapshot(self) -> Snapshot:
        try:
            self.snapshot = await in_thread(askers, snapshot_of, self.name, self.kind)
            metrics.snapshots.inc()
            return self.snapshot
        finally:
            self.making = None


def snapshot_of(stream: str, kind: StreamKind) -> Snapshot:
    """Return the state under a number read before it: it may be younger than its number, never older."""
    head = readings.heads_begun([stream])[stream]
    text = encoded(reset_frame(stream, head.epoch, head.number, kind.state(stream)))
    return Snapshot(head.epoch, head.number, text)
