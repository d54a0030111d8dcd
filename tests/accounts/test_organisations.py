"""The tree of organisations, memberships on a day, names without accents."""

from datetime import date

import pytest

from accounts.models import Membership, Organisation, Person
from accounts.words import fold
from tests.council import Council

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Nguyễn Thị Đào", "nguyen thi dao"), ("  ĐẶNG   Quốc ", "dang quoc"), ("Ường ƯỜNG ơi", "uong uong oi"), ("", "")],
)
def test_names_fold_to_plain_letters(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_people_are_found_with_and_without_accents(council: Council) -> None:
    assert list(Person.objects.named("Đào Phạm")) == [council.second_member]
    assert list(Person.objects.named("pham dao")) == [council.second_member]


def test_who_was_a_member_on_a_day(council: Council) -> None:
    Membership.objects.filter(person=council.member).update(valid_until=date(2026, 6, 30))
    on = Person.objects.members_of
    assert council.member in on(council.province, on=date(2026, 6, 30))
    assert council.member not in on(council.province, on=date(2026, 7, 1))
    assert council.member not in on(council.province, on=date(2021, 6, 30))


def test_a_role_reaches_the_units_below_to_any_depth_and_no_others(council: Council) -> None:
    commune = Organisation.objects.create(name="UBND xã", short_name="xã", parent=council.province)
    office = Organisation.objects.create(name="Văn phòng xã", short_name="VP xã", parent=commune)
    reach = Organisation.objects.in_reach_of(council.unit_admin, "unit_admin")
    assert set(reach) == {council.province, commune, office}
    assert council.other_unit not in reach


def test_a_closed_unit_keeps_its_history_and_takes_no_new_meetings(council: Council) -> None:
    council.other_unit.closed_on, council.other_unit.merged_into = date(2025, 7, 1), council.province
    council.other_unit.save()
    assert council.other_unit in Organisation.objects.open_on(date(2025, 6, 30))
    assert council.other_unit not in Organisation.objects.open_on(date(2025, 7, 1))
    assert council.other_unit.memberships.count() == 1
