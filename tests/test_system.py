"""How the system is: what machines, Prometheus and administrators are told, and what strangers are not."""

import queue
import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import health
from config.source import source_files
from realtime import metrics
from realtime.operations import Offer
from realtime.principals import Principal
from realtime.writer import Writer
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db(transaction=True)


def healthz() -> tuple[int, dict[str, object]]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def test_a_healthy_installation_says_so_to_anybody_and_nothing_else():
    assert healthz() == (200, {"ok": True, "ailing": []})


def test_a_database_that_does_not_answer_is_said_within_two_seconds_however_often_one_asks(
    monkeypatch: pytest.MonkeyPatch,
):
    is_over, begun = threading.Event(), []

    def hang() -> health.Found:
        begun.append(time.monotonic())
        is_over.wait(20)
        return health.State.WELL, "", ""

    monkeypatch.setattr(health, "LOOKS", [("database", hang, health.State.DOWN), *health.LOOKS[1:]])
    began = time.monotonic()
    try:
        assert healthz() == (503, {"ok": False, "ailing": ["database"]})
        assert time.monotonic() - began < 2
        monkeypatch.setattr(health, "LOOKS_SECONDS_MOST", 0.5)  # the others answer sooner
        for _time in range(8):
            assert healthz() == (503, {"ok": False, "ailing": ["database"]})
        assert len(begun) == 1
    finally:
        is_over.set()
        health.looking["database"].result(5)
    monkeypatch.undo()
    assert healthz() == (200, {"ok": True, "ailing": []})


def test_a_database_that_refuses_is_down(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
    status, told = healthz()
    assert (status, told["ok"], "database" in told["ailing"]) == (503, False, True)


def test_an_update_whose_tables_are_not_there_yet_is_down_until_they_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "tables_stood", threading.Event())
    last = MigrationRecorder.Migration.objects.filter(app="voting").latest("id")
    last.delete()
    try:
        assert healthz() == (503, {"ok": False, "ailing": ["tables"]})
    finally:
        MigrationRecorder.Migration.objects.create(app=last.app, name=last.name)
    assert healthz() == (200, {"ok": True, "ailing": []})


def test_redis_that_does_not_answer_ails_and_people_work_on(settings: LazySettings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert healthz() == (200, {"ok": True, "ailing": ["redis"]})


@pytest.mark.parametrize(
    ("minutes", "status_of_another", "ailing"),
    [(0, None, []), (2, None, ["worker"]), (2, "RUNNING", []), (16, "RUNNING", ["worker"])],
)
def test_work_that_nobody_takes_tells_that_no_worker_runs(
    minutes: int, status_of_another: str | None, ailing: list[str]
):
    put_work_in_line(timezone.now() - timedelta(minutes=minutes))
    if status_of_another:
        put_work_in_line(timezone.now(), status=status_of_another)
    assert healthz() == (200, {"ok": True, "ailing": ailing})


def put_work_in_line(at, status: str = "READY") -> None:
    work = DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="documents.tasks.read",
        backend_name="default",
        run_after=at,
        exception_class_path="",
        traceback="",
    )
    DBTaskResult.objects.filter(pk=work.pk).update(enqueued_at=at)


@pytest.mark.parametrize(("free", "status", "ailing"), [(100, 503, ["disk"]), (1000, 200, ["disk"]), (5000, 200, [])])
def test_a_full_disk_is_down_before_it_is_full(
    free: int, status: int, ailing: list[str], monkeypatch: pytest.MonkeyPatch
):
    usage = type("Usage", (), {"free": free * 1024**2})
    monkeypatch.setattr("shutil.disk_usage", lambda place: usage)
    assert healthz() == (status, {"ok": status == 200, "ailing": ailing})


# -- The page ----------------------------------------------------------------------------------------------------------


def test_the_page_is_there_for_those_who_administer_the_system_alone(council: Council):
    told = {name: client_of(person).get("/system/").status_code for name, person in council.cast.items()}
    assert {name for name, status in told.items() if status == 200} == {"system_admin"}
    assert {status for name, status in told.items() if name != "system_admin"} == {404}
    units = client_of(council.unit_admin).get("/account/administration/units/").content.decode()
    assert "/system/" not in units


def test_the_page_says_in_words_what_ails_and_what_to_do(council: Council, settings: LazySettings):
    client = client_of(council.system_admin)
    assert "Mọi thứ hoạt động tốt." in client.get("/system/").content.decode()
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    page = client.get("/system/").content.decode()
    assert "Vẫn làm việc được, nhưng có chỗ cần xem." in page
    assert "không mất gì. Hãy kiểm tra Redis có chạy không." in page


def test_what_was_found_is_said_in_the_readers_language(council: Council):
    client = client_of(council.system_admin)
    assert re.search(r"Còn trống [\d.]+,\d GB\.", client.get("/system/").content.decode())
    client.cookies["django_language"] = "en"
    assert re.search(r"[\d.]+,\d GB are free\.", client.get("/system/").content.decode())


def test_every_page_says_of_which_version_it_is(council: Council, settings: LazySettings):
    """Tabs share a line when they are of one version."""
    assert f'data-build="{settings.VERSION}"' in client_of(council.member).get("/").content.decode()


# -- Counts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["", "Bearer ", "Bearer wrong", "secret"])
def test_counts_are_told_to_whoever_knows_the_token_alone(told: str, settings: LazySettings):
    headers = {"Authorization": told} if told else {}
    assert Client().get("/metrics", headers=headers).status_code == 404
    settings.METRICS_TOKEN = "secret"
    assert Client().get("/metrics", headers=headers).status_code == 404
    answer = Client().get("/metrics", headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 200
    assert "phien_connections" in answer.content.decode()


def test_a_writer_that_hangs_is_said(monkeypatch: pytest.MonkeyPatch):
    is_over, answers = threading.Event(), queue.Queue[Any]()
    stuck = Writer()
    monkeypatch.setattr("realtime.writer.writer", stuck)
    monkeypatch.setattr("realtime.writer.apply_offers", lambda offers: is_over.wait(20) and [{"t": "ack"}])
    monkeypatch.setattr(health, "WRITER_SECONDS_MOST", 0.05)
    stuck.offer([an_offer()], answers.put)
    time.sleep(0.1)
    assert healthz() == (503, {"ok": False, "ailing": ["writer"]})
    is_over.set()
    answers.get(timeout=10)
    time.sleep(0.05)
    assert healthz() == (200, {"ok": True, "ailing": []})


def an_offer() -> Offer:
    return Offer(Principal("person:1", "vi"), {"op": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "t": "no_such_act"})


def answer_of(writer: Writer, offer: Offer) -> Any:
    answers: queue.Queue[Any] = queue.Queue()
    writer.offer([offer], answers.put)
    return answers.get(timeout=10)[0]


def test_a_batch_that_was_written_and_a_line_that_was_full_are_counted():
    before = metrics.summary()
    offer = an_offer()
    assert answer_of(Writer(), offer)["code"] == "invalid"
    assert answer_of(Writer(waiting_most=0), offer)["code"] == "busy"
    after = metrics.summary()
    assert after.busy - before.busy == 1
    assert after.batch_ms is not None


def test_the_source_that_is_handed_out_holds_every_part(settings: LazySettings):
    parts = {path.relative_to(settings.BASE_DIR).parts[0] for path in source_files(settings.BASE_DIR)}
    assert parts >= {"config", "accounts", "meetings", "documents", "voting", "targets", "realtime", "manage.py"}
