"""Who administers what: the whole cast is walked over all pages and acts, and lists agree with doors."""

from datetime import date

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import rules
from accounts.middleware import ReachReadOnceMiddleware
from accounts.models import Membership, Organisation, OrganisationRole, Person, Position
from accounts.reach import reach_read_once, remembered_reach
from tests.accounts.administration import get, post, text_of
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db

ADMINISTRATORS = {"unit_admin", "other_unit_admin", "system_admin"}
LISTS = ["units", "people", "positions", "logins", "new_unit", "new_person", "import_of_people", "first_passwords"]


def test_the_whole_cast_at_every_door_and_only_administrators_find_one(council: Council) -> None:
    for name, person in council.cast.items():
        browser = client_of(person)
        for page in LISTS:
            status = browser.get(reverse(f"accounts:{page}")).status_code
            assert (name, page, status) == (name, page, 200 if name in ADMINISTRATORS else 404)


def test_lists_and_doors_agree_for_the_whole_cast_over_all_units_and_people(council: Council) -> None:
    commune = Organisation.objects.create(name="UBND xã", short_name="xã", parent=council.other_unit)
    Membership.objects.create(
        person=council.chair,
        organisation=commune,
        position=Position.objects.get(),
        valid_from=date(2020, 1, 1),
        valid_until=date(2020, 12, 31),
    )
    Membership.objects.create(
        person=council.third_member,
        organisation=council.other_unit,
        position=Position.objects.get(),
        valid_from=date(2020, 1, 1),
    )
    council.observer.is_superuser = True
    council.observer.save()
    for person in council.cast.values():
        units, people, accounts = (
            set(rules.administered_by(person)),
            set(rules.people_administered_by(person)),
            set(rules.accounts_kept_by(person)),
        )
        assert units == {unit for unit in Organisation.objects.all() if rules.may_administer(person, unit)}
        assert people == {other for other in Person.objects.all() if rules.may_administer_person(person, other)}
        assert accounts == {other for other in Person.objects.all() if rules.may_keep_account(person, other)}
        if not (units or people):
            continue  # for them no door opens at all: see above
        browser = client_of(person)
        for unit in Organisation.objects.all():
            status = browser.get(reverse("accounts:unit", args=[unit.pk])).status_code
            assert status == (200 if unit in units else 404)
        for other in (council.chair, council.outsider, council.third_member, council.other_unit_member):
            status = browser.get(reverse("accounts:person", args=[other.pk])).status_code
            assert status == (200 if other in people else 404)


def test_a_unit_administrator_reaches_the_own_subtree_and_nothing_beside_it(council: Council) -> None:
    commune = Organisation.objects.create(name="UBND xã", short_name="xã", parent=council.other_unit)
    assert set(rules.administered_by(council.other_unit_admin)) == {council.other_unit, commune}
    assert set(rules.administered_by(council.system_admin)) == {council.province, council.other_unit, commune}
    assert set(rules.people_administered_by(council.other_unit_admin)) == {
        council.other_unit_member,
        council.other_unit_admin,
    }


def acts_on(council: Council) -> list[tuple[str, list[int], dict[str, object]]]:
    """Every act, with fields that are right, on things of the province."""
    unit, person = council.province, council.member
    office = person.memberships.get()
    role = OrganisationRole.objects.get(person=council.secretary)
    today = timezone.localdate().isoformat()
    return [
        ("unit_details", [unit.pk], {"name": "Tên", "short_name": "T", "kind": "other", "level": "", "parent": ""}),
        ("unit_closing", [unit.pk], {"closing-on": today}),
        ("unit_merger", [unit.pk], {"merger-on": today, "merger-into": council.other_unit.pk}),
        ("unit_reopening", [unit.pk], {}),
        ("person_details", [person.pk], {"full_name": "Tên Khác", "username": "khac", "email": "", "phone": ""}),
        ("person_password", [person.pk], {}),
        ("account_closing", [person.pk], {}),
        ("account_opening", [person.pk], {}),
        ("offices", [person.pk], {"organisation": unit.pk, "position": office.position_id, "valid_from": today}),
        ("office_end", [office.pk], {f"end-{office.pk}-on": today}),
        ("office_withdrawal", [office.pk], {}),
        ("roles", [person.pk], {"role": "secretary", "organisation": unit.pk}),
        ("role_removal", [role.pk], {}),
    ]


@pytest.mark.parametrize("who", ["outsider", "member", "secretary", "chair", "other_unit_admin"])
def test_nobody_else_acts_on_the_province_whatever_is_sent(council: Council, who: str) -> None:
    before = everything()
    for name, args, fields in acts_on(council):
        assert (name, post(getattr(council, who), name, *args, **fields).status_code) == (name, 404)
    assert everything() == before


def everything() -> list[object]:
    tables = (Organisation, Person, Membership, OrganisationRole, Position)
    left_out = {"last_login"}
    rows = [row for table in tables for row in table.objects.order_by("pk").values()]
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def test_pages_of_administration_want_somebody_logged_in(council: Council, client) -> None:
    answer = client.get(reverse("accounts:units"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


def test_the_link_stands_in_the_head_for_administrators_only(council: Council) -> None:
    for name, person in council.cast.items():
        answer = client_of(person).get("/account/password/")
        assert (name, reverse("accounts:units") in text_of(answer)) == (name, name in ADMINISTRATORS)


def test_an_administrator_whose_account_is_closed_reaches_nothing(council: Council) -> None:
    council.unit_admin.is_active = False
    council.unit_admin.save()
    assert not rules.administered_by(council.unit_admin).exists()
    assert not rules.people_administered_by(council.unit_admin).exists()
    assert not rules.may_administer(council.unit_admin, council.province)
    assert not rules.may_administer_person(council.unit_admin, council.member)


# -- Accounts that reach outside ---------------------------------------------------------------------------------------


def test_who_also_holds_office_outside_is_seen_but_the_account_is_kept_by_those_above(council: Council) -> None:
    Membership.objects.create(
        person=council.other_unit_member,
        organisation=council.province,
        position=Position.objects.get(),
        valid_from=date(2020, 1, 1),
    )
    before = council.other_unit_member.password
    page = get(council.other_unit_admin, "person", council.other_unit_member.pk)
    assert page.status_code == 200
    assert "tài khoản do quản trị cấp trên quản lý" in text_of(page)
    for act in ("person_password", "account_closing", "account_opening"):
        assert post(council.other_unit_admin, act, council.other_unit_member.pk).status_code == 403
    council.other_unit_member.refresh_from_db()
    assert (council.other_unit_member.password, council.other_unit_member.is_active) == (before, True)
    assert post(council.system_admin, "person_password", council.other_unit_member.pk).status_code == 200


def test_a_unit_administrator_never_touches_the_account_or_role_of_a_system_administrator(council: Council) -> None:
    role = council.system_admin.roles.get()
    assert get(council.unit_admin, "person", council.system_admin.pk).status_code == 200
    assert post(council.unit_admin, "person_password", council.system_admin.pk).status_code == 403
    assert post(council.unit_admin, "account_closing", council.system_admin.pk).status_code == 403
    assert post(council.unit_admin, "role_removal", role.pk).status_code == 403
    fields = {"full_name": "X", "username": "chiem-quyen", "email": "", "phone": ""}
    assert post(council.unit_admin, "person_details", council.system_admin.pk, **fields).status_code == 403
    council.system_admin.refresh_from_db()
    assert council.system_admin.username == "system-admin"
    assert OrganisationRole.objects.filter(pk=role.pk).exists()


def test_a_unit_administrator_cannot_draw_people_of_others_into_the_own_unit(council: Council) -> None:
    """An office given to a stranger would bring the stranger's account along."""
    position = Position.objects.get()
    fields = {"organisation": council.other_unit.pk, "position": position.pk, "valid_from": "2026-01-01"}
    assert post(council.other_unit_admin, "offices", council.member.pk, **fields).status_code == 404
    assert council.member.memberships.count() == 1


@pytest.mark.parametrize("who", ["unit_admin", "other_unit_admin"])
def test_units_of_others_are_not_among_the_choices_and_not_taken_when_sent(council: Council, who: str) -> None:
    admin = getattr(council, who)
    own, other = (
        (council.province, council.other_unit) if who == "unit_admin" else (council.other_unit, council.province)
    )
    assert other.name not in text_of(get(admin, "new_person"))
    fields = {
        "full_name": "Người Mới",
        "username": "nguoi-moi",
        "organisation": other.pk,
        "position": Position.objects.get().pk,
        "valid_from": "2026-01-01",
    }
    answer = post(admin, "new_person", **fields)
    assert answer.status_code == 422
    assert "trong phạm vi quản trị" in text_of(answer)
    assert "Người Mới" in text_of(answer)
    assert post(admin, "new_person", **{**fields, "organisation": own.pk}).status_code == 200
    assert Person.objects.get(username="nguoi-moi").memberships.get().organisation == own


def test_reach_is_read_once_for_a_page_and_anew_for_an_act(council: Council) -> None:
    def in_reach() -> set[int]:
        return set(Organisation.objects.in_reach_of(council.member, "secretary").values_list("pk", flat=True))

    with reach_read_once():
        assert in_reach() == set()
        OrganisationRole.objects.create(
            person=council.member, organisation=council.meeting.organisation, role="secretary"
        )
        assert in_reach() == set()
    assert council.meeting.organisation_id in in_reach()


@pytest.mark.parametrize(("method", "is_remembered"), [("get", True), ("head", True), ("post", False), ("put", False)])
def test_only_requests_that_change_nothing_remember(rf: RequestFactory, method: str, is_remembered: bool) -> None:
    asked: list[int] = []

    def read() -> frozenset[int]:
        asked.append(1)
        return frozenset()

    def view(_request: HttpRequest) -> HttpResponse:
        for _ in range(3):
            remembered_reach((1, ("secretary",)), read)
        return HttpResponse()

    ReachReadOnceMiddleware(view)(getattr(rf, method)("/"))
    assert len(asked) == (1 if is_remembered else 3)
