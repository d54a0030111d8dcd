"""Papers that come after their time are marked late, wherever they stand, and nobody can take that away."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Act, Person
from documents import actions
from documents.models import Document, DocumentVersion
from meetings import actions as meeting_actions
from tests.council import Council, client_of
from tests.documents import papers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remembered_children")]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OPENING = datetime(2027, 3, 18, 8, 0, tzinfo=HANOI)  # a Thursday: papers until Monday
IN_TIME, LATE = datetime(2027, 3, 15, 23, 50, tzinfo=HANOI), datetime(2027, 3, 16, 9, 5, tzinfo=HANOI)
WORDS = "Gửi muộn 1 ngày làm việc"


@pytest.fixture
def session(council: Council) -> Council:
    meeting_actions.change_meeting(council.meeting, by=council.secretary, starts_at=OPENING)
    council.meeting.refresh_from_db()
    return council


def paper_at(council: Council, moment: datetime, title: str, **more: object) -> DocumentVersion:
    with time_machine.travel(moment):
        return papers.add_readable_paper(council, title, title=title, **more)


def page_of(council: Council, person: Person) -> str:
    return client_of(person).get(reverse("meetings:meeting", args=[council.meeting.pk])).content.decode()


def late_lines(html: str) -> int:
    return html.count('data-late="')


def test_a_late_paper_is_marked_for_who_prepares_and_for_members_with_its_moment(session: Council) -> None:
    paper_at(session, IN_TIME, "Tờ trình")
    for person in (session.secretary, session.member):
        assert late_lines(page_of(session, person)) == 0
    paper_at(session, LATE, "Báo cáo muộn")
    for person in (session.secretary, session.member):
        html = page_of(session, person)
        assert late_lines(html) == 1
        assert html.index("Báo cáo muộn") < html.index(WORDS)
        assert "09:05" in html
    assert "15/03/2027" in page_of(session, session.secretary)  # until when papers are in time


def test_a_late_version_of_a_paper_that_was_in_time_says_so(session: Council) -> None:
    first = paper_at(session, IN_TIME, "Tờ trình")
    with time_machine.travel(LATE):
        file = papers.upload(papers.pdf("Tờ trình mới"))
        actions.replace_paper(first.document, by=session.secretary, file=file, declared_grade="none")
        papers.work()
    assert "Bản 2 gửi muộn 1 ngày làm việc" in page_of(session, session.member)
    details = client_of(session.secretary).get(reverse("documents:details", args=[first.document_id])).content.decode()
    assert late_lines(details) == 1


def test_no_form_takes_the_mark_away_and_the_log_holds_the_moment(session: Council) -> None:
    version = paper_at(session, LATE, "Báo cáo")
    client, address = client_of(session.secretary), reverse("documents:details", args=[version.document_id])
    sent = {"title": "Báo cáo mới", "kind": "report", "added_at": IN_TIME.isoformat(), "item": session.item.pk}
    assert client.post(address, sent).status_code == 302
    assert Document.objects.get().title == "Báo cáo mới"
    assert WORDS in page_of(session, session.member)
    act = Act.objects.get(act="paper_added")
    assert abs((act.at - version.added_at).total_seconds()) < 5
    assert act.facts["version"] == 1


def test_moving_the_session_moves_the_time_for_its_papers(session: Council) -> None:
    paper_at(session, LATE, "Báo cáo")
    meeting_actions.change_meeting(session.meeting, by=session.secretary, starts_at=OPENING.replace(day=25))
    assert late_lines(page_of(session, session.member)) == 0
    meeting_actions.change_meeting(session.meeting, by=session.secretary, starts_at=OPENING.replace(day=17))
    assert "Gửi muộn 2 ngày làm việc" in page_of(session, session.member)


def test_the_record_lists_them_for_those_who_may_read_them(session: Council) -> None:
    paper_at(session, LATE, "Báo cáo chung")
    paper_at(session, LATE, "Bản riêng", restricted=True)
    paper_at(session, LATE, "Nhân sự", item=session.second_item)
    meeting_actions.change_item(session.second_item, by=session.secretary, is_closed=True, admitted=[session.member])
    with time_machine.travel(OPENING):
        session.start()
        meeting_actions.close(session.meeting, by=session.chair)
    for person, papers_seen in ((session.member, 2), (session.third_member, 1)):
        html = page_of(session, person)
        record = html[html.index("record-items") :]
        assert record.count("gửi muộn 1 ngày làm việc") == papers_seen
        assert ("Nhân sự" in html) is (papers_seen == 2)
        assert "Bản riêng" not in html


def test_the_desk_sees_it_beside_the_papers_of_the_item(session: Council) -> None:
    paper_at(session, LATE, "Báo cáo")
    with time_machine.travel(OPENING):
        session.start()
        session.take_up(session.item)
        address = reverse("meetings:desk", args=[session.meeting.pk])
        assert WORDS in client_of(session.chair).get(address).content.decode()
