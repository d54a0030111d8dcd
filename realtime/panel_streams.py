"""Streams of panels: only the names of changed panels are stored; the latest of each is rendered once for everyone.

A frame claims a number and promises: every panel that changed up to it, since the number the tablet knew, is in here as
it was then or later. So the number is read before rendering, and a frame is only made when all it needs is fresh.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from realtime import metrics
from realtime.connections import Connection
from realtime.frames import encoded, panels_frame, reset_frame
from realtime.kinds import StreamKind
from realtime.operations import log_failure
from realtime.precedence import crush_is_over
from realtime.readings import panels_touched
from realtime.served import Listening, Served
from realtime.threads import in_thread, renderers

PASS_PAUSE_SECONDS = 0.2
FAILED_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Rendered:
    """A panel as it was at a number or later; without html it could not be rendered and is left out for now."""

    number: int
    html: str | None


@dataclass(eq=False)
class PanelStream(Served):
    """`changed` holds the last number of each panel that changed after `reach`."""

    kind: StreamKind = field(kw_only=True)
    changed: dict[str, int] = field(default_factory=dict)
    reach: int = field(init=False)
    feeds: dict[str, "Feed"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reach = self.head.number

    async def join(self, listening: Listening, known: tuple[str, int] | None) -> None:
        listening.position = await self.reached_position(known)
        listening.joined = True
        if self.is_current(listening):
            listening.connection.push_latest(self)

    @property
    def at_hand_after(self) -> int:
        return self.reach

    def take_older(self, after: int, entries: list[tuple[int, Any]]) -> None:
        self.changed = panels_touched(entries) | self.changed
        self.reach = after

    def absorb(self, first: int, bodies: tuple[Any, ...]) -> None:
        self.changed |= panels_touched(enumerate(bodies, first))
        languages = {connection.principal.language for connection in self.listeners}
        self.feeds = {language: self.feed_for(language) for language in languages}
        for feed in self.feeds.values():
            feed.render_soon()

    def begin_again(self) -> None:
        self.changed.clear()
        self.reach = self.head.number
        self.feeds.clear()
        for listening in self.listeners.values():
            listening.position = None
            listening.connection.push_latest(self)

    def feed_for(self, language: str) -> "Feed":
        if language not in self.feeds:
            self.feeds[language] = Feed(self, language)
        return self.feeds[language]

    def next_frame(self, connection: Connection) -> str | None:
        """Return one frame that brings this connection to the present; None when it is there or must wait for it."""
        listening = self.listeners.get(connection)
        if listening is None or not listening.joined or listening.position == self.head.number:
            return None
        return self.feed_for(connection.principal.language).next_frame(listening)


@dataclass(eq=False)
class Feed:
    """One stream in one language: what is rendered, and the task that renders, at most five times a second."""

    stream: PanelStream
    language: str
    names: list[str] | None = None  # of all panels; asked for when somebody starts anew
    rendered: dict[str, Rendered] = field(default_factory=dict)
    rendered_at: int = -1  # the head before the last pass
    texts: dict[tuple[int | None, int], str] = field(default_factory=dict)
    task: "asyncio.Task[None] | None" = None
    again: bool = False
    not_before: float = 0.0

    # -- Frames

    def next_frame(self, listening: Listening) -> str | None:
        position = listening.position
        for number in (self.stream.head.number, self.rendered_at):
            if position is not None and number <= position:
                continue
            text = self.text(position, number)
            if text is not None:
                listening.position = number
                return text
        self.render_soon()
        return None

    def text(self, position: int | None, number: int) -> str | None:
        key = (position, number)
        if key not in self.texts:
            panels = self.panels_up_to(number, position)
            if panels is None:
                return None
            frame = reset_frame if position is None else panels_frame
            self.texts[key] = encoded(frame(self.stream.name, self.stream.head.epoch, number, panels))
        return self.texts[key]

    def panels_up_to(self, number: int, position: int | None) -> dict[str, str] | None:
        """Return the panels that changed after `position`, or all, good for the promise up to `number`; else None."""
        panels = {}
        for name in self.needed(position):
            found, changed = self.rendered.get(name), self.stream.changed.get(name, 0)
            if changed <= number and (found is None or found.number < changed):
                return None
            # One that changed after `number` will be sent again: what there is of it may go, but nothing hangs on it.
            if found is not None and found.html is not None:
                panels[name] = found.html
        return None if position is None and self.names is None else panels

    def needed(self, position: int | None) -> Iterator[str]:
        if position is None:
            return iter(dict.fromkeys([*(self.names or []), *self.stream.changed]))
        return (name for name, number in self.stream.changed.items() if number > position)

    def listeners(self) -> list[Listening]:
        everyone = self.stream.listeners.values()
        return [one for one in everyone if one.joined and one.connection.principal.language == self.language]

    # -- Rendering

    def render_soon(self) -> None:
        self.again = True
        self.texts.clear()
        if self.task is None:
            self.task = asyncio.create_task(self.render_while_needed())

    async def render_while_needed(self) -> None:
        try:
            while self.again:
                await asyncio.sleep(max(0.0, self.not_before - time.monotonic()))
                await crush_is_over()
                self.again = False
                self.not_before = time.monotonic() + PASS_PAUSE_SECONDS
                await self.render_pass()
                for listening in self.listeners():
                    listening.connection.push_latest(self.stream)
        finally:
            self.task = None

    async def render_pass(self) -> None:
        """Render what anyone lacks. The head is taken first, so that no panel claims more than it shows."""
        number, epoch = self.stream.head.number, self.stream.head.epoch
        positions = [listening.position for listening in self.listeners()]
        if not positions:
            return
        lowest = None if None in positions else min(position for position in positions if position is not None)
        fresh = {name for name, found in self.rendered.items() if found.number >= self.stream.changed.get(name, 0)}
        stale = [name for name in self.needed(lowest) if name not in fresh]
        began = time.monotonic()
        try:
            names, htmls = await in_thread(
                renderers,
                rendered_panels,
                self.stream.kind,
                self.stream.name,
                self.language,
                stale,
                all_but=fresh if lowest is None else None,
            )
        except Exception as error:  # the database may be away for a while
            log_failure(f"Asking for the panels of {self.stream.kind.prefix}", error)
            self.not_before = time.monotonic() + FAILED_PAUSE_SECONDS
            self.again = True
            return
        metrics.rendering_seconds.observe(time.monotonic() - began)
        if self.stream.head.epoch == epoch:
            self.keep(number, names, htmls)

    def keep(self, number: int, names: list[str] | None, htmls: dict[str, str | None]) -> None:
        self.names = names
        self.rendered_at = number
        self.rendered |= {name: Rendered(number, html) for name, html in htmls.items()}
        self.texts.clear()
        for name in [name for name, html in htmls.items() if html is None]:
            self.stream.hub.touch_later(self.stream.name, name)
        self.stream.hub.rendered_well(self.stream.name, [name for name, html in htmls.items() if html is not None])


def rendered_panels(
    kind: StreamKind, stream: str, language: str, stale: list[str], *, all_but: set[str] | None
) -> tuple[list[str] | None, dict[str, str | None]]:
    """Return the stale panels rendered. With `all_but` also all others but these, and the names of all.

    A panel that the stream does not have (any more) is empty. Without `all_but` no names are asked for: of a person's
    own stream every app is asked, and a vote changes one panel of everybody's.
    """
    with translation.override(language):
        if all_but is None:
            return None, {
                name: rendered_panel(kind, stream, name, language) if kind.has_panel(stream, name) else ""
                for name in stale
            }
        names = kind.panels(stream)
        wanted = dict.fromkeys([*stale, *(name for name in names if name not in all_but)])
        return names, {name: rendered_panel(kind, stream, name, language) if name in names else "" for name in wanted}


def rendered_panel(kind: StreamKind, stream: str, panel: str, language: str) -> str | None:
    """Return the panel, or None when it cannot be rendered: the others must not wait for it."""
    try:
        html = kind.render(stream, panel, language)
        metrics.renderings.labels("well").inc()
        return html
    except Exception as error:
        metrics.renderings.labels("failed").inc()
        log_failure(f"Rendering the panel {panel} of {kind.prefix}", error)
        return None
