"""The record of a closed meeting, item by item: who spoke and how long, the vote, the conclusion."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from meetings import actions, speaking
from meetings.conclusions import write_conclusion
from meetings.models import AgendaItem, Speech
from tests.council import Council, client_of
from voting import actions as votes

SAID = "Thống nhất trình Hội đồng nhân dân."


def deal_with(council: Council, item: AgendaItem, speakers: int = 1) -> None:
    council.take_up(item)
    for person in council.voters[:speakers]:
        speech = speaking.give_the_floor(council.meeting, council.participant(person), by=council.chair)
        Speech.objects.filter(pk=speech.pk).update(began_at=timezone.now() - timedelta(seconds=185))
    poll = votes.draft_poll(item, by=council.secretary, question=f"Thông qua {item.title}")
    votes.open_poll(poll, by=council.chair)
    for person in council.voters[:3]:
        votes.cast_ballot(poll.pk, by=person, choice="for")
    votes.close_poll(poll, by=council.chair)
    votes.announce_result(poll, by=council.chair)
    write_conclusion(item, f"{SAID} {item.title}", by=council.secretary, revision=0)


def record(council: Council, person: Person) -> str:
    return client_of(person).get(reverse("meetings:meeting", args=[council.meeting.pk])).content.decode()


def test_each_item_has_its_speeches_its_vote_and_its_conclusion(council: Council) -> None:
    council.start()
    deal_with(council, council.item)
    actions.close(council.meeting, by=council.chair)
    html = record(council, council.member)
    part = html[html.index('class="section record-items"') :]
    first, second = part.split('<article class="record-item')[1:3]
    assert council.chair.full_name in first
    assert "3 phút" in first
    assert "Tán thành 3" in first
    assert SAID in first
    assert SAID not in second
    assert "Chưa bàn" in second


def test_a_closed_item_is_left_out_for_whoever_was_not_admitted(council: Council) -> None:
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=council.voters[:3])
    council.start()
    deal_with(council, council.item)
    actions.close(council.meeting, by=council.chair)
    assert SAID in record(council, council.member)
    for person in (council.third_member, council.invitee):
        html = record(council, person)
        assert SAID not in html
        assert council.item.title not in html


@pytest.mark.django_db
def test_the_record_costs_the_same_for_one_item_and_for_three(council: Council) -> None:
    council.start()
    deal_with(council, council.item)

    def queries() -> int:
        client = client_of(council.member)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("meetings:meeting", args=[council.meeting.pk]))
        return len(captured)

    more = [
        actions.add_item(council.meeting, by=council.secretary, title=f"Nội dung {number}", planned_minutes=10)
        for number in (3, 4)
    ]
    meeting = council.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(state="closed", ended_at=timezone.now())
    few = queries()
    type(meeting).objects.filter(pk=meeting.pk).update(state="in_session", ended_at=None)
    for item in more:
        deal_with(council, item, speakers=3)
    type(meeting).objects.filter(pk=meeting.pk).update(state="closed", ended_at=timezone.now())
    assert queries() == few
