"""The leadership page: a sentence, both verdicts, and behind every number its sessions."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import OrganisationRole
from meetings import actions as meeting_actions
from meetings.models import Meeting, Pause
from targets import actions
from targets.models import Baseline
from tests.council import Council, client_of
from tests.targets.province import START_OF_USE, WINDOW_FROM, add_series, began, hold, make_history, make_leader
from tests.targets.test_baselines import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(council: Council) -> Client:
    make_leader(council)
    return client_of(council.chair)


def page_of(client: Client, address: str = "/targets/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_leader_reads_one_sentence_and_both_verdicts(council: Council, leader: Client) -> None:
    make_history(council)
    page = page_of(leader)
    assert re.search(r"ngắn hơn \d\d,\d\xa0%", page)
    assert "36 phiên trước và 36 phiên sau" in page
    assert page.count('class="verdict"') == 2
    assert "6 phiên trong các tháng làm quen" in page


def test_no_result_before_the_baseline_is_frozen(council: Council, leader: Client) -> None:
    baseline = actions.enter_baseline(
        council.series, by=council.secretary, window_from=WINDOW_FROM, start_of_use=START_OF_USE
    )
    actions.add_sessions(baseline, [held(month) for month in range(1, 9)], by=council.secretary)
    for number in range(14, 24):
        hold(council, council.series, began(number), 60)
    page = page_of(leader)
    assert "Chưa có gì để so sánh" in page
    assert "số liệu gốc đang nhập" in page
    assert "ngắn hơn" not in page.split("</nav>")[-1].replace("Phiên họp có ngắn hơn trước không?", "")
    actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=8)
    assert re.search(r"ngắn hơn \d\d,\d\xa0%", page_of(leader))


def test_too_few_sessions_say_so_instead_of_a_number(council: Council, leader: Client) -> None:
    add_series(council, 0, before=12, after=5)
    page = page_of(leader)
    assert "Chưa đủ phiên họp để đưa ra con số." in page
    assert "chưa đủ phiên để tính" in page
    assert 'class="verdict"' not in page


def test_medians_listed_series_and_corrections_are_named(council: Council, leader: Client) -> None:
    make_history(council, series=1)
    add_series(council, 1, before=8, after=12)
    add_series(council, 2, before=12, after=4)
    corrected = Meeting.objects.filter(series__baseline__isnull=False).order_by("-starts_at")[0]
    meeting_actions.correct_time(
        corrected,
        by=council.secretary,
        which="ended_at",
        value=corrected.ended_at + timedelta(minutes=30),
        reason="Bấm kết thúc sớm",
    )
    page = page_of(leader)
    assert "Dùng trung vị thay cho trung bình nhân" in page
    assert "Chỉ liệt kê, không tính vào con số chung" in page
    assert "1 phiên có đính chính thời gian" in page
    assert "đã đính chính thời gian" in page_of(leader, "/targets/sessions/?phase=corrected")


def test_pauses_corrections_and_sessions_by_mistake(council: Council, leader: Client) -> None:
    baseline = add_series(council, 0, after=0)
    meeting = hold(council, baseline.series, began(14), 100)
    Pause.objects.create(
        meeting=meeting,
        began_at=meeting.started_at + timedelta(minutes=10),
        ended_at=meeting.started_at + timedelta(minutes=30),
    )
    hold(council, baseline.series, began(15), 2)
    rows = exported(leader, "?phase=after")
    assert [row["Thời gian họp thực tế (giây)"] for row in rows] == [str(80 * 60)]
    rows = exported(leader, "?phase=too_short")
    assert [(row["Thời gian họp thực tế (giây)"], row["Được so sánh"]) for row in rows] == [("120", "không")]


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/targets/sessions/table.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


# -- Behind the numbers ------------------------------------------------------------------------------------------------


def test_every_number_opens_as_many_sessions_as_it_says(council: Council, leader: Client) -> None:
    make_history(council, series=2)
    add_series(council, 2, before=9, after=3)
    page = page_of(leader)
    links = re.findall(r'<a href="(/targets/sessions/\?[^"]+)">(\d+)</a>', page)
    assert len(links) > 10
    for address, count in links:
        assert re.search(rf"<h1>{count} phiên họp</h1>", page_of(leader, address)), address
    compared = re.search(r'id="headline"><a href="([^"]+)"', page)
    assert compared is not None
    assert "<h1>48 phiên họp</h1>" in page_of(leader, compared.group(1))


def test_a_session_leads_to_its_record_only_for_those_who_may_open_it(council: Council, leader: Client) -> None:
    baseline = add_series(council, 0)
    last = Meeting.objects.filter(series=baseline.series).latest("starts_at")
    page = page_of(leader, "/targets/sessions/?phase=after")
    assert last.title not in page
    assert f"/meetings/{last.pk}/" not in page
    assert last.title not in leader.get("/targets/sessions/table.csv").content.decode()
    admin = client_of(council.unit_admin)
    assert f'href="/meetings/{last.pk}/"' in page_of(admin, "/targets/sessions/?phase=after")
    first = baseline.sessions.first()
    assert first is not None
    minutes = f"/targets/baseline-sessions/{first.pk}/"
    assert minutes in page_of(leader, "/targets/sessions/?phase=before")
    assert first.source in page_of(leader, minutes)


def test_the_period_narrows_what_was_measured_and_never_the_baseline(council: Council, leader: Client) -> None:
    make_history(council, series=1)
    page = page_of(leader, "/targets/?first=2026-01-01&last=2026-06-30")
    assert "12 phiên trước và 6 phiên sau" in page


@pytest.mark.parametrize(
    "query", ["first=2026-02-31", "unit=999999", "unit=x", "series=-1", "first=2026-06-01&last=2026-01-01"]
)
def test_nonsense_in_the_filters_gets_a_sentence(council: Council, leader: Client, query: str) -> None:
    make_history(council, series=1)
    answer = leader.get(f"/targets/?{query}")
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert leader.get(f"/targets/sessions/?{query}").status_code == 422
    assert leader.get("/targets/sessions/?month=x&level=y&phase=z").status_code == 422


def test_what_somebody_named_a_formula_stays_a_text(council: Council, leader: Client) -> None:
    baseline = actions.enter_baseline(
        council.series, by=council.secretary, window_from=WINDOW_FROM, start_of_use=START_OF_USE
    )
    session = actions.add_session(baseline, held(1), by=council.secretary)
    actions.change_session(
        session,
        actions.HeldSession(session.began_at, session.ended_at, "=cmd|' /C calc'!A0"),
        by=council.secretary,
    )
    actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=1)
    assert exported(leader)[0]["Biên bản hoặc phiên họp"].startswith("'=cmd")
    assert leader.get("/targets/sessions/table.xlsx").status_code == 200


# -- Who ---------------------------------------------------------------------------------------------------------------

PAGES = (
    "/targets/",
    "/targets/sessions/",
    "/targets/sessions/table.csv",
    "/targets/members/",
    "/targets/members/table.csv",
    "/targets/charts/series/",
)


@pytest.mark.parametrize("address", PAGES)
def test_leaders_and_administrators_read_figures_and_nobody_else(council: Council, address: str) -> None:
    make_leader(council)
    make_history(council, series=1)
    readers = {who for who, person in council.cast.items() if client_of(person).get(address).status_code == 200}
    assert readers == {"chair", "unit_admin", "other_unit_admin", "system_admin"}
    others = {who: client_of(person).get(address).status_code for who, person in council.cast.items()}
    assert {status for who, status in others.items() if who not in readers} == {404}


def test_a_unit_sees_its_own_figures_alone(council: Council) -> None:
    mine, theirs = make_history(council, series=1)[0], add_series(council, 1, organisation=council.other_unit)
    page = page_of(client_of(council.other_unit_admin))
    assert theirs.series.name in page
    assert mine.series.name not in page
    client = client_of(council.other_unit_admin)
    assert client.get(f"/targets/?series={mine.series_id}").status_code == 422
    assert client.get(f"/targets/baselines/{mine.pk}/").status_code == 404
    assert {row["Mã loại phiên họp"] for row in exported(client)} == {str(theirs.series_id)}


def test_a_leader_only_of_a_unit_below_sees_no_more(council: Council) -> None:
    OrganisationRole.objects.create(
        person=council.outsider, organisation=council.other_unit, role=OrganisationRole.Role.LEADERSHIP
    )
    make_history(council, series=1)
    assert "Chưa có gì để so sánh" in page_of(client_of(council.outsider))


# -- Cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_more_series_and_sessions_cost_no_more_questions(council: Council, leader: Client, address: str) -> None:
    make_history(council, series=1)
    leader.get(address)
    with CaptureQueriesContext(connection) as one:
        leader.get(address)
    add_series(council, 1)
    add_series(council, 2)
    leader.get(address)
    with CaptureQueriesContext(connection) as three:
        leader.get(address)
    assert len(three) == len(one)


def test_the_same_data_are_computed_once(council: Council, leader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    make_history(council, series=1)
    first = page_of(leader)
    counted = []
    monkeypatch.setattr("targets.figures.computed", lambda *data: counted.append(data))
    assert "36" in first or "12 phiên trước" in first
    page_of(leader)
    assert counted == []
    monkeypatch.undo()
    hold(council, Baseline.objects.get().series, began(26), 30)
    assert "12 phiên trước và 13 phiên sau" in page_of(leader)


# -- Charts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["series", "units", "levels", "months"])
def test_a_chart_leads_to_sessions_and_keeps_to_the_rules_of_the_page(
    council: Council, leader: Client, name: str
) -> None:
    make_history(council)
    svg = leader.get(f"/targets/charts/{name}/").content.decode()
    assert svg.startswith('<svg role="group" aria-label="')
    assert "/targets/sessions/?" in svg
    assert not re.search(r"style=|<script|xlink:href|#0000|https?://(?!www\.w3\.org)", svg)
    if name in {"series", "months"}:  # there is but one unit, of one level: the page does not divide by them
        assert svg in leader.get("/targets/").content.decode()  # kept from now on


def test_without_the_drawing_library_there_is_the_table(
    council: Council, leader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    make_history(council, series=1)
    assert leader.get("/targets/charts/series/").content == b""
    assert "Bảng số liệu" in page_of(leader)
