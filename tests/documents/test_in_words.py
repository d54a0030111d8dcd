"""A paper in words: for who listens to it, or reads it in large letters."""

import pytest
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import Person
from documents import actions, views
from documents.models import Document
from tests.council import Council, client_of
from tests.documents import papers


@pytest.fixture
def five_pages(council: Council, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A paper of which two pages are shown at a time."""
    monkeypatch.setattr(views, "TEXT_PAGES", 2)
    paper = papers.add_paper(council, *(f"Nội dung trang thứ {number}" for number in range(1, 6)))
    papers.work()
    return paper


def in_words(who: Person, paper: Document, page: int | str = 1) -> HttpResponse:
    return client_of(who).get(f"/documents/{paper.pk}/text/", {"page": page})


def test_a_paper_is_read_in_words_some_pages_at_a_time(council: Council, five_pages: Document) -> None:
    answer = in_words(council.member, five_pages, 4)
    assert [page.number for page in answer.context["pages"]] == [3, 4]
    assert "Nội dung trang thứ 4" in answer.content.decode()
    assert (answer.context["previous"], answer.context["next"]) == (1, 5)
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("asked", "first"), [("", 1), ("0", 1), ("-3", 1), ("x", 1), ("9" * 30, 1), ("99", 5)])
def test_a_page_that_is_none_leads_to_one_that_is(
    council: Council, five_pages: Document, asked: str, first: int
) -> None:
    answer = in_words(council.member, five_pages, asked)
    assert (answer.status_code, answer.context["pages"][0].number) == (200, first)


def test_what_has_not_been_read_and_what_has_no_words_is_said(council: Council) -> None:
    paper = papers.add_paper(council, "Tờ trình", "")
    assert "Tài liệu chưa đọc xong" in in_words(council.secretary, paper).content.decode()
    papers.work()
    paper.versions.get().pages.filter(number=1).update(text=None)
    answer = in_words(council.member, paper).content.decode()
    assert answer.count("Trang này chưa đọc xong") == answer.count("chỉ có hình.") == 1


def test_what_shows_no_words_does_not_count_as_seen(council: Council) -> None:
    paper = papers.add_paper(council, "Tờ trình", "")
    papers.work()
    answer = in_words(council.member, paper).content.decode()
    assert ('data-page="1"' in answer, 'data-page="2"' in answer) == (True, False)


def test_a_paper_in_words_is_there_for_who_may_read_it(council: Council) -> None:
    paper = papers.add_paper(council, "Tờ trình", item=council.item)
    papers.work()
    assert in_words(council.member, paper).status_code == 200
    assert in_words(council.outsider, paper).status_code == 404
    paper.withdrawn_at = timezone.now()
    paper.save()
    assert in_words(council.member, paper).status_code == 404


def test_words_of_a_paper_are_words(council: Council) -> None:
    paper = papers.add_paper(council, "<script>alert(1)</script>")
    papers.work()
    assert "&lt;script&gt;" in in_words(council.member, paper).content.decode()


def test_beside_an_older_version_its_words_are_not_offered(council: Council) -> None:
    paper = papers.add_paper(council, "Tờ trình")
    papers.work()
    first = paper.versions.get()
    told = f"/p/{first.pk}/manifest.json"
    assert client_of(council.member).get(told).json()["text"] == f"/documents/{paper.pk}/text/"
    file = papers.upload(papers.pdf("Tờ trình mới"))
    actions.replace_paper(paper, by=council.secretary, file=file, declared_grade="none")
    papers.work()
    assert client_of(council.member).get(told).json()["text"] is None
