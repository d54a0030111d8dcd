"""The past of the demo: whole, plausible, the same each time, its figures known before anybody computes them."""

import datetime
import math
from collections import Counter
from statistics import fmean, stdev

import time_machine
from django.db import transaction
from django.db.models import AutoField, Model
from django.test import Client, TestCase
from django.utils import timezone, translation

from accounts import acts
from accounts.models import Act, Person
from config.demo import history, lengths, people, province
from config.demo.arrivals import BACKEND
from config.demo.chronicle import WRITTEN
from config.demo.months import first_of_month, nth_weekday, working_day
from config.demo.series import BRIEFING, COUNCIL, DISTRICT, PLANS, REGULAR, THEMATIC, WARD
from meetings.models import AgendaItem, Meeting, MeetingSeries, Speech
from targets.models import Baseline
from tests.targets.test_recomputation import recomputed
from voting.models import Ballot, Poll
from voting.results import result_of

MORNING = datetime.datetime(2026, 11, 23, 7, 52, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
DAY = MORNING.date()
ANOTHER_DAY = datetime.date(2028, 3, 31)

# What the seed gives, on any day: the reduction of each series that has enough sessions, and of all of them.
TRUE_CUTS = {REGULAR: 0.482, BRIEFING: 0.505, DISTRICT: 0.404, COUNCIL: 0.099}
TRUE_CUT = 0.423


class TestThePast(TestCase):
    """Made once for all who only look at it."""

    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(MORNING, tick=True), translation.override("vi"):
            province.make_province(day=DAY)
            history.make_history(day=DAY)

    def setUp(self) -> None:
        self.enterContext(time_machine.travel(MORNING, tick=True))
        self.enterContext(translation.override("vi"))

    def test_twelve_months_of_minutes_and_fourteen_of_use(self) -> None:
        baselines = {baseline.series.name: baseline for baseline in Baseline.objects.all()}
        assert set(baselines) == {plan.name for plan in PLANS}
        assert {baseline.state for baseline in baselines.values()} == {"frozen"}
        regular = baselines[REGULAR.name]
        assert (regular.window_from, regular.start_of_use) == (datetime.date(2024, 9, 1), datetime.date(2025, 9, 1))
        assert timezone.localdate(regular.frozen_at) < regular.start_of_use
        closed = Counter(Meeting.objects.filter(state="closed").values_list("series__name", flat=True))
        assert [closed[plan.name] for plan in PLANS] == [14, 28, 14, 14, 6]
        assert [baselines[plan.name].sessions.count() for plan in PLANS] == [12, 24, 12, 12, 12]
        assert Meeting.objects.filter(state="adjourned", series__name=THEMATIC.name).count() == 1

    def test_measured_times_are_those_of_the_seed_whatever_was_paused_or_corrected(self) -> None:
        for plan in PLANS:
            held = Meeting.objects.filter(series__name=plan.name, state="closed").order_by("starts_at")
            assert [round(meeting.net_seconds() / 60) for meeting in held] == lengths.minutes_of_use(plan)
            typed = Baseline.objects.get(series__name=plan.name).sessions.order_by("began_at")
            assert [session.net_seconds // 60 for session in typed] == lengths.baseline_minutes(plan)
        assert Meeting.objects.exclude(time_corrections=None).count() >= 4
        assert Meeting.objects.exclude(pauses=None).count() >= 20

    def test_the_product_finds_the_figures_of_the_seed(self) -> None:
        from targets.effect import Verdict
        from targets.figures import figures_of
        from targets.queries import Scope, sessions_in

        scope = Scope(Person.objects.get(username="lanh-dao"))
        found = figures_of(scope.baselines(), sessions_in(scope, scope.baselines()))
        name_of = dict(MeetingSeries.objects.values_list("pk", "name"))
        shares = {name_of[line.key]: round(line.reduction.share, 3) for line in found.pooled}
        assert shares == {plan.name: cut for plan, cut in TRUE_CUTS.items()}
        assert [name_of[line.key] for line in found.listed] == [WARD.name]
        assert round(found.overall.share, 3) == TRUE_CUT
        assert 0.30 < found.overall.low < 0.38
        assert 0.45 < found.overall.high < 0.50
        assert [found.overall.verdict(target) for target in (0.30, 0.50)] == [Verdict.MET, Verdict.NOT_MET]

    def test_plain_python_finds_the_same_from_the_sessions_that_the_leader_takes_along(self) -> None:
        client = Client()
        client.force_login(Person.objects.get(username="lanh-dao"), backend=BACKEND)
        share, low, high, before, after = recomputed(client.get("/targets/sessions/table.csv").content)
        assert (round(share, 1), before, after) == (100 * TRUE_CUT, 60, 60)
        assert 30 < low < 38
        assert 45 < high < 50

    def test_every_chain_of_the_log_holds(self) -> None:
        assert Act.objects.count() > 5000
        assert list(acts.breaks()) == []

    def test_every_result_is_what_a_count_of_its_ballots_gives(self) -> None:
        polls = list(Poll.objects.all())
        assert len(polls) > 50
        for poll in polls:
            assert result_of(poll) == poll.result
        assert {poll.outcome for poll in polls} >= {"passed"}
        assert {"for", "against", "not_voting"} == set(Ballot.objects.values_list("choice", flat=True))

    def test_speeches_lie_inside_their_turn_and_outside_of_pauses(self) -> None:
        for speech in Speech.objects.select_related("item").prefetch_related("item__turns", "meeting__pauses"):
            [turn] = speech.item.turns.all()
            assert turn.began_at <= speech.began_at < speech.ended_at <= turn.ended_at
            for pause in speech.meeting.pauses.all():
                assert speech.ended_at <= pause.began_at or speech.began_at >= (pause.ended_at or speech.began_at)

    def test_who_held_an_office_then_sat_in_the_session(self) -> None:
        chair = people.CHANGES[0]
        changed = first_of_month(DAY, months_ago=chair.months_ago)
        for meeting in Meeting.objects.filter(series__name=REGULAR.name):
            name = meeting.participants.get(role="chair").person.full_name
            assert (name == chair.predecessor) == (timezone.localdate(meeting.started_at) < changed)

    def test_every_session_has_something_to_show(self) -> None:
        for meeting in Meeting.objects.all():
            items = meeting.items.all()
            assert items
            assert all(item.conclusion.text for item in items)
            assert meeting.participants.filter(attendances__isnull=False).count() > meeting.participants.count() * 0.6
            quorum = meeting.participants.filter(has_vote=True)
            assert quorum.filter(attendances__isnull=False).count() * 3 >= quorum.count() * 2
        assert AgendaItem.objects.filter(is_closed=True, admitted__isnull=False).exists()


def test_the_seed_cuts_what_it_says():
    """By hand, from the formula of the measurement alone: weights are the hours of the baseline."""
    differences, hours = {}, {}
    for plan in TRUE_CUTS:
        before, after = lengths.baseline_minutes(plan), counted(lengths.minutes_of_use(plan), plan)
        differences[plan] = fmean(map(math.log, after)) - fmean(map(math.log, before))
        hours[plan] = sum(before)
        assert 0.2 < stdev(map(math.log, before)) < 0.5
    assert {plan: round(1 - math.exp(difference), 3) for plan, difference in differences.items()} == TRUE_CUTS
    overall = sum(hours[plan] * difference for plan, difference in differences.items()) / sum(hours.values())
    assert round(1 - math.exp(overall), 3) == TRUE_CUT
    assert len(counted(lengths.minutes_of_use(WARD), WARD)) == 4


def counted(minutes, plan):
    return minutes[lengths.LEARNING_MONTHS * len(plan.days) :]


def test_the_same_day_gives_the_same_rows(db):
    assert told_once() == told_once()


def told_once() -> dict[str, list[object]]:
    """Make the past, take it back, and return what was in it: addresses too, but no keys that the database gave."""
    with time_machine.travel(MORNING, tick=False), translation.override("vi"), transaction.atomic():
        province.make_province(day=DAY)
        history.make_history(day=DAY)
        found = {model.__name__: rows_of(model) for model in WRITTEN}
        transaction.set_rollback(True)
    return found


def rows_of(model: type[Model]) -> list[object]:
    """Every row without its own key and those of rows it names, which another sequence would give."""
    fields = [field for field in model._meta.fields if not field.is_relation]
    names = [field.attname for field in fields if not isinstance(field, AutoField)]
    rows = model._default_manager.all()
    return sorted(rows.values_list(*names), key=str) if names else [rows.count()]


def test_another_day_has_the_same_lengths(db):
    with time_machine.travel(datetime.datetime(2028, 3, 31, 9, tzinfo=MORNING.tzinfo)), translation.override("vi"):
        province.make_province(day=ANOTHER_DAY)
        history.make_history(day=ANOTHER_DAY)
    held = Meeting.objects.filter(series__name=REGULAR.name, state="closed").order_by("starts_at")
    assert [round(meeting.net_seconds() / 60) for meeting in held] == lengths.minutes_of_use(REGULAR)
    assert held.last().starts_at.date() == datetime.date(2028, 2, 22)


def test_days_are_placed_by_months_and_working_days():
    assert nth_weekday(datetime.date(2026, 11, 1), 1, 4) == datetime.date(2026, 11, 24)
    assert first_of_month(DAY, months_ago=-1) == datetime.date(2026, 12, 1)
    assert working_day(datetime.date(2026, 11, 27), after=1) == datetime.date(2026, 11, 30)
    assert working_day(datetime.date(2026, 11, 30), before=1) == datetime.date(2026, 11, 27)
    assert working_day(datetime.date(2026, 11, 28)) == datetime.date(2026, 11, 30)
