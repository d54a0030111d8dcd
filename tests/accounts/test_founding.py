"""How an installation begins, and how its administrators get back in."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.acts import breaks
from accounts.models import Act, Organisation, OrganisationLevel, Person, Position
from meetings.models import RuleSet
from tests.accounts.administration import get, installation_acts, post, text_of
from tests.council import PASSWORD, Council

pytestmark = pytest.mark.django_db

FIRST = {
    "unit": "Ủy ban nhân dân tỉnh Lam Giang",
    "short_name": "UBND tỉnh",
    "person": "Nguyễn Thị Hòa",
    "username": "quantri",
}


def said_password(command: str, *words: str, **options: str) -> str:
    out = StringIO()
    call_command(command, *words, **options, stdout=out)
    found = re.search(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", out.getvalue())
    assert found
    return found[0]


def logs_in(username: str, password: str) -> bool:
    answer = Client().post(reverse("account_login"), {"login": username, "password": password})
    return answer.status_code == 302


def test_an_empty_installation_gets_its_top_and_an_administrator_who_can_log_in_and_go_on() -> None:
    password = said_password("first_administrator", **FIRST)
    assert logs_in("quantri", password)
    founder = Person.objects.get()
    assert [level.name for level in OrganisationLevel.objects.all()] == ["Tỉnh", "Huyện", "Xã"]
    assert Position.objects.exists()
    assert RuleSet.objects.exists()
    fields = {"name": "Sở Tài chính", "short_name": "Sở Tài chính", "kind": "department", "level": ""}
    assert post(founder, "new_unit", **fields, parent=Organisation.objects.get().pk).status_code == 302
    assert installation_acts()[0] == ("installation_founded", f"person:{founder.pk}")
    assert list(breaks()) == []


def test_an_installation_is_founded_once(council: Council) -> None:
    with pytest.raises(CommandError, match=r"manage\.py new_password"):
        call_command("first_administrator", **FIRST)
    assert not Person.objects.filter(username="quantri").exists()


def test_a_log_in_name_of_other_letters_is_refused_and_nothing_is_made() -> None:
    with pytest.raises(CommandError, match="không dấu"):
        call_command("first_administrator", **{**FIRST, "username": "quản trị"})
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("empty", ["unit", "short-name", "person"])
def test_an_empty_name_is_refused(empty: str) -> None:
    given = {"unit": "UBND tỉnh", "short-name": "UBND", "person": "Hòa", "username": "quantri"}
    words = [f"--{name}={'  ' if name == empty else value}" for name, value in given.items()]
    with pytest.raises(CommandError, match="letters are wanted"):
        call_command("first_administrator", *words)


def test_a_new_password_opens_a_closed_account_and_ends_the_old_one(council: Council) -> None:
    Person.objects.filter(pk=council.system_admin.pk).update(is_active=False)
    password = said_password("new_password", council.system_admin.username)
    assert installation_acts()[-1] == ("password_given_on_the_machine", f"person:{council.system_admin.pk}")
    assert logs_in(council.system_admin.username, password)
    assert not logs_in(council.system_admin.username, PASSWORD)
    assert password not in str(list(Act.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("name", ["nobody", ""])
def test_nobody_gets_a_password_by_a_name_that_is_not_there(council: Council, name: str) -> None:
    with pytest.raises(CommandError, match="tên đăng nhập"):
        call_command("new_password", name)


# -- Levels


def test_system_administrators_keep_the_levels_and_other_administrators_read_them(council: Council) -> None:
    assert post(council.system_admin, "levels", name="Đặc khu", rank=2).status_code == 302
    level = OrganisationLevel.objects.get(name="Đặc khu")
    assert level.code == "dac-khu"
    assert "Đặc khu" in text_of(get(council.unit_admin, "levels"))
    assert post(council.unit_admin, "levels", name="Khác", rank=3).status_code == 403
    assert post(council.unit_admin, "level", level.pk, name="Khác", rank=3).status_code == 403
    assert get(council.member, "levels").status_code == 404
    assert post(council.system_admin, "level", level.pk, name="Đặc khu mới", rank=1).status_code == 302
    level.refresh_from_db()
    assert (level.name, level.rank, level.code) == ("Đặc khu mới", 1, "dac-khu")
    assert list(breaks()) == []


def test_a_level_needs_a_name_that_is_not_there_yet(council: Council) -> None:
    post(council.system_admin, "levels", name="Đặc khu", rank=2)
    for name, sentence in ((" ", "Nhập tên cấp."), ("đặc khu", "Cấp này đã có trong danh mục.")):
        answer = post(council.system_admin, "levels", name=name, rank=2)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert OrganisationLevel.objects.filter(code__startswith="dac-khu").count() == 1
