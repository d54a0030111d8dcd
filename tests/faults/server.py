"""A server of the slate and its board, which can be made to lose wake-ups and to find the disk full.

LOSES_WAKE_UPS   share of the wake-ups that nobody in this process hears, from 0 to 1
DISK_IS_FULL     a file: while it is there, the database may not grow
REAL_MEMBERS     no slate: the product alone, and those whom its database knows
"""

import os
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from daphne.server import Server
from django.db.backends.signals import connection_created
from twisted.internet import reactor

from config.asgi import application
from realtime import wakeups
from realtime.kinds import StreamKind, register_kind
from realtime.models import Entry
from realtime.operations import operation
from realtime.principals import Principal
from realtime.streams import publish, touch
from realtime.wakeups import Moved
from tests.faults import BOARD, SLATE
from tests.realtime.hall import Slate, believe_the_hall_only
from tests.realtime.server import say_port


class Board(StreamKind):
    """Shows what stands on the slate, as panels: how many words, and the last of them."""

    prefix = "board"
    mode = "panels"

    def may_listen(self, principal: Principal, name: str) -> bool:
        return True

    def panels(self, name: str) -> list[str]:
        return ["count", "last"]

    def render(self, name: str, panel: str, language: str) -> str:
        words = Entry.objects.filter(stream__name=SLATE)
        last = words.order_by("-number").values_list("body", flat=True).first()
        return f"<p>{words.count()}</p>" if panel == "count" else f"<p>{last and last['word']}</p>"


@operation("chalk", lock_key=lambda payload: ("2slate",))
def chalk(principal: Principal, payload: dict[str, Any]) -> dict[str, Any]:
    publish(SLATE, {"word": payload["word"], "by": principal.key})
    touch(BOARD, "count", "last")
    return {"word": payload["word"]}


def announce_some(moved: Moved) -> None:
    if random.random() >= float(os.environ.get("LOSES_WAKE_UPS", "0")):
        for listener in tuple(hearing):
            listener(moved)


hearing = wakeups.listeners


def keep_the_database_small(connection: Any, **_: Any) -> None:
    """Before each statement: a database whose disk is full may not grow, also over a line that is open already."""

    def look_at_the_disk(execute: Any, sql: str, *rest: Any) -> Any:
        is_full = Path(os.environ["DISK_IS_FULL"]).exists()
        (pages,) = connection.connection.execute("PRAGMA page_count").fetchone()
        connection.connection.execute(f"PRAGMA max_page_count = {pages if is_full else 2**30}")
        return execute(sql, *rest)

    connection.execute_wrappers[:] = [look_at_the_disk]


if __name__ == "__main__":
    if "REAL_MEMBERS" not in os.environ:
        register_kind(Slate())
        register_kind(Board())
        believe_the_hall_only()
    if "LOSES_WAKE_UPS" in os.environ:
        from realtime import streams

        streams.announce = announce_some
    if "DISK_IS_FULL" in os.environ:
        connection_created.connect(keep_the_database_small)
    port = os.environ.get("PORT", "0")
    server = Server(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1:backlog=4096"])
    reactor.callWhenRunning(say_port, server)
    server.run()
