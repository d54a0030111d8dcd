"""The province of the demo, and the sessions its people hold."""

import datetime
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import CommandError
from django.utils import timezone, translation

from accounts.models import Act, Membership, Organisation, Person
from config.demo import extras, people, province, session
from config.demo.papers import PAPERS, make_papers
from config.management.commands import demo
from documents.models import Document
from meetings import actions
from meetings.models import Meeting, Participant
from voting.actions import open_poll
from voting.models import Poll

MORNING = datetime.datetime(2026, 11, 23, 7, 52, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
DAY = MORNING.date()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_papers(tmp_path_factory.mktemp("papers"), day=DAY)


@pytest.fixture
def lam_giang(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(MORNING, tick=True), translation.override("vi"):
        province.make_province()
        yield


def test_the_province_has_its_units_on_three_levels_and_one_that_was_merged(lam_giang):
    committees = Organisation.objects.filter(kind="people_committee", closed_on=None)
    by_level = {level: committees.filter(level__code=level).count() for level in ("province", "district", "commune")}
    assert by_level == {"province": 1, "district": 2, "commune": 4}
    [closed] = Organisation.objects.exclude(closed_on=None)
    assert closed.merged_into.name == "Ủy ban nhân dân xã An Lĩnh"


def test_the_committee_has_21_members_today_and_another_chair_before(lam_giang):
    committee = Organisation.objects.get(name="Ủy ban nhân dân tỉnh Lam Giang")
    today = Person.objects.members_of(committee, on=DAY)
    before = Person.objects.members_of(committee, on=datetime.date(2026, 3, 31))
    assert today.count() == 21
    changed = set(before.values_list("full_name", flat=True)) ^ set(today.values_list("full_name", flat=True))
    assert changed == {"Lưu Bá Khoát", "Hoàng Đức Thuận"}
    assert Membership.objects.filter(organisation=committee, position__name="Chủ tịch").count() == 2


def test_everybody_with_an_account_has_the_printed_password(lam_giang):
    seats = [Person.objects.get(username=seat.key) for seat in people.SEATS]
    assert all(person.check_password(people.PASSWORD) for person in seats)


def test_the_session_of_today_is_published_with_four_items_six_papers_and_two_drafted_polls(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    assert (meeting.state, timezone.localtime(meeting.starts_at).strftime("%d/%m %H:%M")) == (
        "published",
        "23/11 08:00",
    )
    assert meeting.title == "Phiên họp thường kỳ tháng 11 năm 2026"
    assert [(item.is_closed, item.documents.count()) for item in meeting.items.all()] == [
        (False, 4),
        (False, 1),
        (False, 1),
        (True, 0),
    ]
    pages = sum(document.versions.get().page_count for document in Document.objects.filter(meeting=meeting))
    assert pages == sum(paper.sides for paper in PAPERS)
    assert list(Poll.objects.filter(meeting=meeting).values_list("state", flat=True)) == ["drafted", "drafted"]
    quorum = meeting.quorum()
    assert (quorum.total, quorum.needed, quorum.present) == (21, 14, 15)
    roles = Participant.Role
    counted = {
        role: meeting.participants.filter(role=role).count() for role in (roles.CHAIR, roles.SECRETARY, roles.INVITEE)
    }
    assert counted == {"chair": 1, "secretary": 2, "invitee": 10}


def test_the_session_of_last_month_was_held_and_its_times_are_those_of_that_day(lam_giang):
    meeting = session.session_of_last_month(day=DAY)
    assert timezone.localtime(meeting.started_at).strftime("%d/%m/%Y %H:%M") == "23/10/2026 08:04"
    assert (meeting.state, meeting.net_seconds()) == ("closed", (161 - 14) * 60)
    poll = Poll.objects.get(meeting=meeting)
    assert poll.state == "announced"
    assert poll.outcome == "passed"
    told = Act.objects.filter(chain=meeting.chain)
    assert {timezone.localtime(act.at).date() for act in told} == {
        datetime.date(2026, 10, 17),
        datetime.date(2026, 10, 23),
    }


def test_starting_again_on_the_same_day_keeps_the_session(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    assert session.todays_session({}, day=DAY) == meeting
    begin(meeting)
    assert session.todays_session({}, day=DAY) == meeting


def test_an_unused_session_moves_to_the_day_of_the_next_start(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    with time_machine.travel(MORNING + datetime.timedelta(days=9)):
        again = session.todays_session({}, day=datetime.date(2026, 12, 2))
    assert again == meeting
    assert timezone.localtime(again.starts_at).strftime("%d/%m %H:%M") == "02/12 08:00"
    assert again.title == "Phiên họp thường kỳ tháng 12 năm 2026"


def test_a_session_that_was_used_is_kept_and_the_next_day_gets_its_own(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    begin(meeting)
    with time_machine.travel(MORNING + datetime.timedelta(days=1)):
        another = session.todays_session(papers, day=datetime.date(2026, 11, 24))
    assert set(Meeting.objects.filter(state__in=("in_session", "published"))) == {meeting, another}
    assert another.documents.count() == 6


def begin(meeting: Meeting) -> Person:
    chair = Person.objects.get(username="chu-toa")
    actions.start(meeting, by=chair)
    meeting.refresh_from_db()
    return chair


def test_late_in_the_evening_the_session_is_still_today(lam_giang):
    with time_machine.travel(MORNING.replace(hour=23, minute=55), tick=False):
        assert session.soon() == timezone.now()


def test_the_other_members_vote_by_themselves_but_never_for_a_role_that_can_be_taken(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    chair = begin(meeting)
    budget = meeting.items.first()
    actions.take_up_item(budget, by=chair)
    poll = Poll.objects.get(item=budget)
    open_poll(poll, by=chair)

    for elector in extras.waiting_electors():
        extras.vote(elector, random.Random(1))

    assert extras.waiting_electors() == []
    voted = set(poll.ballots.values_list("elector__person__username", flat=True))
    assert len(voted) == 15
    assert not voted & extras.SEATED
    assert Counter(poll.ballots.values_list("choice", flat=True)) == {"for": 13, "against": 1, "not_voting": 1}


def test_the_other_members_act_in_demo_mode_only():
    with pytest.raises(RuntimeError, match="demo mode only"):
        extras.act_for_ever()


@pytest.mark.django_db
def test_a_database_in_real_use_is_not_touched(council, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "start_drawing", lambda day: Drawn())
    with pytest.raises(CommandError, match="real use"):
        demo.make_data()
    assert not Person.objects.filter(username="thu-ky").exists()


class Drawn:
    """Stands for the child that draws the papers, done at once."""

    def wait(self) -> int:
        return 0
