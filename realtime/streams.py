"""Streams: what changed, under a gap-free number taken in the act's own transaction, so that numbers follow commits."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from realtime import rows
from realtime.models import Entry, Stream, new_epoch
from realtime.transactions import at_end, one_transaction
from realtime.wakeups import Moved, announce

LANE = "stream "


def publish(stream: str, body: dict[str, Any]) -> None:
    """Add one entry to a stream of entries. Its number is taken at the end of the transaction."""
    at_end(LANE + stream, write_entries, body)


def touch(stream: str, *panels: str) -> None:
    """Say that these panels of a stream changed; all touches of one transaction are one entry."""
    at_end(LANE + stream, write_touches, panels)


def touch_now(stream: str, *panels: str) -> None:
    """The same in a transaction of its own, where nothing changed and a panel has to be rendered once more."""
    with one_transaction():
        touch(stream, *panels)


def head(stream: str) -> tuple[str, int, int]:
    """Return epoch, head and floor of a stream; a stream nobody has used yet begins now."""
    found = Stream.objects.filter(name=stream).values_list("epoch", "head", "floor").first()
    if found is None:
        begin([stream])
        found = Stream.objects.values_list("epoch", "head", "floor").get(name=stream)
    return found


def begin(names: list[str]) -> None:
    """Give streams that do not exist yet their epoch, so that nobody who listens early sees it change."""
    Stream.objects.bulk_create(
        [Stream(name=name, epoch=new_epoch()) for name in sorted(names)],
        ignore_conflicts=True,
    )


def write_entries(lanes: dict[str, list[dict[str, Any]]]) -> None:
    append({lane.removeprefix(LANE): bodies for lane, bodies in lanes.items()})


def write_touches(lanes: dict[str, list[tuple[str, ...]]]) -> None:
    append({lane.removeprefix(LANE): [{"panels": sorted({*chain(*touches)})}] for lane, touches in lanes.items()})


def append(streams: dict[str, list[dict[str, Any]]]) -> None:
    """Write the bodies of each stream under its next numbers, and tell of them after the commit."""
    now = timezone.now()
    entries: list[tuple[int, int, dict[str, Any], datetime]] = []
    for stream, key, epoch, last in take_numbers({stream: len(bodies) for stream, bodies in streams.items()}):
        bodies = streams[stream]
        first = last - len(bodies) + 1
        entries += [(key, number, body, now) for number, body in enumerate(bodies, first)]
        transaction.on_commit(telling(Moved(stream, epoch, first, tuple(bodies))), robust=True)
    rows.insert(Entry, ["stream", "number", "body", "at"], entries)


def telling(moved: Moved) -> Callable[[], None]:
    """What the commit calls. A function and no partial: Django says its name in the log when it fails."""

    def tell() -> None:
        announce(moved)

    return tell


def take_numbers(counts: dict[str, int]) -> list[tuple[str, int, str, int]]:
    """Move the head of each stream and return name, key, epoch and new head. The rows stay locked until the commit.

    They are locked in the order of the names, in which VALUES are read. Of two creators at once the second waits for
    the first and then adds to its row.
    """
    values: list[str | int] = []
    for stream, count in sorted(counts.items()):
        values += [stream, new_epoch(), count]
    places = ", ".join(["(%s, %s, %s, 0)"] * len(counts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO realtime_stream (name, epoch, head, floor) VALUES {places}"  # noqa: S608 - nothing of others
            " ON CONFLICT (name) DO UPDATE SET head = realtime_stream.head + excluded.head"
            " RETURNING name, id, epoch, head",
            values,
        )
        return cursor.fetchall()
