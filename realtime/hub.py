"""One hub per process: the streams it serves and the connections it serves them to.

A wake-up makes it quick and the comparison of heads each second makes it right: an entry written by another process, or
whose wake-up was lost, arrives by that.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings

from realtime import housekeeping, metrics, readings, wakeups
from realtime.connections import Connection
from realtime.daphne_socket import before_shutdown, spell_out_only_what_is_read
from realtime.entry_streams import EntryStream
from realtime.kinds import kind_of
from realtime.operations import log_failure
from realtime.panel_streams import PanelStream
from realtime.principals import RIGHTS_STREAM, present_self
from realtime.readings import Head
from realtime.rights import RightsStream, allowed_now
from realtime.seconds import work_of_this_second
from realtime.served import Listening, Served
from realtime.streams import touch_now
from realtime.threads import askers, in_thread
from realtime.tickets import LIFE_SECONDS, RENEW_SECONDS, ends_session
from realtime.wakeups import Moved

logger = logging.getLogger(__name__)

COMPARE_SECONDS = 1.0
EPHEMERA_WINDOW_SECONDS = 0.05
IDLE_SECONDS = 30  # a stream without listeners is kept so long: they may be on their way back
SILENCE_SECONDS = 90  # clients ping every 5 s, but a browser wakes a hidden page only once a minute
RETOUCH_SECONDS_MOST = 60
COLLECT_SECONDS = 0.05  # while one after another comes, so long for those who open streams nobody listened to
TICKET_LATER_SECONDS = 3, 6
FAREWELL_ATTEMPTS = 40


class Hub:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.streams: dict[str, Served] = {}
        self.opening: dict[str, bool] = {}  # name -> whether it moved meanwhile
        self.opener: asyncio.Task[None] | None = None
        self.opened_at = 0.0
        self.connections: set[Connection] = set()
        self.open_sockets = 0
        self.has_failed = False
        self.failed_panels: dict[tuple[str, str], int] = {}  # seconds until the next try
        self.tasks: set[asyncio.Task[Any]] = set()
        self.errands: deque[Callable[[], None]] = deque()
        self.is_roused = False
        wakeups.listeners.append(self.wake)
        if settings.REDIS_URL:
            from realtime import redis_wakeups  # a quarter of a second of imports that the embedded tier does not need

            redis_wakeups.listen(self.wake)
        spell_out_only_what_is_read()
        before_shutdown(self.say_farewell)
        self.do(self.compare_for_ever())
        self.do(self.work_for_ever())

    def do(self, work: Awaitable[Any]) -> None:
        """Run something beside; what goes wrong is logged, and the next comparison of heads mends it."""
        task = asyncio.ensure_future(self.attempted(work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def attempted(self, work: Awaitable[Any], *, once: bool = False) -> None:
        """Log what goes wrong; with `once`, not again until it has gone well in between."""
        try:
            await work
            self.has_failed = self.has_failed and not once
        except Exception as error:
            if not (once and self.has_failed):
                log_failure("The hub", error)
            self.has_failed = self.has_failed or once

    def soon(self, errand: Callable[[], None]) -> None:
        """Run something on the loop, called from any thread. What comes close together rouses the loop once."""
        self.errands.append(errand)
        if self.is_roused:
            return
        self.is_roused = True
        try:
            self.loop.call_soon_threadsafe(self.run_errands)
        except RuntimeError:  # the loop has ended, and this hub with it
            self.close()

    def run_errands(self) -> None:
        self.is_roused = False  # before the last look: what is added after it rouses again
        while self.errands:
            try:
                self.errands.popleft()()
            except Exception as error:
                log_failure("The hub", error)

    # -- Streams

    async def serve(self, names: Iterable[str]) -> dict[str, Served]:
        """Return these streams, opening those not served yet. Their kinds must be known."""
        names = list(names)
        while missing := [name for name in names if name not in self.streams]:
            for name in missing:
                self.opening.setdefault(name, False)
            if self.opener is None or self.opener.done():
                self.opener = asyncio.create_task(self.open_waiting())
            await asyncio.shield(self.opener)
        return {name: self.streams[name] for name in names}

    async def open_waiting(self) -> None:
        """Open all streams that wait for it with one question: a whole hall may come back at once."""
        is_crowd = time.monotonic() - self.opened_at < 2 * COLLECT_SECONDS
        await asyncio.sleep(COLLECT_SECONDS if is_crowd else 0)
        names = list(self.opening)
        heads = await in_thread(askers, readings.heads_begun, names)
        for name in names:
            moved = self.opening.pop(name)
            self.streams[name] = self.opened(name, heads[name])
            if moved:
                self.look_at(self.streams[name])
        self.opened_at = time.monotonic()

    @property
    def rights(self) -> RightsStream:
        stream = self.streams[RIGHTS_STREAM]
        assert isinstance(stream, RightsStream)
        return stream

    def opened(self, name: str, head: Head) -> Served:
        if name == RIGHTS_STREAM:
            return RightsStream(name, head, self, hear=self.hear, begin_sessions_again=self.begin_sessions_again)
        kind = kind_of(name)
        assert kind is not None, name
        return (
            PanelStream(name, head, self, kind=kind)
            if kind.mode == "panels"
            else EntryStream(name, head, self, kind=kind)
        )

    def wake(self, moved: Moved) -> None:
        """Hear of a commit, from any thread."""
        self.soon(partial(self.take, moved))

    def take(self, moved: Moved) -> None:
        if moved.stream in self.streams:
            metrics.lag.observe(max(0.0, time.time() - moved.told_at))
            self.streams[moved.stream].take(moved)
        elif moved.stream in self.opening:
            self.opening[moved.stream] = True

    def look_at(self, stream: Served) -> None:
        self.do(stream.look())

    def listen(
        self, connection: Connection, stream: Served, known: tuple[str, int] | None, *, may_send_ephemera: bool
    ) -> None:
        listening = stream.listen(connection, may_send_ephemera=may_send_ephemera)
        self.do(self.join(stream, listening, known))

    def join_again(self, listening: Listening) -> None:
        stream = next((one for one in listening.connection.streams.values() if one.is_current(listening)), None)
        if stream is not None and listening.joined:
            listening.joined, listening.position = False, None
            self.do(self.join(stream, listening, None))

    async def join(self, stream: Served, listening: Listening, known: tuple[str, int] | None) -> None:
        try:
            await stream.join(listening, known)
        except Exception:
            listening.connection.end("busy")  # it comes back by itself
            raise

    def pass_on(self, stream: Served, listening: Listening, item: dict[str, Any]) -> None:
        if stream.pass_on(listening, item):
            self.loop.call_later(EPHEMERA_WINDOW_SECONDS, stream.send_ephemera)

    # -- Connections and their rights

    def add(self, connection: Connection) -> None:
        self.connections.add(connection)
        metrics.connections.inc()

    def forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.discard(connection)
            metrics.connections.dec()
        for stream in list(connection.streams.values()):
            stream.leave(connection)

    def hear(self, body: dict[str, Any]) -> None:
        """Act on what was said about rights."""
        keys = set(body.get("look_again", []))
        for connection in list(self.connections):
            if connection.principal.key in keys:
                self.look_again_at(connection)
            elif ends_session(body, connection.principal):
                connection.end("logged_out")

    def begin_sessions_again(self) -> None:
        """Have all but those who have just come show a ticket of the page once more: only who is logged in gets one."""
        for connection in list(self.connections):
            if connection.came_with == self.rights.head.epoch:
                self.look_again_at(connection)
            else:
                connection.end("ticket")

    def look_again_at(self, connection: Connection) -> None:
        connection.rights_changed += 1
        connection.looks += 1
        self.do(self.look_again(connection))

    async def look_again(self, connection: Connection) -> None:
        try:
            await self.drop_what_is_refused(connection)
        finally:
            connection.looks -= 1
        self.give_ticket(connection)

    async def drop_what_is_refused(self, connection: Connection) -> None:
        seen, asked = connection.rights_changed, list(connection.streams)
        try:
            now = await in_thread(askers, allowed_now, connection.principal, asked)
        except Exception:
            connection.end("busy")  # who cannot be asked about may not go on listening
            raise
        if now is None:
            connection.end("removed")
            return
        # One opened meanwhile was looked at when it was opened.
        refused = [name for name in asked if name in connection.streams and name not in now.streams]
        for name in refused:
            connection.streams[name].leave(connection)
        if refused:
            connection.push({"t": "listening", "streams": {}, "refused": refused})
        if seen != connection.rights_changed:
            return  # a later look is under way: what it says is younger
        other_language = connection.principal.language != now.principal.language
        connection.principal = now.principal
        for stream in [one for one in connection.streams.values() if one.name in now.streams]:
            listening = stream.listeners[connection]
            listening.may_send_ephemera = now.streams[stream.name]
            if other_language and isinstance(stream, PanelStream):
                self.join_again(listening)

    def give_ticket_later(self, connection: Connection) -> None:
        """Give a fresh ticket to one whose own says the same: not while a whole hall comes back."""
        seconds = random.uniform(*TICKET_LATER_SECONDS)  # noqa: S311 - spread, not secret
        self.loop.call_later(seconds, self.give_ticket, connection)

    def give_ticket(self, connection: Connection) -> None:
        """Give a ticket that says what its bearer listens to: with it coming back costs no question."""
        if connection.looks or connection not in self.connections:
            return
        head = self.rights.head
        streams = {name: one.listeners[connection].may_send_ephemera for name, one in connection.streams.items()}
        connection.ticket = replace(
            connection.ticket,
            principal=connection.principal,
            rights=head.number,
            rights_epoch=head.epoch,
            streams=streams,
        )
        connection.push(connection.ticket.frame())

    # -- Each second

    async def compare_for_ever(self) -> None:
        while True:
            started = time.monotonic()
            await self.attempted(self.compare(), once=True)
            for connection in list(self.connections):
                self.look_after(connection)
            await asyncio.sleep(max(0.1, COMPARE_SECONDS - (time.monotonic() - started)))

    async def work_for_ever(self) -> None:
        """Beside the comparison, for it may wait for locks."""
        while True:
            await self.attempted(in_thread(askers, work_of_this_second), once=True)
            await asyncio.sleep(COMPARE_SECONDS)

    async def compare(self) -> None:
        """Ask in one query for the heads of all streams served, and look at those that are not where we think."""
        if RIGHTS_STREAM not in self.streams:
            await self.serve([RIGHTS_STREAM])
        heads = await in_thread(askers, readings.heads, list(self.streams))
        metrics.heads.inc()
        metrics.streams.set(len(self.streams))
        for name, stream in list(self.streams.items()):
            head = heads.get(name)
            if head is not None and (head.epoch, head.number) != (stream.head.epoch, stream.head.number):
                self.look_at(stream)
            elif head is not None:
                self.keep_small(stream, head)

    def keep_small(self, stream: Served, head: Head) -> None:
        stream.head = head
        if head.number - head.floor > housekeeping.KEEP + housekeeping.SLACK:
            self.do(in_thread(askers, housekeeping.trim, stream.name))
        if stream.listeners or stream.name == RIGHTS_STREAM:
            stream.idle_since = None
        elif stream.idle_since is None:
            stream.idle_since = time.monotonic()
        elif time.monotonic() - stream.idle_since > IDLE_SECONDS:
            del self.streams[stream.name]

    def look_after(self, connection: Connection) -> None:
        now = time.monotonic()
        if now - connection.heard_at > SILENCE_SECONDS:
            connection.end("timeout")
        elif now - connection.ticket_since > LIFE_SECONDS and connection.ticket.until < time.time():
            connection.end("ticket")
        elif now - connection.ticket_since > RENEW_SECONDS and connection.ticket.until > time.time():
            connection.ticket_since = now
            self.do(self.renew_ticket(connection))

    async def renew_ticket(self, connection: Connection) -> None:
        seen = connection.rights_changed
        principal = await in_thread(askers, present_self, connection.principal)
        if principal is None:
            connection.end("removed")
        elif seen == connection.rights_changed:  # else the look that follows gives one
            connection.principal = principal
            self.give_ticket(connection)

    # -- Panels that failed

    def touch_later(self, stream: str, panel: str) -> None:
        """Say once more, after a while, that a panel changed: nobody has seen it, and its number may have gone out."""
        seconds = self.failed_panels.get((stream, panel), 1)
        self.failed_panels[stream, panel] = min(2 * seconds, RETOUCH_SECONDS_MOST)
        self.loop.call_later(seconds, lambda: self.do(self.touch_again(stream, panel)))

    async def touch_again(self, stream: str, panel: str) -> None:
        try:
            await in_thread(askers, touch_now, stream, panel)
        except Exception:
            self.touch_later(stream, panel)  # the database is still away
            raise

    def rendered_well(self, stream: str, panels: list[str]) -> None:
        for panel in panels:
            self.failed_panels.pop((stream, panel), None)

    # -- The end

    async def say_farewell(self) -> None:
        """Tell all connections that the server starts anew, so that they come back at once."""
        for connection in list(self.connections):
            connection.end("restart")
        for _attempt in range(FAREWELL_ATTEMPTS):
            if not self.open_sockets:
                return
            await asyncio.sleep(0.05)

    def close(self) -> None:
        if self.wake in wakeups.listeners:
            wakeups.listeners.remove(self.wake)


hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def the_hub() -> Hub:
    """Return the hub of this process: of its event loop, for tests have several."""
    for loop in [loop for loop in hubs if loop.is_closed()]:
        hubs.pop(loop).close()
    loop = asyncio.get_running_loop()
    if loop not in hubs:
        hubs[loop] = Hub()
    return hubs[loop]
