"""The session of the day: published and not begun, there at every start; what earlier days left over is put in order.

Everything is done by the actions that people's own clicks call, as the people who would do it.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid5

from django.db.models import Q
from django.utils import timezone

from accounts.models import Act, Organisation, Person
from config.demo import people
from config.demo.clock import at, clock_at
from config.demo.extras import come_in
from config.demo.filing import TODAY, file_paper
from config.demo.months import working_day
from config.demo.personnel import draft_votes_on_people
from config.demo.series import PLANS, THEMATIC, SeriesPlan
from config.demo.sittings import NAMES
from meetings import actions
from meetings.models import Meeting, MeetingSeries, TimeCorrection
from realtime.transactions import one_transaction
from voting.actions import announce_result, cancel_poll, draft_poll
from voting.models import Poll

State = Meeting.State
QUARTER = timedelta(minutes=15)
DAYS_AHEAD = 5  # working days: its papers were in time
LEFT_OPEN = "Không ai kết thúc phiên họp trong ngày; lấy giờ của việc cuối cùng được ghi lại"


def is_there(day: date) -> bool:
    """Is there a session of this day, or one that can be moved to it? If not, papers have to be drawn."""
    return of_today(day) is not None or waiting() is not None


def todays_session(papers: dict[str, Path], *, day: date) -> Meeting:
    """Return the session of this day: the one that waits, an unused one moved to today, or a new one."""
    end_what_was_left_open(day)
    meeting = of_today(day)
    if meeting is not None:
        return meeting
    unused = waiting()
    if unused is None:
        return new_session(papers, day=day)
    actions.change_meeting(unused, by=unused.created_by, starts_at=soon(), title=title_of(THEMATIC, day))
    unused.refresh_from_db()
    return unused


def of_today(day: date) -> Meeting | None:
    """The session of this day that waits or is going on."""
    alive = Meeting.objects.filter(
        series__name=THEMATIC.name, state__in=(State.PUBLISHED, State.IN_SESSION, State.PAUSED)
    )
    today = [meeting for meeting in alive if day_of(meeting.starts_at) == day]
    return next((meeting for meeting in today if meeting.has_begun), today[0] if today else None)


def waiting() -> Meeting | None:
    return Meeting.objects.filter(series__name=THEMATIC.name, started_at=None, state=State.PUBLISHED).first()


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def title_of(plan: SeriesPlan, day: date, place: int = 1) -> str:
    return plan.title.format(n=place, day=day.day, month=day.month, year=day.year)


def soon() -> datetime:
    """Return the next quarter of an hour, or now where that would be tomorrow."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    coming = now + QUARTER - timedelta(minutes=now.minute % 15)
    return coming if coming.date() == now.date() else now


def person(key: str) -> Person:
    return Person.objects.get(username=key)


def unit(key: str) -> Organisation:
    return Organisation.objects.get(short_name=people.unit_of(key).short_name)


# -- A new session -----------------------------------------------------------------------------------------------------


def new_session(papers: dict[str, Path], *, day: date) -> Meeting:
    starts_at = soon()
    with clock_at(at(working_day(day, before=DAYS_AHEAD), 9, 15)):
        meeting = prepared_session(papers, day=day, starts_at=starts_at)
    come_in(meeting)
    return meeting


def prepared_session(papers: dict[str, Path], *, day: date, starts_at: datetime) -> Meeting:
    secretary = person("thu-ky")
    meeting = create(THEMATIC, title_of(THEMATIC, day), starts_at=starts_at, name=str(day))
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
    personnel = actions.add_item(
        meeting,
        by=secretary,
        title="Công tác tổ chức, cán bộ",
        presenter=person("do-thi-ngoc-anh"),
        submitting_unit=unit("snv"),
        planned_minutes=20,
        is_closed=True,
        admitted=[person(somebody.key) for somebody in people.COMMITTEE],
    )
    for name, item in (("budget", budget), ("economy", economy), ("zoning", zoning)):
        for label in TODAY[name]:
            file_paper(meeting, label, papers, by=secretary, item=item)
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
    draft_votes_on_people(personnel, by=secretary, year=day.year)
    actions.publish(meeting, by=secretary)
    meeting.refresh_from_db()
    return meeting


def create(plan: SeriesPlan, title: str, *, starts_at: datetime, name: str) -> Meeting:
    """Make a draft of a series, as its secretary would; its address comes from its name, unless that one was used."""
    series = MeetingSeries.objects.select_related("rule_set", "organisation").get(name=plan.name)
    key = uuid5(NAMES, f"{plan.key}:made:{name}")
    named = {} if Meeting.objects.filter(pk=key).exists() else {"id": key}
    return actions.create_meeting(
        by=person(plan.secretary),
        organisation=series.organisation,
        title=title,
        starts_at=starts_at,
        planned_minutes=series.planned_minutes,
        rule_set=series.rule_set,
        series=series,
        kind=series.kind,
        place=series.place,
        **named,
    )


# -- What earlier days left over ---------------------------------------------------------------------------------------


def end_what_was_left_open(day: date) -> None:
    """End sessions of earlier days that nobody ended, with the time of the last act as their end."""
    began_before = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    running = Q(state__in=(State.IN_SESSION, State.PAUSED))
    broken_off = Q(state=State.ADJOURNED, pauses__ended_at=None, pauses__resumes_at__lt=began_before)
    left = Meeting.objects.filter(running | broken_off, started_at__lt=began_before)
    for meeting in left.filter(series__name__in=[plan.name for plan in (*PLANS, THEMATIC)]):
        with one_transaction():
            end(meeting)


def end(meeting: Meeting) -> None:
    chair = meeting.participants.select_related("person").get(role="chair").person
    last = Act.objects.filter(chain=meeting.chain).latest("number").at
    for poll in Poll.objects.filter(meeting=meeting, state__in=(Poll.State.OPEN, Poll.State.CLOSED)):
        if poll.state == Poll.State.OPEN or poll.outcome == "tie":
            cancel_poll(poll, by=chair, reason="Phiên họp đã kết thúc")
        else:
            announce_result(poll, by=chair)
    actions.close(meeting, by=chair)
    ended = max(last, (meeting.started_at or last) + timedelta(minutes=1))
    if not meeting.pauses.filter(is_adjournment=True).exists():
        which = TimeCorrection.Which.ENDED_AT
        actions.correct_time(meeting, by=meeting.created_by, which=which, value=ended, reason=LEFT_OPEN)
