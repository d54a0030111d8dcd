"""The socket: a plain ASGI application, one coroutine per connection that hears and one that sends."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from realtime import frames
from realtime.connections import Connection, Send, say_bye
from realtime.frames import Asked, Bye, Frame, Hello
from realtime.hub import Hub, the_hub
from realtime.operations import BUSY, TOO_LARGE, Offer, check_form, log_failure, nack, too_large
from realtime.principals import RIGHTS_STREAM
from realtime.refusals import Refusal
from realtime.rights import Allowed, allowed, allowed_now
from realtime.served import Served
from realtime.threads import askers, in_thread
from realtime.tickets import Ticket, bearer, read
from realtime.writer import writer

logger = logging.getLogger(__name__)

HELLO_SECONDS = 10
EPHEMERAL_CHARACTERS_MOST = 8 * 1024
UNANSWERED_MOST = 512  # operations: one tablet must not fill the line of everybody

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Gone(Exception):
    """The other side has closed."""


async def socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one socket. Whoever opens it from a foreign page was refused before (config/asgi.py)."""
    hub = the_hub()
    hub.open_sockets += 1
    try:
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        await Conversation(hub, receive, send).hold()
    except Bye as bye:
        await say_bye(send, bye.code)
    except Gone:
        pass
    except asyncio.CancelledError:
        # The server ends: say so where that is still possible, so that the tablet comes back at once.
        with contextlib.suppress(Exception):
            await say_bye(send, "restart")
        raise
    finally:
        hub.open_sockets -= 1


class Conversation:
    def __init__(self, hub: Hub, receive: Receive, send: Send) -> None:
        self.receive = receive
        self.send = send
        self.hub = hub
        self.unanswered = 0
        self.heard_characters = 0  # of the last frame
        self.connection: Connection

    async def hold(self) -> None:
        """Greet, then hear and send at once until one of them ends. Raises Bye or Gone."""
        try:
            hello, ticket = await asyncio.wait_for(self.first_words(), HELLO_SECONDS)
        except TimeoutError:
            raise Bye("timeout") from None
        self.connection = Connection(self.send, ticket, hello.client)
        hearing: asyncio.Task[None] | None = None
        sending = asyncio.create_task(self.connection.send_waiting())
        try:
            await self.served([RIGHTS_STREAM])
            # Registered before anything is asked: a change of rights from now on is heard.
            self.hub.add(self.connection)
            await self.welcome(ticket, hello.streams)
            hearing = asyncio.create_task(self.hear())
            await asyncio.wait({hearing, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                raise Bye(sending.result())
            await hearing
        finally:
            self.hub.forget(self.connection)
            for task in (sending, hearing):
                if task is not None:
                    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # both may end at once
                    task.cancel()

    async def first_words(self) -> tuple[Hello, Ticket]:
        hello = frames.hello_of(await self.next_frame())
        return hello, read(hello.ticket)

    async def next_frame(self) -> Frame:
        message = await self.receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        text = message.get("text")
        if not isinstance(text, str):
            raise Bye("invalid")
        self.heard_characters = len(text)
        return frames.decoded(text)

    async def hear(self) -> None:
        heard = {
            "ping": self.pong,
            "op": self.take_operations,
            "ephemeral": self.pass_on,
            "listen": self.listen,
            "leave": self.leave,
        }
        while True:
            frame = await self.next_frame()
            self.connection.heard_at = time.monotonic()
            if frame["t"] not in heard:
                raise Bye("invalid")
            await heard[frame["t"]](frame)

    # -- Listening

    async def welcome(self, ticket: Ticket, asked: Asked) -> None:
        spoken = self.hub.rights.still_allowed(ticket, asked)
        rights = spoken or await self.look(lambda: allowed(bearer(ticket), asked))
        self.connection.principal = rights.principal
        greeting = {"t": "welcome", "v": frames.VERSION, "principal": rights.principal.key, "now": frames.now_ms()}
        await self.begin_listening(greeting, asked, rights)
        if spoken:
            self.hub.give_ticket_later(self.connection)
        else:
            self.hub.give_ticket(self.connection)

    async def listen(self, frame: Frame) -> None:
        asked = frames.asked_streams(frame.get("streams"))
        if len(self.connection.streams.keys() | asked.keys()) > frames.STREAMS_MOST:
            raise Bye("invalid")
        rights = await self.look(lambda: allowed_now(self.connection.principal, asked))
        await self.begin_listening({"t": "listening", **frames.question_of(frame)}, asked, rights)
        self.hub.give_ticket(self.connection)

    async def look(self, ask: Callable[[], Allowed | None]) -> Allowed:
        """Ask in a thread what is allowed; once more when rights changed while asking."""
        while True:
            seen = self.connection.rights_changed
            try:
                rights = await in_thread(askers, ask)
            except Bye:
                raise
            except Exception as error:  # the database is away: come back later
                log_failure("Looking at rights", error)
                raise Bye("busy") from None
            if rights is None:
                raise Bye("removed")
            if seen == self.connection.rights_changed:
                return rights

    async def begin_listening(self, answer: Frame, asked: Asked, rights: Allowed) -> None:
        seen = self.connection.rights_changed
        served = await self.served(rights.streams)
        refused = [name for name in asked if name not in served]
        streams = {name: stream.head.as_frame for name, stream in served.items()}
        self.connection.push({**answer, "streams": streams, "refused": refused})
        for name, stream in served.items():
            self.hub.listen(self.connection, stream, asked[name], may_send_ephemera=rights.streams[name])
        if seen != self.connection.rights_changed:
            self.hub.look_again_at(self.connection)

    async def served(self, names: Iterable[str]) -> dict[str, Served]:
        try:
            return await self.hub.serve(names)
        except Exception as error:  # the database is away: come back later
            log_failure("Opening streams", error)
            raise Bye("busy") from None

    async def leave(self, frame: Frame) -> None:
        for name in frames.stream_names(frame.get("streams")):
            if name in self.connection.streams:
                self.connection.streams[name].leave(self.connection)

    async def pong(self, frame: Frame) -> None:
        heads = {name: stream.head.number for name, stream in self.connection.streams.items()}
        self.connection.push({"t": "pong", "now": frames.now_ms(), "heads": heads})

    # -- Operations

    async def take_operations(self, frame: Frame) -> None:
        """Hand operations to the writer; the conversation goes on while they wait."""
        try:
            check_form(frame.get("ops"))
            refusal = self.reason_to_refuse(frame["ops"])
        except Refusal:
            raise Bye("invalid") from None
        principal = self.connection.principal
        if refusal:
            self.answer([nack(op, refusal, principal) for op in frame["ops"]])
            return
        self.unanswered += len(frame["ops"])
        offers = [Offer(principal, op) for op in frame["ops"]]
        writer.offer(offers, lambda answers: self.hub.soon(partial(self.answered, answers)))

    def reason_to_refuse(self, ops: list[Frame]) -> Refusal | None:
        if too_large(ops, self.heard_characters):
            return Refusal(*TOO_LARGE)
        return Refusal(*BUSY) if self.unanswered + len(ops) > UNANSWERED_MOST else None

    def answered(self, answers: list[Frame]) -> None:
        """Pass answers of the writer on; whoever has gone meanwhile asks for them again."""
        self.unanswered -= len(answers)
        self.answer(answers)

    def answer(self, answers: list[Frame]) -> None:
        for frame in frames.answer_frames(answers):
            self.connection.push(frame)

    # -- What passes and is never stored

    async def pass_on(self, frame: Frame) -> None:
        """Pass something on to everyone else on the stream; whoever may not is not heard, without a word."""
        name, kind = frame.get("s"), frame.get("k")
        if not isinstance(name, str) or not isinstance(kind, str) or self.heard_characters > EPHEMERAL_CHARACTERS_MOST:
            raise Bye("invalid")
        stream = self.connection.streams.get(name)
        if stream is None:
            return
        listening = stream.listeners[self.connection]
        if listening.may_send_ephemera:
            item = {key: value for key, value in frame.items() if key not in {"t", "s"}}
            self.hub.pass_on(stream, listening, {**item, "by": self.connection.principal.key})
