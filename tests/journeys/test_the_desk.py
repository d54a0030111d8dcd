"""The desk by keyboard alone: a wrong item is taken back, the floor given, the conclusion typed, a vote held."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TABLET, Cast
from tests.journeys.hands import box_of

BUDGET, ECONOMY = "Dự toán ngân sách năm 2027", "Báo cáo kinh tế - xã hội"
QUESTION = "Thông qua hồ sơ trình Hội đồng nhân dân tỉnh về dự toán ngân sách địa phương năm 2027 của tỉnh"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def meeting(cast: Cast) -> str:
    """The session of the cast, with three voters there."""
    found = ""
    for name in ("member", "second", "third"):
        tablet = cast.enter(name, screen=TABLET)
        link = tablet.locator('a[href*="/meetings/"][href$="/floor/"]').first
        found = re.sub(r"floor/$", "", link.get_attribute("href") or "")
        tablet.goto(f"{found}floor/")
        tablet.get_by_role("button", name="Tôi có mặt").click()
        expect(tablet.get_by_role("button", name="Tôi có mặt")).to_be_hidden()
    return found


def bar(desk: Page) -> Locator:
    return desk.locator(".panel-bar")


def primary(desk: Page, words: str) -> None:
    expect(desk.locator(".panel-bar .button.primary").first).to_contain_text(words)


def test_a_session_is_run_by_keyboard_and_a_wrong_item_is_taken_back(cast: Cast, meeting: str) -> None:
    desk = cast.enter("secretary", screen=DESK)
    desk.goto(f"{meeting}desk/")
    member, phone = cast.pages["member"], cast.enter("second", screen=PHONE, seat="phone")
    phone.goto(f"{meeting}floor/")
    keys = desk.keyboard

    primary(desk, "Bắt đầu phiên họp")
    keys.press("n")
    keys.press("Enter")
    primary(desk, "Chuyển sang nội dung 1")
    keys.press("n")
    expect(desk.locator(".now h2")).to_have_text(BUDGET)

    give_the_floor(desk, member)
    primary(desk, "Chuyển sang nội dung 2")
    keys.press("n")
    expect(desk.locator(".now h2")).to_have_text(ECONOMY)
    expect(bar(desk)).to_contain_text("Đã chuyển sang nội dung 2 lúc")
    cast.take_pictures("1-wrong-item")
    keys.press("z")
    expect(desk.locator(".now h2")).to_have_text(BUDGET)
    expect(desk.locator(".speaker")).to_contain_text("Lê Hoàng Cường")
    expect(member.locator(".room-head")).to_contain_text(BUDGET)

    type_the_conclusion(cast, desk, meeting)
    vote(cast, desk, member, phone)
    assert [line for line in cast.errors if "422" not in line] == []  # the second writer was refused, as meant
    assert "whole" in cast.office.manage("verify")


def give_the_floor(desk: Page, member: Page) -> None:
    """Three letters of the name, without marks, and Enter."""
    desk.keyboard.press("p")
    expect(desk.locator("#floor-name")).to_be_focused()
    desk.keyboard.type("cuo")
    expect(desk.locator(".names button:visible")).to_have_text(["Lê Hoàng Cường"])
    desk.keyboard.press("Enter")
    expect(desk.locator(".speaker")).to_contain_text("Lê Hoàng Cường")
    expect(member.locator(".room-head")).to_contain_text("Lê Hoàng Cường")


def type_the_conclusion(cast: Cast, desk: Page, meeting: str) -> None:
    """What is being typed stays under the hands while the room moves; a second writer sees both texts."""
    chair = cast.enter("chair", screen=DESK)
    chair.goto(f"{meeting}desk/")
    field, other = desk.locator("#conclusion-text"), chair.locator("#conclusion-text")
    desk.keyboard.press("g")
    expect(field).to_be_focused()
    desk.keyboard.type("Thống nhất trình ")
    chair.locator(".room-hall").get_by_role("button", name="Có mặt: Nguyễn Văn An").click()
    expect(desk.locator(".panel-hall .count")).to_contain_text("4/4")
    expect(field).to_be_focused()
    desk.keyboard.type("Hội đồng nhân dân.")
    expect(field).to_have_value("Thống nhất trình Hội đồng nhân dân.")
    expect(desk.locator("[data-said]")).to_contain_text("lưu lúc")
    expect(other).to_have_value("Thống nhất trình Hội đồng nhân dân.")

    desk.context.set_offline(True)
    desk.keyboard.type(" Giao Sở Tài chính.")
    other.fill("Chưa thống nhất.")
    other.blur()
    expect(chair.locator("[data-said]")).to_contain_text("lưu lúc")
    desk.context.set_offline(False)
    expect(desk.locator(".conclusion-there")).to_contain_text("Chưa thống nhất.")
    expect(field).to_have_value("Thống nhất trình Hội đồng nhân dân. Giao Sở Tài chính.")
    cast.take_pictures("2-two-texts")
    desk.get_by_role("button", name="Thay bằng bản của tôi").click()
    expect(other).to_have_value("Thống nhất trình Hội đồng nhân dân. Giao Sở Tài chính.")
    field.blur()


def vote(cast: Cast, desk: Page, member: Page, phone: Page) -> None:
    desk.get_by_text("Chuẩn bị biểu quyết").click()
    desk.locator("#draft-question").fill(QUESTION)
    desk.locator("#draft-poll button[type=submit]").press("Enter")
    expect(desk.locator("#refusals")).to_contain_text("Đã lưu nội dung biểu quyết.")
    expect(desk.locator(".desk-poll.drafted")).to_contain_text(QUESTION)
    expect(desk.locator("#draft-question")).to_be_hidden()
    expect(desk.locator("#draft-poll-summary")).to_be_focused()
    primary(desk, "Mở biểu quyết")
    desk.locator(".now h2").click()
    for act in ("Kết thúc biểu quyết", None):
        desk.keyboard.press("n")
        desk.keyboard.press("Enter")
        if act is not None:
            primary(desk, act)
            expect(bar(desk)).not_to_contain_text("Chuyển sang nội dung")
            look_at_the_ballot(cast, member, phone)
    primary(desk, "Công bố kết quả")
    desk.keyboard.press("n")
    desk.keyboard.press("Enter")
    primary(desk, "Chuyển sang nội dung 2")
    expect(member.locator("poll-ballot")).to_contain_text(re.compile("được thông qua", re.IGNORECASE))


def look_at_the_ballot(cast: Cast, member: Page, phone: Page) -> None:
    """Choices of 64 px, none below the fold; on a tablet the paper keeps three fifths of the screen."""
    for page, screen in ((member, TABLET), (phone, PHONE)):
        choices = page.locator("poll-ballot [data-choice]")
        expect(choices).to_have_count(3)
        boxes = [box_of(choices.nth(number)) for number in range(3)]
        assert {round(height) for _x, _y, _width, height in boxes} == {64}
        choices.first.click()
        send = page.get_by_role("button", name="Gửi phiếu")
        for _x, top, _width, height in (*boxes, box_of(send)):
            assert top >= 0
            assert top + height <= screen["height"]
    cast.take_pictures("3-ballot")
    _x, _y, width, height = box_of(member.locator(".room-main .room-fill > :first-child").first)
    assert width * height >= 0.60 * TABLET["width"] * TABLET["height"]
    for page in (member, phone):
        page.get_by_role("button", name="Gửi phiếu").click()
        expect(page.locator("poll-ballot")).to_contain_text("Đã nhận")
