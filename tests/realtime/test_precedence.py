"""What is shown waits while a crowd is being acknowledged, and never for long."""

import asyncio
import time

import pytest

from realtime import precedence
from realtime.precedence import CRUSH, PATIENCE_SECONDS, crush_is_over
from realtime.writer import writer

pytestmark = pytest.mark.asyncio


async def seconds_waited() -> float:
    began = time.monotonic()
    await crush_is_over()
    return time.monotonic() - began


async def test_nothing_waits_while_only_a_few_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "count", CRUSH - 1)
    assert await seconds_waited() < 0.02


async def test_a_crush_is_waited_for_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "count", CRUSH)
    asyncio.get_running_loop().call_later(0.2, monkeypatch.setattr, writer, "count", 0)
    assert 0.2 <= await seconds_waited() < 0.2 + 4 * precedence.LOOK_SECONDS


async def test_nobody_waits_for_ever_and_all_wait_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "count", 500)
    monkeypatch.setattr(precedence, "PATIENCE_SECONDS", 0.2)
    tasks = len(asyncio.all_tasks())
    waited = [asyncio.create_task(seconds_waited()) for _panel in range(50)]
    await asyncio.sleep(0.05)
    assert len(asyncio.all_tasks()) == tasks + 50 + 1  # one look for all of them
    assert all(0.1 < seconds < 0.6 for seconds in await asyncio.gather(*waited))
    assert PATIENCE_SECONDS <= 1  # what changed is on every tablet within about a second


async def test_who_is_cancelled_leaves_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "count", 500)
    monkeypatch.setattr(precedence, "PATIENCE_SECONDS", 0.3)
    gone, stays = asyncio.create_task(seconds_waited()), asyncio.create_task(seconds_waited())
    await asyncio.sleep(0.05)
    gone.cancel()
    assert await stays > 0.15
