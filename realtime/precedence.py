"""What is acknowledged comes before what is shown.

When a whole hall taps at once, showing each what it has just done takes the processor that the acknowledgements of the
others wait for.
"""

import asyncio

from realtime.writer import writer

CRUSH = 16  # operations in line: more than twenty hands that write leave there
PATIENCE_SECONDS = 1.0  # what changed is on every tablet within about a second, crush or not
LOOK_SECONDS = 0.05

_waiting: "asyncio.Task[None] | None" = None


async def crush_is_over() -> None:
    """Wait while many operations stand in line, but not for ever; all who wait at the same time wait together."""
    global _waiting  # noqa: PLW0603 - one line of operations in a process
    if writer.count < CRUSH:
        return
    if _waiting is None or _waiting.done() or _waiting.get_loop() is not asyncio.get_running_loop():
        _waiting = asyncio.create_task(wait_for_calm())
    await asyncio.shield(_waiting)


async def wait_for_calm() -> None:
    for _look in range(round(PATIENCE_SECONDS / LOOK_SECONDS)):
        await asyncio.sleep(LOOK_SECONDS)
        if writer.count < CRUSH:
            return
