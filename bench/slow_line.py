"""A line of a given width and delay in front of a server on this machine, which counts what goes over it."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Self

PIECE_BYTES = 4096  # lines take turns piece by piece


@dataclass
class Lane:
    """One direction, shared by all connections: when a piece of so many bytes has gone over it."""

    bits_per_second: float
    bytes_passed: int = 0
    free_at: float = 0.0

    def passed_at(self, size: int) -> float:
        now = asyncio.get_running_loop().time()
        if not self.bits_per_second:
            return now
        self.free_at = max(now, self.free_at) + size * 8 / self.bits_per_second
        return self.free_at


@dataclass
class SlowLine:
    """Listens on `port` of the loopback and passes all on to `server_port`; without bits and delay it only counts."""

    server_port: int
    bits_per_second: float = 0.0
    round_trip_seconds: float = 0.0
    port: int = 0
    is_ready: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.down, self.up = Lane(self.bits_per_second), Lane(self.bits_per_second)

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.thread.start()
        self.is_ready.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join()

    @property
    def bytes_down(self) -> int:
        return self.down.bytes_passed

    async def serve(self) -> None:
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        listening = await asyncio.start_server(self.connect, "127.0.0.1", 0, limit=4 * PIECE_BYTES)
        self.port = listening.sockets[0].getsockname()[1]
        self.is_ready.set()
        await self.ended.wait()
        listening.close()

    async def connect(self, from_tablet: asyncio.StreamReader, to_tablet: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.round_trip_seconds)  # a connection is made in one round trip; ours was made at once
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.server_port, limit=4 * PIECE_BYTES)
        except OSError:
            to_tablet.close()
            return
        ways = [
            asyncio.create_task(self.carry(from_tablet, to_server, self.up)),
            asyncio.create_task(self.carry(from_server, to_tablet, self.down)),
        ]
        await asyncio.wait(ways, return_when=asyncio.ALL_COMPLETED)

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, lane: Lane) -> None:
        """Take piece after piece as the lane is free, and hand each over when the way took its time."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self.hand_over(under_way, target, lane))
        try:
            while not arriving.done() and (piece := await source.read(PIECE_BYTES)):
                passed_at = lane.passed_at(len(piece))
                under_way.put_nowait((passed_at + self.round_trip_seconds / 2, piece))
                await until(passed_at)
        except OSError:
            pass
        under_way.put_nowait((0.0, b""))
        await arriving

    async def hand_over(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", target: asyncio.StreamWriter, lane: Lane
    ) -> None:
        try:
            while True:
                due, piece = await under_way.get()
                await until(due)
                if not piece:
                    break
                target.write(piece)
                await target.drain()
                lane.bytes_passed += len(piece)
        except OSError:
            pass
        target.close()


async def until(moment: float) -> None:
    seconds = moment - asyncio.get_running_loop().time()
    if seconds > 0:
        await asyncio.sleep(seconds)
