"""What is written past Daphne's queue: the same bytes, in the same order, and only while nothing waits."""

import socket
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from realtime import daphne_socket
from realtime.daphne_socket import FAST_CHARACTERS_MOST, fast_write, frames_are_right, text_frame

OPEN = 3


class Line:
    """A protocol and a transport as Autobahn and Twisted make them, over a real pair of sockets."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.settimeout(2)
        self.queued: list[bytes] = []
        self.transport = SimpleNamespace(
            dataBuffer=b"",
            offset=0,
            _tempDataLen=0,
            connected=1,
            disconnecting=False,
            socket=self.near,
            write=self.queued.append,
        )
        self.protocol = SimpleNamespace(
            state=OPEN, STATE_OPEN=OPEN, send_queue=[], _perMessageCompress=None, transport=self.transport
        )

    @property
    def send(self) -> Any:
        return partial(lambda protocol, message: None, self.protocol)

    def write(self, text: str) -> bool:
        write = fast_write(self.send)
        assert write is not None
        return write(text)


@pytest.fixture
def line() -> Any:
    line = Line()
    yield line
    line.near.close()
    line.far.close()


def test_frames_are_those_of_the_servers_own_library() -> None:
    assert frames_are_right()
    assert text_frame("Phiên") == b"\x81\x06" + "Phiên".encode()


def test_a_free_line_gets_the_frame_at_once(line: Line) -> None:
    assert line.write("Biểu quyết")
    assert line.far.recv(100) == text_frame("Biểu quyết")
    assert line.queued == []


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("transport", "dataBuffer", b"waits"),
        ("transport", "_tempDataLen", 5),
        ("transport", "disconnecting", True),
        ("transport", "connected", 0),
        ("protocol", "send_queue", ["waits"]),
        ("protocol", "state", OPEN + 1),
    ],
)
def test_what_waits_or_ends_is_never_overtaken(line: Line, part: str, name: str, value: object) -> None:
    setattr(getattr(line, part), name, value)
    assert not line.write("later")
    line.far.setblocking(False)
    with pytest.raises(BlockingIOError):
        line.far.recv(1)


def test_what_the_kernel_does_not_take_is_left_to_the_server(line: Line) -> None:
    taken: list[bytes] = []

    def take_seven_bytes(frame: bytes) -> int:
        taken.append(frame[:7])
        return 7

    line.transport.socket = SimpleNamespace(send=take_seven_bytes)
    assert line.write("half of it waits")
    assert b"".join([*taken, *line.queued]) == text_frame("half of it waits")


def test_when_the_kernel_takes_nothing_the_frame_goes_the_usual_way(line: Line) -> None:
    while line.write("x" * FAST_CHARACTERS_MOST):
        pass
    assert len(line.queued) <= 1


def test_a_long_text_and_a_dead_line_go_the_usual_way(line: Line) -> None:
    assert not line.write("x" * (FAST_CHARACTERS_MOST + 1))
    line.far.close()
    while line.write("x"):
        pass


@pytest.mark.parametrize("name", ["dataBuffer", "_tempDataLen", "socket", "offset"])
def test_a_line_of_another_kind_is_left_alone(line: Line, name: str) -> None:
    delattr(line.transport, name)
    assert fast_write(line.send) is None
    assert fast_write(lambda message: None) is None


def test_compressed_lines_are_left_alone(line: Line) -> None:
    line.protocol._perMessageCompress = object()
    assert fast_write(line.send) is None


def test_without_the_self_test_nothing_is_written_past_the_server(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daphne_socket, "frames_are_right", lambda: False)
    assert fast_write(line.send) is None
