"""A committee with 12 months before the system and 14 months of use: three series, each cut by about the same share."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from accounts.models import OrganisationRole
from meetings.models import Meeting, MeetingSeries
from targets import actions
from targets.actions import HeldSession
from targets.models import Baseline
from targets.windows import Window
from tests.council import Council

WINDOW_FROM, START_OF_USE = date(2024, 9, 1), date(2025, 9, 1)
NAMES = ("Phiên họp thường kỳ", "Giao ban tháng", "Họp chuyên đề")


def make_leader(council: Council) -> None:
    OrganisationRole.objects.create(
        person=council.chair, organisation=council.province, role=OrganisationRole.Role.LEADERSHIP
    )


def began(month_number: int, day: int = 5) -> datetime:
    """08:00 on a day of the n-th month since September 2024."""
    first = Window.months_later(WINDOW_FROM, month_number)
    return datetime(first.year, first.month, day, 1, tzinfo=UTC)


def add_series(
    council: Council,
    place: int,
    *,
    usual: float = 180,
    cut: float = 0.45,
    before: int = 12,
    after: int = 12,
    spread: float = 0.2,
    organisation: object = None,
) -> Baseline:
    """One series with its frozen baseline, two sessions of the learning months and those after."""
    random = Random(place)
    series = MeetingSeries.objects.create(
        organisation=organisation or council.province, name=NAMES[place % 3], rule_set=council.rule_set
    )
    by = council.secretary if organisation is None else council.other_unit_admin
    baseline = actions.enter_baseline(series, by=by, window_from=WINDOW_FROM, start_of_use=START_OF_USE)
    held = []
    for number in range(before):
        start = began(number, 5 + place)
        minutes = round(usual * random.lognormvariate(0, spread))
        held.append(HeldSession(start, start + timedelta(minutes=minutes + 10), f"{number + 1}/BB-{place}", 10, 6, 21))
    actions.add_sessions(baseline, held, by=by)
    frozen = actions.freeze_baseline(baseline, by=by, declared_sessions=before)
    for number in range(12, 14 + after):
        minutes = usual * (1 - cut) * random.lognormvariate(0, spread)
        hold(council, series, began(number, 5 + place), minutes)
    return frozen


def hold(council: Council, series: MeetingSeries, start: datetime, minutes: float) -> Meeting:
    """A closed session of the series, without what happened in it."""
    return Meeting.objects.create(
        series=series,
        organisation=series.organisation,
        title=f"{series.name} {start:%m/%Y}",
        starts_at=start,
        planned_minutes=180,
        rule_set=council.rule_set,
        state=Meeting.State.CLOSED,
        published_at=start - timedelta(days=5),
        started_at=start,
        ended_at=start + timedelta(seconds=round(minutes * 60)),
        created_by=council.secretary,
    )


def make_history(council: Council, *, series: int = 3, cut: float = 0.45) -> list[Baseline]:
    return [
        add_series(council, place, usual=usual, cut=cut) for place, usual in list(enumerate((200, 90, 150)))[:series]
    ]
