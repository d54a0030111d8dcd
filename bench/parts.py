"""What the benchmarks of the line share: a server to ask, and the least that can be called a tablet."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from fanout import ROOT, free_port

TEXT, PING, PONG = 1, 9, 10


class Server:
    """A server process that answers words on its standard input with lines of JSON."""

    def __init__(self, script: str, folder: Path, **environment: str) -> None:
        self.script, self.folder, self.environment, self.port = script, folder, environment, free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Return when it listens."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PHIEN_", "DATABASE_", "REDIS_"))}
        self.process = subprocess.Popen(
            [sys.executable, self.script, "--serve", str(self.port)],
            cwd=ROOT,
            env={
                **kept,
                **self.environment,
                **{"PHIEN_DATA": str(self.folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        json.loads(self.line())
        return time.monotonic()

    def line(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.startswith("{"):
                return line
        raise SystemExit("The server ended early.")

    def ask(self, *words: str) -> dict[str, Any]:
        self.tell(*words)
        return self.hear()

    def tell(self, *words: str) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        return dict(json.loads(self.line()))

    def cut(self) -> float:
        began = time.monotonic()
        self.ask("cut")
        return began

    def restart(self) -> float:
        self.end()
        return self.start()

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Line(asyncio.Protocol):
    """A WebSocket that says and hears frames; what it costs must not hide what the server costs. What it says first and
    does with a frame is for those who derive from it.
    """

    def __init__(self, number: int, port: int, ticket: str) -> None:
        self.number, self.port, self.ticket = number, port, ticket
        self.is_open = False
        self.data = b""

    def hello(self) -> dict[str, Any]:
        raise NotImplementedError

    def take(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    async def reach(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.line, self.data, self.is_open = transport, b"", False
        transport.write(
            f"GET /socket/ HTTP/1.1\r\nHost: localhost:{self.port}\r\nOrigin: http://localhost:{self.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.data += data
        if not self.is_open:
            _head, end, rest = self.data.partition(b"\r\n\r\n")
            if not end:
                return
            self.is_open, self.data = True, rest
            self.say({"t": "hello", "v": 1, "ticket": self.ticket, "client": "bench", **self.hello()})
        while (payload := self.next_payload()) is not None:
            self.take(json.loads(payload))

    def next_payload(self) -> bytes | None:
        """Return the content of the next whole text frame; pings are answered, a closing frame has none of interest."""
        while (found := self.next_message()) is not None:
            kind, payload = found
            if kind == TEXT:
                return payload
            if kind == PING:
                self.put(PONG, payload)
        return None

    def next_message(self) -> tuple[int, bytes] | None:
        if len(self.data) < 2:
            return None
        size, begin = self.data[1], 2
        if len(self.data) < 2 + {126: 2, 127: 8}.get(size, 0):
            return None
        if size == 126:
            size, begin = int.from_bytes(self.data[2:4], "big"), 4
        elif size == 127:
            size, begin = int.from_bytes(self.data[2:10], "big"), 10
        if len(self.data) < begin + size:
            return None
        kind, payload, self.data = self.data[0] & 15, self.data[begin : begin + size], self.data[begin + size :]
        return kind, payload

    def say(self, frame: dict[str, Any]) -> None:
        self.put(TEXT, json.dumps(frame).encode())

    def put(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        head = bytes((0x80 | kind, 0x80 | size)) if size < 126 else bytes((0x80 | kind, 0xFE)) + size.to_bytes(2, "big")
        self.line.write(head + bytes(4) + payload)  # a mask of zeros
