"""Pages of meetings: who gets which, in good Vietnamese, with a number of queries that does not grow with the rows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from meetings import actions
from meetings.models import Meeting
from tests.council import Council, client_of

ROOM_PAGES = ("floor", "desk", "wall")
ENGLISH = re.compile(
    r">\s*[^<]*\b(?:the|and|of|minutes?|meeting|agenda|session|member|item|present|absent|save|change|search|none|yes)\b[^<]*<",
    re.IGNORECASE,
)


def page(person: Person, name: str, *args: object) -> int:
    return client_of(person).get(reverse(f"meetings:{name}", args=args)).status_code


def draft(council: Council, title: str = "Phiên họp chuyên đề", days: int = 3) -> Meeting:
    return actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title=title,
        starts_at=timezone.now() + timedelta(days=days),
        planned_minutes=90,
        rule_set=council.rule_set,
    )


# -- Who gets which page -----------------------------------------------------------------------------------------------


def test_whoever_is_not_logged_in_is_sent_to_the_login_page(council: Council, client: Client) -> None:
    answer = client.get(reverse("meetings:meeting", args=[council.meeting.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/meetings/")


def test_a_published_meeting_is_there_for_those_invited_and_for_nobody_else(council: Council) -> None:
    key = council.meeting.pk
    for person in (
        council.chair,
        council.secretary,
        council.member,
        council.invitee,
        council.observer,
        council.unit_admin,
    ):
        assert page(person, "meeting", key) == 200, person
    for person in (council.outsider, council.other_unit_member, council.other_unit_admin):
        assert page(person, "meeting", key) == 404, person


def test_a_draft_is_there_for_those_who_prepare_it_only(council: Council) -> None:
    key = draft(council).pk
    assert page(council.secretary, "meeting", key) == 200
    assert page(council.unit_admin, "meeting", key) == 200
    assert page(council.member, "meeting", key) == 404
    assert page(council.outsider, "meeting", key) == 404


def test_the_room_opens_to_each_the_own_view(council: Council) -> None:
    key = council.meeting.pk
    expected = {
        council.chair: (200, 200, 200),
        council.secretary: (200, 200, 200),
        council.member: (200, 403, 403),
        council.invitee: (200, 403, 403),
        council.observer: (200, 403, 403),
        council.unit_admin: (403, 403, 403),  # prepares the meeting, takes no part in it
        council.outsider: (404, 404, 404),
    }
    assert {who: tuple(page(who, room, key) for room in ROOM_PAGES) for who in expected} == expected


def test_a_draft_has_no_room_yet(council: Council) -> None:
    meeting = draft(council)
    assert [page(council.secretary, room, meeting.pk) for room in ROOM_PAGES] == [404, 404, 404]


def test_acts_of_preparing_are_forbidden_to_a_member_and_unknown_to_an_outsider(council: Council) -> None:
    acts = [
        reverse("meetings:items", args=[council.meeting.pk]),
        reverse("meetings:item_removal", args=[council.meeting.pk, council.item.pk]),
        reverse("meetings:units", args=[council.meeting.pk]),
        reverse("meetings:participants", args=[council.meeting.pk]),
        reverse("meetings:publication", args=[council.meeting.pk]),
        reverse("meetings:cancellation", args=[council.meeting.pk]),
        reverse("meetings:opening", args=[council.meeting.pk]),
        reverse("meetings:closing", args=[council.meeting.pk]),
        reverse("meetings:attendances", args=[council.meeting.pk]),
        reverse("meetings:taking_up", args=[council.meeting.pk, council.item.pk]),
        reverse("meetings:pairings", args=[council.meeting.pk]),
    ]
    member, outsider = client_of(council.member), client_of(council.outsider)
    assert {member.post(act).status_code for act in acts} == {403}
    assert {outsider.post(act).status_code for act in acts} == {404}
    assert {member.get(act).status_code for act in acts} == {405}


def test_an_item_of_another_meeting_is_not_reached_through_this_one(council: Council) -> None:
    other = draft(council)
    answer = client_of(council.secretary).get(reverse("meetings:item", args=[other.pk, council.item.pk]))
    assert answer.status_code == 404


# -- First page and list -----------------------------------------------------------------------------------------------


def test_todays_session_stands_on_the_first_page_with_one_button_into_the_room(council: Council) -> None:
    floor, desk = (reverse(f"meetings:{room}", args=[council.meeting.pk]) for room in ("floor", "desk"))
    answer = client_of(council.member).get("/").content.decode()
    assert council.meeting.title in answer
    assert floor in answer
    assert desk not in answer
    assert desk in client_of(council.secretary).get("/").content.decode()
    assert council.meeting.title not in client_of(council.outsider).get("/").content.decode()


def test_a_meeting_is_found_by_words_without_accents_and_by_state(council: Council) -> None:
    special = draft(council, "Phiên họp chuyên đề về đầu tư công")
    client = client_of(council.secretary)

    def found(**query: str) -> list[Meeting]:
        return list(client.get(reverse("meetings:meetings"), query).context["page"].object_list)

    assert found(words="dau tu cong") == [special]
    assert found(state="published") == [council.meeting]
    assert found(words="khong co") == []


def test_the_list_needs_as_many_queries_for_three_meetings_as_for_one(council: Council) -> None:
    client = client_of(council.secretary)

    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert client.get(url).status_code == 200
        return len(context)

    pages = ["/", reverse("meetings:meetings")]
    draft(council)
    before = [queries(url) for url in pages]
    draft(council, days=4)
    draft(council, days=5)
    assert [queries(url) for url in pages] == before


@pytest.mark.parametrize("name", ["meeting", "floor", "desk"])
def test_a_meetings_page_needs_as_many_queries_for_three_items_as_for_one(council: Council, name: str) -> None:
    client = client_of(council.secretary)
    url = reverse(f"meetings:{name}", args=[council.meeting.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get(url).status_code == 200
        return len(context)

    before = queries()
    for title in ("Nội dung ba", "Nội dung bốn"):
        actions.add_item(council.meeting, by=council.secretary, title=title, presenter=council.member)
    actions.add_participant(council.meeting, council.other_unit_member, by=council.secretary, role="invitee")
    assert queries() == before


# -- Words -------------------------------------------------------------------------------------------------------------


def visible_text(html: str) -> str:
    """The page without its head, data blocks and attributes."""
    body = html[html.index("<body") :]
    return re.sub(r"<(script|template|style|svg)\b.*?</\1>", "", body, flags=re.DOTALL)


def test_nothing_english_is_left_on_the_main_pages(council: Council) -> None:
    meeting = draft(council)
    secretary, member = client_of(council.secretary), client_of(council.member)
    pages = {
        secretary: [
            "/",
            reverse("meetings:meetings"),
            reverse("meetings:new_meeting"),
            f"{reverse('meetings:new_meeting')}?series=none",
            reverse("meetings:meeting", args=[meeting.pk]),
            reverse("meetings:details", args=[meeting.pk]),
            reverse("meetings:item", args=[council.meeting.pk, council.item.pk]),
            reverse("meetings:desk", args=[council.meeting.pk]),
            reverse("meetings:wall", args=[council.meeting.pk]),
            reverse("account_change_password"),
        ],
        member: [
            "/",
            reverse("meetings:meeting", args=[council.meeting.pk]),
            reverse("meetings:floor", args=[council.meeting.pk]),
        ],
        Client(): [reverse("account_login"), reverse("meetings:own_wall")],
    }
    for client, urls in pages.items():
        for url in urls:
            text = visible_text(client.get(url).content.decode())
            found = [hit for hit in ENGLISH.findall(text) if "lang=" not in hit]
            assert found == [], url


def test_whoever_wants_english_gets_english(council: Council) -> None:
    client = client_of(council.member)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert "Into the room" in client.get("/").content.decode()


def test_the_size_of_the_letters_is_kept_on_the_tablet(client: Client) -> None:
    answer = client.post(reverse("text_size"), {"text_size": "3", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert 'data-text-size="3"' in client.get("/account/login/").content.decode()


def test_the_size_of_the_letters_leads_nowhere_else(client: Client) -> None:
    answer = client.post(reverse("text_size"), {"text_size": "9", "next": "https://example.com/"})
    assert answer["Location"] == "/"
    assert "text_size" not in answer.cookies


def test_a_page_that_is_not_there_says_so(council: Council) -> None:
    answer = client_of(council.member).get("/meetings/khong-co/")
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.content.decode()
