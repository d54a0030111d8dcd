"""On SQLite who wants to write is let in in the order of coming: nobody is passed over by somebody who writes a lot."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from realtime import turns as module
from realtime.models import Stream
from realtime.streams import publish
from realtime.transactions import one_transaction
from realtime.turns import Turns
from tests.realtime.tablet import at_once, with_own_connection


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not true():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_turns_are_passed_on_in_the_order_of_coming():
    turns, order = Turns(), []

    def come(number: int) -> None:
        with turns.turn():
            order.append(number)

    with turns.turn():
        threads = []
        for number in range(5):
            threads.append(started(lambda number=number: come(number)))  # type: ignore[misc]
            wait_for(lambda number=number: len(turns.waiting) == number + 1)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert not turns.is_taken


def test_whoever_has_waited_too_long_goes_on_and_nobody_behind_is_lost(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    turns = Turns()
    with turns.turn():
        assert at_once(2, lambda _number: turns.take()) == [False, False]
        assert not turns.waiting
    assert turns.take()


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_an_act_is_not_passed_over_by_a_thread_that_writes_without_a_pause():
    """Without turns the other thread's next transaction nearly always comes first."""
    if connection.vendor != "sqlite":
        with one_transaction():
            publish("slate:1", {"word": "yes"})  # rows are locked there, not the database
        return
    stop, passed_over = threading.Event(), []

    def write_on() -> None:
        while not stop.is_set():
            with one_transaction():
                publish("slate:1", {"word": "yes"})
                time.sleep(0.01)

    thread = started(lambda: with_own_connection(write_on))
    try:
        wait_for(lambda: Stream.objects.filter(name="slate:1", head__gt=2).exists())
        for _act in range(10):
            before = Stream.objects.get(name="slate:1").head
            with one_transaction():
                passed_over.append(Stream.objects.get(name="slate:1").head - before)
    finally:
        stop.set()
        thread.join()
    assert max(passed_over) <= 2


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_who_holds_the_database_already_waits_for_no_turn():
    """Another thread may have the turn and wait for the database: both would wait for ever."""
    module.turns.take()
    began = time.monotonic()
    try:
        with transaction.atomic(), one_transaction():
            publish("slate:1", {"word": "yes"})
    finally:
        module.turns.pass_on()
    assert time.monotonic() - began < module.PATIENCE_SECONDS / 2
    assert Stream.objects.get(name="slate:1").head == 1
