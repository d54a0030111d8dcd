"""A demo of its own in a temporary folder, and people who act in it, for the commands that take pictures."""

import math
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.journeys.chromium import CHROMIUM, FLAGS  # noqa: E402 - after the path to it

PORT = 8917
READY = "Sẵn sàng"
TABLET = {"width": 1180, "height": 820}
WALL = {"width": 1280, "height": 720}
PATIENCE_MS = 30_000


@contextmanager
def running_demo() -> Iterator[Browser]:
    """A browser, with the demo listening on PORT."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PHIEN_", "DATABASE_", "REDIS_"))
        }
        demo = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "manage.py", "demo", "--port", str(PORT)],
            cwd=ROOT,
            env={**kept, "PHIEN_DATA": folder, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            wait_until_it_is_ready(demo)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                yield browser
                browser.close()
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait()


def wait_until_it_is_ready(demo: subprocess.Popen[str]) -> None:
    """It answers sooner, but today's session comes last."""
    assert demo.stdout
    for line in demo.stdout:
        sys.stdout.write(line)
        if READY in line:
            Thread(target=lambda: [sys.stdout.write(later) for later in demo.stdout or ()], daemon=True).start()
            return
    raise SystemExit("The demo ended before it was ready.")


def enter(browser: Browser, seat: str, viewport: dict[str, int] | None = None) -> Page:
    """`seat` has logged in and sees its home, in Vietnamese."""
    page = browser.new_context(viewport=viewport or TABLET, locale="vi-VN").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"http://{seat}.localhost:{PORT}/account/login/")
    page.locator(".demo-arrivals button").click()
    page.wait_for_load_state()
    return page


def begin_the_session(browser: Browser) -> Page:
    """The desk, with the session of today begun and its first item taken up."""
    desk = enter(browser, "thu-ky")
    desk.get_by_role("link", name="Điều hành phiên họp").click()
    desk.get_by_role("button", name="Bắt đầu phiên họp").click()
    desk.get_by_role("button", name="Bắt đầu", exact=True).click()
    desk.get_by_role("button", name="Chuyển sang nội dung 1").click()
    return desk


def take_a_seat(browser: Browser) -> Page:
    """A member's room, with a paper open and written on."""
    floor = enter(browser, "uy-vien")
    floor.get_by_role("link", name="Vào phòng họp").click()
    floor.locator("html[data-connection=live]").wait_for(state="attached")
    floor.get_by_role("button", name="Tôi có mặt").click()
    floor.get_by_text("Chương trình").first.click()
    floor.locator("[data-open-paper]").first.click()
    floor.locator("paper-page[data-state=ready]").first.wait_for()
    floor.get_by_role("button", name=re.compile("^Bút")).first.click()
    write_on(floor)
    return floor


def open_a_vote(desk: Page, floor: Page) -> None:
    desk.locator("button[data-key=n]", has_text="Mở biểu quyết").click()
    desk.get_by_role("button", name="Mở biểu quyết", exact=True).last.click()
    floor.locator("poll-ballot").get_by_role("button", name="Tán thành", exact=True).wait_for()
    floor.wait_for_timeout(6000)  # some of the other members vote meanwhile


def write_on(page: Page) -> None:
    """Circle something and underline something, as a hand would."""
    page.locator("phien-reader[data-tool=pen]").wait_for()
    box = page.locator("phien-reader").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.42
    circle = [(x + 120 * math.cos(t / 6), y + 22 * math.sin(t / 6) + t / 4) for t in range(42)]
    line = [(x - 180 + t * 9, y + 96 + 3 * math.sin(t / 3)) for t in range(40)]
    for stroke in (circle, line):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point)
        page.mouse.up()
    page.wait_for_timeout(800)
