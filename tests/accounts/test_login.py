"""Logging in and out, and what is written down about it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Act, Person
from realtime.models import Entry
from realtime.principals import RIGHTS_STREAM, fingerprint
from tests.council import PASSWORD, Council, client_of

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def installation_acts() -> list[tuple[str, str, int | None]]:
    acts = Act.objects.filter(chain="installation").order_by("number")
    return [(act.act, act.about, act.by_id) for act in acts]


def test_a_member_logs_in_with_name_and_password_and_lands_at_home(council: Council, client: Client) -> None:
    answer = client.post(LOGIN, {"login": "member", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("meetings:home"))
    assert installation_acts() == [("logged_in", "account:member", council.member.pk)]


def test_a_wrong_password_is_refused_and_written_down_without_the_password(council: Council, client: Client) -> None:
    answer = client.post(LOGIN, {"login": "member", "password": "sai-mat-khau"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert installation_acts() == [("login_failed", "account:member", council.member.pk)]
    assert "sai-mat-khau" not in str(list(Act.objects.values()))


def test_a_password_typed_as_the_name_never_reaches_the_log(council: Council, client: Client) -> None:
    client.post(LOGIN, {"login": "my-secret-password", "password": "x"})
    assert installation_acts() == [("login_failed", "account:", None)]


def test_ten_wrong_passwords_close_the_account_for_a_while_but_not_the_rooms_address(
    council: Council, client: Client
) -> None:
    for _ in range(10):
        client.post(LOGIN, {"login": "member", "password": "sai"})
    client.post(LOGIN, {"login": "member", "password": PASSWORD})
    assert "_auth_user_id" not in client.session

    client.post(LOGIN, {"login": "second", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(council.second_member.pk)


def test_whoever_may_not_log_in_any_more_cannot(council: Council, client: Client) -> None:
    Person.objects.filter(pk=council.member.pk).update(is_active=False)
    client.post(LOGIN, {"login": "member", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_logging_out_is_a_post_and_is_written_down(council: Council) -> None:
    client = client_of(council.member)
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session
    assert ("logged_out", "account:member", council.member.pk) in installation_acts()


def test_a_person_changes_the_own_password(council: Council, client: Client) -> None:
    client.post(LOGIN, {"login": "member", "password": PASSWORD})
    new = "mat-khau-moi-2026"
    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    council.member.refresh_from_db()
    assert council.member.check_password(new)
    assert installation_acts()[-1] == ("password_changed", "account:member", council.member.pk)


def test_nobody_signs_up(council: Council, client: Client) -> None:
    client.post("/account/signup/", {"username": "ke-la", "password1": PASSWORD, "password2": PASSWORD})
    assert not Person.objects.filter(username="ke-la").exists()


PICTURE = f"/p/{uuid.UUID(int=7)}/1/1600.webp"


@pytest.mark.parametrize(("path", "status"), [("/", 302), ("/meetings/", 302), (PICTURE, 401)])
def test_who_is_not_logged_in_sees_the_login_page_and_an_image_address_never_redirects(
    council: Council, client: Client, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    if status == 302:
        assert answer.headers["Location"].startswith(LOGIN)


def test_logging_out_closes_the_sockets_of_that_session_alone(council: Council) -> None:
    tablet, desk = client_of(council.member), client_of(council.member)
    session = tablet.session.session_key
    tablet.post("/account/logout/")
    told = [entry.body for entry in Entry.objects.filter(stream__name=RIGHTS_STREAM)]
    assert told[-1] == {"logged_out": council.member.principal_key, "session": fingerprint(session)}
    assert desk.get("/").status_code == 200


def test_a_new_password_closes_the_sockets_that_came_by_the_old_one(council: Council, client: Client) -> None:
    """Sessions of other tablets end with the password; their sockets would go on hearing and voting."""
    client.post(LOGIN, {"login": "member", "password": PASSWORD})
    new = "mat-khau-moi-2026"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    told = [entry.body for entry in Entry.objects.filter(stream__name=RIGHTS_STREAM).order_by("number")]
    assert told[-1] == {"logged_out": council.member.principal_key, "session": ""}
