"""What waits for a tablet that has stopped reading: never more than its cap, whatever the others do meanwhile."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from realtime.connections import EPHEMERA_FRAMES_MOST, WAITING_CHARACTERS_MOST, WAITING_FRAMES_MOST, Connection
from realtime.frames import STREAMS_MOST
from realtime.principals import Principal
from realtime.tickets import Ticket

pytestmark = pytest.mark.asyncio


class Board:
    """A stream of panels that has something newer all the time."""

    def next_frame(self, connection: Connection) -> str | None:
        return "the latest"


async def never_takes_anything(_message: dict[str, Any]) -> None:
    await asyncio.Event().wait()


@pytest_asyncio.fixture
async def stuck() -> Any:
    """Return a connection whose first frame is under way and never arrives."""
    connection = Connection(never_takes_anything, Ticket(Principal("person:1"), 0, "", 0.0), "test")
    sending = asyncio.create_task(connection.send_waiting())
    connection.push("under way")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    yield connection
    sending.cancel()


@pytest.mark.parametrize("size", [1, 100, 5_000, 300_000])
async def test_entries_wait_up_to_the_cap_and_then_the_line_ends(stuck: Connection, size: int):
    count = 0
    while not stuck.ending and count < 2 * WAITING_FRAMES_MOST:
        stuck.push("a" * size)
        count += 1
        waiting = sum(len(text) for text, _size in stuck.frames)
        assert waiting <= max(size, WAITING_CHARACTERS_MOST)
        assert len(stuck.frames) <= WAITING_FRAMES_MOST
    assert stuck.ending == "slow"
    assert count > 1


async def test_what_it_asked_for_waits_up_to_one_answer_for_each_stream_it_may_listen_to(stuck: Connection):
    for _ in range(STREAMS_MOST):
        stuck.push("a" * 300_000, asked_for=True)
    assert stuck.ending is None
    stuck.push("a" * 300_000, asked_for=True)
    assert (stuck.ending, len(stuck.frames)) == ("slow", STREAMS_MOST)


async def test_panels_and_what_passes_never_pile_up(stuck: Connection):
    board = Board()
    for _ in range(5_000):
        stuck.push_latest(board)
        stuck.push_ephemera("a stroke")
    assert (len(stuck.latest), len(stuck.ephemera)) == (1, EPHEMERA_FRAMES_MOST)
    assert stuck.ending is None
