"""The past of the demo: a year of sessions known from their minutes, then the sessions held with the system."""

from collections.abc import Iterator
from datetime import date, timedelta

from config.demo.chronicle import Chronicle
from config.demo.clock import at, clock_at
from config.demo.lengths import baseline_minutes, minutes_of_use
from config.demo.months import BASELINE_MONTHS, first_of_month, nth_weekday, working_day
from config.demo.series import PLANS, THEMATIC, SeriesPlan
from config.demo.sittings import MINUTE, Province, Sitting, Told, province_on
from config.demo.topics import THEMATIC_SESSIONS
from meetings.models import MeetingSeries
from targets.actions import HeldSession, add_sessions, enter_baseline, freeze_baseline


def make_history(*, day: date) -> None:
    """Write what was held before that day: the same rows for the same day."""
    province = province_on(day)
    chronicle = Chronicle()
    for plan in PLANS:
        for sitting in sittings_of(plan, day):
            Told(sitting, province, chronicle).tell()
    for sitting in thematic_sittings(day):
        Told(sitting, province, chronicle).tell()
    chronicle.write()
    for plan in PLANS:
        type_baseline(plan, province)


# -- With the system ---------------------------------------------------------------------------------------------------


def sittings_of(plan: SeriesPlan, day: date) -> Iterator[Sitting]:
    """Every session of the months of use, the month of the day itself left to those who play."""
    lengths = iter(minutes_of_use(plan))
    number = 0
    for months_ago in range(plan.months_of_use, 0, -1):
        month = first_of_month(day, months_ago=months_ago)
        for place, held_on in enumerate(days_in(plan, month), start=1):
            yield Sitting(plan, title_of(plan, held_on, place), held_on, next(lengths), number)
            number += 1


def days_in(plan: SeriesPlan, month: date) -> list[date]:
    return [nth_weekday(month, weekday, nth) for weekday, nth in plan.days]


def title_of(plan: SeriesPlan, day: date, place: int = 1) -> str:
    return plan.title.format(n=place, month=day.month, year=day.year, day=day.day)


def thematic_sittings(day: date) -> Iterator[Sitting]:
    """The last weeks: two that were held, one that was adjourned and goes on in some days."""
    for number, (title, minutes) in enumerate(THEMATIC_SESSIONS):
        held_on = working_day(day, before=2 + 4 * number)
        goes_on = at(working_day(day, after=3), 14) if number == 0 else None
        yield Sitting(THEMATIC, title, held_on, minutes, number, goes_on)


# -- Before the system -------------------------------------------------------------------------------------------------


def type_baseline(plan: SeriesPlan, province: Province) -> None:
    """Type the year before use from the minutes and freeze it on the eve of the first day of use, by the actions."""
    start = first_of_month(province.day, months_ago=plan.months_of_use)
    window = first_of_month(province.day, months_ago=plan.months_of_use + BASELINE_MONTHS)
    series = MeetingSeries.objects.get(name=plan.name)
    secretary = province.persons[plan.secretary]
    with clock_at(at(working_day(start - timedelta(days=8)), 9, 15)):
        baseline = enter_baseline(series, by=secretary, window_from=window, start_of_use=start)
        held = add_sessions(baseline, sessions_before(plan, window), by=secretary)
    with clock_at(at(working_day(start - timedelta(days=4)), 16, 40)):
        freeze_baseline(baseline, by=secretary, declared_sessions=len(held))


def sessions_before(plan: SeriesPlan, window: date) -> Iterator[HeldSession]:
    lengths = baseline_minutes(plan)
    months = [first_of_month(window, months_ago=-number) for number in range(BASELINE_MONTHS)]
    days = [held_on for month in months for held_on in days_in(plan, month)]
    for number, (held_on, minutes) in enumerate(zip(days, lengths, strict=True), start=1):
        began = at(held_on, plan.hour) + (number * 7 % 4) * 5 * MINUTE
        pause = 90 if minutes > 205 else 15 if minutes > 85 else 0
        fewest, most = plan.items_before
        yield HeldSession(
            began_at=began,
            ended_at=began + (minutes + pause) * MINUTE,
            source=f"Biên bản số {number:02}/{plan.minutes_symbol}",
            pause_minutes=pause,
            items_count=fewest + number * 5 % (most - fewest + 1),
            participants_count=len(plan.roster) - number % 4,
        )
