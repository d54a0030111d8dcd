"""A baseline is every session of its window, signed off once, and then it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Act, OrganisationRole, Person
from realtime.refusals import Refusal
from targets import actions
from targets.actions import HeldSession
from targets.models import Baseline, BaselineSession
from tests.council import Council

pytestmark = pytest.mark.django_db
WINDOW_FROM, START_OF_USE = date(2024, 9, 1), date(2025, 9, 1)


def held(month: int, minutes: int = 180, *, year: int = 2025, day: int = 5, **more: object) -> HeldSession:
    began = datetime(year, month, day, 1, tzinfo=UTC)
    return HeldSession(began, began + timedelta(minutes=minutes), f"BB-{year}-{month}-{day}", **more)  # type: ignore[arg-type]


@pytest.fixture
def baseline(council: Council) -> Baseline:
    return actions.enter_baseline(
        council.series, by=council.secretary, window_from=WINDOW_FROM, start_of_use=START_OF_USE
    )


def test_a_secretary_enters_every_session_and_freezes(council: Council, baseline: Baseline) -> None:
    actions.add_sessions(baseline, [held(1), held(2, 200, pause_minutes=20), held(3)], by=council.secretary)
    frozen = actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=3, remark="Theo sổ biên bản")
    assert frozen.is_frozen
    assert frozen.frozen_by == council.secretary
    assert [session.net_seconds for session in frozen.sessions.all()] == [10800, 10800, 10800]
    assert frozen.window_until == date(2025, 8, 31)
    assert frozen.counts_from == date(2025, 11, 1)
    assert "09/2024" in frozen.statement
    acts = Act.objects.filter(chain=frozen.chain).values_list("act", flat=True)
    assert list(acts) == ["baseline_entered", "baseline_sessions_added", "baseline_frozen"]


def test_the_worst_months_alone_are_refused(council: Council) -> None:
    """Six of 24 sessions, chosen because they were long: the register says 24."""
    baseline = actions.enter_baseline(
        council.series, by=council.secretary, window_from=date(2023, 9, 1), start_of_use=START_OF_USE
    )
    actions.add_sessions(baseline, [held(month, 300) for month in range(1, 7)], by=council.secretary)
    with pytest.raises(Refusal) as refusal:
        actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=24)
    assert refusal.value.code == "not_every_session"
    baseline.refresh_from_db()
    assert not baseline.is_frozen


def test_a_session_the_system_knows_of_may_not_be_left_out(council: Council, baseline: Baseline) -> None:
    meeting = council.meeting
    meeting.started_at = datetime(2025, 8, 5, 1, tzinfo=UTC)
    meeting.ended_at = meeting.started_at + timedelta(hours=3)
    meeting.state = meeting.State.CLOSED
    meeting.save()
    actions.add_session(baseline, held(1), by=council.secretary)
    with pytest.raises(Refusal, match="05/08/2025"):
        actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=1)


@pytest.mark.parametrize("window_from", [date(2025, 1, 1), date(2023, 8, 31), date(2025, 9, 1)])
def test_a_window_of_other_lengths_is_refused(council: Council, window_from: date) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.enter_baseline(council.series, by=council.secretary, window_from=window_from, start_of_use=START_OF_USE)
    assert refusal.value.code == "wrong_window"
    assert not Baseline.objects.exists()


def test_a_series_has_one_baseline(council: Council, baseline: Baseline) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.enter_baseline(council.series, by=council.secretary, window_from=WINDOW_FROM, start_of_use=START_OF_USE)
    assert refusal.value.code == "has_a_baseline"


@pytest.mark.parametrize(
    "wrong",
    [
        held(9),  # outside the window
        held(1, 0),
        held(1, 60, pause_minutes=60),
        held(1, 60 * 24 * 40),
        HeldSession(datetime(2025, 1, 5, 1, tzinfo=UTC), datetime(2025, 1, 5, 3, tzinfo=UTC), " "),
        held(2, 60),  # overlaps the one that is there
    ],
    ids=["outside", "no length", "all pause", "too long", "no source", "overlapping"],
)
def test_a_session_that_cannot_be_is_refused_and_none_is_entered(
    council: Council, baseline: Baseline, wrong: HeldSession
) -> None:
    actions.add_session(baseline, held(2), by=council.secretary)
    with pytest.raises(Refusal) as refusal:
        actions.add_sessions(baseline, [held(4), wrong], by=council.secretary)
    assert refusal.value.code == "wrong_session"
    assert baseline.sessions.count() == 1


# -- Frozen ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def frozen(council: Council, baseline: Baseline) -> Baseline:
    actions.add_sessions(baseline, [held(1), held(2)], by=council.secretary)
    return actions.freeze_baseline(baseline, by=council.secretary, declared_sessions=2)


def test_a_correction_after_freezing_is_refused_with_a_sentence(council: Council, frozen: Baseline) -> None:
    session = frozen.sessions.first()
    assert session is not None
    by = council.secretary
    for change in (
        lambda: actions.add_session(frozen, held(3), by=by),
        lambda: actions.change_session(session, held(1, 60), by=by),
        lambda: actions.remove_session(session, by=by),
        lambda: actions.withdraw_baseline(frozen, by=by),
        lambda: actions.freeze_baseline(frozen, by=by, declared_sessions=2),
        lambda: actions.change_baseline(
            frozen, by=by, window_from=WINDOW_FROM, start_of_use=START_OF_USE, learning_months=0
        ),
    ):
        with pytest.raises(Refusal) as refusal:
            change()
        assert refusal.value.code == "frozen"
        assert by.full_name in str(refusal.value)
    assert frozen.sessions.count() == 2


def test_the_database_refuses_it_too(council: Council, frozen: Baseline) -> None:
    session = frozen.sessions.first()
    assert session is not None
    copy = {
        "baseline": frozen,
        "held_on": date(2025, 5, 5),
        "began_at": datetime(2025, 5, 5, 1, tzinfo=UTC),
        "ended_at": datetime(2025, 5, 5, 2, tzinfo=UTC),
        "source": "x",
        "entered_by": council.secretary,
    }
    for change in (
        lambda: BaselineSession.objects.create(**copy),
        lambda: BaselineSession.objects.filter(pk=session.pk).update(pause_minutes=9),
        lambda: connection.cursor().execute("DELETE FROM targets_baselinesession"),
        lambda: Baseline.objects.update(learning_months=0),
        lambda: Baseline.objects.update(state="draft", frozen_by=None, frozen_at=None),
        lambda: connection.cursor().execute("DELETE FROM targets_baseline"),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()
    assert BaselineSession.objects.filter(pause_minutes=0).count() == 2


# -- Who ---------------------------------------------------------------------------------------------------------------


def test_secretaries_and_administrators_of_the_unit_keep_baselines_and_nobody_else(council: Council) -> None:
    OrganisationRole.objects.create(
        person=council.chair, organisation=council.province, role=OrganisationRole.Role.LEADERSHIP
    )
    keepers = {who for who, person in council.cast.items() if not is_refused(council, person)}
    assert keepers == {"secretary", "unit_admin"}


def is_refused(council: Council, person: Person) -> bool:
    try:
        actions.enter_baseline(council.series, by=person, window_from=WINDOW_FROM, start_of_use=START_OF_USE)
    except Refusal as refusal:
        return refusal.code == "forbidden"
    return False


def test_leaders_see_what_keepers_enter_and_list_and_door_agree(council: Council, baseline: Baseline) -> None:
    from targets import rules

    OrganisationRole.objects.create(
        person=council.chair, organisation=council.province, role=OrganisationRole.Role.LEADERSHIP
    )
    visible = {who for who, person in council.cast.items() if list(Baseline.objects.visible_to(person)) == [baseline]}
    assert visible == {"chair", "secretary", "unit_admin", "system_admin"}
    assert visible == {who for who, person in council.cast.items() if rules.may_see(person, baseline)}
