"""The rule sets on the screen: who reads them, what they say, what they come to, and how they get a new version."""

import html
import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Act
from meetings.forms import rule_sets_in_force
from meetings.models import Participant, RuleSet
from meetings.rule_sets import SHIPPED
from realtime.refusals import Refusal
from tests.council import Council, client_of, make_person
from tests.voting.polls import announced, opened
from voting import rule_actions, rule_rights
from voting.rule_forms import RuleSetForm
from voting.tally import BASES

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
        "Quyết định theo ý kiến biểu quyết của người đứng đầu",
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
    ("how", "share", "tie", "lost"),
    [
        ("more_than", (2, 3), "head_decides", "14 tán thành, 7 không tán thành thì không được thông qua"),
        ("at_least", (2, 3), "head_decides", "13 tán thành, 8 không tán thành thì không được thông qua"),
        ("more_than", (2, 3), "not_passed", ""),
        ("more_than", (1, 2), "head_decides", ""),
    ],
)
def test_a_tie_that_asks_for_less_than_a_majority_is_warned_of(
    council: Council, admin: Client, how: str, share: tuple[int, int], tie: str, lost: str
) -> None:
    step = {"step_0_how": how, "step_0_numerator": share[0], "step_0_denominator": share[1]}
    form = typed(council.rule_set, tie=tie, **step)
    look = text_of(admin.post(url("rule_set_preview", council.rule_set.pk), form, headers=HTMX))
    assert ("Số phiếu ngang nhau lại dễ được thông qua hơn đa số." in look) == bool(lost)
    assert ("trong khi đa số chưa đạt tỷ lệ nêu trên lại không được thông qua" in look) == bool(lost)
    if lost:
        assert f"{lost}; nhưng 10 tán thành, 10 không tán thành lại được thông qua" in look
    assert admin.post(url("rule_set_version", council.rule_set.pk), form).status_code == 302


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


# -- A new version -----------------------------------------------------------------------------------------------------


def typed(rule_set: RuleSet, **changes: Any) -> dict[str, Any]:
    """The form as it comes, with what somebody changed in it."""
    form = RuleSetForm(like=rule_set, initial={"seen": rule_set.version})
    filled = {name: form[name].value() for name in form.fields}
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    fields = {**filled, "valid_from": tomorrow, "source": "Luật số 72/2025/QH15, Điều 40", **changes}
    return {name: value for name, value in fields.items() if value is not None and value is not False}


def beside(answer: Any, field: str) -> str:
    """What is said under a field."""
    page = answer.content.decode()
    found = re.search(rf'id="id_{field}"(.*?)</(?:fieldset|div>\s*</div)>', page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["rule_set_version", "rule_set_copy"])
def test_only_system_administrators_write_rules(council: Council, name: str) -> None:
    address = url(name, council.rule_set.pk)
    expected = {one: 200 if one in KEEPERS else 403 if one in READERS else 404 for one in council.cast}
    assert {one: client_of(person).get(address).status_code for one, person in council.cast.items()} == expected
    new = typed(council.rule_set, name="Quy tắc khác")
    answers = {one: client_of(person).post(address, new).status_code for one, person in council.cast.items()}
    assert answers == {one: 302 if status == 200 else status for one, status in expected.items()}
    assert RuleSet.objects.count() == len(SHIPPED) + 1


@pytest.mark.parametrize(
    "name",
    [
        *("rule_set_preview", "rule_set_check", "rule_set_check_withdrawal", "rule_set_withdrawal"),
        *("rule_set_ending", "rule_set_ending_withdrawal"),
    ],
)
def test_only_system_administrators_press_the_buttons(council: Council, name: str) -> None:
    later = make_later_version(council)
    rule_actions.record_check(later, by=council.system_admin, person=council.unit_admin, on=TODAY())
    before = list(RuleSet.objects.order_by("pk").values())
    for one, person in council.cast.items():
        if one not in KEEPERS:
            answer = client_of(person).post(url(name, later.pk), typed(later))
            assert answer.status_code == (403 if one in READERS else 404), one
    assert list(RuleSet.objects.order_by("pk").values()) == before
    for act in (
        lambda by: rule_actions.make_rule_set(later, by=by, **content_of(later, name="Khác"), valid_from=TODAY()),
        lambda by: rule_actions.make_version(later, by=by, seen=2, **content_of(later), valid_from=date(2199, 1, 1)),
        lambda by: rule_actions.record_check(later, by=by, person=council.member, on=TODAY()),
        lambda by: rule_actions.withdraw_check(later, by=by),
        lambda by: rule_actions.withdraw_version(later, by=by),
        lambda by: rule_actions.end_rule_set(later, by=by, last_day=later.valid_from),
        lambda by: rule_actions.withdraw_end(later, by=by),
    ):
        with pytest.raises(Refusal) as refused:
            act(council.unit_admin)
        assert refused.value.code == "forbidden"


def content_of(rule_set: RuleSet, **changes: Any) -> dict[str, Any]:
    return {**{name: getattr(rule_set, name) for name in rule_actions.CONTENT}, **changes}


def make_later_version(council: Council, *, in_days: int = 30, **changes: Any) -> RuleSet:
    first = rules()
    changes.setdefault("source", "Luật số 72/2025/QH15")
    return rule_actions.make_version(
        first,
        by=council.system_admin,
        seen=first.version,
        valid_from=TODAY() + timedelta(days=in_days),
        **content_of(first, **changes),
    )


def test_a_new_version_is_a_new_row_and_the_old_one_ends_the_day_before(council: Council, admin: Client) -> None:
    first, begins = council.rule_set, TODAY() + timedelta(days=30)
    changes = {
        "valid_from": begins.strftime("%d/%m/%Y"),
        "quorum_how": "more_than",
        "quorum_numerator": "1",
        "quorum_denominator": "2",
        "step_0_how": "at_least",
        "step_0_numerator": "6",
        "step_0_denominator": "10",
        "step_0_base": "present",
        "tie": "not_passed",
        "stand_ins_may_vote": "on",
        "ballot_is_confirmed": None,
        "notice_days_regular": "7",
    }
    answer = admin.post(url("rule_set_version", first.pk), typed(first, **changes))
    made = rules(version=2)
    assert answer["Location"] == url("rule_set", made.pk)
    was, first = council.rule_set, rules()
    assert first.valid_until == begins - timedelta(days=1)
    assert (first.terms, first.source, first.quorum_share) == (was.terms, was.source, was.quorum_share)
    assert (made.valid_from, made.valid_until, made.source) == (begins, None, "Luật số 72/2025/QH15, Điều 40")
    assert (made.quorum_share, made.quorum_strictly_more, made.notice_days_regular) == (Fraction(1, 2), True, 7)
    assert made.terms == {
        **was.terms,
        "steps": [{"counts": "for", "base": "present", "share": "3/5", "strictly_more": False, "outcome": "passed"}],
        "tie": "not_passed",
        "stand_ins_may_vote": True,
        "ballot_is_confirmed": False,
    }
    assert not made.is_checked


def test_the_act_says_who_made_what_and_what_it_was_before(council: Council, admin: Client) -> None:
    admin.post(url("rule_set_version", council.rule_set.pk), typed(council.rule_set, tie="not_passed"))
    made, act = rules(version=2), Act.objects.get(act="rule_set_version_made")
    assert (act.chain, act.by, act.about) == ("installation", council.system_admin, f"rule_set:{made.pk}")
    assert (act.facts["version"], act.facts["from"]) == (2, made.valid_from.isoformat())
    assert (act.facts["says"]["terms"]["tie"], act.facts["was"]["terms"]["tie"]) == ("not_passed", "head_decides")
    page = text_of(client_of(council.secretary).get(url("rule_set", made.pk)))
    assert f"{council.system_admin.full_name} đã lập phiên bản 2 của “Biểu quyết của Ủy ban nhân dân”" in page


def test_a_vote_that_was_opened_keeps_the_rules_it_was_opened_by(council: Council, admin: Client) -> None:
    poll = opened(council)
    admin.post(url("rule_set_version", council.rule_set.pk), typed(council.rule_set, step_0_base="present"))
    poll.refresh_from_db()
    assert (poll.rules["version"], poll.rules["steps"][0]["base"]) == (1, "all_members")
    assert poll.rule_set == council.rule_set


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(0, "có hiệu lực từ 10/01/2027"), (-1, "có hiệu lực từ 10/01/2027"), (1, "")],
)
def test_versions_neither_overlap_nor_run_backwards(council: Council, admin: Client, days: int, sentence: str) -> None:
    RuleSet.objects.filter(pk=council.rule_set.pk).update(valid_from=date(2027, 1, 10))
    day = date(2027, 1, 10) + timedelta(days=days)
    answer = admin.post(
        url("rule_set_version", council.rule_set.pk), typed(council.rule_set, valid_from=day.isoformat())
    )
    assert answer.status_code == (422 if sentence else 302)
    if sentence:
        assert sentence in beside(answer, "valid_from")
        assert rules().valid_until is None


def test_a_version_that_has_an_end_is_not_cut_short(council: Council, admin: Client) -> None:
    RuleSet.objects.filter(pk=council.rule_set.pk).update(valid_until=date(2030, 12, 31))
    late = typed(council.rule_set, valid_from="2030-12-31")
    answer = admin.post(url("rule_set_version", council.rule_set.pk), late)
    assert "có hiệu lực đến 31/12/2030" in beside(answer, "valid_from")
    assert (
        admin.post(url("rule_set_version", council.rule_set.pk), {**late, "valid_from": "2031-02-01"}).status_code
        == 302
    )
    assert rules().valid_until == date(2030, 12, 31)


def test_what_somebody_else_wrote_meanwhile_is_looked_at_first(council: Council, admin: Client) -> None:
    form = typed(council.rule_set, valid_from=f"{TODAY().year + 10}-01-01")
    make_later_version(council)
    answer = admin.post(url("rule_set_version", council.rule_set.pk), form)
    assert answer.status_code == 422
    assert "Vừa có người lập phiên bản 2." in text_of(answer)
    assert not RuleSet.objects.filter(version=3).exists()


def test_a_waiting_version_is_not_dropped_in_silence(council: Council, admin: Client) -> None:
    waiting = make_later_version(council)
    address = url("rule_set_version", council.rule_set.pk)
    page = admin.get(address).content.decode()
    assert f'href="{url("rule_set_version", waiting.pk)}"' in page
    assert f'href="{url("rule_set", waiting.pk)}"' in page
    form = typed(council.rule_set, seen="2", valid_from=(TODAY() + timedelta(days=60)).isoformat(), source="Luật khác")
    answer = admin.post(address, form)
    assert answer.status_code == 422
    assert "các thay đổi của phiên bản 2 sẽ mất" in beside(answer, "over_waiting")
    assert not RuleSet.objects.filter(version=3).exists()
    assert admin.post(address, {**form, "over_waiting": "on"}).status_code == 302
    assert rules(version=2).valid_until == TODAY() + timedelta(days=59)


def test_from_the_waiting_version_itself_nothing_is_dropped(council: Council, admin: Client) -> None:
    waiting = make_later_version(council)
    address = url("rule_set_version", waiting.pk)
    assert 'name="over_waiting"' not in admin.get(address).content.decode()
    form = typed(waiting, valid_from=(TODAY() + timedelta(days=60)).isoformat(), source="Luật khác")
    assert admin.post(address, form).status_code == 302


def test_the_same_again_is_no_new_version(council: Council, admin: Client) -> None:
    same = typed(council.rule_set, source=council.rule_set.source)
    answer = admin.post(url("rule_set_version", council.rule_set.pk), same)
    assert "Nội dung không khác phiên bản 1." in text_of(answer)
    assert rules().valid_until is None


def test_a_rule_set_of_its_own_begins_as_a_copy(council: Council, admin: Client) -> None:
    original = rules("confidence-rating")
    address = url("rule_set_copy", original.pk)
    page = admin.get(address).content.decode()
    assert 'value="Nghị quyết số 96/2023/QH15"' in page
    answer = admin.post(
        address, typed(original, name="Lấy phiếu  tín nhiệm cấp xã", step_1_numerator="2", step_1_denominator="5")
    )
    made = RuleSet.objects.get(code="lay-phieu-tin-nhiem-cap-xa")
    assert answer["Location"] == url("rule_set", made.pk)
    assert (made.name, made.version, made.body) == ("Lấy phiếu tín nhiệm cấp xã", 1, original.body)
    assert [step["share"] for step in made.terms["steps"]] == ["2/3", "2/5"]
    assert made.terms["options"] == original.terms["options"]
    original.refresh_from_db()
    assert original.valid_until is None
    assert Act.objects.get(act="rule_set_made").facts["like"] == {"code": "confidence-rating", "version": 1}


def test_two_rule_sets_of_one_name_would_be_mistaken_for_one_another(council: Council, admin: Client) -> None:
    used = typed(rules("simple-meeting"), name="lay phieu tin nhiem")
    for name in ("rule_set_copy", "rule_set_version"):
        answer = admin.post(url(name, rules("simple-meeting").pk), used)
        assert "Đã có bộ quy tắc mang tên này." in beside(answer, "name")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Xin nhập tên bộ quy tắc."),
        ({"valid_from": ""}, "valid_from", "Xin ghi ngày bắt đầu có hiệu lực."),
        ({"valid_from": "mai"}, "valid_from", "28/11/2026"),
        ({"valid_from": "9999-12-31"}, "valid_from", "Xin xem lại năm: chọn một ngày từ 01/01/1900 đến 31/12/"),
        ({"valid_from": "0206-01-01"}, "valid_from", "Xin xem lại năm"),
        ({"quorum_numerator": "", "quorum_denominator": "3"}, "quorum_how", "cả hai số"),
        ({"quorum_numerator": "4"}, "quorum_how", "không vượt quá toàn bộ"),
        ({"quorum_numerator": "3", "quorum_how": "more_than"}, "quorum_how", "chọn “ít nhất”"),
        ({"step_0_numerator": ""}, "step_0_how", "hai số nguyên từ 1 đến 100"),
        ({"step_0_numerator": "0"}, "step_0_how", "hai số nguyên từ 1 đến 100"),
        ({"step_0_numerator": "một"}, "step_0_how", "hai số nguyên từ 1 đến 100"),
        ({"step_0_numerator": "3"}, "step_0_how", "không vượt quá toàn bộ"),
        ({"step_0_denominator": "1"}, "step_0_how", "chọn “ít nhất”"),
        ({"tie": None}, "tie_0", "Xin chọn cách xử lý khi số phiếu ngang nhau."),
        ({"notice_days_regular": "61"}, "notice_days_regular", "từ 0 đến 60"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    council: Council, admin: Client, changes: dict[str, Any], field: str, sentence: str
) -> None:
    form = typed(council.rule_set, **{"ballot_may_change": "on", "latecomers_may_vote": None, **changes})
    answer = admin.post(url("rule_set_version", council.rule_set.pk), form)
    assert answer.status_code == 422
    assert sentence in beside(answer, field)
    page = answer.content.decode()
    assert 'value="Luật số 72/2025/QH15, Điều 40"' in page
    assert re.search(r'name="ballot_may_change"[^>]*checked', page)
    assert not re.search(r'name="latecomers_may_vote"[^>]*checked', page)
    assert RuleSet.objects.count() == len(SHIPPED)


@pytest.mark.parametrize(
    ("code", "changes", "field", "line"),
    [
        ("people-committee", {"quorum_numerator": "4"}, "quorum_how", "Điều kiện tiến hành: số thành viên phải có mặt"),
        ("people-committee", {"step_0_numerator": "0"}, "step_0_how", "Tỷ lệ thông qua: số phải tán thành"),
        ("confidence-rating", {"step_1_numerator": "0"}, "step_1_how", "“Tín nhiệm thấp”"),
    ],
)
def test_a_wrong_share_is_named_and_its_fields_lead_to_the_sentence(
    council: Council, admin: Client, code: str, changes: dict[str, str], field: str, line: str
) -> None:
    kept = rules(code)
    form = typed(kept, **changes)
    page = admin.post(url("rule_set_version", kept.pk), form).content.decode()
    assert f'id="id_{field}_errors"' in page
    wrong = next(iter(changes))
    assert re.search(rf'name="{wrong}"[^>]*aria-describedby="id_{field}_errors"', page)
    assert re.search(rf'name="{wrong}"[^>]*aria-invalid="true"', page)
    look = text_of(admin.post(url("rule_set_preview", kept.pk), form, headers=HTMX))
    assert re.search(rf"Chưa diễn giải được vì: {line}.*: Tỷ lệ ", look), look


def test_a_base_that_the_tally_does_not_know_is_none(council: Council, admin: Client) -> None:
    answer = admin.post(url("rule_set_version", council.rule_set.pk), typed(council.rule_set, step_0_base="people"))
    assert answer.status_code == 422
    page = admin.get(url("rule_set_version", council.rule_set.pk)).content.decode()
    offered = re.findall(r'<option value="(\w+)"', page[page.index('id="id_step_0_base"') :])
    assert tuple(offered[: len(BASES)]) == BASES


def test_a_second_share_that_is_never_asked_for_is_refused(council: Council, admin: Client) -> None:
    rating = rules("confidence-rating")
    answer = admin.post(url("rule_set_version", rating.pk), typed(rating, step_1_numerator="3", step_1_denominator="4"))
    assert "phải nhỏ hơn tỷ lệ trước đó" in beside(answer, "step_1_how")
    assert 'value="for_and_against"' not in answer.content.decode()  # a rating has no sides


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quorum_numerator": 4}, "no_share"),
        ({"terms": {"steps": [{"counts": "for", "base": "cast", "share": "1", "strictly_more": True}]}}, "no_share"),
        (
            {"terms": {"steps": [{"counts": "low", "base": "cast", "share": "1/2", "strictly_more": True}] * 2}},
            "never_reached",
        ),
    ],
)
def test_what_no_form_lets_through_the_action_refuses_too(council: Council, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        make_later_version(council, **changes)
    assert refused.value.code == code
    assert rules().valid_until is None


# -- Looking before writing --------------------------------------------------------------------------------------------


def test_a_look_shows_what_is_typed_and_keeps_nothing(council: Council, admin: Client) -> None:
    changes = {"step_0_base": "present", "members": "9", "look": "1"}
    answer = admin.post(url("rule_set_version", council.rule_set.pk), typed(council.rule_set, **changes))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "số tán thành đạt hơn 1/2 số có mặt" in page
    assert "9 thành viên: phải có mặt 6. Khi có mặt đủ, 5 tán thành" in page
    assert "vừa đủ họp: 6 4" in page
    assert 'value="Luật số 72/2025/QH15, Điều 40"' in answer.content.decode()
    assert RuleSet.objects.count() == len(SHIPPED)
    assert not Act.objects.filter(act__startswith="rule_set").exists()


def test_a_script_gets_the_same_while_it_is_typed(council: Council, admin: Client) -> None:
    address = url("rule_set_preview", council.rule_set.pk)
    form = typed(
        council.rule_set, name="", valid_from="", step_0_numerator="2", step_0_denominator="3", step_0_how="at_least"
    )
    answer = admin.post(address, form, headers=HTMX)
    assert b"<html" not in answer.content
    assert "Khi có mặt đủ, 14 tán thành" in text_of(answer)  # a name may still be missing
    wrong = text_of(admin.post(address, {**form, "step_0_numerator": "x"}, headers=HTMX))
    assert "Chưa diễn giải được vì: Tỷ lệ thông qua: số phải tán thành: Tỷ lệ ghi bằng hai số nguyên" in wrong
    too_many = text_of(admin.post(address, {**form, "members": "5000"}, headers=HTMX))
    assert "Chỉ tính thử đến 1000 thành viên." in too_many


# -- Taking back -------------------------------------------------------------------------------------------------------


def test_a_version_that_has_not_begun_is_taken_back(council: Council, admin: Client) -> None:
    later = make_later_version(council)
    assert f"Rút phiên bản {later.version}" in text_of(admin.get(url("rule_set", later.pk)))
    assert "Rút phiên bản" not in text_of(client_of(council.secretary).get(url("rule_set", later.pk)))
    answer = admin.post(url("rule_set_withdrawal", later.pk))
    assert answer["Location"] == url("rule_set", council.rule_set.pk)
    assert not RuleSet.objects.filter(version=2).exists()
    assert rules().valid_until is None
    assert Act.objects.get(act="rule_set_version_withdrawn").facts["version"] == 2
    acts = text_of(admin.get(answer["Location"]))
    acts = acts[acts.index("Những việc đã làm") :]
    assert f"{council.system_admin.full_name} đã rút phiên bản 2 của “{council.rule_set.name}”" in acts
    other = text_of(admin.get(url("rule_set", rules("simple-meeting").pk)))
    assert "rút phiên bản" not in other


def test_a_version_in_force_or_in_use_or_not_the_newest_stays(council: Council, admin: Client) -> None:
    later = make_later_version(council)
    council.meeting.rule_set = later
    council.meeting.save(update_fields=["rule_set"])
    for rule_set, sentence in ((rules("simple-meeting"), "đã có hiệu lực"), (rules(), "mới nhất"), (later, "sử dụng")):
        assert sentence in text_of(admin.post(url("rule_set_withdrawal", rule_set.pk)))
    assert RuleSet.objects.count() == len(SHIPPED) + 1
    assert rules().valid_until is not None
    assert not Act.objects.filter(act="rule_set_version_withdrawn").exists()


# -- Ending ------------------------------------------------------------------------------------------------------------


def test_rules_end_without_a_successor_and_are_not_offered_after_that(council: Council, admin: Client) -> None:
    removal = rules("people-council-removal")
    last = TODAY() + timedelta(days=10)
    answer = admin.post(url("rule_set_ending", removal.pk), {"last_day": last.isoformat()})
    assert answer["Location"] == url("rule_set", removal.pk)
    page = text_of(admin.get(answer["Location"]))
    assert f"Được chọn đến hết ngày {last:%d/%m/%Y}" in page
    assert f"{council.system_admin.full_name} đã ghi ngày chấm dứt “{removal.name}”: áp dụng đến hết" in page
    assert removal in rule_sets_in_force(on=last)
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert removal not in rule_sets_in_force(on=TODAY())
        later = client_of(council.system_admin)
        assert "Ngày áp dụng cuối cùng" not in text_of(later.get(url("rule_set", removal.pk)))
        assert "Hãy lập phiên bản mới" in text_of(later.post(url("rule_set_ending_withdrawal", removal.pk)))
    assert admin.post(url("rule_set_ending_withdrawal", removal.pk)).status_code == 302
    assert rules("people-council-removal").valid_until is None
    assert "đã bỏ ngày chấm dứt" in text_of(admin.get(url("rule_set", removal.pk)))


def test_rules_that_a_series_or_a_session_goes_on_with_do_not_end(council: Council, admin: Client) -> None:
    kept = council.rule_set
    today = {"last_day": TODAY().isoformat()}
    council.meeting.starts_at = timezone.now() + timedelta(days=3)
    council.meeting.save(update_fields=["starts_at"])
    said = beside(admin.post(url("rule_set_ending", kept.pk), today), "last_day")
    assert f"“{council.series.name}”; “{council.meeting.title}”" in html.unescape(said)
    council.series.ended_on = TODAY()
    council.series.save(update_fields=["ended_on"])
    said = beside(admin.post(url("rule_set_ending", kept.pk), today), "last_day")
    assert f"“{council.series.name}”" not in html.unescape(said)
    assert council.meeting.title in html.unescape(said)
    assert rules().valid_until is None
    after = {"last_day": (TODAY() + timedelta(days=3)).isoformat()}
    assert admin.post(url("rule_set_ending", kept.pk), after).status_code == 302


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [
        ("", "Xin ghi ngày áp dụng cuối cùng."),
        ("9999-01-01", "Xin xem lại năm"),
        ("2020-01-01", "Ngày cuối cùng không được trước hôm nay"),
    ],
)
def test_an_end_that_cannot_be_is_refused_beside_the_day(
    council: Council, admin: Client, last_day: str, sentence: str
) -> None:
    answer = admin.post(url("rule_set_ending", rules("people-council-removal").pk), {"last_day": last_day})
    assert answer.status_code == 422
    assert sentence in beside(answer, "last_day")


# -- Checked against the law -------------------------------------------------------------------------------------------


def test_a_check_names_who_compared_it_and_when(council: Council, admin: Client) -> None:
    address = url("rule_set_check", council.rule_set.pk)
    answer = admin.post(address, {"words": "duong thi oanh", "on": "02/11/2026"})
    assert answer["Location"] == url("rule_set", council.rule_set.pk)
    checked = rules()
    assert (checked.checked_by, checked.checked_on) == (council.unit_admin, date(2026, 11, 2))
    act = Act.objects.get(act="rule_set_checked")
    assert (act.by, act.facts["person"], act.facts["on"]) == (
        council.system_admin,
        council.unit_admin.full_name,
        "2026-11-02",
    )
    page = text_of(client_of(council.secretary).get(url("rule_set", council.rule_set.pk)))
    assert "Dương Thị Oanh đối chiếu ngày 02/11/2026" in page
    assert "chưa ai đối chiếu" not in page


def test_a_result_says_that_its_rules_were_checked(council: Council) -> None:
    rule_actions.record_check(rules(), by=council.system_admin, person=council.unit_admin, on=date(2026, 11, 2))
    council.meeting.refresh_from_db()
    poll = announced(council, {"member": "for", "chair": "for", "second_member": "for"})
    page = text_of(client_of(council.member).get(url("poll", poll.pk)))
    assert "Dương Thị Oanh đối chiếu với quy định ngày 02/11/2026" in page
    assert "chưa đối chiếu" not in page


def test_a_new_version_was_checked_by_nobody(council: Council) -> None:
    rule_actions.record_check(rules(), by=council.system_admin, person=council.unit_admin, on=TODAY())
    assert not make_later_version(council).is_checked


def test_a_name_that_several_have_is_chosen_from(council: Council, admin: Client) -> None:
    twin = make_person("", "Dương Thị Oanh")
    address, fields = url("rule_set_check", council.rule_set.pk), {"words": "Dương Thị Oanh", "on": "2026-11-02"}
    answer = admin.post(address, fields)
    assert answer.status_code == 422
    assert "Có nhiều người mang tên này." in text_of(answer)
    assert 'value="Dương Thị Oanh"' in answer.content.decode()
    assert f'value="{twin.pk}"' in answer.content.decode()
    assert admin.post(address, {**fields, "person": twin.pk}).status_code == 302
    assert rules().checked_by == twin
    assert admin.post(address, {**fields, "words": "unit-admin"}).status_code == 302
    assert rules().checked_by == council.unit_admin


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "", "on": "2026-11-02"}, "Xin ghi người đã đối chiếu."),
        ({"words": "Không Có Ai", "on": "2026-11-02"}, "Không có ai mang tên này."),
        ({"words": "Không\x00", "on": "2026-11-02"}, "Không"),
        ({"words": "unit-admin", "on": ""}, "Xin ghi ngày đối chiếu."),
        ({"words": "unit-admin", "on": "2040-01-01"}, "Ngày đối chiếu chưa đến."),
    ],
)
def test_a_check_without_a_name_or_a_day_is_none(
    council: Council, admin: Client, fields: dict[str, str], sentence: str
) -> None:
    answer = admin.post(url("rule_set_check", council.rule_set.pk), fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not rules().is_checked


def test_a_check_to_come_is_refused_by_the_action_too(council: Council) -> None:
    with pytest.raises(Refusal) as refused:
        rule_actions.record_check(
            rules(), by=council.system_admin, person=council.member, on=TODAY() + timedelta(days=1)
        )
    assert refused.value.code == "not_yet_checked"


def test_a_check_is_taken_back(council: Council, admin: Client) -> None:
    rule_actions.record_check(rules(), by=council.system_admin, person=council.unit_admin, on=TODAY())
    address = url("rule_set_check_withdrawal", council.rule_set.pk)
    assert admin.post(address).status_code == 302
    assert not rules().is_checked
    assert Act.objects.filter(act="rule_set_check_withdrawn").count() == 1
    assert "chưa được ai đối chiếu" in text_of(admin.post(address))
