"""Who has opened a paper, and what counts as read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from documents import actions
from documents.models import DocumentVersion, Opening
from documents.openings import last_place, pages_of, papers_unread_by
from meetings.models import Meeting
from tests.council import Council
from tests.documents import papers
from tests.documents.test_marks import send

pytestmark = pytest.mark.usefixtures("remembered_children")
TEN = [f"trang {number}" for number in range(1, 11)]


@pytest.fixture
def version(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, *TEN)


def open_paper(version: DocumentVersion, *pages: Any) -> dict[str, Any]:
    return {"t": "open_paper", "version": str(version.pk), "pages": list(pages)}


def unread(person: Person) -> list[str]:
    return list(papers_unread_by(person).values_list("title", flat=True))


def test_an_opening_is_put_down_once_with_the_pages_that_were_seen(council: Council, version: DocumentVersion) -> None:
    answers = send(council.member, open_paper(version), open_paper(version, 1, 2), open_paper(version, 2, 10))
    assert [answer["pages_seen"] for answer in answers] == [0, 2, 3]
    opening = Opening.objects.get()
    assert (opening.person, opening.version, pages_of(opening)) == (council.member, version, [1, 2, 10])
    assert opening.first_opened_at < opening.last_opened_at


@pytest.mark.parametrize("pages", [[0], [11], ["1"], [True], [1.5], "12", None])
def test_pages_that_do_not_exist_are_refused(council: Council, version: DocumentVersion, pages: Any) -> None:
    (answer,) = send(council.member, {**open_paper(version), "pages": pages})
    assert (answer["t"], answer["code"]) == ("nack", "no_such_page")
    assert not Opening.objects.exists()


def last_page(version: DocumentVersion, person: Person) -> int:
    return last_place(version, person)[0]


def test_the_page_one_was_on_last_is_kept_until_another_is_told(council: Council, version: DocumentVersion) -> None:
    assert last_page(version, council.member) == 1
    send(council.member, {**open_paper(version), "page": 7}, open_paper(version, 8))
    assert (last_page(version, council.member), last_page(version, council.second_member)) == (7, 1)


def test_what_a_tablet_tells_late_does_not_lead_back(council: Council, version: DocumentVersion) -> None:
    now = int(timezone.now().timestamp() * 1000)
    send(council.member, {**open_paper(version), "page": 7, "at": now - 60_000})
    send(council.member, {**open_paper(version, 3), "page": 3, "at": now - 3_600_000})
    assert last_place(version, council.member)[0] == 7
    send(council.member, {**open_paper(version), "page": 9, "at": now + 3_600_000})
    assert last_place(version, council.member)[0] == 9
    send(council.member, {**open_paper(version), "page": 2})
    assert last_page(version, council.member) == 2, "a clock that is fast shuts out no other tablet"


@pytest.mark.parametrize("at", [-1, "1", 1.5, True, None, 10**30])
def test_a_moment_that_is_none_is_now(council: Council, version: DocumentVersion, at: Any) -> None:
    (answer,) = send(council.member, {**open_paper(version), "page": 4, "at": at})
    assert (answer["t"], last_page(version, council.member)) == ("ack", 4)


@pytest.mark.parametrize("page", [0, 11, "1", True, [1]])
def test_a_page_that_does_not_exist_is_not_where_one_was(council: Council, version: DocumentVersion, page: Any) -> None:
    (answer,) = send(council.member, {**open_paper(version, 1), "page": page})
    assert (answer["t"], answer["code"]) == ("nack", "no_such_page")
    assert not Opening.objects.exists()


def test_who_may_not_read_the_paper_cannot_have_opened_it(council: Council, version: DocumentVersion) -> None:
    for name in ("outsider", "other_unit_member", "system_admin"):
        assert send(council.cast[name], open_paper(version, 1))[0]["code"] == "not_found"
    assert not Opening.objects.exists()


def test_a_paper_is_unread_until_a_fifth_of_its_pages_was_seen(council: Council, version: DocumentVersion) -> None:
    title = version.document.title
    assert unread(council.member) == [title]
    send(council.member, open_paper(version))
    assert unread(council.member) == [title]
    send(council.member, open_paper(version, 1))
    assert unread(council.member) == [title]
    send(council.member, open_paper(version, 7))
    assert unread(council.member) == []
    assert unread(council.second_member) == [title]


def test_a_new_version_is_unread_again(council: Council, version: DocumentVersion) -> None:
    send(council.member, open_paper(version, 1, 2))
    file = papers.upload(papers.pdf("bản mới"))
    actions.replace_paper(version.document, by=council.secretary, file=file, declared_grade="none")
    assert unread(council.member) == []  # the old one stands until the new one can be opened
    papers.work()
    assert unread(council.member) == [version.document.title]


def test_only_papers_one_is_to_read_are_unread(council: Council, version: DocumentVersion) -> None:
    hidden = papers.add_readable_paper(council, "riêng")
    actions.change_paper(hidden.document, by=council.secretary, restricted=True, title="Riêng")
    actions.add_handed_out_line(council.meeting, by=council.secretary)
    gone = papers.add_readable_paper(council, "rút")
    actions.withdraw_paper(gone.document, by=council.secretary)
    assert unread(council.member) == [version.document.title]
    assert unread(council.outsider) == []
    Meeting.objects.update(state="closed")
    assert unread(council.member) == []


def test_unread_papers_take_the_same_number_of_queries_for_one_and_for_three(council: Council) -> None:
    def queries(look: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as seen:
            look()
        return len(seen)

    def look() -> list[str]:
        return [f"{paper.meeting} {paper.item}" for paper in papers_unread_by(council.member)]

    papers.add_readable_paper(council, "một")
    one = queries(look)
    for text in ("hai", "ba"):
        papers.add_readable_paper(council, text)
    assert len(look()) == 3
    assert queries(look) == one
