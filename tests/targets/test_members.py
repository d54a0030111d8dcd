"""What each member did: sessions, speeches, votes; counted, never what was chosen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings import actions
from meetings.models import Speech
from targets.members import held_meetings, members_of
from tests.council import Council, client_of
from tests.targets.province import make_leader
from voting import actions as voting

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(council: Council) -> Council:
    """A session that three of four attended; the member spoke once and voted, the second member did not vote."""
    make_leader(council)
    council.start(with_members=3)
    council.take_up()
    now = timezone.now()
    Speech.objects.create(
        meeting=council.meeting,
        item=council.item,
        participant=council.participant(council.member),
        began_at=now - timedelta(minutes=4),
        ended_at=now,
        recorded_by=council.secretary,
    )
    poll = voting.draft_poll(council.item, by=council.secretary, question="Thông qua")
    voting.open_poll(poll, by=council.secretary)
    voting.cast_ballot(poll.pk, by=council.member, choice="for")
    voting.close_poll(poll, by=council.secretary)
    voting.announce_result(poll, by=council.secretary)
    council.meeting.refresh_from_db()
    actions.close(council.meeting, by=council.chair)
    return council


def test_presence_speeches_and_votes_are_counted(held: Council) -> None:
    found = {member.person: member for member in members_of(held_meetings(held.province, None, None))}
    assert set(found) == set(held.voters)
    told = [(found[one].attended, found[one].speeches, found[one].ballots, found[one].polls) for one in held.voters]
    assert told == [(1, 0, 0, 1), (1, 1, 1, 1), (1, 0, 0, 1), (0, 0, 0, 0)]
    assert found[held.member].speech_minutes == pytest.approx(4)


def test_the_page_leads_to_the_sessions_of_a_member(held: Council) -> None:
    leader = client_of(held.chair)
    page = leader.get("/targets/members/").content.decode()
    assert f"/targets/members/{held.member.pk}/" in page
    one = leader.get(f"/targets/members/{held.member.pk}/").content.decode()
    assert held.meeting.title in one
    assert leader.get(f"/targets/members/{held.outsider.pk}/").status_code == 404
    assert "Lê Hoàng Cường;1;1;1;4;1;1" in leader.get("/targets/members/table.csv").content.decode()
    assert leader.get("/targets/members/?chart=votes", headers={"HX-Request": "true"}).content.startswith(b"<svg")


def test_another_period_is_empty_and_nonsense_gets_a_sentence(held: Council) -> None:
    leader = client_of(held.chair)
    assert "không có phiên họp nào đã kết thúc" in leader.get("/targets/members/?last=2020-01-01").content.decode()
    assert leader.get("/targets/members/?unit=zzz").status_code == 422
    assert leader.get(f"/targets/members/?unit={held.other_unit.pk}").status_code == 422


def test_the_page_costs_a_constant_number_of_questions(held: Council) -> None:
    leader = client_of(held.chair)
    leader.get("/targets/members/")
    with CaptureQueriesContext(connection) as asked:
        leader.get("/targets/members/")
    assert len(asked) < 25
