"""The secretary's page: typed once, kept when wrong, published when nothing hurts."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from meetings import actions
from meetings.models import Meeting, RuleSet
from tests.council import Council, client_of


@pytest.fixture
def draft(council: Council) -> Meeting:
    return actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        title="Phiên họp chuyên đề",
        starts_at=timezone.now() + timedelta(days=3),
        planned_minutes=90,
        rule_set=council.rule_set,
    )


@pytest.fixture
def secretary(council: Council) -> Client:
    return client_of(council.secretary)


def details(council: Council, **changes: str) -> dict[str, str]:
    return {
        "organisation": str(council.province.pk),
        "title": "Phiên họp tháng 12",
        "kind": "regular",
        "starts_at_0": "05/01/2027",
        "starts_at_1": "08:00",
        "planned_minutes": "180",
        "mode": "room",
        "place": "Phòng họp số 1",
        "rule_set": str(council.rule_set.pk),
        **changes,
    }


def post_item(client: Client, meeting: Meeting, *, by_htmx: bool = True, **fields: str) -> HttpResponse:
    url, headers = reverse("meetings:items", args=[meeting.pk]), {"HX-Request": "true"} if by_htmx else {}
    return client.post(url, {"title": "", "planned_minutes": "15", **fields}, headers=headers)


# -- A new meeting -----------------------------------------------------------------------------------------------------


def test_a_meeting_of_a_series_comes_with_members_and_room(council: Council, secretary: Client) -> None:
    url = f"{reverse('meetings:new_meeting')}?series={council.series.pk}"
    assert council.series.name in secretary.get(url).content.decode()
    answer = secretary.post(url, details(council))
    meeting = Meeting.objects.get(title="Phiên họp tháng 12")
    assert answer["Location"] == reverse("meetings:meeting", args=[meeting.pk])
    assert meeting.state == Meeting.State.DRAFT
    assert meeting.participants.count() == council.series.default_members.count()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"planned_minutes": "-30"}, "Thời lượng phải từ 1 phút trở lên."),
        ({"planned_minutes": "abc"}, "Xin nhập số phút là số nguyên, ví dụ 30."),
        ({"starts_at_0": "32/13/2026"}, "Xin nhập ngày theo dạng 28/11/2026."),
        ({"starts_at_0": "05/01/9999"}, "Xin xem lại năm"),
        ({"starts_at_1": "25:99"}, "Xin nhập giờ theo dạng 08:30."),
        ({"starts_at_0": "", "starts_at_1": ""}, "Xin nhập ngày và giờ bắt đầu."),
        ({"title": ""}, "Xin nhập tên phiên họp."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    council: Council, secretary: Client, changes: dict[str, str], sentence: str
) -> None:
    url = f"{reverse('meetings:new_meeting')}?series=none"
    answer = secretary.post(url, details(council, place="Hội trường lớn", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Hội trường lớn" in page
    assert Meeting.objects.filter(place="Hội trường lớn").count() == 0


def test_a_day_may_be_typed_as_offices_write_it(council: Council, secretary: Client) -> None:
    secretary.post(f"{reverse('meetings:new_meeting')}?series=none", details(council, starts_at_0="05/01/2027"))
    assert (
        timezone.localtime(Meeting.objects.get(title="Phiên họp tháng 12").starts_at).strftime("%d/%m/%Y %H:%M")
        == "05/01/2027 08:00"
    )


def test_nobody_makes_meetings_for_a_unit_of_somebody_else(council: Council, secretary: Client) -> None:
    url = f"{reverse('meetings:new_meeting')}?series=none"
    answer = secretary.post(url, details(council, organisation=str(council.other_unit.pk)))
    assert answer.status_code == 422
    assert client_of(council.member).get(reverse("meetings:new_meeting")).status_code == 403


# -- Agenda ------------------------------------------------------------------------------------------------------------


def test_an_item_is_added_in_one_line_and_the_sum_is_shown(draft: Meeting, secretary: Client) -> None:
    answer = post_item(secretary, draft, title="  Dự toán   ngân sách ", planned_minutes="60")
    assert [item.title for item in draft.items.all()] == ["Dự toán ngân sách"]
    assert "tổng 60 / 90 phút" in answer.content.decode()
    assert 'id="readiness"' in answer.content.decode()


def test_without_a_script_adding_leads_back_to_the_agenda(draft: Meeting, secretary: Client) -> None:
    answer = post_item(secretary, draft, by_htmx=False, title="Dự toán")
    assert answer["Location"] == f"{reverse('meetings:meeting', args=[draft.pk])}#agenda"


@pytest.mark.parametrize("by_htmx", [True, False])
def test_negative_minutes_are_refused_and_the_title_stays(draft: Meeting, secretary: Client, *, by_htmx: bool) -> None:
    answer = post_item(secretary, draft, by_htmx=by_htmx, title="Dự toán ngân sách", planned_minutes="-5")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Thời lượng phải từ 1 phút trở lên." in page
    assert 'value="Dự toán ngân sách"' in page
    assert not draft.items.exists()


def test_an_item_moves_by_its_buttons(council: Council, secretary: Client) -> None:
    url = reverse("meetings:item_place", args=[council.meeting.pk, council.second_item.pk])
    secretary.post(url, {"to": "1"})
    assert list(council.meeting.items.order_by("position")) == [council.second_item, council.item]


def test_an_item_is_changed_in_its_place_in_the_list(council: Council, secretary: Client) -> None:
    url = reverse("meetings:item", args=[council.meeting.pk, council.item.pk])
    htmx = {"HX-Request": "true"}
    form = secretary.get(url, headers=htmx).content.decode()
    assert form.strip().startswith("<li") or f'id="item-{council.item.pk}"' in form
    assert "<html" not in form
    secretary.post(url, {"title": "Tên mới", "planned_minutes": "20", "presenter": council.chair.pk}, headers=htmx)
    council.item.refresh_from_db()
    assert (council.item.title, council.item.planned_minutes, council.item.presenter) == ("Tên mới", 20, council.chair)


def test_a_closed_item_needs_names(council: Council, secretary: Client) -> None:
    url = reverse("meetings:item", args=[council.meeting.pk, council.item.pk])
    answer = secretary.post(url, {"title": "Nhân sự", "planned_minutes": "20", "is_closed": "on"})
    assert answer.status_code == 422
    assert "Xin chọn những người được dự nội dung họp kín." in answer.content.decode()
    secretary.post(
        url, {"title": "Nhân sự", "planned_minutes": "20", "is_closed": "on", "admitted": [council.member.pk]}
    )
    assert list(council.item.admitted.all()) == [council.member]


def test_presenters_and_those_admitted_come_from_the_people_of_the_meeting(council: Council, secretary: Client) -> None:
    url = reverse("meetings:item", args=[council.meeting.pk, council.item.pk])
    fields = {"title": "Nhân sự", "planned_minutes": "20", "is_closed": "on"}
    stranger = council.other_unit_member.pk
    assert secretary.post(url, {**fields, "admitted": [stranger]}).status_code == 422
    assert secretary.post(url, {**fields, "admitted": [council.member.pk], "presenter": stranger}).status_code == 422


def test_an_item_that_was_taken_up_is_not_removed(council: Council, secretary: Client) -> None:
    council.start()
    council.take_up()
    answer = secretary.post(
        reverse("meetings:item_removal", args=[council.meeting.pk, council.item.pk]), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#refusals"
    assert "được giữ lại" in answer.content.decode()


# -- People ------------------------------------------------------------------------------------------------------------


def test_a_unit_is_invited_at_once_and_nobody_twice(council: Council, draft: Meeting, secretary: Client) -> None:
    url = reverse("meetings:units", args=[draft.pk])
    for _time in range(2):
        secretary.post(url, {"unit": council.province.pk, "role": "member"})
    voters = draft.participants.filter(has_vote=True)
    assert {one.person for one in voters} == set(council.voters)


def test_a_person_is_found_without_accents_and_not_when_invited_already(council: Council, secretary: Client) -> None:
    url = reverse("meetings:people", args=[council.meeting.pk])

    def found(words: str) -> list[Person]:
        return list(secretary.get(url, {"words": words}, headers={"HX-Request": "true"}).context["found"])

    assert found("do hai") == [council.outsider]
    assert found("Đỗ Hải") == [council.outsider]
    assert found("le hoang") == []
    assert found("") == []


def test_a_role_is_changed_in_the_list(council: Council, draft: Meeting, secretary: Client) -> None:
    person = actions.add_participant(draft, council.member, by=council.secretary)
    secretary.post(reverse("meetings:participant", args=[draft.pk, person.pk]), {"role": "invitee"})
    person.refresh_from_db()
    assert (person.role, person.has_vote) == ("invitee", False)


def test_a_secretary_who_is_a_member_of_the_body_keeps_the_vote(
    council: Council, draft: Meeting, secretary: Client
) -> None:
    person = draft.participants.get(person=council.secretary)
    url = reverse("meetings:participant", args=[draft.pk, person.pk])
    secretary.post(url, {"has_vote": "yes"})
    person.refresh_from_db()
    assert (person.role, person.has_vote) == ("secretary", True)
    guest = actions.add_participant(draft, council.invitee, by=council.secretary, role="invitee")
    answer = secretary.post(reverse("meetings:participant", args=[draft.pk, guest.pk]), {"has_vote": "yes"})
    assert answer.status_code == 422
    assert "không có quyền biểu quyết" in answer.content.decode()


def test_two_chairs_are_refused_with_the_sentence(council: Council, secretary: Client) -> None:
    member = council.participant(council.member)
    answer = secretary.post(
        reverse("meetings:participant", args=[council.meeting.pk, member.pk]),
        {"role": "chair"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "đã có người chủ trì" in answer.content.decode()


# -- Publishing and cancelling -----------------------------------------------------------------------------------------


def test_what_is_missing_stands_on_the_page_with_the_worst_first(draft: Meeting, secretary: Client) -> None:
    answer = secretary.get(reverse("meetings:meeting", args=[draft.pk]))
    problems = answer.context["problems"]
    assert [problem.blocking for problem in problems] == sorted(
        (problem.blocking for problem in problems), reverse=True
    )
    assert "Chưa có người chủ trì." in answer.content.decode()
    assert secretary.post(reverse("meetings:publication", args=[draft.pk])).status_code == 422


def test_what_is_missing_can_be_asked_again_by_itself(council: Council, draft: Meeting, secretary: Client) -> None:
    url = reverse("meetings:readiness", args=[draft.pk])
    page = secretary.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "Chưa có người chủ trì." in page
    assert "<html" not in page
    assert client_of(council.member).get(url).status_code == 404


def test_a_meeting_is_cancelled_with_a_reason_only(council: Council, secretary: Client) -> None:
    url = reverse("meetings:cancellation", args=[council.meeting.pk])
    answer = secretary.post(url, {"reason": ""})
    assert answer.status_code == 422
    assert "Xin nêu lý do." in answer.content.decode()
    secretary.post(url, {"reason": "Bão số 7"})
    council.meeting.refresh_from_db()
    assert (council.meeting.state, council.meeting.cancel_reason) == ("cancelled", "Bão số 7")


# -- Afterwards --------------------------------------------------------------------------------------------------------


def close(council: Council) -> Meeting:
    council.start()
    council.take_up()
    actions.close(council.meeting, by=council.chair)
    council.meeting.refresh_from_db()
    return council.meeting


def correction(which: str, value: str, reason: str) -> dict[str, str]:
    day, time = value.split()
    return {"which": which, "value_0": day, "value_1": time, "reason": reason}


def test_the_record_shows_net_time_to_those_who_were_invited(council: Council) -> None:
    meeting = close(council)
    page = client_of(council.member).get(reverse("meetings:meeting", args=[meeting.pk])).content.decode()
    assert "Thời gian họp thực tế" in page
    assert "Sửa thời gian" not in page


def test_a_meeting_that_would_end_before_it_begins_is_refused(council: Council, secretary: Client) -> None:
    meeting = close(council)
    url = reverse("meetings:time_corrections", args=[meeting.pk])
    before = timezone.localtime(meeting.started_at - timedelta(hours=2))
    answer = secretary.post(url, correction("ended_at", before.strftime("%d/%m/%Y %H:%M"), "ghi nhầm"))
    assert answer.status_code == 422
    assert "Giờ kết thúc không thể trước giờ bắt đầu." in answer.content.decode()


def test_a_correction_without_a_reason_keeps_what_was_typed(council: Council, secretary: Client) -> None:
    meeting = close(council)
    url = reverse("meetings:time_corrections", args=[meeting.pk])
    answer = secretary.post(url, correction("started_at", "01/11/2026 07:45", ""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Xin nêu lý do sửa thời gian." in page
    assert 'value="07:45"' in page


def test_a_corrected_time_counts_and_the_measured_one_stays_beside_it(council: Council, secretary: Client) -> None:
    meeting = close(council)
    earlier = timezone.localtime(meeting.started_at - timedelta(minutes=30))
    url = reverse("meetings:time_corrections", args=[meeting.pk])
    secretary.post(url, correction("started_at", earlier.strftime("%d/%m/%Y %H:%M"), "Bấm bắt đầu muộn"))
    page = secretary.get(reverse("meetings:meeting", args=[meeting.pk]))
    assert 29 * 60 <= page.context["net_seconds"] <= 31 * 60
    assert "Bấm bắt đầu muộn" in page.content.decode()
    assert council.secretary.full_name in page.content.decode()


def test_a_number_too_long_to_be_one_names_no_series(council: Council) -> None:
    answer = client_of(council.secretary).get(reverse("meetings:new_meeting"), {"series": "9" * 5000})
    assert answer.status_code == 404


def test_a_meeting_whose_rules_have_run_out_meanwhile_keeps_them(council: Council) -> None:
    council.start()
    Meeting.objects.update(starts_at=timezone.now().replace(second=0, microsecond=0))  # as it is typed
    RuleSet.objects.filter(pk=council.rule_set.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    url = reverse("meetings:details", args=[council.meeting.pk])
    fields = {"title": "Tên mới", "kind": council.meeting.kind, "planned_minutes": 90, "mode": council.meeting.mode}
    assert client_of(council.secretary).post(url, {**fields, "place": "Phòng số 2"}).status_code == 302
    council.meeting.refresh_from_db()
    assert (council.meeting.title, council.meeting.rule_set) == ("Tên mới", council.rule_set)


def test_a_time_finer_than_the_form_shows_is_not_changed_by_editing_the_room(council: Council) -> None:
    exact = timezone.now().replace(second=42, microsecond=123456) + timedelta(hours=1)
    for begun in (False, True):
        Meeting.objects.update(starts_at=exact, started_at=timezone.now() if begun else None)
        if begun:
            Meeting.objects.update(state="in_session")
        at = timezone.localtime(exact)
        fields = {
            **{"title": council.meeting.title, "kind": "regular", "mode": "room", "planned_minutes": 180},
            **{"place": f"Phòng họp số {2 + begun}", "rule_set": council.rule_set.pk},
            **{"starts_at_0": f"{at:%d/%m/%Y}", "starts_at_1": f"{at:%H:%M}"},
        }
        url = reverse("meetings:details", args=[council.meeting.pk])
        assert client_of(council.secretary).post(url, fields).status_code == 302
        meeting = Meeting.objects.get()
        assert (meeting.starts_at, meeting.place) == (exact, f"Phòng họp số {2 + begun}")


def test_a_character_no_database_keeps_is_refused_in_words(council: Council) -> None:
    url = reverse("meetings:people", args=[council.meeting.pk])
    answer = client_of(council.secretary).get(url, {"words": "a\x00b"})
    assert answer.status_code == 422
    assert "ký tự không lưu được" in answer.content.decode()


# -- Rules that get a new version --------------------------------------------------------------------------------------


def followed_by(rule_set: RuleSet, *, in_days: int) -> RuleSet:
    """The version that follows, from that many days on."""
    begins = timezone.localdate() + timedelta(days=in_days)
    RuleSet.objects.filter(pk=rule_set.pk).update(valid_until=begins - timedelta(days=1))
    return RuleSet.objects.create(
        code=rule_set.code,
        version=rule_set.version + 1,
        name=rule_set.name,
        body=rule_set.body,
        valid_from=begins,
        terms=rule_set.terms,
    )


@pytest.mark.parametrize("in_days", [-3, 2])
def test_a_meeting_of_a_series_starts_with_the_version_that_holds_on_its_day(
    council: Council, secretary: Client, in_days: int
) -> None:
    later = followed_by(council.rule_set, in_days=in_days)  # a meeting is suggested for a week ahead
    url = f"{reverse('meetings:new_meeting')}?series={council.series.pk}"
    assert f'<option value="{later.pk}" selected>' in secretary.get(url).content.decode()


def test_two_versions_to_choose_from_are_told_apart(council: Council, draft: Meeting, secretary: Client) -> None:
    later = followed_by(council.rule_set, in_days=3)
    page = secretary.get(reverse("meetings:details", args=[draft.pk])).content.decode()
    assert f"{later.name} (từ {later.valid_from:%d/%m/%Y})</option>" in page
    assert f"{council.rule_set.name}</option>" in page


def test_rules_that_do_not_hold_on_the_day_are_named_before_publishing(
    council: Council, draft: Meeting, secretary: Client
) -> None:
    url = reverse("meetings:meeting", args=[draft.pk])
    sentence = "(phiên bản 1) không có hiệu lực vào ngày họp"
    followed_by(council.rule_set, in_days=5)
    assert sentence not in secretary.get(url).content.decode()
    RuleSet.objects.filter(version=2).delete()
    followed_by(council.rule_set, in_days=2)
    assert sentence in secretary.get(url).content.decode()
