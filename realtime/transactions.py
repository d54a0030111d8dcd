"""One transaction for one act: what it wants to write last is collected and written in one order.

Numbers of streams and heads of log chains are rows that every act wants. Whoever took them early would hold them while
waiting for a row of somebody who waits for them. So they are taken once each, at the end, in the order of their names.
"""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar, cast

from django.db import connection, transaction

from realtime.turns import turns

Kept = TypeVar("Kept")
Flush = Callable[[dict[str, list[Any]]], None]


@dataclass(eq=False)
class Work:
    """Something to be written at the end of the outermost block."""

    lane: str
    flush: Flush
    payload: Any
    block: object

    def __call__(self) -> None:
        """Do nothing: it stands among the commit hooks so that any savepoint rolled back takes it along."""


class Block:
    """One outermost transaction, and what is kept while it lasts."""

    def __init__(self) -> None:
        self.kept: dict[Hashable, Any] = {}


class Open(threading.local):
    block: Block | None = None
    flushing = False
    savepoints = True


opened = Open()


@contextmanager
def one_transaction(*, savepoints: bool = True) -> Iterator[None]:
    """Open a transaction, or a savepoint inside one. The outermost block flushes what was promised by `at_end`.

    Without savepoints, whatever goes wrong in a block inside, even if it is caught, spoils the whole.
    """
    if opened.block is not None:
        with transaction.atomic(savepoint=opened.savepoints):
            yield
        return
    with its_turn(), transaction.atomic():
        opened.block, opened.savepoints = Block(), savepoints
        try:
            yield
            if not transaction.get_rollback():
                flush_lanes(opened.block)
        finally:
            opened.block, opened.savepoints = None, True


def its_turn() -> AbstractContextManager[None]:
    """On SQLite, the turn of this thread; not where it holds the database already, for others may wait for that."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return nullcontext()
    return turns.turn()


def kept(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what was made under this key in the running transaction, or make it now.

    For what cannot change while the transaction lasts: many acts of one batch ask for the same.
    """
    if opened.block is None:
        return make()
    if key not in opened.block.kept:
        opened.block.kept[key] = make()
    return cast(Kept, opened.block.kept[key])


def keep(key: Hashable, value: object) -> None:
    """Keep what was found for several at once under the key under which each of them asks for it."""
    if opened.block is not None:
        opened.block.kept[key] = value


def found_ahead(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """Return what `keep` put under this key in the running transaction; make it anew each time where nothing was."""
    if opened.block is None or key not in opened.block.kept:
        return make()
    return cast(Kept, opened.block.kept[key])


def held(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """Like `kept`, for what a lock of the running transaction keeps as it is.

    Where savepoints may be undone it is asked anew each time: the lock goes with the savepoint in which it was taken.
    """
    return make() if opened.savepoints else kept(key, make)


def at_end(lane: str, flush: Flush, payload: Any) -> None:
    """Have `flush({lane: payloads, …})` called at the end of the outermost block, lanes in the order of their names.

    Neighbours in that order that have the same `flush` share a call.
    """
    if opened.block is None:
        raise RuntimeError(f"Nothing can be written to {lane} outside one_transaction().")
    if opened.flushing:
        raise RuntimeError(f"It is too late to write to {lane}: the lanes are being written already.")
    transaction.on_commit(Work(lane, flush, payload, opened.block))


def flush_lanes(block: object) -> None:
    lanes: dict[str, list[Work]] = {}
    for entry in connection.run_on_commit:
        hook = entry[1]
        if isinstance(hook, Work) and hook.block is block:
            lanes.setdefault(hook.lane, []).append(hook)
    opened.flushing = True
    try:
        for flush, neighbours in groupby(sorted(lanes), key=lambda lane: lanes[lane][0].flush):
            flush({lane: [work.payload for work in lanes[lane]] for lane in neighbours})
    finally:
        opened.flushing = False
