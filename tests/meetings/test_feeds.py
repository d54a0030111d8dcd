"""The calendar of a telephone: a secret link, and only what its person may see."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Act, Person
from meetings import actions, feeds
from meetings.models import CalendarLink, Meeting
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return reverse("meetings:calendar_feed", args=[token])


def events(person: Person) -> list[Any]:
    """What the person's telephone reads with a new link, logged in nowhere."""
    answer = Client().get(address(feeds.make_link(person)))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


# -- What it holds -----------------------------------------------------------------------------------------------------


def test_the_feed_holds_what_its_person_may_see(council: Council) -> None:
    draft = actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title="Phiên họp chuyên đề",
        starts_at=timezone.now() + timedelta(days=5),
        planned_minutes=60,
        rule_set=council.rule_set,
    )
    assert [str(one["summary"]) for one in events(council.member)] == [council.meeting.title]
    assert {str(one["summary"]): str(one["status"]) for one in events(council.secretary)} == {
        council.meeting.title: "CONFIRMED",
        draft.title: "TENTATIVE",
    }
    assert events(council.outsider) == []


def test_an_event_says_when_where_and_what_in_universal_time(council: Council) -> None:
    event = events(council.member)[0]
    meeting = council.meeting
    assert event["dtstart"].dt == meeting.starts_at.replace(microsecond=0)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=meeting.planned_minutes)
    assert event["dtstart"].to_ical().endswith(b"Z")
    assert str(event["location"]) == "Phòng họp số 1"
    assert str(event["url"]) == f"http://testserver/meetings/{meeting.pk}/"
    assert council.item.title in str(event["description"])


def test_a_closed_item_is_named_to_nobody_not_even_to_those_admitted(council: Council) -> None:
    secret = actions.add_item(
        council.meeting, by=council.secretary, title="Công tác nhân sự", planned_minutes=10, is_closed=True
    )
    secret.admitted.add(council.member)
    below = actions.add_item(
        council.meeting, by=council.secretary, title="Nhân sự sở", planned_minutes=10, parent=secret
    )
    for person in (council.member, council.chair, council.secretary):
        told = str(events(person)[0]["description"])
        assert secret.title not in told
        assert below.title not in told
        assert council.item.title in told


def test_a_change_and_a_cancellation_reach_the_calendar_as_the_same_event(council: Council) -> None:
    before = events(council.member)[0]
    actions.change_meeting(council.meeting, by=council.secretary, place="Phòng họp số 2")
    changed = events(council.member)[0]
    actions.cancel(Meeting.objects.get(pk=council.meeting.pk), by=council.secretary, reason="Bão")
    cancelled = events(council.member)[0]
    assert len({str(one["uid"]) for one in (before, changed, cancelled)}) == 1
    assert before["sequence"] < changed["sequence"] < cancelled["sequence"]
    assert str(changed["location"]) == "Phòng họp số 2"
    assert [str(one["status"]) for one in (before, changed, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_one_meeting_is_downloaded_by_those_who_see_it(council: Council) -> None:
    url = reverse("meetings:calendar_entry", args=[council.meeting.pk])
    answer = client_of(council.member).get(url)
    assert "attachment" in answer["Content-Disposition"]
    assert [str(one["summary"]) for one in Calendar.from_ical(answer.content).walk("VEVENT")] == [council.meeting.title]
    assert client_of(council.outsider).get(url).status_code == 404


# -- The link ----------------------------------------------------------------------------------------------------------


def test_a_new_link_is_shown_once_and_revokes_the_old(council: Council) -> None:
    client = client_of(council.member)
    url = reverse("meetings:calendar_link")
    first, second = (client.post(url).context["address"].removeprefix("http://testserver") for _ in range(2))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert second not in client.get(reverse("meetings:calendar")).content.decode()
    client.post(reverse("meetings:calendar_link_revocation"))
    assert Client().get(second).status_code == 404


def test_a_wrong_link_and_one_of_a_closed_account_are_not_found(council: Council) -> None:
    token = feeds.make_link(council.member)
    assert Client().get(address(token[:-1] + ("A" if token[-1] != "A" else "B"))).status_code == 404
    Person.objects.filter(pk=council.member.pk).update(is_active=False)
    assert Client().get(address(token)).status_code == 404


def test_a_link_is_made_by_posting_only_and_by_who_is_logged_in(council: Council) -> None:
    url = reverse("meetings:calendar_link")
    assert client_of(council.member).get(url).status_code == 405
    assert Client().post(url).status_code == 302
    assert not CalendarLink.objects.exists()


def test_the_token_is_kept_nowhere(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        token = feeds.make_link(council.member)
        Client().get(address(token))
        Client().get(address(token + "x"))
    told = [value for act in Act.objects.all() for value in map(str, vars(act).values())]
    kept = [value for link in CalendarLink.objects.all() for value in map(str, vars(link).values())]
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert Act.objects.filter(act="calendar_link_made", by=council.member).exists()
    assert not any(token in text for text in [*told, *kept, *lines])


def test_many_meetings_cost_as_many_queries_as_one(council: Council, django_assert_num_queries: Any) -> None:
    token = feeds.make_link(council.member)
    with django_assert_num_queries(5):
        Client().get(address(token))
    for number in range(20):
        meeting = Meeting.objects.create(
            organisation=council.province,
            title=f"Phiên {number}",
            starts_at=council.meeting.starts_at,
            planned_minutes=60,
            rule_set=council.rule_set,
            created_by=council.secretary,
            state=Meeting.State.PUBLISHED,
        )
        meeting.participants.create(person=council.member, role="member")
    with django_assert_num_queries(5):
        Client().get(address(token))
