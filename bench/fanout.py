"""How soon the last of N tablets has heard, and what telling one costs the server.

uv run bench/fanout.py [--quick]

Each way of telling runs in a server process of its own; this process holds N loopback connections to each and notes
when the last one has the message. The ways take turns within one run, so that they meet the same machine: our socket
under Daphne and under uvicorn, the broadcast of the `websockets` library, and an ordinary Channels consumer with
`group_send` over the in-memory layer and over the Redis pub/sub layer, for which a Redis is started where one is
installed. All leave what was loaded out of Python's search for garbage, as Phiên does. Messages are 300 bytes. Ours are
written down first, in a transaction that SQLite has put on the disk (`writing_ms`, part of the time shown); the others
keep nothing. The server's processor time is its own; the clients' is shown too.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WAYS = ("ours_daphne", "ours_uvicorn", "websockets", "group_send", "group_send_pubsub")
ROUNDS, QUICK_ROUNDS = 15, 5
MESSAGE_BYTES = 300
STREAM = "bench:hall"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1000 tablets only, fewer rounds")
    parser.add_argument("--serve", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    raise_file_limit()
    counts = (1000,) if arguments.quick else (100, 500, 1000, 2000)
    values: dict[str, float] = {}
    for count in counts:
        values |= measure(count, QUICK_ROUNDS if arguments.quick else ROUNDS)
    goals = {"ours_daphne_to_websockets_at_1000": 1.0, "group_send_cpu_to_ours_at_1000": 20.0, "kb_a_connection": 50.0}
    values["ours_daphne_to_websockets_at_1000"] = round(
        values["ours_daphne_1000_last_ms"] / values["websockets_1000_last_ms"], 2
    )
    values["group_send_cpu_to_ours_at_1000"] = round(
        values["group_send_1000_cpu_us"] / values["ours_daphne_1000_cpu_us"], 1
    )
    values["kb_a_connection"] = values["ours_daphne_1000_kb"]
    ok = (
        values["ours_daphne_to_websockets_at_1000"] <= goals["ours_daphne_to_websockets_at_1000"]
        and values["group_send_cpu_to_ours_at_1000"] >= goals["group_send_cpu_to_ours_at_1000"]
        and values["kb_a_connection"] <= goals["kb_a_connection"]
    )
    print(json.dumps({"bench": "fanout", "values": values, "goals": goals, "ok": ok}))


def raise_file_limit() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# -- The tablets, and the clock ----------------------------------------------------------------------------------------


def measure(count: int, rounds: int) -> dict[str, float]:
    """Start all servers, connect N tablets to each, then let each tell them in turn."""
    with tempfile.TemporaryDirectory(prefix="phien-bench-") as folder, redis() as url:
        ways = [way for way in WAYS if url or way != "group_send_pubsub"]
        servers: dict[str, Server] = {}
        try:
            for way in ways:
                servers[way] = Server(way, Path(folder) / way, url)
            return asyncio.run(take_turns(servers, count, rounds))
        finally:
            for server in servers.values():
                server.end()


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis for this run; nothing where it is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        print("group_send_pubsub is left out: redis-server is not installed.")
        yield ""
        return
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_listens(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


class Server:
    """One way of telling, in a process of its own: it tells when a line arrives on its standard input."""

    def __init__(self, way: str, folder: Path, redis_url: str) -> None:
        folder.mkdir()
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PHIEN_", "DATABASE_", "REDIS_"))}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve", way],
            cwd=ROOT,
            env={**kept, "PHIEN_DATA": str(folder), "PYTHONPATH": str(ROOT), "BENCH_REDIS_URL": redis_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = json.loads(self.line())
        self.port, self.ticket = told["port"], told["ticket"]

    def line(self) -> str:
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.startswith("{"):
                return line
        raise SystemExit("A server ended early.")

    def ask(self, word: str) -> dict[str, Any]:
        self.say(word)
        return json.loads(self.line())

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


async def take_turns(servers: dict[str, Server], count: int, rounds: int) -> dict[str, float]:
    halls: dict[str, list[Tablet]] = {}
    values: dict[str, float] = {}
    for way, server in servers.items():
        before = server.ask("usage")["kb"]
        halls[way] = await asyncio.gather(*(connected(server, way) for _ in range(count)))
        values[f"{way}_{count}_kb"] = round((server.ask("usage")["kb"] - before) / count, 1)
    last_ms: dict[str, list[float]] = {way: [] for way in servers}
    cpu: dict[str, float] = dict.fromkeys(servers, 0.0)
    written: dict[str, float] = dict.fromkeys(servers, 0.0)
    clients_began = time.process_time()
    order = list(servers)
    for number in range(rounds + 1):
        order = [*order[1:], order[0]]  # nobody always comes after the same one
        for way in order:
            server = servers[way]
            before = server.ask("usage")
            mark = f"round {number} "
            for tablet in halls[way]:
                tablet.wait_for(mark)
            began = time.perf_counter()
            server.say(f"tell {mark}")
            await everybody_heard(halls[way], way)
            if number:  # the first round warms up
                last_ms[way].append((time.perf_counter() - began) * 1000)
                after = server.ask("usage")
                cpu[way] += after["cpu"] - before["cpu"]
                written[way] += after["writing"] - before["writing"]
    for way in servers:
        values[f"{way}_{count}_last_ms"] = round(statistics.median(last_ms[way]), 1)
        values[f"{way}_{count}_cpu_us"] = round(cpu[way] / rounds / count * 1e6, 1)
        if written[way]:
            values[f"{way}_{count}_writing_ms"] = round(written[way] / rounds * 1000, 1)
        print(
            f"{way:17} N={count:5} last tablet {values[f'{way}_{count}_last_ms']:7.1f} ms"
            f"   server {values[f'{way}_{count}_cpu_us']:7.1f} us a delivery"
        )
    clients = (time.process_time() - clients_began) / (rounds + 1) / len(servers) / count * 1e6
    values[f"clients_{count}_cpu_us"] = round(clients, 1)
    for tablets in halls.values():
        for tablet in tablets:
            tablet.line.close()
    return values


async def everybody_heard(hall: "list[Tablet]", way: str) -> None:
    _done, waiting = await asyncio.wait({tablet.heard for tablet in hall}, timeout=60)
    if waiting:
        raise SystemExit(f"{way}: {len(waiting)} of {len(hall)} tablets heard nothing.")


class Tablet(asyncio.Protocol):
    """The least that can be called a WebSocket client: what it costs must not hide what servers cost."""

    line: asyncio.Transport
    heard: "asyncio.Future[None]"

    def __init__(self) -> None:
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.mark = b""
        self.tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.line = transport
        key = base64.b64encode(os.urandom(16)).decode()
        port = transport.get_extra_info("peername")[1]
        transport.write(
            f"GET /socket/ HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.tail = (self.tail + data)[-4096:]
        if not self.open.done() and b"\r\n\r\n" in self.tail:
            assert b" 101 " in self.tail.split(b"\r\n")[0], self.tail
            self.tail = b""
            self.open.set_result(None)
        elif self.mark and self.mark in self.tail:
            self.mark = b""
            self.heard.set_result(None)

    def wait_for(self, mark: str) -> None:
        self.mark, self.tail = mark.encode(), b""
        self.heard = asyncio.get_running_loop().create_future()

    def say(self, text: str) -> None:
        payload = text.encode()
        size = len(payload)
        head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
        self.line.write(head + bytes(4) + payload)  # a mask of zeros


async def connected(server: Server, way: str) -> Tablet:
    loop = asyncio.get_running_loop()
    _line, tablet = await loop.create_connection(Tablet, "127.0.0.1", server.port)
    await asyncio.wait_for(tablet.open, 60)
    if way.startswith("ours"):
        tablet.wait_for('"t":"reset"')
        hello = {"t": "hello", "v": 1, "ticket": server.ticket, "client": "bench", "streams": {STREAM: None}}
        tablet.say(json.dumps(hello))
        await asyncio.wait_for(tablet.heard, 60)
    return tablet


# -- The servers -------------------------------------------------------------------------------------------------------


def serve(way: str) -> None:
    from config.child import settle_memory

    raise_file_limit()
    if way == "websockets":
        settle_memory()
        asyncio.run(serve_websockets())
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    application = our_application() if way.startswith("ours") else application_of_channels(way)
    ticket = ticket_of_everybody() if way.startswith("ours") else ""
    port = free_port()
    settle_memory()
    tell = tell_ours if way.startswith("ours") else tell_group
    if way == "ours_uvicorn":
        asyncio.run(serve_uvicorn(application, port, ticket, tell))
    else:
        serve_daphne(application, port, ticket, tell)


def serve_daphne(application: Any, port: int, ticket: str, tell: Any) -> None:
    from daphne.server import Server as Daphne
    from twisted.internet import reactor

    server = Daphne(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"], ping_interval=3600)

    def begin() -> None:
        asyncio.get_event_loop().create_task(obey(port, ticket, tell))

    reactor.callWhenRunning(begin)
    server.run()


async def serve_uvicorn(application: Any, port: int, ticket: str, tell: Any) -> None:
    import uvicorn

    config = uvicorn.Config(
        application, port=port, log_level="critical", backlog=4096, ws_per_message_deflate=False, ws_ping_interval=None
    )
    task = asyncio.ensure_future(obey(port, ticket, tell))
    await uvicorn.Server(config).serve()
    task.cancel()


async def serve_websockets() -> None:
    from websockets.asyncio.server import broadcast
    from websockets.asyncio.server import serve as serve_it

    everyone: set[Any] = set()

    async def hold(line: Any) -> None:
        everyone.add(line)
        await line.wait_closed()
        everyone.discard(line)

    async def tell(text: str) -> None:
        broadcast(everyone, text)

    port = free_port()
    async with serve_it(hold, "127.0.0.1", port, compression=None, backlog=4096, ping_interval=None):
        await obey(port, "", tell)


async def obey(port: int, ticket: str, tell: Any) -> None:
    """Say where the server listens, then do what standard input asks for."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, wait_until_it_listens, port)
    say({"port": port, "ticket": ticket})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "usage":
            say({"cpu": time.process_time(), "kb": resident_kb(), "writing": sum(writing)})
        else:
            await tell(rest.ljust(MESSAGE_BYTES, "."))
    os.kill(os.getpid(), signal.SIGKILL)  # whoever measured has gone


def say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def wait_until_it_listens(port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def our_application() -> Any:
    from config.asgi import application
    from realtime import hub, principals
    from realtime.kinds import StreamKind, register_kind

    class Bench(StreamKind):
        prefix = "bench"
        mode = "entries"

        def may_listen(self, principal: Any, name: str) -> bool:
            return True

        def state(self, name: str) -> Any:
            return []

    register_kind(Bench())
    principals.checks[:] = []
    # These tablets send no pings and are nobody: connecting thousands five times takes minutes.
    hub.SILENCE_SECONDS = hub.RENEW_SECONDS = hub.LIFE_SECONDS = 3600
    return application


def ticket_of_everybody() -> str:
    from realtime import tickets
    from realtime.principals import Principal

    return str(tickets.issue(Principal("person:1"), tickets.rights_head()).frame()["ticket"])


async def tell_ours(text: str) -> None:
    """An entry as any act writes it: numbered, committed, and then sent."""
    await asyncio.get_running_loop().run_in_executor(None, publish_entry, text)


writing: list[float] = []  # seconds that each entry took until it was on the disk, before anybody is told


def publish_entry(text: str) -> None:
    from django.db import transaction

    from realtime.streams import publish
    from realtime.transactions import one_transaction

    began = time.perf_counter()
    with one_transaction():
        # The first to be called after the commit.
        transaction.on_commit(lambda: writing.append(time.perf_counter() - began))
        publish(STREAM, {"text": text})


def application_of_channels(way: str) -> Any:
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import InMemoryChannelLayer, channel_layers
    from channels.routing import ProtocolTypeRouter

    if way == "group_send_pubsub":
        from channels_redis.pubsub import RedisPubSubChannelLayer

        channel_layers.set("default", RedisPubSubChannelLayer(hosts=[os.environ["BENCH_REDIS_URL"]]))
    else:
        channel_layers.set("default", InMemoryChannelLayer())

    class Consumer(AsyncWebsocketConsumer):  # type: ignore[misc]
        groups = ("hall",)

        async def hall_news(self, event: dict[str, Any]) -> None:
            await self.send(text_data=event["text"])

    return ProtocolTypeRouter({"websocket": Consumer.as_asgi()})


async def tell_group(text: str) -> None:
    from channels.layers import get_channel_layer

    await get_channel_layer().group_send("hall", {"type": "hall.news", "text": text})


if __name__ == "__main__":
    main()
