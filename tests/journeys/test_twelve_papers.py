"""Twelve papers of four kinds and two hours: brought in over a line that is cut, one of them replaced, then read."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.documents.office_files import docx, picture, xlsx
from tests.documents.papers import across_columns, pdf, scan
from tests.journeys.conftest import DESK, TABLET, Cast
from tests.journeys.office import ROOT, Office
from tests.journeys.test_bringing_papers_in import FIND_MEETING, Line, choose_grade
from tests.journeys.test_every_page import grave_faults
from tests.journeys.test_finding_and_highlighting import find

LEFT = [f"cột trái, dòng thứ {number} của báo cáo" for number in ("một", "hai", "ba", "tư", "năm")]
RIGHT = [f"cột phải, dòng thứ {number} của báo cáo" for number in ("một", "hai", "ba", "tư", "năm")]
BUDGET = ["Tờ trình dự toán", "Nội dung chung", "Dự toán ngân sách\nđịa phương năm 2027"]
PAPERS = {
    **{f"{number:02} Bao cao.pdf": pdf(f"Báo cáo số {number}") for number in range(1, 4)},
    "04 Ngan sach.pdf": pdf(*BUDGET),
    "05 Hai cot.pdf": across_columns(LEFT, RIGHT),
    "06 Ban do.pdf": scan(3),
    "07 To trinh.docx": docx("Tờ trình về đầu tư công"),
    "08 Quyet dinh.docx": docx("Dự thảo quyết định"),
    "09 Bieu mau.xlsx": xlsx("Biểu số 1"),
    "10 Phu luc.xlsx": xlsx("Phụ lục"),
    "11 Hien trang.png": picture("PNG"),
    "12 Quy hoach.jpg": picture("JPEG"),
}

TELL_WHAT_IS_COPIED = """
addEventListener("copy", (event) => { document.title = event.clipboardData.getData("text/plain"); })
"""


@pytest.mark.skipif(not settings.SOFFICE, reason="needs LibreOffice (soffice on the path)")
def test_twelve_papers_come_in_over_a_cut_line_and_are_read(cast: Cast, office: Office, tmp_path: Path) -> None:
    secretary = cast.enter("secretary", screen=DESK)
    address = address_of_the_meeting(office)
    secretary.goto(address)
    bring_in_twelve(secretary, tmp_path)
    replace_one(secretary, tmp_path)
    assert grave_faults(secretary) == []

    member = cast.enter("member", screen=TABLET)
    find_the_budget_among_all(member)
    jump_and_choose_words(member)
    assert grave_faults(member) == []
    read_in_words(member)
    assert grave_faults(member) == []
    assert [error for error in cast.errors if "secretary" not in error] == []  # the cut line is told by the browser


def address_of_the_meeting(office: Office) -> str:
    words = [sys.executable, "-c", FIND_MEETING]
    done = subprocess.run(words, cwd=ROOT, env=office.environment, capture_output=True, text=True, check=True)
    return f"/meetings/{done.stdout.split()[-1]}/"


def bring_in_twelve(secretary: Page, folder: Path) -> None:
    for name, content in PAPERS.items():
        (folder / name).write_bytes(content)
    line = Line(secretary)
    line.cut_after = 6
    choose_grade(secretary, "Không mật")
    secretary.locator("paper-upload input[type=file]").set_input_files([folder / name for name in PAPERS])
    rows = secretary.locator("paper-upload .uploads > li")
    expect(rows).to_have_count(len(PAPERS))
    expect(secretary.locator("paper-upload .uploads > [data-state=offline]").first).to_contain_text("sẽ tự gửi tiếp")
    line.cut_after = None
    expect(secretary.locator("paper-upload .uploads > [data-state=done]")).to_have_count(len(PAPERS))
    expect(kept(secretary)).to_have_count(len(PAPERS))
    expect(secretary.locator(".kept-papers [data-intake=ready]")).to_have_count(len(PAPERS))


def kept(secretary: Page, name: str = "") -> Locator:
    return secretary.locator(".kept-papers [data-paper]", has_text=name)


def replace_one(secretary: Page, folder: Path) -> None:
    kept(secretary, "01 Bao cao").get_by_role("link", name="Sửa").click()
    secretary.wait_for_url("**/details/")
    choose_grade(secretary, "Không mật")
    (folder / "01 moi.pdf").write_bytes(pdf("Báo cáo số 1, bản sửa", "Phụ lục"))
    secretary.locator("paper-upload input[type=file]").set_input_files(folder / "01 moi.pdf")
    secretary.wait_for_url("**/meetings/**")
    expect(kept(secretary, "01 Bao cao").locator("[data-intake=ready]")).to_contain_text("2 trang")


def find_the_budget_among_all(member: Page) -> None:
    member.goto("/papers/search/")
    member.get_by_label("Từ cần tìm").press_sequentially("ngan sach dia phuong")
    hit = member.get_by_role("link", name="trang 3")
    expect(hit.locator("mark")).to_have_text(["ngân sách địa phương"])
    hit.click()
    expect(member.get_by_label("Đến trang")).to_have_value("3")
    bar = find(member, "ngan sach")
    expect(bar).to_have_attribute("data-hits", "1")
    member.keyboard.press("Escape")


def jump_and_choose_words(member: Page) -> None:
    words = member.locator('paper-page[data-page="3"] .page-text > p')
    for page in ("1", "3"):
        member.get_by_label("Đến trang").fill(page)
        member.get_by_label("Đến trang").press("Enter")
        expect(member.locator(f'paper-page[data-page="{page}"]')).to_be_in_viewport(ratio=0.3)
    expect(words).to_have_count(2)
    first, last = (words.nth(number).bounding_box() for number in (0, 1))
    assert first is not None
    assert last is not None
    member.mouse.move(first["x"] + 2, first["y"] + first["height"] / 2)
    member.mouse.down()
    member.mouse.move(last["x"] + last["width"] - 2, last["y"] + last["height"] / 2, steps=8)
    member.wait_for_timeout(300)  # as somebody who looks before letting go
    member.mouse.up()
    expect(member.get_by_role("toolbar", name="Phần chữ đã chọn")).to_be_visible()
    member.evaluate(
        "addEventListener('copy', (event) => { document.title = event.clipboardData.getData('text/plain'); })"
    )
    member.keyboard.press("Control+c")
    expect(member).to_have_title("Dự toán ngân sách địa phương năm 2027")
    member.keyboard.press("Escape")


def read_in_words(member: Page) -> None:
    member.goto("/papers/search/?q=cot+trai")
    member.locator(".paper-hit h2 a").click()
    expect(member.locator("paper-page[data-state=ready]").first).to_be_visible()
    choose_link(member, "Đọc dạng chữ")
    said = member.locator(".text-page > p").all_inner_texts()
    assert " ".join(said) == " ".join([*LEFT, *RIGHT])


def choose_link(member: Page, name: str) -> None:
    member.get_by_role("button", name="Thêm", exact=True).click()
    member.locator("#reader-more").get_by_role("link", name=name).click()
