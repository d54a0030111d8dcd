"""Streams: what changed, under a gap-free number taken in the act's own transaction, so that numbers follow commits."""

from functools import partial
from typing import Any

from django.db import connection, transaction

from realtime.models import Entry, Stream, new_epoch
from realtime.transactions import at_end
from realtime.wakeups import Moved, announce

LANE = "stream "


def publish(stream: str, body: dict[str, Any]) -> None:
    """Add one entry to a stream of entries. Its number is taken at the end of the transaction."""
    at_end(LANE + stream, write_entries, body)


def touch(stream: str, *panels: str) -> None:
    """Say that these panels of a stream changed; all touches of one transaction are one entry."""
    at_end(LANE + stream, write_touch, panels)


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


def write_entries(lane: str, bodies: list[dict[str, Any]]) -> None:
    append(lane.removeprefix(LANE), bodies)


def write_touch(lane: str, touches: list[tuple[str, ...]]) -> None:
    panels = sorted({panel for touched in touches for panel in touched})
    append(lane.removeprefix(LANE), [{"panels": panels}])


def append(stream: str, bodies: list[dict[str, Any]]) -> None:
    key, epoch, last = take_numbers(stream, len(bodies))
    first = last - len(bodies) + 1
    Entry.objects.bulk_create(Entry(stream_id=key, number=first + i, body=body) for i, body in enumerate(bodies))
    transaction.on_commit(partial(announce, Moved(stream, epoch, first, tuple(bodies))), robust=True)


def take_numbers(stream: str, count: int) -> tuple[int, str, int]:
    """Move the head by `count` and return key, epoch and new head. The row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE realtime_stream SET head = head + %s WHERE name = %s RETURNING id, epoch, head",
            [count, stream],
        )
        taken = cursor.fetchone()
        if taken is None:
            # Two creators at once: the second waits here for the first and then adds to its row.
            cursor.execute(
                "INSERT INTO realtime_stream (name, epoch, head, floor) VALUES (%s, %s, %s, 0)"
                " ON CONFLICT (name) DO UPDATE SET head = realtime_stream.head + excluded.head"
                " RETURNING id, epoch, head",
                [stream, new_epoch(), count],
            )
            taken = cursor.fetchone()
    return taken
