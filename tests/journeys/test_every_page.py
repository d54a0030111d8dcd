"""Every page that people reach by links, on a tablet, looked at by axe: nothing serious stands in anybody's way."""

from urllib.parse import urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from tests.journeys.conftest import TABLET, Cast
from tests.pages import LEFT_OUT, name_of

SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize(("who", "scheme"), [("secretary", "light"), ("member", "dark"), ("unit-admin", "light")])
def test_axe_finds_nothing_serious_on_any_page(cast: Cast, who: str, scheme: str) -> None:
    page = cast.enter(who, screen=TABLET)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    faults: dict[str, list[str]] = {}
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if name is None or name in seen | LEFT_OUT:
            continue
        seen.add(name)
        if opens(page, address):
            faults[name] = grave_faults(page)
            waiting += [urldefrag(urljoin(address, link)).url for link in links_of(page)]
    assert len(faults) > 5
    assert {name: found for name, found in faults.items() if found} == {}


def opens(page: Page, address: str) -> bool:
    """Is it a page, and no file to take along?"""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None
    return "text/html" in answer.headers.get("content-type", "")


def links_of(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all("a[href]", "found => found.map(one => one.getAttribute('href'))")
    return links


def grave_faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]
