"""Several people at the same moment: real threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment, each in a thread with a connection of its own; return the answers in order."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(one, act) for act in acts]]


def in_a_thread(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> "Future[Any]":
    def one() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    return pool.submit(one)
