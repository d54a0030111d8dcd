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

from accounts import acts
from accounts.models import Membership, Organisation, Person
from config.demo import extras, filing, people, province, session
from config.demo.papers import PAPERS
from config.demo.series import PLANS, THEMATIC
from config.management.commands import demo
from documents.models import Document
from meetings import actions
from meetings.models import Meeting, MeetingSeries, Participant
from voting.actions import open_poll
from voting.models import Poll
from voting.terms import rule_sets_of

MORNING = datetime.datetime(2026, 11, 23, 7, 52, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
DAY = MORNING.date()


@pytest.fixture
def lam_giang(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(MORNING, tick=True), translation.override("vi"):
        province.make_province(day=DAY)
        yield


def test_the_province_has_its_units_on_three_levels_and_one_that_was_merged(lam_giang):
    committees = Organisation.objects.filter(kind="people_committee", closed_on=None)
    by_level = {level: committees.filter(level__code=level).count() for level in ("province", "district", "commune")}
    assert by_level == {"province": 1, "district": 4, "commune": 12}
    assert Organisation.objects.filter(kind="department").count() >= 8
    [closed] = Organisation.objects.exclude(closed_on=None)
    assert closed.merged_into.name == "Ủy ban nhân dân xã An Lĩnh"


def test_some_120_people_each_with_a_name_and_a_title_of_their_own(lam_giang):
    assert 115 <= Person.objects.count() <= 135
    names = list(Person.objects.values_list("full_name", flat=True))
    assert len(set(names)) == len(names)
    families = Counter(name.split()[0] for name in names)
    assert len(families) > 45
    assert families.most_common(1)[0][1] < 0.15 * len(names)
    assert all(len(somebody.title) <= 60 for somebody in people.PEOPLE)
    assert people.somebody_of("tran-thi-my-hanh").title == "Trưởng phòng Nội vụ huyện Trà Khê"
    assert people.somebody_of("thu-ky").title == "Phó Chánh Văn phòng UBND tỉnh"


def test_the_committee_has_21_members_today_and_others_in_two_offices_before(lam_giang):
    committee = Organisation.objects.get(name="Ủy ban nhân dân tỉnh Lam Giang")
    today = Person.objects.members_of(committee, on=DAY)
    before = Person.objects.members_of(committee, on=datetime.date(2025, 9, 30))
    assert today.count() == before.filter(memberships__position__name="Chủ tịch").count() + 20 == 21
    changed = set(before.values_list("full_name", flat=True)) ^ set(today.values_list("full_name", flat=True))
    assert changed == {"Lưu Bá Khoát", "Hoàng Đức Thuận", "Vương Đình Khôi", "Bùi Trọng Nghĩa"}
    assert Membership.objects.filter(organisation=committee, position__name="Chủ tịch").count() == 2


def test_each_series_is_made_with_its_people_and_rules(lam_giang):
    votes = {
        series.name: series.default_members.filter(has_vote=True).count() for series in MeetingSeries.objects.all()
    }
    assert votes == {plan.name: sum(place.has_vote for place in plan.roster) for plan in (*PLANS, THEMATIC)}
    standing = MeetingSeries.objects.get(name="Phiên họp Thường trực HĐND tỉnh").rule_set
    assert (str(standing.quorum_share), standing.is_checked) == ("2/3", False)


def test_everybody_with_an_account_has_the_printed_password(lam_giang):
    seats = [Person.objects.get(username=seat.key) for seat in people.SEATS]
    assert all(person.check_password(people.PASSWORD) for person in seats)


def test_the_session_of_today_is_published_with_four_items_nine_papers_and_four_drafted_polls(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    assert (meeting.state, timezone.localtime(meeting.starts_at).strftime("%d/%m %H:%M")) == (
        "published",
        "23/11 08:00",
    )
    assert meeting.title == "Phiên họp chuyên đề ngày 23/11/2026"
    assert [(item.is_closed, item.documents.count()) for item in meeting.items.all()] == [
        (False, 6),
        (False, 1),
        (False, 2),
        (True, 0),
    ]
    pages = sum(document.versions.get().page_count for document in Document.objects.filter(meeting=meeting))
    assert pages == sum(paper.sides for paper in PAPERS if paper.key in documents_of_today())
    polls = Poll.objects.filter(meeting=meeting)
    assert set(polls.values_list("state", flat=True)) == {"drafted"}
    assert sorted(polls.values_list("kind", flat=True)) == ["election", "question", "question", "rating"]
    election, rating = polls.get(kind="election"), polls.get(kind="rating")
    assert (election.seats, len(election.options), len(rating.subjects)) == (3, 5, 12)
    assert election.item == rating.item == meeting.items.get(is_closed=True)
    assert rating.rule_set in rule_sets_of(meeting)  # so its draft can be changed
    quorum = meeting.quorum()
    assert (quorum.total, quorum.needed, quorum.present) == (21, 14, 15)
    roles = Participant.Role
    counted = {
        role: meeting.participants.filter(role=role).count() for role in (roles.CHAIR, roles.SECRETARY, roles.INVITEE)
    }
    assert counted == {"chair": 1, "secretary": 2, "invitee": 10}


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
    assert again.title == "Phiên họp chuyên đề ngày 02/12/2026"


def test_a_session_that_nobody_ended_is_closed_and_the_next_day_gets_its_own(lam_giang, papers):
    meeting = session.todays_session(papers, day=DAY)
    chair = begin(meeting)
    budget = meeting.items.first()
    with time_machine.travel(MORNING + datetime.timedelta(minutes=20), tick=False):
        actions.take_up_item(budget, by=chair)
        open_poll(Poll.objects.get(item=budget), by=chair)
    with time_machine.travel(MORNING + datetime.timedelta(days=1)):
        another = session.todays_session(papers, day=datetime.date(2026, 11, 24))
    meeting.refresh_from_db()
    assert (meeting.state, another.state, another.documents.count()) == (
        "closed",
        "published",
        len(documents_of_today()),
    )
    assert 19 * 60 < meeting.net_seconds() <= 21 * 60
    assert Poll.objects.get(item=budget).state == "cancelled"
    assert list(acts.breaks()) == []


def documents_of_today() -> list[str]:
    return [label.key for labels in filing.TODAY.values() for label in labels]


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
