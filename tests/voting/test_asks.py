"""Votes on the first page: for those whose ballot is missing, and for those who announce."""

import pytest

from accounts.models import Person
from tests.council import Council
from tests.voting.polls import QUESTION, closed, opened
from voting.asks import votes_asked_of

pytestmark = pytest.mark.django_db


def asked(person: Person) -> list[str]:
    ask = votes_asked_of(person)
    return [line.sentence for line in ask.lines] if ask else []


def test_an_open_vote_is_asked_of_those_on_the_roll_who_are_present(council: Council) -> None:
    opened(council, with_members=3)
    assert asked(council.chair) == asked(council.member) == [QUESTION]
    for without_a_ballot in (council.third_member, council.secretary, council.invitee, council.outsider):
        assert asked(without_a_ballot) == [], without_a_ballot


def test_a_closed_vote_is_asked_of_those_who_announce_it(council: Council) -> None:
    closed(council, {"chair": "for", "member": "for", "second_member": "for"})
    assert asked(council.secretary) == asked(council.chair) == [QUESTION]
    assert asked(council.member) == asked(council.unit_admin) == []
