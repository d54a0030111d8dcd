"""Vietnamese first: only what somebody chose on this tablet changes it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def test_a_browser_that_claims_english_gets_vietnamese(client: Client) -> None:
    answer = client.get(LOGIN, headers={"accept-language": "en-US,en;q=0.9"})
    assert answer.headers["Content-Language"] == "vi"
    assert 'lang="vi"' in answer.content.decode()


def test_english_is_there_for_who_chooses_it(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": LOGIN})
    assert 'lang="en"' in client.get(LOGIN).content.decode()


def test_a_forged_language_cookie_changes_nothing(client: Client) -> None:
    client.cookies["django_language"] = "xx<script>"
    assert client.get(LOGIN).headers["Content-Language"] == "vi"
