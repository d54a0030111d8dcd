"""A provincial session from the first draft to the net time: secretary at a desk, chair and two members on tablets."""

import re
from pathlib import Path

import pymupdf
import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.journeys.conftest import DESK, TABLET, Cast

TITLE = "Phiên họp thường kỳ tháng 12"
BUDGET, PLAN = "Dự toán ngân sách năm 2027", "Quy hoạch khu vực phía Bắc"
QUESTION = "Thông qua dự toán ngân sách năm 2027"


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    made = []
    for name, pages in (("To trinh du toan", 3), ("Phu luc bieu mau", 2)):
        pdf = pymupdf.open()
        for number in range(1, pages + 1):
            pdf.new_page(width=595, height=842).insert_text((72, 90), f"{name}, trang {number}", fontsize=16)
        path = tmp_path / f"{name}.pdf"
        pdf.save(path)
        made.append(path)
    return made


def confirm(page: Page | Locator, act: str, *, again: str | None = None) -> None:
    """Press a button that asks back, and confirm beside it."""
    page.get_by_role("button", name=act).first.click()
    page.get_by_role("button", name=again or act, exact=True).last.click()


def test_a_session_from_draft_to_net_time(cast: Cast, papers: list[Path]) -> None:
    desk = cast.enter("secretary", screen=DESK)
    meeting = prepare(desk, papers)

    chair, member, second = (cast.enter(name, screen=TABLET) for name in ("chair", "member", "second"))
    wall = pair_wall(cast, desk, meeting)
    for tablet in (chair, member, second):
        tablet.goto(f"{meeting}floor/")
        tablet.get_by_role("button", name="Tôi có mặt").click()
    chair.goto(f"{meeting}desk/")
    expect(chair.locator(".room-hall")).to_contain_text("3/4")
    cast.take_pictures("1-checked-in")

    confirm(chair, "Bắt đầu phiên họp", again="Bắt đầu")
    chair.get_by_role("button", name=re.compile("Chuyển sang nội dung 1")).click()
    for page in (desk_of(desk, meeting), member, second, wall):
        expect(page.locator("body")).to_contain_text(BUDGET)

    write_together(member, second)
    cut_the_line_while_writing(member, second)
    cast.take_pictures("2-writing")

    vote(cast, chair, member, second, desk, meeting)
    for page in (chair, member, second, desk, wall):
        expect(page.locator("body")).to_contain_text(re.compile("được thông qua", re.IGNORECASE))
    cast.take_pictures("4-result")

    close(chair, meeting)
    cast.take_pictures("5-closed")
    assert cast.errors == []
    assert "whole" in cast.office.manage("verify")


def prepare(desk: Page, papers: list[Path]) -> str:
    """Make the meeting out of its series, with agenda and papers; return its address."""
    desk.get_by_role("link", name="Lập phiên họp mới").first.click()
    desk.get_by_role("link", name=re.compile("Phiên họp thường kỳ")).click()
    desk.get_by_label("Tên phiên họp").fill(TITLE)
    desk.get_by_role("button", name="Lập phiên họp").click()
    expect(desk.get_by_role("heading", name=TITLE)).to_be_visible()
    meeting = re.search(r"/meetings/[0-9a-f-]+/", desk.url)
    assert meeting is not None
    for title in (BUDGET, PLAN):
        agenda = desk.locator("#agenda")
        agenda.get_by_label("Nội dung mới").fill(title)
        agenda.get_by_role("button", name="Thêm").click()
        expect(agenda.locator(".editor")).to_contain_text(title)
    desk.reload()
    upload(desk, papers)
    publish(desk)
    return meeting.group(0)


def upload(desk: Page, papers: list[Path]) -> None:
    section = desk.locator("#papers")
    section.get_by_role("radio", name="Không mật").check()
    section.get_by_label("Nội dung").first.select_option(label=f"1. {BUDGET}")
    section.locator("input[type=file]").set_input_files(papers)
    kept = desk.locator(".panel-papers-kept")
    expect(kept).to_contain_text("3 trang")
    expect(kept).to_contain_text("2 trang")


def publish(desk: Page) -> None:
    desk.reload()
    confirm(desk.locator("#readiness"), "Công bố")
    expect(desk.locator("body")).to_contain_text("đã công bố")


def pair_wall(cast: Cast, desk: Page, meeting: str) -> Page:
    context = cast.browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=cast.office.address("wall"))
    wall = cast.open(context, "wall")
    wall.goto("/wall/")
    wall.get_by_role("button", name="Hiển thị mã").click()
    code = wall.locator(".pairing-code").inner_text()
    desk.goto(meeting)
    desk.get_by_label(re.compile("Mã trên màn hình")).fill(code)
    desk.get_by_role("button", name="Hiển thị phiên họp").click()
    expect(wall.locator("body")).to_contain_text(TITLE)
    return wall


def desk_of(desk: Page, meeting: str) -> Page:
    desk.goto(f"{meeting}desk/")
    return desk


def open_paper(tablet: Page) -> Locator:
    tablet.get_by_role("button", name="Chương trình").click()
    tablet.locator("[data-open-paper]").first.click()
    ink = tablet.locator('[data-page="1"] ink-layer, ink-layer[data-page="1"]').first
    expect(ink).to_be_visible()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-heard", re.compile("shared"))
    return ink


def write_together(member: Page, second: Page) -> None:
    """What one tablet draws the other sees while it is drawn, before the pen is lifted."""
    ink, seen = open_paper(member), open_paper(second)
    member.get_by_role("button", name="Chung").click()
    member.get_by_role("button", name="Bút").click()
    pen = Pen(member, ink)
    pen.down(0.3, 0.3)
    pen.move(0.35, 0.32)
    pen.move(0.5, 0.4)
    expect(seen).to_have_attribute("data-preview-count", "1")
    expect(seen).to_have_attribute("data-mark-count", "0")
    pen.up()
    expect(seen).to_have_attribute("data-mark-count", "1")
    expect(ink).to_have_attribute("data-sync", "saved")


def cut_the_line_while_writing(member: Page, second: Page) -> None:
    """A socket cut in the middle changes nothing in the end: strokes drawn without a line arrive later, once."""
    ink = member.locator('[data-page="1"] ink-layer, ink-layer[data-page="1"]').first
    member.context.set_offline(True)
    expect(member.locator("html")).to_have_attribute("data-connection", "offline")
    pen = Pen(member, ink)
    for row in range(3):
        pen.stroke(0.3, 0.15 + row * 0.04)
    expect(ink).to_have_attribute("data-mark-count", "4")
    expect(ink).to_have_attribute("data-sync", "pending")
    member.context.set_offline(False)
    expect(member.locator("html")).to_have_attribute("data-connection", "live")
    expect(ink).to_have_attribute("data-sync", "saved")
    other = second.locator('[data-page="1"] ink-layer, ink-layer[data-page="1"]').first
    expect(other).to_have_attribute("data-mark-count", "4")


class Pen:
    """A pen on a page, through the browser's own input events. Places are shares of the page's width and height."""

    def __init__(self, page: Page, ink: Locator) -> None:
        box = ink.bounding_box()
        assert box is not None
        self.page, self.box, self.at = page, box, (0.0, 0.0)
        self.line: CDPSession = page.context.new_cdp_session(page)

    def send(self, kind: str, x: float, y: float, *, pressed: bool) -> None:
        self.at = (x, y)
        self.line.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": self.box["x"] + x * self.box["width"],
                "y": self.box["y"] + y * self.box["height"],
                "button": "left",
                "buttons": 1 if pressed else 0,
                "pointerType": "pen",
                "force": 0.5 if pressed else 0,
                "clickCount": 1,
            },
        )

    def down(self, x: float, y: float) -> None:
        self.send("mousePressed", x, y, pressed=True)

    def move(self, x: float, y: float) -> None:
        (x0, y0), steps = self.at, 8
        for step in range(1, steps + 1):
            self.send("mouseMoved", x0 + (x - x0) * step / steps, y0 + (y - y0) * step / steps, pressed=True)

    def up(self) -> None:
        self.send("mouseReleased", *self.at, pressed=False)

    def stroke(self, x: float, y: float) -> None:
        self.down(x, y)
        self.move(x + 0.2, y + 0.01)
        self.up()


def vote(cast: Cast, chair: Page, member: Page, second: Page, desk: Page, meeting: str) -> None:
    other_tablet = cast.enter("member", screen=TABLET, seat="member-again")
    other_tablet.goto(f"{meeting}floor/")
    draft = desk.locator(".room-middle")
    draft.get_by_text("Chuẩn bị biểu quyết").click()
    draft.locator("#draft-question").fill(QUESTION)
    draft.locator("#draft-poll button[type=submit]").click()
    confirm(chair.locator(".panel-bar"), "Mở biểu quyết")
    for tablet in (member, second, other_tablet):
        expect(tablet.locator("poll-ballot")).to_contain_text(QUESTION)

    # The second tablet of the same member loses its line with the ballot still unsent, and chooses something else.
    other_tablet.context.set_offline(True)
    cast_ballot(member, "Tán thành")
    expect(member.locator("poll-ballot")).to_contain_text("Đã nhận")
    cast_ballot(other_tablet, "Không tán thành")
    other_tablet.context.set_offline(False)
    expect(other_tablet.locator("poll-ballot [data-refused]")).to_be_visible()
    cast_ballot(second, "Tán thành")
    expect(second.locator("poll-ballot")).to_contain_text("Đã nhận")
    chair_tablet = cast.enter("chair", screen=TABLET, seat="chair-floor")
    chair_tablet.goto(f"{meeting}floor/")
    cast_ballot(chair_tablet, "Tán thành")
    expect(chair.locator(".room-middle")).to_contain_text("Đã biểu quyết 3/3")
    cast.take_pictures("3-voting")
    confirm(chair, "Kết thúc biểu quyết")
    confirm(chair, "Công bố kết quả")


def cast_ballot(tablet: Page, choice: str) -> None:
    ballot = tablet.locator("poll-ballot")
    ballot.get_by_role("button", name=choice, exact=True).click()
    ballot.get_by_role("button", name="Gửi phiếu").click()


def close(chair: Page, meeting: str) -> None:
    chair.locator(".bar-menu summary").click()
    confirm(chair, "Kết thúc phiên họp")
    expect(chair.locator(".panel-bar")).to_contain_text("Đến trang phiên họp")
    chair.goto(meeting)
    expect(chair.locator("body")).to_contain_text("Thời gian họp thực tế")
