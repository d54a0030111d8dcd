"""Reading papers in: page by page, in a child that may be killed, in a job that may be killed as well."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from PIL import Image

from documents import actions, children, intake, rendering
from documents.children import Child, ChildRefused, Limits
from documents.models import Document, DocumentVersion, Page
from realtime.refusals import Refusal
from tests.council import Council, client_of
from tests.documents import papers

State = DocumentVersion.State


def test_a_paper_that_came_in_is_read_page_by_page(council: Council) -> None:
    version = papers.add_paper(council, "Tờ trình\nDự toán", "Phụ lục").versions.get()
    assert (version.state, version.page_count, version.pages_drawn) == (State.WAITING, 2, 0)

    papers.work()
    version.refresh_from_db()
    assert (version.state, version.pages_drawn) == (State.READY, 2)
    first, second = version.pages.all()
    assert [span["text"] for span in first.text["spans"]] == ["Tờ trình", "Dự toán"]
    assert (first.raster, second.raster) == ("ready", "ready")
    assert (first.width_pt, first.height_pt, first.matrix) == (595, 842, [1, 0, 0, -1, 0, 842])


def test_the_first_page_of_every_paper_comes_before_the_second_of_any(council: Council) -> None:
    for _number in range(3):
        papers.add_paper(council, "một", "hai")
    order = []
    while (job := DBTaskResult.objects.ready().first()) is not None:
        order.append(job.task.name)
        job.claim("worker")
        job.task.call(*job.task_result.args)
        job.set_successful(None)
    assert order == ["read_first_page"] * 3 + ["read_rest"] * 3


def test_readers_find_a_paper_as_soon_as_its_first_page_is_there(council: Council) -> None:
    document = papers.add_paper(council, "một", "hai")
    assert list(Document.objects.visible_to(council.member)) == []
    intake.read_first_page.call(str(document.versions.get().pk))
    assert list(Document.objects.visible_to(council.member)) == [document]
    assert document.versions.get().state == State.READING


def test_a_job_that_is_done_twice_or_starts_again_half_way_changes_nothing(council: Council) -> None:
    version = papers.add_paper(council, "một", "hai", "ba").versions.get()
    intake.read_first_page.call(str(version.pk))
    papers.work()
    before = list(Page.objects.values_list("pk", "raster", "text"))
    for job in (intake.read_first_page, intake.read_rest, intake.read_rest):
        job.call(str(version.pk))
    version.refresh_from_db()
    assert list(Page.objects.values_list("pk", "raster", "text")) == before
    assert (version.state, version.pages_drawn) == (State.READY, 3)


def test_a_worker_that_starts_takes_back_what_its_killed_self_left(council: Council) -> None:
    version = papers.add_paper(council, "một", "hai").versions.get()
    DBTaskResult.objects.ready().first().claim("worker-1")
    assert intake.take_back_orphans("worker-2") == 0
    assert intake.take_back_orphans("worker-1") == 1
    papers.work()
    version.refresh_from_db()
    assert version.state == State.READY


def test_a_paper_whose_job_went_wrong_is_put_in_line_again(council: Council) -> None:
    version = papers.add_paper(council, "một", "hai").versions.get()
    intake.read_first_page.call(str(version.pk))
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    assert intake.take_back_orphans("worker") == 1
    papers.work()
    version.refresh_from_db()
    assert (version.state, version.pages_drawn) == (State.READY, 2)


def test_the_same_content_is_drawn_once(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    content, drawn = papers.pdf("một"), []
    original = Child.raster
    monkeypatch.setattr(Child, "raster", lambda self, *args: drawn.append(args) or original(self, *args))
    for name in ("mot.pdf", "hai.pdf"):
        actions.add_paper(
            council.meeting, by=council.secretary, file=papers.upload(content, name), declared_grade="none"
        )
    papers.work()
    assert drawn == [(1, 1600), (1, 200)]


# -- Hostile files -----------------------------------------------------------------------------------------------------


SLOW = Limits(answer_seconds=60, cpu_seconds=2)
NARROW = Limits(answer_seconds=300, cpu_seconds=60, memory_mb=300)


@pytest.mark.parametrize(
    ("content", "page", "limits", "reason"),
    [(papers.endless_pdf(good_pages=1), 2, SLOW, "too_slow"), (papers.letter_bomb(), 1, NARROW, "too_much_memory")],
    ids=["time", "memory"],
)
def test_a_page_that_wants_too_much_is_stopped_within_its_limits(
    tmp_path: Path, content: bytes, page: int, limits: Limits, reason: str
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(content)
    assert len(content) < 1_000_000
    with Child(path, limits) as child:
        with pytest.raises(ChildRefused) as refused:
            child.text(page)
        assert refused.value.code == reason


def test_a_page_that_leaves_no_memory_to_look_why_is_refused_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_left() -> bool:
        raise MemoryError

    def gave_up() -> rendering.Answer:
        raise RuntimeError

    monkeypatch.setattr(rendering, "is_at_its_limit", nothing_left)
    assert rendering.answer_or_refusal(gave_up, "broken") == {"refusal": "too_much_memory"}


def test_a_hostile_page_costs_itself_and_the_service_answers_all_the_while(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LIMITS", SLOW)
    file = papers.upload(papers.endless_pdf(good_pages=1))
    version = actions.add_paper(council.meeting, by=council.secretary, file=file, declared_grade="none").versions.get()
    papers.work()
    version.refresh_from_db()
    assert (version.state, version.pages_drawn) == (State.READY, 2)
    client = client_of(council.member)
    pages = client.get(f"/p/{version.pk}/manifest.json").json()["pages"]
    assert [(page["ready"], page["failed"]) for page in pages] == [(True, False), (False, True)]
    assert client.get(f"/p/{version.pk}/1/1600.webp").status_code == 200
    assert client.get(f"/p/{version.pk}/2/1600.webp").status_code == 404


def test_a_file_hostile_from_its_first_page_on_is_refused_at_the_door(
    council: Council, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LIMITS", SLOW)
    client = client_of(council.secretary)
    sent = {"declared_grade": "none", "files": papers.upload(papers.endless_pdf(good_pages=0))}
    answer = client.post(f"/meetings/{council.meeting.pk}/papers/", sent, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["papers"][0]["code"]) == (422, "too_slow")
    assert not Document.objects.exists()
    assert list(files.rglob("*.pdf")) == []
    assert client.get(f"/meetings/{council.meeting.pk}/").status_code == 200


def test_a_file_with_hostile_pages_without_end_is_refused_as_a_whole(
    council: Council, files: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    version = papers.add_paper(council, *["Trang"] * 9).versions.get()
    monkeypatch.setattr(Child, "text", lambda self, page: killed())
    with django_capture_on_commit_callbacks(execute=True):
        papers.work()
    version.refresh_from_db()
    assert (version.state, version.refusal) == (State.REFUSED, "too_slow")
    assert not version.pages.exists()
    assert [path for path in files.rglob("*") if path.is_file()] == []
    client = client_of(council.secretary)
    assert client.get(f"/p/{version.pk}/manifest.json").json()["refusal"] != ""
    assert list(Document.objects.visible_to(council.member)) == []


def killed() -> dict:
    raise ChildRefused("too_slow")


def test_a_child_that_is_killed_from_outside_costs_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.pdf("một"))
    with Child(path) as child:
        child.inspect(page_limit=10)
        child.process.kill()
        with pytest.raises(ChildRefused):
            child.text(1)
        assert child.text(1)["spans"][0]["text"] == "một"


def test_a_child_knows_no_secret_of_the_service(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.pdf("một"))
    with Child(path) as child:
        child.inspect(page_limit=10)
        environment = Path(f"/proc/{child.process.pid}/environ").read_bytes()
        loaded = Path(f"/proc/{child.process.pid}/maps").read_text()
    assert b"SECRET" not in environment
    assert b"DATABASE" not in environment
    assert "django" not in loaded


def test_the_picture_is_sharp_and_no_larger_than_need_be(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.pdf("\n".join(["Dự toán ngân sách nhà nước năm 2027 của tỉnh"] * 30)))
    with Child(path) as child:
        pictures = [child.raster(1, tier) for tier in (1600, 2400)]
    assert [Image.open(io.BytesIO(found)).size for found in pictures] == [(1600, 2264), (2400, 3396)]
    assert len(pictures[0]) < 150_000


# -- A stamp of secrecy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "[ TỐI  MẬT ]", "M Ậ T", "ĐỘ MẬT: MẬT"])
def test_a_paper_whose_first_page_bears_a_stamp_is_held(council: Council, stamp: str) -> None:
    version = papers.add_readable_paper(council, f"Tờ trình\n{stamp}\nvề dự toán")
    assert version.state == State.HELD
    assert list(Document.objects.visible_to(council.member)) == []
    assert list(Document.objects.visible_to(council.secretary)) == [version.document]


@pytest.mark.parametrize("line", ["Luật Bảo vệ bí mật nhà nước", "bảo mật", "Không mật", "mật độ dân số"])
def test_the_word_in_a_sentence_is_no_stamp(council: Council, line: str) -> None:
    assert papers.add_readable_paper(council, f"Tờ trình\n{line}").state == State.READY


def test_a_stamp_on_a_later_page_holds_nothing(council: Council) -> None:
    assert papers.add_readable_paper(council, "Tờ trình", "TỐI MẬT").state == State.READY


def test_a_held_paper_keeps_the_meeting_from_being_published_until_a_person_answers_for_it(council: Council) -> None:
    from meetings.actions import publish

    council.meeting.state = council.meeting.State.DRAFT
    council.meeting.save()
    version = papers.add_readable_paper(council, "TỐI MẬT")
    with pytest.raises(Refusal) as refused:
        publish(council.meeting, by=council.secretary)
    assert refused.value.code == "not_ready"
    assert "TỐI MẬT" in str(refused.value)

    client = client_of(council.secretary)
    address = f"/documents/{version.document_id}/release/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Chữ minh hoạ trong mẫu dấu, không phải tài liệu mật"}).status_code == 302
    papers.work()
    version.refresh_from_db()
    assert version.state == State.READY
    publish(council.meeting, by=council.secretary)


def test_of_a_held_paper_that_is_withdrawn_not_even_the_file_stays(
    council: Council, files: Path, django_capture_on_commit_callbacks: object
) -> None:
    version = papers.add_readable_paper(council, "TỐI MẬT")
    client = client_of(council.secretary)
    assert client.get(f"/p/{version.pk}/1/1600.webp").status_code == 200  # who decides may look
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/documents/{version.document_id}/withdrawal/").status_code == 302
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert not Page.objects.filter(version=version).exists()


# -- A worker of its own -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_is_started_again_and_loses_nothing(files: Path) -> None:
    from tests.council import make_council

    council = make_council()
    version = papers.add_paper(council, *[f"Trang {number}" for number in range(1, 41)]).versions.get()
    worker = start_worker(files)
    wait_until(lambda: Page.objects.filter(version=version, raster="ready").count() >= 3)
    worker.kill()
    worker.wait()
    left = Page.objects.filter(version=version, raster="waiting").count()
    assert left > 0
    assert intake.take_back_orphans("test-worker") == 1
    start_worker(files).wait(timeout=120)
    version.refresh_from_db()
    assert (version.state, version.pages_drawn) == (State.READY, 40)
    assert Client().get(f"/p/{version.pk}/1/1600.webp").status_code == 401


def start_worker(files: Path) -> subprocess.Popen:
    """A worker process on the test's own database and folder."""
    settings = connection.settings_dict
    program = (
        "import django; from django.conf import settings; django.setup();"
        f"settings.DATABASES['default']['NAME'] = {settings['NAME']!r}; settings.MEDIA_ROOT = {str(files)!r};"
        "from django.db import connections; connections['default'].settings_dict['NAME'] = "
        f"{settings['NAME']!r};"
        "from django.core.management import call_command;"
        "call_command('db_worker', batch=True, interval=0, startup_delay=False, worker_id='test-worker')"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=django_settings.BASE_DIR)


def wait_until(is_so: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
