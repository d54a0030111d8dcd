"""What lies ahead in the demo, and what becomes of it when the demo is started again days later."""

import datetime
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid5

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone, translation

from accounts import acts
from accounts.models import Person
from config.demo.sittings import NAMES
from config.management.commands import demo
from meetings import actions
from meetings.models import Meeting

MORNING = datetime.datetime(2026, 11, 23, 7, 52, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


class Drawn:
    """Stands for the child that draws the papers, done at once."""

    def wait(self) -> int:
        return 0


@pytest.fixture
def start(db: None, settings: LazySettings, tmp_path: Path, papers, monkeypatch) -> Iterator[None]:
    """Start the demo's data some days after the first morning, as the command does, without drawing."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(demo, "start_drawing", lambda day: Drawn())
    monkeypatch.setattr(demo, "papers_of", lambda day: papers)

    def start_after(days: int) -> list[Meeting]:
        with time_machine.travel(MORNING + datetime.timedelta(days=days), tick=True), translation.override("vi"):
            demo.make_data()
            return sessions_of_today()

    return start_after


def sessions_of_today() -> list[Meeting]:
    alive = Meeting.objects.filter(series__name="Phiên họp chuyên đề UBND tỉnh", state__in=("published", "in_session"))
    return [row for row in alive if timezone.localtime(row.starts_at).date() == timezone.localdate()]


def test_each_start_finds_one_session_today_and_never_the_history_twice(start):
    [first] = start(0)
    known = Meeting.objects.count()
    [again] = start(0)
    [moved] = start(1)
    assert first == again == moved
    assert Meeting.objects.count() == known
    with time_machine.travel(MORNING + datetime.timedelta(days=1, hours=1)):
        actions.start(moved, by=Person.objects.get(username="chu-toa"))
    [fresh] = start(2)
    assert fresh != moved
    moved.refresh_from_db()
    assert (moved.state, moved.net_seconds()) == ("closed", 60)
    assert Meeting.objects.count() == known + 1
    assert list(acts.breaks()) == []


def test_the_calendar_ahead_is_the_same_for_a_day_and_moves_on_when_days_have_passed(start):
    [session] = start(0)
    assert str(session.pk) == str(uuid5(NAMES, "thematic:made:2026-11-23"))

    ahead = Meeting.objects.filter(starts_at__gt=MORNING + datetime.timedelta(hours=12))
    states = Counter(ahead.values_list("state", flat=True))
    assert states == {"published": 3, "draft": 2, "cancelled": 1}
    assert Counter(row.documents.count() for row in ahead) == {0: 3, 1: 1, 2: 2}
    assert ahead.get(state="cancelled").cancel_reason

    start(20)
    with time_machine.travel(MORNING + datetime.timedelta(days=20)):
        waiting = Meeting.objects.filter(state__in=("published", "draft"))
        assert all(row.starts_at > timezone.now() for row in waiting)
    assert waiting.count() == 6
    assert not Meeting.objects.filter(state="adjourned").exists()
