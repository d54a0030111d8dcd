"""Keeping a baseline through the pages: typed, brought in, looked through, signed; what is wrong is said and kept."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.sheets import csv_of, workbook_of
from targets import actions
from targets.models import Baseline
from tests.council import Council, client_of
from tests.targets.province import START_OF_USE, WINDOW_FROM, make_leader
from tests.targets.test_baselines import held

pytestmark = pytest.mark.django_db
TYPED = {"day": "2025-01-05", "began": "08:00", "ended": "11:30", "pause_minutes": "15", "source": "01/BB-UBND"}
HEADER = ["Ngày", "Bắt đầu", "Kết thúc", "Nghỉ (phút)", "Số biên bản"]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def secretary(council: Council) -> Client:
    return client_of(council.secretary)


@pytest.fixture
def baseline(council: Council) -> Baseline:
    return actions.enter_baseline(
        council.series, by=council.secretary, window_from=WINDOW_FROM, start_of_use=START_OF_USE
    )


def words_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_from_the_first_form_to_the_signature(council: Council, secretary: Client) -> None:
    begun = {
        "series": council.series.pk,
        "start_of_use": "2025-09-01",
        "window_from": "2024-09-01",
        "learning_months": "2",
    }
    answer = secretary.post("/targets/baselines/new/", begun)
    baseline = Baseline.objects.get()
    assert answer.headers["Location"] == f"/targets/baselines/{baseline.pk}/"
    scan = SimpleUploadedFile("Biên bản.pdf", b"%PDF-1.7 scan")
    assert secretary.post(f"/targets/baselines/{baseline.pk}/sessions/", {**TYPED, "proof": scan}).status_code == 302
    session = baseline.sessions.get()
    assert session.net_minutes == 195
    kept = secretary.get(f"/targets/baseline-sessions/{session.pk}/proof/")
    assert b"".join(kept.streaming_content) == b"%PDF-1.7 scan"  # type: ignore[attr-defined]
    assert kept.headers["Content-Disposition"].startswith("attachment")
    changed = {**TYPED, "ended": "12:30"}
    assert secretary.post(f"/targets/baseline-sessions/{session.pk}/", changed).status_code == 302
    refused = secretary.post(f"/targets/baselines/{baseline.pk}/freezing/", {"freezing-declared_sessions": "12"})
    assert refused.status_code == 422
    assert "theo sổ biên bản, giai đoạn này có 12 phiên họp" in words_of(refused).lower()
    signed = secretary.post(f"/targets/baselines/{baseline.pk}/freezing/", {"freezing-declared_sessions": "1"})
    assert signed.status_code == 302
    page = words_of(secretary.get(f"/targets/baselines/{baseline.pk}/"))
    assert "1 phiên họp này là toàn bộ các phiên" in page
    assert "Không có phiên họp nào trong tháng 09/2024" in page
    assert council.secretary.full_name in page
    assert "<form class" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": ""}, "Nhập ngày"),
        ({"day": "2026-01-05"}, "nằm ngoài giai đoạn gốc"),
        ({"began": "8 giờ"}, "Giờ chưa đúng"),
        ({"ended": "07:00"}, "kết thúc trước khi bắt đầu"),
        ({"pause_minutes": "210"}, "dài bằng cả phiên họp"),
        ({"source": " "}, "số biên bản"),
        ({"pause_minutes": "-5"}, "error"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    secretary: Client, baseline: Baseline, wrong: dict[str, str], sentence: str
) -> None:
    answer = secretary.post(
        f"/targets/baselines/{baseline.pk}/sessions/", {**TYPED, "participants_count": "23", **wrong}
    )
    assert answer.status_code == 422
    page = words_of(answer)
    assert sentence.lower() in page.lower()
    assert 'value="23"' in page
    assert not baseline.sessions.exists()


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b""])
def test_a_scan_of_another_kind_is_refused(secretary: Client, baseline: Baseline, content: bytes) -> None:
    file = SimpleUploadedFile("a.pdf", content)
    answer = secretary.post(f"/targets/baselines/{baseline.pk}/sessions/", {**TYPED, "proof": file})
    assert answer.status_code == 422
    assert not baseline.sessions.exists()


def test_a_window_that_is_none_is_refused_beside_the_form(council: Council, secretary: Client) -> None:
    begun = {"series": council.series.pk, "start_of_use": "2025-09-01", "window_from": "2025-05-01"}
    answer = secretary.post("/targets/baselines/new/", {**begun, "learning_months": "2"})
    assert answer.status_code == 422
    assert "Giai đoạn gốc phải là 12 đến 24 tháng" in words_of(answer)
    assert 'value="2025-05-01"' in words_of(answer)


# -- From a table ------------------------------------------------------------------------------------------------------


def shown(client: Client, baseline: Baseline, rows: list[list[str]], *, kind: str = "csv") -> Any:
    content = csv_of([HEADER, *rows]) if kind == "csv" else workbook_of("a", [HEADER, *rows])
    return client.post(f"/targets/baselines/{baseline.pk}/import/", {"file": SimpleUploadedFile(f"a.{kind}", content)})


GOOD = [["05/01/2025", "08:00", "11:30", "15", "01/BB"], ["5/2/2025", "8h30", "11:00", "", "02/BB"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_shown_before_it_is_entered(secretary: Client, baseline: Baseline, kind: str) -> None:
    preview = shown(secretary, baseline, GOOD, kind=kind)
    assert preview.status_code == 200
    assert not baseline.sessions.exists()
    rows = re.search(r'name="rows" value="([^"]+)"', preview.content.decode())
    assert rows is not None
    answer = secretary.post(f"/targets/baselines/{baseline.pk}/import/entry/", {"rows": unescape(rows.group(1))})
    assert answer.status_code == 302
    assert [session.net_minutes for session in baseline.sessions.all()] == [195, 150]


def test_one_wrong_row_keeps_all_of_them_out_and_is_named(secretary: Client, baseline: Baseline) -> None:
    rows = [*GOOD, ["31/02/2025", "08:00", "10:00", "", "03/BB"], ["05/01/2025", "09:00", "10:00", "", ""]]
    answer = shown(secretary, baseline, rows)
    page = words_of(answer)
    assert answer.status_code == 422
    assert "2 dòng" in page
    assert "Số biên bản: " in page
    assert 'name="rows"' not in page
    assert not baseline.sessions.exists()


def test_rows_that_overlap_are_named(secretary: Client, baseline: Baseline) -> None:
    answer = shown(secretary, baseline, [*GOOD, ["05/01/2025", "09:00", "10:00", "", "03/BB"]])
    assert "trùng thời gian với một phiên đã nhập: 01/BB" in words_of(answer)


def test_rows_shown_to_one_person_are_entered_by_nobody_else(
    council: Council, secretary: Client, baseline: Baseline
) -> None:
    rows = re.search(r'name="rows" value="([^"]+)"', shown(secretary, baseline, GOOD).content.decode())
    assert rows is not None
    address = f"/targets/baselines/{baseline.pk}/import/entry/"
    assert client_of(council.unit_admin).post(address, {"rows": unescape(rows.group(1))}).status_code == 302
    assert not baseline.sessions.exists()


# -- Who, and when not -------------------------------------------------------------------------------------------------


def doors(baseline: Baseline) -> list[str]:
    session = baseline.sessions.first()
    assert session is not None
    own = f"/targets/baselines/{baseline.pk}"
    return [
        *(f"{own}/{door}/" for door in ("window", "sessions", "import", "import/entry", "freezing", "withdrawal")),
        f"/targets/baseline-sessions/{session.pk}/",
        f"/targets/baseline-sessions/{session.pk}/removal/",
    ]


def filled() -> dict[str, str]:
    return {
        **TYPED,
        "day": "2025-03-05",
        "freezing-declared_sessions": "1",
        "start_of_use": "2025-09-01",
        "window_from": "2024-08-01",
        "learning_months": "2",
    }


@pytest.mark.parametrize(
    ("who", "status"), [("chair", 403), ("outsider", 404), ("other_unit_admin", 404), ("member", 404)]
)
def test_who_keeps_no_numbers_changes_none(council: Council, baseline: Baseline, who: str, status: int) -> None:
    make_leader(council)
    actions.add_session(baseline, held(1), by=council.secretary)
    client = client_of(council.cast[who])
    for door in doors(baseline):
        assert client.post(door, filled()).status_code == status, door
    assert client.get(f"/targets/baselines/{baseline.pk}/").status_code == (200 if status == 403 else 404)
    baseline.refresh_from_db()
    assert (baseline.state, baseline.window_from, baseline.sessions.count()) == ("draft", WINDOW_FROM, 1)


def test_a_frozen_baseline_is_closed_to_its_keeper_too(council: Council, secretary: Client, baseline: Baseline) -> None:
    actions.add_session(baseline, held(1), by=council.secretary)
    actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=1)
    for door in doors(baseline):
        answer = secretary.post(door, filled())
        assert answer.status_code == 422, door
        assert "không thể thay đổi" in words_of(answer), door
    assert baseline.sessions.get().held_on == held(1).held_on


def test_the_list_and_a_baseline_cost_the_same_with_more_rows(
    council: Council, secretary: Client, baseline: Baseline
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as asked:
            secretary.get("/targets/baselines/")
            secretary.get(f"/targets/baselines/{baseline.pk}/")
        return len(asked)

    actions.add_session(baseline, held(1), by=council.secretary)
    counted()
    one = counted()
    actions.add_sessions(baseline, [held(2), held(3)], by=council.secretary)
    assert counted() == one + 0
