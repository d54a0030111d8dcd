"""Many ballots in one transaction, as the writer takes them when a whole hall taps: each stands for itself."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import breaks
from accounts.models import Act, Person
from meetings.models import RuleSet
from realtime.models import Entry
from realtime.operations import Offer, apply_offers
from tests.council import Council
from tests.voting.polls import opened, tap
from voting import actions
from voting.models import Ballot, Poll

pytestmark = pytest.mark.django_db


def questions_for(*offers: Offer) -> int:
    with CaptureQueriesContext(connection) as asked:
        answers = apply_offers(list(offers))
    assert {answer["t"] for answer in answers} == {"ack"}
    return len(asked)


def choices() -> dict[Any, str]:
    return dict(Ballot.objects.values_list("elector__person", "choice"))


def test_each_of_a_batch_is_put_in_recorded_and_told(council: Council) -> None:
    poll = opened(council)
    voters = [council.chair, council.member, council.second_member]

    answers = apply_offers(
        [tap(voter, poll, choice) for voter, choice in zip(voters, ("for", "against", "for"), strict=True)]
    )

    assert [(answer["t"], answer["choice"]) for answer in answers] == [
        ("ack", "for"),
        ("ack", "against"),
        ("ack", "for"),
    ]
    assert choices() == {council.chair.pk: "for", council.member.pk: "against", council.second_member.pk: "for"}
    assert [answer["received_at"] for answer in answers] == [
        Ballot.objects.get(elector__person=voter).received_at.isoformat() for voter in voters
    ]
    assert set(Act.objects.filter(act="ballot_cast").values_list("by", flat=True)) == {voter.pk for voter in voters}
    assert list(breaks()) == []
    for voter in voters:
        assert Entry.objects.filter(
            stream__name=f"person:{voter.pk}", body__panels__0=f"votes:{poll.meeting_id}"
        ).exists()


def test_three_ballots_ask_the_database_no_more_than_two(council: Council) -> None:
    poll = opened(council)
    questions_for(tap(council.third_member, poll, "for"))  # the first also changes the desk's bar
    actions.close_poll(poll, by=council.secretary)
    actions.announce_result(poll, by=council.secretary)
    second = again(council)
    two = questions_for(tap(council.chair, second, "for"), tap(council.member, second, "for"))
    actions.close_poll(second, by=council.secretary)
    actions.announce_result(second, by=council.secretary)
    third = again(council)
    three = questions_for(*(tap(one, third, "for") for one in (council.chair, council.member, council.second_member)))
    assert three == two


def again(council: Council) -> Poll:
    poll = actions.draft_poll(council.item, by=council.secretary, question="Nội dung khác")
    actions.open_poll(poll, by=council.secretary)
    poll.refresh_from_db()
    return poll


def test_who_is_not_on_the_roll_is_refused_and_the_others_stand(council: Council) -> None:
    poll = opened(council)
    answers = apply_offers([tap(one, poll, "for") for one in (council.member, council.invitee, council.second_member)])
    assert [answer.get("code", "ack") for answer in answers] == ["ack", "not_on_the_roll", "ack"]
    assert choices().keys() == {council.member.pk, council.second_member.pk}


def test_who_was_put_out_of_office_is_refused_in_a_batch_too(council: Council) -> None:
    poll = opened(council)
    Person.objects.filter(pk=council.member.pk).update(is_active=False)
    answers = apply_offers([tap(one, poll, "for") for one in (council.member, council.second_member)])
    assert [answer.get("code", "ack") for answer in answers] == ["not_on_the_roll", "ack"]


@pytest.mark.parametrize("may_change", [False, True])
def test_two_tablets_of_one_person_in_the_same_batch_leave_one_ballot(council: Council, may_change: bool) -> None:
    RuleSet.objects.filter(pk=council.rule_set.pk).update(
        terms={**council.rule_set.terms, "ballot_may_change": may_change}
    )
    poll = opened(council)

    answers = apply_offers(
        [
            tap(council.member, poll, "for"),
            tap(council.second_member, poll, "for"),
            tap(council.member, poll, "against"),
        ]
    )

    assert [answer.get("code", "ack") for answer in answers] == ["ack", "ack", "ack" if may_change else "already_voted"]
    assert choices() == {council.member.pk: "against" if may_change else "for", council.second_member.pk: "for"}
    assert Act.objects.filter(act="ballot_cast").count() == 2
