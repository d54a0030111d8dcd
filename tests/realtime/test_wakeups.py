"""Between processes: Redis makes it quick where it is there, and changes nothing where it is not."""

import contextlib
import threading
from collections.abc import Iterator
from queue import Empty, Queue
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from realtime import redis_wakeups, wakeups
from realtime.streams import publish
from realtime.transactions import one_transaction
from realtime.wakeups import Moved


@pytest.fixture
def heard() -> Iterator["Queue[Moved]"]:
    """What this process commits, as it is told at once."""
    told: Queue[Moved] = Queue()
    wakeups.listeners.append(told.put)
    yield told
    wakeups.listeners.remove(told.put)


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_a_commit_wakes_this_process_with_what_was_written(heard: "Queue[Moved]"):
    with one_transaction():
        publish("slate:1", {"word": "một"})
        publish("slate:1", {"word": "hai"})
        assert heard.empty()
    moved = heard.get(timeout=5)
    assert (moved.stream, moved.first, moved.last) == ("slate:1", 1, 2)
    assert moved.bodies == ({"word": "một"}, {"word": "hai"})


def test_who_leaves_while_being_told_takes_nobody_along(heard: "Queue[Moved]") -> None:
    def leave(_moved: Moved) -> None:
        wakeups.listeners.remove(leave)

    wakeups.listeners.insert(0, leave)
    wakeups.announce(Moved("slate:1", "epoch", 1, ({},)))
    assert heard.qsize() == 1


@pytest.mark.django_db(transaction=True, available_apps=["realtime"])
def test_what_is_rolled_back_wakes_nobody(heard: "Queue[Moved]"):
    with pytest.raises(ZeroDivisionError), one_transaction():
        publish_and_fail()
    assert heard.empty()


def publish_and_fail() -> None:
    publish("slate:1", {"word": "goes"})
    raise ZeroDivisionError


# Without Redis there is nothing to try; with it, this is not to be left out.
if settings.REDIS_URL:

    def test_another_process_hears_of_a_commit_over_redis():
        told: Queue[Moved] = Queue()
        redis_wakeups.listen(told.put)
        moved = Moved(f"slate:{uuid4()}", "epoch", 7, ({"word": "một"},))
        for _ in range(100):  # until the subscription stands
            redis_wakeups.post(moved)
            with contextlib.suppress(Empty):
                while (heard := told.get(timeout=0.1)).stream != moved.stream:
                    pass  # of the tests that run beside this one on the same Redis
                assert heard == moved
                return
        pytest.fail("nothing was heard over Redis")


def test_without_redis_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    tried = threading.Event()

    def publish(*_: object) -> None:
        tried.set()
        raise redis.ConnectionError

    monkeypatch.setattr(redis.Redis, "publish", publish)
    monkeypatch.setattr(redis_wakeups, "outbox", redis_wakeups.outbox.__wrapped__)
    redis_wakeups.post(Moved("slate:1", "epoch", 1, ({},)))
    assert tried.wait(5)
