"""What is in a person's reach, read once for a page that only reads.

A page asks for it a dozen times. It is remembered for one GET request and no longer: an act always asks anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Asked = tuple[int, tuple[str, ...]]

_remembered: ContextVar[dict[Asked, frozenset[int]] | None] = ContextVar("reach_remembered", default=None)


@contextmanager
def reach_read_once() -> Iterator[None]:
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remembered_reach(asked: Asked, read: Callable[[], frozenset[int]]) -> frozenset[int]:
    """Return what `read` says; what it said before on the same page."""
    known = _remembered.get()
    if known is None:
        return read()
    if asked not in known:
        known[asked] = read()
    return known[asked]
