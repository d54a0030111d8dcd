"""Good files bent by chance: whatever becomes of one, it ends as pages or as a known refusal, and every answer of the
program that reads it is one that can be stored.

A child is asked directly, by far the quickest way. A few each time, always the same; `HOSTILE_TRIES=1000` bends so many
of each kind, others every time. What fails can be bent again: Hypothesis prints the number of the chance.
"""

import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import children
from documents.children import Limits
from documents.refusals import SENTENCES
from tests.documents import hostile, office_files, papers
from tests.documents.answers import ends_as

TRIES = int(os.environ.get("HOSTILE_TRIES", "0"))
WHOLE: dict[str, Callable[[], bytes]] = {
    "pdf": hostile.one_page,
    "pdf with much in it": hostile.scripts_and_programs_when_it_is_opened,
    "packed pdf": lambda: papers.raw_pdf(
        [hostile.stream(hostile.packed(hostile.WORDS), b"/Filter/FlateDecode")], b"<<>>"
    ),
    "docx": lambda: office_files.docx("Dự toán ngân sách"),
    "xlsx": lambda: office_files.xlsx("Dự toán ngân sách"),
    "old text": lambda: office_files.ole("WordDocument"),
    "png": lambda: office_files.picture("PNG", (60, 80)),
    "jpeg": lambda: office_files.picture("JPEG", (60, 80)),
    "tiff": lambda: office_files.picture("TIFF", (60, 80), pages=2, compression="tiff_lzw"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_bent_file_ends_as_pages_or_as_a_known_refusal(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LIMITS", Limits(answer_seconds=60, cpu_seconds=4))
    whole, folder = whole_of(kind), Path(tempfile.mkdtemp(prefix="phien-bent-"))
    (folder / "temporary").mkdir()

    @settings(
        max_examples=TRIES or 4,
        derandomize=not TRIES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def bent_by(number: int) -> None:
        assert ends_as(hostile.bent(whole, random.Random(number)), folder) in {"pages", *SENTENCES}

    bent_by()
    (folder / "temporary").rmdir()
    folder.rmdir()


def whole_of(kind: str) -> bytes:
    make = WHOLE[kind]
    return make("127.0.0.1:9") if kind == "pdf with much in it" else make()
