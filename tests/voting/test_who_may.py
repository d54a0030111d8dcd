"""Who may draft, open, vote, close, announce, see: the whole cast walks through every act, by HTTP and operations."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from realtime.refusals import Refusal
from tests.council import Council, client_of
from tests.voting.polls import QUESTION, act, announced, closed, drafted, opened, send
from voting import actions, rules
from voting.models import Ballot, Poll

DRAFTERS = {"chair", "secretary", "unit_admin"}
RUNNERS = {"chair", "secretary"}
INSIDE = {
    "chair",
    "secretary",
    "member",
    "second_member",
    "third_member",
    "stand_in",
    "invitee",
    "observer",
    "unit_admin",
}
VOTERS = {"chair", "member", "second_member", "third_member"}

pytestmark = pytest.mark.django_db


def answers(council: Council, ask: Callable[[str], int]) -> dict[int, set[str]]:
    """Whom each status code was answered to."""
    found: dict[int, set[str]] = {}
    for name in council.cast:
        found.setdefault(ask(name), set()).add(name)
    return found


def outside(council: Council) -> set[str]:
    return set(council.cast) - INSIDE


def test_those_who_prepare_or_run_the_meeting_draft_a_poll(council: Council) -> None:
    def draft(name: str) -> int:
        url = reverse("voting:polls", args=[council.meeting.pk])
        data = {"item": council.item.pk, "question": QUESTION}
        return client_of(council.cast[name]).post(url, data, headers={"HX-Request": "true"}).status_code

    assert answers(council, draft) == {200: DRAFTERS, 403: INSIDE - DRAFTERS, 404: outside(council)}
    assert Poll.objects.count() == len(DRAFTERS)


def test_a_drafted_poll_exists_only_for_those_who_draft(council: Council) -> None:
    poll = drafted(council)

    def look(name: str) -> int:
        return client_of(council.cast[name]).get(reverse("voting:poll", args=[poll.pk])).status_code

    assert answers(council, look) == {200: DRAFTERS, 404: set(council.cast) - DRAFTERS}


def test_chair_and_secretary_open(council: Council) -> None:
    council.start()
    council.take_up()
    poll = drafted(council)

    def open_it(name: str) -> int:
        answer = act(client_of(council.cast[name]), poll, "opening")
        Poll.objects.update(state="drafted", options=[])
        poll.electors.all().delete()
        return answer.status_code

    found = answers(council, open_it)

    assert found[204] == RUNNERS
    assert found[403] | found[404] == set(council.cast) - RUNNERS


@pytest.mark.parametrize("noun", ["closing", "cancellation", "aloud"])
def test_chair_and_secretary_close_cancel_and_record_aloud(council: Council, noun: str) -> None:
    poll = opened(council)

    def press(name: str) -> int:
        person = str(council.member.pk)
        answer = act(client_of(council.cast[name]), poll, noun, reason="Nhầm nội dung", person=person, choice="for")
        Poll.objects.update(state="open", closed_at=None, result=None)
        Ballot.objects.all().delete()
        return answer.status_code

    assert answers(council, press) == {204: RUNNERS, 403: INSIDE - RUNNERS, 404: outside(council)}


def test_chair_and_secretary_announce_and_repeat(council: Council) -> None:
    poll = closed(council, {"member": "for", "chair": "for", "second_member": "for"})

    def announce(name: str) -> int:
        answer = act(client_of(council.cast[name]), poll, "announcement")
        Poll.objects.update(state="closed")
        return answer.status_code

    assert answers(council, announce) == {204: RUNNERS, 403: INSIDE - RUNNERS, 404: outside(council)}
    Poll.objects.update(state="announced")
    found = answers(council, lambda name: act(client_of(council.cast[name]), poll, "repetition").status_code)
    assert found == {204: RUNNERS, 403: INSIDE - RUNNERS, 404: outside(council)}


def test_members_who_are_checked_in_vote_and_nobody_else(council: Council) -> None:
    poll = opened(council)

    acked = {name for name, person in council.cast.items() if send(person, poll, "for")["t"] == "ack"}

    assert acked == VOTERS
    assert set(poll.ballots.values_list("elector__person__username", flat=True)) == {
        "chair",
        "member",
        "second",
        "third",
    }


def test_an_announced_result_is_there_for_everybody_in_the_meeting_and_for_nobody_else(council: Council) -> None:
    poll = announced(council, {"member": "for", "chair": "for", "second_member": "for"})

    def look(name: str) -> int:
        return client_of(council.cast[name]).get(reverse("voting:names", args=[poll.pk])).status_code

    assert answers(council, look) == {200: INSIDE, 404: outside(council)}


def test_before_the_announcement_the_result_is_there_for_those_who_announce_it(council: Council) -> None:
    poll = closed(council, {"member": "for", "chair": "for", "second_member": "for"})

    def look(name: str) -> int:
        return client_of(council.cast[name]).get(reverse("voting:names", args=[poll.pk])).status_code

    assert answers(council, look) == {200: RUNNERS, 403: INSIDE - RUNNERS, 404: outside(council)}
    pages = {
        name: client_of(person).get(reverse("voting:poll", args=[poll.pk])) for name, person in council.cast.items()
    }
    told = {name for name, page in pages.items() if council.member.full_name in page.content.decode()}
    assert told - {"member"} == RUNNERS  # the member's own name stands in the head of the page


@pytest.mark.parametrize("make", [drafted, opened])
def test_the_list_and_the_single_poll_agree_for_everybody(council: Council, make: Callable[[Council], Poll]) -> None:
    make(council)
    for name, person in council.cast.items():
        listed = set(Poll.objects.visible_to(person))
        allowed = {poll for poll in Poll.objects.all() if rules.may_see_poll(person, poll)}
        assert listed == allowed, name


def test_a_poll_on_a_closed_item_exists_for_those_admitted(council: Council) -> None:
    council.item.is_closed = True
    council.item.save()
    council.item.admitted.set([council.member, council.second_member, council.third_member])
    poll = opened(council)
    admitted = {"chair", "secretary", "unit_admin", "member", "second_member", "third_member"}

    for name, person in council.cast.items():
        assert Poll.objects.visible_to(person).filter(pk=poll.pk).exists() == (name in admitted), name
        assert rules.may_see_poll(person, poll) == (name in admitted), name


def test_a_member_who_may_no_longer_log_in_may_no_longer_vote(council: Council) -> None:
    poll = opened(council)
    council.member.is_active = False
    council.member.save()

    assert send(council.member, poll, "for")["code"] == "not_on_the_roll"
    with pytest.raises(Refusal) as refused:
        actions.cast_ballot(poll.pk, by=council.member, choice="for")
    assert refused.value.code == "not_on_the_roll"
