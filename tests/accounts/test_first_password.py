"""A password that somebody gave out is for one log-in: then everybody chooses an own one."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import actions
from accounts.founding import give_new_password
from accounts.models import Act, Person
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db
FIRST, OWN = reverse("first_password"), "ba-từ-ghép-lại"


@pytest.fixture
def given(council: Council) -> str:
    """The password that the administrator reads to the member."""
    return actions.set_password(council.member, by=council.system_admin)


def logged_in(name: str, password: str, wanted: str = "/") -> Client:
    client = Client()
    client.post(f"/account/login/?next={wanted}", {"login": name, "password": password, "next": wanted})
    return client


def test_every_page_leads_to_the_choice_and_the_choice_to_the_wanted_page(council: Council, given: str) -> None:
    client = logged_in("member", given)
    wanted = reverse("meetings:meeting", args=[council.meeting.pk])
    for url in (wanted, "/", reverse("meetings:floor", args=[council.meeting.pk])):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (302, f"{FIRST}?next={url}")
    answer = client.post(FIRST, {"new_password1": OWN, "new_password2": OWN, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200
    assert logged_in("member", OWN).get("/").status_code == 200
    assert Act.objects.filter(act="password_changed", by=council.member).count() == 1


def test_nothing_can_be_sent_or_fetched_by_script_before_the_choice(council: Council, given: str) -> None:
    client = logged_in("member", given)
    assert client.post("/sync/", "{}", content_type="application/json").status_code == 302
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{FIRST}?next=/")


@pytest.mark.parametrize(
    ("first", "second"),
    [("ngắn", "ngắn"), (OWN, "khác-hẳn-nhau"), ("", ""), ("GIVEN", "GIVEN"), ("1234567890", "1234567890")],
)
def test_a_bad_choice_is_refused_with_a_sentence_and_keeps_the_way(
    council: Council, given: str, first: str, second: str
) -> None:
    client = logged_in("member", given)
    words = [given if word == "GIVEN" else word for word in (first, second)]
    answer = client.post(FIRST, {"new_password1": words[0], "new_password2": words[1], "next": "/calendar/"})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert 'value="/calendar/"' in answer.content.decode()
    assert Person.objects.get(pk=council.member.pk).must_choose_password


def test_one_may_log_out_and_change_the_language_meanwhile(council: Council, given: str) -> None:
    client = logged_in("member", given)
    assert client.post("/language/", {"language": "en", "next": FIRST})["Location"] == FIRST
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(FIRST).status_code == 302


def test_who_has_an_own_password_is_never_asked(council: Council) -> None:
    client = client_of(council.member)
    assert client.get("/").status_code == 200
    assert client.get(f"{FIRST}?next=/calendar/")["Location"] == "/calendar/"
    assert client.get(f"{FIRST}?next=https://evil.example/")["Location"] == "/"


def test_a_change_by_oneself_ends_the_asking_as_well(council: Council, given: str) -> None:
    Person.objects.filter(pk=council.member.pk).update(must_choose_password=False)
    client = logged_in("member", given)
    Person.objects.filter(pk=council.member.pk).update(must_choose_password=True)
    client.post(FIRST, {"new_password1": OWN, "new_password2": OWN})
    assert not Person.objects.get(pk=council.member.pk).must_choose_password


def test_every_way_of_giving_a_password_asks(council: Council) -> None:
    person, _password = actions.create_person(
        by=council.system_admin, full_name="Lê Văn Mới", office=None, username="le-van-moi"
    )
    assert person.must_choose_password
    give_new_password("system-admin")
    assert Person.objects.get(username="system-admin").must_choose_password


def test_the_demo_asks_nobody(council: Council, given: str, settings: Settings) -> None:
    settings.DEMO = True
    assert logged_in("member", given).get("/").status_code == 200
