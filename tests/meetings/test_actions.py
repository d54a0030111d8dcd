"""What may be done to a meeting, when, by whom; and what is written down."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acts import breaks
from accounts.models import Act
from meetings import actions
from meetings.models import AgendaItem, Attendance, ItemTurn, Meeting, Notice, Participant
from realtime.models import Entry
from realtime.principals import RIGHTS_STREAM
from realtime.refusals import Refusal
from tests.council import Council

pytestmark = pytest.mark.django_db


def titles(council: Council) -> list[str]:
    return list(council.meeting.items.order_by("position").values_list("title", flat=True))


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_a_meeting_of_a_series_begins_with_its_people_and_agenda(council: Council) -> None:
    council.series.agenda_template = [{"title": "Khai mạc", "planned_minutes": 5}]
    council.series.save()
    meeting = actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        series=council.series,
        title="Tháng 12",
        starts_at=timezone.now() + timedelta(days=30),
        planned_minutes=180,
        rule_set=council.rule_set,
    )
    roles = {p.person: (p.role, p.has_vote) for p in meeting.participants.all()}
    assert roles[council.chair] == ("chair", True)
    assert roles[council.secretary] == ("secretary", False)
    assert roles[council.member] == ("member", True)
    assert [item.title for item in meeting.items.all()] == ["Khai mạc"]
    assert meeting.state == Meeting.State.DRAFT


@pytest.mark.parametrize("name", ["member", "chair", "outsider", "other_unit_admin", "system_admin", "observer"])
def test_only_the_secretaries_and_administrators_of_a_unit_make_its_meetings(council: Council, name: str) -> None:
    with refused("not_yours"):
        actions.create_meeting(
            by=council.cast[name],
            organisation=council.province,
            title="x",
            starts_at=timezone.now(),
            planned_minutes=10,
            rule_set=council.rule_set,
        )


def test_a_draft_without_chair_or_agenda_is_not_published(council: Council) -> None:
    draft = actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title="x",
        starts_at=timezone.now(),
        planned_minutes=10,
        rule_set=council.rule_set,
    )
    with refused("not_ready"):
        actions.publish(draft, by=council.secretary)
    draft.refresh_from_db()
    assert draft.state == Meeting.State.DRAFT


def test_publishing_tells_everybody_else_once(council: Council) -> None:
    told = Notice.objects.filter(meeting=council.meeting)
    assert {notice.person for notice in told} == {
        participant.person for participant in council.meeting.participants.all()
    } - {council.secretary}
    with refused("already_published"):
        actions.publish(council.meeting, by=council.secretary)


def test_a_change_after_publishing_tells_what_changed(council: Council) -> None:
    Notice.objects.all().delete()
    actions.change_meeting(council.meeting, by=council.secretary, place="Phòng họp số 2")
    notice = Notice.objects.get(person=council.member)
    assert "Phòng họp số 2" in notice.text


def test_changing_nothing_tells_nobody(council: Council) -> None:
    Notice.objects.all().delete()
    actions.change_meeting(council.meeting, by=council.secretary, place=council.meeting.place)
    assert not Notice.objects.exists()


def test_items_keep_an_unbroken_order_through_every_change(council: Council) -> None:
    third = actions.add_item(council.meeting, by=council.secretary, title="Thứ ba")
    sub = actions.add_item(council.meeting, by=council.secretary, title="Phần một", parent=council.item)
    assert titles(council) == ["Dự toán ngân sách năm 2027", "Phần một", "Báo cáo kinh tế - xã hội", "Thứ ba"]

    actions.move_item(third, by=council.secretary, to=1)
    assert titles(council) == ["Thứ ba", "Dự toán ngân sách năm 2027", "Phần một", "Báo cáo kinh tế - xã hội"]
    actions.move_item(council.item, by=council.secretary, to=99)
    assert titles(council) == ["Thứ ba", "Báo cáo kinh tế - xã hội", "Dự toán ngân sách năm 2027", "Phần một"]
    actions.remove_item(third, by=council.secretary)
    assert titles(council) == ["Báo cáo kinh tế - xã hội", "Dự toán ngân sách năm 2027", "Phần một"]
    assert list(council.meeting.items.values_list("position", flat=True)) == [1, 2, 3]
    with refused("too_deep"):
        actions.add_item(council.meeting, by=council.secretary, title="x", parent=sub)


def test_a_unit_is_invited_by_who_is_in_office_on_the_day(council: Council) -> None:
    added = actions.add_unit(council.meeting, council.other_unit, by=council.secretary, role="invitee")
    assert [participant.person for participant in added] == [council.other_unit_member]
    assert added[0].title == "Ủy viên UBND huyện"
    assert not added[0].has_vote
    assert actions.add_unit(council.meeting, council.other_unit, by=council.secretary) == []


def test_a_meeting_has_one_chair(council: Council) -> None:
    with refused("two_chairs"):
        actions.add_participant(council.meeting, council.outsider, by=council.secretary, role="chair")
    with refused("two_chairs"):
        actions.change_participant(council.participant(council.member), by=council.secretary, role="chair")
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(person=council.member).update(role="chair")


def test_the_session_begins_only_with_a_quorum(council: Council) -> None:
    with refused("no_quorum"):
        council.start(with_members=2)
    assert council.start(with_members=3).state == Meeting.State.IN_SESSION
    quorum = council.meeting.quorum()
    assert (quorum.present, quorum.total, quorum.needed) == (3, 4, 3)


@pytest.mark.parametrize("name", ["stand_in", "invitee", "observer", "secretary"])
def test_only_members_count_for_the_quorum(council: Council, name: str) -> None:
    person = council.cast[name]
    actions.check_in(council.participant(person), by=person)
    assert council.meeting.quorum().present == 0


def test_checking_in_twice_is_one_presence_and_returning_is_another(council: Council) -> None:
    participant = council.participant(council.member)
    first = actions.check_in(participant, by=council.member)
    assert actions.check_in(participant, by=council.member) == first
    actions.check_out(participant, by=council.member)
    with refused("not_there"):
        actions.check_out(participant, by=council.member)
    actions.check_in(participant, by=council.secretary)
    how = [row.how for row in participant.attendances.all()]
    assert how == [Attendance.How.TAP, Attendance.How.SECRETARY]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            participant=participant, arrived_at=timezone.now(), how="tap", recorded_by=council.member
        )


def test_nobody_checks_somebody_else_in_but_those_who_run_the_meeting(council: Council) -> None:
    with refused("forbidden"):
        actions.check_in(council.participant(council.member), by=council.second_member)
    actions.check_in(council.participant(council.member), by=council.chair)


def test_items_are_taken_up_one_at_a_time_and_their_time_is_kept(council: Council) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        council.start()
        council.take_up(council.item)
        with refused("already_current"):
            council.take_up(council.item)
        clock.shift(timedelta(minutes=10))
        actions.pause(council.meeting, by=council.chair)
        clock.shift(timedelta(minutes=5))
        actions.resume(council.meeting, by=council.chair)
        clock.shift(timedelta(minutes=2))
        council.take_up(council.second_item)
        clock.shift(timedelta(minutes=3))
        actions.close(council.meeting, by=council.chair)

    council.item.refresh_from_db()
    council.second_item.refresh_from_db()
    council.meeting.refresh_from_db()
    assert council.item.spent_seconds() == 12 * 60
    assert council.second_item.spent_seconds() == 3 * 60
    assert council.meeting.net_seconds() == 15 * 60
    assert {council.item.state, council.second_item.state} == {AgendaItem.State.DONE}
    assert not ItemTurn.objects.filter(ended_at=None).exists()
    assert not Attendance.objects.filter(left_at=None).exists()


def test_closing_while_paused_ends_the_pause_too(council: Council) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        council.start()
        clock.shift(timedelta(minutes=30))
        actions.adjourn(council.meeting, by=council.secretary)
        clock.shift(timedelta(hours=20))
        actions.close(council.meeting, by=council.secretary)
    council.meeting.refresh_from_db()
    assert council.meeting.net_seconds() == 30 * 60


# state -> what the chair may do in it
ALLOWED = {
    "published": {"start"},
    "in_session": {"pause", "adjourn", "close", "take_up"},
    "paused": {"resume", "close"},
    "adjourned": {"resume", "close"},
    "closed": set(),
}
ACTS = {
    "start": lambda c: actions.start(c.meeting, by=c.chair),
    "pause": lambda c: actions.pause(c.meeting, by=c.chair),
    "adjourn": lambda c: actions.adjourn(c.meeting, by=c.chair),
    "resume": lambda c: actions.resume(c.meeting, by=c.chair),
    "close": lambda c: actions.close(c.meeting, by=c.chair),
    "take_up": lambda c: actions.take_up_item(c.item, by=c.chair),
}


def bring_to(council: Council, state: str) -> None:
    if state == "published":
        for person in council.voters:
            actions.check_in(council.participant(person), by=person)
        return
    council.start()
    if state == "paused":
        actions.pause(council.meeting, by=council.chair)
    if state == "adjourned":
        actions.adjourn(council.meeting, by=council.chair)
    if state == "closed":
        actions.close(council.meeting, by=council.chair)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ALLOWED)
def test_every_act_is_possible_in_its_states_and_refused_in_all_others(council: Council, state: str, act: str) -> None:
    bring_to(council, state)
    if act in ALLOWED[state]:
        ACTS[act](council)
    else:
        with pytest.raises(Refusal):
            ACTS[act](council)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["member", "invitee", "observer", "outsider", "unit_admin", "system_admin"])
def test_only_chair_and_secretary_run_the_session(council: Council, name: str, act: str) -> None:
    by_others = {
        "start": lambda by: actions.start(council.meeting, by=by),
        "pause": lambda by: actions.pause(council.meeting, by=by),
        "adjourn": lambda by: actions.adjourn(council.meeting, by=by),
        "resume": lambda by: actions.resume(council.meeting, by=by),
        "close": lambda by: actions.close(council.meeting, by=by),
        "take_up": lambda by: actions.take_up_item(council.item, by=by),
    }
    with refused("forbidden"):
        by_others[act](council.cast[name])


def test_a_corrected_time_stands_beside_the_measured_one_with_who_and_why(council: Council) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=5), tick=False) as clock:
        council.start()
        clock.shift(timedelta(minutes=60))
        actions.close(council.meeting, by=council.chair)
    council.meeting.refresh_from_db()
    measured = council.meeting.started_at
    actions.correct_time(
        council.meeting,
        by=council.secretary,
        which="started_at",
        value=measured + timedelta(minutes=20),
        reason="Bấm bắt đầu sớm",
    )
    council.meeting.refresh_from_db()
    assert council.meeting.started_at == measured
    assert council.meeting.net_seconds() == 40 * 60
    with refused("ends_before_it_begins"):
        actions.correct_time(
            council.meeting,
            by=council.secretary,
            which="ended_at",
            value=measured,
            reason="Nhầm",
        )
    with refused("no_reason"):
        actions.correct_time(council.meeting, by=council.secretary, which="ended_at", value=timezone.now(), reason="  ")


def test_every_act_is_one_row_in_the_meetings_chain(council: Council) -> None:
    council.start()
    council.take_up()
    actions.close(council.meeting, by=council.chair)
    acts = list(Act.objects.filter(chain=council.meeting.chain).values_list("act", flat=True))
    assert acts[:1] == ["meeting_created"]
    assert acts[-4:] == ["checked_in", "meeting_started", "item_taken_up", "meeting_closed"]
    assert list(breaks()) == []


def test_a_refused_act_leaves_no_trace(council: Council) -> None:
    acts, entries = Act.objects.count(), Entry.objects.count()
    with refused("no_quorum"):
        actions.start(council.meeting, by=council.chair)
    assert (Act.objects.count(), Entry.objects.count()) == (acts, entries)


def test_a_meeting_that_has_begun_is_not_cancelled_and_one_that_has_not_needs_a_reason(council: Council) -> None:
    with refused("no_reason"):
        actions.cancel(council.meeting, by=council.secretary, reason=" ")
    council.start()
    with refused("has_begun"):
        actions.cancel(council.meeting, by=council.secretary, reason="Bão")


def test_who_is_no_longer_admitted_to_a_closed_item_is_not_listened_to_any_more(council: Council) -> None:
    """Whoever has the item's stream open would go on hearing it: the servers must look again."""
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.member])
    before = Entry.objects.filter(stream__name=RIGHTS_STREAM).count()
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.second_member])
    told = Entry.objects.filter(stream__name=RIGHTS_STREAM).order_by("number")[before:]
    assert {council.member.principal_key, council.second_member.principal_key} <= set(told[0].body["look_again"])


def test_a_change_that_lets_nobody_in_or_out_looks_at_no_rights(council: Council) -> None:
    before = Entry.objects.filter(stream__name=RIGHTS_STREAM).count()
    actions.change_item(council.item, by=council.secretary, title="Dự toán", is_closed=False, admitted=[])
    assert Entry.objects.filter(stream__name=RIGHTS_STREAM).count() == before


def test_the_reason_of_an_absence_stays_as_it_is_when_the_meeting_is_over(council: Council) -> None:
    council.start(with_members=3)
    absent = council.participant(council.third_member)
    actions.note_absence(absent, by=council.secretary, reason="Đi công tác")
    actions.close(council.meeting, by=council.chair)
    with refused("meeting_over"):
        actions.note_absence(absent, by=council.secretary, reason="Không rõ")
    absent.refresh_from_db()
    assert absent.absence_reason == "Đi công tác"
