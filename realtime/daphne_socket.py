"""The one place that looks into Daphne and Twisted, which tell applications neither of slow lines nor of their end."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any


def unsent_bytes(send: Any) -> Callable[[], int]:
    """Return a function that says how many bytes written to this socket have not left the process.

    Daphne's `send` never waits, so back-pressure has to be read off Twisted's buffers. Under another server, or when
    Daphne looks different one day, 0 is said: such a server is expected to wait inside `send`.
    """
    protocol = send.args[0] if isinstance(send, partial) and send.args else None
    transport: Any = getattr(protocol, "transport", None)
    transport = getattr(transport, "transport", transport)  # where the server itself speaks TLS, the line lies below it
    if not isinstance(getattr(transport, "dataBuffer", None), bytes):
        return lambda: 0
    return lambda: len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def before_shutdown(farewell: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have the server wait for `farewell()` before it ends.

    Daphne cancels its applications then, but stumbles over any connection that was opened or closed in the last second,
    and cancels none.
    """
    reactor: Any = sys.modules.get("twisted.internet.reactor")
    if reactor is None or not reactor.running:
        return
    from twisted.internet.defer import Deferred

    def trigger() -> Any:
        return Deferred.fromFuture(asyncio.ensure_future(farewell()))

    reactor.addSystemEventTrigger("before", "shutdown", trigger)
