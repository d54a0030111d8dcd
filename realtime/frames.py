"""Frames on the wire: JSON text, finite numbers only, and what a client may say."""

import json
import math
import time
from dataclasses import dataclass
from typing import Any

VERSION = 1
FRAME_BYTES_MOST = 1024 * 1024
STREAMS_MOST = 64
# Daphne sends no message above 1 MiB; a part with every quote escaped and every letter of three bytes stays below.
PART_CHARACTERS = 256 * 1024
NAME_LENGTH_MOST = 200

Frame = dict[str, Any]
Asked = dict[str, tuple[str, int] | None]

# Bye codes and the close codes of the WebSocket that go with them.
CLOSE_CODES = {
    "invalid": 4400,
    "ticket": 4401,
    "logged_out": 4401,
    "removed": 4403,
    "timeout": 4408,
    "upgrade": 4426,
    "slow": 4429,
    "busy": 4503,
    "restart": 1012,
}


class Bye(Exception):
    """The conversation ends, with a code that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Hello:
    ticket: str
    client: str
    streams: Asked


# Made once: `json.dumps` and `json.loads` make a new one at each call that says how it is to be done.
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encoded(frame: Any) -> str:
    return ENCODER.encode(frame)


def parts(text: str) -> list[str]:
    """Return a frame as what is sent: itself, or the parts of which the other side joins the texts."""
    if len(text) <= PART_CHARACTERS:
        return [text]
    pieces = [text[begin : begin + PART_CHARACTERS] for begin in range(0, len(text), PART_CHARACTERS)]
    return [encoded({"t": "part", "n": n, "of": len(pieces), "text": piece}) for n, piece in enumerate(pieces, 1)]


def decoded(text: str) -> Frame:
    """Return one frame. Raises Bye("invalid") for anything else, also for NaN and numbers beyond what JSON can hold."""
    frame = parsed(text)
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise Bye("invalid")
    return frame


def parsed(text: str | bytes) -> Any:
    if len(text) > FRAME_BYTES_MOST:
        raise Bye("invalid")
    try:
        value = DECODER.decode(text if isinstance(text, str) else text.decode())
        if has_surrogate(text):
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except (ValueError, RecursionError):
        raise Bye("invalid") from None


def has_surrogate(text: str | bytes) -> bool:
    """Say whether letters may be escaped in two halves: one half alone would break every socket that it is sent to."""
    return "\\ud" in text.lower() if isinstance(text, str) else b"\\ud" in text.lower()


def refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


DECODER = json.JSONDecoder(parse_constant=refuse_constant, parse_float=finite)


def hello_of(frame: Frame) -> Hello:
    if frame["t"] != "hello" or not isinstance(frame.get("v"), int):
        raise Bye("invalid")
    if frame["v"] != VERSION:
        raise Bye("upgrade")
    ticket, client = frame.get("ticket"), frame.get("client")
    if not isinstance(ticket, str) or not isinstance(client, str) or len(client) > 64:
        raise Bye("invalid")
    return Hello(ticket, client, asked_streams(frame.get("streams", {})))


def question_of(frame: Frame) -> Frame:
    """Return the name a tablet gave its question, for the answer: the tabs of a browser share a connection."""
    question = frame.get("for")
    return {"for": question} if isinstance(question, str) and len(question) <= NAME_LENGTH_MOST else {}


def asked_streams(value: Any) -> Asked:
    """Return which streams were asked for and what is known of each: (epoch, number), or None for nothing."""
    if not isinstance(value, dict) or len(value) > STREAMS_MOST:
        raise Bye("invalid")
    for name, known in value.items():
        if not 0 < len(name) <= NAME_LENGTH_MOST or not (known is None or is_position(known)):
            raise Bye("invalid")
    return {name: None if known is None else (known[0], known[1]) for name, known in value.items()}


def is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], int)
        and not isinstance(value[1], bool)
        and 0 <= value[1] < 2**63
    )


def stream_names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > STREAMS_MOST or not all(isinstance(name, str) for name in value):
        raise Bye("invalid")
    return value


def entries_frame(stream: str, epoch: str, first: int, bodies: list[Any]) -> Frame:
    last = first + len(bodies) - 1
    return {"t": "entries", "s": stream, "epoch": epoch, "from": first, "to": last, "e": bodies}


def ephemera_text(stream: str, items: list[str]) -> str:
    """Return a frame of things that pass, each of which is written as JSON already: everybody gets others of them."""
    return f'{{"t":"ephemera","s":{encoded(stream)},"e":[{",".join(items)}]}}'


def panels_frame(stream: str, epoch: str, number: int, panels: dict[str, str]) -> Frame:
    return {"t": "panels", "s": stream, "epoch": epoch, "seq": number, "p": panels}


def reset_frame(stream: str, epoch: str, number: int, state: Any) -> Frame:
    return {"t": "reset", "s": stream, "epoch": epoch, "seq": number, "state": state}


def answer_frames(answers: list[Frame]) -> list[Frame]:
    """Return one frame with all acks, and one for each nack."""
    acks = [{key: value for key, value in answer.items() if key != "t"} for answer in answers if answer["t"] == "ack"]
    nacks = [answer for answer in answers if answer["t"] == "nack"]
    return [*([{"t": "ack", "r": acks}] if acks else []), *nacks]


def now_ms() -> int:
    return int(time.time() * 1000)
