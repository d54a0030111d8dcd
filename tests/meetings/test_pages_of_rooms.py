"""The rooms: what each place shows before a script runs, and what the desk does."""

import json
import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Device, Person
from meetings import actions, panels, speaking
from meetings.models import Meeting
from meetings.room import RoomStream, panels_in, render_panel
from realtime.principals import Principal
from tests.council import Council, client_of

LARGEST_PANEL_BYTES = 8 * 1024  # see docs of the room's streams: a panel goes to a thousand tablets


def act(council: Council, name: str, *args: int, **fields: object) -> int:
    url = reverse(f"meetings:{name}", args=[council.meeting.pk, *args])
    return client_of(council.chair).post(url, fields, headers={"HX-Request": "true"}).status_code


def panel(council: Council, name: str, audience: str) -> str:
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    return next(render_panel(one, meeting, audience) for one in panels_in(audience) if one.name == name)


# -- The desk's acts ---------------------------------------------------------------------------------------------------


def test_the_desk_runs_a_session_from_beginning_to_end(council: Council) -> None:
    for person in council.voters:
        assert act(council, "attendances", participant=council.participant(person).pk) == 204
    states = []
    for name in ("opening", "pause", "resumption", "adjournment", "resumption", "closing"):
        assert act(council, name) in {200, 204}
        states.append(Meeting.objects.get(pk=council.meeting.pk).state)
    assert states == ["in_session", "paused", "in_session", "adjourned", "in_session", "closed"]


def test_without_a_script_the_desk_comes_back(council: Council) -> None:
    council.start()
    answer = client_of(council.chair).post(reverse("meetings:pause", args=[council.meeting.pk]))
    assert answer["Location"] == reverse("meetings:desk", args=[council.meeting.pk])


def test_beginning_without_a_quorum_is_refused_in_words(council: Council) -> None:
    url = reverse("meetings:opening", args=[council.meeting.pk])
    answer = client_of(council.chair).post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Cần 3/4 thành viên có mặt" in answer.content.decode()


def test_an_absence_is_noted_with_its_reason(council: Council) -> None:
    member = council.participant(council.member)
    assert act(council, "absence", member.pk, reason="") == 422
    assert act(council, "absence", member.pk, reason="Đi công tác") == 200
    member.refresh_from_db()
    assert member.absence_reason == "Đi công tác"
    assert "Đi công tác" in panel(council, "hall", "desk")


def test_whoever_leaves_is_no_longer_counted(council: Council) -> None:
    council.start()
    assert act(council, "attendances", leaves=council.participant(council.member).pk) == 204
    assert "Có mặt 3/4" in panel(council, "hall", "desk")


# -- What the panels show ----------------------------------------------------------------------------------------------


def test_the_bar_offers_the_next_sensible_act(council: Council) -> None:
    def offered() -> str:
        button = re.search(r'class="button primary".*?</button>', panel(council, "bar", "desk"), re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", button[0]).split()) if button else ""

    assert "Bắt đầu phiên họp" in offered()
    council.start()
    assert "Chuyển sang nội dung 1" in offered()
    council.take_up()
    assert "Chuyển sang nội dung 2" in offered()
    council.take_up(council.second_item)
    assert "Kết thúc phiên họp" in offered()


def test_a_sub_item_has_its_parents_number(council: Council) -> None:
    actions.add_item(council.meeting, by=council.secretary, title="Phần thu", parent=council.item)
    numbers = re.findall(r'class="number">([^<]+)<', panel(council, "agenda", "desk"))
    assert numbers == ["1", "1.1", "2"]


def test_panels_know_nobody_and_hold_no_token(council: Council) -> None:
    council.start()
    council.take_up()
    for audience in ("desk", "floor", "gallery", "wall"):
        html = "".join(render_panel(one, council.meeting, audience) for one in panels_in(audience))
        assert "csrfmiddlewaretoken" not in html
        assert council.secretary.username not in re.findall(r">([^<]+)<", html)


def test_a_closed_item_has_no_title_outside_the_desk(council: Council) -> None:
    secret = actions.add_item(
        council.meeting, by=council.secretary, title="Kỷ luật cán bộ", is_closed=True, admitted=[council.member]
    )
    council.start()
    council.take_up(secret)
    for audience in ("floor", "gallery", "wall"):
        html = "".join(render_panel(one, council.meeting, audience) for one in panels_in(audience))
        assert "Kỷ luật" not in html, audience
    assert "Kỷ luật" in panel(council, "head", "desk")
    floor = reverse("meetings:floor", args=[council.meeting.pk])
    assert "Kỷ luật" in client_of(council.member).get(floor).content.decode()
    assert "Kỷ luật" not in client_of(council.second_member).get(floor).content.decode()


def test_the_persons_own_panel_says_whether_one_is_there(council: Council) -> None:
    def presence() -> dict[str, object]:
        return json.loads(re.sub(r"<[^>]+>", "", panels.presence(council.member, str(council.meeting.pk))))

    assert presence()["checked_in"] is False
    actions.check_in(council.participant(council.member), by=council.member)
    assert presence()["checked_in"] is True
    assert "true" not in panels.presence(council.outsider, str(council.meeting.pk))


def test_a_room_has_each_panel_with_its_stream(council: Council) -> None:
    floor = client_of(council.member).get(reverse("meetings:floor", args=[council.meeting.pk])).content.decode()
    found = set(re.findall(r'data-stream="([^"]+)" data-panel="([^"]+)"', floor))
    key, person = council.meeting.pk, council.member.pk
    assert {(f"room:{key}:floor", "head"), (f"room:{key}:floor", "check_in")} <= found
    assert {(f"person:{person}", f"presence:{key}"), (f"person:{person}", f"papers:{key}")} <= found
    assert not {stream for stream, _panel in found} - {f"room:{key}:floor", f"person:{person}"}


# -- The wall ----------------------------------------------------------------------------------------------------------


def introduced(wall: Client) -> str:
    """Make this browser a wall and return the code it shows."""
    wall.post(reverse("meetings:own_wall"))
    return wall.get(reverse("meetings:own_wall")).context["device"].pairing_code


def pair(council: Council, code: str) -> int:
    url = reverse("meetings:pairings", args=[council.meeting.pk])
    return client_of(council.secretary).post(url, {"code": code}).status_code


def test_a_wall_shows_the_meeting_whose_secretary_typed_its_code(council: Council) -> None:
    wall = Client()
    code = introduced(wall)
    assert re.fullmatch(r"[A-Z]{6}", code)
    assert code in wall.get(reverse("meetings:own_wall")).content.decode()
    assert council.meeting.title not in wall.get(reverse("meetings:own_wall")).content.decode()
    assert pair(council, code.lower()) == 302
    assert wall.get(reverse("meetings:wall_state"), {"shown": code})["HX-Refresh"] == "true"
    page = wall.get(reverse("meetings:own_wall")).content.decode()
    assert council.meeting.title in page
    assert f'data-device="{Device.objects.get().pk}"' in page
    assert "HX-Refresh" not in wall.get(reverse("meetings:wall_state"), {"shown": str(council.meeting.pk)})


def test_a_wall_has_no_name_and_no_control(council: Council) -> None:
    council.start()
    council.take_up()
    wall = Client()
    pair(council, introduced(wall))
    page = wall.get(reverse("meetings:own_wall")).content.decode()
    assert "<button" not in re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    assert "<form" not in page
    assert council.secretary.full_name not in page


def test_a_wrong_or_old_code_pairs_nothing(council: Council) -> None:
    wall = Client()
    code = introduced(wall)
    assert pair(council, "AAAAAA" if code != "AAAAAA" else "BBBBBB") == 422
    Device.objects.update(pairing_until=timezone.now())
    assert pair(council, code) == 422
    assert wall.get(reverse("meetings:own_wall")).context["device"].pairing_code != code


def test_a_wall_that_is_taken_off_shows_a_code_again(council: Council) -> None:
    wall = Client()
    pair(council, introduced(wall))
    device = Device.objects.get()
    url = reverse("meetings:parting", args=[council.meeting.pk, device.pk])
    client_of(council.secretary).post(url)
    assert council.meeting.title not in wall.get(reverse("meetings:own_wall")).content.decode()


def test_a_wall_may_open_nothing_else(council: Council) -> None:
    wall = Client()
    pair(council, introduced(wall))
    key = council.meeting.pk
    for url in ("/", reverse("meetings:meeting", args=[key]), reverse("meetings:wall", args=[key])):
        assert wall.get(url)["Location"].startswith("/account/login/")


def test_who_makes_a_browser_a_wall_is_logged_out_of_it(council: Council) -> None:
    """A wall stays introduced for a month: the secretary who set it up must not stay logged in as long."""
    wall = client_of(council.secretary)
    assert introduced(wall)
    assert "_auth_user_id" not in wall.session
    assert wall.get("/")["Location"].startswith("/account/login/")


def test_a_number_too_long_to_be_one_names_nobody(council: Council) -> None:
    url = reverse("meetings:attendances", args=[council.meeting.pk])
    assert client_of(council.secretary).post(url, {"participant": "9" * 5000}).status_code == 404


# -- The size of what is pushed ----------------------------------------------------------------------------------------


def test_panels_of_a_large_hall_stay_small(council: Council) -> None:
    """Sixty people, half of them there, one speaking, a vote open: no panel of any audience is above 8 KB."""
    for number in range(60 - council.meeting.participants.count()):
        person = Person.objects.create(username=f"guest-{number}", full_name=f"Nguyễn Phương Thục Quỳnh {number}")
        place = actions.add_participant(
            council.meeting, person, by=council.secretary, role="invitee" if number % 2 else "member"
        )
        if number % 3:
            actions.check_in(place, by=council.secretary)
    council.start()
    council.take_up()
    speaking.give_the_floor(council.meeting, council.participant(council.member), by=council.chair)
    sizes = {
        f"{audience}/{one.name}": len(render_panel(one, council.meeting, audience).encode())
        for audience in ("desk", "floor", "gallery", "wall")
        for one in panels_in(audience)
    }
    assert {name: size for name, size in sizes.items() if size > LARGEST_PANEL_BYTES} == {}


# -- Walls, once more --------------------------------------------------------------------------------------------------


def test_a_wall_of_a_draft_keeps_its_session_and_tells_nothing_of_it(council: Council) -> None:
    wall = Client()
    pair(council, introduced(wall))
    Meeting.objects.update(state="draft")
    page = wall.get(reverse("meetings:own_wall")).content.decode()
    assert council.meeting.title not in page
    assert Device.objects.get().scope == f"meeting:{council.meeting.pk}"
    shown = re.search(r"wall/state/\?shown=([^\"]+)", page)
    assert shown is not None
    assert "HX-Refresh" not in wall.get(reverse("meetings:wall_state"), {"shown": shown[1]})
    Meeting.objects.update(state="published")
    assert wall.get(reverse("meetings:wall_state"), {"shown": shown[1]})["HX-Refresh"] == "true"
    assert council.meeting.title in wall.get(reverse("meetings:own_wall")).content.decode()


def test_nobody_introduces_a_thousand_walls(db: None) -> None:
    answers = [Client().post(reverse("meetings:own_wall")).status_code for _number in range(22)]
    assert answers.count(302) == 20
    assert answers[-1] == 422
    assert Device.objects.count() == 20


def test_a_stream_has_one_name(council: Council) -> None:
    """Another spelling of the same keys would be a second stream that nobody publishes on."""
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.member])
    key, kind = str(council.meeting.pk), RoomStream()
    listener = Principal(council.member.principal_key, "vi", council.member.permission_version, "")
    for name, may in (
        (f"room:{key}:floor", True),
        (f"room:{key}:item-{council.item.pk}", True),
        (f"room:{key.upper()}:floor", False),
        (f"room:{key.replace('-', '')}:floor", False),
        (f"room:{{{key}}}:floor", False),
        (f"room:{key}:item-0{council.item.pk}", False),
        (f"room:{key}:item-{'9' * 30}", False),
        (f"room:{key}:item-{council.item.pk}:x", False),
    ):
        assert kind.may_listen(listener, name) is may, name


def test_a_closed_item_has_its_number_for_those_admitted(council: Council) -> None:
    secret = actions.add_item(
        council.meeting, by=council.secretary, title="Kỷ luật cán bộ", is_closed=True, admitted=[council.member]
    )
    council.start()
    council.take_up(secret)
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    head = next(one for one in panels_in("floor") if one.name == "head")
    assert "3/<span data-last-number>" in render_panel(head, meeting, "floor", secret)
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    assert "3/" not in render_panel(head, meeting, "floor")
