"""The sessions of the demo: today's, published and not begun, and last month's, held and closed.

Everything is done by the actions that people's own clicks call, as the people who would do it.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from unittest import mock
from uuid import uuid4

from django.core.files import File
from django.utils import timezone

from accounts.models import Organisation, Person
from config.demo import people
from config.demo.extras import come_in
from config.demo.province import SERIES
from documents.actions import add_paper
from meetings import actions
from meetings.models import AgendaItem, Attendance, Meeting, MeetingSeries, Participant
from voting.actions import announce_result, cast_ballot, close_poll, draft_poll, open_poll
from voting.models import Poll

State = Meeting.State
QUARTER = timedelta(minutes=15)


def todays_session(papers: dict[str, Path], *, day: date) -> Meeting:
    """Return the session of this day: the one that waits, an unused one moved to today, or a new one."""
    waiting = Meeting.objects.filter(series__name=SERIES, started_at=None, state=State.PUBLISHED).first()
    if waiting is None:
        running = Meeting.objects.filter(series__name=SERIES, state__in=(State.IN_SESSION, State.PAUSED))
        today = [meeting for meeting in running if timezone.localtime(meeting.starts_at).date() == day]
        return today[0] if today else new_session(papers, day=day)
    if timezone.localtime(waiting.starts_at).date() != day:
        actions.change_meeting(waiting, by=waiting.created_by, starts_at=soon(), title=title_of(day))
        waiting.refresh_from_db()
    return waiting


def title_of(day: date) -> str:
    return f"Phiên họp thường kỳ tháng {day.month} năm {day.year}"


def soon() -> datetime:
    """Return the next quarter of an hour, or now where that would be tomorrow."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    coming = now + QUARTER - timedelta(minutes=now.minute % 15)
    return coming if coming.date() == now.date() else now


def person(key: str) -> Person:
    return Person.objects.get(username=key)


def unit(key: str) -> Organisation:
    return Organisation.objects.get(name=people.unit_of(key).name)


def new_session(papers: dict[str, Path], *, day: date) -> Meeting:
    secretary = person("thu-ky")
    meeting = create(title_of(day), by=secretary, starts_at=soon())
    year = day.year + 1
    budget = actions.add_item(
        meeting,
        by=secretary,
        title=f"Hồ sơ trình Hội đồng nhân dân tỉnh về dự toán ngân sách năm {year}",
        presenter=person("uy-vien"),
        submitting_unit=unit("stc"),
        planned_minutes=60,
    )
    economy = actions.add_item(
        meeting,
        by=secretary,
        title=f"Tình hình kinh tế - xã hội tháng {day.month}, nhiệm vụ trọng tâm thời gian tới",
        presenter=person("tran-quoc-khai"),
        submitting_unit=unit("vp"),
        planned_minutes=45,
    )
    zoning = actions.add_item(
        meeting,
        by=secretary,
        title="Đồ án quy hoạch phân khu xây dựng khu vực phía Bắc phường Bến Lam",
        presenter=person("uy-vien-2"),
        submitting_unit=unit("sxd"),
        planned_minutes=45,
    )
    actions.add_item(
        meeting,
        by=secretary,
        title="Công tác tổ chức, cán bộ",
        presenter=person("do-thi-ngoc-anh"),
        submitting_unit=unit("snv"),
        planned_minutes=20,
        is_closed=True,
        admitted=[person(somebody.key) for somebody in people.COMMITTEE],
    )
    add_papers(meeting, papers, {"budget": budget, "economy": economy, "zoning": zoning}, by=secretary)
    draft_poll(
        budget,
        by=secretary,
        question=f"Thông qua hồ sơ trình Hội đồng nhân dân tỉnh về dự toán ngân sách năm {year}",
    )
    draft_poll(
        zoning,
        by=secretary,
        question="Phê duyệt Đồ án quy hoạch phân khu xây dựng khu vực phía Bắc phường Bến Lam, tỷ lệ 1/2.000",
    )
    actions.publish(meeting, by=secretary)
    come_in(meeting)
    meeting.refresh_from_db()
    return meeting


def add_papers(meeting: Meeting, papers: dict[str, Path], items: dict[str, AgendaItem], *, by: Person) -> None:
    for key, item, kind, title, number, symbol, body in (
        ("to-trinh-du-toan", "budget", "submission", "Tờ trình về dự toán ngân sách", "123", "TTr-STC", "Sở Tài chính"),
        ("bao-cao-du-toan", "budget", "report", "Báo cáo dự toán ngân sách địa phương", "287", "BC-UBND", "UBND tỉnh"),
        (
            "du-thao-nghi-quyet",
            "budget",
            "draft",
            "Dự thảo Nghị quyết về dự toán ngân sách",
            "",
            "NQ-HĐND",
            "HĐND tỉnh",
        ),
        (
            "bao-cao-tiep-thu-giai-trinh",
            "budget",
            "report",
            "Báo cáo tiếp thu, giải trình ý kiến góp ý",
            "418",
            "BC-STC",
            "Sở Tài chính",
        ),
        ("bao-cao-kinh-te-xa-hoi", "economy", "report", "Báo cáo kinh tế - xã hội", "291", "BC-UBND", "UBND tỉnh"),
        ("quy-hoach-phan-khu", "zoning", "submission", "Tờ trình và đồ án quy hoạch", "206", "TTr-SXD", "Sở Xây dựng"),
    ):
        with papers[key].open("rb") as file:
            add_paper(
                meeting,
                by=by,
                file=File(file, name=papers[key].name),
                declared_grade="none",
                item=items[item],
                title=title,
                kind=kind,
                number=number,
                symbol=symbol,
                issuing_body=body,
            )


def create(title: str, *, by: Person, starts_at: datetime) -> Meeting:
    series = MeetingSeries.objects.get(name=SERIES)
    return actions.create_meeting(
        by=by,
        organisation=series.organisation,
        title=title,
        starts_at=starts_at,
        planned_minutes=series.planned_minutes,
        rule_set=series.rule_set,
        series=series,
        place=series.place,
    )


# -- Last month's session ----------------------------------------------------------------------------------------------


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let Django's clock stand at that moment: only here, to hold a session of the past."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Then):
        yield


def session_of_last_month(*, day: date) -> Meeting:
    """Hold last month's session from its publication to its end: 2 hours 41 minutes, of which 14 were a break."""
    last_month = day.replace(day=1) - timedelta(days=1)
    held_on = last_month.replace(day=min(day.day, 26))
    while held_on.weekday() > 4:
        held_on -= timedelta(days=1)
    eight = timezone.make_aware(datetime.combine(held_on, time(8)))
    secretary, chair = person("thu-ky"), person("chu-toa")

    with clock_at(eight - timedelta(days=6)):
        meeting = create(title_of(held_on), by=secretary, starts_at=eight)
        economy, works, forest = (
            actions.add_item(meeting, by=secretary, title=title, presenter=person(key), planned_minutes=minutes)
            for title, key, minutes in (
                ("Tình hình kinh tế - xã hội tháng và nhiệm vụ tháng tới", "tran-quoc-khai", 60),
                ("Điều chỉnh kế hoạch đầu tư công trung hạn", "uy-vien", 60),
                ("Phương án phòng cháy, chữa cháy rừng mùa khô", "luong-van-quyet", 40),
            )
        )
        poll = draft_poll(works, by=secretary, question="Thông qua tờ trình điều chỉnh kế hoạch đầu tư công trung hạn")
        actions.publish(meeting, by=secretary)

    check_in_those_who_came(meeting, eight, secretary)
    at = minutes_after(eight)
    with clock_at(at(4)):
        actions.start(meeting, by=chair)
    with clock_at(at(5)):
        actions.take_up_item(economy, by=chair)
    with clock_at(at(58)):
        actions.pause(meeting, by=chair)
    with clock_at(at(72)):
        actions.resume(meeting, by=chair)
        actions.take_up_item(works, by=chair)
    vote(poll, at(121), chair)
    with clock_at(at(125)):
        actions.take_up_item(forest, by=chair)
    with clock_at(at(165)):
        actions.close(meeting, by=chair)
    meeting.refresh_from_db()
    return meeting


def minutes_after(begin: datetime) -> Callable[[int], datetime]:
    return lambda minutes: begin + timedelta(minutes=minutes)


def check_in_those_who_came(meeting: Meeting, begin: datetime, secretary: Person) -> None:
    dice = random.Random(26)  # noqa: S311 - when people came in, no secret
    absent = {"trinh-dinh-loc": "Đi công tác theo lịch của Thanh tra tỉnh", "mai-phuong-thao": "Nghỉ phép"}
    for participant in meeting.participants.select_related("person"):
        somebody = participant.person
        with clock_at(begin - timedelta(minutes=dice.randrange(2, 25), seconds=dice.randrange(60))):
            if somebody.username in absent:
                reason = absent[somebody.username]
                actions.note_absence(participant, by=secretary, reason=reason)
            elif participant.role != Participant.Role.SECRETARY:
                actions.check_in(participant, by=somebody)


def vote(poll: Poll, opened: datetime, chair: Person) -> None:
    with clock_at(opened):
        open_poll(poll, by=chair)
    here = Attendance.objects.filter(participant__meeting=poll.meeting_id, participant__has_vote=True, left_at=None)
    voters = [row.participant.person for row in here.select_related("participant__person").order_by("participant")]
    for seconds, voter in enumerate(voters):
        choice = {11: "against", 14: "not_voting"}.get(seconds, "for")
        with clock_at(opened + timedelta(seconds=5 + 2 * seconds)):
            cast_ballot(poll.pk, by=voter, choice=choice, op=uuid4())
    with clock_at(opened + timedelta(minutes=1)):
        close_poll(poll, by=chair)
    with clock_at(opened + timedelta(minutes=2)):
        announce_result(poll, by=chair)
