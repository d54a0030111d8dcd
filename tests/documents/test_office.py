"""Office files and pictures: their content decides what they are, and a job makes pages of them, out of all reach."""

import io
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from PIL import Image

from documents import children, intake
from documents.children import CONVERTING, OFFICE_LIMITS, Child
from documents.models import Document, DocumentVersion
from tests.council import Council, client_of
from tests.documents import office_files, papers
from tests.documents.test_bringing_in import bring, stored
from tests.documents.test_intake import start_worker, wait_until

State = DocumentVersion.State
needs_office = pytest.mark.skipif(not django_settings.SOFFICE, reason="needs LibreOffice (soffice on the path)")
LINE = "Dự toán ngân sách năm 2027"

FAX = {"kind": "TIFF", "mode": "1", "pages": 3, "dpi": (300, 300), "compression": "group4"}

# It writes a PDF as LibreOffice would, where LibreOffice would; what it is to do before stands in its first line.
OFFICE = """#!/bin/sh
{before}
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out="$2"; shift; done
mkdir -p "$out" && cp "{pdf}" "$out/paper.pdf"
"""


@pytest.fixture
def office(tmp_path: Path, settings: LazySettings) -> Iterator[object]:
    """Put a program in the place of LibreOffice that makes always the same page."""

    def put(*lines: str, before: str = "") -> Path:
        pdf, program = tmp_path / "page.pdf", tmp_path / "office"
        pdf.write_bytes(papers.pdf("\n".join(lines or [LINE])))
        program.write_text(OFFICE.format(pdf=pdf, before=before))
        program.chmod(0o755)
        settings.SOFFICE = str(program)
        return program

    return put


def take_in(council: Council, content: bytes, name: str = "Tờ trình.pdf") -> DocumentVersion:
    """Bring one file in as the secretary, over HTTP."""
    answer = bring(council, papers.upload(content, name))
    assert answer.status_code == 201, answer.content.decode()
    return DocumentVersion.objects.get(document=answer.json()["papers"][0]["id"])


def worked(version: DocumentVersion) -> DocumentVersion:
    papers.work()
    version.refresh_from_db()
    return version


def words_of(council: Council, version: DocumentVersion) -> str:
    pages = client_of(council.member).get(f"/p/{version.pk}/words.json").json()["pages"]
    return "\n".join(line for page in pages for line in page)


def desk_of(council: Council) -> str:
    return client_of(council.secretary).get(f"/meetings/{council.meeting.pk}/papers/").content.decode()


# -- Office files become pages -----------------------------------------------------------------------------------------


@needs_office
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("docx", office_files.docx(LINE)),
        ("docx", office_files.docx(LINE, main=office_files.WITH_MACROS)),
        ("xlsx", office_files.xlsx(LINE)),
        ("pptx", office_files.pptx(LINE)),
        ("odt", office_files.odt(LINE)),
        ("ods", office_files.ods(LINE)),
        ("odp", office_files.odp(LINE)),
    ],
    ids=["docx", "docm", "xlsx", "pptx", "odt", "ods", "odp"],
)
def test_an_office_file_becomes_pages_whatever_its_name_says(
    council: Council, files: Path, kind: str, content: bytes
) -> None:
    version = take_in(council, content, "Dự toán.pdf")
    assert (version.state, version.made_from, version.page_count) == (State.CONVERTING, kind, 0)

    worked(version)
    assert (version.state, version.page_count, version.pages_drawn) == (State.READY, 1, 1)
    assert LINE in words_of(council, version)
    picture = client_of(council.member).get(f"/p/{version.pk}/1/1600.webp")
    assert Image.open(io.BytesIO(picture.content)).width == 1600
    assert (files / version.original).read_bytes() == content
    assert version.original.endswith(f"{version.sha256}.{kind}")


@needs_office
def test_a_table_of_a_text_is_read_in_words_as_one(council: Council) -> None:
    rows = [("STT", "Nội dung", "2026"), ("1", "Thu nội địa và thu chuyển nguồn", "9.326"), ("2", "Chi", "10.001")]
    cells = ["".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in row) for row in rows]
    table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
    version = worked(take_in(council, office_files.docx("Báo cáo", body=table), "Báo cáo.docx"))
    page = client_of(council.member).get(f"/documents/{version.document_id}/text/").content.decode()
    assert [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in page.split("<tr>")[1:]] == [list(row) for row in rows]


def test_until_its_pages_are_made_the_secretary_sees_that_they_are_being_made_and_nobody_else_sees_anything(
    council: Council, office: object
) -> None:
    office()
    version = take_in(council, office_files.docx(LINE))
    assert 'data-intake="converting"' in desk_of(council)
    assert "đang tạo trang từ tệp" in desk_of(council)
    manifest = f"/p/{version.pk}/manifest.json"
    assert client_of(council.secretary).get(manifest).json()["pages"] == []
    assert client_of(council.member).get(manifest).status_code == 404
    worked(version)
    assert 'data-intake="ready"' in desk_of(council)
    assert client_of(council.member).get(manifest).status_code == 200


def test_a_new_version_may_be_an_office_file_and_the_old_one_is_read_until_its_pages_are_there(
    council: Council, office: object
) -> None:
    office("bản hai")
    document = papers.add_readable_paper(council, "bản một").document
    sent = {"declared_grade": "none", "file": papers.upload(office_files.docx("bản hai"), "ban hai.docx")}
    assert client_of(council.secretary).post(f"/documents/{document.pk}/versions/", sent).status_code == 302
    assert document.newest().number == 1
    papers.work()
    assert (document.newest().number, document.newest().made_from) == (2, "docx")


def test_the_same_file_is_stored_once_and_made_into_pages_once(
    council: Council, files: Path, office: object, tmp_path: Path
) -> None:
    office(before=f'echo made >> "{tmp_path}/times"')
    first, second = (take_in(council, office_files.docx(LINE), name) for name in ("mot.docx", "hai.docx"))
    worked(first)
    third = take_in(council, office_files.docx(LINE), "ba.docx")
    assert [worked(version).state for version in (first, second, third)] == [State.READY] * 3
    assert (tmp_path / "times").read_text() == "made\n"
    kept = [name for name in stored(files) if not name.endswith(".webp")]
    assert kept == [f"{first.sha256}.docx", f"{first.sha256}.pdf"]


# -- A stamp of secrecy ------------------------------------------------------------------------------------------------


def test_a_stamp_that_shows_only_on_the_made_page_holds_the_paper_before_anybody_can_read_it(
    council: Council, files: Path, office: object, django_capture_on_commit_callbacks: object
) -> None:
    office("TỐI MẬT", LINE)
    version = worked(take_in(council, office_files.docx("TỐI MẬT", LINE)))
    assert (version.state, version.stamp, version.pages_drawn) == (State.HELD, "TỐI MẬT", 0)
    assert list(Document.objects.visible_to(council.member)) == []
    assert client_of(council.member).get(f"/p/{version.pk}/1/1600.webp").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client_of(council.secretary).post(f"/documents/{version.document_id}/withdrawal/")
    assert stored(files) == []


def test_of_a_stamped_paper_withdrawn_while_its_pages_were_being_made_nothing_stays(
    council: Council, files: Path, office: object, django_capture_on_commit_callbacks: object
) -> None:
    office("TỐI MẬT", LINE)
    version = take_in(council, office_files.docx("TỐI MẬT", LINE))
    client_of(council.secretary).post(f"/documents/{version.document_id}/withdrawal/")
    with django_capture_on_commit_callbacks(execute=True):
        worked(version)
    assert (version.state, version.refusal) == (State.REFUSED, "stamped")
    assert stored(files) == []


@needs_office
def test_libreoffice_and_the_stamp(council: Council) -> None:
    version = worked(take_in(council, office_files.docx("TUYỆT MẬT", LINE)))
    assert (version.state, version.stamp) == (State.HELD, "TUYỆT MẬT")


# -- Where LibreOffice is missing --------------------------------------------------------------------------------------


def test_without_libreoffice_the_secretary_is_told_what_to_do_before_and_after(
    council: Council, files: Path, settings: LazySettings
) -> None:
    settings.SOFFICE = ""
    assert "Tệp Word, Excel, PowerPoint hãy lưu thành PDF trước." in desk_of(council)
    assert 'accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff"' in desk_of(council)
    answer = bring(council, papers.upload(office_files.docx(LINE), "Tờ trình.docx"))
    (told,) = answer.json()["papers"]
    assert (answer.status_code, told["code"]) == (422, "no_office")
    assert "lưu tài liệu thành PDF" in told["text"]
    assert not Document.objects.exists()
    assert stored(files) == []


def test_without_libreoffice_pictures_are_taken_all_the_same(council: Council, settings: LazySettings) -> None:
    settings.SOFFICE = ""
    assert worked(take_in(council, office_files.picture("PNG"))).state == State.READY


def test_with_libreoffice_the_page_says_that_office_files_are_taken(council: Council, office: object) -> None:
    office()
    assert "Nhận tệp PDF, Word, Excel, PowerPoint, OpenDocument và ảnh" in desk_of(council)
    assert ".docx" in desk_of(council)


def test_whoever_runs_it_reads_whether_office_files_are_taken(council: Council, settings: LazySettings) -> None:
    settings.SOFFICE = ""
    page = client_of(council.system_admin).get("/system/").content.decode()
    assert "Chưa cài LibreOffice: nhận PDF và ảnh, không nhận tệp văn phòng." in page
    assert "Mọi thứ hoạt động tốt." in page


# -- Pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "made", "sizes_pt"),
    [
        ("png", {"kind": "PNG"}, [(595, 842)]),
        ("png", {"kind": "PNG", "mode": "RGBA", "size": (1600, 900)}, [(842, 474)]),
        ("png", {"kind": "PNG", "mode": "1", "dpi": (300, 300), "size": (1240, 874)}, [(298, 210)]),
        ("jpeg", {"kind": "JPEG", "dpi": (150, 150)}, [(595, 842)]),
        ("jpeg", {"kind": "JPEG", "mode": "CMYK", "dpi": (72, 72)}, [(595, 842)]),
        (
            "tiff",
            FAX,
            [(298, 421)] * 3,
        ),
        ("tiff", {"kind": "TIFF", "mode": "I;16", "size": (300, 600)}, [(421, 842)]),
    ],
    ids=["unknown size", "see-through and wide", "scanned", "scanned photograph", "print colours", "fax", "16 bits"],
)
def test_a_picture_becomes_a_page_of_its_size_or_one_that_fits_on_a4(
    council: Council, kind: str, made: dict, sizes_pt: list[tuple[int, int]]
) -> None:
    version = worked(take_in(council, office_files.picture(**made), "ảnh.jpg"))
    assert (version.state, version.made_from) == (State.READY, kind)
    assert [(round(page.width_pt), round(page.height_pt)) for page in version.pages.all()] == sizes_pt


def test_a_photograph_stands_upright_as_the_camera_was_held(council: Council) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter turn clockwise
    version = worked(take_in(council, office_files.picture("JPEG", (1754, 1240), exif=turned)))
    page = client_of(council.member).get(f"/p/{version.pk}/1/1600.webp")
    drawn = Image.open(io.BytesIO(page.content)).convert("RGB")
    assert drawn.width < drawn.height
    above, below = (drawn.getpixel((drawn.width // 2, height)) for height in (100, drawn.height - 100))
    assert (above[1] < 60, below[1] > 200) == (True, True)  # red was left, and is above


# -- What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (office_files.zipped({"Tờ trình.txt": "xin chào"}), "archive"),
        (office_files.zipped({"Tờ trình.docx": office_files.docx(LINE)}), "archive"),
        (b"\x1f\x8b\x08" + bytes(100), "archive"),
        (office_files.zip_bomb(), "unpacks_too_large"),
        (office_files.docx(LINE)[:900], "broken"),
        (office_files.zipped({"[Content_Types].xml": "<Types><"}), "broken"),
        (office_files.zipped({"[Content_Types].xml": '<!DOCTYPE t [<!ENTITY a "b">]><Types>&a;</Types>'}), "broken"),
        (office_files.zipped({"mimetype": "application/epub+zip"}), "archive"),
        (office_files.open_document("graphics", ""), "not_paper"),
        (office_files.open_document("text", "", manifest="<manifest:encryption-data/>"), "encrypted"),
        (office_files.ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
        (office_files.ole("A message"), "not_paper"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), "broken"),
        (office_files.png_bomb(), "too_many_pixels"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "broken"),
        (b"\n<!-- a --><!DOCTYPE html><p>", "web_page"),
        (b"MZ" + bytes(200), "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"{\\rtf1 a}", "not_paper"),
    ],
    ids=[
        *("zip", "paper in a zip", "gzip", "zip bomb", "half a docx", "broken list", "list with entities", "epub"),
        *("drawing", "locked odt", "locked docx", "message", "broken ole", "100 000 x 100 000", "broken png"),
        *("web page", "exe", "script", "rtf"),
    ],
)
def test_what_is_no_paper_is_refused_at_the_door_with_its_own_sentence(
    council: Council, files: Path, office: object, content: bytes, code: str
) -> None:
    office()
    answer = bring(council, papers.upload(content, "Tờ trình.docx"))
    (told,) = answer.json()["papers"]
    assert (answer.status_code, told["code"]) == (422, code)
    assert len(told["text"]) > 40
    assert not Document.objects.exists()
    assert stored(files) == []


def test_a_workbook_inside_a_text_is_no_archive(council: Council, office: object) -> None:
    office()
    content = office_files.docx(LINE, **{"word/embeddings/Sheet1.xlsx": office_files.xlsx("1")})
    assert worked(take_in(council, content)).state == State.READY


@needs_office
@pytest.mark.parametrize("content", [office_files.ole("WordDocument"), office_files.docx(LINE, body="<w:p><")])
def test_what_libreoffice_cannot_read_is_refused_on_the_desk_and_nothing_of_it_stays(
    council: Council, files: Path, content: bytes, django_capture_on_commit_callbacks: object
) -> None:
    version = take_in(council, content)
    with django_capture_on_commit_callbacks(execute=True):
        worked(version)
    assert (version.state, version.refusal) == (State.REFUSED, "not_converted")
    assert "Không tạo được trang từ tệp này" in desk_of(council)
    assert stored(files) == []


@pytest.mark.parametrize(
    ("before", "seconds", "cpu_seconds", "code"),
    [
        ("sleep 600 & sleep 600", 0.5, 60, "too_slow"),
        ("while :; do :; done", 60, 1, "too_slow"),
        ('head -c 9000000 /dev/zero > "$HOME/large" || exit 1', 60, 60, "not_converted"),
        ("exit 0", 60, 60, "not_converted"),
    ],
    ids=["hangs", "turns round and round", "writes without end", "makes nothing"],
)
def test_a_conversion_that_wants_too_much_is_stopped_within_its_limits(
    council: Council,
    files: Path,
    office: object,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
    before: str,
    seconds: float,
    cpu_seconds: int,
    code: str,
) -> None:
    program = office(before=before)
    limits = children.Limits(cpu_seconds=cpu_seconds, memory_mb=2048, output_mb=8)
    monkeypatch.setattr("documents.kinds.OFFICE_LIMITS", limits)
    monkeypatch.setattr(children, "OFFICE_SECONDS", seconds)
    version, began = take_in(council, office_files.docx(LINE)), time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        worked(version)
    assert (version.state, version.refusal) == (State.REFUSED, code)
    assert time.monotonic() - began < 20
    assert running(str(program)) == []
    assert stored(files) == []


def running(word: str) -> list[str]:
    """The programs of this machine that have this word in their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes().decode(errors="replace")
        except OSError:  # it ended meanwhile
            continue
        if word in command:
            found.append(command)
    return found


# -- It reaches nothing ------------------------------------------------------------------------------------------------


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes what it is asked for; its address, and what came."""
    came: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - the names http.server looks for

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()


@needs_office
@pytest.mark.parametrize("has_walls", [True, False], ids=["behind walls", "by its profile alone"])
@pytest.mark.parametrize("kind", ["docx", "odt", "ods"])
def test_what_a_file_names_elsewhere_is_not_fetched(
    council: Council,
    asked: tuple[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    has_walls: bool,
) -> None:
    if not has_walls:
        without_walls(tmp_path, monkeypatch)
    address, came = asked
    version = worked(take_in(council, file_with_links(kind, address, tmp_path)))
    assert version.state == State.READY
    assert came == []
    assert "KHOÁ BÍ MẬT" not in words_of(council, version)


def without_walls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that lets nobody have a network of one's own."""
    refusing = tmp_path / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setitem(children.ENVIRONMENT, "PATH", f"{refusing.parent}:/usr/bin:/bin")


def file_with_links(kind: str, address: str, tmp_path: Path) -> bytes:
    """Pictures, objects, sections, templates and formulas that lie on the server, and a text on this machine."""
    secret = tmp_path / "secret.txt"
    secret.write_text("KHOÁ BÍ MẬT", encoding="utf-8")
    if kind == "docx":
        picture = office_files.relation("p1", "image", f"{address}/picture.png", outside=True)
        template = office_files.relation("t1", "attachedTemplate", f"{address}/template.dotm", outside=True)
        return office_files.docx(LINE, body=office_files.linked_picture("p1"), related=(picture, template))
    if kind == "odt":
        frame = (
            '<text:p><draw:frame svg:width="5cm" svg:height="5cm">'
            '<draw:{} xlink:href="{}" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame></text:p>'
        )
        section = (
            '<text:section text:name="{0}"><text:section-source xlink:href="{0}" xlink:type="simple"/>'
            "<text:p>x</text:p></text:section>"
        )
        linked = frame.format("image", f"{address}/picture.png") + frame.format("object", f"{address}/object.odt")
        return office_files.odt(LINE, linked + section.format(f"{address}/a.html") + section.format(secret.as_uri()))
    return office_files.ods(
        LINE, f"WEBSERVICE(&quot;{address}/web&quot;)", f"'{address}/b.ods'#$A.A1", f"'{secret.as_uri()}'#$A.A1"
    )


@needs_office
@pytest.mark.parametrize("place", ["/outside.dtd", "file"])
def test_entities_of_a_file_fetch_nothing(
    council: Council, asked: tuple[str, list[str]], tmp_path: Path, place: str
) -> None:
    address, came = asked
    secret = tmp_path / "secret.txt"
    secret.write_text("KHOÁ BÍ MẬT", encoding="utf-8")
    named = secret.as_uri() if place == "file" else f"{address}{place}"
    before = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{named}"><!ENTITY % p SYSTEM "{named}"> %p;]>'
    version = worked(take_in(council, office_files.odt("a&e;b", before=before)))
    assert came == []
    if version.state == State.READY:
        assert "KHOÁ BÍ MẬT" not in words_of(council, version)
    else:
        assert version.refusal == "not_converted"


@needs_office
def test_a_macro_does_not_run_and_its_text_is_read(
    council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_walls(tmp_path, monkeypatch)
    marker = tmp_path / "the-macro-ran"
    version = worked(take_in(council, office_files.ods_with_macro(str(marker))))
    assert version.state == State.READY
    assert "Tờ trình" in words_of(council, version)
    assert not marker.exists()


def test_the_program_sees_no_other_paper_no_network_and_no_secret(
    council: Council, office: object, tmp_path: Path, files: Path
) -> None:
    """Of walls that the machine grants to nobody, as in some containers, the program cannot have any."""
    papers.add_readable_paper(council, "another")
    program = office(before=f'{{ ls "{files}"; cat /proc/net/dev; env; }} > "$HOME/seen"')
    path = tmp_path / "paper.docx"
    path.write_bytes(office_files.docx(LINE))
    with Child(path, OFFICE_LIMITS, CONVERTING) as child:
        child.kind()
        child.office(str(program), hidden=[str(files)])
        seen = (child.folder / "seen").read_text()
    assert not [word for word in ("SECRET", "DATABASE", "proxy", "PHIEN") if word in seen]
    if not grants_walls():
        return
    assert "papers" not in seen
    assert [line.split(":")[0].strip() for line in seen.splitlines() if ": " in line and "|" not in line] == ["lo"]


def grants_walls() -> bool:
    asked_for = ("--mount", "--net", "--pid", "--fork", "true")
    ways = (("unshare", "--user", "--map-root-user"), ("unshare",))
    return any(subprocess.run([*way, *asked_for], check=False, capture_output=True).returncode == 0 for way in ways)


# -- A job that is killed ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_pages_are_being_made_leaves_no_program_behind_and_makes_them_when_it_is_back(
    files: Path, office: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.council import make_council

    go_on = tmp_path / "go-on"
    program = office(before=f'touch "{tmp_path}/begun"; while [ ! -e "{go_on}" ]; do sleep 0.1; done')
    monkeypatch.setenv("PHIEN_SOFFICE", str(program))
    version = take_in(make_council(), office_files.docx(LINE))
    worker = start_worker(files)
    wait_until((tmp_path / "begun").exists)
    os.kill(worker.pid, 9)
    worker.wait()
    wait_until(lambda: not running(str(program)))
    version.refresh_from_db()
    assert (version.state, version.page_count) == (State.CONVERTING, 0)

    go_on.touch()
    assert intake.take_back_orphans("test-worker") == 1
    start_worker(files).wait(timeout=120)
    version.refresh_from_db()
    assert (version.state, version.pages_drawn) == (State.READY, 1)


def test_a_paper_whose_conversion_went_wrong_is_put_in_line_again(council: Council, office: object) -> None:
    from django_tasks_db.models import DBTaskResult

    office()
    version = take_in(council, office_files.docx(LINE))
    DBTaskResult.objects.update(status="FAILED")
    assert intake.take_back_orphans("worker") == 1
    assert worked(version).state == State.READY
