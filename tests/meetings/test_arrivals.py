"""Checking in by the QR code on the wall."""

import pytest
from django.urls import reverse

from meetings import actions
from meetings.arrivals import arrival_code
from meetings.models import Attendance
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db


def address(council: Council, code: str = "") -> str:
    return reverse("meetings:arrival", args=[council.meeting.pk, code or arrival_code(council.meeting)])


def test_who_scans_the_code_checks_in_with_one_press_and_is_in_the_room(council: Council) -> None:
    client = client_of(council.member)
    assert "Tôi có mặt" in client.get(address(council)).content.decode()
    assert not Attendance.objects.exists()  # looking is not arriving

    answer = client.post(address(council))
    assert answer.headers["Location"] == reverse("meetings:floor", args=[council.meeting.pk])
    row = Attendance.objects.get()
    assert (row.participant.person, row.how) == (council.member, Attendance.How.QR)


@pytest.mark.parametrize("who", ["outsider", "unit_admin"])
def test_who_takes_no_part_finds_nothing_there(council: Council, who: str) -> None:
    assert client_of(council.cast[who]).post(address(council)).status_code == 404


def test_a_guessed_code_opens_nothing(council: Council) -> None:
    assert client_of(council.member).post(address(council, "0" * 12)).status_code == 404
    assert not Attendance.objects.exists()


def test_after_the_session_the_code_is_refused_with_a_sentence(council: Council) -> None:
    council.start()
    actions.close(council.meeting, by=council.chair)
    answer = client_of(council.third_member).post(address(council))
    assert answer.status_code == 422
    assert "đã kết thúc" in answer.content.decode()


def test_the_wall_shows_the_code_without_naming_anybody(council: Council) -> None:
    wall = client_of(council.secretary).get(reverse("meetings:wall", args=[council.meeting.pk])).content.decode()
    assert 'class="qr"' in wall
    assert council.member.full_name not in wall
