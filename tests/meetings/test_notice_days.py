"""Until when papers are in time, and how many of the days of notice are missing afterwards."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from meetings import actions
from meetings.models import Kind, Meeting
from meetings.notice_days import days_late, every_day, last_day_in_time, working_days
from meetings.notice_rules import notice_of, official_holidays
from tests.council import Council

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = working_days()
TET = working_days({date(2027, 2, day) for day in range(4, 11)})  # Thursday to Wednesday


@pytest.mark.parametrize(
    ("opening", "days", "counts", "last"),
    [
        (date(2026, 11, 19), 3, WEEKDAYS, date(2026, 11, 16)),  # Thursday: until Monday
        (date(2026, 11, 16), 3, WEEKDAYS, date(2026, 11, 11)),  # Monday: over the weekend, until Wednesday
        (date(2026, 11, 21), 3, WEEKDAYS, date(2026, 11, 18)),  # on a Saturday
        (date(2027, 2, 15), 3, TET, date(2027, 2, 3)),  # the Monday after Tết: Friday, Thursday, and the day before Tết
        (date(2026, 11, 16), 1, every_day, date(2026, 11, 15)),  # an extraordinary session: the Sunday before
        (date(2026, 11, 19), 0, WEEKDAYS, date(2026, 11, 19)),
    ],
)
def test_the_last_day_is_counted_back_from_the_opening(
    opening: date, days: int, counts: Callable[[date], bool], last: date
) -> None:
    assert last_day_in_time(opening, days=days, counts=counts) == last
    assert days_late(last, opening=opening, days=days, counts=counts) == 0
    later = date.fromordinal(last.toordinal() + 1)
    assert days_late(later, opening=opening, days=days, counts=counts) == 1


@pytest.mark.parametrize(
    ("arrived", "late"),
    [
        (date(2020, 1, 1), 0),
        (date(2026, 11, 11), 0),  # the last day
        (date(2026, 11, 12), 1),
        (date(2026, 11, 13), 2),
        (date(2026, 11, 14), 3),  # Saturday: no working day is left
        (date(2026, 11, 15), 3),
        (date(2026, 11, 16), 3),  # the opening
        (date(2026, 11, 17), 4),  # while it lasts
    ],
)
def test_what_is_missing_is_what_a_late_paper_is_late(arrived: date, late: int) -> None:
    assert days_late(arrived, opening=date(2026, 11, 16), days=3, counts=WEEKDAYS) == late


def test_a_holiday_is_no_working_day() -> None:
    found = {"arrived": date(2027, 2, 3), "opening": date(2027, 2, 15), "days": 3}
    assert days_late(**found, counts=TET) == 0
    assert days_late(**{**found, "arrived": date(2027, 2, 11)}, counts=TET) == 1
    assert days_late(**{**found, "arrived": date(2027, 2, 5)}, counts=TET) == 1  # sent during Tết


def test_the_house_knows_the_holidays_of_the_country() -> None:
    tet_2026, victory, day_of_work = date(2026, 2, 17), date(2027, 4, 30), date(2026, 11, 18)
    assert tet_2026 in official_holidays()
    assert victory in official_holidays()
    assert day_of_work not in official_holidays()


def placed(council: Council, **changes: object) -> Meeting:
    actions.change_meeting(council.meeting, by=council.secretary, **changes)
    return Meeting.objects.select_related("rule_set").get(pk=council.meeting.pk)


@pytest.mark.parametrize(
    ("kind", "at", "words"),
    [
        (Kind.REGULAR, datetime(2026, 11, 16, 23, 59, tzinfo=HANOI), None),
        (Kind.REGULAR, datetime(2026, 11, 16, 17, 0, tzinfo=UTC), "gửi muộn 1 ngày làm việc"),  # Tuesday here
        (Kind.THEMATIC, datetime(2026, 11, 18, 8, 0, tzinfo=HANOI), "gửi muộn 2 ngày làm việc"),
        (Kind.EXTRAORDINARY, datetime(2026, 11, 18, 23, 59, tzinfo=HANOI), None),
        (Kind.EXTRAORDINARY, datetime(2026, 11, 19, 0, 0, tzinfo=HANOI), "gửi muộn 1 ngày"),
    ],
)
def test_the_rule_set_says_how_early_and_the_clock_of_the_country_counts(
    council: Council, kind: str, at: datetime, words: str | None
) -> None:
    meeting = placed(council, kind=kind, starts_at=datetime(2026, 11, 19, 8, 0, tzinfo=HANOI))
    late = notice_of(meeting).lateness(at)
    with translation.override("vi"):
        assert (late.words if late else None) == words


def test_moving_the_session_moves_the_time_until_it_has_really_opened(council: Council) -> None:
    at = datetime(2026, 11, 17, 9, 0, tzinfo=HANOI)
    meeting = placed(council, starts_at=datetime(2026, 11, 19, 8, 0, tzinfo=HANOI))
    assert notice_of(meeting).lateness(at)
    meeting = placed(council, starts_at=datetime(2026, 11, 26, 8, 0, tzinfo=HANOI))
    assert notice_of(meeting).lateness(at) is None
    meeting.started_at = datetime(2026, 11, 19, 8, 3, tzinfo=HANOI)  # planned late, opened early
    assert notice_of(meeting).lateness(at)


def test_another_rule_set_asks_for_other_days(council: Council) -> None:
    meeting = placed(council, starts_at=datetime(2026, 11, 19, 8, 0, tzinfo=HANOI))
    meeting.rule_set.notice_days_regular = 5
    assert notice_of(meeting).last_day == date(2026, 11, 12)
