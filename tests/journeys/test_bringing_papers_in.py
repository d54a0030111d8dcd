"""The secretary brings papers in, in a real browser: the grade first, each file with its own fate."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.documents.papers import broken_pdf, pdf
from tests.journeys.conftest import DESK, TABLET, Cast
from tests.journeys.office import ROOT, Office

FIND_MEETING = "import django; django.setup(); from meetings.models import Meeting; print(Meeting.objects.get().pk)"


@pytest.fixture(scope="module")
def address(office: Office) -> str:
    done = subprocess.run(
        [sys.executable, "-c", FIND_MEETING],
        cwd=ROOT,
        env=office.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return f"/meetings/{done.stdout.split()[-1]}/"


def files(folder: Path) -> list[Path]:
    made = {"01 To trinh.pdf": pdf("Tờ trình", "Trang hai"), "02 Hong.pdf": broken_pdf(), "03 Rong.pdf": b""}
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made]


def choose_grade(page: Page, words: str) -> None:
    page.locator("paper-upload .grade").get_by_label(words, exact=True).check(force=True)


def test_papers_are_dropped_in_and_each_shows_what_became_of_it(cast: Cast, address: str, tmp_path: Path) -> None:
    member = cast.enter("member", screen=TABLET)
    member.goto(f"{address}floor/")
    expect(member.locator("html")).to_have_attribute("data-connection", "live")
    secretary = cast.enter("secretary", screen=DESK)
    secretary.goto(address)
    expect(secretary.locator("html")).to_have_attribute("data-connection", "live")

    chosen = secretary.locator("paper-upload input[type=file]")
    expect(chosen).to_be_hidden()
    choose_grade(secretary, "Tối mật")
    expect(chosen).to_be_hidden()
    expect(secretary.get_by_text("không được đưa vào hệ thống này").first).to_be_visible()
    choose_grade(secretary, "Không mật")
    secretary.locator("paper-upload select[name=item]").first.select_option(index=1)
    chosen.set_input_files(files(tmp_path))

    rows = secretary.locator("paper-upload .uploads > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_have_attribute("data-state", "done")
    expect(rows.nth(1)).to_have_attribute("data-state", "refused")
    expect(rows.nth(1)).to_contain_text("Tệp bị hỏng")
    expect(rows.nth(2)).to_contain_text("Tệp trống")

    # The list above renews itself as the worker goes on, and the member's drawer with it.
    kept = secretary.locator(".kept-papers [data-paper]")
    expect(kept).to_have_count(1)
    expect(kept.locator("[data-intake=ready]")).to_contain_text("2 trang")
    expect(member.locator("[data-open-paper]")).to_have_count(1)
    cast.take_pictures("papers")
    assert [error for error in cast.errors if "422" not in error] == []  # the browser itself tells of the refused file


def test_without_a_script_the_form_is_an_ordinary_one(cast: Cast, office: Office, address: str, tmp_path: Path) -> None:
    secretary = cast.enter("secretary", screen=DESK, seat="secretary-scripted")
    cookies = secretary.context.cookies()
    context = cast.browser.new_context(
        java_script_enabled=False, viewport=DESK, base_url=office.address("secretary"), locale="vi-VN"
    )
    context.add_cookies(cookies)
    page = cast.open(context, "secretary-plain")
    page.goto(f"{address}papers/")
    choose_grade(page, "Không mật")
    page.locator("input[type=file]").set_input_files(files(tmp_path)[:2])
    page.get_by_role("button", name="Gửi tài liệu").click()
    expect(page.locator(".drop-zone [role=alert]")).to_contain_text("02 Hong.pdf")
    expect(page.locator(".drop-zone [role=alert]")).to_contain_text("Tệp bị hỏng")
    expect(page.locator(".kept-papers [data-paper]").first).to_be_visible()
