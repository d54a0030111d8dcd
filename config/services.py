"""Runs the web server and the worker as children of one command, and leaves none behind, however the command ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 8  # a page being drawn may finish
RESTART_AFTER_SECONDS = (0.5, 1, 2, 5, 10)
LOOK_EVERY_SECONDS = 0.2
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Service:
    """A child of the command. One that is `vital` takes the command with it; another is started again when it dies."""

    name: str
    arguments: Sequence[str]
    vital: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    may_start_at: float = 0.0

    def start(self) -> None:
        self.process = loaded_ahead(self) or child(self.arguments, self.environment)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


def child(arguments: Sequence[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    # Its standard input is a pipe: when the command dies, however, the pipe ends, and so does the child (see
    # config/child.py). A session of its own keeps Ctrl-C for the command, which ends its children.
    return subprocess.Popen(  # noqa: S603 - our own program and arguments
        [sys.executable, "-m", "config.child", *arguments],
        stdin=subprocess.PIPE,
        env={**os.environ, **environment},
        start_new_session=True,
    )


ahead: list[tuple[dict[str, str], "subprocess.Popen[bytes]"]] = []


def load_ahead(environment: dict[str, str]) -> None:
    """Start a web server that loads everything and waits to be told where to listen; untold, it ends with us."""
    ahead.append((environment, child(["server"], environment)))


def loaded_ahead(service: Service) -> "subprocess.Popen[bytes] | None":
    """Return the web server that was started ahead, having told it where to listen, if there is one like this."""
    kind, *arguments = service.arguments
    if kind != "server" or not ahead or ahead[0][0] != service.environment or ahead[0][1].poll() is not None:
        return None
    process = ahead.pop()[1]
    assert process.stdin is not None
    process.stdin.write(f"{arguments[0]}\n".encode())
    process.stdin.flush()
    return process


class Stopped(Exception):
    """A signal asked the command to end."""


class Services:
    def __init__(self, services: Sequence[Service], *, say: Callable[[str], None]) -> None:
        self.services = list(services)
        self.say = say

    def __enter__(self) -> "Services":
        for number in ENDING_SIGNALS:
            signal.signal(number, stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        end_all([service.process for service in self.services if service.process is not None])

    def start(self) -> None:
        for service in self.services:
            if service.process is None:
                service.start()

    def add(self, service: Service) -> None:
        self.services.append(service)
        service.start()

    def watch(self) -> int:
        """Stay until a vital child ends, and return its exit status; start others again when they die."""
        while True:
            for service in self.services:
                if service.runs:
                    continue
                if service.vital:
                    return service.process.returncode if service.process else 1
                self.start_again(service)
            time.sleep(LOOK_EVERY_SECONDS)

    def start_again(self, service: Service) -> None:
        now = time.monotonic()
        if not service.may_start_at:
            wait = RESTART_AFTER_SECONDS[min(service.deaths, len(RESTART_AFTER_SECONDS) - 1)]
            service.deaths += 1
            service.may_start_at = now + wait
            self.say(f"{service.name}: ended, starting again in {wait:g} s")
        elif now >= service.may_start_at:
            service.may_start_at = 0.0
            service.start()


def stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def end_all(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, wait a little, then end the groups of whatever is left."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_group(process.pid)


def end_group(leader: int) -> None:
    """End what a child started itself, such as a drawing program in the middle of a page."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@dataclass(frozen=True)
class Tls:
    """The files with which the server itself speaks HTTPS; behind nginx it does not."""

    certificate: Path
    key: Path


def server(*, host: str, port: int, tls: Tls | None = None, environment: dict[str, str] | None = None) -> Service:
    # A whole hall reconnects at once: the usual backlog of 50 makes it wait for seconds.
    words = {"port": port, "interface": host, "backlog": 4096}
    if tls is not None:
        kind, words = "ssl", {**words, "privateKey": tls.key, "certKey": tls.certificate}
    else:
        kind = "tcp6" if ":" in host else "tcp"
    endpoint = ":".join([kind, *(f"{name}={escaped(value)}" for name, value in words.items())])
    return Service("server", ["server", endpoint], vital=True, environment=environment or {})


def escaped(value: object) -> str:
    """Return a value as Twisted's descriptions of endpoints want it."""
    return re.sub(r"([\\:=])", r"\\\1", str(value))


def worker(*, environment: dict[str, str] | None = None) -> Service:
    return Service("worker", ["worker"], environment=environment or {})


def extras(*, environment: dict[str, str]) -> Service:
    """The other members of the demo, who vote by themselves."""
    return Service("extras", ["extras"], environment=environment)


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
