"""What an act writes last: numbers of streams, once each, in one order, and never for what was rolled back."""

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection, transaction

from realtime.models import Entry, Stream
from realtime.streams import head, publish, touch
from realtime.transactions import at_end, held, one_transaction
from tests.realtime.tablet import at_once


def bodies(stream: str) -> list[dict]:
    return list(Entry.objects.filter(stream__name=stream).order_by("number").values_list("body", flat=True))


@pytest.mark.django_db
def test_an_entry_gets_the_next_number_of_its_stream():
    with one_transaction():
        publish("slate:1", {"word": "một"})
        publish("slate:1", {"word": "hai"})
        publish("slate:2", {"word": "khác"})
    with one_transaction():
        publish("slate:1", {"word": "ba"})
    assert [
        (number, body["word"])
        for number, body in Entry.objects.filter(stream__name="slate:1").values_list("number", "body")
    ] == [
        (1, "một"),
        (2, "hai"),
        (3, "ba"),
    ]
    assert head("slate:1")[1:] == (3, 0)
    assert head("slate:2")[1:] == (1, 0)


@pytest.mark.django_db
def test_several_touches_of_one_act_are_one_entry():
    with one_transaction():
        touch("hall:1", "clock", "count")
        with one_transaction():
            touch("hall:1", "count", "door")
    assert bodies("hall:1") == [{"panels": ["clock", "count", "door"]}]


@pytest.mark.django_db
def test_what_a_rolled_back_savepoint_wanted_to_publish_is_dropped_with_it():
    with one_transaction():
        publish("slate:1", {"word": "stays"})
        with suppress(ZeroDivisionError), one_transaction():
            publish("slate:1", {"word": "goes"})
            publish("slate:2", {"word": "goes"})
            raise ZeroDivisionError
        with suppress(ZeroDivisionError), transaction.atomic():
            with one_transaction():
                publish("slate:1", {"word": "goes too"})
            raise ZeroDivisionError
        with one_transaction():
            publish("slate:1", {"word": "stays as well"})
    assert bodies("slate:1") == [{"word": "stays"}, {"word": "stays as well"}]
    assert not Stream.objects.filter(name="slate:2").exists()


@pytest.mark.django_db
def test_an_act_that_fails_publishes_nothing_and_the_next_one_is_whole():
    with suppress(ZeroDivisionError), one_transaction():
        publish("slate:1", {"word": "goes"})
        raise ZeroDivisionError
    with one_transaction():
        publish("slate:1", {"word": "stays"})
    assert bodies("slate:1") == [{"word": "stays"}]


@pytest.mark.django_db
def test_lanes_are_written_once_each_in_the_order_of_their_names():
    written = []

    def flush(lanes: dict[str, list]) -> None:
        written.append([*lanes.items()])

    def flush_differently(lanes: dict[str, list]) -> None:
        flush(lanes)

    with one_transaction():
        at_end("chain b", flush, 1)
        with one_transaction():
            at_end("chain a", flush, 2)
            at_end("chain b", flush, 3)
        at_end("chain d", flush, 4)
        at_end("chain c", flush_differently, 5)
        assert written == []
    assert written == [[("chain a", [2]), ("chain b", [1, 3])], [("chain c", [5])], [("chain d", [4])]]


@pytest.mark.django_db
def test_nothing_can_be_published_outside_a_transaction_or_while_the_lanes_are_written():
    with pytest.raises(RuntimeError):
        publish("slate:1", {"word": "lost"})
    with pytest.raises(RuntimeError), one_transaction():
        at_end("chain", lambda lanes: publish("slate:1", {"word": "too late"}), None)


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_numbers_follow_commits_without_a_gap_under_eight_threads():
    """Whoever asks "above N" must never meet a number that appears later below one already seen."""
    seen: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set() or len(seen) < 8 * 12:
            above = seen[-1] if seen else 0
            seen.extend(
                Entry.objects.filter(stream__name="slate:1", number__gt=above)
                .order_by("number")
                .values_list("number", flat=True)
            )
        connection.close()

    def write(writer: int) -> None:
        for turn in range(12):
            with one_transaction():
                publish("slate:1", {"word": f"{writer} {turn}"})

    watcher = threading.Thread(target=watch)
    watcher.start()
    problems = at_once(8, write)
    done.set()
    watcher.join(20)
    assert problems == [None] * 8
    assert seen == list(range(1, 8 * 12 + 1))


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_eight_who_begin_the_same_streams_at_once_in_any_order_all_succeed():
    def write(writer: int) -> None:
        names = [f"slate:{number}" for number in range(10)]
        with one_transaction():
            for name in names if writer % 2 else reversed(names):
                publish(name, {"word": str(writer)})

    assert at_once(8, write) == [None] * 8
    assert set(Stream.objects.filter(name__startswith="slate:").values_list("head", flat=True)) == {8}
    assert Stream.objects.filter(name__startswith="slate:").count() == 10


@pytest.mark.django_db
def test_a_stream_nobody_has_used_begins_when_asked_and_keeps_its_epoch():
    epoch, number, floor = head("slate:new")
    assert (number, floor) == (0, 0)
    with one_transaction():
        publish("slate:new", {"word": "first"})
    assert head("slate:new") == (epoch, 1, 0)


@pytest.mark.django_db
def test_what_a_lock_holds_is_asked_once_unless_a_savepoint_could_let_go_of_it():
    asked = []
    for savepoints in (False, True):
        with one_transaction(savepoints=savepoints):
            for _act in range(2):
                with one_transaction():
                    held("state", partial(asked.append, savepoints))
    assert asked == [False, True, True]
    held("state", lambda: asked.append("outside"))
    assert asked[-1] == "outside"
