"""The ballot on a tablet: half made, on its way, received, late. The real panel, before a server of a few lines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, WebSocketRoute, expect

from meetings.rule_sets import CHOICES, LEVELS
from tests.journeys.test_scripts import ROOM, Server, context, open_page, say, wrapper  # noqa: F401 - two are fixtures
from voting.models import Poll
from voting.terms import own_choices, subjects_of

KEY = UUID("11111111-1111-4111-8111-111111111111")
OPENED_AT = datetime(2027, 1, 15, 1, 58, tzinfo=UTC)
LOOKS = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in ("base", "poll"))
MINE = f'<div hidden data-stream="{ROOM}" data-panel="votes:m1" id="mine"></div>'


def panel(
    state: str = "open",
    *,
    roll: str = "12 14",
    waiting: str = "",
    opened_at: datetime = OPENED_AT,
    terms: dict[str, Any] | None = None,
    **rules: bool,
) -> str:
    """The floor's panel as the server renders it."""
    applied = {"ballot_is_confirmed": True, "ballot_may_change": False, **rules}
    asked = {"question": "Thông qua dự toán", "options": CHOICES, **(terms or {})}
    poll = Poll(pk=KEY, state=state, rules=applied, opened_at=opened_at, **asked)
    with translation.override("vi"):
        return render_to_string(
            "voting/_poll_panel.html", {"poll": poll, "audience": "floor", "roll": roll, "waiting": waiting}
        )


def on_record(choice: str, time: str = "09:41", how: str = "tablet") -> dict[str, str]:
    at = f"2027-01-15T{time}:00+07:00"
    return {"poll": str(KEY), "choice": choice, "received_at": at, "time": time, "how": how}


class PollServer(Server):
    """Keeps ballots until the test lets it answer."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[WebSocketRoute, dict[str, Any]]] = []
        self.answered: set[str] = set()
        self.page: Page

    def take(self, socket: WebSocketRoute, op: dict[str, Any]) -> None:
        self.kept.append((socket, op))

    def unanswered(self) -> tuple[WebSocketRoute, dict[str, Any]]:
        """The newest ballot without an answer; the tablet says that it sends a moment before it is on the line."""
        for _ in range(1000):
            waiting = [(socket, op) for socket, op in self.kept if op["op"] not in self.answered]
            if waiting:
                self.answered.add(waiting[-1][1]["op"])
                return waiting[-1]
            self.page.wait_for_timeout(20)
        raise AssertionError("no ballot came")

    def acknowledge(self, time: str = "09:41") -> None:
        socket, op = self.unanswered()
        say(socket, {"t": "ack", "r": [{"op": op["op"], **on_record(op["choice"], time)}]})

    def refuse(self, text: str, now: dict[str, str] | None = None) -> None:
        socket, op = self.unanswered()
        nack = {"t": "nack", "op": op["op"], "code": "closed", "text": text}
        say(socket, nack if now is None else {**nack, "now": now})

    def tell_mine(self, record: dict[str, str]) -> None:
        block = f'<script type="application/json">{json.dumps({str(KEY): record})}</script>'
        self.show(**{"votes:m1": block})


@pytest.fixture
def server() -> PollServer:
    return PollServer()


@pytest.fixture
def tablet(server: PollServer, open_page: Callable[..., Page]) -> Page:  # noqa: F811 - the fixture
    """A member's tablet on which a vote has just opened."""
    server.state = {"poll": panel()}
    with translation.override("vi"):
        refusals = render_to_string("ui/_refusals.html")
    page = server.page = open_page(LOOKS + MINE + refusals + wrapper("poll", ""))
    expect(choice(page, "Tán thành")).to_be_visible()
    return page


def choice(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def said(page: Page) -> Any:
    return page.locator("[data-said]")


def test_choices_stand_under_each_other_of_one_size(tablet: Page) -> None:
    boxes = [choice(tablet, name).bounding_box() for name in ("Tán thành", "Không tán thành", "Không biểu quyết")]

    assert [box["height"] for box in boxes] == [64] * 3
    assert len({(box["x"], box["width"]) for box in boxes}) == 1
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)


def test_a_half_made_choice_survives_every_push(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Không tán thành").click()
    for number in range(3):
        server.show(poll=panel(roll=f"12 14 {15 + number}"))
        server.show_beside(tablet)

    expect(choice(tablet, "Không tán thành")).to_have_attribute("aria-pressed", "true")
    expect(said(tablet)).to_have_text("Đã chọn: Không tán thành. Chưa gửi.")
    assert server.kept == []


def test_received_is_said_only_after_the_server_has_said_so(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…")
    server.show(poll=panel(roll="12 14 15"))
    server.show_beside(tablet)
    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…")

    server.acknowledge()

    expect(said(tablet)).to_have_text("Đã nhận lúc 09:41: Tán thành")
    expect(choice(tablet, "Tán thành")).to_be_hidden()


def test_taking_back_a_choice_sends_nothing(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Chọn lại").click()

    expect(choice(tablet, "Tán thành")).to_have_attribute("aria-pressed", "false")
    expect(choice(tablet, "Gửi phiếu")).to_be_hidden()
    assert server.kept == []


def test_without_confirmation_one_press_votes(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(ballot_is_confirmed=False))
    server.show_beside(tablet)
    choice(tablet, "Không biểu quyết").click()

    expect(said(tablet)).to_have_text("Đang gửi: Không biểu quyết…")
    server.acknowledge()
    expect(said(tablet)).to_have_text("Đã nhận lúc 09:41: Không biểu quyết")


def test_without_a_line_the_ballot_waits_on_the_tablet_and_goes_by_itself(tablet: Page, server: PollServer) -> None:
    server.cut()
    expect(tablet.locator("html[data-connection=live]")).not_to_be_attached()
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    expect(said(tablet)).to_contain_text("Phiếu (Tán thành) được giữ trên máy này")

    server.is_reachable = True

    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…", timeout=15_000)
    server.acknowledge()
    expect(said(tablet)).to_have_text("Đã nhận lúc 09:41: Tán thành")


def test_a_reload_in_the_middle_of_sending_asks_nobody_again(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…")

    tablet.reload()

    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…")
    expect(choice(tablet, "Tán thành")).to_be_hidden()


def test_what_is_on_record_comes_with_the_own_panel(tablet: Page, server: PollServer) -> None:
    server.tell_mine(on_record("against", "09:44", "aloud"))

    expect(said(tablet)).to_have_text("Biểu quyết bằng lời, thư ký ghi lúc 09:44: Không tán thành")


def test_a_late_ballot_is_told_so_and_shows_what_stands(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    expect(said(tablet)).to_have_text("Đang gửi: Tán thành…")

    server.refuse("Biểu quyết đã kết thúc.", now=on_record("against", "09:30"))

    expect(tablet.locator("[data-refused]")).to_have_text("Biểu quyết đã kết thúc.")
    expect(said(tablet)).to_have_text("Đã nhận lúc 09:30: Không tán thành")


def test_a_late_ballot_is_told_so_also_where_the_vote_is_shown_as_closed_already(
    tablet: Page, server: PollServer
) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    server.show(poll=panel("closed"))
    expect(tablet.get_by_text("Biểu quyết đã kết thúc")).to_be_visible()

    server.refuse("Phiếu đến muộn nên không được ghi nhận.")

    expect(tablet.locator("[data-refused]")).to_have_text("Phiếu đến muộn nên không được ghi nhận.")
    expect(tablet.locator("phien-refusals .message")).to_have_count(0)


def test_a_late_ballot_whose_vote_is_on_no_page_any_more_is_told_above_the_page(
    tablet: Page, server: PollServer
) -> None:
    choice(tablet, "Tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    server.show(poll="")
    expect(tablet.locator("poll-ballot")).to_have_count(0)

    server.refuse("Phiếu đến muộn nên không được ghi nhận.")

    expect(tablet.locator("phien-refusals .message")).to_contain_text("Phiếu đến muộn nên không được ghi nhận.")
    tablet.reload()
    expect(tablet.locator("phien-refusals .message")).to_contain_text("Phiếu đến muộn nên không được ghi nhận.")
    tablet.locator("phien-refusals").get_by_role("button").click()
    expect(tablet.locator("phien-refusals .message")).to_have_count(0)
    tablet.reload()
    expect(tablet.locator("html[data-connection=live]")).to_be_attached()
    expect(tablet.locator("phien-refusals .message")).to_have_count(0)


def test_a_ballot_says_what_its_person_saw(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(ballot_may_change=True))
    server.tell_mine(on_record("for", "09:30"))
    choice(tablet, "Thay đổi lựa chọn").click()
    choice(tablet, "Không tán thành").click()
    choice(tablet, "Gửi phiếu").click()

    _socket, op = server.unanswered()
    assert (op["opened_at"], op["ballot_of"]) == (OPENED_AT.isoformat(), on_record("for", "09:30")["received_at"])


def test_a_choice_half_made_ends_with_the_opening_it_was_made_for(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()
    server.show(poll="")
    server.show(poll=panel(opened_at=OPENED_AT + timedelta(minutes=1)))

    expect(choice(tablet, "Tán thành")).to_have_attribute("aria-pressed", "false")
    expect(choice(tablet, "Gửi phiếu")).to_be_hidden()


def test_closing_takes_the_ballot_away_from_a_choice_half_made(tablet: Page, server: PollServer) -> None:
    choice(tablet, "Tán thành").click()

    server.show(poll=panel("closed"))

    expect(tablet.get_by_text("Biểu quyết đã kết thúc")).to_be_visible()
    expect(said(tablet)).to_have_text("Không nhận được phiếu từ máy này.")
    expect(choice(tablet, "Gửi phiếu")).to_be_hidden()


def test_who_is_not_checked_in_is_told_and_gets_the_ballot_on_checking_in(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(roll="14", waiting="12"))
    expect(said(tablet)).to_contain_text("chưa điểm danh")
    expect(choice(tablet, "Tán thành")).to_be_hidden()

    server.show(poll=panel(roll="12 14"))

    expect(choice(tablet, "Tán thành")).to_be_visible()


def test_a_guest_sees_the_question_and_no_ballot(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(roll="14 15"))

    expect(said(tablet)).to_have_text("Chỉ thành viên có tên trong danh sách mới biểu quyết.")
    expect(choice(tablet, "Tán thành")).to_be_hidden()


def test_a_ballot_may_be_changed_where_the_rules_allow_it(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(ballot_may_change=True))
    server.tell_mine(on_record("for", "09:30"))
    choice(tablet, "Thay đổi lựa chọn").click()
    choice(tablet, "Không tán thành").click()
    choice(tablet, "Gửi phiếu").click()
    expect(said(tablet)).to_have_text("Đang gửi: Không tán thành…")

    server.acknowledge("09:45")

    expect(said(tablet)).to_have_text("Đã nhận lúc 09:45: Không tán thành")


# -- Ballots put together from several presses -------------------------------------------------------------------------

RATED = [f"Người thứ {number}, Giám đốc Sở" for number in range(1, 13)]
RATING = {"kind": "rating", "subjects": subjects_of(RATED), "options": LEVELS}
ELECTION = {"kind": "election", "options": own_choices(["An", "Bình", "Chi"]), "seats": 2}


def rate(page: Page, number: int, level: str) -> None:
    page.locator(f"[data-subject=p-{number}]").get_by_role("button", name=level, exact=True).press("Enter")


def test_a_list_of_twelve_is_rated_by_keyboard_on_one_page_and_survives_pushes_and_a_reload(
    tablet: Page, server: PollServer
) -> None:
    server.show(poll=panel(terms=RATING))
    server.show_beside(tablet)
    for number in range(1, 12):
        rate(tablet, number, "Tín nhiệm cao")
    server.show(poll=panel(terms=RATING, roll="12 14 15"))
    server.show_beside(tablet)
    expect(tablet.locator("[data-progress]")).to_have_text("Đã đánh giá: 11 trên 12")
    expect(choice(tablet, "Gửi phiếu")).to_be_hidden()

    server.state["poll"] = panel(terms=RATING)
    tablet.reload()
    expect(tablet.locator("[data-progress]")).to_have_text("Đã đánh giá: 11 trên 12")
    rate(tablet, 12, "Tín nhiệm thấp")
    choice(tablet, "Gửi phiếu").press("Enter")
    server.acknowledge()

    expect(said(tablet)).to_have_text("Đã nhận lúc 09:41: mức tín nhiệm cho 12 người")
    [(_socket, op)] = server.kept
    assert op["choice"] == ";".join([*(f"p-{n}=high" for n in range(1, 12)), "p-12=low"])


def test_in_an_election_no_more_are_chosen_than_there_are_seats(tablet: Page, server: PollServer) -> None:
    server.show(poll=panel(terms=ELECTION))
    server.show_beside(tablet)
    for name in ("Chi", "An", "Bình"):
        choice(tablet, name).dispatch_event("click")
    expect(choice(tablet, "Bình")).to_have_attribute("aria-pressed", "false")
    expect(choice(tablet, "Bình")).to_have_attribute("aria-disabled", "true")
    choice(tablet, "An").click()
    choice(tablet, "Bình").click()
    choice(tablet, "Gửi phiếu").click()
    server.acknowledge()

    expect(said(tablet)).to_have_text("Đã nhận lúc 09:41: Bình, Chi")
