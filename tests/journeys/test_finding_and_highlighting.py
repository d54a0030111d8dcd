"""A long paper: finding a word in it, highlighting it, writing notes about it, and finding one's way back."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PATIENCE_MS, TABLET, Cast
from tests.journeys.hands import Hands, box_of
from tests.journeys.office import ROOT, Office

PAGES, THE_PAGE = 62, 57
ADD_PAPER = f"""
import django; django.setup()
import io, pymupdf
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.models import Person
from documents import actions
from meetings.models import Meeting
from tests.documents.papers import pdf
meeting = Meeting.objects.get()
lines = [f"Báo cáo trang {{number}}\\nKính trình Ủy ban nhân dân tỉnh xem xét" for number in range(1, {PAGES} + 1)]
lines[{THE_PAGE} - 1] += "\\nTổng mức đầu tư của dự án hồ chứa nước\\nsông Trầm là 412 tỷ đồng"
paper = pymupdf.open("pdf", pdf(*lines))
paper.set_toc([[1, "Phần thứ nhất", 1], [2, "Nhiệm vụ", 12], [1, "Phần thứ hai", 40]])
file = SimpleUploadedFile("Bao cao.pdf", paper.tobytes(no_new_id=True), "application/pdf")
actions.add_paper(
    meeting, by=Person.objects.get(username="secretary"), file=file, item=meeting.items.first(), declared_grade="none"
)
print(meeting.pk)
"""

SCREEN_TURNED_OFF = """() => {
  Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def floor(office: Office) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ADD_PAPER], cwd=ROOT, env=office.environment, capture_output=True, text=True, check=True
    )
    return f"/meetings/{done.stdout.split()[-1]}/floor/"


@pytest.fixture
def read(cast: Cast, floor: str) -> Callable[..., Page]:
    """Somebody enters and opens the paper."""
    expect.set_options(timeout=PATIENCE_MS)

    def read(username: str, *, seat: str = "") -> Page:
        tablet = cast.enter(username, screen=TABLET, seat=seat)
        tablet.goto(floor)
        expect(tablet.locator("html")).to_have_attribute("data-connection", "live")
        tablet.get_by_role("button", name="Chương trình").click()
        tablet.locator("[data-open-paper]").first.click()
        expect(tablet.locator("paper-page[data-state=ready]").first).to_be_visible()
        return tablet

    return read


def ink_of(tablet: Page, page: int) -> Locator:
    return tablet.locator(f'paper-page[data-page="{page}"] ink-layer')


def find(tablet: Page, words: str) -> Locator:
    tablet.keyboard.press("Control+f")
    field = tablet.get_by_role("searchbox", name="Tìm trong tài liệu")
    field.fill(words)
    return tablet.locator("find-bar")


def go_to_page(tablet: Page, number: int) -> None:
    expect(tablet.locator("phien-reader")).to_have_attribute("data-state", "open")
    tablet.get_by_label("Đến trang").fill(str(number))
    tablet.get_by_label("Đến trang").press("Enter")
    expect(tablet.locator(f'paper-page[data-page="{number}"]')).to_have_attribute("data-state", "ready")


def choose(tablet: Page, name: str) -> None:
    tablet.get_by_role("button", name="Thêm", exact=True).click()
    tablet.locator("#reader-more").get_by_role("button", name=name).click()


def test_a_word_on_page_57_is_found_and_highlighted_and_the_others_see_it(
    read: Callable[..., Page], cast: Cast
) -> None:
    tablet, other = read("member"), read("second")
    other.get_by_label("Đến trang").fill(str(THE_PAGE))
    other.get_by_label("Đến trang").press("Enter")

    bar = find(tablet, "ho chua nuoc song tram")
    expect(bar).to_have_attribute("data-hits", "1")
    expect(bar).to_contain_text("1/1")
    expect(tablet.get_by_label("Đến trang")).to_have_value(str(THE_PAGE))
    expect(tablet.locator(f'paper-page[data-page="{THE_PAGE}"] .page-hits > [data-current]')).to_have_count(2)
    tablet.get_by_role("button", name="Chung", exact=True).click()
    bar.get_by_role("button", name="Tô sáng").click()
    expect(ink_of(tablet, THE_PAGE)).to_have_attribute("data-sync", "saved")
    expect(ink_of(other, THE_PAGE)).to_have_attribute("data-mark-count", "1")

    tablet.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    tablet.get_by_role("button", name="Về trang 1").click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("1")

    choose(other, "Danh sách ghi chú")
    row = other.locator("mark-list li")
    expect(row).to_contain_text("hồ chứa nước sông Trầm")
    expect(row).to_contain_text("Lê Hoàng Cường")
    other.reload()
    expect(ink_of(other, THE_PAGE)).to_have_attribute("data-mark-count", "1")
    assert cast.errors == []


def test_what_is_not_there_is_said_in_words(read: Callable[..., Page]) -> None:
    tablet = read("member")
    go_to_page(tablet, 3)
    bar = find(tablet, "nhà máy điện")
    expect(bar).to_contain_text("Không tìm thấy")
    bar.get_by_role("searchbox").fill("trang 6")
    expect(bar).to_contain_text("1/4")  # 6, 60, 61, 62
    for page in ("60", "61", "62", "6"):
        tablet.keyboard.press("Enter")
        expect(tablet.get_by_label("Đến trang")).to_have_value(page)
    tablet.keyboard.press("Shift+Enter")
    expect(tablet.get_by_label("Đến trang")).to_have_value("62")
    tablet.keyboard.press("F3")
    expect(tablet.get_by_label("Đến trang")).to_have_value("6")
    tablet.keyboard.press("Escape")
    tablet.get_by_role("button", name="Về trang 3").click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("3")


def test_a_paper_is_found_among_all_by_its_words_and_opens_where_they_stand(
    read: Callable[..., Page], cast: Cast
) -> None:
    tablet = read("member")
    expect(find(tablet, "song tram")).to_have_attribute("data-hits", "1")  # its page is read by now
    tablet.goto("/papers/search/")
    tablet.get_by_label("Từ cần tìm").press_sequentially("song tram ho chua")
    hit = tablet.get_by_role("link", name=f"trang {THE_PAGE}")
    expect(hit.locator("mark")).to_have_text(["hồ chứa", "sông Trầm"])
    hit.click()
    expect(tablet.get_by_label("Đến trang")).to_have_value(str(THE_PAGE))
    expect(tablet.locator("find-bar")).to_have_attribute("data-hits", "4")
    expect(tablet.locator(f'paper-page[data-page="{THE_PAGE}"] .page-hits > [data-current]')).to_have_count(1)
    expect(tablet.get_by_label("Từ cần tìm")).to_have_count(0)
    tablet.get_by_role("link", name="Quay lại").click()
    expect(tablet.get_by_label("Từ cần tìm")).to_have_value("song tram ho chua")
    assert cast.errors == []


def test_words_under_a_resting_finger_are_highlighted_and_taken_back_after_a_reload(read: Callable[..., Page]) -> None:
    tablet = read("third")
    words = tablet.locator('paper-page[data-page="2"] .page-text > p').first
    tablet.get_by_role("button", name="Trang sau").click()
    left, top, width, height = box_of(words)
    at = (left + width / 3, top + height / 2)
    hands = Hands(tablet)
    hands.fingers("touchStart", at)
    bar = tablet.get_by_role("toolbar", name="Phần chữ đã chọn")
    tablet.wait_for_function("() => String(getSelection()).length > 0")
    hands.fingers("touchMove", (left + width - 2, at[1]))
    hands.fingers("touchEnd")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Xanh lá").click()
    expect(bar).to_be_hidden()
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "1")
    expect(ink_of(tablet, 2)).to_have_attribute("data-sync", "saved")
    tablet.wait_for_timeout(800)  # what can be taken back is kept when the hand rests
    tablet.reload()
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "1")
    tablet.get_by_role("button", name="Hoàn tác").click()
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "0")
    tablet.keyboard.press("Control+y")
    expect(ink_of(tablet, 2)).to_have_attribute("data-mark-count", "1")


def test_a_note_is_written_read_by_the_others_and_rewritten(read: Callable[..., Page], cast: Cast) -> None:
    tablet, other = read("member"), read("second")
    tablet.get_by_role("button", name="Chung", exact=True).click()
    tablet.get_by_role("button", name="Ghi chú", exact=True).click()
    Hands(tablet).tap((600, 500))
    words = tablet.get_by_label("Nội dung ghi chú")
    words.fill("Hỏi lại Sở Tài chính")
    tablet.get_by_role("button", name="Xong").click()
    pin = other.get_by_role("button", name="Ghi chú: Hỏi lại Sở Tài chính")
    expect(pin).to_be_visible()
    pin.focus()
    other.keyboard.press("Enter")
    expect(other.locator("mark-card")).to_contain_text("Hỏi lại Sở Tài chính")
    expect(other.locator("mark-card")).to_contain_text("Lê Hoàng Cường")

    Hands(tablet).tap((600, 500))
    words.fill("Hỏi lại Sở Kế hoạch")
    tablet.keyboard.press("Escape")  # closing keeps what was written
    expect(other.get_by_role("button", name="Ghi chú: Hỏi lại Sở Kế hoạch")).to_be_visible()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-pending", "0")
    assert cast.errors == []


def test_all_pages_in_small_and_the_outline_lead_through_the_paper(read: Callable[..., Page]) -> None:
    tablet = read("member")
    choose(tablet, "Mục lục và các trang")
    sheet = tablet.get_by_role("dialog", name="Mục lục và các trang")
    sheet.get_by_role("button", name="Phần thứ hai").click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("40")
    expect(sheet.get_by_role("button", name="Trang 40", exact=True)).to_have_attribute("aria-current", "true")
    expect(sheet.get_by_role("button", name="Trang 57, 1 ghi chú")).to_be_visible()
    thumbnail = sheet.get_by_role("button", name="Trang 40", exact=True)
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail.locator("img")).to_have_js_property("naturalWidth", 200)
    thumbnail.focus()
    tablet.keyboard.press("ArrowRight")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_label("Đến trang")).to_have_value("41")
    tablet.keyboard.press("Escape")
    tablet.get_by_role("button", name="Chương trình").click()
    entry = tablet.locator(".agenda").get_by_role("button", name="Nhiệm vụ")
    entry.click()
    expect(tablet.get_by_label("Đến trang")).to_have_value("12")


def test_dark_pages_and_the_list_of_keys(read: Callable[..., Page]) -> None:
    tablet = read("member")
    tablet.keyboard.press("d")
    expect(tablet.locator("phien-reader")).to_have_attribute("data-night", "")
    tablet.reload()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-night", "")
    expect(tablet.locator("paper-page[data-state=ready]").first).to_be_visible()
    tablet.keyboard.press("?")
    expect(tablet.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(tablet.get_by_role("dialog", name="Phím tắt")).to_be_hidden()
    tablet.keyboard.press("d")
    expect(tablet.locator("phien-reader")).not_to_have_attribute("data-night", "")


def test_the_first_page_is_there_before_any_script_and_asked_for_once(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("member")
    address = tablet.locator("[data-open-paper]").first.get_attribute("href")
    asked: list[str] = []
    tablet.on("request", lambda request: asked.append(request.url))
    tablet.route("**/static/js/**", lambda route: route.abort())
    tablet.goto(f"{address}?page={THE_PAGE}")
    image = tablet.locator(f'paper-page[data-page="{THE_PAGE}"] > img')
    expect(image).to_have_js_property("complete", True)
    expect(tablet.locator("phien-reader")).to_have_attribute("data-state", "opening")
    early = box_of(image)

    tablet.unroute_all()
    asked.clear()  # a page that was not drawn yet was asked for by itself
    tablet.reload()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-state", "open")
    expect(tablet.get_by_label("Đến trang")).to_have_value(str(THE_PAGE))
    expect(tablet.locator(f'paper-page[data-page="{THE_PAGE}"]')).to_have_attribute("data-state", "ready")
    assert box_of(image) == pytest.approx(early, abs=1.5)
    pictures = [url for url in asked if url.endswith(f"/{THE_PAGE}/1600.webp")]
    assert pictures == [], "it came within the screen"
    assert cast.errors == []


def test_the_first_page_stays_when_the_line_is_cut_and_can_be_turned_back_to(read: Callable[..., Page]) -> None:
    tablet = read("member")
    address = tablet.locator("[data-open-paper]").first.get_attribute("href")
    tablet.route("**/manifest.json", lambda route: route.abort())
    tablet.goto(f"{address}?page=1")
    card = tablet.get_by_role("alert").filter(has_text="Chưa tải được tài liệu")
    expect(card).to_be_visible()
    expect(tablet.locator('paper-page[data-page="1"] > img')).to_be_in_viewport()
    tablet.unroute_all()
    card.get_by_role("button", name="Thử lại").click()
    expect(tablet.locator("phien-reader")).to_have_attribute("data-state", "open")
    expect(card).to_be_hidden()

    go_to_page(tablet, THE_PAGE)
    expect(tablet.locator('paper-page[data-page="1"]')).to_have_attribute("data-state", "waiting")
    tablet.context.set_offline(True)
    go_to_page(tablet, 1)
    tablet.context.set_offline(False)


def test_one_goes_on_reading_on_another_tablet(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("second")
    link = tablet.locator("[data-open-paper]").first
    address, version = link.get_attribute("href"), link.get_attribute("data-open-paper")
    other = cast.enter("second", screen=TABLET, seat="at home")
    other.goto(str(address))
    go_to_page(other, 5)
    other.goto("/")

    go_to_page(tablet, 31)
    tablet.evaluate(SCREEN_TURNED_OFF)
    other.wait_for_function(
        "version => fetch(`/p/${version}/manifest.json`).then((a) => a.json()).then((m) => m.last_place?.page === 31)",
        arg=version,
    )
    other.goto(str(address))
    expect(other.locator('paper-page[data-page="31"] > img')).to_be_in_viewport()
    expect(other.get_by_label("Đến trang")).to_have_value("31")
    assert cast.errors == []


def test_what_is_read_in_words_is_told_as_seen(read: Callable[..., Page], cast: Cast) -> None:
    tablet = read("third")
    seen: set[int] = set()

    def hear(frame: str | bytes) -> None:
        for act in json.loads(frame).get("ops", []):
            seen.update(act["pages"] if act["t"] == "open_paper" else [])

    tablet.on("websocket", lambda socket: socket.on("framesent", hear))
    address = tablet.locator("[data-open-paper]").first.get_attribute("href")
    tablet.goto(f"{address}text/?page={THE_PAGE}")
    expect(tablet.locator("html")).to_have_attribute("data-connection", "live")
    tablet.wait_for_timeout(3500)  # a page counts as seen after two seconds
    tablet.evaluate(SCREEN_TURNED_OFF)
    for _time in range(50):
        if seen:
            break
        tablet.wait_for_timeout(100)
    assert THE_PAGE in seen
    assert cast.errors == []
