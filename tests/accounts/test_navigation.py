"""The head of the site: apps contribute its entries, each with a rule who sees it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import navigation
from accounts.models import Person
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but what the test registers."""
    monkeypatch.setattr(navigation, "_entries", {})


def labels(person: Person, path: str = "/") -> list[str]:
    return [str(link.label) for link in navigation.links_for(person, path)]


def test_entries_stand_in_their_order_for_those_whom_their_rule_admits(entries: None, council: Council) -> None:
    navigation.register_entry("meetings:meetings", "second", "house", place=20)
    navigation.register_entry("accounts:units", "third", "house", place=30, may=lambda one: one == council.chair)
    navigation.register_entry("meetings:home", "first", "house", place=10)
    assert labels(council.chair) == ["first", "second", "third"]
    assert labels(council.member) == ["first", "second"]


def test_an_entry_knows_its_own_page_and_those_below(entries: None, council: Council) -> None:
    navigation.register_entry("meetings:meetings", "Meetings", "house", place=1, below="/meetings/")
    navigation.register_entry("meetings:home", "Home", "house", place=2)
    here = [
        link.here
        for path in ("/meetings/", "/meetings/new/", "/")
        for link in navigation.links_for(council.chair, path)
    ]
    assert here == ["page", "", "true", "", "", "page"]


def test_administration_is_shown_to_administrators_alone(council: Council) -> None:
    units = f'href="{reverse("accounts:units")}"'
    assert units in client_of(council.unit_admin).get("/").content.decode()
    assert units not in client_of(council.member).get("/").content.decode()


def test_nobody_logged_in_sees_no_entries(db: None, client: Client) -> None:
    assert "site-nav" not in client.get(reverse("account_login")).content.decode()
