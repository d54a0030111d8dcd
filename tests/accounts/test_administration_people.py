"""People, their offices, accounts and roles."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acts import breaks
from accounts.models import Act, Membership, OrganisationRole, Person, Position
from realtime.models import Entry
from tests.accounts.administration import acts_of, get, installation_acts, post, text_of
from tests.council import PASSWORD, Council, client_of

pytestmark = pytest.mark.django_db

SHOWN = re.compile(r'<output class="password">([a-z0-9-]+)</output>')


def fields_of(council: Council, **changes: object) -> dict[str, object]:
    return {
        "full_name": "La Thị Huyền",
        "username": "la-thi-huyen",
        "email": "la-thi-huyen@lam-giang.example",
        "phone": "+84 91 234 567",
        "organisation": council.province.pk,
        "position": Position.objects.get().pk,
        "valid_from": "2026-01-01",
        "valid_until": "",
        **changes,
    }


def log_in(username: str, password: str) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": username, "password": password})
    return browser


def is_logged_in(browser: Client) -> bool:
    return browser.get("/account/password/").status_code == 200


def last_told() -> dict[str, object]:
    return Entry.objects.filter(stream__name="realtime:rights").order_by("number").last().body


# -- The list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Đào Phạm", "dao pham", "PHẠM", "second"])
def test_people_are_found_with_and_without_accents_and_by_log_in_name(council: Council, words: str) -> None:
    text = text_of(get(council.unit_admin, "people", words=words))
    assert council.second_member.full_name in text
    assert council.member.full_name not in text


def test_people_of_other_units_are_not_found(council: Council) -> None:
    assert "Không tìm thấy ai" in text_of(get(council.unit_admin, "people", words=council.other_unit_member.full_name))
    assert council.other_unit_member.full_name in text_of(get(council.system_admin, "people", words="Ngô Gia Minh"))


@pytest.mark.parametrize(
    ("state", "expected"), [("closed", {"member"}), ("none", {"second_member"}), ("no_password", {"third_member"})]
)
def test_people_are_sifted_by_their_account(council: Council, state: str, expected: set[str]) -> None:
    Person.objects.filter(pk=council.member.pk).update(is_active=False)
    Person.objects.filter(pk=council.second_member.pk).update(username=None)
    Person.objects.filter(pk=council.third_member.pk).update(password="!none")
    text = text_of(get(council.unit_admin, "people", state=state))
    for name in ("chair", "member", "second_member", "third_member"):
        assert (name, getattr(council, name).full_name in text) == (name, name in expected)


def test_the_list_has_pages_of_thirty(council: Council) -> None:
    for number in range(31):
        person = Person.objects.create(full_name=f"Aa Người {number:02}")
        Membership.objects.create(
            person=person, organisation=council.other_unit, position=Position.objects.get(), valid_from=date(2026, 1, 1)
        )
    assert text_of(get(council.other_unit_admin, "people")).count("Aa Người") == 30
    assert text_of(get(council.other_unit_admin, "people", page="2")).count("Aa Người") == 1


def test_the_list_and_a_person_cost_the_same_queries_with_one_and_three_rows(council: Council) -> None:
    def costs() -> list[int]:
        browser = client_of(council.other_unit_admin)
        counts = []
        for address in (reverse("accounts:people"), reverse("accounts:person", args=[council.other_unit_member.pk])):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        return counts

    def add(number: int) -> None:
        person = Person.objects.create(full_name=f"Người {number}", username=f"nguoi-{number}")
        for who in (person, council.other_unit_member):
            Membership.objects.create(
                person=who,
                organisation=council.other_unit,
                position=Position.objects.create(name=f"Chức vụ {number} {who.pk}"),
                valid_from=date(2026, 1, 1),
            )
        log_in(council.other_unit_member.username, PASSWORD)

    add(1)
    with_one = costs()
    add(2)
    add(3)
    assert costs() == with_one


# -- A new person ------------------------------------------------------------------------------------------------------


def test_a_new_person_gets_an_office_and_a_password_that_is_shown_once_and_works(council: Council) -> None:
    answer = post(council.unit_admin, "new_person", **fields_of(council))
    password = SHOWN.search(text_of(answer)).group(1)
    person = Person.objects.get(username="la-thi-huyen")
    assert "no-store" in answer.headers["Cache-Control"]
    assert list(Person.objects.members_of(council.province, on=date(2026, 1, 1)).filter(pk=person.pk)) == [person]
    assert ("person_created", f"person:{person.pk}") in installation_acts()
    assert acts_of(council.province)[-1] == ("membership_added", council.unit_admin.pk)
    assert password not in str(list(Act.objects.values()))
    assert list(breaks()) == []

    browser = log_in("la-thi-huyen", password)
    assert is_logged_in(browser)
    new = "mat-khau-cua-toi-2026"
    changed = browser.post("/account/password/", {"oldpassword": password, "password1": new, "password2": new})
    assert changed.status_code == 302
    assert is_logged_in(log_in("la-thi-huyen", new))


def test_a_person_may_have_no_account(council: Council) -> None:
    assert post(council.unit_admin, "new_person", **fields_of(council, username="")).status_code == 302
    person = Person.objects.get(full_name="La Thị Huyền")
    assert (person.username, person.has_usable_password()) == (None, False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "MEMBER"}, "Tên đăng nhập này đã có người dùng."),
        ({"username": "có dấu"}, "Tên đăng nhập gồm chữ không dấu"),
        ({"full_name": " "}, "Nhập họ và tên."),
        ({"valid_from": ""}, "Nhập ngày bắt đầu đảm nhiệm."),
        ({"valid_until": "2025-12-31"}, "Ngày kết thúc trước ngày bắt đầu."),
        ({"organisation": ""}, "Chọn đơn vị."),
        ({"position": "99999"}, "Chọn chức vụ."),
    ],
)
def test_bad_input_is_refused_with_what_to_do_and_what_was_typed_stays(
    council: Council, changes: dict[str, object], sentence: str
) -> None:
    answer = post(council.unit_admin, "new_person", **fields_of(council, **changes))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "+84 91 234 567" in text_of(answer)
    assert not Person.objects.filter(full_name="La Thị Huyền").exists()


def test_details_are_changed_and_the_log_keeps_what_stood_there(council: Council) -> None:
    fields = {"full_name": "Lê Hoàng Cường Anh", "username": "member", "email": "", "phone": ""}
    assert post(council.unit_admin, "person_details", council.member.pk, **fields).status_code == 302
    council.member.refresh_from_db()
    assert council.member.full_name == "Lê Hoàng Cường Anh"
    assert Person.objects.named("cuong anh").get() == council.member
    act = Act.objects.get(act="person_changed")
    assert act.facts["from"] == {"full_name": "Lê Hoàng Cường"}


# -- Offices -----------------------------------------------------------------------------------------------------------


def test_an_office_ends_on_a_day_and_stays_in_the_history(council: Council) -> None:
    office = council.member.memberships.get()
    answer = post(council.unit_admin, "office_end", office.pk, **{f"end-{office.pk}-on": "2026-06-30"})
    assert answer.status_code == 302
    on = Person.objects.members_of
    assert council.member in on(council.province, on=date(2026, 6, 30))
    assert council.member not in on(council.province, on=date(2026, 7, 1))
    assert acts_of(council.province)[-1] == ("membership_ended", council.unit_admin.pk)
    assert "01/07/2021 – 30/06/2026" in text_of(get(council.unit_admin, "person", council.member.pk))
    assert last_told() == {"look_again": [council.member.principal_key]}


@pytest.mark.parametrize("typed", ["2021-06-30", "30/02/2026", ""])
def test_an_office_does_not_end_before_it_begins_or_on_no_day(council: Council, typed: str) -> None:
    office = council.member.memberships.get()
    answer = post(council.unit_admin, "office_end", office.pk, **{f"end-{office.pk}-on": typed})
    assert answer.status_code == 422
    assert typed in text_of(answer)
    assert 'class="error"' in text_of(answer)
    office.refresh_from_db()
    assert office.valid_until is None


def test_the_same_office_is_not_held_twice_at_a_time(council: Council) -> None:
    position = Position.objects.get().pk
    fields = {"organisation": council.province.pk, "position": position, "valid_from": "2026-01-01"}
    answer = post(council.unit_admin, "offices", council.member.pk, **fields)
    assert answer.status_code == 422
    assert "đã giữ chức vụ Ủy viên" in text_of(answer)
    earlier = {**fields, "valid_from": "2016-07-01", "valid_until": "2021-06-30"}
    assert post(council.unit_admin, "offices", council.member.pk, **earlier).status_code == 302
    assert council.member.memberships.count() == 2


def test_an_office_that_has_not_begun_is_taken_back_and_one_that_has_is_not(council: Council) -> None:
    begun = council.member.memberships.get()
    tomorrow = timezone.localdate() + timedelta(days=1)
    ahead = Membership.objects.create(
        person=council.member,
        organisation=council.province,
        position=Position.objects.create(name="Phó Chủ tịch"),
        valid_from=tomorrow,
    )
    assert post(council.unit_admin, "office_withdrawal", ahead.pk).status_code == 302
    assert post(council.unit_admin, "office_withdrawal", begun.pk).status_code == 422
    assert list(council.member.memberships.all()) == [begun]
    assert acts_of(council.province)[-1] == ("membership_withdrawn", council.unit_admin.pk)


# -- Accounts ----------------------------------------------------------------------------------------------------------


def test_a_new_password_puts_whoever_is_logged_in_out_and_closes_their_sockets(council: Council) -> None:
    browser = log_in("member", PASSWORD)
    answer = post(council.unit_admin, "person_password", council.member.pk)
    password = SHOWN.search(text_of(answer)).group(1)
    assert not is_logged_in(browser)
    assert not is_logged_in(log_in("member", PASSWORD))
    assert is_logged_in(log_in("member", password))
    assert ("password_reset", f"person:{council.member.pk}") in installation_acts()
    assert password not in str(list(Act.objects.values()))
    told = [entry.body for entry in Entry.objects.filter(stream__name="realtime:rights")]
    assert {"logged_out": council.member.principal_key, "session": ""} in told


def test_a_password_is_only_given_by_post(council: Council) -> None:
    assert get(council.unit_admin, "person_password", council.member.pk).status_code == 405


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(council: Council) -> None:
    browser = log_in("member", PASSWORD)
    assert post(council.unit_admin, "account_closing", council.member.pk).status_code == 302
    assert not is_logged_in(browser)
    assert not is_logged_in(log_in("member", PASSWORD))
    assert post(council.unit_admin, "account_opening", council.member.pk).status_code == 302
    assert is_logged_in(log_in("member", PASSWORD))
    acts = [name for name, about in installation_acts() if about == f"person:{council.member.pk}"]
    assert acts == ["account_closed", "account_opened"]


def test_nobody_closes_the_own_account_or_resets_the_own_password_here(council: Council) -> None:
    for admin in (council.unit_admin, council.system_admin):
        assert post(council.system_admin, "account_closing", council.system_admin.pk).status_code == 422
        assert get(admin, "people").status_code == 200
    assert post(council.system_admin, "person_password", council.system_admin.pk).status_code == 422
    council.system_admin.refresh_from_db()
    assert council.system_admin.is_active


# -- Roles -------------------------------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_and_both_are_recorded(council: Council) -> None:
    fields = {"role": "secretary", "organisation": council.province.pk}
    assert post(council.unit_admin, "roles", council.member.pk, **fields).status_code == 302
    held = council.member.roles.get()
    assert (held.role, held.organisation) == ("secretary", council.province)
    assert last_told() == {"look_again": [council.member.principal_key]}
    assert post(council.unit_admin, "roles", council.member.pk, **fields).status_code == 422
    assert post(council.unit_admin, "role_removal", held.pk).status_code == 302
    assert not council.member.roles.exists()
    assert [name for name, _by in acts_of(council.province)] == ["role_granted", "role_revoked"]


def test_a_unit_administrator_gives_roles_up_to_the_own_and_never_the_system(council: Council) -> None:
    page = text_of(get(council.unit_admin, "person", council.member.pk))
    assert 'value="unit_admin"' in page
    assert 'value="system_admin"' not in page
    fields = {"role": "system_admin", "organisation": council.province.pk}
    assert post(council.unit_admin, "roles", council.member.pk, **fields).status_code == 422
    assert not council.member.roles.exists()
    assert post(council.system_admin, "roles", council.member.pk, **fields).status_code == 302


def test_a_role_outside_the_own_subtree_is_not_given(council: Council) -> None:
    fields = {"role": "secretary", "organisation": council.province.pk}
    assert post(council.other_unit_admin, "roles", council.other_unit_member.pk, **fields).status_code == 422
    assert not council.other_unit_member.roles.exists()


def test_nobody_locks_oneself_out(council: Council) -> None:
    for admin in (council.unit_admin, council.system_admin):
        answer = post(admin, "role_removal", admin.roles.get().pk)
        assert answer.status_code == 422
        assert "Không thể tự thu hồi" in text_of(answer)
        assert admin.roles.exists()


def test_the_last_system_administrator_who_can_log_in_stays(council: Council) -> None:
    """Another one holds the role too, but has no log-in name: that one could not help anybody."""
    nameless = Person.objects.create(full_name="Không Tài Khoản")
    second = OrganisationRole.objects.create(person=nameless, organisation=council.province, role="system_admin")
    third = OrganisationRole.objects.create(person=council.member, organisation=council.province, role="system_admin")
    assert post(council.member, "role_removal", council.system_admin.roles.get().pk).status_code == 302
    assert post(council.member, "role_removal", second.pk).status_code == 302
    Person.objects.filter(pk=council.outsider.pk).update(is_superuser=True)
    assert post(council.outsider, "account_closing", council.member.pk).status_code == 302
    Person.objects.filter(pk=council.member.pk).update(is_active=True)
    Person.objects.filter(pk=council.outsider.pk).update(username=None)
    answer = post(council.outsider, "role_removal", third.pk)
    assert answer.status_code == 422
    assert "là quản trị hệ thống cuối cùng" in text_of(answer)
    assert OrganisationRole.objects.filter(pk=third.pk).exists()


# -- Positions ---------------------------------------------------------------------------------------------------------


def test_the_list_of_positions_is_kept_by_system_administrators(council: Council) -> None:
    assert get(council.unit_admin, "positions").status_code == 200
    assert post(council.unit_admin, "positions", name="Trưởng ban", rank="5").status_code == 403
    assert post(council.system_admin, "positions", name="Trưởng ban", rank="5").status_code == 302
    made = Position.objects.get(name="Trưởng ban")
    assert post(council.system_admin, "positions", name="trưởng  ban", rank="5").status_code == 422
    assert post(council.unit_admin, "position", made.pk, name="Khác", rank="5").status_code == 403
    assert post(council.system_admin, "position", made.pk, name="Trưởng Ban", rank="7").status_code == 302
    made.refresh_from_db()
    assert (made.name, made.rank) == ("Trưởng Ban", 7)
