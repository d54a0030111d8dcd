"""A series of meetings: who may change it, what is refused, and that every change stands in the log of its unit."""

from typing import Any

import pytest

from accounts.models import Act, Organisation, OrganisationRole, Person
from accounts.told import sentence_of
from meetings import series as acts
from meetings import series_rules as rules
from meetings.models import MeetingSeries, Participant, RuleSet, SeriesMember
from realtime.refusals import Refusal
from tests.council import Council, make_person

pytestmark = pytest.mark.django_db
Role = Participant.Role


@pytest.fixture
def series(council: Council) -> MeetingSeries:
    return acts.create_series(
        by=council.secretary,
        organisation=council.province,
        name="Phiên chuyên đề",
        rule_set=council.rule_set,
        planned_minutes=120,
    )


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(Refusal) as found:
        act(*args, **kwargs)
    assert found.value.code == code


def member_of(series: MeetingSeries, person: Person) -> SeriesMember:
    return series.default_members.get(person=person)


# -- The series --------------------------------------------------------------------------------------------------------


def test_every_change_is_a_line_in_the_log_of_the_unit(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    acts.change_series(series, by=secretary, place="Phòng họp số 2")
    acts.put_member(series, council.chair, by=secretary, role=Role.CHAIR)
    acts.change_member(member_of(series, council.chair), by=secretary, is_head=True)
    acts.remove_member(member_of(series, council.chair), by=secretary)
    acts.add_line(series, by=secretary, title="Khai mạc", planned_minutes=5)
    acts.end_series(series, by=secretary)
    acts.reopen_series(series, by=secretary)
    log = Act.objects.filter(chain=f"organisation:{council.province.pk}", about=f"series:{series.pk}")
    assert list(log.order_by("number").values_list("act", flat=True)) == [
        "series_created",
        "series_changed",
        "series_members_added",
        "series_member_changed",
        "series_member_removed",
        "series_template_changed",
        "series_ended",
        "series_reopened",
    ]
    for act in log:
        assert "Phiên chuyên đề" in sentence_of(act), act.act


def test_a_name_is_used_once_in_a_unit_whatever_its_accents(council: Council, series: MeetingSeries) -> None:
    new = {"by": council.secretary, "rule_set": council.rule_set, "planned_minutes": 60}
    refused("name_used", acts.create_series, organisation=council.province, name="PHIEN chuyên đề", **new)
    refused("name_used", acts.change_series, series, by=council.secretary, name=council.series.name)
    acts.change_series(series, by=council.secretary, name="Phiên Chuyên đề")
    OrganisationRole.objects.create(
        person=council.secretary, organisation=council.other_unit, role=OrganisationRole.Role.SECRETARY
    )
    acts.create_series(organisation=council.other_unit, name="Phiên chuyên đề", **new)


def test_the_rules_are_those_of_the_body_and_in_force(council: Council, series: MeetingSeries) -> None:
    of_councils = RuleSet.objects.get(code="people-council-resolution")
    refused("foreign_rules", acts.change_series, series, by=council.secretary, rule_set=of_councils)
    of_all = RuleSet.objects.get(code="simple-meeting")
    acts.change_series(series, by=council.secretary, rule_set=of_all)
    RuleSet.objects.filter(pk=council.rule_set.pk).update(valid_until="2020-01-01")
    refused("foreign_rules", acts.change_series, series, by=council.secretary, rule_set=council.rule_set)


@pytest.mark.parametrize("minutes", [0, -5, 7 * 24 * 60 + 1])
def test_a_length_stays_in_its_limits(council: Council, series: MeetingSeries, minutes: int) -> None:
    refused("odd_length", acts.change_series, series, by=council.secretary, planned_minutes=minutes)


def test_a_series_with_meetings_keeps_its_unit(council: Council, series: MeetingSeries) -> None:
    OrganisationRole.objects.create(
        person=council.secretary, organisation=council.other_unit, role=OrganisationRole.Role.SECRETARY
    )
    acts.change_series(series, by=council.secretary, organisation=council.other_unit)
    refused("has_meetings", acts.change_series, council.series, by=council.secretary, organisation=council.other_unit)
    council.series.refresh_from_db()
    assert council.series.organisation == council.province


def test_a_series_goes_only_to_a_unit_one_prepares_for(council: Council, series: MeetingSeries) -> None:
    refused("forbidden", acts.change_series, series, by=council.secretary, organisation=council.other_unit)


def test_an_ended_series_is_changed_by_nothing_but_its_reopening(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    acts.put_member(series, council.chair, by=secretary)
    acts.add_line(series, by=secretary, title="Khai mạc", planned_minutes=5)
    chair = member_of(series, council.chair)
    acts.end_series(series, by=secretary)
    series.refresh_from_db()
    seen = acts.state_of_template(series)
    refused("series_ended", acts.change_series, series, by=secretary, name="Tên khác")
    refused("series_ended", acts.put_member, series, council.member, by=secretary)
    refused("series_ended", acts.change_member, chair, by=secretary, role=Role.CHAIR)
    refused("series_ended", acts.remove_member, chair, by=secretary)
    refused("series_ended", acts.add_line, series, by=secretary, title="Bế mạc", planned_minutes=5)
    refused("series_ended", acts.remove_line, series, 1, by=secretary, seen=seen)
    refused("series_ended", acts.end_series, series, by=secretary)
    acts.reopen_series(series, by=secretary)
    acts.change_series(series, by=secretary, name="Tên khác")
    refused("not_ended", acts.reopen_series, series, by=secretary)


# -- Default members ---------------------------------------------------------------------------------------------------


def test_a_role_brings_its_vote_and_the_position_held_today(council: Council, series: MeetingSeries) -> None:
    acts.put_members(series, [council.member, council.second_member], by=council.secretary)
    acts.put_member(series, council.invitee, by=council.secretary, role=Role.INVITEE)
    rows = list(series.default_members.values_list("person__full_name", "role", "has_vote", "title"))
    assert rows == [
        (council.member.full_name, "member", True, "Ủy viên UBND tỉnh"),
        (council.second_member.full_name, "member", True, "Ủy viên UBND tỉnh"),
        (council.invitee.full_name, "invitee", False, ""),
    ]
    acts.change_member(member_of(series, council.member), by=council.secretary, role=Role.OBSERVER)
    assert member_of(series, council.member).has_vote is False


def test_a_whole_unit_comes_at_once_and_nobody_twice(council: Council, series: MeetingSeries) -> None:
    acts.put_member(series, council.chair, by=council.secretary, role=Role.CHAIR)
    added = acts.put_unit(series, council.province, by=council.secretary)
    assert {one.person for one in added} == {council.member, council.second_member, council.third_member}
    assert member_of(series, council.chair).role == Role.CHAIR
    assert acts.put_unit(series, council.province, by=council.secretary) == []
    refused("already_in", acts.put_member, series, council.chair, by=council.secretary)


def test_there_is_one_chair_and_one_head(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    refused("two_chairs", acts.put_unit, series, council.province, by=secretary, role=Role.CHAIR)
    assert not series.default_members.exists()
    acts.put_member(series, council.chair, by=secretary, role=Role.CHAIR)
    acts.put_member(series, council.member, by=secretary)
    refused("two_chairs", acts.put_member, series, council.second_member, by=secretary, role=Role.CHAIR)
    refused("two_chairs", acts.change_member, member_of(series, council.member), by=secretary, role=Role.CHAIR)
    acts.change_member(member_of(series, council.chair), by=secretary, is_head=True)
    refused("two_heads", acts.change_member, member_of(series, council.member), by=secretary, is_head=True)


def test_a_head_has_a_vote_and_a_guest_has_none(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    acts.put_member(series, council.chair, by=secretary, role=Role.CHAIR)
    acts.put_member(series, council.invitee, by=secretary, role=Role.INVITEE)
    chair, guest = member_of(series, council.chair), member_of(series, council.invitee)
    refused("guest_with_vote", acts.change_member, guest, by=secretary, has_vote=True)
    refused("head_without_vote", acts.change_member, guest, by=secretary, is_head=True)
    acts.change_member(chair, by=secretary, is_head=True)
    refused("head_without_vote", acts.change_member, chair, by=secretary, has_vote=False)
    refused("head_without_vote", acts.change_member, chair, by=secretary, role=Role.OBSERVER)


# -- Agenda template ---------------------------------------------------------------------------------------------------


def filled(series: MeetingSeries, by: Person, *titles: str) -> MeetingSeries:
    for title in titles:
        acts.add_line(series, by=by, title=title, planned_minutes=10)
    series.refresh_from_db()
    return series


def titles(series: MeetingSeries) -> list[str]:
    series.refresh_from_db()
    return [line["title"] for line in series.agenda_template]


def test_lines_are_added_changed_moved_and_removed(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    filled(series, secretary, "Một", "Hai", "  Ba   bốn ")
    acts.move_line(series, 3, by=secretary, seen=acts.state_of_template(series), to=1)
    assert titles(series) == ["Ba bốn", "Một", "Hai"]
    seen = acts.state_of_template(series)
    acts.change_line(series, 2, by=secretary, seen=seen, title="Một mới", planned_minutes=45)
    assert titles(series) == ["Ba bốn", "Một mới", "Hai"]
    acts.remove_line(series, 1, by=secretary, seen=acts.state_of_template(series))
    assert titles(series) == ["Một mới", "Hai"]
    assert series.agenda_template[0]["planned_minutes"] == 45


def test_a_page_that_is_behind_moves_no_other_line(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    seen = acts.state_of_template(filled(series, secretary, "Một", "Hai"))
    acts.remove_line(series, 1, by=secretary, seen=seen)
    refused("changed_meanwhile", acts.remove_line, series, 1, by=secretary, seen=seen)
    refused("changed_meanwhile", acts.move_line, series, 1, by=secretary, seen=seen, to=2)
    refused("changed_meanwhile", acts.change_line, series, 1, by=secretary, seen=seen, title="x", planned_minutes=1)
    assert titles(series) == ["Hai"]


def test_a_template_has_limits(council: Council, series: MeetingSeries) -> None:
    secretary = council.secretary
    refused("odd_length", acts.add_line, series, by=secretary, title="Một", planned_minutes=0)
    refused("odd_length", acts.add_line, series, by=secretary, title="Một", planned_minutes=24 * 60 + 1)
    refused("no_title", acts.add_line, series, by=secretary, title="  ", planned_minutes=5)
    filled(series, secretary, *[f"Nội dung {number}" for number in range(acts.MOST_LINES)])
    refused("too_many_lines", acts.add_line, series, by=secretary, title="Nữa", planned_minutes=5)


# -- Who may -----------------------------------------------------------------------------------------------------------


def test_lists_and_single_rules_agree_for_the_whole_cast(council: Council, series: MeetingSeries) -> None:
    leader = make_person("leader", "Trịnh Văn Lãnh")
    OrganisationRole.objects.create(person=leader, organisation=council.province, role=OrganisationRole.Role.LEADERSHIP)
    foreign = MeetingSeries.objects.create(organisation=council.other_unit, name="Giao ban", rule_set=council.rule_set)
    closed = Organisation.objects.create(
        name="Sở cũ", short_name="Sở cũ", parent=council.province, closed_on="2020-01-01"
    )
    past = MeetingSeries.objects.create(organisation=closed, name="Giao ban", rule_set=council.rule_set)
    everything = [council.series, series, foreign, past]
    sees, changes = {}, {}
    for who, person in {**council.cast, "leader": leader}.items():
        assert set(rules.visible_series(person)) == {one for one in everything if rules.may_see_series(person, one)}
        assert set(rules.changeable_series(person)) == {
            one for one in everything if rules.may_change_series(person, one)
        }
        sees[who] = set(rules.visible_series(person))
        changes[who] = set(rules.changeable_series(person))
    own = {council.series, series}
    assert {who: seen for who, seen in sees.items() if seen} == {
        "secretary": {*own, past},
        "unit_admin": {*own, past},
        "other_unit_admin": {foreign},
        "leader": {*own, past},
    }
    assert {who: changed for who, changed in changes.items() if changed} == {
        "secretary": own,
        "unit_admin": own,
        "other_unit_admin": {foreign},
    }


@pytest.mark.parametrize("who", ["chair", "member", "outsider", "other_unit_admin", "system_admin"])
def test_nobody_else_changes_a_series(council: Council, series: MeetingSeries, who: str) -> None:
    person = council.cast[who]
    acts.put_member(series, council.member, by=council.secretary)
    member = member_of(series, council.member)
    seen = acts.state_of_template(filled(series, council.secretary, "Một", "Hai"))
    before = Act.objects.count()
    refused("forbidden", acts.change_series, series, by=person, name="x")
    refused("forbidden", acts.end_series, series, by=person)
    refused("forbidden", acts.put_member, series, council.chair, by=person)
    refused("forbidden", acts.put_unit, series, council.province, by=person)
    refused("forbidden", acts.change_member, member, by=person, role=Role.INVITEE)
    refused("forbidden", acts.remove_member, member, by=person)
    refused("forbidden", acts.add_line, series, by=person, title="x", planned_minutes=5)
    refused("forbidden", acts.change_line, series, 1, by=person, seen=seen, title="x", planned_minutes=5)
    refused("forbidden", acts.move_line, series, 1, by=person, seen=seen, to=2)
    refused("forbidden", acts.remove_line, series, 1, by=person, seen=seen)
    new = {"organisation": council.province, "rule_set": council.rule_set, "planned_minutes": 60}
    refused("forbidden", acts.create_series, by=person, name="Mới", **new)
    acts.end_series(series, by=council.secretary)
    refused("forbidden", acts.reopen_series, series, by=person)
    assert Act.objects.count() == before + 1
