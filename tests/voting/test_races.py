"""Real threads on a real database: one ballot each, none lost, none after closing, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.acts import breaks
from accounts.models import Act, Person
from meetings import actions as meeting_actions
from realtime.operations import apply_offers
from realtime.refusals import Refusal
from realtime.transactions import one_transaction
from tests.council import Council, make_person
from tests.threads import in_a_thread, together
from tests.voting.polls import QUESTION, opened, send, tap
from voting import actions
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db(transaction=True)

LONG_ENOUGH_TO_BE_WRONG_S = 0.7  # whoever does not wait has finished by then


def twenty_members(council: Council) -> list[Person]:
    """Twenty more members, all of them checked in."""
    people = [make_person(f"member-{number}", f"Thành viên {number}") for number in range(20)]
    for person in people:
        participant = meeting_actions.add_participant(council.meeting, person, by=council.secretary, role="member")
        meeting_actions.check_in(participant, by=person)
    return people


def ballot_of(person: Person, poll: Poll, choice: str, op: str = "") -> Callable[[], dict[str, Any]]:
    return lambda: send(person, poll, choice, op=op)


def again(council: Council) -> Poll:
    """One more poll on the item that is on."""
    poll = actions.draft_poll(council.item, by=council.secretary, question=QUESTION)
    actions.open_poll(poll, by=council.secretary)
    return poll


def test_twenty_voters_at_once_leave_twenty_ballots(council: Council) -> None:
    people = twenty_members(council)
    poll = opened(council)

    answers = together(*[ballot_of(person, poll, "for") for person in people])

    assert [answer["t"] for answer in answers] == ["ack"] * 20
    assert set(poll.ballots.values_list("elector__person", flat=True)) == {person.pk for person in people}
    assert Act.objects.filter(act="ballot_cast").count() == 20
    assert list(breaks()) == []


def test_the_same_voter_on_two_tablets_at_once_leaves_one_ballot(council: Council) -> None:
    poll = opened(council)
    for _round in range(5):
        choices = ("for", "against")

        answers = together(*[ballot_of(council.member, poll, choice) for choice in choices])

        kept = Ballot.objects.get()
        acknowledged = [choice for choice, answer in zip(choices, answers, strict=True) if answer["t"] == "ack"]
        assert acknowledged == [kept.choice]
        assert sorted(answer.get("code", "") for answer in answers) == ["", "already_voted"]
        Ballot.objects.all().delete()


def test_the_same_operation_from_two_servers_at_once_leaves_one_ballot_and_one_answer(council: Council) -> None:
    poll = opened(council)
    for _round in range(5):
        op = str(uuid4())

        first, second = together(*[ballot_of(council.member, poll, "for", op)] * 2)

        assert first == second
        assert (first["t"], Ballot.objects.count()) == ("ack", 1)
        Ballot.objects.all().delete()


def test_ballots_against_closing_announced_is_stored_is_acknowledged(council: Council) -> None:
    people = twenty_members(council)
    council.start()
    council.take_up()
    for _round in range(5):
        poll = again(council)

        *answers, _closed = together(
            *[ballot_of(person, poll, "for") for person in people],
            lambda poll=poll: actions.close_poll(poll, by=council.secretary),
        )

        poll.refresh_from_db()
        acknowledged = sum(answer["t"] == "ack" for answer in answers)
        assert acknowledged == poll.ballots.count() == poll.result["counts"]["cast"]
        assert {answer["code"] for answer in answers if answer["t"] == "nack"} <= {"closed"}
        actions.announce_result(poll, by=council.secretary)


def test_closing_waits_for_the_ballot_that_is_being_written(council: Council) -> None:
    poll = opened(council)
    written, may_commit = Event(), Event()

    def vote_slowly() -> None:
        with one_transaction():
            actions.cast_ballot(poll.pk, by=council.member, choice="for")
            written.set()
            may_commit.wait(10)

    with ThreadPoolExecutor(2) as pool:
        voting = in_a_thread(pool, vote_slowly)
        assert written.wait(10)
        closing = in_a_thread(pool, lambda: actions.close_poll(poll, by=council.secretary))
        with pytest.raises(TimeoutError):
            closing.result(LONG_ENOUGH_TO_BE_WRONG_S)
        may_commit.set()
        voting.result(10)
        closing.result(10)

    poll.refresh_from_db()
    assert poll.result["counts"]["cast"] == poll.ballots.count() == 1


def test_a_ballot_waits_for_the_closing_that_came_first_and_is_refused(council: Council) -> None:
    poll = opened(council)
    closed, may_commit = Event(), Event()

    def close_slowly() -> None:
        with one_transaction():
            actions.close_poll(poll, by=council.secretary)
            closed.set()
            may_commit.wait(10)

    with ThreadPoolExecutor(2) as pool:
        closing = in_a_thread(pool, close_slowly)
        assert closed.wait(10)
        voting = in_a_thread(pool, lambda: actions.cast_ballot(poll.pk, by=council.member, choice="for"))
        with pytest.raises(TimeoutError):
            voting.result(LONG_ENOUGH_TO_BE_WRONG_S)
        may_commit.set()
        closing.result(10)
        with pytest.raises(Refusal, match=r"không được ghi nhận|not recorded"):
            voting.result(10)

    assert not poll.ballots.exists()


# SQLite writes one transaction at a time: there the question does not arise.
if connection.vendor == "postgresql":

    def test_ballots_do_not_wait_for_one_another(council: Council) -> None:
        """The room's streams are touched at the end of a transaction; up to there two ballots go side by side."""
        poll = opened(council)
        written, may_commit = Event(), Event()

        def vote_slowly() -> None:
            with one_transaction():
                actions.cast_ballot(poll.pk, by=council.member, choice="for")
                written.set()
                may_commit.wait(10)

        def vote() -> None:
            with one_transaction():
                actions.cast_ballot(poll.pk, by=council.second_member, choice="for")

        with ThreadPoolExecutor(2) as pool:
            slow = in_a_thread(pool, vote_slowly)
            assert written.wait(10)
            in_a_thread(pool, vote).result(10)
            may_commit.set()
            slow.result(10)
        assert poll.ballots.count() == 2

    def test_a_batch_overtaken_by_another_server_leaves_the_ballot_that_came_first(
        council: Council, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It had found no ballot of this member and presumed its own to be the first."""
        poll = opened(council)
        insert = actions.insert_ballots

        def insert_too_late(lanes: dict[str, list[Ballot]]) -> None:
            monkeypatch.setattr(actions, "insert_ballots", insert)
            with ThreadPoolExecutor(1) as pool:
                assert in_a_thread(pool, ballot_of(council.member, poll, "against")).result(10)["t"] == "ack"
            insert(lanes)

        monkeypatch.setattr(actions, "insert_ballots", insert_too_late)
        batch = [tap(council.member, poll, "for"), tap(council.second_member, poll, "for")]
        answers = apply_offers(batch)

        assert [answer.get("code", "ack") for answer in answers] == ["already_voted", "ack"]
        assert sorted(poll.ballots.values_list("elector__person", "choice")) == sorted(
            [(council.member.pk, "against"), (council.second_member.pk, "for")]
        )
        assert list(breaks()) == []


def test_opening_at_the_same_moment_opens_once(council: Council) -> None:
    council.start()
    council.take_up()
    poll = actions.draft_poll(council.item, by=council.secretary, question=QUESTION)

    def open_it() -> str:
        try:
            actions.open_poll(poll, by=council.secretary)
        except Refusal as refusal:
            return refusal.code
        return "opened"

    assert sorted(together(open_it, open_it)) == ["already_opened", "opened"]
    assert poll.electors.count() == 4


def test_a_latecomer_who_checks_in_while_the_vote_closes_is_in_or_out_but_never_half(council: Council) -> None:
    council.start(with_members=3)
    council.take_up()
    poll = again(council)
    late = council.participant(council.third_member)

    together(
        lambda: meeting_actions.check_in(late, by=council.third_member),
        lambda: actions.close_poll(poll, by=council.secretary),
    )

    poll.refresh_from_db()
    assert poll.result["counts"]["present"] == sum(elector.is_present for elector in poll.electors.all())
