"""The same conversation without a socket, question by question, for networks whose proxies eat sockets."""

from typing import Any

from realtime import frames, readings
from realtime.frames import Asked, Bye, Frame
from realtime.kinds import StreamKind, kind_of
from realtime.operations import apply_operations
from realtime.panel_streams import rendered_panels
from realtime.principals import Principal
from realtime.readings import Head, panels_touched
from realtime.refusals import Refusal
from realtime.rights import allowed
from realtime.streams import touch_now
from realtime.tickets import bearer, read

FRAMES_MOST = 64


def answered(told: Any) -> list[Frame]:
    """Return the frames that answer a hello followed by operations. What is ephemeral is passed over.

    Operations come first, so that the streams already show them. A conversation that cannot be held is one bye.
    """
    try:
        if not isinstance(told, list) or not 0 < len(told) <= FRAMES_MOST:
            raise Bye("invalid")
        first, *rest = [checked(frame) for frame in told]
        hello = frames.hello_of(first)
        principal = bearer(read(hello.ticket))
        answers = [answer for frame in rest for answer in answer_to(frame, principal)]
        return [*welcome(principal, hello.streams), *frames.answer_frames(answers)]
    except Bye as bye:
        return [{"t": "bye", "code": bye.code}]


def checked(frame: Any) -> Frame:
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise Bye("invalid")
    return frame


def answer_to(frame: Frame, principal: Principal) -> list[Frame]:
    if frame["t"] in {"ephemeral", "ping"}:
        return []
    if frame["t"] != "op":
        raise Bye("invalid")
    try:
        return apply_operations(principal, frame.get("ops"))
    except Refusal:
        raise Bye("invalid") from None


def welcome(principal: Principal, asked: Asked) -> list[Frame]:
    streams = allowed(principal, asked).streams
    heads = readings.heads_begun(streams)
    greeting = {
        "t": "welcome",
        "v": frames.VERSION,
        "principal": principal.key,
        "now": frames.now_ms(),
        "streams": {name: head.as_frame for name, head in heads.items()},
        "refused": [name for name in asked if name not in heads],
    }
    news = [frame for name in streams for frame in caught_up(name, heads[name], asked[name], principal.language)]
    return [greeting, *news]


def caught_up(name: str, head: Head, known: tuple[str, int] | None, language: str) -> list[Frame]:
    """Return the frame, if one is needed, that brings someone from what they know to the present."""
    kind = kind_of(name)
    assert kind is not None, name
    if known == (head.epoch, head.number):
        return []
    entries = readings.entries_between(name, known[1], head.number) if known and head.can_continue(known) else None
    frame = panels if kind.mode == "panels" else stream_entries
    return [frame(kind, name, head, entries, language)]


Entries = list[tuple[int, Any]]


def panels(kind: StreamKind, name: str, head: Head, entries: Entries | None, language: str) -> Frame:
    stale = list(panels_touched(entries or []))
    _names, htmls = rendered_panels(kind, name, language, stale, all_but=set() if entries is None else None)
    found = {panel: html for panel, html in htmls.items() if html is not None}
    if failed := [panel for panel in htmls if panel not in found]:
        # The frame claims this number without them: they change once more, or the question is asked again.
        touch_now(name, *failed)
    frame = frames.reset_frame if entries is None else frames.panels_frame
    return frame(name, head.epoch, head.number, found)


def stream_entries(kind: StreamKind, name: str, head: Head, entries: Entries | None, language: str) -> Frame:
    if entries is None:
        return frames.reset_frame(name, head.epoch, head.number, kind.state(name))
    return frames.entries_frame(name, head.epoch, entries[0][0], [body for _number, body in entries])
