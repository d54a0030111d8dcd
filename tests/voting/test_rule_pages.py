"""The rule sets on the screen: who reads them, what they say, what they come to, and how they get a new version."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Participant, RuleSet
from tests.council import Council, client_of
from voting import rule_rights

pytestmark = pytest.mark.django_db

KEEPERS = {"system_admin"}
READERS = {"secretary", "unit_admin", "other_unit_admin", "system_admin"}
HTMX = {"HX-Request": "true"}
TODAY = timezone.localdate


@pytest.fixture
def admin(council: Council) -> Client:
    return client_of(council.system_admin)


def url(name: str, *keys: Any) -> str:
    return reverse(f"voting:{name}", args=keys)


def rules(code: str = "people-committee", version: int = 1) -> RuleSet:
    return RuleSet.objects.get(code=code, version=version)


def text_of(answer: Any) -> str:
    """What a reader reads: no tags, single blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def copied(original: RuleSet, number: int) -> RuleSet:
    return RuleSet.objects.create(
        code=f"copy-{number}",
        name=f"Bản sao {number}",
        valid_from=original.valid_from,
        terms=original.terms,
        checked_by=original.checked_by,
        checked_on=original.checked_on,
    )


# -- Who reads ---------------------------------------------------------------------------------------------------------


def test_those_who_prepare_meetings_or_administer_read_the_rules_and_for_others_there_are_none(
    council: Council, client: Client
) -> None:
    council.meeting.participants.filter(person=council.invitee).update(role=Participant.Role.SECRETARY)
    readers = READERS | {"invitee"}  # a secretary of one meeting
    for address in (url("rule_sets"), url("rule_set", council.rule_set.pk)):
        answers = {name: client_of(person).get(address).status_code for name, person in council.cast.items()}
        assert answers == {name: 200 if name in readers else 404 for name in council.cast}
        assert client.get(address).status_code == 302


def test_the_list_and_the_single_rule_set_agree_for_everybody(council: Council) -> None:
    for name, person in council.cast.items():
        listed = set(rule_rights.visible_rule_sets(person))
        assert listed == {one for one in RuleSet.objects.all() if rule_rights.may_see_rule_set(person, one)}, name


def test_whoever_may_no_longer_log_in_reads_and_keeps_nothing(council: Council) -> None:
    for person in (council.secretary, council.system_admin):
        person.is_active = False
        assert not rule_rights.may_read_rule_sets(person)
        assert not rule_rights.may_keep_rule_sets(person)


def test_the_way_there_stands_where_they_look(council: Council) -> None:
    address = f'href="{url("rule_sets")}"'
    assert address in client_of(council.unit_admin).get(reverse("accounts:units")).content.decode()
    assert address in client_of(council.secretary).get(reverse("meetings:all_series")).content.decode()
    rules_of_series = f'href="{url("rule_set", council.rule_set.pk)}"'
    series = reverse("meetings:series", args=[council.series.pk])
    meeting = reverse("meetings:meeting", args=[council.meeting.pk])
    for page in (series, meeting):
        assert rules_of_series in client_of(council.secretary).get(page).content.decode()
    assert rules_of_series not in client_of(council.member).get(meeting).content.decode()


# -- The list ----------------------------------------------------------------------------------------------------------


def test_the_list_says_what_holds_since_when_and_who_checked_it(council: Council, admin: Client) -> None:
    checked = rules("confidence-rating")
    RuleSet.objects.filter(pk=checked.pk).update(checked_by=council.unit_admin, checked_on=date(2026, 3, 2))
    page = text_of(admin.get(url("rule_sets")))
    line = page[page.index("Lấy phiếu tín nhiệm") :]
    assert "Nghị quyết số 96/2023/QH15 Hội đồng nhân dân 1 từ 01/07/2023" in line
    assert f"{council.unit_admin.full_name} đối chiếu ngày 02/03/2026" in line
    assert page.count("chưa ai đối chiếu") == RuleSet.objects.count() - 1
    assert "chưa ghi căn cứ pháp lý" in page  # the simple meeting
    assert "mọi cơ quan" in page


def test_what_is_coming_and_what_is_over_stand_apart(council: Council, admin: Client) -> None:
    first, later = rules(), copied(rules(), 1)
    RuleSet.objects.filter(pk=first.pk).update(valid_until=TODAY() - timedelta(days=1))
    RuleSet.objects.filter(pk=later.pk).update(valid_from=TODAY() + timedelta(days=1))
    page = text_of(admin.get(url("rule_sets")))
    assert page.index("Đang có hiệu lực") < page.index("Sắp có hiệu lực") < page.index(later.name)
    assert page.index(later.name) < page.index("Hết hiệu lực") < page.index(first.name)


def test_without_any_the_list_says_where_they_come_from(council: Council, admin: Client) -> None:
    council.meeting.series = None
    council.meeting.delete()
    council.series.delete()
    RuleSet.objects.all().delete()
    assert "Chưa có bộ quy tắc nào" in text_of(admin.get(url("rule_sets")))


def test_the_pages_take_the_same_queries_for_one_and_for_three(council: Council, admin: Client) -> None:
    kept = rules()
    RuleSet.objects.filter(pk=kept.pk).update(checked_by=council.unit_admin, checked_on=TODAY())
    kept.refresh_from_db()

    def queries(address: str) -> int:
        admin.get(address)
        with CaptureQueriesContext(connection) as taken:
            assert admin.get(address).status_code == 200
        return len(taken)

    before = [queries(address) for address in (url("rule_sets"), url("rule_set", kept.pk))]
    for number in (2, 3):
        copied(kept, number)
        row = rules()
        row.pk, row.version = None, number
        row.save()
    assert [queries(address) for address in (url("rule_sets"), url("rule_set", kept.pk))] == before


# -- What one says -----------------------------------------------------------------------------------------------------


def test_the_rules_of_a_committee_in_sentences(council: Council) -> None:
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    for sentence in (
        "Luật Tổ chức chính quyền địa phương số 77/2015/QH13, Điều 113 đến Điều 117",
        "khi có mặt ít nhất 2/3 tổng số thành viên",
        "Nội dung được thông qua khi số tán thành đạt hơn 1/2 tổng số thành viên.",
        "Quyết định theo bên có ý kiến của người đứng đầu",
        "Thành viên điểm danh khi đang biểu quyết vẫn được biểu quyết.",
        "được dự và phát biểu, không được biểu quyết",
        "Phiếu đã nhận thì giữ nguyên.",
        "Máy hỏi lại một lần trước khi gửi phiếu.",
        "không ai thấy lựa chọn",
        "trước ít nhất 3 ngày làm việc; họp đột xuất trước ít nhất 1 ngày",
        "chưa ai đối chiếu",
    ):
        assert sentence in page, sentence


def test_every_sentence_follows_what_is_written(council: Council) -> None:
    terms = {
        **council.rule_set.terms,
        "tie": "not_passed",
        "ballot_may_change": True,
        "ballot_is_confirmed": False,
        "latecomers_may_vote": False,
        "stand_ins_may_vote": True,
    }
    RuleSet.objects.filter(pk=council.rule_set.pk).update(
        terms=terms, quorum_numerator=None, quorum_denominator=None, notice_days_regular=5
    )
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    for sentence in (
        "có mặt bao nhiêu người cũng được khai mạc",
        "không được tham gia lần biểu quyết đó",
        "được biểu quyết thay thành viên đó",
        "Được thay đổi phiếu cho đến khi kết thúc biểu quyết.",
        "Máy gửi phiếu ngay khi chạm lựa chọn.",
        "trước ít nhất 5 ngày làm việc",
    ):
        assert sentence in page, sentence
    assert "người đứng đầu" not in page


def test_a_rating_names_its_levels_and_what_follows(council: Council) -> None:
    page = text_of(client_of(council.secretary).get(url("rule_set", rules("confidence-rating").pk)))
    assert "“Tín nhiệm cao”, “Tín nhiệm”, “Tín nhiệm thấp”" in page
    assert "Khi số chọn “Tín nhiệm thấp” đạt ít nhất 2/3 số phiếu đã gửi: thực hiện thủ tục bãi nhiệm." in page
    assert "đạt hơn 1/2 số phiếu đã gửi: có thể xin từ chức." in page
    assert "Trường hợp còn lại: tiếp tục giữ chức vụ." in page
    assert "Số phiếu ngang nhau" not in page


def test_rules_without_a_vote_say_so(council: Council) -> None:
    RuleSet.objects.filter(pk=council.rule_set.pk).update(terms={})
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    assert "không quy định việc biểu quyết" in page
    assert "21 thành viên: phải có mặt 14." in page


# -- What it comes to --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "members", "sentences"),
    [
        (
            "people-committee",
            21,
            ["mặt 14. Khi có mặt đủ, 11 tán thành", "10 tán thành, 10 không tán thành, 1"],
        ),
        ("people-committee", 20, ["mặt 14. Khi có mặt đủ, 11 tán thành", "10 tán thành, 10 không tán thành:"]),
        ("people-committee", 9, ["phải có mặt 6. Khi có mặt đủ, 5 tán thành"]),
        ("people-committee", 10, ["phải có mặt 7. Khi có mặt đủ, 6 tán thành"]),
        ("people-council-removal", 21, ["phải có mặt 14. Khi có mặt đủ, 14 tán thành", "vừa đủ họp: 14 14"]),
        ("people-council-removal", 100, ["phải có mặt 67. Khi có mặt đủ, 67 tán thành"]),
        ("simple-meeting", 21, ["có mặt bao nhiêu cũng được họp. Khi có mặt đủ, 11 tán thành"]),
        ("confidence-rating", 21, ["phải có mặt 14.", "đủ 21 14 11", "vừa đủ họp: 14 10 8"]),
    ],
)
def test_the_numbers_are_those_of_the_design(council: Council, code: str, members: int, sentences: list[str]) -> None:
    page = text_of(client_of(council.secretary).get(url("rule_set", rules(code).pk), {"members": members}))
    assert f"{members} thành viên:" in page
    for sentence in sentences:
        assert sentence in page, sentence


@pytest.mark.parametrize(
    ("base", "everybody", "just_enough"),
    [("all_members", 11, 11), ("present", 11, 8), ("cast", 11, 8), ("valid", 11, 8), ("for_and_against", 11, 8)],
)
def test_each_base_of_the_tally_has_its_numbers(council: Council, base: str, everybody: int, just_enough: int) -> None:
    terms = council.rule_set.terms
    RuleSet.objects.filter(pk=council.rule_set.pk).update(
        terms={**terms, "steps": [{**terms["steps"][0], "base": base}]}
    )
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    assert f"đủ 21 {everybody} vừa đủ họp: 14 {just_enough} " in page


def test_what_cannot_be_reached_says_so(council: Council) -> None:
    terms = council.rule_set.terms
    RuleSet.objects.filter(pk=council.rule_set.pk).update(
        terms={**terms, "steps": [{**terms["steps"][0], "share": "3/4"}]}
    )
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    assert "đủ 21 16 vừa đủ họp: 14 16 nhiều hơn số có mặt" in page


def test_a_tie_is_said_as_the_tally_decides_it(council: Council) -> None:
    reader = client_of(council.secretary)
    by_head = text_of(reader.get(url("rule_set", council.rule_set.pk)))
    assert "được thông qua nếu người đứng đầu tán thành, không được thông qua nếu không tán thành." in by_head
    of_council = text_of(reader.get(url("rule_set", rules("people-council-resolution").pk)))
    assert "10 tán thành, 10 không tán thành, 1 không biểu quyết: không được thông qua ." in of_council


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("0", "Phải có ít nhất một"), ("1001", "Chỉ tính thử đến 1000"), ("hai", "bằng chữ số"), ("\x00", "chữ số")],
)
def test_a_number_no_body_has_is_answered_with_a_sentence(council: Council, typed: str, sentence: str) -> None:
    address = url("rule_set", council.rule_set.pk)
    answer = client_of(council.secretary).get(address, {"members": typed})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert "phải có mặt" not in text_of(answer)
    if typed != "\x00":
        assert f'value="{typed}"' in answer.content.decode()


def test_a_script_gets_the_numbers_alone(council: Council) -> None:
    answer = client_of(council.secretary).get(url("rule_set", council.rule_set.pk), {"members": "9"}, headers=HTMX)
    assert text_of(answer).startswith("9 thành viên: phải có mặt 6. Khi có mặt đủ, 5 tán thành")
    assert b"<html" not in answer.content
