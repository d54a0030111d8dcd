"""How the installation is: looked at when somebody asks, never longer than they can wait."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

LOOKS_SECONDS_MOST = 1.5  # of one look; all look at once, so that the whole answer takes no longer
REDIS_SECONDS_MOST = 1.0
WAITS_TOO_LONG = timedelta(minutes=1)
WAITS_TOO_LONG_BEHIND_OTHERS = timedelta(minutes=15)  # a hundred papers take a while
WRITER_SECONDS_MOST = 10.0
LITTLE_DISK_BYTES, NO_DISK_BYTES = 2 * 1024**3, 200 * 1024**2


class State(StrEnum):
    WELL = "well"
    POOR = "poor"  # people are served all the same
    DOWN = "down"


@dataclass(frozen=True)
class Finding:
    name: str
    state: State
    words: str | Promise
    advice: str | Promise = ""


Found = tuple[State, "str | Promise", "str | Promise"]

# One thread each: whoever asks while a look hangs waits for that same look. Else every caller, a stranger too, would
# hold one more connection to a database that hangs, and in the end no thread would be left to look at the disk.
NAMES = ("database", "tables", "writer", "redis", "worker", "disk", "office")
lookers = {name: ThreadPoolExecutor(1, f"health-{name}") for name in NAMES}
looking: dict[str, "Future[Found]"] = {}
lock = Lock()
tables_stood = Event()  # once seen, for good: asking takes a tenth of a second


def findings() -> list[Finding]:
    """Look at everything at once; what does not answer in time is down."""
    until = time.monotonic() + LOOKS_SECONDS_MOST
    looks = [(name, looked_at(name, look), late) for name, look, late in LOOKS]
    found = []
    for name, answer, late in looks:
        try:
            found.append(Finding(name, *answer.result(max(0.0, until - time.monotonic()))))
        except TimeoutError:
            found.append(Finding(name, late, _("Does not answer."), ADVICE[name]))
    return found


def looked_at(name: str, look: Callable[[], Found]) -> "Future[Found]":
    """Return the look that is under way, else begin one."""
    with lock:
        if name not in looking or looking[name].done():
            looking[name] = lookers[name].submit(in_own_connection, look)
        return looking[name]


def in_own_connection(look: Callable[[], Found]) -> Found:
    try:
        return look()
    finally:
        close_old_connections()


def database() -> Found:
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM realtime_stream")
    except DatabaseError:
        return State.DOWN, _("Does not answer."), ADVICE["database"]
    milliseconds = (time.monotonic() - began) * 1000
    return State.WELL, told(_("Answers in %(ms)s ms."), {"ms": number_format(milliseconds, 1)}), ""


def tables() -> Found:
    """After an update the server may run before `manage.py migrate` has: half of the pages would fail."""
    try:
        missing = 0 if tables_stood.is_set() else len(steps_to_take())
    except DatabaseError:
        return State.POOR, _("Unknown: the database does not answer."), ""
    if missing:
        return (
            State.DOWN,
            told(_("%(count)s steps of the last update are missing."), {"count": missing}),
            ADVICE["tables"],
        )
    tables_stood.set()
    return State.WELL, _("As this version needs them."), ""


def steps_to_take() -> list[Any]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def writer() -> Found:
    """What tablets send is stored by one thread of each server: where that one hangs, pages still answer."""
    from realtime.writer import writer as the_writer

    behind = the_writer.seconds_behind()
    if behind > WRITER_SECONDS_MOST:
        return State.DOWN, told(_("Tablets have been waiting for %(s)s s."), {"s": int(behind)}), ADVICE["writer"]
    return State.WELL, _("Stores what tablets send as it comes."), ""


def redis() -> Found:
    if not settings.REDIS_URL:
        return State.WELL, _("Not set up: one server process does without."), ""
    from redis import Redis, RedisError

    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS_MOST, socket_connect_timeout=REDIS_SECONDS_MOST
        ) as line:
            line.ping()
    except RedisError:
        return State.POOR, _("Does not answer."), ADVICE["redis"]
    return State.WELL, _("Answers."), ""


def worker() -> Found:
    """Work that nobody takes tells that no worker runs; a worker that has nothing to do cannot be told from none."""
    from django_tasks_db.models import DBTaskResult

    try:
        waits = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
        is_working = DBTaskResult.objects.running().exists()
    except DatabaseError:
        return State.POOR, _("Unknown: the database does not answer."), ""
    if waits is None:
        return State.WELL, _("Reads a paper now.") if is_working else _("Nothing waits for it."), ""
    most = WAITS_TOO_LONG_BEHIND_OTHERS if is_working else WAITS_TOO_LONG
    minutes = int((timezone.now() - waits).total_seconds() // 60)
    if timezone.now() - waits > most:
        return (
            State.POOR,
            told(_("Work has been waiting for %(minutes)s minutes."), {"minutes": minutes}),
            ADVICE["worker"],
        )
    return State.WELL, _("Work waits and is being taken."), ""


def disk() -> Found:
    free = min(shutil.disk_usage(existing(Path(place))).free for place in (settings.DATA_DIR, settings.MEDIA_ROOT))
    words = told(_("%(gigabytes)s GB are free."), {"gigabytes": number_format(free / 1024**3, 1)})
    state = State.DOWN if free < NO_DISK_BYTES else State.POOR if free < LITTLE_DISK_BYTES else State.WELL
    return state, words, "" if state == State.WELL else ADVICE["disk"]


def office() -> Found:
    """Papers come as PDF as well: without LibreOffice nothing ails."""
    if not settings.SOFFICE:
        return (
            State.WELL,
            _("LibreOffice is not installed: PDF and pictures are taken, office files are not."),
            ADVICE["office"],
        )
    return State.WELL, told(_("LibreOffice makes pages of them: %(program)s."), {"program": settings.SOFFICE}), ""


def told(text: Promise, values: dict[str, Any]) -> str:
    """Put values into a text when it is read: the threads that look know nobody's language."""
    return lazy(lambda: str(text) % values, str)()


def existing(place: Path) -> Path:
    """The files' folder is made with the first file."""
    return next(folder for folder in (place, *place.parents) if folder.exists())


ADVICE: dict[str, str | Promise] = {
    "database": _("Nothing can be stored. See whether the database runs and whether its disk is full."),
    "tables": _("Run manage.py migrate, then restart this server."),
    "writer": _("Marks and ballots are not being stored; tablets keep them. Restart this server."),
    "redis": _("News between servers takes up to a second longer; nothing is lost. See whether Redis runs."),
    "worker": _("New papers are not read. Start the worker: manage.py serve does, or python -m config.child worker."),
    "disk": _("Make room, or papers, marks and ballots will be refused."),
    "office": _("To take them, install LibreOffice (docs/operating.md), then restart the server and the worker."),
}

# What is looked at, how, and what it means when it does not answer.
LOOKS: list[tuple[str, Callable[[], Found], State]] = [
    ("database", database, State.DOWN),
    ("tables", tables, State.POOR),
    ("writer", writer, State.DOWN),
    ("redis", redis, State.POOR),
    ("worker", worker, State.POOR),
    ("disk", disk, State.POOR),
    ("office", office, State.POOR),
]
