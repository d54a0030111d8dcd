"""The first page: today's session with one tap into the room, what is asked of me, the month."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from meetings import actions
from meetings.home import countdown, preparations_of, sessions_of
from meetings.models import AgendaItem, Meeting
from meetings.months import month_named, month_of
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db


def html(person: Person, url: str = "/", **query: str) -> str:
    return client_of(person).get(url, query).content.decode()


def make_meetings(council: Council, count: int, **fields: Any) -> None:
    """Published ones of the series, one day after the other, all members invited."""
    like = Meeting.objects.get(pk=council.meeting.pk)
    for number in range(count):
        meeting = Meeting.objects.create(
            **{
                "organisation": like.organisation,
                "title": f"Phiên họp số {number}",
                "starts_at": like.starts_at + timedelta(days=number + 1),
                "planned_minutes": 60,
                "rule_set": like.rule_set,
                "created_by": council.secretary,
                "state": Meeting.State.PUBLISHED,
                **fields,
            }
        )
        meeting.participants.create(person=council.member, role="member", has_vote=True)


# -- Today -------------------------------------------------------------------------------------------------------------


def test_todays_session_leads_each_to_the_own_room(council: Council) -> None:
    Meeting.objects.filter(pk=council.meeting.pk).update(starts_at=timezone.now())
    rooms = {
        person: [card.audience for card in sessions_of(person).today]
        for person in (council.chair, council.secretary, council.member, council.observer, council.unit_admin)
    }
    assert list(rooms.values()) == [["desk"], ["desk"], ["floor"], ["gallery"], [None]]
    assert sessions_of(council.outsider).today == []


def test_the_card_says_how_long_until_the_session_by_the_servers_clock(council: Council) -> None:
    meeting = council.meeting

    def said(**before: int) -> str:
        return countdown(meeting, now=meeting.starts_at - timedelta(**before))

    with translation.override("vi"):
        assert said(minutes=25) == "còn 25 phút"
        assert said(hours=2, minutes=5) == "còn 2 giờ 5 phút"
        assert said(minutes=0) == "đã đến giờ họp"
        assert said(days=3).startswith("bắt đầu lúc ")
        meeting.state = Meeting.State.IN_SESSION
        assert said(minutes=-10) == ""


def test_the_card_names_the_item_that_is_on_but_never_a_closed_one(council: Council) -> None:
    council.start()
    council.take_up()
    assert council.item.title in html(council.observer)
    AgendaItem.objects.filter(pk=council.item.pk).update(is_closed=True)
    assert council.item.title not in html(council.observer)


def test_the_card_counts_the_items_that_one_may_know_of(council: Council) -> None:
    actions.add_item(
        council.meeting,
        by=council.secretary,
        title="Công tác cán bộ",
        planned_minutes=10,
        is_closed=True,
        admitted=[council.member],
    )
    shown = council.meeting.items.filter(is_closed=False, parent=None).count()
    in_the_know = {"chair", "secretary", "member"}
    for page in ("/", reverse("meetings:meetings")):
        for name in ("chair", "secretary", "member", "third_member", "invitee", "observer"):
            text = client_of(getattr(council, name)).get(page).content.decode()
            counted = re.findall(r"(\d+) nội dung", text)
            assert counted == [str(shown + (name in in_the_know))], (page, name)


def test_a_day_without_a_session_says_which_comes_next(council: Council) -> None:
    Meeting.objects.filter(pk=council.meeting.pk).update(starts_at=timezone.now() + timedelta(days=3))
    page = html(council.member)
    assert "Hôm nay không có phiên họp" in page
    assert "Phiên tiếp theo:" in page
    assert council.meeting.title in page


# -- What is asked of me -----------------------------------------------------------------------------------------------


def test_who_prepares_a_session_is_told_what_is_missing_and_nobody_else(council: Council) -> None:
    draft = actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title="Phiên họp chuyên đề",
        starts_at=timezone.now() + timedelta(days=5),
        planned_minutes=60,
        rule_set=council.rule_set,
    )
    ask = preparations_of(council.secretary)
    assert ask is not None
    assert [line.sentence for line in ask.lines] == [draft.title]
    assert "nội dung" in ask.lines[0].about
    assert draft.title in html(council.secretary)
    assert preparations_of(council.member) is None
    assert draft.title not in html(council.member)


def test_with_nothing_to_do_the_page_says_so(council: Council) -> None:
    assert "Chưa có việc nào" in html(council.outsider)


# -- The month ---------------------------------------------------------------------------------------------------------


def test_the_month_shows_the_sessions_one_may_see_and_leads_to_its_neighbours(council: Council) -> None:
    first = timezone.localtime(council.meeting.starts_at).date().replace(day=1)
    page = html(council.member, reverse("meetings:calendar"), month=f"{first:%Y-%m}")
    assert council.meeting.title in page
    assert council.meeting.title not in html(council.outsider, reverse("meetings:calendar"), month=f"{first:%Y-%m}")
    sheet = month_of(first, [], today=first)
    assert f"?month={sheet.previous:%Y-%m}" in page
    assert f"?month={sheet.next:%Y-%m}" in page


@pytest.mark.parametrize(
    "nonsense", ["", "2026", "2026-13", "0000-01", "9999-01", "2026-1-1", "-", "٢٠٢٦-x", "x" * 999]
)
def test_nonsense_for_a_month_is_this_month(council: Council, nonsense: str) -> None:
    today = date(2026, 11, 24)
    assert month_named(nonsense, otherwise=today) == date(2026, 11, 1)
    assert client_of(council.member).get("/", {"month": nonsense}).status_code == 200


def test_a_sheet_begins_on_monday_and_fills_its_weeks() -> None:
    sheet = month_of(
        date(2026, 11, 1), [(date(2026, 11, 30), "last"), (date(2026, 12, 1), "not mine")], today=date(2026, 11, 24)
    )
    assert [len(week) for week in sheet.weeks] == [7] * 6
    assert sheet.weeks[0][0].date == date(2026, 10, 26)
    assert [day.entries for day in sheet.days] == [["last"]]
    assert (sheet.previous, sheet.next) == (date(2026, 10, 1), date(2026, 12, 1))


# -- Cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "calendar"])
@pytest.mark.parametrize("who", ["member", "secretary"])
def test_one_three_and_three_hundred_meetings_cost_as_many_queries(council: Council, who: str, name: str) -> None:
    client, url = client_of(getattr(council, who)), reverse(f"meetings:{name}")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    make_meetings(council, 1)
    make_meetings(council, 1, state=Meeting.State.CLOSED)
    queries()
    counts = [queries()]
    for more in (1, 148):
        make_meetings(council, more)
        make_meetings(council, more, state=Meeting.State.CLOSED)
        counts.append(queries())
    assert len(set(counts)) == 1, counts
