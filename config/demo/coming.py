"""What is in the calendar of the demo after today: published, drafted, cancelled; moved on when its day has passed."""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from config.demo.clock import at
from config.demo.filing import COMING as LABELS
from config.demo.filing import file_paper
from config.demo.months import working_day
from config.demo.series import BRIEFING, COUNCIL, DISTRICT, PLANS, REGULAR, WARD, SeriesPlan
from config.demo.session import create, person, title_of
from config.demo.topics import TOPICS
from meetings import actions
from meetings.models import Meeting
from voting.actions import draft_poll

State = Meeting.State


class Coming(NamedTuple):
    """A session some working days ahead, with some topics of its series."""

    plan: SeriesPlan
    days_ahead: int
    topics: int
    is_published: bool
    has_papers: bool = False
    first_topic: int = 0
    cancelled: str = ""


COMING = (
    Coming(BRIEFING, 2, 3, is_published=True, has_papers=True, first_topic=1),
    Coming(COUNCIL, 3, 3, is_published=True, has_papers=True),
    Coming(WARD, 5, 2, is_published=True),
    Coming(DISTRICT, 7, 4, is_published=False),
    Coming(REGULAR, 4, 4, is_published=False, has_papers=True, first_topic=2),
    Coming(BRIEFING, 12, 2, is_published=True, cancelled="Trùng lịch Hội nghị toàn quốc; nội dung chuyển sang kỳ sau"),
)


def make_coming(papers: dict[str, Path], *, day: date) -> None:
    for number, coming in enumerate(COMING):
        make_one(coming, papers, day=working_day(day, after=coming.days_ahead), number=number)


def make_one(coming: Coming, papers: dict[str, Path], *, day: date, number: int) -> Meeting:
    plan, by = coming.plan, person(coming.plan.secretary)
    meeting = create(plan, title_for(plan, day), starts_at=at(day, plan.hour), name=f"coming-{number}:{day}")
    topics = TOPICS[plan.key][coming.first_topic :][: coming.topics]
    items = [
        actions.add_item(
            meeting,
            by=by,
            title=topic.title.format(month=day.month),
            presenter=person(topic.presenter),
            planned_minutes=topic.minutes,
        )
        for topic in topics
    ]
    labels = LABELS[plan.key] if coming.has_papers else ()
    for label, item in zip(labels, items, strict=False):
        file_paper(meeting, label, papers, by=by, item=item)
    for topic, item in zip(topics, items, strict=True):
        if topic.question:
            draft_poll(item, by=by, question=topic.question)
    if coming.is_published:
        actions.publish(meeting, by=by)
    if coming.cancelled:
        actions.cancel(meeting, by=by, reason=coming.cancelled)
    return meeting


def title_for(plan: SeriesPlan, day: date) -> str:
    return title_of(plan, day, place=1 if day.day <= 15 else 2)


def move_on(day: date) -> None:
    """Give sessions whose day has passed without being held another day, the same number of working days ahead."""
    today = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    names = [plan.name for plan in PLANS]
    passed = Meeting.objects.filter(
        series__name__in=names, state__in=(State.DRAFT, State.PUBLISHED), started_at=None, starts_at__lt=today
    )
    for number, meeting in enumerate(passed.select_related("series", "created_by").order_by("starts_at")):
        plan = next(plan for plan in PLANS if plan.name == (meeting.series and meeting.series.name))
        fresh = working_day(day, after=2 + 2 * number)
        actions.change_meeting(
            meeting, by=meeting.created_by, starts_at=at(fresh, plan.hour), title=title_for(plan, fresh)
        )


def is_made() -> bool:
    """Are there sessions that lie ahead, or were there once? Those that were cancelled stay."""
    return Meeting.objects.filter(series__name=BRIEFING.name, state=State.CANCELLED).exists()
