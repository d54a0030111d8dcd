"""Papers that are downloaded and printed: where it is allowed, with the reader's name on every page, and counted."""

import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pymupdf
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Act, Person
from documents import actions, children, copies
from documents.models import Copy, Document, DocumentVersion, Page
from meetings import actions as meeting_actions
from tests.council import Council, client_of
from tests.documents import papers

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous")


@pytest.fixture
def version(council: Council) -> DocumentVersion:
    return readable(council, papers.pdf("một", "hai"), title="Dự toán/ngân sách")


def readable(council: Council, content: bytes, **details: Any) -> DocumentVersion:
    """A paper that may be copied, as if it had been read in."""
    details = {"item": council.item, "may_be_copied": True, **details}
    document = actions.add_paper(
        council.meeting, by=council.secretary, file=papers.upload(content), declared_grade="none", **details
    )
    document.versions.update(state=DocumentVersion.State.READY)
    return document.versions.get()


def ask(person: Person, document: Document, kind: str = "download", **asked: Any) -> Any:
    return client_of(person).post(f"/documents/{document.pk}/copies/", {"kind": kind, "count": 1, **asked})


def opened(answer: Any) -> pymupdf.Document:
    assert answer.status_code == 200, answer.content.decode()
    return pymupdf.open("pdf", b"".join(answer))


def print_of(page: pymupdf.Page) -> set[int]:
    """Where a page is black, pixel by pixel, as one looks at it."""
    return {place for place, grey in enumerate(page.get_pixmap(colorspace=pymupdf.csGRAY).samples) if grey < 40}


def test_a_copy_bears_name_unit_and_moment_on_every_page(council: Council, version: DocumentVersion) -> None:
    answer = ask(council.member, version.document)
    copy = opened(answer)
    assert copy.page_count == 2
    at = Copy.objects.get().at.astimezone(copies.timezone.get_current_timezone())
    for page, word in zip(copy, ("một", "hai"), strict=True):
        text = page.get_text()
        assert council.member.full_name in text
        assert f"UBND tỉnh · {at:%H:%M %d/%m/%Y}" in text
        assert word in text
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == "Dự toán-ngân sách.pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "application/pdf"


def test_on_turned_and_cropped_pages_the_name_is_upright_and_inside(council: Council) -> None:
    paper = pymupdf.open()
    for turn in (0, 90, 180, 270):
        page = paper.new_page(width=595, height=842)
        page.insert_text((100, 300), f"quay {turn}", fontsize=20)
        page.insert_text((20, 20), "ngoai khung", fontsize=9)
        page.set_cropbox(pymupdf.Rect(60, 50, 500, 700))
        page.set_rotation(turn)
    paper.xref_set_key(paper[0].xref, "UserUnit", "2")
    content = paper.tobytes()
    copy = opened(ask(council.member, readable(council, content).document))
    for before, page in zip(pymupdf.open("pdf", content), copy, strict=True):
        assert (page.rotation, page.rect) == (0, before.rect)
        assert print_of(before) <= print_of(page)
        lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
        names = [line for line in lines if line["spans"][0]["text"] == council.member.full_name]
        assert len(names) == 3
        for line in names:
            along = line["dir"]
            assert (round(along[0], 2), round(along[1], 2)) == (0.87, -0.5)  # rises to the right, as one looks at it
            assert page.rect.contains(pymupdf.Rect(line["bbox"]))


def test_nothing_that_is_not_seen_comes_along(council: Council) -> None:
    paper = pymupdf.open("pdf", papers.pdf("một"))
    paper.embfile_add("bang.txt", b"secret attachment")
    paper.set_metadata({"author": "Nguoi soan"})
    paper.xref_set_key(paper.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>")
    paper[0].insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(0, 0, 50, 50), "uri": "https://example.org"})
    paper[0].add_freetext_annot(pymupdf.Rect(100, 300, 300, 340), "Da ky", fontsize=14)
    copy = opened(ask(council.member, readable(council, paper.tobytes()).document))
    assert copy.embfile_count() == 0
    assert not any(copy.metadata[name] for name in ("author", "title", "creator"))
    assert copy[0].get_links() == []
    rows = " ".join(copy.xref_object(number) for number in range(1, copy.xref_length()))
    for word in ("JavaScript", "OpenAction", "EmbeddedFile", "/URI", "/Annots", "/AcroForm"):
        assert word not in rows
    assert "Da ky" in copy[0].get_text()  # what was written on the page is seen, and stays


def test_a_download_is_recorded_and_a_print_is_counted_as_paper(council: Council, version: DocumentVersion) -> None:
    document = version.document
    opened(ask(council.member, document, count=7))
    answer = ask(council.chair, document, "print", count=3)
    assert answer.headers["Content-Disposition"].startswith("inline")
    opened(answer)
    assert copies.pages_printed([document]) == 6
    assert list(Copy.objects.order_by("pk").values_list("person", "kind", "count", "pages_printed")) == [
        (council.member.pk, "download", 1, 0),
        (council.chair.pk, "print", 3, 6),
    ]
    acts = Act.objects.filter(act__in=("paper_downloaded", "paper_printed")).order_by("number")
    assert [(act.act, act.by, act.facts["pages_printed"]) for act in acts] == [
        ("paper_downloaded", council.member, 0),
        ("paper_printed", council.chair, 6),
    ]
    details = client_of(council.secretary).get(f"/documents/{document.pk}/details/").content.decode()
    assert "6 trang giấy" in details
    assert council.chair.full_name in details


@pytest.mark.parametrize("asked", [{"count": "0"}, {"count": "201"}, {"count": "x"}, {"kind": "fax"}])
def test_nonsense_is_refused_and_counts_nothing(council: Council, version: DocumentVersion, asked: Any) -> None:
    assert ask(council.member, version.document, **{"kind": "print", **asked}).status_code == 422
    assert not Copy.objects.exists()


def test_the_database_lets_no_file_count_as_paper(council: Council, version: DocumentVersion) -> None:
    for facts in ({"kind": "download", "pages_printed": 2}, {"kind": "print", "pages_printed": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Copy.objects.create(version=version, person=council.member, **facts)


def test_looking_at_the_page_counts_nothing_and_says_what_will_stand_there(
    council: Council, version: DocumentVersion
) -> None:
    page = client_of(council.member).get(f"/documents/{version.document.pk}/copies/").content.decode()
    assert f"{council.member.full_name}, UBND tỉnh · " in page
    assert "In" in page
    assert not Copy.objects.exists()


def test_its_page_and_the_reader_are_of_this_build_whatever_version_of_a_paper_they_show(
    council: Council, version: DocumentVersion
) -> None:
    """Tabs of one build share a line; a page that called itself by the paper's version would have one of its own."""
    for address in (f"/documents/{version.document.pk}/copies/", f"/documents/{version.document.pk}/"):
        page = client_of(council.member).get(address).content.decode()
        assert f'data-build="{settings.VERSION}"' in page, address


def test_where_the_secretary_has_not_said_so_nobody_takes_a_copy(council: Council, version: DocumentVersion) -> None:
    document = version.document
    actions.change_paper(document, by=council.secretary, may_be_copied=False)
    for person in (council.member, council.chair, council.secretary):
        for answer in (ask(person, document), client_of(person).get(f"/documents/{document.pk}/copies/")):
            assert answer.status_code == 403
            assert "chưa cho phép" in answer.content.decode()
    assert ask(council.outsider, document).status_code == 404
    assert not Copy.objects.exists()


def test_only_the_version_in_force_is_copied(council: Council, version: DocumentVersion) -> None:
    file = papers.upload(papers.pdf("bản mới"))
    actions.replace_paper(version.document, by=council.secretary, file=file, declared_grade="none")
    assert opened(ask(council.secretary, version.document)).page_count == 2  # the new one waits to be read in
    version.document.versions.filter(number=2).update(state=DocumentVersion.State.READY)
    assert opened(ask(council.secretary, version.document)).page_count == 1
    old = client_of(council.member).get(f"/p/{version.pk}/manifest.json").json()
    new = client_of(council.member).get(f"/p/{version.document.newest().pk}/manifest.json").json()
    assert (old["copies"], new["copies"]) == (None, f"/documents/{version.document.pk}/copies/")


def test_a_paper_withdrawn_is_given_to_nobody(council: Council, version: DocumentVersion) -> None:
    actions.withdraw_paper(version.document, by=council.secretary)
    assert ask(council.member, version.document).status_code == 404
    assert ask(council.secretary, version.document).status_code == 403
    assert not Copy.objects.exists()


def test_a_right_lost_while_the_copy_is_drawn_is_asked_again(
    council: Council, version: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = copies.drawn

    def drawn_and_restricted(*words: Any) -> Any:
        file = drawn(*words)
        actions.change_paper(version.document, by=council.secretary, restricted=True)
        return file

    monkeypatch.setattr(copies, "drawn", drawn_and_restricted)
    assert ask(council.member, version.document).status_code == 403
    assert not Copy.objects.exists()


def test_a_closed_item_gives_copies_to_those_admitted(council: Council) -> None:
    version = readable(council, papers.pdf("kín"), item=council.second_item)
    meeting_actions.change_item(
        council.second_item, by=council.secretary, title="Kín", is_closed=True, admitted=[council.member]
    )
    assert ask(council.second_member, version.document).status_code == 404
    opened(ask(council.member, version.document))


def test_while_all_children_are_at_work_one_is_asked_to_come_back(
    council: Council, version: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(children, "_background_places", taken)
    monkeypatch.setattr(copies, "WAIT_SECONDS", 0.01)
    answer = ask(council.member, version.document)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "thử lại" in answer.content.decode()
    assert not Copy.objects.exists()


def test_a_file_that_kills_its_child_ends_as_a_refusal(
    council: Council, version: DocumentVersion, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = ("broken", papers.broken_pdf(), 32), ("output", papers.scan(2), 1)
    for name, content, output_mb in refused:
        limits = children.Limits(answer_seconds=20, cpu_seconds=10, output_mb=output_mb)
        monkeypatch.setattr(copies, "COPY_LIMITS", limits)
        (files / version.file).write_bytes(content)
        answer = ask(council.member, version.document)
        assert answer.status_code == 422, name
        assert "Không thể tạo bản sao" in answer.content.decode()
    assert not Copy.objects.exists()


def test_what_could_not_be_drawn_here_goes_to_nobodys_printer(council: Council, version: DocumentVersion) -> None:
    version.pages.filter(number=2).update(raster=Page.Raster.FAILED)
    assert "Không thể tạo bản sao" in ask(council.member, version.document).content.decode()
    version.document.versions.update(state=DocumentVersion.State.READING)
    assert "chưa có trang" in ask(council.member, version.document).content.decode()
    assert not Copy.objects.exists()


def test_all_papers_of_a_meeting_are_set_free_at_once(council: Council, version: DocumentVersion) -> None:
    other = readable(council, papers.pdf("khác"), may_be_copied=False).document
    line = actions.add_handed_out_line(council.meeting, by=council.secretary)
    address = f"/meetings/{council.meeting.pk}/copying/"
    client = client_of(council.secretary)
    agenda = f"/meetings/{council.meeting.pk}/"
    assert client_of(council.member).get(agenda).content.decode().count("/copies/") == 1
    client.post(address, {"allowed": "yes"})
    assert set(Document.objects.filter(may_be_copied=True)) == {version.document, other}
    assert client_of(council.member).get(agenda).content.decode().count("/copies/") == 2
    assert Act.objects.filter(act="paper_changed", about=other.about).count() == 1
    client.post(address, {"allowed": "no"})
    assert not Document.objects.filter(may_be_copied=True).exists()
    assert client_of(council.member).post(address, {"allowed": "yes"}).status_code == 403
    assert ask(council.member, line).status_code == 403
