"""Nine members vote on tablets as tablets are: asleep, without a network, late, two in one hand, loaded again.

The chair has no pointer: opening, voting, closing and announcing go by the keyboard alone.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, TABLET, Cast
from tests.journeys.nine import LATE, MEMBERS, QUESTION

BEGIN = "from tests.journeys.nine import begin; print(begin())"
FOR, AGAINST, NOT_VOTING = "Tán thành", "Không tán thành", "Không biểu quyết"
KEYS = {FOR: "for", AGAINST: "against", NOT_VOTING: "not_voting"}


class Hall:
    """The members' tablets in front of the session, and which of them were loaded again."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        begun = json.loads(cast.office.manage("shell", "-v0", "-c", BEGIN).splitlines()[-1])
        self.meeting, self.log_ins = begun["meeting"], begun["log_ins"]
        self.tablets = {name: self.seat(name) for name in MEMBERS}

    def seat(self, name: str, *, again: bool = False) -> Page:
        """One more tablet of somebody, on the floor; its first load is remembered."""
        address = self.cast.office.address(name)
        context = self.cast.browser.new_context(viewport=TABLET, has_touch=True, base_url=address, locale="vi-VN")
        context.add_cookies([{"name": "sessionid", "value": self.log_ins[name], "url": address}])
        page = self.cast.open(context, f"{name}-again" if again else name)
        page.goto(f"{self.meeting}floor/")
        page.evaluate("window.firstLoad = true")
        return page

    def desk_of_the_chair(self) -> Page:
        page = self.cast.open(self.tablets["chair"].context, "chair-desk")
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.goto(f"{self.meeting}desk/")
        return page

    def loaded_again(self) -> set[str]:
        return {name for name, page in self.tablets.items() if not page.evaluate("window.firstLoad")}


class Sleep:
    """A tablet with a dark screen: no script of its page runs, and nothing comes through to it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.line = page.context.new_cdp_session(page)
        self.line.send("Debugger.enable")
        stopped: list[object] = []
        self.line.on("Debugger.paused", lambda told: stopped.append(told))  # noqa: PLW0108 - Playwright takes no built-ins
        self.line.send("Runtime.evaluate", {"expression": "setTimeout(() => { debugger; })"})
        while not stopped:
            self.line.send("Runtime.evaluate", {"expression": "0"})  # what came over the line is heard meanwhile
        page.context.set_offline(True)

    def shows(self, selector: str) -> bool:
        asked = {"expression": f"document.querySelector({json.dumps(selector)}) !== null"}
        return bool(self.line.send("Runtime.evaluate", asked)["result"]["value"])

    def wake(self) -> None:
        self.page.context.set_offline(False)
        self.line.send("Debugger.resume")
        self.line.detach()


@pytest.fixture
def hall(cast: Cast) -> Hall:
    return Hall(cast)


def ballot(tablet: Page) -> Locator:
    return tablet.locator("poll-ballot")


def said(tablet: Page) -> Locator:
    return ballot(tablet).locator("[data-said]")


def choose(tablet: Page, choice: str) -> None:
    ballot(tablet).get_by_role("button", name=choice, exact=True).click()


def send(tablet: Page) -> None:
    ballot(tablet).get_by_role("button", name="Gửi phiếu").click()


def vote(tablet: Page, choice: str) -> None:
    choose(tablet, choice)
    send(tablet)
    expect(said(tablet)).to_have_text(received(choice))


def received(choice: str) -> re.Pattern[str]:
    return re.compile(rf"^Đã nhận lúc \d\d:\d\d: {choice}$")


def press_the_next_act(desk: Page, act: str) -> None:
    """N is the next sensible act; it asks back, and Enter confirms."""
    expect(desk.locator('[data-key="n"]')).to_contain_text(act)
    desk.keyboard.press("n")
    expect(desk.locator(".confirm button", has_text=act)).to_be_focused()
    desk.keyboard.press("Enter")


def tab_to(page: Page, button: Locator, most: int = 60) -> None:
    expect(button).to_be_visible()
    for _ in range(most):
        if button.evaluate("button => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {button}")


def vote_by_keyboard(tablet: Page, choice: str) -> None:
    for name in (choice, "Gửi phiếu"):
        tab_to(tablet, ballot(tablet).get_by_role("button", name=name, exact=True))
        tablet.keyboard.press("Enter")
    expect(said(tablet)).to_have_text(received(choice))


def test_nine_members_vote_one_asleep_one_offline_one_late_one_with_two_tablets(hall: Hall, tmp_path: Path) -> None:
    tablets = hall.tablets
    second_tablet = hall.seat("fifth", again=True)
    desk = hall.desk_of_the_chair()
    for tablet in (*tablets.values(), second_tablet, desk):
        expect(tablet.locator("html")).to_have_attribute("data-connection", "live")
    asleep = Sleep(tablets["member"])

    press_the_next_act(desk, "Mở biểu quyết")
    for tablet in (*(tablets[name] for name in MEMBERS if name not in {"member", LATE}), second_tablet):
        expect(ballot(tablet)).to_contain_text("Chọn một")
    vote_without_a_line(tablets["second"])
    load_again_in_the_middle(tablets["sixth"])
    vote_on_one_of_two(tablets["fifth"], second_tablet)
    come_late_and_vote(tablets[LATE])
    vote(tablets["seventh"], AGAINST)
    vote(tablets["eighth"], NOT_VOTING)
    vote_by_keyboard(tablets["chair"], FOR)
    assert not asleep.shows("poll-ballot")
    asleep.wake()
    vote(tablets["member"], FOR)
    tablets["second"].context.set_offline(False)
    expect(said(tablets["second"])).to_have_text(received(FOR))

    expect(desk.locator(".room-middle")).to_contain_text("Đã biểu quyết 8/9")
    press_the_next_act(desk, "Kết thúc biểu quyết")
    expect(said(tablets["ninth"])).to_have_text("Không nhận được phiếu từ máy này.")
    press_the_next_act(desk, "Công bố kết quả")

    assert len({result_shown(tablet) for tablet in (*tablets.values(), second_tablet)}) == 1
    announced_is_stored_is_acknowledged(desk, tablets, tmp_path)
    assert hall.loaded_again() == {"sixth"}
    assert second_tablet.evaluate("window.firstLoad")
    assert hall.cast.errors == []


def vote_without_a_line(tablet: Page) -> None:
    """The line goes after the ballot came: what is sent waits on the tablet, and its member is told so."""
    tablet.context.set_offline(True)
    expect(tablet.locator("html")).to_have_attribute("data-connection", "offline")
    choose(tablet, FOR)
    send(tablet)
    expect(said(tablet)).to_contain_text("được giữ trên máy này")


def load_again_in_the_middle(tablet: Page) -> None:
    choose(tablet, FOR)
    tablet.reload()
    expect(said(tablet)).to_have_text(f"Đã chọn: {FOR}. Chưa gửi.")
    send(tablet)
    expect(said(tablet)).to_have_text(received(FOR))


def vote_on_one_of_two(tablet: Page, other: Page) -> None:
    """The other tablet of the same member knows, and asks no more."""
    vote(tablet, FOR)
    expect(said(other)).to_have_text(received(FOR))
    expect(ballot(other).get_by_role("button", name=AGAINST, exact=True)).to_be_hidden()


def come_late_and_vote(tablet: Page) -> None:
    expect(said(tablet)).to_contain_text("chưa điểm danh")
    tablet.get_by_role("button", name="Tôi có mặt").click()
    vote(tablet, AGAINST)


def result_shown(tablet: Page) -> str:
    expect(ballot(tablet).locator(".poll-outcome")).to_have_text(re.compile("Được thông qua"))
    return ballot(tablet).locator(".poll-bars").inner_text()


def announced_is_stored_is_acknowledged(desk: Page, tablets: dict[str, Page], folder: Path) -> None:
    acknowledged = {name: ballot_acknowledged(tablet) for name, tablet in tablets.items()}
    assert acknowledged == {
        **dict.fromkeys(("chair", "member", "second", "fifth", "sixth"), "for"),
        **{LATE: "against", "seventh": "against", "eighth": "not_voting", "ninth": ""},
    }
    kept = the_file_of_the_vote(desk)
    people = {name: tablet.locator("body").get_attribute("data-person") for name, tablet in tablets.items()}
    assert stored_in(kept) == {people[name]: choice for name, choice in acknowledged.items() if choice}
    assert kept["result"]["counts"]["by_option"] == {"for": 5, "against": 2, "not_voting": 1}
    assert (kept["question"], kept["outcome"]) == (QUESTION, "passed")
    check_again(desk, kept, folder)


def ballot_acknowledged(tablet: Page) -> str:
    """What this tablet was told to be received, still shown beside the result; "" for a member without a ballot."""
    told = re.search(r"^Đã nhận lúc \d\d:\d\d: (.+)$", said(tablet).inner_text())
    return KEYS[told.group(1)] if told else ""


def the_file_of_the_vote(desk: Page) -> dict[str, Any]:
    [poll] = desk.locator(".desk-poll").all()
    key = str(poll.get_attribute("id")).removeprefix("poll-")
    return json.loads(fetched(desk, f"/polls/{key}/file.json"))


def fetched(page: Page, path: str) -> str:
    return str(page.evaluate("async (path) => (await fetch(path)).text()", path))


def stored_in(kept: dict[str, Any]) -> dict[str, str]:
    people = {line["key"]: str(line["person"]) for line in kept["roll"]}
    return {people[one["elector"]]: one["choice"] for one in kept["ballots"]}


def check_again(desk: Page, kept: dict[str, Any], folder: Path) -> None:
    """The program for a machine without this system counts the same, and finds log, roll and seals whole."""
    checker, file = folder / "check_vote.py", folder / "vote.json"
    checker.write_text(fetched(desk, "/polls/check_vote.py"), encoding="utf-8")
    file.write_text(json.dumps(kept), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(checker), str(file), "--en"], capture_output=True, check=False)
    assert done.stdout.decode() == "It holds: 8 ballots, 9 on the roll, result and log agree.\n"
