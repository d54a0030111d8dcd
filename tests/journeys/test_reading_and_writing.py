"""The reader on a tablet, in a real browser against the real server: reading, writing, sharing, following."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.journeys.conftest import PATIENCE_MS, TABLET, Cast
from tests.journeys.hands import Hands, box_of
from tests.journeys.office import ROOT, Office

PAGES = 12
ADD_PAPERS = f"""
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.models import Person
from documents import actions
from meetings.models import Meeting
from tests.documents.papers import pdf, plan
meeting = Meeting.objects.get()
for title, pages in (("To trinh", {PAGES}), ("Phu luc", 3), ("Ban do", 0)):
    lines = [f"{{title}} trang {{number}}\\nKinh trinh Uy ban nhan dan tinh xem xet" for number in range(1, pages + 1)]
    file = SimpleUploadedFile(title + ".pdf", pdf(*lines) if pages else plan(parcels=20), "application/pdf")
    actions.add_paper(
        meeting, by=Person.objects.get(username="secretary"), file=file, item=meeting.items.first(),
        declared_grade="none",
    )
print(meeting.pk)
"""
REPLACE_THE_SECOND = """
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.models import Person
from documents import actions
from documents.models import Document
from documents.openings import note_opening
from tests.documents.papers import pdf
paper = Document.objects.get(title="Phu luc")
note_opening(paper.newest(), by=Person.objects.get(username="member"), pages=[1])
lines = [f"Phu luc trang {number}\\nKinh trinh Uy ban nhan dan tinh xem xet" for number in (1, 2, 3)]
lines[1] = lines[1].replace("Phu luc trang", "Bieu so") + "\\nso lieu moi"
lines.append("Phu luc trang 4")
file = SimpleUploadedFile("moi.pdf", pdf(*lines), "application/pdf")
actions.replace_paper(paper, by=Person.objects.get(username="secretary"), file=file, declared_grade="none")
"""
TAKE_BACK_THE_THIRD = """
import django; django.setup()
from accounts.models import Person
from documents import actions
from documents.models import Document
actions.withdraw_paper(Document.objects.get(title="Ban do"), by=Person.objects.get(username="secretary"))
"""
STROKE = ((0.0, 0.0), (8.0, 10.0), (16.0, 4.0), (24.0, 14.0), (32.0, 8.0))


@pytest.fixture(scope="module")
def floor(office: Office) -> str:
    """The address of a published meeting's floor, with two papers in its first item."""
    done = subprocess.run(
        [sys.executable, "-c", ADD_PAPERS], cwd=ROOT, env=office.environment, capture_output=True, text=True, check=True
    )
    return f"/meetings/{done.stdout.split()[-1]}/floor/"


@pytest.fixture
def read(cast: Cast, floor: str) -> Callable[..., Page]:
    """Somebody enters and opens a paper."""
    expect.set_options(timeout=PATIENCE_MS)

    def read(username: str, *, paper: int = 0, seat: str = "") -> Page:
        tablet = cast.enter(username, screen=TABLET, seat=seat)
        tablet.goto(floor)
        expect(tablet.locator("html")).to_have_attribute("data-connection", "live")
        open_paper(tablet, paper)
        return tablet

    return read


def open_paper(tablet: Page, number: int = 0) -> None:
    tablet.get_by_role("button", name="Chương trình").click()
    tablet.locator(".paper-link[data-open-paper]").nth(number).click()
    expect(tablet.locator("paper-page[data-state=ready]").first).to_be_visible()


def ink_of(tablet: Page, page: int = 1) -> Locator:
    return tablet.locator(f'paper-page[data-page="{page}"] ink-layer')


def turn_to(tablet: Page, page: int) -> None:
    field = tablet.get_by_label("Đến trang")
    field.fill(str(page))
    field.press("Enter")
    expect(tablet.locator(f'paper-page[data-page="{page}"]')).to_have_attribute("data-state", "ready")


def stroke_at(x: float, y: float) -> list[tuple[float, float]]:
    return [(x + dx, y + dy) for dx, dy in STROKE]


def test_the_paper_fills_three_quarters_of_a_tablet_when_nothing_is_asked(read: Callable[..., Page]) -> None:
    tablet = read("observer")
    _, _, width, height = box_of(tablet.locator(".reader-paper"))
    assert width * height >= 0.75 * TABLET["width"] * TABLET["height"]


def test_forty_quick_strokes_are_forty_saved_marks(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("member")
    hands = Hands(tablet)
    for number in range(40):
        hands.draw(*stroke_at(200 + number % 10 * 50, 250 + number // 10 * 60))
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "40")
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")
    expect(tablet.locator("phien-reader")).to_have_attribute("data-tool", "pen")
    tablet.reload()
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "40")

    other = read("second")
    expect(ink_of(other)).to_have_attribute("data-mark-count", "0")
    assert cast.errors == []


def test_strokes_drawn_without_a_line_survive_a_reload_and_arrive_once(read: Callable[..., Page], floor: str) -> None:
    tablet, other = read("member"), read("member", seat="second tablet")
    turn_to(tablet, 2)
    turn_to(other, 2)
    tablet.route_web_socket("**/socket/", WebSocketRoute.close)
    tablet.route("**/sync/", lambda route: route.abort())
    tablet.reload()
    expect(tablet.locator("html")).not_to_have_attribute("data-connection", "live")
    turn_to(tablet, 2)
    hands = Hands(tablet)
    for row in range(3):
        hands.draw(*stroke_at(300, 300 + 60 * row))
    expect(ink_of(tablet, 2)).to_have_attribute("data-sync", "pending")
    tablet.reload()
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "3")
    expect(ink_of(tablet, 2)).to_have_attribute("data-sync", "pending")

    again = tablet.context.new_page()
    tablet.close()
    again.goto(floor)
    expect(ink_of(again, 2)).to_have_attribute("data-sync", "saved")
    expect(ink_of(again, 2)).to_have_attribute("data-mark-count", "3")
    expect(ink_of(other, 2)).to_have_attribute("data-mark-count", "3")


def test_a_private_stroke_is_shared_by_touching_it_and_can_be_withdrawn(read: Callable[..., Page]) -> None:
    tablet, other = read("member"), read("second")
    for page in (tablet, other):
        turn_to(page, 3)
    hands = Hands(tablet)
    hands.draw((300, 300), (400, 320), (500, 300))
    expect(ink_of(tablet, 3)).to_have_attribute("data-mark-count", "1")
    tablet.get_by_role("button", name="Đọc", exact=True).click()
    hands.tap((400, 312))
    tablet.get_by_role("button", name="Chia sẻ với phiên họp").click()
    expect(ink_of(other, 3)).to_have_attribute("data-mark-count", "1")

    Hands(other).tap((400, 312))
    expect(other.locator("mark-card")).to_contain_text("Lê Hoàng Cường")
    expect(other.locator("mark-card").get_by_role("button")).to_have_count(0)

    hands.tap((400, 312))
    tablet.get_by_role("button", name="Rút lại").click()
    expect(ink_of(other, 3)).to_have_attribute("data-mark-count", "0")
    expect(ink_of(tablet, 3)).to_have_attribute("data-mark-count", "1")


def test_an_onlooker_writes_for_himself_only(read: Callable[..., Page]) -> None:
    tablet = read("observer")
    expect(tablet.get_by_role("button", name="Chung", exact=True)).to_be_disabled()
    Hands(tablet).draw(*stroke_at(300, 300))
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")


def test_the_last_stroke_is_taken_back_and_drawn_again(read: Callable[..., Page]) -> None:
    tablet = read("member")
    turn_to(tablet, 4)
    hands = Hands(tablet)
    for row in range(2):
        hands.draw(*stroke_at(300, 300 + 60 * row))
    expect(ink_of(tablet, 4)).to_have_attribute("data-mark-count", "2")
    tablet.get_by_role("button", name="Hoàn tác").click()
    expect(ink_of(tablet, 4)).to_have_attribute("data-mark-count", "1")
    tablet.keyboard.press("Control+Shift+Z")
    expect(ink_of(tablet, 4)).to_have_attribute("data-mark-count", "2")
    tablet.get_by_role("button", name="Tẩy").click()
    hands.draw((312, 280), (318, 390))
    expect(ink_of(tablet, 4)).to_have_attribute("data-mark-count", "0")
    expect(ink_of(tablet, 4)).to_have_attribute("data-sync", "saved")


def test_fingers_move_the_paper_while_the_pen_writes(read: Callable[..., Page]) -> None:
    tablet = read("member")
    turn_to(tablet, 5)
    hands = Hands(tablet)
    hands.draw(*stroke_at(300, 300))
    expect(ink_of(tablet, 5)).to_have_attribute("data-mark-count", "1")
    _, before, width, _ = box_of(ink_of(tablet, 5))
    hands.drag((600, 600), (600, 300))
    tablet.wait_for_timeout(50)
    assert box_of(ink_of(tablet, 5))[1] <= before - 290
    hands.spread((500, 400), 100, 200)
    expect(tablet.locator("phien-reader")).to_have_attribute("data-zoomed", "true")
    assert abs(box_of(ink_of(tablet, 5))[2] - 2 * width) < 0.05 * width
    expect(ink_of(tablet, 5)).to_have_attribute("data-mark-count", "1")


def places_of(tiles: Locator) -> set[str]:
    """Where on the page each of them lies."""
    return set(tiles.evaluate_all("all => all.map(({ style }) => style.left + ' ' + style.top)"))


def test_who_zooms_into_a_plan_sees_the_part_in_sight_drawn_anew(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("member", paper=2)
    asked: list[str] = []
    tablet.on("request", lambda request: asked.append(request.url))
    page, hands = tablet.locator("paper-page").first, Hands(tablet)
    layer, tiles = page.locator(".page-tiles"), page.locator(".page-tile")
    hands.draw(*stroke_at(580, 400))
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")

    before = box_of(page)[2]
    hands.fingers("touchStart", (550, 400), (650, 400))
    hands.fingers("touchMove", (400, 400), (800, 400))
    tablet.wait_for_timeout(300)
    assert [url for url in asked if url.endswith((".webp", ".tiles"))] == []  # while fingers pinch nothing is fetched
    hands.fingers("touchEnd")
    expect(tiles).not_to_have_count(0)
    expect(layer).to_have_attribute("data-state", "ready")
    width = box_of(page)[2]
    assert abs(width - 4 * before) < 0.05 * width
    shown = tiles.evaluate_all("all => all.map(one => [one.naturalWidth, one.getBoundingClientRect().width])")
    assert {natural for natural, _ in shown} <= {512, 3600 % 512}
    assert all(abs(wide - natural / 3600 * width) < 1 for natural, wide in shown)
    assert not any("/2400.webp" in url for url in asked)
    layers = page.locator(".page-tiles, .page-view, ink-layer")
    assert layers.evaluate_all("all => all.at(0).className + ' ' + all.at(-1).localName") == "page-tiles ink-layer"
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "1")

    seen_first = places_of(tiles)
    with tablet.expect_request(re.compile(r"/3600/")):
        hands.drag((700, 500), (250, 250))
    expect(layer).to_have_attribute("data-state", "ready")
    rows = [url.partition("/3600/")[2].removesuffix(".tiles") for url in asked if "/3600/" in url]
    fetched = [place for row in rows for place in row.split(",")]
    assert len(fetched) == len(set(fetched))
    left = seen_first - places_of(tiles)
    assert left
    tablet.context.set_offline(True)
    hands.drag((250, 250), (700, 500))
    tablet.wait_for_timeout(1000)
    assert left <= places_of(tiles), "what was fetched is kept, whatever else of its row does not come"
    tablet.context.set_offline(False)
    expect(layer).to_have_attribute("data-state", "ready")
    hands.spread((500, 400), 400, 100)
    expect(tiles).to_have_count(0)
    assert cast.errors == []


def test_the_words_of_a_page_are_words_in_reading_order(read: Callable[..., Page]) -> None:
    tablet = read("member")
    page = tablet.get_by_role("group", name="Trang 1", exact=True)
    lines = page.locator(".page-text > p")
    expect(lines).to_have_text([re.compile("To trinh trang 1"), re.compile("Kinh trinh Uy ban")])
    left, top, _, _ = box_of(lines.first)
    page_left, page_top, page_width, _ = box_of(page)
    scale = page_width / 595
    assert abs((left - page_left) / scale - 70) < 2
    assert 80 < (top - page_top) / scale < 100


def test_keys_turn_pages(read: Callable[..., Page]) -> None:
    tablet = read("member")
    field = tablet.get_by_label("Đến trang")
    tablet.locator(".reader-scroll").focus()
    for key, page in (("End", PAGES), ("ArrowLeft", PAGES - 1), ("Home", 1), ("ArrowRight", 2)):
        tablet.keyboard.press(key)
        expect(field).to_have_value(str(page))
    tablet.reload()
    expect(field).to_have_value("2")


def test_the_way_back_from_another_paper_names_the_paper(read: Callable[..., Page]) -> None:
    tablet = read("invitee")
    turn_to(tablet, 5)
    open_paper(tablet, 1)
    back = tablet.locator("[data-back]")
    expect(back).to_have_text("Về tài liệu trước")
    back.click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("5")


def press(tablet: Page, *keys: str) -> None:
    tablet.locator(".reader-scroll").focus()
    for key in keys:
        tablet.keyboard.press(key)


def assert_the_picture_fills(page: Locator) -> None:
    for one, other in zip(box_of(page), box_of(page.locator(".page-image")), strict=True):
        assert abs(one - other) < 1


def lies_down(line: Locator) -> bool:
    _, _, width, height = box_of(line)
    return height > width


MIDDLE_OF_INK = """(layer) => {
  const canvas = layer.querySelector("canvas.dry");
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const [xs, ys] = [[], []];
  for (let at = 3; at < data.length; at += 4) {
    if (!data[at]) continue;
    xs.push(((at - 3) / 4) % width);
    ys.push(Math.floor((at - 3) / 4 / width));
  }
  const [one, other] = [canvas.getBoundingClientRect(), layer.getBoundingClientRect()];
  const middle = (all) => {
    const sorted = [...all].sort((one, other) => one - other);
    return (sorted[0] + sorted.at(-1)) / 2;
  };
  const x = one.left - other.left + (middle(xs) / width) * one.width;
  const y = one.top - other.top + (middle(ys) / height) * one.height;
  return [x / other.width, y / other.height];
}"""


def test_a_page_that_lies_on_its_side_is_rotated_with_all_that_lies_on_it(
    read: Callable[..., Page], cast: Cast
) -> None:
    tablet = read("invitee", paper=1)
    page = tablet.locator("paper-page").first
    line = page.locator(".page-text > p").first
    like_this = tablet.get_by_role("button", name="Mọi trang như trang này")
    assert not lies_down(line)
    press(tablet, "r")
    expect(page).to_have_attribute("data-quarters", "1")
    _, _, width, height = box_of(page)
    assert abs(width / height - 842 / 595) < 0.01
    assert_the_picture_fills(page)
    assert lies_down(line)
    left, top, _, _ = box_of(page)
    Hands(tablet).draw(*stroke_at(left + 0.25 * width, top + 0.5 * height))
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")
    x, y = ink_of(tablet).evaluate(MIDDLE_OF_INK)

    tablet.reload()
    expect(page).to_have_attribute("data-quarters", "1")
    expect(page).to_have_attribute("data-state", "ready")
    assert_the_picture_fills(page)
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "1")
    assert ink_of(tablet).evaluate(MIDDLE_OF_INK) == pytest.approx([x, y], abs=0.005)

    press(tablet, "r", "r")
    expect(page).to_have_attribute("data-quarters", "3")
    assert_the_picture_fills(page)
    assert ink_of(tablet).evaluate(MIDDLE_OF_INK) == pytest.approx([1 - x, 1 - y], abs=0.005)
    press(tablet, "r")
    expect(page).not_to_have_attribute("data-quarters", re.compile("."))
    assert not lies_down(line)
    tablet.wait_for_function("document.querySelector('paper-page canvas.dry')")
    assert ink_of(tablet).evaluate(MIDDLE_OF_INK) == pytest.approx([y, 1 - x], abs=0.005)

    press(tablet, "Home", "r", "o")
    small = tablet.locator(".thumbnail-frame")
    expect(small.first).to_have_attribute("data-quarters", "1")
    frame, picture = box_of(small.first), box_of(small.first.locator("img"))
    assert picture == pytest.approx(frame, abs=1)
    expect(small.nth(1)).not_to_have_attribute("data-quarters", re.compile("."))
    press(tablet, "Escape")
    tablet.get_by_role("button", name="Thêm").click()
    like_this.click()
    expect(small.nth(1)).to_have_attribute("data-quarters", "1")
    expect(tablet.locator('paper-page[data-quarters="1"]')).to_have_count(3)
    tablet.get_by_role("button", name="Thêm").click()
    expect(like_this).to_be_disabled()
    rotate = tablet.get_by_role("button", name="Xoay trang này")
    place = box_of(rotate)
    rotate.click()
    assert box_of(rotate) == place, "the next tap at the same place means the same"
    expect(like_this).to_be_enabled()
    assert cast.errors == []


IN_THE_MIDDLE = """() => {
  const { viewport } = document.querySelector("phien-reader");
  const { left, top, width, height } = viewport.box;
  return viewport.pointAt(left + width / 2, top + height / 2);
}"""


def test_what_is_in_the_middle_stays_there_when_its_page_is_rotated(read: Callable[..., Page]) -> None:
    tablet = read("second")
    press(tablet, "0", "+", "+", "+")
    expect(tablet.locator("phien-reader")).to_have_attribute("data-zoomed", "true")
    tablet.locator(".reader-scroll").evaluate("(window) => window.scrollTo(300, 1000)")
    before = tablet.evaluate(IN_THE_MIDDLE)
    width, height = 595, 842
    for x, y in ((height - before["y"], before["x"]), (width - before["x"], height - before["y"])):
        press(tablet, "r")
        after = tablet.evaluate(IN_THE_MIDDLE)
        assert after["index"] == before["index"]
        assert (after["x"], after["y"]) == pytest.approx((x, y), abs=2)


def test_what_is_typed_into_a_note_made_by_touch_is_its_words_and_turns_nothing(read: Callable[..., Page]) -> None:
    tablet = read("third")
    turn_to(tablet, 3)
    tablet.get_by_role("button", name="Ghi chú", exact=True).click()
    Hands(tablet).tap((700, 300))
    expect(tablet.locator("mark-card textarea")).to_be_focused()
    tablet.keyboard.type("sor")
    expect(tablet.locator("mark-card textarea")).to_have_value("sor")
    expect(tablet.locator("phien-reader")).not_to_have_attribute("data-single", re.compile(""))
    expect(tablet.locator('paper-page[data-page="3"]')).not_to_have_attribute("data-quarters", re.compile("."))


def test_a_plan_that_was_rotated_is_drawn_anew_where_one_looks(read: Callable[..., Page]) -> None:
    tablet = read("invitee", paper=2)
    page, tiles = tablet.locator("paper-page").first, tablet.locator(".page-tile")
    press(tablet, "r", "+", "+", "+", "+", "+", "+")
    expect(page).to_have_attribute("data-quarters", "1")
    expect(tiles).not_to_have_count(0)
    expect(page.locator(".page-tiles")).to_have_attribute("data-state", "ready")
    left, top, width, height = box_of(tablet.locator(".reader-scroll"))
    boxes = [box_of(tile) for tile in tiles.all()]
    for x, y in ((x, y) for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)):
        at = left + x * width, top + y * height
        assert any(a <= at[0] <= a + w and b <= at[1] <= b + h for a, b, w, h in boxes), f"nothing sharp at {x}, {y}"


IS_WHOLE = """(number) => {
  const window = document.querySelector(".reader-scroll").getBoundingClientRect();
  const page = document.querySelector(`paper-page[data-page="${number}"]`).getBoundingClientRect();
  const [above, below] = [page.top - window.top, window.bottom - page.bottom];
  return page.left >= window.left && page.right <= window.right && above >= 0 && Math.abs(above - below) < 2;
}"""


def see_whole(tablet: Page, number: int) -> None:
    """Wait until the page is the one that is read, and stands whole in the middle of the window."""
    expect(tablet.get_by_label("Đến trang")).to_have_value(str(number))
    tablet.wait_for_function(IS_WHOLE, arg=number)


def go_page_by_page(tablet: Page) -> None:
    tablet.get_by_role("button", name="Thêm").click()
    tablet.get_by_role("button", name="Từng trang một").click()


def test_page_by_page_each_is_seen_whole_and_turned_at_once(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("observer")
    hands = Hands(tablet)
    turn_to(tablet, 4)
    assert not tablet.evaluate(IS_WHOLE, 4)
    go_page_by_page(tablet)
    see_whole(tablet, 4)
    press(tablet, "ArrowDown", "PageDown")
    see_whole(tablet, 6)

    hands.drag((600, 600), (600, 450), steps=3)  # a short quick push
    see_whole(tablet, 7)
    hands.drag((700, 400), (400, 400), steps=3)  # across, as one turns a sheet
    see_whole(tablet, 8)
    hands.drag((600, 300), (600, 450), steps=3)
    see_whole(tablet, 7)
    tablet.mouse.move(600, 400)
    tablet.mouse.wheel(0, 100)
    see_whole(tablet, 8)
    tablet.locator(".reader-scroll").evaluate("(window) => window.scrollBy(0, 100)")  # as its bar does
    see_whole(tablet, 8)

    tablet.set_viewport_size({"width": 820, "height": 1180})
    see_whole(tablet, 8)
    tablet.reload()
    see_whole(tablet, 8)
    press(tablet, "s")
    expect(tablet.locator("phien-reader")).not_to_have_attribute("data-single", re.compile(""))
    expect(tablet.get_by_label("Đến trang")).to_have_value("8")
    assert cast.errors == []


def test_an_enlarged_page_is_moved_and_not_turned(read: Callable[..., Page]) -> None:
    """Also a low one, whose height would still be within the window."""
    tablet = read("observer")
    reader, field, hands = tablet.locator("phien-reader"), tablet.get_by_label("Đến trang"), Hands(tablet)
    tablet.set_viewport_size({"width": 820, "height": 1180})
    turn_to(tablet, 3)
    press(tablet, "r")
    go_page_by_page(tablet)
    see_whole(tablet, 3)
    press(tablet, "+", "+")
    expect(reader).to_have_attribute("data-zoomed", "true")
    page = tablet.locator('paper-page[data-page="3"]')
    left, _, width, height = box_of(page)
    assert width > 820
    assert height < 900
    hands.drag((600, 600), (300, 600), steps=3)
    tablet.wait_for_function(
        "left => document.querySelector('paper-page[data-page=\"3\"]').getBoundingClientRect().left < left - 50",
        arg=left,
    )
    expect(field).to_have_value("3")
    press(tablet, "0")
    see_whole(tablet, 3)


def test_a_stroke_stays_where_it_was_drawn_whatever_is_pressed_meanwhile(read: Callable[..., Page]) -> None:
    tablet = read("chair", paper=1)
    hands, page = Hands(tablet), tablet.locator("paper-page").first
    left, top, width, height = box_of(page)
    hands.draw((300, 300), (310, 320))
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")
    hands.pen("mousePressed", (400, 300))
    hands.pen("mouseMoved", (420, 320))
    for key in ("r", "s", "End", "+"):
        tablet.keyboard.press(key)
    hands.pen("mouseMoved", (440, 300))
    hands.pen("mouseReleased", (440, 300))
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "2")
    assert box_of(page) == (left, top, width, height)
    x, y = ink_of(tablet).evaluate(MIDDLE_OF_INK)
    assert (x, y) == pytest.approx(((370 - left) / width, (310 - top) / height), abs=0.01)


def test_a_stroke_beside_a_single_page_is_none(read: Callable[..., Page]) -> None:
    tablet = read("third", paper=1)
    go_page_by_page(tablet)
    see_whole(tablet, 1)
    hands = Hands(tablet)
    left, top, _, _ = box_of(tablet.locator("paper-page").first)
    hands.draw((left - 90, top + 100), (left - 70, top + 140))
    hands.draw((left - 60, top + 100), (left + 60, top + 140))  # begun beside it, and still a stroke
    expect(ink_of(tablet)).to_have_attribute("data-sync", "saved")
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "1")


def test_a_page_by_page_reader_has_the_first_page_whole_before_any_script(cast: Cast, floor: str) -> None:
    agenda = cast.enter("observer", screen=TABLET)
    agenda.goto(floor)
    paper = agenda.locator("[data-open-paper]").first.get_attribute("href") or ""
    context = cast.browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=cast.office.address("observer"),
        storage_state=agenda.context.storage_state(),
        java_script_enabled=False,
    )
    context.add_cookies([{"name": "single", "value": "1", "url": cast.office.address("observer")}])
    phone = cast.open(context, "no scripts")
    phone.goto(paper)
    _, top, _, height = box_of(phone.locator(".reader-scroll"))
    x, y, wide, high = box_of(phone.locator(".page-image"))
    assert (x, x + wide) == pytest.approx((8, 382), abs=1)
    assert y - top == pytest.approx(top + height - y - high, abs=2)
    phone.set_viewport_size({"width": 1180, "height": 820})
    _, top, _, height = box_of(phone.locator(".reader-scroll"))
    x, y, wide, high = box_of(phone.locator(".page-image"))
    assert (y - top, high) == pytest.approx((8, height - 16), abs=1)
    assert x == pytest.approx(1180 - x - wide, abs=2)


def test_everybody_follows_the_presenter_until_touching_the_paper(read: Callable[..., Page]) -> None:
    chair, member = read("chair"), read("member")
    follow = member.locator("phien-reader")
    chair.get_by_role("button", name="Trình chiếu").click()
    turn_to(chair, 7)
    member.get_by_role("button", name="Theo người trình bày").click()
    expect(member.get_by_label("Đến trang")).to_have_value("7")
    expect(follow).to_have_attribute("data-follow", "following")

    open_paper(chair, 1)
    expect(member.locator(".reader-scroll")).to_have_attribute("aria-label", "Phu luc")
    turn_to(chair, 2)
    expect(member.get_by_label("Đến trang")).to_have_value("2")

    Hands(member).drag((600, 500), (600, 400))
    expect(follow).to_have_attribute("data-follow", "offered")
    chair.get_by_role("button", name="Trình chiếu").click()
    expect(follow).to_have_attribute("data-follow", "free")


def test_a_new_version_waits_for_the_pen_and_leads_through_its_changes(
    read: Callable[..., Page], office: Office, cast: Cast
) -> None:
    tablet = read("member", paper=1)
    old = tablet.locator("phien-reader").get_attribute("data-version")
    newer = tablet.locator("[data-newer]")
    hands = Hands(tablet)
    tablet.get_by_role("button", name="Trang sau").click()
    left, top, width, height = box_of(tablet.locator('paper-page[data-page="2"] .page-text > p').first)
    hands.draw((left, top + height), (left + width / 2, top), (left + width, top + height))
    expect(ink_of(tablet, 2)).to_have_attribute("data-sync", "saved")
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "1")
    tablet.get_by_role("button", name="Trang trước").click()
    hands.pen("mousePressed", (300, 400))
    hands.pen("mouseMoved", (340, 420))
    subprocess.run([sys.executable, "-c", REPLACE_THE_SECOND], cwd=ROOT, env=office.environment, check=True)
    expect(tablet.locator(f'.paper-link[data-number="2"]:not([data-open-paper="{old}"])')).to_have_count(1)
    expect(newer).to_be_hidden()
    hands.pen("mouseMoved", (380, 400))
    hands.pen("mouseReleased", (380, 400))
    expect(newer).to_contain_text("Có bản mới (bản 2)")
    expect(ink_of(tablet)).to_have_attribute("data-mark-count", "1")

    newer.get_by_role("button", name="Mở bản mới").click()
    bar = tablet.locator("[data-news]")
    left_behind = bar.get_by_role("button", name="ghi chú chưa theo sang")  # and what was drawn since it was compared
    expect(left_behind).to_be_visible()
    expect(bar).to_contain_text("Bản mới (bản 2): trang 2 đã đổi; thêm trang 4")
    expect(newer).to_be_hidden()
    bar.get_by_role("button", name="4").click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("4")
    bar.get_by_role("button", name="Trang đã đổi tiếp theo").click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("2")
    tablet.get_by_role("button", name="Thêm", exact=True).click()
    tablet.get_by_role("button", name="Mục lục và các trang").click()
    expect(tablet.locator(".thumbnail[data-changed]")).to_have_count(2)
    expect(tablet.get_by_role("button", name="Trang 2, đã đổi")).to_be_visible()
    cast.take_pictures("new-version")
    tablet.keyboard.press("Escape")
    left_behind.click()
    stayed = tablet.get_by_role("dialog", name="Danh sách ghi chú").get_by_role("link", name="trang 2 (1)")
    expect(stayed).to_be_visible()
    cast.take_pictures("left-behind")
    stayed.click()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-version", old or "")
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "1")
    assert cast.errors == []


def test_the_first_page_comes_with_the_screen_and_is_sharpened(cast: Cast, floor: str) -> None:
    """On two pixels a point: what comes with the screen is not asked for again, only what is sharper."""
    agenda = cast.enter("observer", screen=TABLET)
    agenda.goto(floor)
    paper = agenda.locator("[data-open-paper]").first.get_attribute("href") or ""
    context = cast.browser.new_context(
        viewport=TABLET,
        device_scale_factor=2,
        base_url=cast.office.address("observer"),
        storage_state=agenda.context.storage_state(),
    )
    tablet = cast.open(context, "two pixels")
    asked: list[str] = []
    tablet.on("request", lambda request: asked.append(request.url.partition("/p/")[2]))
    tablet.goto(f"{paper}?page=1")  # wherever the observer was last
    expect(tablet.locator('paper-page[data-page="1"]')).to_have_attribute("data-state", "ready")
    expect(tablet.locator('paper-page[data-page="1"] .page-image')).to_have_js_property("naturalWidth", 2400)
    first = [place.partition("/")[2] for place in asked if place]
    assert first.count("manifest.json") == 1
    assert (first.count("1/1600.webp"), first.count("1/2400.webp")) == (0, 1)
    assert cast.errors == []


def test_a_paper_that_is_taken_back_leaves_the_open_tablet_with_its_pictures(
    read: Callable[..., Page], office: Office, cast: Cast
) -> None:
    tablet = read("member", paper=2)
    in_words = read("second", paper=2)
    in_words.goto(in_words.locator("[data-text]").get_attribute("href") or "")
    expect(in_words.locator("html")).to_have_attribute("data-connection", "live")
    expect(in_words.locator(".text-page")).to_have_count(1)
    subprocess.run([sys.executable, "-c", TAKE_BACK_THE_THIRD], cwd=ROOT, env=office.environment, check=True)
    expect(tablet.get_by_text("Không mở được tài liệu này.")).to_be_visible()
    expect(in_words.get_by_role("heading", name="Không tìm thấy")).to_be_visible()
    expect(in_words.locator(".text-page")).to_have_count(0)
    expect(tablet.locator("paper-page")).to_have_count(0)
    expect(tablet.locator("img.page-image")).to_have_count(0)
