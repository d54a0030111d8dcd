"""Papers of tests lie in a folder of their own, which goes away."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from documents.children import Child, _spare, _warm

REMEMBERED: dict[tuple[Any, ...], Any] = {}


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def no_child_waits() -> Iterator[None]:
    yield
    _warm.end_all()
    _spare.end_all()


@pytest.fixture
def remembered_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a child the same question about the same content only once: starting one takes longer than most tests."""
    for name in ("inspect", "text", "raster", "tiles"):
        monkeypatch.setattr(Child, name, remembering(getattr(Child, name)))


def remembering(ask: Callable[..., Any]) -> Callable[..., Any]:
    def answer(child: Child, *words: Any, **named: Any) -> Any:
        key = (ask.__name__, hashlib.sha256(child.path.read_bytes()).digest(), words, tuple(named.items()))
        if key not in REMEMBERED:
            REMEMBERED[key] = ask(child, *words, **named)
        return REMEMBERED[key]

    return answer
