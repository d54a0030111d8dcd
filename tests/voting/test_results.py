"""Closing, announcing, ties, cancelling; and what the record shows afterwards."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.acts import breaks
from accounts.models import Act
from meetings import actions as meeting_actions
from tests.council import Council, client_of
from tests.voting.polls import act, announced, closed, opened, panels_heard, send
from voting import actions
from voting.models import Poll

pytestmark = pytest.mark.django_db

THREE_FOR = {"chair": "for", "member": "for", "second_member": "for", "third_member": "against"}
TIE = {"chair": "for", "member": "for", "second_member": "against", "third_member": "against"}


def page(council: Council, poll: Poll) -> str:
    return client_of(council.member).get(reverse("voting:poll", args=[poll.pk])).content.decode()


def test_closing_fixes_the_result_with_every_number(council: Council) -> None:
    poll = closed(council, {"chair": "for", "member": "for", "second_member": "not_voting"})

    assert poll.result["counts"] == {
        "all_members": 4,
        "present": 4,
        "absent": 0,
        "cast": 3,
        "no_ballot": 1,
        "valid": 3,
        "invalid": 0,
        "for_": 2,
        "against": 0,
        "not_voting": 1,
        "by_option": {"for": 2, "against": 0, "not_voting": 1},
    }
    assert (poll.result["needed"], poll.outcome) == (3, "not_passed")


def test_an_announced_result_names_names_and_every_denominator(council: Council) -> None:
    poll = announced(council, THREE_FOR)

    told = page(council, poll)

    assert "Được thông qua" in told
    for person in council.voters:
        assert person.full_name in told
    for number in ("75 %", "25 %", "hơn 1/2 tổng số thành viên", "chưa đối chiếu", "77/2015"):
        assert number in told
    assert list(breaks()) == []


def test_an_announced_result_never_changes(council: Council) -> None:
    poll = announced(council, THREE_FOR)
    client = client_of(council.secretary)

    answers = [
        act(client, poll, noun, reason="Nhầm").status_code for noun in ("closing", "announcement", "cancellation")
    ]

    assert answers == [422, 422, 422]
    assert send(council.member, poll, "against")["code"] == "closed"
    after = Poll.objects.get(pk=poll.pk)
    assert (after.state, after.result, after.outcome) == ("announced", poll.result, "passed")


@pytest.mark.parametrize(
    ("head", "outcome", "says"), [("chair", "passed", "tán thành"), ("third_member", "not_passed", "không tán thành")]
)
def test_a_tie_is_announced_only_after_the_side_of_the_head_is_confirmed(
    council: Council, head: str, outcome: str, says: str
) -> None:
    council.meeting.participants.update(is_head=False)
    council.meeting.participants.filter(person=getattr(council, head)).update(is_head=True)
    poll = closed(council, TIE)
    client = client_of(council.secretary)
    assert poll.outcome == "tie"

    unconfirmed = act(client, poll, "announcement")
    assert (unconfirmed.status_code, Poll.objects.get().state) == (422, "closed")

    assert act(client, poll, "announcement", tie_confirmed="on").status_code == 204
    poll.refresh_from_db()
    assert (poll.outcome, poll.tie_confirmed) == (outcome, True)
    assert f"theo ý kiến của người đứng đầu, là {says}" in page(council, poll)


def test_a_tie_with_the_head_absent_is_not_passed_and_says_so(council: Council) -> None:
    council.meeting.participants.update(is_head=False)
    council.meeting.participants.filter(person=council.third_member).update(is_head=True)
    poll = opened(council, with_members=3)
    for person, choice in ((council.chair, "for"), (council.member, "against")):
        actions.cast_ballot(poll.pk, by=person, choice=choice)
    actions.close_poll(poll, by=council.secretary)

    assert act(client_of(council.secretary), poll, "announcement").status_code == 204

    poll.refresh_from_db()
    assert (poll.outcome, poll.result["tie"]["no_side"]) == ("not_passed", "head_absent")
    assert "người đứng đầu vắng mặt" in page(council, poll)


def test_a_cancelled_poll_stays_visible_with_its_reason(council: Council) -> None:
    poll = opened(council)
    send(council.member, poll, "for")

    assert act(client_of(council.secretary), poll, "cancellation", reason="  ").status_code == 422
    assert act(client_of(council.secretary), poll, "cancellation", reason="Mở nhầm nội dung").status_code == 204

    assert "Mở nhầm nội dung" in page(council, poll)
    assert "Mở nhầm nội dung" in panels_heard(council.meeting, "floor")["poll"]
    assert send(council.second_member, poll, "for")["code"] == "closed"
    assert Act.objects.get(act="poll_cancelled").facts == {"reason": "Mở nhầm nội dung"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(cancel_reason="")


def test_a_poll_cancelled_after_the_count_says_that_it_was_counted(council: Council) -> None:
    poll = closed(council, THREE_FOR)
    actions.cancel_poll(poll, by=council.secretary, reason="Máy của hai đại biểu mất mạng")

    assert "Đã kiểm phiếu lúc" in page(council, poll)
    assert "Đã kiểm phiếu lúc" in panels_heard(council.meeting, "desk")["poll"]
    assert "75 %" not in page(council, poll)


def test_a_cancelled_poll_names_no_votes(council: Council) -> None:
    poll = opened(council)
    send(council.member, poll, "for")
    actions.cancel_poll(poll, by=council.secretary, reason="Mở nhầm")

    assert client_of(council.member).get(reverse("voting:names", args=[poll.pk])).status_code == 403
    assert council.second_member.full_name not in page(council, poll)


def test_the_record_of_the_meeting_holds_its_votes(council: Council) -> None:
    poll = announced(council, THREE_FOR)
    again = actions.repeat_poll(poll, by=council.secretary)
    actions.open_poll(again, by=council.secretary)
    actions.cancel_poll(again, by=council.secretary, reason="Không cần biểu quyết lại")
    meeting_actions.close(council.meeting, by=council.chair)

    for person in (council.member, council.secretary, council.observer):
        told = (
            client_of(person).get(reverse("meetings:meeting", args=[council.meeting.pk]), follow=True).content.decode()
        )
        assert "Được thông qua" in told
        assert "Không cần biểu quyết lại" in told
        assert council.third_member.full_name in told


def test_after_the_meeting_nothing_is_drafted_any_more(council: Council) -> None:
    council.start()
    meeting_actions.close(council.meeting, by=council.chair)
    url = reverse("voting:polls", args=[council.meeting.pk])

    answer = client_of(council.secretary).post(
        url, {"item": council.item.pk, "question": "Muộn"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, Poll.objects.count()) == (422, 0)
