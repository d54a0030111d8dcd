"""The server dies while members vote, and again while the vote is closed: no ballot that was acknowledged is lost, none
is there twice, and what is announced is the count of what is stored.

FAULT_SEEDS=20 uv run pytest -n0 tests/faults/test_votes.py      kills it at twenty other moments
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.acts import breaks
from accounts.models import Act
from meetings import actions as meeting_actions
from realtime import tickets
from realtime.readings import Head
from tests.council import Council, client_of, make_person
from tests.faults.house import Server, servers_of
from tests.faults.voter import Desk, Voter, VoterWithoutSocket
from tests.realtime.test_live import database_url
from tests.voting.polls import drafted
from voting.models import Ballot, Poll

SEEDS = range(int(os.environ.get("FAULT_SEEDS", "1")))
CHOICES = ("for", "against", "not_voting")
MORE_MEMBERS = 8
LATE = 4  # so many vote while the poll is being closed
VOTES_WITHIN_SECONDS, DIES_WITHIN_SECONDS = 0.2, 0.15
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.django_db(transaction=True)


class Hall:
    """Members with a tablet each, two of them with two; and the server, which may be killed by an answer it gives."""

    def __init__(self, server: Server, poll: str, people: list[int], session: str, rights: Head, seed: int) -> None:
        self.server, self.rng = server, random.Random(f"votes {seed}")
        self.desk = Desk(server.port, poll, session)
        tablets = [*people, *people[:2]]
        self.tablets = [
            (Voter if number % 2 else VoterWithoutSocket)(person, poll, server.port, rights, self.rng)
            for number, person in enumerate(tablets)
        ]
        self.late = self.tablets[len(people) - LATE : len(people)]
        self.early = [tablet for tablet in self.tablets if tablet not in self.late]
        self.killed = asyncio.Event()

    async def vote(self, tablets: list[Voter]) -> None:
        async def one(tablet: Voter) -> None:
            await asyncio.sleep(VOTES_WITHIN_SECONDS * self.rng.random())
            await tablet.write(self.rng.choice(CHOICES))

        await asyncio.gather(*map(one, tablets))

    def kill_at_answer(self, number: int) -> None:
        """Kill the server at the moment this answer is heard: an answer that was given too early is found out."""

        def heard() -> None:
            nonlocal number
            number -= 1
            if number == 0:
                self.kill()

        for tablet in self.tablets:
            tablet.answered = heard

    def kill(self) -> None:
        self.server.kill()
        self.killed.set()

    async def start_again(self) -> None:
        await self.until(self.killed.is_set, "the server to be killed")
        self.killed.clear()
        await asyncio.to_thread(self.server.start)

    async def until(self, true: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < until, f"waited in vain for {what}"
            await asyncio.sleep(0.02)

    async def everybody_is_answered(self) -> None:
        await self.until(lambda: not any(tablet.waiting for tablet in self.tablets), "every ballot to be answered")


async def hold(hall: Hall) -> dict[str, Any]:
    """Vote under two deaths of the server; return the file of the announced vote."""
    async with AsyncExitStack() as stack:
        staying = [asyncio.create_task(tablet.stay()) for tablet in hall.tablets]
        stack.callback(lambda: [task.cancel() for task in staying])
        await hall.until(lambda: all(tablet.is_live for tablet in hall.tablets), "all tablets to be live")
        assert await hall.desk.press("opening") == 204

        hall.kill_at_answer(hall.rng.randint(1, len(hall.early) // 2))
        await asyncio.gather(hall.vote(hall.early), hall.start_again())
        await hall.everybody_is_answered()

        await asyncio.gather(hall.vote(hall.late), close_and_die(hall), hall.start_again())
        await hall.everybody_is_answered()
        # Chance may make as many for as against; the bar of the desk then confirms the side of the head along with it.
        assert await hall.desk.press("announcement", tie_confirmed="yes") == 204
        return await hall.desk.file()


async def close_and_die(hall: Hall) -> None:
    await asyncio.sleep(VOTES_WITHIN_SECONDS * hall.rng.random())
    closing = asyncio.create_task(hall.desk.press("closing"))
    await asyncio.sleep(DIES_WITHIN_SECONDS * hall.rng.random())
    hall.kill()
    assert await closing in {204, 422}  # 422: it was closed, and the answer was lost


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    environment = {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "PHIEN_DATA": str(tmp_path)}
    with servers_of(1, {**environment, "REAL_MEMBERS": "yes"}) as [server]:
        yield server


def a_full_house(council: Council) -> list[int]:
    """The members of the council and some more, checked in; the item is on."""
    people = [*council.voters]
    for number in range(MORE_MEMBERS):
        person = make_person(f"member-{number}", f"Thành viên {number}")
        place = meeting_actions.add_participant(council.meeting, person, by=council.secretary, role="member")
        meeting_actions.check_in(place, by=person)
        people.append(person)
    council.start()
    council.take_up()
    return [person.pk for person in people]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_server_killed_while_members_vote_and_while_the_vote_is_closed_loses_no_ballot(
    seed: int, council: Council, server: Server
) -> None:
    people = a_full_house(council)
    poll = drafted(council)
    session = client_of(council.secretary).cookies[settings.SESSION_COOKIE_NAME].value
    hall = Hall(server, str(poll.pk), people, session, tickets.rights_head(), seed)

    kept = asyncio.run(hold(hall))

    acknowledged = {(tablet.person, choice) for tablet in hall.tablets for choice in tablet.acknowledged.values()}
    stored = Ballot.objects.filter(poll=poll).values_list("elector__person", "choice")
    assert sorted(stored) == sorted(acknowledged)
    assert len({person for person, _choice in stored}) == len(stored) >= len(people) - LATE
    counted = Counter(choice for _person, choice in stored)
    assert kept["result"]["counts"]["by_option"] == {choice: counted[choice] for choice in CHOICES}
    assert {code for tablet in hall.tablets for code in tablet.refused.values()} <= {"closed", "already_voted"}
    assert Act.objects.filter(act="ballot_cast").count() == len(stored)
    assert Poll.objects.get().state == "announced"
    assert list(breaks()) == []
    told = StringIO()
    call_command("recount", str(poll.pk), stdout=told)
    assert "1 vote(s) counted again" in told.getvalue()
