"""The tree of units: entered, changed, moved, closed, merged, with its history."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acts import breaks
from accounts.models import Membership, Organisation, OrganisationLevel, OrganisationRole, Person, Position
from realtime.models import Entry
from tests.accounts.administration import acts_of, get, post, text_of
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "Ủy ban nhân dân xã An Lĩnh",
    "short_name": "UBND xã An Lĩnh",
    "kind": "people_committee",
    "level": "",
}


@pytest.fixture
def commune(council: Council) -> Organisation:
    return Organisation.objects.create(name="UBND xã An Lĩnh", short_name="xã An Lĩnh", parent=council.province)


def in_office(council: Council, unit: Organisation, person: Person, since: date = date(2021, 7, 1)) -> Membership:
    position = Position.objects.get(name="Ủy viên")
    return Membership.objects.create(person=person, organisation=unit, position=position, valid_from=since)


def test_a_unit_is_entered_below_another_and_the_log_says_by_whom(council: Council) -> None:
    answer = post(council.unit_admin, "new_unit", **FIELDS, parent=council.province.pk)
    made = Organisation.objects.get(name=FIELDS["name"])
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:unit", args=[made.pk]))
    assert made.parent == council.province
    assert acts_of(made) == [("organisation_created", council.unit_admin.pk)]
    assert list(breaks()) == []


def test_only_system_administrators_enter_a_unit_at_the_top(council: Council) -> None:
    assert post(council.unit_admin, "new_unit", **FIELDS, parent="").status_code == 422
    assert post(council.system_admin, "new_unit", **FIELDS, parent="").status_code == 302
    assert Organisation.objects.get(name=FIELDS["name"]).parent is None


def test_what_was_typed_stays_and_what_is_missing_is_said(council: Council) -> None:
    answer = post(council.unit_admin, "new_unit", **{**FIELDS, "name": " "}, parent=council.province.pk)
    assert answer.status_code == 422
    assert "Nhập tên đơn vị." in text_of(answer)
    assert "UBND xã An Lĩnh" in text_of(answer)


def test_levels_are_data_and_the_tree_shows_units_kinds_levels_people_and_closings(
    council: Council, commune: Organisation
) -> None:
    commune.level = OrganisationLevel.objects.create(code="xa", name="Xã, phường, đặc khu", rank=2)
    commune.save()
    village = Organisation.objects.create(
        name="UBND xã Khe Vài",
        short_name="xã Khe Vài",
        parent=council.province,
        closed_on=date(2025, 7, 1),
        merged_into=commune,
    )
    in_office(council, commune, council.observer)
    text = text_of(get(council.unit_admin, "units"))
    assert "Xã, phường, đặc khu" in text
    assert "1 người" in text
    assert "sáp nhập vào xã An Lĩnh từ ngày 01/07/2025" in text
    assert text.index(council.province.name) < text.index(commune.name) < text.index(village.name)
    assert "depth-1 closed" in text
    assert council.other_unit.name not in text


def test_the_tree_and_a_unit_cost_the_same_queries_with_one_and_three_rows(council: Council) -> None:
    def costs() -> list[int]:
        browser = client_of(council.unit_admin)
        counts = []
        for address in (reverse("accounts:units"), reverse("accounts:unit", args=[council.province.pk])):
            browser.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(address)
            counts.append(len(queries))
        return counts

    def add_unit(name: str) -> None:
        post(council.unit_admin, "new_unit", name=name, short_name=name, kind="other", parent=council.province.pk)
        unit = Organisation.objects.get(name=name)
        in_office(council, unit, council.observer)
        in_office(council, council.province, council.invitee)
        OrganisationRole.objects.create(
            person=Person.objects.create(full_name=name), organisation=council.province, role="leadership"
        )

    add_unit("Sở Tài chính")
    with_one = costs()
    add_unit("Sở Xây dựng")
    add_unit("Sở Nội vụ")
    assert costs() == with_one


# -- Change and move ---------------------------------------------------------------------------------------------------


def test_details_are_changed_and_the_log_keeps_what_stood_there(council: Council, commune: Organisation) -> None:
    fields = {**FIELDS, "name": "Ủy ban nhân dân xã An Lĩnh mới", "parent": council.province.pk}
    assert post(council.unit_admin, "unit_details", commune.pk, **fields).status_code == 302
    commune.refresh_from_db()
    assert commune.name == "Ủy ban nhân dân xã An Lĩnh mới"
    assert acts_of(commune) == [("organisation_changed", council.unit_admin.pk)]
    assert "đã sửa thông tin: Ủy ban nhân dân xã An Lĩnh mới" in text_of(get(council.unit_admin, "unit", commune.pk))


def test_a_unit_never_stands_below_itself(council: Council, commune: Organisation) -> None:
    office = Organisation.objects.create(name="Văn phòng xã", short_name="VP xã", parent=commune)
    answer = post(council.system_admin, "unit_details", commune.pk, **FIELDS, parent=office.pk)
    assert answer.status_code == 422
    assert "nên không thể là cấp trên" in text_of(answer)
    commune.refresh_from_db()
    assert commune.parent == council.province
    assert acts_of(commune) == []


def test_moving_a_unit_has_the_rights_looked_at_again_of_all_whose_roles_reach_it(
    council: Council, commune: Organisation
) -> None:
    before = {person.pk: person.permission_version for person in Person.objects.all()}
    assert (
        post(council.system_admin, "unit_details", commune.pk, **FIELDS, parent=council.other_unit.pk).status_code
        == 302
    )
    commune.refresh_from_db()
    assert commune.parent == council.other_unit
    changed = {person.pk for person in Person.objects.all() if person.permission_version != before[person.pk]}
    assert changed == {
        council.secretary.pk,
        council.unit_admin.pk,
        council.system_admin.pk,
        council.other_unit_admin.pk,
    }
    told = Entry.objects.filter(stream__name="realtime:rights").order_by("number").last()
    assert set(told.body["look_again"]) == {f"person:{pk}" for pk in changed}
    assert get(council.unit_admin, "unit", commune.pk).status_code == 404
    assert get(council.other_unit_admin, "unit", commune.pk).status_code == 200


def test_the_top_of_what_one_administers_is_moved_and_closed_by_those_above(council: Council) -> None:
    text = text_of(get(council.other_unit_admin, "unit_details", council.other_unit.pk))
    assert 'name="parent"' not in text
    post(council.other_unit_admin, "unit_details", council.other_unit.pk, **FIELDS, parent=council.province.pk)
    council.other_unit.refresh_from_db()
    assert council.other_unit.parent is None
    answer = post(council.other_unit_admin, "unit_closing", council.other_unit.pk, **{"closing-on": "2026-12-01"})
    assert answer.status_code == 403
    assert "do quản trị cấp trên thực hiện" in text_of(answer)
    council.other_unit.refresh_from_db()
    assert council.other_unit.closed_on is None


def test_no_field_of_a_unit_takes_its_name_for_a_measure(council: Council, commune: Organisation) -> None:
    """The shared part for fields shows a word behind the input when it finds one called `unit`."""
    for page in ("unit", "unit_details"):
        assert "with-unit" not in text_of(get(council.unit_admin, page, commune.pk))


# -- Close, merge, open again ------------------------------------------------------------------------------------------


def test_a_closed_unit_keeps_its_people_in_its_history(council: Council, commune: Organisation) -> None:
    office = in_office(council, commune, council.observer)
    answer = post(council.unit_admin, "unit_closing", commune.pk, **{"closing-on": "2026-12-01"})
    assert answer.status_code == 302
    commune.refresh_from_db()
    office.refresh_from_db()
    assert (commune.closed_on, office.valid_until) == (date(2026, 12, 1), date(2026, 11, 30))
    assert list(Person.objects.members_of(commune, on=date(2026, 11, 30))) == [council.observer]
    assert not Person.objects.members_of(commune, on=date(2026, 12, 1)).exists()
    assert acts_of(commune) == [("organisation_closed", council.unit_admin.pk)]


def test_a_unit_with_open_units_below_is_not_closed_and_the_answer_names_them(
    council: Council, commune: Organisation
) -> None:
    Organisation.objects.create(name="Văn phòng xã An Lĩnh", short_name="VP xã", parent=commune)
    answer = post(council.unit_admin, "unit_closing", commune.pk, **{"closing-on": "2026-12-01"})
    assert answer.status_code == 422
    assert "Văn phòng xã An Lĩnh. Xin giải thể, sáp nhập hoặc chuyển" in text_of(answer)
    assert 'value="2026-12-01"' in text_of(answer)
    commune.refresh_from_db()
    assert commune.closed_on is None


def test_an_office_that_begins_later_keeps_a_unit_from_closing(council: Council, commune: Organisation) -> None:
    in_office(council, commune, council.observer, since=date(2027, 1, 1))
    answer = post(council.unit_admin, "unit_closing", commune.pk, **{"closing-on": "2026-12-01"})
    assert answer.status_code == 422
    assert council.observer.full_name in text_of(answer)


def test_a_merger_moves_people_and_units_below_and_keeps_the_history_of_both(
    council: Council, commune: Organisation
) -> None:
    other = Organisation.objects.create(name="UBND xã Khe Vài", short_name="xã Khe Vài", parent=council.province)
    below = Organisation.objects.create(name="Văn phòng xã Khe Vài", short_name="VP Khe Vài", parent=other)
    stays, goes = in_office(council, other, council.observer), in_office(council, other, council.invitee)
    in_office(council, commune, council.invitee)  # holds the same position there already
    fields = {"merger-into": commune.pk, "merger-on": "2026-07-01", "merger-take_people": "on"}
    assert post(council.unit_admin, "unit_merger", other.pk, **fields).status_code == 302
    other.refresh_from_db()
    below.refresh_from_db()
    assert (other.closed_on, other.merged_into, below.parent) == (date(2026, 7, 1), commune, commune)
    for office in (stays, goes):
        office.refresh_from_db()
        assert office.valid_until == date(2026, 6, 30)
    assert set(Person.objects.members_of(commune, on=date(2026, 7, 1))) == {council.observer, council.invitee}
    assert commune.memberships.filter(person=council.invitee).count() == 1
    assert [name for name, _by in acts_of(other)] == ["organisation_merged"]
    assert [name for name, _by in acts_of(commune)] == ["organisation_took_in"]
    assert list(breaks()) == []


def test_without_taking_people_a_merger_ends_their_offices(council: Council, commune: Organisation) -> None:
    other = Organisation.objects.create(name="UBND xã Khe Vài", short_name="xã Khe Vài", parent=council.province)
    in_office(council, other, council.observer)
    post(council.unit_admin, "unit_merger", other.pk, **{"merger-into": commune.pk, "merger-on": "2026-07-01"})
    assert not Person.objects.members_of(commune, on=date(2026, 7, 1)).exists()


def test_a_unit_is_not_merged_into_one_of_others_or_below_itself(council: Council, commune: Organisation) -> None:
    office = Organisation.objects.create(name="Văn phòng xã", short_name="VP xã", parent=commune)
    for into in (council.other_unit, office, commune):
        fields = {"merger-into": into.pk, "merger-on": "2026-07-01"}
        assert post(council.unit_admin, "unit_merger", commune.pk, **fields).status_code == 422
    commune.refresh_from_db()
    assert (commune.closed_on, commune.merged_into) == (None, None)


def test_a_closing_can_be_taken_back(council: Council, commune: Organisation) -> None:
    commune.closed_on = timezone.localdate() - timedelta(days=3)
    commune.save()
    assert post(council.unit_admin, "unit_reopening", commune.pk).status_code == 302
    commune.refresh_from_db()
    assert commune.closed_on is None
    assert acts_of(commune) == [("organisation_reopened", council.unit_admin.pk)]
    assert post(council.unit_admin, "unit_reopening", commune.pk).status_code == 422


def test_nobody_is_put_into_a_closed_unit(council: Council, commune: Organisation) -> None:
    commune.closed_on = date(2026, 7, 1)
    commune.save()
    fields = {"organisation": commune.pk, "position": Position.objects.get().pk, "valid_from": "2026-08-01"}
    assert post(council.unit_admin, "offices", council.member.pk, **fields).status_code == 422
    assert not commune.memberships.exists()
