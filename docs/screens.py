"""Take a picture of every screen: `uv run docs/screens.py [folder]` (`var/screens` when no folder is named).

Starts a demo of its own, begins the session of today and opens a vote, then follows the links of every role. Each kind
of page is taken as a tablet both ways, as a phone and as a desk, light and dark, in Vietnamese and in English:
`folder/shape/scheme/language/page.png`. A kind of page that several roles see is taken once, unless it differs by role.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from demonstration import PORT, ROOT, WALL, begin_the_session, enter, open_a_vote, running_demo, take_a_seat
from playwright.sync_api import Browser, Error, Page

SHAPES = {
    "tablet": {"width": 1180, "height": 820},
    "tablet-upright": {"width": 820, "height": 1180},
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1440, "height": 900},
}
SCHEMES = ("light", "dark")
LANGUAGES = ("vi", "en")
SEATS = ("thu-ky", "uy-vien", "lanh-dao", "quan-tri", "khach-moi", "chu-toa", "man-hinh")
DIFFERS_BY_ROLE = {"home", "meetings-one", "meetings-floor", "guide"}
LEFT_OUT = {"account-logout", "source"}
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
LONGEST_PX = 2400  # of a page, in its picture
REST_MS = 250  # for pictures of papers and for what moves
HEARING_MS = 1500  # a page that listens to the room has heard by then how it stands


def main(folder: Path) -> None:
    with running_demo() as browser:
        desk = begin_the_session(browser)
        floor = take_a_seat(browser)
        enter(browser, "man-hinh", WALL)
        open_a_vote(desk, floor)
        take_everywhere(desk, folder, "room-desk")
        take_everywhere(floor, folder, "room-floor-with-paper", languages=("vi",))
        taken = {"account-login"}
        take_everywhere(stranger(browser), folder, "account-login")
        for seat in SEATS:
            page = enter(browser, seat)
            for name, address in pages_within_reach(page, taken):
                title = f"{name}-{seat}" if name in DIFFERS_BY_ROLE else name
                take_everywhere(page, folder, title, address)
            page.context.close()
    sys.stdout.write(f"{sum(1 for _ in folder.rglob('*.png'))} pictures in {folder}\n")


def stranger(browser: Browser) -> Page:
    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(f"http://localhost:{PORT}/account/login/")
    return page


def pages_within_reach(page: Page, taken: set[str]) -> Iterator[tuple[str, str]]:
    """(name, address) of each kind of page this role finds by links and nobody has taken yet."""
    waiting, seen = [page.url], set()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if name is None or name in seen | LEFT_OUT:
            continue
        seen.add(name)
        if not opens(page, address):
            continue
        links = page.eval_on_selector_all("a[href]", "found => found.map(one => one.getAttribute('href'))")
        waiting += [urldefrag(urljoin(address, link)).url for link in links]
        if name not in taken:
            if name not in DIFFERS_BY_ROLE:
                taken.add(name)
            yield name, address


def opens(page: Page, address: str) -> bool:
    """Is it a page, and no file to take along?"""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return answer is not None and "text/html" in answer.headers.get("content-type", "")


def name_of(address: str) -> str | None:
    """`/meetings/<key>/people/` is "meetings-people"; None for what lies elsewhere."""
    parts = urlsplit(address)
    if parts.port != PORT:
        return None
    words = [word for word in parts.path.split("/") if word and not KEY.fullmatch(word)]
    return "-".join([*words, "one"] if KEY.fullmatch(parts.path.strip("/").split("/")[-1]) else words) or "home"


def take_everywhere(
    page: Page, folder: Path, title: str, address: str | None = None, languages: tuple[str, ...] = LANGUAGES
) -> None:
    """All pictures of one page; without `address`, of the page as it stands, else loaded anew for each language."""
    for language in languages:
        if address or language != languages[0]:
            speak(page, language)
            page.goto(address or page.url)
            page.wait_for_timeout(HEARING_MS if page.locator("connection-status").count() else REST_MS)
            page.locator(".drawing").first.wait_for(state="detached")
        for (shape, size), scheme in product(SHAPES.items(), SCHEMES):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(REST_MS)
            height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST_PX)
            page.screenshot(
                path=folder / shape / scheme / language / f"{title}.png",
                full_page=True,
                clip={"x": 0, "y": 0, "width": size["width"], "height": max(height, size["height"])},
            )
    speak(page, "vi")


def speak(page: Page, language: str) -> None:
    host = urlsplit(page.url).hostname or "localhost"
    page.context.add_cookies([{"name": "django_language", "value": language, "domain": host, "path": "/"}])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "screens")
    main(parser.parse_args().folder)
