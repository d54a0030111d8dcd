"""Runs `rendering.py` and `converting.py` as children with limits. One that dies or dawdles costs a page, or one paper,
never the service.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.core.files.storage import default_storage

RENDERING, CONVERTING = (Path(__file__).with_name(name) for name in ("rendering.py", "converting.py"))
ANSWER_LIMIT_BYTES = 48 * 1024 * 1024  # the text of a page, or the boxes of 3000 pages, is far smaller
# Under a memory limit, libraries must not reserve address space per core.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}

Answer = dict[str, Any]
# The kernel ends a child at its processor time with SIGXCPU, and the greediest process of a full machine with SIGKILL.
DIED_OF: dict[int | None, str] = {-signal.SIGXCPU: "too_slow", -signal.SIGKILL: "too_much_memory"}


@dataclass(frozen=True)
class Limits:
    """What one child may use. A good file of 191 kB has been seen to want 325 MB."""

    start_seconds: float = 30
    answer_seconds: float = 30
    cpu_seconds: int = 20
    memory_mb: int = 1024
    output_mb: int = 32


LIMITS = Limits()
WAIT_SECONDS = 20
# The pages of a picture lie in memory until all of them are there. A coloured scan takes about a second a page.
PICTURE_LIMITS = Limits(answer_seconds=300, cpu_seconds=280, memory_mb=3072, output_mb=512)
# What is copied of a file lies in memory until all of it is written: 500 MB of scans want twice as much.
COPY_LIMITS = Limits(answer_seconds=100, cpu_seconds=90, memory_mb=2048, output_mb=768)
# LibreOffice takes 350 MB and a second or two for an ordinary paper.
OFFICE_LIMITS = Limits(answer_seconds=150, cpu_seconds=120, memory_mb=2048, output_mb=512)
OFFICE_SECONDS = 120  # of the program; what is around it takes part of the rest
AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
# Who zooms in asks for a dozen tiles of one page and soon for the next: starting a child takes longer than drawing one.
KEPT_WARM, WARM_SECONDS = AT_ONCE, 20.0
# Others have loaded their libraries and wait for any file, from soon after somebody reads until nobody has for long.
KEPT_SPARE, SPARE_AFTER_SECONDS, SPARE_SECONDS = AT_ONCE, 2.0, 600.0
# Background work leaves one place for somebody who waits.
_places, _background_places = threading.BoundedSemaphore(AT_ONCE), threading.BoundedSemaphore(AT_ONCE - 1)


class ChildRefused(Exception):
    """The child refused the file or page, or was killed; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Busy(Exception):
    """No child came free in time; asking again later helps."""


@contextmanager
def child_for(
    path: Path,
    *,
    in_background: bool = False,
    wait_seconds: float | None = None,
    program: Path = RENDERING,
    limits: Limits | None = None,
) -> Iterator["Child"]:
    """Lend a child that opens this file. Raises Busy where none comes free in `wait_seconds`: for background work as
    long as it takes, unless it says otherwise.
    """
    if wait_seconds is None and not in_background:
        wait_seconds = WAIT_SECONDS
    places = [_background_places, _places] if in_background else [_places]
    with taken(places, wait_seconds), Child(path, limits, program) as child:
        yield child


@contextmanager
def warm_child_for(name: str, *, wait_seconds: float = WAIT_SECONDS) -> Iterator["Child"]:
    """Lend a child that opens this stored file, one that has it open already where there is one. Raises Busy.

    Afterwards it waits a while for the next question; while it does nothing it takes no place.
    """
    with taken([_places], wait_seconds):
        child = _warm.take(name) or opened(name)
        try:
            yield child
        except BaseException:
            child.close()
            raise
        _warm.keep(name, child)


def prepare_soon() -> None:
    """Have children ready for who reads now and may zoom in."""
    _spare.fill_soon()


def opened(name: str) -> "Child":
    with local_copy(name) as path:
        _spare.fill_soon()
        return opened_by_spare(path) or started(Child(path))


def started(child: "Child") -> "Child":
    try:
        child.start()
    except BaseException:
        child.close()
        raise
    return child


def opened_by_spare(path: Path) -> "Child | None":
    """Return a child that waited for a file and has this one open now; None where none can, whatever the reason."""
    child = _spare.take()
    if child is None:
        return None
    try:
        child.open(path)
    except ChildRefused:  # of the file, or of a child that died while it waited: one started for the file will tell
        child.close()
        return None
    return child


@contextmanager
def taken(places: list[threading.BoundedSemaphore], wait_seconds: float | None) -> Iterator[None]:
    """Hold these places, in this order. Raises Busy where one does not come free in time."""
    with ExitStack() as held:
        for place in places:
            if not place.acquire(timeout=wait_seconds):
                raise Busy
            held.callback(place.release)
        yield


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """Give the path of a stored file, brought here for the time being where the storage is elsewhere."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # a storage elsewhere has no path
        with tempfile.NamedTemporaryFile(suffix=".pdf") as here, default_storage.open(name) as there:
            for chunk in there.chunks():
                here.write(chunk)
            here.flush()
            yield Path(here.name)
    else:
        yield path


class Child:
    """One child program, started when it is first asked and again after it was killed; or launched without a file, to
    open one later.
    """

    def __init__(self, path: Path | None, limits: Limits | None = None, program: Path = RENDERING) -> None:
        self.path = path.resolve() if path else None
        self.program = program
        self.limits = limits or LIMITS
        self.process: subprocess.Popen[bytes] | None = None
        self.pending = b""
        self._folder = tempfile.TemporaryDirectory(prefix="phien-")
        self.folder = Path(self._folder.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self.end()
        self._folder.cleanup()

    def inspect(self, *, page_limit: int) -> Answer:
        return self.ask({"command": "inspect", "page_limit": page_limit})

    def text(self, page: int) -> Answer:
        return self.ask({"command": "text", "page": page})

    def raster(self, page: int, width_px: int) -> bytes:
        """Return the page as WebP."""
        return self.drawn({"command": "raster", "page": page, "width_px": width_px})

    def tiles(
        self, page: int, size_px: tuple[int, int], boxes_px: tuple[tuple[int, int, int, int], ...]
    ) -> list[bytes]:
        """Return as WebP the parts (x0, y0, x1, y1), in pixels, of a page drawn so many pixels wide and high."""
        answer = self.ask({"command": "tiles", "page": page, "size_px": size_px, "boxes_px": boxes_px})
        files = answer.get("files")
        if not isinstance(files, list) or len(files) != len(boxes_px):
            raise self.died()
        return [self.picture_in({"file": file}) for file in files]

    def drawn(self, question: Answer) -> bytes:
        return self.picture_in(self.ask(question))

    def picture_in(self, answer: Answer) -> bytes:
        file = self.made(answer, otherwise="page_broken")
        picture = file.read_bytes()
        file.unlink()
        return picture

    def copy(self, lines: list[str]) -> Path:
        """Return a copy of the paper with these lines on every page; it is gone with the child."""
        return self.made(self.ask({"command": "copy", "lines": lines}), otherwise="broken")

    def kind(self) -> str:
        """Return what the file is, by its content: the first thing the program that converts has to say."""
        if self.process is None:
            self.start()
        return str(self.first["kind"])

    def office(self, program: str, *, hidden: list[str]) -> Path:
        """Return a PDF that LibreOffice made of the file; it is gone with the child."""
        asked = {"command": "office", "program": program, "seconds": OFFICE_SECONDS, "hidden": hidden}
        return self.made(self.ask(asked), otherwise="not_converted")

    def picture(self, *, page_limit: int) -> Path:
        """Return a PDF made of the picture, or pictures; it is gone with the child."""
        return self.made(self.ask({"command": "picture", "page_limit": page_limit}), otherwise="not_converted")

    def made(self, answer: Answer, *, otherwise: str) -> Path:
        file = self.folder / Path(str(answer["file"])).name
        if file.is_symlink() or not file.is_file():
            raise ChildRefused(otherwise)
        return file

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask(self, question: Answer) -> Answer:
        """Return the answer. Raises ChildRefused, after killing a child that took too long, said nonsense or died."""
        process = self.process or self.start()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise self.died() from None
        return self.listen(self.limits.answer_seconds)

    def open(self, path: Path) -> None:
        """Have a child that was launched without a file open this one."""
        self.path = path.resolve()
        self.first = self.ask({"file": str(self.path)})

    def start(self) -> subprocess.Popen[bytes]:
        self.launch()
        self.first = self.listen(self.limits.start_seconds)
        assert self.process is not None
        return self.process

    def launch(self) -> None:
        limits = self.limits
        self.process = subprocess.Popen(  # noqa: S603 - our own program; the path is an argument, not a word of a shell
            [
                *(sys.executable, "-I", str(self.program), *([str(self.path)] if self.path else [])),
                *("--memory-mb", str(limits.memory_mb)),
                *("--cpu-seconds", str(limits.cpu_seconds)),
                *("--output-mb", str(limits.output_mb)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={**ENVIRONMENT, "TMPDIR": str(self.folder)},
            start_new_session=True,
        )
        self.pending = b""

    def listen(self, seconds: float) -> Answer:
        line = self.line(time.monotonic() + seconds)
        try:
            answer = json.loads(line)
        except ValueError:
            raise self.died() from None
        if not isinstance(answer, dict):
            raise self.died()
        if "refusal" in answer:
            raise ChildRefused(str(answer["refusal"]))
        return answer

    def line(self, deadline: float) -> bytes:
        assert self.process is not None
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while b"\n" not in self.pending:
                if not selector.select(max(0, deadline - time.monotonic())):
                    self.end()
                    raise ChildRefused("too_slow")
                chunk = os.read(pipe, 1 << 16)
                if not chunk or len(self.pending) > ANSWER_LIMIT_BYTES:
                    raise self.died()
                self.pending += chunk
        line, _newline, self.pending = self.pending.partition(b"\n")
        return line

    def died(self) -> ChildRefused:
        """End what is left of the child and say what it died of; a signal tells."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=1)
        status = self.process.returncode if self.process is not None else None
        self.end()
        return ChildRefused(DIED_OF.get(status, "broken"))

    def end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it has started: it leads a session of its own
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


class WarmChildren:
    """Children that wait for the next question about their file, a few and not for long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, Child, threading.Timer]] = []  # who has waited longest is first

    def take(self, name: str) -> Child | None:
        """Return a child that has this file open, if there is one."""
        with self._lock:
            found = next((one for one in reversed(self._waiting) if one[0] == name), None)
            if found is None:
                return None
            self._waiting.remove(found)
        _name, child, timer = found
        timer.cancel()
        if child.is_alive():
            return child
        child.close()
        return None

    def keep(self, name: str, child: Child) -> None:
        """Let it wait; where too many wait, the one that has waited longest is ended."""
        timer = threading.Timer(WARM_SECONDS, self.end_one, [child])
        timer.daemon = True
        with self._lock:
            self._waiting.append((name, child, timer))
            timer.start()
            surplus = self._waiting[0][1] if len(self._waiting) > KEPT_WARM else None
        if surplus is not None:
            self.end_one(surplus)

    def end_one(self, child: Child) -> None:
        """End a child unless it was lent meanwhile."""
        with self._lock:
            found = next((one for one in self._waiting if one[1] is child), None)
            if found is None:
                return
            self._waiting.remove(found)
        found[2].cancel()
        child.close()

    def end_all(self) -> None:
        for _name, child, _timer in list(self._waiting):
            self.end_one(child)


class SpareChildren:
    """Children that have loaded their libraries and wait for a file: who zooms in does not wait until they have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Child] = []
        self._round = 0
        self._asked_at = 0.0
        self._timers: dict[Callable[[], None], threading.Timer] = {}

    def take(self) -> Child | None:
        while True:
            with self._lock:
                child = self._waiting.pop() if self._waiting else None
            if child is None or child.is_alive():
                return child
            child.close()

    def fill_soon(self) -> None:
        """Start what is missing when who asks now has been answered; end all when nobody has asked for long."""
        self._asked_at = time.monotonic()
        self._later(SPARE_AFTER_SECONDS, self.fill)
        self._later(SPARE_SECONDS, self.end_when_unused)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        """Act then, unless that will happen anyway: a hall that opens its papers asks hundreds of times."""

        def due() -> None:
            with self._lock:
                self._timers.pop(act, None)
            act()

        with self._lock:
            if act not in self._timers:
                self._timers[act] = timer = threading.Timer(seconds, due)
                timer.daemon = True
                timer.start()

    def end_when_unused(self) -> None:
        left = self._asked_at + SPARE_SECONDS - time.monotonic()
        if left > 0:
            self._later(left, self.end_when_unused)
        else:
            self.end_all()

    def fill(self) -> None:
        with self._lock:
            round_ = self._round
        while len(self._waiting) < KEPT_SPARE:
            child = Child(None)
            child.launch()
            with self._lock:
                is_wanted = self._round == round_ and len(self._waiting) < KEPT_SPARE
                if is_wanted:
                    self._waiting.append(child)
            if not is_wanted:
                child.close()
                return

    def end_all(self) -> None:
        with self._lock:
            self._round += 1  # what is being started now is not kept
            children, self._waiting = self._waiting, []
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()
        for child in children:
            child.close()


_warm, _spare = WarmChildren(), SpareChildren()
