"""The log of log-ins, searched by account and time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acts import INSTALLATION, record
from accounts.models import Person
from realtime.transactions import one_transaction
from tests.accounts.administration import get, text_of
from tests.council import PASSWORD, Council, client_of

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"


def rows_of(text: str) -> int:
    return text.count("<tr>") - 1


def test_log_ins_and_failed_ones_are_shown_with_name_time_and_address(council: Council) -> None:
    Client().post(LOGIN, {"login": "member", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    Client().post(LOGIN, {"login": "member", "password": "sai"}, REMOTE_ADDR="10.9.9.9")
    text = text_of(get(council.unit_admin, "logins", words="cuong"))
    assert rows_of(text) == 2
    assert "10.1.2.3" in text
    assert "✕ sai mật khẩu" in text
    assert text.index("10.9.9.9") < text.index("10.1.2.3")


@pytest.mark.parametrize(("who", "expected"), [("unit_admin", 1), ("other_unit_admin", 0), ("system_admin", 1)])
def test_one_sees_the_log_ins_of_the_people_one_administers(council: Council, who: str, expected: int) -> None:
    Client().post(LOGIN, {"login": "member", "password": PASSWORD})
    assert text_of(get(getattr(council, who), "logins", words="member")).count("Lê Hoàng Cường") == expected


def test_names_that_nobody_has_are_shown_to_system_administrators_alone(council: Council) -> None:
    Client().post(LOGIN, {"login": "ke-la", "password": "x"})
    assert "tên không tồn tại" in text_of(get(council.system_admin, "logins", act="login_failed"))
    assert "tên không tồn tại" not in text_of(get(council.unit_admin, "logins", act="login_failed"))


def test_log_ins_are_sifted_by_day_and_by_what_happened(council: Council) -> None:
    Client().post(LOGIN, {"login": "member", "password": PASSWORD})
    Client().post(LOGIN, {"login": "member", "password": "sai"})
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    who = {"words": "Lê Hoàng Cường"}
    assert rows_of(text_of(get(council.unit_admin, "logins", **who, since=today.isoformat()))) == 2
    assert rows_of(text_of(get(council.unit_admin, "logins", **who, until=today.isoformat(), act="login_failed"))) == 1
    later = text_of(get(council.unit_admin, "logins", **who, since=tomorrow.isoformat()))
    assert "Không có lần đăng nhập nào phù hợp" in later
    wrong = text_of(get(council.unit_admin, "logins", since="không phải ngày"))
    assert "Nhập ngày" in wrong or "28/11/2026" in wrong


def test_only_log_ins_stand_in_this_log(council: Council) -> None:
    with one_transaction():
        record(INSTALLATION, "person_created", by=council.member, about="person:1", facts={"person": "Bí mật"})
    assert rows_of(text_of(get(council.unit_admin, "logins", words="member"))) <= 0


def test_thirty_stand_on_a_page_and_more_rows_cost_no_more_queries(council: Council) -> None:
    def add(count: int) -> None:
        with one_transaction():
            for _ in range(count):
                record(INSTALLATION, "logged_in", by=council.member, about="account:member")

    browser = client_of(council.unit_admin)
    address = reverse("accounts:logins")

    def cost() -> int:
        browser.get(address, {"words": "member"})
        with CaptureQueriesContext(connection) as queries:
            browser.get(address, {"words": "member"})
        return len(queries)

    add(1)
    with_one = cost()
    add(2)
    assert cost() == with_one
    add(30)
    assert rows_of(text_of(browser.get(address, {"words": "member"}))) == 30
    assert rows_of(text_of(browser.get(address, {"words": "member", "page": "2"}))) == 3
    assert Person.objects.count() > 1
