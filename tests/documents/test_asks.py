"""Papers not read yet, on the first page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.asks import unread_papers_of
from documents.openings import note_opening
from tests.council import Council, client_of
from tests.documents.papers import add_readable_paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembered_children")]


def test_a_paper_waits_until_it_was_read_and_only_for_those_it_is_for(council: Council) -> None:
    version = add_readable_paper(council, "Dự toán", title="Tờ trình dự toán")
    ask = unread_papers_of(council.member)
    assert ask is not None
    assert [(line.sentence, line.url) for line in ask.lines] == [
        ("Tờ trình dự toán", f"/documents/{version.document_id}/")
    ]
    assert unread_papers_of(council.outsider) is None
    note_opening(version, by=council.member, pages=[1])
    assert unread_papers_of(council.member) is None


def test_all_of_them_stand_on_a_page_of_their_own(council: Council) -> None:
    for words in ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"):
        add_readable_paper(council, words, title=f"Báo cáo {words}")
    ask = unread_papers_of(council.member)
    assert ask
    shown = client_of(council.member).get(ask.more_url).content.decode()
    assert [words for words in ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu") if f"Báo cáo {words}" not in shown] == []
    assert council.meeting.title in shown
    assert "Báo cáo" not in client_of(council.outsider).get(ask.more_url).content.decode()


def test_many_papers_cost_as_many_queries_as_one(council: Council) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert unread_papers_of(council.member)
        return len(captured)

    add_readable_paper(council, "Một")
    before = queries()
    for words in ("Hai", "Ba", "Bốn", "Năm", "Sáu"):
        add_readable_paper(council, words)
    assert queries() == before
    ask = unread_papers_of(council.member)
    assert ask
    assert (len(ask.lines), ask.more_count) == (4, 2)
