"""One's own notes are found by their words, and by nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from documents import own_notes
from documents.models import DocumentVersion
from documents.own_notes import notes_found
from documents.questions import question_in
from tests.council import Council, client_of
from tests.documents import papers
from tests.documents.test_highlights_and_notes import highlight, note
from tests.documents.test_marks import send
from tests.documents.test_new_versions import replace

pytestmark = pytest.mark.usefixtures("remembered_children")


@pytest.fixture
def version(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, "một", "hai", title="Dự toán")


def found(person: Person, text: str) -> list[tuple[str, int]]:
    question = question_in(text)
    assert question is not None
    return [("".join(piece.text for piece in hit.pieces), hit.page) for hit in notes_found(person, question).shown]


@pytest.mark.parametrize("asked", ["so tai chinh", "Sở Tài chính hỏi", "tai chi", '"hoi so"'])
def test_a_note_is_found_by_its_words(council: Council, version: DocumentVersion, asked: str) -> None:
    send(council.member, note(version, page=2))
    assert found(council.member, asked) == [("Hỏi Sở Tài chính", 2)]


@pytest.mark.parametrize("asked", ["sợ tài chính", "so ke hoach", '"chinh tai"', "Dự toán ngân sách"])
def test_what_is_not_in_it_does_not_find_it(council: Council, version: DocumentVersion, asked: str) -> None:
    send(council.member, note(version), highlight(version))
    assert found(council.member, asked) == []


def test_notes_are_found_by_who_wrote_them_alone(council: Council, version: DocumentVersion) -> None:
    send(council.member, note(version, layer="shared"), note(version))
    assert found(council.member, "tai chinh") == [("Hỏi Sở Tài chính", 1)]  # it and its copy are one
    assert found(council.second_member, "tai chinh") == found(council.system_admin, "tai chinh") == []


def test_an_erased_note_and_one_on_a_paper_that_may_not_be_read_any_more_are_not_found(
    council: Council, version: DocumentVersion
) -> None:
    words = note(version)
    send(council.member, words)
    version.document.restricted = True
    version.document.save()
    assert found(council.member, "tai chinh") == []
    version.document.restricted = False
    version.document.save()
    assert len(found(council.member, "tai chinh")) == 1
    send(council.member, {"t": "erase_mark", "id": words["id"], "meeting": words["meeting"]})
    assert found(council.member, "tai chinh") == []


def test_a_note_that_went_along_to_a_new_version_is_found_once(council: Council, version: DocumentVersion) -> None:
    send(council.member, note(version, page=2))
    replace(council, version.document, "một", "hai", "ba")
    assert found(council.member, "tai chinh") == [("Hỏi Sở Tài chính", 2)]


def test_the_page_shows_notes_before_papers_and_counts_the_older_ones(
    council: Council, version: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_notes, "NOTES_SHOWN", 1)
    send(council.member, note(version, body="Hỏi <b>Sở</b> Tài chính"), note(version, body="Sở Tài chính trả lời"))
    page = client_of(council.member).get("/papers/search/", {"q": "tai chinh"}).content.decode()
    assert "Trong ghi chú của tôi" in page
    assert "Sở <mark>Tài chính</mark> trả lời" in page
    assert "và 1 ghi chú cũ hơn" in page
    assert "<b>Sở" not in page
    assert "Không có tài liệu nào" not in page


def test_three_notes_ask_as_many_questions_as_one(council: Council, version: DocumentVersion) -> None:
    question = question_in("tai chinh")
    assert question is not None
    counts = []
    for _time in range(2):
        send(council.member, note(version), note(version, body="Tài chính?"))
        with CaptureQueriesContext(connection) as asked:
            notes_found(council.member, question)
        counts.append(len(asked))
    assert counts[0] == counts[1]
