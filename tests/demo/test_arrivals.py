"""The buttons that log in with one press: there in demo mode, refused everywhere else."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import Device, Person
from config import urls as real_urls
from config.demo import history, people, province
from config.demo.series import THEMATIC
from meetings.models import Meeting


@pytest.fixture
def lam_giang(db: None) -> None:
    province.make_province(day=timezone.localdate())


@pytest.fixture
def demo_mode(settings: LazySettings) -> None:
    assert "demo_arrival" not in {getattr(pattern, "name", "") for pattern in real_urls.urlpatterns}
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.urls"


def arrive(seat: str, **more: str):
    return Client(HTTP_HOST=f"{seat}.localhost").post(f"/demo/arrivals/{seat}/", more)


def test_one_press_logs_in_as_the_role_of_the_host(lam_giang, demo_mode):
    client = Client(HTTP_HOST="thu-ky.localhost")
    answer = client.post("/demo/arrivals/thu-ky/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").context["user"] == Person.objects.get(username="thu-ky")


def test_outside_the_demo_there_is_no_such_address(lam_giang):
    assert arrive("thu-ky").status_code == 404


def test_outside_the_demo_the_view_refuses_even_if_somebody_mounts_it(lam_giang, settings):
    settings.ROOT_URLCONF = "tests.demo.urls"
    client = Client(HTTP_HOST="thu-ky.localhost")
    assert client.post("/demo/arrivals/thu-ky/").status_code == 404
    assert client.post("/demo/arrivals/man-hinh/").status_code == 404
    assert "_auth_user_id" not in client.session
    assert not Device.objects.exists()


def test_only_the_roles_of_the_demo_can_be_taken_not_any_account(lam_giang, demo_mode):
    assert Person.objects.filter(username="le-huu-tung").exists()
    assert arrive("le-huu-tung").status_code == 404


def test_a_link_in_a_page_cannot_log_anybody_in(lam_giang, demo_mode):
    assert Client().get("/demo/arrivals/thu-ky/").status_code == 405
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="thu-ky.localhost")
    assert strict.post("/demo/arrivals/thu-ky/").status_code == 403


def test_the_press_leads_to_the_page_that_was_wanted_but_never_to_another_site(lam_giang, demo_mode):
    assert arrive("uy-vien", next="/meetings/")["Location"] == "/meetings/"
    assert arrive("uy-vien", next="https://example.org/")["Location"] == "/"


def test_the_wall_is_paired_with_the_session_without_a_login(lam_giang, demo_mode):
    history.make_history(day=timezone.localdate())
    meeting = Meeting.objects.filter(series__name=THEMATIC.name).latest("starts_at")
    client = Client(HTTP_HOST="man-hinh.localhost")
    client.post("/demo/arrivals/thu-ky/")
    assert "_auth_user_id" in client.session
    assert client.post("/demo/arrivals/man-hinh/")["Location"] == "/wall/"
    assert Device.objects.get().scope == f"meeting:{meeting.pk}"
    assert "_auth_user_id" not in client.session


def test_the_login_page_of_a_role_s_host_offers_that_role_and_others_offer_all(lam_giang, demo_mode):
    def buttons(host: str) -> list[str]:
        page = Client(HTTP_HOST=host).get("/account/login/").content.decode()
        return [part.split("/", 1)[0] for part in page.split('action="/demo/arrivals/')[1:]]

    assert buttons("chu-toa.localhost") == ["chu-toa"]
    assert buttons("localhost") == [
        *(seat.key for seat in people.SEATS),
        "man-hinh",
    ]


def test_outside_the_demo_the_login_page_offers_nothing(lam_giang):
    assert b"/demo/" not in Client(HTTP_HOST="thu-ky.localhost").get("/account/login/").content
