"""After a commit: tell whoever in this process serves the streams that moved. A lost wake-up heals within a second."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Moved:
    """A stream got the entries `bodies`, the first of them with the number `first`; told at a time in s since 1970."""

    stream: str
    epoch: str
    first: int
    bodies: tuple[Any, ...]
    told_at: float = field(default_factory=time.time, compare=False)

    @property
    def last(self) -> int:
        return self.first + len(self.bodies) - 1


listeners: list[Callable[[Moved], None]] = []


def announce(moved: Moved) -> None:
    # A copy: a hub whose loop has ended takes itself off the list while it is told, and nobody may be passed over.
    for listener in tuple(listeners):
        listener(moved)
