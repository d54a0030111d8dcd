"""Whatever fails under a full load of writing tablets: nothing acknowledged is lost, nothing happens twice, and every
tablet shows the truth again, without a reload, within five seconds of the servers listening.

FAULT_SEEDS=20 uv run pytest -n0 tests/faults      tries every fault, each at twenty other moments
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from realtime.principals import RIGHTS_STREAM
from realtime.readings import Head
from tests.faults import BOARD, SLATE
from tests.faults.house import Postgres, Redis, Road, Server, Sqlite, needs, needs_postgresql, servers_of
from tests.faults.member import LONGEST_WAIT_SECONDS, Member

IS_LONG = "FAULT_SEEDS" in os.environ
SEEDS = range(int(os.environ.get("FAULT_SEEDS", "1")))
TIMES = 2 if IS_LONG else 1
MEMBERS = 8
WRITES_EVERY_SECONDS = 0.15  # fewer than 2000 words in all: older entries are cleared away
RIGHT_AGAIN_WITHIN_SECONDS = 5.0
RIGHTS = Head("rights-began", 0, 0)
Database = Sqlite | Postgres
Trouble = Callable[["Session"], Awaitable[None]]

pytestmark = pytest.mark.parametrize("seed", SEEDS)


class Session:
    """Tablets that write on one slate all the time, and those who can disturb them."""

    def __init__(self, database: Database, servers: list[Server], road: Road, rng: random.Random) -> None:
        self.database, self.servers, self.road, self.rng = database, servers, road, rng
        self.members = [Member(number, road.port, RIGHTS, rng) for number in range(1, MEMBERS + 1)]
        self.is_writing = True
        self.words = 0

    async def write(self, member: Member) -> None:
        while self.is_writing:
            self.words += 1
            await member.write(f"{member.key} {self.words}")
            await asyncio.sleep(WRITES_EVERY_SECONDS * 2 * self.rng.random())

    async def a_while(self, most: float = 0.8) -> None:
        await asyncio.sleep(0.1 + self.rng.random() * most)

    async def until(self, true: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not true():
            if time.monotonic() > until:
                raise AssertionError(f"not right after {seconds} s: {self.what_is_wrong()}")
            await asyncio.sleep(0.02)

    def everybody_is_live(self) -> bool:
        return all(member.is_live for member in self.members)

    def nothing_waits(self) -> bool:
        return not any(member.waiting for member in self.members)

    def all_agree(self) -> bool:
        written = words_in(self.database)
        shown = {"count": f"<p>{len(written)}</p>", "last": f"<p>{written[-1] if written else None}</p>"}
        return all(member.words == written and member.panels == shown for member in self.members)

    def what_is_wrong(self) -> list[Any]:
        written = words_in(self.database)
        return [
            (member.key, member.is_live, len(member.waiting), len(member.words), len(written), member.panels)
            for member in self.members
            if not member.is_live
            or member.waiting
            or member.words != written
            or member.panels.get("count") != f"<p>{len(written)}</p>"
        ]


def entries_in(database: Database, stream: str) -> list[tuple[int, dict[str, Any]]]:
    return [(number, body) for name, number, body in database.entries() if name == stream]


def words_in(database: Database) -> list[str]:
    return [body["word"] for _number, body in entries_in(database, SLATE)]


async def hold(database: Database, servers: list[Server], seed: int, trouble: Trouble) -> Session:
    """Let everybody write, make trouble, and see that everything is right again; return the session for more."""
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(Road(servers))
        session = Session(database, servers, road, random.Random(f"{trouble.__name__} {seed}"))
        present = [asyncio.create_task(member.stay()) for member in session.members]
        stack.callback(lambda: [task.cancel() for task in present])
        await session.until(session.everybody_is_live, 20)
        writing = [asyncio.create_task(session.write(member)) for member in session.members]
        for _ in range(TIMES):
            await session.a_while()
            await trouble(session)
        await session.until(session.everybody_is_live, LONGEST_WAIT_SECONDS + RIGHT_AGAIN_WITHIN_SECONDS)
        await session.a_while()
        session.is_writing = False
        await asyncio.gather(*writing)
        await session.until(session.nothing_waits, RIGHT_AGAIN_WITHIN_SECONDS)
        await session.until(session.all_agree, RIGHT_AGAIN_WITHIN_SECONDS)
        check(session)
        return session


def check(session: Session) -> None:
    for stream in (SLATE, BOARD):
        numbers = [number for number, _body in entries_in(session.database, stream)]
        assert numbers == list(range(1, len(numbers) + 1))
    written = Counter(words_in(session.database))
    acknowledged = [word for member in session.members for word in member.acknowledged.values()]
    assert len(acknowledged) > 20, "hardly anybody wrote anything; this shows nothing"
    assert {word: written[word] for word in acknowledged if written[word] != 1} == {}
    assert sum(written.values()) == len(written)


def by_command(*more: Any) -> list[Any]:
    """What is tried in the long run alone: it resembles what is tried always."""
    return list(more) if IS_LONG else []


# -- What fails --------------------------------------------------------------------------------------------------------


async def a_server_is_killed(session: Session) -> None:
    server = session.rng.choice(session.servers)
    server.kill()
    await session.a_while()
    await asyncio.to_thread(server.start)


async def the_network_breaks(session: Session) -> None:
    session.road.cut()
    session.road.is_closed = True
    await session.a_while()
    session.road.is_closed = False


async def a_slow_network_breaks(session: Session) -> None:
    session.road.delay_seconds = 0.15
    await session.a_while()
    session.road.cut()
    session.road.delay_seconds = 0.0


async def the_network_swallows_everything(session: Session) -> None:
    """Lines stay open, and nothing goes through: only silence tells."""
    session.road.swallows = True
    await asyncio.sleep(2.5)
    session.road.swallows = False
    session.road.cut()


async def nothing(session: Session) -> None:
    await session.a_while()


async def the_disk_is_full(session: Session) -> None:
    [server] = session.servers
    server.fill_disk()
    await session.until(lambda: any(member.refusals for member in session.members), 10)
    await session.a_while()
    server.free_disk()


async def the_database_starts_anew(session: Session) -> None:
    assert isinstance(session.database, Postgres)
    await asyncio.to_thread(session.database.crash_and_recover)


# -- One server and a file, as everybody begins ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("house"))


@pytest.fixture
def embedded(file: Sqlite) -> dict[str, str]:
    file.empty()
    file.begin(RIGHTS_STREAM, RIGHTS.epoch)
    return {"DATABASE_URL": file.url, "REDIS_URL": "", "PHIEN_DATA": str(file.path.parent)}


@pytest.mark.parametrize(
    "trouble",
    [a_server_is_killed, the_network_swallows_everything, *by_command(the_network_breaks, a_slow_network_breaks)],
)
def test_with_one_server_and_a_file_nothing_is_lost_when(
    trouble: Trouble, seed: int, file: Sqlite, embedded: dict[str, str]
) -> None:
    with servers_of(1, embedded) as servers:
        asyncio.run(hold(file, servers, seed, trouble))


def test_lost_wake_ups_heal_within_seconds(seed: int, file: Sqlite, embedded: dict[str, str]) -> None:
    with servers_of(1, {**embedded, "LOSES_WAKE_UPS": "0.7"}) as servers:
        asyncio.run(hold(file, servers, seed, nothing))


@pytest.mark.parametrize("trouble", by_command(nothing, a_server_is_killed) or [nothing])
def test_two_servers_on_one_file_hear_of_one_another(
    trouble: Trouble, seed: int, file: Sqlite, embedded: dict[str, str]
) -> None:
    with servers_of(2, embedded) as servers:
        asyncio.run(hold(file, servers, seed, trouble))


def test_with_a_full_disk_tablets_are_told_to_wait_and_everything_arrives_later(
    seed: int, file: Sqlite, embedded: dict[str, str], tmp_path: Path
) -> None:
    with servers_of(1, {**embedded, "DISK_IS_FULL": str(tmp_path / "full")}) as servers:
        session = asyncio.run(hold(file, servers, seed, the_disk_is_full))
    assert {code for member in session.members for code in member.refusals} == {"busy"}


# -- Two servers with PostgreSQL and Redis, as a province has them -----------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    needs_postgresql()
    cluster = Postgres(tmp_path_factory.mktemp("house"))
    yield cluster
    cluster.end()


@pytest.fixture
def redis() -> Iterator[Redis]:
    needs("redis-server", "redis-cli")
    redis = Redis()
    yield redis
    redis.send(signal.SIGCONT)
    redis.kill()


@pytest.fixture
def scaled(cluster: Postgres, redis: Redis, tmp_path: Path) -> dict[str, str]:
    cluster.empty()
    cluster.begin(RIGHTS_STREAM, RIGHTS.epoch)
    return {"DATABASE_URL": cluster.url, "REDIS_URL": redis.url, "PHIEN_DATA": str(tmp_path)}


@pytest.mark.parametrize("trouble", [a_server_is_killed, the_database_starts_anew, *by_command(the_network_breaks)])
def test_with_two_servers_postgresql_and_redis_nothing_is_lost_when(
    trouble: Trouble, seed: int, cluster: Postgres, scaled: dict[str, str]
) -> None:
    with servers_of(2, scaled) as servers:
        asyncio.run(hold(cluster, servers, seed, trouble))


@pytest.mark.parametrize("how", ["killed", *by_command("paused", "flushed")])
def test_redis_is_never_the_truth(how: str, seed: int, cluster: Postgres, scaled: dict[str, str], redis: Redis) -> None:
    async def redis_fails(session: Session) -> None:
        if how == "flushed":
            redis.flush()
        elif how == "paused":
            redis.send(signal.SIGSTOP)
            await session.a_while(2.0)
            redis.send(signal.SIGCONT)
        else:
            redis.kill()
            await session.a_while(2.0)
            await asyncio.to_thread(redis.start)

    with servers_of(2, scaled) as servers:
        asyncio.run(hold(cluster, servers, seed, redis_fails))
