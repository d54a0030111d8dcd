"""The scripts in a real browser, in front of a server of a few lines: what node cannot show, as focus and IndexedDB."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute, expect

STATIC = Path(__file__).parents[2] / "static"
ORIGIN = "http://localhost:9"  # nothing listens there: every request is answered below
ROOM = "room:m1:floor"
TYPES = {".js": "text/javascript", ".css": "text/css"}

CONNECTION = '(await import("/static/js/realtime/connection.js")).connection'

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiên</title>
<script type="module" src="/static/js/app.js"></script></head><body data-person="12">%s
<div id="beside" data-stream="room:m1:floor" data-panel="beside"></div></body></html>"""


class Server:
    """Answers tickets, sockets and operations; a test says what else happens."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.body = ""
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, Any]] = []
        self.applied: list[str] = []
        self.state: dict[str, str] = {}
        self.seq = 0
        self.is_reachable = True
        self.refuses = False

    def now_ms(self) -> int:
        """Return the time of the server: it is always shortly after eight o'clock UTC on 15 January 2027."""
        return 1_800_000_000_000 + round((time.monotonic() - self.began) * 1000)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "/tickets/" and self.is_reachable:
            route.fulfill(json={"ticket": "t", "expires": 9_999_999_999_999})
        elif path == "/":
            route.fulfill(body=PAGE % self.body, content_type="text/html")
        else:
            route.abort()

    def open(self, socket: WebSocketRoute) -> None:
        if not self.is_reachable:
            socket.close()
            return
        self.sockets.append(socket)
        socket.on_message(lambda text: self.hear(socket, json.loads(text)))
        socket.on_close(lambda _code, _reason: self.forget(socket))

    def forget(self, socket: WebSocketRoute) -> None:
        if socket in self.sockets:
            self.sockets.remove(socket)

    def hear(self, socket: WebSocketRoute, frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        if frame["t"] == "hello":
            welcome = {"t": "welcome", "v": 1, "principal": "person:12", "now": self.now_ms()}
            self.tell(socket, welcome, frame["streams"])
        elif frame["t"] == "listen":
            self.tell(socket, {"t": "listening", "for": frame["for"]}, frame["streams"])
        elif frame["t"] == "ping":
            say(socket, {"t": "pong", "now": self.now_ms(), "heads": {}})
        elif frame["t"] == "op":
            for op in frame["ops"]:
                self.take(socket, op)

    def tell(self, socket: WebSocketRoute, answer: dict[str, Any], asked: dict[str, Any]) -> None:
        about = {name: {"epoch": "e1", "head": self.seq, "floor": 0} for name in asked}
        say(socket, {**answer, "streams": about, "refused": []})
        if asked.get(ROOM, "") is None:
            say(socket, {"t": "reset", "s": ROOM, "epoch": "e1", "seq": self.seq, "state": self.state})

    def take(self, socket: WebSocketRoute, op: dict[str, Any]) -> None:
        if self.refuses:
            say(socket, {"t": "nack", "op": op["op"], "code": "closed", "text": "Đã kết thúc biểu quyết."})
            return
        self.applied.append(op["op"])
        say(socket, {"t": "ack", "r": [{"op": op["op"]}]})

    def show(self, **panels: str) -> None:
        self.seq += 1
        for socket in self.sockets:
            say(socket, {"t": "panels", "s": ROOM, "epoch": "e1", "seq": self.seq, "p": panels})

    def show_beside(self, page: Page) -> None:
        """Show something else and wait for it: whatever was sent before has arrived too."""
        self.show(beside=f"beside {self.seq}")
        expect(page.locator("#beside")).to_have_text(f"beside {self.seq - 1}")

    def cut(self) -> None:
        self.is_reachable = False
        for socket in list(self.sockets):
            socket.close()
        self.sockets.clear()


def say(socket: WebSocketRoute, frame: dict[str, Any]) -> None:
    socket.send(json.dumps(frame))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def open_page(context: BrowserContext, server: Server) -> Callable[..., Page]:
    def open_page(body: str = "") -> Page:
        server.body = body
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.route(f"{ORIGIN}/**", server.answer)
        page.route_web_socket("**/socket/", server.open)
        page.goto(ORIGIN)
        return page

    return open_page


def is_live(page: Page) -> None:
    expect(page.locator("html[data-connection=live]")).to_be_attached()


def perform(page: Page, act: str, **payload: Any) -> None:
    script = f"async ([act, payload]) => {{ {CONNECTION}.perform(act, payload).catch(() => {{}}); }}"
    page.evaluate(script, [act, payload])


def wrapper(panel: str, inside: str) -> str:
    return f'<div class="panel" id="{panel}" data-stream="{ROOM}" data-panel="{panel}">{inside}</div>'


def test_panels_are_filled_at_once_and_kept_up_to_date(server: Server, open_page: Callable[..., Page]) -> None:
    server.state = {"head": "<b>Nội dung 2</b>"}
    page = open_page(wrapper("head", "Nội dung 1"))
    expect(page.locator("#head b")).to_have_text("Nội dung 2")
    server.show(head="<b>Nội dung 3</b>")
    expect(page.locator("#head b")).to_have_text("Nội dung 3")


def test_nothing_changes_under_the_hands_of_someone_who_writes_and_the_latest_comes_after(
    server: Server, open_page: Callable[..., Page]
) -> None:
    server.state = {"now": '<textarea id="conclusion"></textarea><p>1</p>'}
    page = open_page(wrapper("now", "") + '<button id="elsewhere">x</button>')
    page.locator("#conclusion").press_sequentially("Thống nhất")
    server.show(now='<textarea id="conclusion"></textarea><p>2</p>')
    server.show(now='<textarea id="conclusion"></textarea><p>3</p>')
    server.show_beside(page)
    expect(page.locator("#now p")).to_have_text("1")
    page.locator("#elsewhere").focus()
    expect(page.locator("#now p")).to_have_text("3")
    expect(page.locator("#conclusion")).to_have_value("Thống nhất")


def test_a_busy_panel_waits_until_it_is_no_longer_busy(server: Server, open_page: Callable[..., Page]) -> None:
    server.state = {"poll": "<p data-busy>1</p>"}
    page = open_page(wrapper("poll", ""))
    expect(page.locator("#poll p")).to_have_text("1")
    server.show(poll="<p>2</p>")
    server.show_beside(page)
    expect(page.locator("#poll p")).to_have_text("1")
    page.evaluate("document.querySelector('[data-busy]').removeAttribute('data-busy')")
    expect(page.locator("#poll p")).to_have_text("2")


def test_a_press_finds_the_button_it_began_on(server: Server, open_page: Callable[..., Page]) -> None:
    server.state = {"poll": "<button>Tán thành</button>"}
    page = open_page(wrapper("poll", ""))
    page.evaluate("document.addEventListener('click', (event) => (window.clicked = event.target.textContent))")
    page.locator("#poll button").hover()
    page.mouse.down()
    server.show(poll="<button>Tán thành!</button>")
    server.show_beside(page)
    page.mouse.up()
    expect(page.locator("#poll button")).to_have_text("Tán thành!")
    assert page.evaluate("window.clicked") == "Tán thành"


def test_focus_folds_places_and_half_made_choices_survive(server: Server, open_page: Callable[..., Page]) -> None:
    inside = """<details id="more"><summary>Thêm</summary>x</details>
      <div id="list" data-keep-scroll style="height:50px;overflow:auto"><div style="height:500px">x</div></div>
      <label><input type="radio" name="choice" id="for">Tán thành</label><button id="send">Gửi</button>"""
    server.state = {"poll": inside}
    page = open_page(wrapper("poll", ""))
    page.locator("#more summary").click()
    page.locator("#for").check()
    page.evaluate("document.querySelector('#list').scrollTop = 120")
    page.locator("#send").focus()
    server.show(poll=inside + "<p>đã biểu quyết 11/21</p>")
    expect(page.locator("#poll p")).to_be_attached()
    assert page.evaluate("document.querySelector('#more').open")
    assert page.evaluate("document.querySelector('#list').scrollTop") == 120
    expect(page.locator("#for")).to_be_checked()
    expect(page.locator("#send")).to_be_focused()


def test_an_older_panel_never_replaces_a_newer_one(server: Server, open_page: Callable[..., Page]) -> None:
    server.seq = 5
    server.state = {"head": "mới"}
    page = open_page(wrapper("head", ""))
    expect(page.locator("#head")).to_have_text("mới")
    for socket in server.sockets:
        say(socket, {"t": "panels", "s": ROOM, "epoch": "e1", "seq": 3, "p": {"head": "cũ"}})
    server.show_beside(page)
    expect(page.locator("#head")).to_have_text("mới")


def test_a_panel_that_comes_later_is_filled_and_one_that_goes_is_left(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(wrapper("head", "x"))
    is_live(page)
    page.evaluate(
        """document.body.insertAdjacentHTML("beforeend", '<div data-stream="person:12" data-panel="notices">');"""
    )
    wait_until(page, lambda: any(frame["t"] == "listen" and "person:12" in frame["streams"] for frame in server.heard))
    page.evaluate("document.querySelector('[data-panel=notices]').remove()")
    wait_until(page, lambda: {"t": "leave", "streams": ["person:12"]} in server.heard)


def test_what_was_done_without_a_network_survives_a_reload(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page("")
    is_live(page)
    server.cut()
    perform(page, "check_in", meeting="m1")
    expect(page.locator("html[data-pending='1'][data-saved=true]")).to_be_attached()
    page.reload()
    expect(page.locator("html[data-pending='1']")).to_be_attached()
    server.is_reachable = True
    is_live(page)
    expect(page.locator("html[data-pending='0']")).to_be_attached()
    assert len(server.applied) == 1


def test_two_tabs_share_one_socket_and_one_of_them_sends(server: Server, open_page: Callable[..., Page]) -> None:
    server.state = {"head": "1"}
    first, second = open_page(wrapper("head", "")), open_page(wrapper("head", ""))
    for page in (first, second):
        is_live(page)
        expect(page.locator("#head")).to_have_text("1")
    wait_until(first, lambda: len(server.sockets) == 1)
    server.show(head="2")
    for page in (first, second):
        expect(page.locator("#head")).to_have_text("2")
        for _each in range(3):
            perform(page, "check_in")
    for page in (first, second):
        expect(page.locator("html[data-pending='0']")).to_be_attached()
    assert len(set(server.applied)) == len(server.applied) == 6


def test_the_tab_that_is_left_takes_the_socket(server: Server, open_page: Callable[..., Page]) -> None:
    server.state = {"head": "1"}
    first, second = open_page(wrapper("head", "")), open_page(wrapper("head", ""))
    for page in (first, second):
        expect(page.locator("#head")).to_have_text("1")
    second.close()
    is_live(first)
    perform(first, "check_in")
    wait_until(first, lambda: len(server.applied) == 1)
    server.show(head="2")
    expect(first.locator("#head")).to_have_text("2")


def test_a_refused_operation_is_said_and_stays_until_closed(server: Server, open_page: Callable[..., Page]) -> None:
    server.refuses = True
    page = open_page("<phien-refusals><template><div><p></p><button>Đóng</button></div></template></phien-refusals>")
    perform(page, "cast_ballot", poll=7)
    message = page.locator("phien-refusals p")
    expect(message).to_have_text("Đã kết thúc biểu quyết.")
    page.reload()
    expect(message).to_have_text("Đã kết thúc biểu quyết.")
    page.locator("phien-refusals button").click()
    expect(message).not_to_be_attached()
    wait_until(page, lambda: page.evaluate(f"async () => ({CONNECTION}.refused()).then((all) => all.length === 0)"))
    page.reload()
    is_live(page)
    expect(message).not_to_be_attached()


def test_the_state_of_the_line_is_said_in_words(
    server: Server, open_page: Callable[..., Page], context: BrowserContext
) -> None:
    page = open_page(
        '<connection-status data-live="Đã kết nối" data-reconnecting="Đang kết nối lại" data-offline="Mất kết nối"'
        ' data-unsent="%s chưa gửi"></connection-status>'
    )
    status = page.locator("connection-status")
    expect(status).to_have_text("Đã kết nối")
    server.cut()
    expect(status).to_have_text("Đang kết nối lại")
    perform(page, "check_in")
    expect(status).to_have_text("Đang kết nối lại · 1 chưa gửi")
    context.set_offline(True)
    expect(status).to_have_text("Mất kết nối · 1 chưa gửi")
    context.set_offline(False)
    server.is_reachable = True
    expect(status).to_have_text("Đã kết nối")


def test_clocks_run_by_the_time_of_the_server(server: Server, open_page: Callable[..., Page]) -> None:
    since = "2027-01-15T07:55:00Z"
    running = f'<phien-clock data-running data-since="{since}" data-word-left="còn" data-word-over="quá"'
    page = open_page(
        f'{running} id="left" data-planned-seconds="1200"></phien-clock>'
        f'{running} id="over" data-planned-seconds="30"></phien-clock>'
        '<phien-clock id="still" data-show="elapsed" data-base-seconds="3900"></phien-clock>'
        '<phien-clock id="time" data-show="time" data-time-zone="Asia/Ho_Chi_Minh"></phien-clock>'
    )
    expect(page.locator("#left")).to_have_text(re.compile(r"còn 14:[345]\d"))
    expect(page.locator("#over[data-over][role=timer]")).to_have_text(re.compile(r"quá 04:[345]\d"))
    expect(page.locator("#still")).to_have_text("1:05")
    expect(page.locator("#time")).to_have_text("15:00")
    shown = page.locator("#left").inner_text()
    expect(page.locator("#left")).not_to_have_text(shown)


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _each in range(100):
        if is_so():
            return
        page.wait_for_timeout(50)
    pytest.fail("It did not happen within five seconds.")
