"""Preparing and opening a poll: what must be so, and what is fixed at that moment."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Act
from meetings import actions as meeting_actions
from meetings.models import Participant, RuleSet
from tests.council import Council, client_of
from tests.voting.polls import QUESTION, act, announced, drafted, opened
from voting import actions
from voting.models import Ballot, Elector, Poll

pytestmark = pytest.mark.django_db


def drafting(council: Council, **data: object) -> object:
    url = reverse("voting:polls", args=[council.meeting.pk])
    data = {"item": council.item.pk, "question": QUESTION, **data}
    return client_of(council.secretary).post(url, data, headers={"HX-Request": "true"})


def test_a_draft_is_changed_and_thrown_away_until_it_opens(council: Council) -> None:
    client = client_of(council.secretary)
    poll = drafted(council)

    client.post(reverse("voting:poll", args=[poll.pk]), {"question": "Thông qua kế hoạch"})
    poll.refresh_from_db()
    assert poll.question == "Thông qua kế hoạch"

    assert act(client, poll, "removal").status_code == 204
    assert not Poll.objects.exists()
    kept = list(Act.objects.filter(act__startswith="poll_").order_by("number").values_list("act", flat=True))
    assert kept == ["poll_drafted", "poll_changed", "poll_discarded"]


def test_a_poll_that_was_opened_is_neither_changed_nor_thrown_away(council: Council) -> None:
    client = client_of(council.secretary)
    poll = opened(council)

    changed = client.post(reverse("voting:poll", args=[poll.pk]), {"question": "Khác"}, headers={"HX-Request": "true"})

    assert (changed.status_code, act(client, poll, "removal").status_code) == (422, 422)
    poll.refresh_from_db()
    assert (poll.question, poll.state) == (QUESTION, "open")


def test_a_secret_poll_is_refused_with_what_to_do_instead(council: Council) -> None:
    answer = drafting(council, secrecy="secret")

    assert answer.status_code == 422
    assert "phiếu giấy" in answer.content.decode()
    assert not Poll.objects.exists()


def test_the_database_too_refuses_a_secret_poll(council: Council) -> None:
    poll = drafted(council)

    with pytest.raises(IntegrityError, match="no_secret_poll_without_an_urn"), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(secrecy="secret")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"question": "   "}, "Ghi nội dung"),
        ({"own_choices": "Phương án 1"}, "ít nhất hai"),
        ({"own_choices": "Một\nMột"}, "trùng"),
        ({"own_choices": "\n".join("123456789")}, "Tối đa 8"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said(council: Council, data: dict[str, str], says: str) -> None:
    answer = drafting(council, **data)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_an_item_of_another_meeting_takes_no_poll(council: Council) -> None:
    other = meeting_actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title="Phiên khác",
        starts_at=council.meeting.starts_at,
        planned_minutes=60,
        rule_set=council.rule_set,
    )
    item = meeting_actions.add_item(other, by=council.secretary, title="Việc khác", planned_minutes=10)

    assert drafting(council, item=item.pk).status_code == 422


def test_opening_fixes_the_roll_and_the_rules(council: Council) -> None:
    poll = opened(council, with_members=3)

    roll = [(elector.person, elector.present_at_opening, elector.is_head) for elector in poll.electors.all()]
    assert roll == [
        (council.chair, True, True),
        (council.member, True, False),
        (council.second_member, True, False),
        (council.third_member, False, False),
    ]
    assert [option["key"] for option in poll.options] == ["for", "against", "not_voting"]
    assert (poll.rules["rule_set"], poll.rules["version"], poll.rules["quorum"]) == ("people-committee", 1, "2/3")
    assert poll.rules["is_checked"] is False
    assert "77/2015" in poll.rules["source"]

    RuleSet.objects.filter(pk=council.rule_set.pk).update(terms={}, quorum_numerator=1)
    meeting_actions.add_participant(council.meeting, council.outsider, by=council.secretary, role="member")
    poll.refresh_from_db()
    assert poll.rules["steps"][0]["share"] == "1/2"
    assert poll.electors.count() == 4


def test_opening_without_a_quorum_is_refused_with_the_numbers(council: Council) -> None:
    council.start(with_members=3)
    council.take_up()
    poll = drafted(council)
    meeting_actions.check_out(council.participant(council.second_member), by=council.second_member)

    answer = act(client_of(council.secretary), poll, "opening")

    assert answer.status_code == 422
    assert "cần 3/4 thành viên, hiện có 2" in answer.content.decode()
    assert not Elector.objects.exists()

    meeting_actions.check_in(council.participant(council.second_member), by=council.second_member)
    assert act(client_of(council.secretary), poll, "opening").status_code == 204


def test_a_poll_opens_only_while_its_item_is_on(council: Council) -> None:
    client = client_of(council.secretary)
    poll = drafted(council)
    assert "chưa họp" in act(client, poll, "opening").content.decode()

    council.start()
    council.take_up(council.second_item)
    assert "nội dung khác" in act(client, poll, "opening").content.decode()

    council.take_up(council.item)
    assert act(client, poll, "opening").status_code == 204


def test_opening_twice_is_refused_and_loses_nothing(council: Council) -> None:
    poll = opened(council)
    actions.cast_ballot(poll.pk, by=council.member, choice="for")

    assert act(client_of(council.secretary), poll, "opening").status_code == 422
    assert act(client_of(council.chair), poll, "opening").status_code == 422
    assert (Ballot.objects.count(), poll.electors.count()) == (1, 4)


def test_one_vote_at_a_time(council: Council) -> None:
    opened(council)
    second = drafted(council)

    answer = act(client_of(council.secretary), second, "opening")

    assert answer.status_code == 422
    assert "đang mở" in answer.content.decode()
    with pytest.raises(IntegrityError, match=r"one_open_poll_per_meeting|UNIQUE"), transaction.atomic():
        Poll.objects.filter(pk=second.pk).update(state="open")


def test_a_vote_is_not_left_behind(council: Council) -> None:
    poll = opened(council)
    client = client_of(council.chair)
    leaving = [
        reverse("meetings:taking_up", args=[council.meeting.pk, council.second_item.pk]),
        reverse("meetings:pause", args=[council.meeting.pk]),
        reverse("meetings:closing", args=[council.meeting.pk]),
    ]

    for url in leaving:
        assert client.post(url, headers={"HX-Request": "true"}).status_code == 422
    actions.close_poll(poll, by=council.chair)
    for url in leaving:
        assert client.post(url, headers={"HX-Request": "true"}).status_code == 422
    actions.announce_result(poll, by=council.chair)
    for url in leaving[:1]:
        assert client.post(url, headers={"HX-Request": "true"}).status_code == 204


def test_the_chair_presiding_need_not_be_the_head_of_the_body(council: Council) -> None:
    Participant.objects.filter(meeting=council.meeting, person=council.chair).update(is_head=False)
    Participant.objects.filter(meeting=council.meeting, person=council.member).update(is_head=True)

    poll = opened(council)

    assert [elector.person for elector in poll.electors.filter(is_head=True)] == [council.member]


def test_choices_of_ones_own_are_counted_and_nothing_is_passed(council: Council) -> None:
    drafting(council, own_choices="Phương án 1\nPhương án 2\n\n")
    poll = Poll.objects.get()
    council.start()
    council.take_up()
    actions.open_poll(poll, by=council.secretary)
    for person, choice in ((council.member, "own-1"), (council.chair, "own-2"), (council.second_member, "own-2")):
        actions.cast_ballot(poll.pk, by=person, choice=choice)
    actions.close_poll(poll, by=council.secretary)
    actions.announce_result(poll, by=council.secretary)

    poll.refresh_from_db()
    assert (poll.outcome, poll.result["counts"]["by_option"]) == ("counted", {"own-1": 1, "own-2": 2})
    assert "Phương án 2" in client_of(council.member).get(reverse("voting:poll", args=[poll.pk])).content.decode()


def test_repeating_a_poll_makes_a_new_one_that_names_the_old_one(council: Council) -> None:
    poll = announced(council, {"member": "for", "chair": "for", "second_member": "for"})

    assert act(client_of(council.secretary), poll, "repetition").status_code == 204

    new = Poll.objects.get(repeats=poll)
    assert (new.question, new.state, new.item) == (QUESTION, "drafted", council.item)
    poll.refresh_from_db()
    assert (poll.state, poll.outcome) == ("announced", "passed")


def test_an_open_poll_is_not_repeated(council: Council) -> None:
    poll = opened(council)

    assert act(client_of(council.secretary), poll, "repetition").status_code == 422
    assert Poll.objects.count() == 1
