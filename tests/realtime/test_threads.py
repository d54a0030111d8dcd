"""Threads that ask the database: in order, with one connection while questions wait, and whatever goes wrong."""

from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from realtime.threads import Askers, in_thread

THREADS = 2


@pytest.fixture
def askers() -> Askers:
    return Askers(THREADS, "test-ask")


def test_questions_are_answered_in_the_order_in_which_they_are_put() -> None:
    alone, answered, may_begin = Askers(1, "test-ask"), list[int](), Event()
    first = alone.ask(lambda: may_begin.wait(5))
    others = [alone.ask(lambda number=number: answered.append(number)) for number in range(20)]
    may_begin.set()
    for answer in [first, *others]:
        answer.result(5)
    assert answered == list(range(20))


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_a_connection_is_kept_while_questions_wait_and_given_back_when_none_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_back, lines = list[int](), set[int]()
    monkeypatch.setattr("realtime.threads.close_old_connections", lambda: given_back.append(len(lines)))

    def ask() -> None:
        connection.ensure_connection()
        lines.add(id(connection.connection))

    alone, may_begin = Askers(1, "test-ask"), Event()
    alone.ask(lambda: may_begin.wait(5))
    answers = [alone.ask(ask) for _question in range(10)]
    last = alone.ask(lambda: None)
    may_begin.set()
    for answer in [*answers, last]:
        answer.result(5)
    alone.ask(connections.close_all).result(5)
    alone.pool.shutdown()
    assert len(lines) == 1
    assert 1 <= len(given_back) <= 2  # once for all ten, and once for the end of this test


def test_what_goes_wrong_reaches_who_asked_and_the_thread_goes_on(askers: Askers) -> None:
    def fail() -> None:
        raise OperationalError("away")

    for _time in range(3 * THREADS):
        with pytest.raises(OperationalError):
            askers.ask(fail).result(5)
    assert askers.ask(lambda: "here").result(5) == "here"


def test_a_broken_line_that_cannot_be_closed_costs_no_thread(askers: Askers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time each thread would have ended for good, and after as many failures as threads nobody asks."""

    class Broken:
        errors_occurred = True

    def fail_to_close() -> None:
        raise OperationalError("the line is gone")

    monkeypatch.setattr(connections, "all", lambda initialized_only=False: [Broken()])
    monkeypatch.setattr("realtime.threads.close_old_connections", fail_to_close)
    answers = [askers.ask(lambda number=number: number) for number in range(5 * THREADS)]
    assert [answer.result(5) for answer in answers] == list(range(5 * THREADS))


@pytest.mark.asyncio
async def test_the_loop_waits_for_an_answer_without_standing_still(askers: Askers) -> None:
    def add(one: int, other: int) -> Any:
        return one + other

    assert await in_thread(askers, add, 1, other=2) == 3
