"""Where files lie: a name that is there has all of its content."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents import storage


class Breaking(ContentFile):
    """A file whose disk is full after its first half."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"first half"
        raise OSError("No space left on device")


def test_a_file_that_was_stored_half_is_not_there_and_leaves_nothing_behind(files: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        storage.put("papers/ab/abc.pdf", Breaking(b"first half, second half"))
    assert not default_storage.exists("papers/ab/abc.pdf")
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_the_same_content_twice_is_one_file(files: Path) -> None:
    for _time in range(2):
        storage.put("papers/ab/abc.pdf", ContentFile(b"whole"))
    assert [(path.name, path.read_bytes()) for path in files.rglob("*") if path.is_file()] == [("abc.pdf", b"whole")]
