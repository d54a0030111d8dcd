"""A leader opens the page of figures, reads one sentence, and follows a mark of a chart to the sessions behind it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, TABLET, Cast
from tests.journeys.office import Office

HISTORY = """
from types import SimpleNamespace
from accounts.models import Organisation, Person
from meetings.models import RuleSet
from tests.targets.province import make_history, make_leader
people = {person.username: person for person in Person.objects.all()}
council = SimpleNamespace(
    province=Organisation.objects.get(name="Ủy ban nhân dân tỉnh"), chair=people["chair"],
    secretary=people["secretary"], rule_set=RuleSet.objects.get(code="people-committee", version=1),
)
make_leader(council)
make_history(council)
"""
SERIOUS = {"serious", "critical"}


def test_a_leader_follows_a_mark_to_its_sessions(cast: Cast, office: Office) -> None:
    office.manage("shell", "-c", HISTORY)
    page = cast.enter("chair", screen=DESK)
    page.get_by_role("link", name="Hiệu quả").first.click()
    expect(page.locator("#headline")).to_contain_text(re.compile(r"ngắn hơn \d\d,\d"))
    expect(page.locator(".verdict")).to_have_count(2)
    chart = page.get_by_role("group", name="Mức rút ngắn theo loại phiên họp")
    expect(chart).to_be_visible()
    expect(page.get_by_role("group", name="Độ dài phiên họp theo tháng")).to_be_visible()
    assert grave_faults(page) == []
    mark = chart.locator("a").last
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("24 phiên họp")
    assert grave_faults(page) == []
    page.locator("tbody a").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiên họp ngày")
    cast.take_pictures("leadership")
    assert cast.errors == []


def test_the_page_fits_a_tablet_and_a_telephone(cast: Cast, office: Office) -> None:
    page = cast.enter("chair", screen=TABLET)
    for width in (1180, 820, 390):
        page.set_viewport_size({"width": width, "height": 820})
        page.goto("/targets/")
        expect(page.locator("#headline")).to_be_visible()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), width
    assert cast.errors == []


def grave_faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]
