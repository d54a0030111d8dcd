"""The pages on which an office keeps its series: typed once, kept when wrong, with and without a script."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OrganisationRole
from meetings import series as acts
from meetings.models import MeetingSeries, Participant, RuleSet, SeriesMember
from tests.council import Council, client_of, make_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def secretary(council: Council) -> Client:
    return client_of(council.secretary)


def url(name: str, *keys: Any) -> str:
    return reverse(f"meetings:{name}", args=keys)


def typed(council: Council, **changes: str) -> dict[str, str]:
    return {
        "organisation": str(council.province.pk),
        "name": "Giao ban đầu tuần",
        "kind": "regular",
        "planned_minutes": "90",
        "place": "Phòng họp số 3",
        "rule_set": str(council.rule_set.pk),
        **changes,
    }


def lines(series: MeetingSeries) -> list[str]:
    series.refresh_from_db()
    return [line["title"] for line in series.agenda_template]


def test_an_office_makes_a_series_and_then_a_meeting_of_it(council: Council, secretary: Client) -> None:
    answer = secretary.post(url("new_series"), typed(council))
    series = MeetingSeries.objects.get(name="Giao ban đầu tuần")
    assert answer["Location"] == url("series", series.pk)
    secretary.post(url("series_units", series.pk), {"unit": council.province.pk, "role": "member"})
    chair = series.default_members.get(person=council.chair)
    secretary.post(url("series_member_role", series.pk, chair.pk), {"role": "chair"})
    secretary.post(url("template_lines", series.pk), {"title": "Việc trong tuần", "planned_minutes": "30"})
    secretary.post(
        f"{url('new_meeting')}?series={series.pk}",
        {
            **typed(council),
            "title": "Giao ban tuần 49",
            "starts_at_0": "05/01/2027",
            "starts_at_1": "08:00",
            "mode": "room",
        },
    )
    meeting = series.meetings.get()
    assert meeting.participants.get(role="chair").person == council.chair
    assert [item.title for item in meeting.items.all()] == ["Việc trong tuần"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "PHIEN hop thuong ky"}, "name", "Đơn vị đã có loại phiên mang tên này."),
        ({"name": ""}, "name", "Xin nhập tên loại phiên."),
        ({"planned_minutes": "-1"}, "planned_minutes", "Thời lượng phải từ 1 phút trở lên."),
        ({"rule_set": "0"}, "rule_set", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    council: Council, secretary: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = secretary.post(url("new_series"), typed(council, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    beside = re.search(rf'id="id_{field}_error">(.*?)</div>', page, re.DOTALL)
    assert beside is not None
    assert sentence in beside[1]
    assert "Phòng họp số 3" in page
    assert MeetingSeries.objects.count() == 1


def test_only_rules_of_the_body_are_offered(council: Council, secretary: Client) -> None:
    of_councils = RuleSet.objects.get(code="people-council-resolution")
    page = secretary.get(url("series_details", council.series.pk)).content.decode()
    assert of_councils.name not in page
    assert council.rule_set.name in page


def test_details_change_and_the_unit_of_a_series_with_meetings_is_not_asked_for(
    council: Council, secretary: Client
) -> None:
    address = url("series_details", council.series.pk)
    assert 'name="organisation"' not in secretary.get(address).content.decode()
    secretary.post(address, typed(council, organisation=str(council.other_unit.pk)))
    council.series.refresh_from_db()
    assert (council.series.name, council.series.organisation) == ("Giao ban đầu tuần", council.province)


def test_several_people_come_at_once(council: Council, secretary: Client) -> None:
    guests = [make_person(f"guest{number}", f"Khách Mời {number}") for number in (1, 2)]
    found = secretary.get(url("series_people", council.series.pk), {"words": "khach moi"}, headers=HTMX)
    assert all(guest.full_name in found.content.decode() for guest in guests)
    chosen = {"people": [guest.pk for guest in guests], "role": "invitee"}
    answer = secretary.post(url("series_members", council.series.pk), chosen, headers=HTMX)
    assert "Đã thêm 2 người." in answer.content.decode()
    assert council.series.default_members.filter(role="invitee", has_vote=False).count() == 2
    again = secretary.get(url("series_people", council.series.pk), {"words": "khach moi"}, headers=HTMX)
    assert not any(guest.full_name in again.content.decode() for guest in guests)
    assert secretary.post(url("series_members", council.series.pk), {"role": "member"}).status_code == 422


def test_a_member_is_changed_on_a_page_of_its_own(council: Council, secretary: Client) -> None:
    member = put_guest(council)
    address = url("series_member", council.series.pk, member.pk)
    answer = secretary.post(address, {"role": "invitee", "has_vote": "on", "title": "Giám đốc Sở"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Khách mời và" in page
    assert "Giám đốc Sở" in page
    secretary.post(address, {"role": "observer", "title": "Giám đốc Sở"})
    member.refresh_from_db()
    assert (member.role, member.title) == ("observer", "Giám đốc Sở")
    secretary.post(url("series_member_removal", council.series.pk, member.pk))
    assert not SeriesMember.objects.filter(pk=member.pk).exists()


def put_guest(council: Council) -> SeriesMember:
    return acts.put_member(council.series, council.invitee, by=council.secretary, role=Participant.Role.INVITEE)


@pytest.mark.parametrize("by_htmx", [True, False])
def test_a_second_chair_is_refused_with_a_sentence(council: Council, secretary: Client, *, by_htmx: bool) -> None:
    member = council.series.default_members.get(person=council.member)
    answer = secretary.post(
        url("series_member_role", council.series.pk, member.pk), {"role": "chair"}, headers=HTMX if by_htmx else {}
    )
    assert answer.status_code == 422
    assert "Mỗi phiên họp chỉ có một chủ tọa" in answer.content.decode()
    answer = secretary.post(
        url("series_units", council.series.pk), {"unit": council.other_unit.pk, "role": "chair"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "Mỗi phiên họp chỉ có một chủ tọa" in answer.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_template_lines_are_written_moved_and_removed(
    council: Council, secretary: Client, headers: dict[str, str]
) -> None:
    series = council.series
    for title in ("Một", "Hai", "Ba"):
        secretary.post(url("template_lines", series.pk), {"title": title, "planned_minutes": "20"}, headers=headers)
    assert lines(series) == ["Một", "Hai", "Ba"]
    assert "tổng 60 / 180 phút" in secretary.get(url("series", series.pk)).content.decode()
    secretary.post(f"{url('template_line_place', series.pk, 3)}?seen={acts.state_of_template(series)}", {"to": "1"})
    assert lines(series) == ["Ba", "Một", "Hai"]
    changed = {"line-title": "Một rưỡi", "line-planned_minutes": "45"}
    address = f"{url('template_line', series.pk, 2)}?seen={acts.state_of_template(series)}"
    secretary.post(address, changed, headers=headers)
    assert lines(series) == ["Ba", "Một rưỡi", "Hai"]
    secretary.post(f"{url('template_line_removal', series.pk, 1)}?seen={acts.state_of_template(series)}")
    assert lines(series) == ["Một rưỡi", "Hai"]
    assert secretary.get(url("template_line", series.pk, 3)).status_code == 404


def test_a_page_that_is_behind_is_told_so_and_keeps_what_was_typed(council: Council, secretary: Client) -> None:
    acts.add_line(council.series, by=council.secretary, title="Một", planned_minutes=5)
    typed_line = {"line-title": "Một mới", "line-planned_minutes": "10"}
    for _again in range(2):
        answer = secretary.post(f"{url('template_line', council.series.pk, 1)}?seen=behind", typed_line)
        assert answer.status_code == 422
        assert "Có người vừa sửa chương trình mẫu." in answer.content.decode()
        assert "Một mới" in answer.content.decode()
    assert lines(council.series) == ["Một"]


@pytest.mark.parametrize("by_htmx", [True, False])
def test_a_line_with_odd_minutes_is_refused_beside_its_field(
    council: Council, secretary: Client, *, by_htmx: bool
) -> None:
    answer = secretary.post(
        url("template_lines", council.series.pk),
        {"title": "Báo cáo tháng", "planned_minutes": "0"},
        headers=HTMX if by_htmx else {},
    )
    assert answer.status_code == 422
    assert "Thời lượng phải từ 1 phút trở lên." in answer.content.decode()
    assert 'value="Báo cáo tháng"' in answer.content.decode()


def test_an_ended_series_offers_nothing_but_its_reopening(council: Council, secretary: Client) -> None:
    series = council.series
    secretary.post(url("series_ending", series.pk))
    page = secretary.get(url("series", series.pk)).content.decode()
    assert url("series_reopening", series.pk) in page
    for name in ("series_details", "series_units", "template_lines", "series_ending"):
        assert url(name, series.pk) not in page
    answer = secretary.post(url("series_details", series.pk), typed(council))
    assert answer.status_code == 422
    assert "Loại phiên đã kết thúc." in answer.content.decode()
    assert f"?series={series.pk}" not in secretary.get(url("new_meeting")).content.decode()
    secretary.post(url("series_reopening", series.pk))
    assert f"?series={series.pk}" in secretary.get(url("new_meeting")).content.decode()


def test_what_is_seen_but_not_prepared_is_forbidden_and_offers_nothing(council: Council) -> None:
    leader = make_person("leader", "Trịnh Văn Lãnh")
    OrganisationRole.objects.create(person=leader, organisation=council.province, role=OrganisationRole.Role.LEADERSHIP)
    client, series = client_of(leader), council.series
    page = client.get(url("series", series.pk)).content.decode()
    assert council.chair.full_name in page
    assert "<form" not in page.split('id="content"')[1].split("<footer")[0]
    assert client.get(url("all_series")).status_code == 200
    assert client.get(url("new_series")).status_code == 403
    for name in ("series_details", "series_ending", "series_units", "series_members", "template_lines"):
        assert client.post(url(name, series.pk), {"title": "x", "planned_minutes": "5"}).status_code == 403, name
    series.refresh_from_db()
    assert (series.ended_on, series.agenda_template) == (None, [])


def test_the_list_teaches_while_it_is_empty(council: Council) -> None:
    page = client_of(council.other_unit_admin).get(url("all_series")).content.decode()
    assert "Chưa có loại phiên nào" in page
    assert url("new_series") in page
    assert council.series.name not in page
    assert client_of(council.outsider).get(url("all_series")).status_code == 403


def test_the_list_shows_the_next_meeting_and_costs_the_same_with_three(council: Council, secretary: Client) -> None:
    page = secretary.get(url("all_series")).content.decode()
    assert url("meeting", council.meeting.pk) in page
    one = queries(secretary, url("all_series"))
    for number in (2, 3):
        acts.create_series(
            by=council.secretary,
            organisation=council.province,
            name=f"Loại {number}",
            rule_set=council.rule_set,
            planned_minutes=60,
        )
    assert queries(secretary, url("all_series")) == one


def test_the_page_of_a_series_costs_the_same_with_more_members_and_lines(council: Council, secretary: Client) -> None:
    address = url("series", council.series.pk)
    acts.add_line(council.series, by=council.secretary, title="Một", planned_minutes=5)
    secretary.get(address)
    one = queries(secretary, address)
    for person in (council.invitee, council.observer):
        acts.put_member(council.series, person, by=council.secretary, role=Participant.Role.INVITEE)
        acts.add_line(council.series, by=council.secretary, title="Nữa", planned_minutes=5)
    assert queries(secretary, address) == one


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)
