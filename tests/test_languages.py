"""On a Vietnamese page nothing is left in English, and on an English one nothing of the interface in Vietnamese."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from accounts.models import Person
from tests.council import Council, client_of
from tests.pages import Words, pages_of
from tests.test_permission_walk import House, house  # noqa: F401 - a fixture: a meeting with everything in it

pytestmark = pytest.mark.django_db

# Words that no Vietnamese sentence has, whatever the names and papers of the province are called.
ENGLISH = re.compile(
    r"\b(the|and|of|with|your|this|that|is|are|was|not|save|open|close|delete|cancel|search|next|previous|please|from)\b",
    re.IGNORECASE,
)
KEPT = {"English", "Home", "End"}  # names of a language and of keys
LONG_ENOUGH = 12  # letters: a shorter one may be a name or a position, which are data
PEOPLE = ("secretary", "chair", "member", "observer", "unit_admin", "system_admin")


@cache
def translations() -> dict[str, str]:
    """Vietnamese by English, of whole texts without places to fill in."""
    found: dict[str, str] = {}
    for path in Path(settings.BASE_DIR).glob("*/locale/vi/LC_MESSAGES/django.po"):
        with path.open("rb") as lines:
            found |= {
                str(message.id): str(message.string)
                for message in read_po(lines)
                if isinstance(message.id, str) and message.id and "%(" not in message.id
            }
    return {english: vietnamese for english, vietnamese in found.items() if english != vietnamese}


def speaking(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def left_in_english(words: Words) -> list[str]:
    kept = KEPT | set(Person.objects.values_list("username", flat=True))
    return [text for text in words.texts if text not in kept and (text in translations() or ENGLISH.search(text))]


def left_in_vietnamese(words: Words) -> list[str]:
    vietnamese = {text for text in translations().values() if len(text) >= LONG_ENOUGH}
    return [text for text in words.texts if text in vietnamese]


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_in_vietnamese_has_english_in_it(house: House, who: str) -> None:  # noqa: F811
    walked = {address: left_in_english(words) for address, words in pages_of(client_of(house.council.cast[who]))}
    assert len(walked) > 5
    assert {address: left for address, left in walked.items() if left} == {}


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_in_english_has_vietnamese_of_the_interface_in_it(house: House, who: str) -> None:  # noqa: F811
    client = speaking(client_of(house.council.cast[who]), "en")
    walked = {address: left_in_vietnamese(words) for address, words in pages_of(client)}
    assert {address: left for address, left in walked.items() if left} == {}


@pytest.mark.parametrize("address", ["/account/login/", "/wall/", "/nowhere/"])
def test_strangers_read_vietnamese_too(client: Client, address: str) -> None:
    assert left_in_english(Words(client.get(address, follow=True).content.decode())) == []


def test_the_walk_would_find_what_is_left(council: Council) -> None:
    english = "<p>Log in</p><p>Press <b>this button</b></p>"
    assert left_in_english(Words(english)) == ["Log in", "this button"]
    vietnamese = translations()["Meetings without paper"]
    assert left_in_vietnamese(Words(f'<button aria-label="{vietnamese}"></button>')) == [vietnamese]
