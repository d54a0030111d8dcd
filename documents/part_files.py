"""Files on their way in: each lies under the key of its upload until it is complete, held by one writer at a time."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

PIECE_BYTES = 256 * 1024  # of a body in memory at once
SUFFIX = ".part"


class Body(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Taster(Protocol):
    """Whatever wants to see the bytes as they come, such as a checksum."""

    def update(self, data: bytes, /) -> None: ...


class Held(Exception):
    """Somebody else is writing this file at the moment."""


class TooLong(Exception):
    """More came than was announced."""


class NoRoom(Exception):
    """The disk is full."""


class Part:
    """A part file, held: nobody else writes it."""

    def __init__(self, path: Path, file: FileIO) -> None:
        self.path, self.file = path, file

    def cut_to(self, size: int) -> None:
        """Forget what lies behind: bytes that nobody acknowledged, of a server that was killed or a wrong checksum."""
        self.file.truncate(size)

    def append(self, body: Body, *, at_most: int, taster: Taster | None = None) -> int:
        """Write what comes to the end, never holding more than a piece; return how much it was."""
        written = 0
        try:
            while piece := body.read(PIECE_BYTES):
                written += len(piece)
                if written > at_most:
                    raise TooLong
                if taster is not None:
                    taster.update(piece)
                self.write(piece)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise NoRoom from error
            raise
        return written

    def write(self, piece: bytes) -> None:
        left = memoryview(piece)
        while left:
            left = left[self.file.write(left) :]

    def settle(self) -> None:
        """Return when the bytes are on the disk, so that they may be acknowledged."""
        os.fsync(self.file.fileno())

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


class WholeFile(UploadedFile):
    """A part file that is complete, as the actions that take papers in want it."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(file=path.open("rb"), name=name, size=path.stat().st_size)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


@contextmanager
def held(key: UUID) -> Iterator[Part]:
    """Hold the file alone, across threads and processes. Raises Held at once rather than wait: the sender can."""
    settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = path_of(key)
    # Without a buffer: what a full disk refused would be tried once more when the file is closed.
    with path.open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held from None
        yield Part(path, file)


def path_of(key: UUID) -> Path:
    return settings.UPLOADS_DIR / f"{key}{SUFFIX}"


def size_of(key: UUID) -> int:
    try:
        return path_of(key).stat().st_size
    except FileNotFoundError:
        return 0


def free_bytes() -> int:
    settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(settings.UPLOADS_DIR).free


def left_alone_for(seconds: float) -> list[Path]:
    """Part files nobody has written to for so long."""
    try:
        found = list(settings.UPLOADS_DIR.glob(f"*{SUFFIX}"))
    except FileNotFoundError:
        return []
    before = time.time() - seconds
    return [path for path in found if last_written(path) < before]


def last_written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
