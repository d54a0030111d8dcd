"""A new version says which pages changed, to those who had read the one before, and to nobody who may not read it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Act, Person
from accounts.personal import stream_of
from documents import actions, intake
from documents.models import Document, DocumentVersion
from documents.openings import note_opening
from documents.panels import papers_panel
from meetings import actions as meeting_actions
from meetings.models import Meeting, Notice
from realtime.models import Entry
from tests.council import Council, client_of
from tests.documents import papers
from tests.documents.test_marks import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembered_children")]

OLD = [f"{number}\nĐiều {number} của dự thảo nghị quyết về dự toán ngân sách" for number in range(1, 8)]
NEW = [*OLD[:2], OLD[2].replace("dự toán", "quyết toán"), *OLD[3:6], OLD[6].replace("ngân sách", "vốn"), "8\nPhụ lục"]
SAID = "trang 3, 7 đã đổi; thêm trang 8"


@pytest.fixture
def first(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, *OLD, title="Dự thảo nghị quyết")


def replace(council: Council, document: Document, *pages: str, read: bool = True) -> DocumentVersion:
    file = papers.upload(papers.pdf(*pages))
    version = actions.replace_paper(document, by=council.secretary, file=file, declared_grade="none")
    if read:
        papers.work()
    version.refresh_from_db()
    return version


def agenda(person: Person, meeting: Meeting) -> str:
    """The agenda with its papers, as words."""
    return " ".join(re.sub(r"<[^>]*>", "", papers_panel(person, str(meeting.pk))).split())


def manifest(person: Person, version: DocumentVersion) -> dict[str, Any]:
    return client_of(person).get(reverse("documents:manifest", args=[version.pk])).json()


def notices(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person, text__contains="Bản mới").values_list("text", flat=True))


def test_who_had_read_the_old_version_sees_which_pages_changed_and_is_led_there(
    council: Council, first: DocumentVersion
) -> None:
    note_opening(first, by=council.member, pages=[1, 2])
    second = replace(council, first.document, *NEW)
    assert second.changes == {"since": 1, "changed": [3, 7], "added": [8], "removed": []}

    shown = agenda(council.member, council.meeting)
    assert f"Bản mới (bản 2): {SAID}" in shown
    assert "chưa đọc bản mới" in shown
    html = papers_panel(council.member, str(council.meeting.pk))
    for page in (3, 7, 8):
        assert (
            f'data-open-paper="{second.pk}" data-page="{page}" href="/documents/{first.document_id}/?page={page}"'
            in html
        )
    told = manifest(council.member, second)["news"]
    assert told == {
        "number": 2,
        "is_unopened": True,
        "is_compared": True,
        "changed": [3, 7],
        "added": [8],
        "removed": [],
    }
    assert notices(council.member) == [f"Bản mới (bản 2) của “Dự thảo nghị quyết”: {SAID}."]


def test_it_stands_out_until_it_was_opened(council: Council, first: DocumentVersion) -> None:
    note_opening(first, by=council.member, pages=[1, 2])
    second = replace(council, first.document, *NEW)
    before = Entry.objects.filter(stream__name=stream_of(council.member.pk)).count()
    send(council.member, {"t": "open_paper", "version": str(second.pk), "pages": []})
    shown = agenda(council.member, council.meeting)
    assert SAID in shown
    assert "chưa đọc bản mới" not in shown
    assert manifest(council.member, second)["news"]["is_unopened"] is False
    assert Entry.objects.filter(stream__name=stream_of(council.member.pk)).count() == before + 1  # shown anew at once


def test_who_had_not_read_the_old_one_is_told_of_no_difference(council: Council, first: DocumentVersion) -> None:
    note_opening(first, by=council.second_member, pages=[1])  # opened, and not read
    second = replace(council, first.document, *NEW)
    for person in (council.second_member, council.third_member):
        assert "Bản mới" not in agenda(person, council.meeting)
        assert manifest(person, second)["news"] is None
        assert notices(person) == ["Bản mới (bản 2) của “Dự thảo nghị quyết”; quý vị chưa đọc tài liệu này."]


def test_a_version_one_passed_over_is_not_compared_for_one(council: Council, first: DocumentVersion) -> None:
    note_opening(first, by=council.member, pages=[1, 2])
    note_opening(first, by=council.second_member, pages=[1, 2])
    second = replace(council, first.document, *NEW)
    note_opening(second, by=council.member, pages=[3])  # of what was read, only what changed needs to be looked at
    third = replace(council, first.document, *NEW[:7])
    assert manifest(council.member, third)["news"]["removed"] == [8]
    assert manifest(council.second_member, third)["news"]["is_compared"] is False
    assert "Bản mới (bản 3) chưa đọc bản mới" in agenda(council.second_member, council.meeting)


def test_until_all_of_it_is_read_there_is_a_new_version_and_no_comparison(
    council: Council, first: DocumentVersion
) -> None:
    note_opening(first, by=council.member, pages=[1, 2])
    second = replace(council, first.document, *NEW, read=False)
    intake.read_first_page.call(str(second.pk))
    second.refresh_from_db()
    assert (second.state, second.changes) == ("reading", None)
    assert "Bản mới (bản 2) chưa đọc bản mới" in agenda(council.member, council.meeting)
    third = replace(council, first.document, *NEW[:7], read=False)
    for read in (intake.read_first_page, intake.read_rest):
        read.call(str(third.pk))
    third.refresh_from_db()
    assert third.changes is None  # it waits for the one before it
    papers.work()
    third.refresh_from_db()
    assert (third.changes["since"], third.changes["removed"]) == (2, [8])


def test_a_version_that_nobody_could_open_is_passed_over(council: Council, first: DocumentVersion) -> None:
    stamped = replace(council, first.document, "TỐI MẬT\nDự thảo")
    assert stamped.state == "held"
    third = replace(council, first.document, *NEW)
    assert third.changes["since"] == 1


def test_the_same_file_again_changes_no_page(council: Council, first: DocumentVersion) -> None:
    note_opening(first, by=council.member, pages=[1, 2])
    replace(council, first.document, *OLD)
    assert "không trang nào đổi" in agenda(council.member, council.meeting)


def test_nothing_leaks_of_a_closed_item_or_a_restricted_paper(council: Council, first: DocumentVersion) -> None:
    for person in council.cast.values():
        note_opening(first, by=person, pages=[1, 2])
    meeting_actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.member])
    second = replace(council, first.document, *NEW)
    admitted = {"chair", "member", "secretary", "unit_admin"}
    for name, person in council.cast.items():
        may = name in admitted
        answer = client_of(person).get(reverse("documents:manifest", args=[second.pk]))
        assert answer.status_code == (200 if may else 404), name
        assert ("Dự thảo nghị quyết" in agenda(person, council.meeting)) is may, name
        assert bool(notices(person)) is (name in {"chair", "member"}), name  # who sent it needs no notice


def test_no_notice_goes_out_before_the_session_is_known_or_for_a_first_version(council: Council) -> None:
    papers.add_readable_paper(council, "Tờ trình")
    Meeting.objects.update(state="draft")
    draft = papers.add_readable_paper(council, "Báo cáo")
    replace(council, draft.document, "Báo cáo mới")
    assert not Notice.objects.filter(text__contains="Bản mới").exists()


def test_the_room_hears_of_it_on_the_streams_of_those_who_take_part(council: Council, first: DocumentVersion) -> None:
    panel = f"papers:{council.meeting.pk}"
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    replace(council, first.document, *NEW)
    new = Entry.objects.filter(pk__gt=last)
    told = {entry.stream.name for entry in new.select_related("stream") if panel in str(entry.body)}
    assert stream_of(council.member.pk) in told
    assert stream_of(council.outsider.pk) not in told


def test_the_agenda_costs_the_same_for_one_paper_and_for_three(council: Council, first: DocumentVersion) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert papers_panel(council.member, str(council.meeting.pk))
        return len(seen)

    note_opening(first, by=council.member, pages=[1, 2])
    replace(council, first.document, *NEW)
    queries()
    one = queries()
    for words in ("hai", "ba"):
        another = papers.add_readable_paper(council, words)
        note_opening(another, by=council.member, pages=[1])
        replace(council, another.document, f"{words} mới")
    assert papers_panel(council.member, str(council.meeting.pk)).count("chưa đọc bản mới") == 3
    assert queries() == one


def test_who_prepares_reads_what_each_version_changed(council: Council, first: DocumentVersion) -> None:
    replace(council, first.document, *NEW)
    page = client_of(council.secretary).get(reverse("documents:details", args=[first.document_id])).content.decode()
    assert "Trang 3, 7 đã đổi; thêm trang 8" in page
    assert Act.objects.filter(act="paper_replaced").count() == 1


def test_a_paper_that_changed_all_over_is_said_in_short(council: Council, first: DocumentVersion) -> None:
    second = replace(council, first.document, *NEW)
    second.changes["changed"] = list(range(1, 60, 2))
    second.save()
    note_opening(first, by=council.member, pages=[1, 2])
    assert "trang 1, 3, 5, 7, 9, 11, 13, 15, … đã đổi" in agenda(council.member, council.meeting)
