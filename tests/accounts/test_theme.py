"""Light, dark, or as the device: remembered for the person; before the login for the tablet."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.council import Council, client_of

pytestmark = pytest.mark.django_db
DARK, THEME, LOGIN = "css/dark.css", reverse("theme"), reverse("account_login")


def dark_sheet(client: Client, url: str) -> str:
    """How the page loads the dark colours: never, always, or as the device asks."""
    page = client.get(url).content.decode()
    if DARK not in page:
        return "never"
    return "as the device" if 'dark.css" media="(prefers-color-scheme: dark)"' in page else "always"


def test_without_a_choice_the_device_decides(council: Council, client: Client) -> None:
    assert dark_sheet(client, LOGIN) == dark_sheet(client_of(council.member), "/") == "as the device"


@pytest.mark.parametrize(("theme", "loaded"), [("dark", "always"), ("light", "never"), ("auto", "as the device")])
def test_a_choice_follows_its_person_to_every_tablet_and_nobody_else(council: Council, theme: str, loaded: str) -> None:
    client_of(council.member).post(THEME, {"theme": theme, "next": "/calendar/"})
    assert dark_sheet(client_of(council.member), "/") == loaded
    assert f'data-theme="{theme}"' in client_of(council.member).get("/").content.decode()
    assert dark_sheet(client_of(council.chair), "/") == "as the device"


def test_before_the_login_the_tablet_remembers(db: None, client: Client) -> None:
    assert client.post(THEME, {"theme": "dark", "next": LOGIN})["Location"] == LOGIN
    assert dark_sheet(client, LOGIN) == "always"


@pytest.mark.parametrize("nonsense", ["", "pink", '"><script>'])
def test_nonsense_changes_nothing_and_leads_nowhere_else(council: Council, nonsense: str) -> None:
    client = client_of(council.member)
    assert client.post(THEME, {"theme": nonsense, "next": "https://evil.example/"})["Location"] == "/"
    client.cookies["theme"] = nonsense
    assert 'data-theme="auto"' in client.get("/").content.decode()
    assert 'data-theme="auto"' in Client().get(LOGIN, headers={"cookie": "theme=pink"}).content.decode()


def test_the_manifest_makes_it_a_program_on_the_first_screen(db: None, client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["short_name"], told["display"]) == ("Phiên", "standalone")
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon
