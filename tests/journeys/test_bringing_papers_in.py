"""The secretary brings papers in, in a real browser: the grade first, each file with its own fate."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from tests.documents.papers import broken_pdf, pdf, scan
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


# -- In pieces ---------------------------------------------------------------------------------------------------------


class Line:
    """The way of the pieces to the server, which can be cut, and what arrived over it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pieces: list[tuple[int, int]] = []
        self.cut_after: int | None = None
        page.route("**/uploads/**", self.carry)
        page.on("response", self.hear)

    def carry(self, route: Route) -> None:
        if self.cut_after is not None and len(self.pieces) >= self.cut_after:
            route.abort("connectionreset")
        else:
            route.continue_()

    def hear(self, response: Response) -> None:
        if response.request.method == "PATCH" and response.status == 204:
            begin, end = response.request.headers["upload-offset"], response.headers["upload-offset"]
            self.pieces.append((int(begin), int(end)))

    def assert_each_byte_once(self, size: int) -> None:
        ends = [0, *(end for _begin, end in self.pieces)]
        assert [begin for begin, _end in self.pieces] == ends[:-1]
        assert ends[-1] == size


def big_file(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(scan(3))
    return folder / name


def row_of(page: Page, name: str) -> Locator:
    return page.locator("paper-upload .uploads > li", has_text=name).last


def test_a_file_whose_line_was_cut_goes_on_by_itself_and_no_byte_travels_twice(
    cast: Cast, address: str, tmp_path: Path
) -> None:
    page = cast.enter("secretary", screen=DESK)
    page.goto(address)
    line, file = Line(page), big_file(tmp_path, "04 Ban do.pdf")
    line.cut_after = 1
    choose_grade(page, "Không mật")
    page.locator("paper-upload input[type=file]").set_input_files(file)
    row = row_of(page, "04 Ban do")
    expect(row).to_have_attribute("data-state", "offline")
    expect(row).to_contain_text("sẽ tự gửi tiếp")
    assert len(line.pieces) == 1

    line.cut_after = None
    expect(row).to_have_attribute("data-state", "done")
    line.assert_each_byte_once(file.stat().st_size)
    expect(page.locator(".kept-papers [data-paper]", has_text="04 Ban do")).to_have_count(1)


def test_a_file_is_paused_and_goes_on_even_after_the_page_was_loaded_anew(
    cast: Cast, address: str, tmp_path: Path
) -> None:
    page = cast.enter("secretary", screen=DESK)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    line, file = Line(page), big_file(tmp_path, "05 Quy hoach.pdf")
    line.cut_after = 1
    choose_grade(page, "Không mật")
    page.locator("paper-upload input[type=file]").set_input_files(file)
    row = row_of(page, "05 Quy hoach")
    expect(row).to_have_attribute("data-state", "offline")
    row.get_by_role("button", name="Tạm dừng").click()
    expect(row).to_have_attribute("data-state", "paused")

    page.reload()
    line.cut_after = None
    choose_grade(page, "Không mật")
    page.locator("paper-upload input[type=file]").set_input_files(file)
    expect(row_of(page, "05 Quy hoach")).to_have_attribute("data-state", "done")
    line.assert_each_byte_once(file.stat().st_size)


DROP = """
(line, [name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
  for (const type of ["dragenter", "dragover", "drop"]) {
    line.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
  }
}
"""


def test_files_dropped_on_a_line_of_the_agenda_belong_to_its_item(cast: Cast, address: str) -> None:
    page = cast.enter("secretary", screen=DESK)
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    line = page.locator("agenda-order [data-item]").nth(1)
    line.evaluate(DROP, ["06 Phu luc.pdf", b64encode(pdf("Phụ lục")).decode()])
    expect(page.locator(".grade-first")).to_be_visible()
    expect(page.locator("paper-upload .uploads > li")).to_have_count(0)

    choose_grade(page, "Không mật")
    expect(page.locator(".grade-first")).to_be_hidden()
    expect(row_of(page, "06 Phu luc")).to_have_attribute("data-state", "done")
    item = line.get_attribute("data-item")
    kept = page.locator(f".kept-papers [data-papers-of='{item}']")
    expect(kept.locator("[data-paper]", has_text="06 Phu luc")).to_have_count(1)

    kept.evaluate(DROP, ["07 Phu luc.pdf", b64encode(pdf("Phụ lục hai")).decode()])
    expect(kept.locator("[data-paper]", has_text="07 Phu luc")).to_have_count(1)


def test_a_new_version_comes_in_pieces_too(cast: Cast, address: str, tmp_path: Path) -> None:
    page = cast.enter("secretary", screen=DESK)
    page.goto(address)
    kept = page.locator(".kept-papers [data-paper]", has_text="07 Phu luc")
    kept.get_by_role("link", name="Sửa").click()
    page.wait_for_url("**/details/")
    line = Line(page)
    choose_grade(page, "Không mật")
    file = files(tmp_path)[0]
    page.locator("paper-upload input[type=file]").set_input_files(file)
    page.wait_for_url("**/meetings/**")
    line.assert_each_byte_once(file.stat().st_size)
    kept.get_by_role("link", name="Sửa").click()
    expect(page.locator("#versions .list").first).to_contain_text("01 To trinh.pdf")
