"""The browser and the office of journeys. Without Chromium they are skipped, except in CI."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.council import PASSWORD
from tests.journeys.chromium import CHROMIUM, FLAGS
from tests.journeys.office import Model, Office, model_office, running_office

DESK, TABLET = {"width": 1440, "height": 900}, {"width": 1180, "height": 820}
PATIENCE_MS = 60_000  # CI has two cores for server, worker and five browsers


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    with model_office(tmp_path_factory.mktemp("model")) as model:
        yield model


@pytest.fixture(scope="module")
def office(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("office"), model) as office:
        yield office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium.")
        pytest.skip("Chromium is not installed: journeys through a browser are left out.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Cast:
    """People with a browser each. What went wrong in their consoles is kept."""

    def __init__(self, browser: Browser, office: Office, pictures: Path) -> None:
        self.browser, self.office, self.pictures = browser, office, pictures
        self.pages: dict[str, Page] = {}
        self.errors: list[str] = []

    def enter(self, username: str, *, screen: dict[str, int], seat: str = "") -> Page:
        """Log in by the form, on an own screen; `seat` tells two tablets of one person apart."""
        context = self.browser.new_context(
            viewport=screen, has_touch=screen is TABLET, base_url=self.office.address(username), locale="vi-VN"
        )
        page = self.open(context, seat or username)
        page.goto("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/")
        return page

    def open(self, context: BrowserContext, seat: str) -> Page:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{seat}: {error}"))
        page.on("console", lambda line: self.hear(seat, line.type, line.text))
        self.pages[seat] = page
        return page

    def hear(self, seat: str, kind: str, text: str) -> None:
        # A line that was cut is reported by the browser itself; everything else is a fault of ours.
        if kind == "error" and "net::ERR_" not in text and "WebSocket" not in text:
            self.errors.append(f"{seat}: {text}")

    def take_pictures(self, name: str) -> None:
        for seat, page in self.pages.items():
            page.screenshot(path=self.pictures / f"{name}-{seat}.png")


@pytest.fixture
def cast(browser: Browser, office: Office, request: pytest.FixtureRequest) -> Iterator[Cast]:
    pictures = Path(os.environ.get("JOURNEY_PICTURES", request.config.rootpath / "test-results")) / request.node.name
    pictures.mkdir(parents=True, exist_ok=True)
    cast = Cast(browser, office, pictures)
    yield cast
    failed = getattr(request.node, "outcome_of_call", None)
    if failed is not None and failed.failed:
        cast.take_pictures("failed")
        print(office.log.read_text(errors="replace")[-4000:])  # noqa: T201 - pytest shows it with the failure
    for page in cast.pages.values():
        page.context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call":
        item.outcome_of_call = report  # type: ignore[attr-defined]
