"""Threads that ask the database for the event loop, and give their connection back when nobody waits any more."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections

Args = ParamSpec("Args")
Found = TypeVar("Found")
Question = Callable[[], Any]


class Askers:
    """A few threads that answer questions in the order in which they are put.

    A connection is kept from question to question while there are any: taking one up costs more than most questions,
    and when five hundred have voted, five hundred tablets are each shown their own ballot.
    """

    def __init__(self, threads: int, name: str) -> None:
        self.threads = threads
        self.pool = ThreadPoolExecutor(threads, name)
        self.waiting: deque[tuple[Question, Future[Any]]] = deque()
        self.at_work = 0
        self.guard = Lock()

    def ask(self, question: Question) -> "Future[Any]":
        answer: Future[Any] = Future()
        with self.guard:
            self.waiting.append((question, answer))
            if self.at_work < self.threads:
                self.at_work += 1
                self.pool.submit(self.work)
        return answer

    def work(self) -> None:
        try:
            while asked := self.next_asked():
                self.answer(*asked)
        finally:
            close_old_connections()

    def next_asked(self) -> tuple[Question, "Future[Any]"] | None:
        with self.guard:
            if self.waiting:
                return self.waiting.popleft()
            self.at_work -= 1
            return None

    def answer(self, question: Question, answer: "Future[Any]") -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            found = question()
        except BaseException as error:
            answer.set_exception(error)
        else:
            answer.set_result(found)
        with suppress(Exception):  # of a line that is broken already: this thread must go on
            if any(one.errors_occurred for one in connections.all(initialized_only=True)):
                close_old_connections()


# Few: on two cores more threads only wait for one another, and PostgreSQL's pool is shared with the pages.
askers = Askers(4, "realtime-ask")
renderers = Askers(2, "realtime-render")


async def in_thread(pool: Askers, question: Callable[Args, Found], *args: Args.args, **kwargs: Args.kwargs) -> Found:
    found: Found = await asyncio.wrap_future(pool.ask(partial(question, *args, **kwargs)))
    return found
