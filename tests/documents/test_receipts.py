"""Who has read which paper: a table for those who prepare or run the meeting, and for nobody else."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from zeal import zeal_context

from accounts.models import Membership, Person, Position
from documents import actions, rules
from documents.models import Document, DocumentVersion
from documents.receipts_table import Table, sheet_of, table_of
from meetings import actions as meeting_actions
from meetings.models import Participant
from realtime.models import Entry
from tests.council import Council, client_of
from tests.documents import papers
from tests.documents.test_marks import send

pytestmark = pytest.mark.usefixtures("remembered_children")
TEN = [f"trang {number}" for number in range(1, 11)]


def read(person: Person, version: DocumentVersion, *pages: int) -> None:
    (answer,) = send(person, {"t": "open_paper", "version": str(version.pk), "pages": list(pages)})
    assert answer["t"] == "ack", answer


def table(council: Council, by: Person | None = None) -> Table:
    return table_of(council.meeting, by=by or council.secretary)


def cells_of(council: Council, person: Person, by: Person | None = None) -> list[str | None]:
    (line,) = [line for line in table(council, by).lines if line.person == person]
    return [cell and cell.state.value for cell in line.cells]


def page(person: Person, council: Council, **asked: Any) -> str:
    answer = client_of(person).get(f"/meetings/{council.meeting.pk}/receipts/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_reader_has_a_line_and_each_paper_a_column(council: Council) -> None:
    first = papers.add_readable_paper(council, *TEN, title="Tờ trình")
    papers.add_readable_paper(council, "một", title="Báo cáo", item=council.second_item)
    read(council.member, first, 1, 2)
    read(council.second_member, first, 9)
    assert cells_of(council, council.member) == ["read", "unopened"]
    assert cells_of(council, council.second_member) == ["opened", "unopened"]
    assert cells_of(council, council.chair) == ["unopened", "unopened"]
    shown = page(council.secretary, council)
    assert "1/8 đã đọc" in shown
    assert "1/<wbr>10" in shown  # pages seen of pages
    assert council.outsider.full_name not in shown


def test_a_new_version_is_unread_and_what_nobody_can_open_has_no_column(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    papers.add_paper(council, "chưa đọc được")
    read(council.member, version, 1, 2)
    assert cells_of(council, council.member) == ["read"]
    file = papers.upload(papers.pdf("bản mới"))
    actions.replace_paper(version.document, by=council.secretary, file=file, declared_grade="none")
    version.document.versions.filter(number=2).update(state=DocumentVersion.State.READY, page_count=1)
    assert cells_of(council, council.member) == ["unopened"]


def test_those_who_have_read_nothing_are_shown_alone_and_their_names_can_be_copied(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    read(council.member, version, 1, 2)
    shown = page(council.secretary, council, show="unread")
    names = shown.partition('id="names"')[2].partition(">")[2].partition("</textarea>")[0].split("\n")
    assert council.second_member.full_name in names
    assert council.member.full_name not in names
    assert council.member.full_name in page(council.secretary, council).partition("</textarea>")[0]


def test_lines_are_sorted_by_name_by_papers_read_and_by_one_paper(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    read(council.second_member, version, 1, 2)
    read(council.third_member, version, 1)

    def names(sort: str) -> list[str]:
        shown = page(council.secretary, council, sort=sort).partition("<tbody>")[2].partition("</tbody>")[0]
        return [part.partition("<")[0].strip() for part in shown.split('<th scope="row">')[1:]]

    given = [name.rpartition(" ")[2] for name in names("name")]
    assert given[:4] == ["An", "Bình", "Cường", "Đào"]
    assert names("-name") == names("name")[::-1]
    assert names("-read")[0] == names("-1")[0] == council.second_member.full_name
    assert names("1")[-2:] == [council.third_member.full_name, council.second_member.full_name]
    assert names("99") == names("x") == names("")


@pytest.mark.parametrize("who", ["member", "stand_in", "invitee", "observer"])
def test_members_never_see_who_has_read_what(council: Council, who: str) -> None:
    version = papers.add_readable_paper(council, *TEN)
    read(council.second_member, version, 1, 2)
    client = client_of(council.cast[who])
    for address in ("receipts/", "receipts/table.xlsx"):
        assert client.get(f"/meetings/{council.meeting.pk}/{address}").status_code == 403
    for address in ("", "floor/"):
        shown = client.get(f"/meetings/{council.meeting.pk}/{address}").content.decode()
        assert "receipts/" not in shown
        assert "/8 đã đọc" not in shown


@pytest.mark.parametrize("who", ["outsider", "other_unit_member", "other_unit_admin", "system_admin"])
def test_for_outsiders_there_is_no_such_page(council: Council, who: str) -> None:
    assert client_of(council.cast[who]).get(f"/meetings/{council.meeting.pk}/receipts/").status_code == 404


def test_the_chair_sees_papers_the_chair_may_read(council: Council) -> None:
    papers.add_readable_paper(council, "mở", title="Tờ trình")
    hidden = papers.add_readable_paper(council, "riêng", title="Tài liệu riêng").document
    actions.change_paper(hidden, by=council.secretary, restricted=True)
    assert "Tài liệu riêng" in page(council.secretary, council)
    shown = page(council.chair, council)
    assert "Tờ trình" in shown
    assert "Tài liệu riêng" not in shown


def test_who_lost_the_right_to_a_paper_is_not_among_its_readers(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    actions.change_paper(version.document, by=council.secretary, restricted=True)
    actions.grant_to_person(version.document, council.outsider, by=council.secretary)
    read(council.outsider, version, 1, 2)
    assert cells_of(council, council.outsider) == ["read"]
    assert council.outsider.full_name in page(council.secretary, council)
    actions.revoke_from_person(version.document, council.outsider, by=council.secretary)
    assert council.outsider.full_name not in page(council.secretary, council)
    assert council.outsider.full_name not in str(sheet_of(table(council)))


def test_all_readers_at_once_are_those_of_each_paper(council: Council) -> None:
    """The cast before papers of every kind: the rule for many agrees with the rule for one."""
    plain, withdrawn, restricted, by_unit = (
        papers.add_readable_paper(council, str(place), title=str(place)).document for place in range(4)
    )
    closed, closed_and_granted = (
        papers.add_readable_paper(council, f"kín {place}", item=council.second_item).document for place in range(2)
    )
    secretary = council.secretary
    for document in (restricted, by_unit):
        actions.change_paper(document, by=secretary, restricted=True)
    actions.grant_to_person(restricted, council.invitee, by=secretary)
    actions.grant_to_person(closed_and_granted, council.outsider, by=secretary)
    actions.grant_to_unit(by_unit, council.other_unit, by=secretary)
    position = Position.objects.first()
    assert position is not None
    Membership.objects.create(
        person=council.observer, organisation=council.other_unit, position=position, valid_from="2021-07-01"
    )
    left = Membership.objects.create(
        person=council.stand_in, organisation=council.other_unit, position=position, valid_from="2021-07-01"
    )
    Membership.objects.filter(pk=left.pk).update(valid_until="2021-07-02")
    meeting_actions.change_item(
        council.second_item, by=secretary, title="Kín", is_closed=True, admitted=[council.member]
    )
    actions.withdraw_paper(withdrawn, by=secretary)
    Person.objects.filter(pk=council.third_member.pk).update(is_active=False)
    Participant.objects.create(meeting=council.meeting, person=council.unit_admin, role=Participant.Role.OBSERVER)
    documents = list(Document.objects.filter(meeting=council.meeting).select_related("item", "meeting"))
    assert len(documents) == 6
    found = rules.readers_by_paper(council.meeting, documents)
    for document in documents:
        assert found[document.pk] == rules.readers_of(document), document.title
    assert {person.full_name for person in found[closed.pk]} < {person.full_name for person in found[plain.pk]}
    assert council.observer in found[by_unit.pk]
    assert council.stand_in not in found[by_unit.pk]


def test_the_sheet_says_in_words_what_the_screen_shows(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN, title="=Tờ trình")
    read(council.member, version, 1)
    answer = client_of(council.secretary).get(f"/meetings/{council.meeting.pk}/receipts/table.xlsx")
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)]
    assert rows[0][:3] == ["Họ và tên", "Đơn vị", "Vai trò"]
    (line,) = [row for row in rows if row[0] == council.member.full_name]
    assert line[-3:] == ["0", "1", "đã mở (1/10 trang)"]


def test_counts_stand_beside_papers_where_they_are_prepared_and_on_the_desk(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    council.start()
    council.take_up(council.item)
    read(council.member, version, 1, 2)
    for address in ("", "desk/"):
        shown = client_of(council.secretary).get(f"/meetings/{council.meeting.pk}/{address}").content.decode()
        assert "1/8 đã đọc" in shown, address


def test_the_desk_is_told_once_that_a_paper_was_read_and_not_of_every_page(council: Council) -> None:
    version = papers.add_readable_paper(council, *TEN)
    before = Entry.objects.count()
    read(council.member, version)
    read(council.member, version, 1)
    assert Entry.objects.count() == before
    read(council.member, version, 2)
    told = Entry.objects.count()
    assert told > before
    newest = Entry.objects.order_by("-pk").values_list("stream__name", flat=True)[: told - before]
    assert not [name for name in newest if name.endswith((":floor", ":gallery", ":wall"))]
    read(council.member, version, 3, 4, 5)
    assert Entry.objects.count() == told


def test_many_papers_and_readers_cost_as_many_queries_as_few(council: Council) -> None:
    def queries(address: str) -> int:
        client = client_of(council.secretary)
        with CaptureQueriesContext(connection) as captured, zeal_context():
            assert client.get(f"/meetings/{council.meeting.pk}/{address}").status_code == 200
        return len(captured)

    addresses = ("receipts/", "receipts/table.xlsx", "papers/")
    version = papers.add_readable_paper(council, *TEN)
    before = [queries(address) for address in addresses]
    for place in range(3):
        again = papers.add_readable_paper(council, f"thêm {place}", item=(council.item, council.second_item)[place % 2])
        actions.grant_to_person(again.document, council.outsider, by=council.secretary)
        read(council.member, again, 1)
    for person in (council.other_unit_member, council.other_unit_admin):
        Participant.objects.create(meeting=council.meeting, person=person, role=Participant.Role.INVITEE)
        read(person, version, 1, 2)
    assert [queries(address) for address in addresses] == before
