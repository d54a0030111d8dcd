"""Where files lie: under their content, once per content, for papers and for the pictures of their pages."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

TIERS = (1600, 2400)  # pixels of width; the first is drawn beforehand
THUMBNAIL = 200
DRAWN = (*TIERS, THUMBNAIL)
LEVELS = (3600, 6000, 9600)  # pixels of width of a page that is drawn tile by tile, for who zooms in further
TILES_KEEP_FREE = 0.2  # of the disk: tiles can be drawn again, papers that find no room cannot be taken in


@dataclass(frozen=True)
class Arrived:
    """A file that lies in a temporary place: nothing of it is kept until it is accepted."""

    path: Path
    name: str
    size_bytes: int
    sha256: str

    @property
    def stored_name(self) -> str:
        """Where the PDF lies: the file itself, or what is made of it."""
        return f"papers/{self.sha256[:2]}/{self.sha256}.pdf"


@contextmanager
def arrived(file: File) -> Iterator[Arrived]:
    """Give the file a path for a child to open; it is gone afterwards."""
    name = (getattr(file, "name", "") or "").rsplit("/", 1)[-1][:255]
    if isinstance(file, UploadedFile) and hasattr(file, "temporary_file_path"):
        path = Path(file.temporary_file_path())
        yield Arrived(path, name, file.size or 0, digest(file.chunks()))
        return
    with NamedTemporaryFile(suffix=".pdf") as here:
        for chunk in file.chunks():
            here.write(chunk)
        here.flush()
        yield Arrived(Path(here.name), name, file.size or 0, digest(file.chunks()))


def digest(chunks: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


def keep(path: Path, name: str) -> None:
    """Store a file under its content; the same content is stored once, also when two arrive at the same time."""
    if is_kept(name):
        return
    with path.open("rb") as file:
        put(name, File(file))


def is_kept(name: str) -> bool:
    return default_storage.exists(name)


def keep_picture(name: str, picture: bytes) -> None:
    put(name, ContentFile(picture))


def put(name: str, content: File) -> None:
    """Store it whole or not at all: whoever is killed half-way leaves nothing under this name."""
    try:
        place = Path(default_storage.path(name))
    except NotImplementedError:  # a storage elsewhere shows a file when all of it is there
        stored = default_storage.save(name, content)
        if stored != name:  # another one came first with the same content
            default_storage.delete(stored)
        return
    part = f"{name}.{uuid4().hex}"
    try:
        default_storage.save(part, content)
        Path(default_storage.path(part)).replace(place)
    finally:
        default_storage.delete(part)


def picture(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None


def keep_tile(name: str, tile: bytes) -> None:
    """Keep a tile while there is room to spare; without it, it is drawn again for the next who looks."""
    if has_room_for_tiles():
        put(name, ContentFile(tile))


def has_room_for_tiles() -> bool:
    try:
        place = Path(default_storage.path(""))
    except NotImplementedError:  # a storage elsewhere does not say how full it is
        return True
    disk = shutil.disk_usage(place)
    return disk.free > TILES_KEEP_FREE * disk.total


def pictures_folder(sha256: str) -> str:
    return f"pages/{sha256[:2]}/{sha256}"


def forget_content(sha256: str, files: Iterable[str]) -> None:
    """Delete files and their pictures; whoever calls has seen that nothing refers to them any more."""
    for file in files:
        default_storage.delete(file)
    forget_folder(pictures_folder(sha256))


def forget_folder(name: str) -> None:
    try:
        folders, files = default_storage.listdir(name)
    except FileNotFoundError:  # nothing was drawn
        return
    for file in files:
        default_storage.delete(f"{name}/{file}")
    for folder in folders:
        forget_folder(f"{name}/{folder}")
    with suppress(OSError):  # something was drawn this very moment
        default_storage.delete(name)
