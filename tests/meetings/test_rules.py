"""Who sees what: the list rule and the rule for one object agree for everybody, in every state."""

import pytest

from meetings import actions, rules
from meetings.models import AgendaItem, Meeting
from tests.council import Council

pytestmark = pytest.mark.django_db
PARTICIPANTS = {
    *("chair", "secretary", "member", "second_member", "third_member"),
    *("stand_in", "invitee", "observer"),
}


@pytest.mark.parametrize("state", Meeting.State.values)
def test_meetings_list_and_door_agree(council: Council, state: str) -> None:
    Meeting.objects.filter(pk=council.meeting.pk).update(state=state)
    council.meeting.refresh_from_db()
    seen = {name for name, person in council.cast.items() if rules.may_see(person, council.meeting)}
    listed = {name for name, person in council.cast.items() if Meeting.objects.visible_to(person).exists()}
    assert seen == listed
    preparing = {"secretary", "unit_admin"}
    assert seen == (preparing if state == Meeting.State.DRAFT else PARTICIPANTS | preparing)


def test_closed_items_exist_only_for_those_admitted(council: Council) -> None:
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.member])
    council.item.refresh_from_db()
    seen = {name for name, person in council.cast.items() if rules.may_see_item(person, council.item)}
    listed = {name for name, person in council.cast.items() if council.item in AgendaItem.objects.visible_to(person)}
    assert seen == listed == {"chair", "secretary", "unit_admin", "member"}
    open_to = {n for n, p in council.cast.items() if council.second_item in AgendaItem.objects.visible_to(p)}
    assert open_to == PARTICIPANTS | {"unit_admin"}


def test_whoever_may_not_log_in_any_more_sees_nothing(council: Council) -> None:
    council.member.is_active = False
    council.member.save()
    assert not rules.may_see(council.member, council.meeting)
    assert not Meeting.objects.visible_to(council.member).exists()


def test_everybody_has_one_own_view_of_the_room(council: Council) -> None:
    views = {name: rules.audience_for(person, council.meeting) for name, person in council.cast.items()}
    assert {name for name, view in views.items() if view == "desk"} == {"chair", "secretary"}
    assert {name for name, view in views.items() if view == "gallery"} == {"observer"}
    assert {name for name, view in views.items() if view == "floor"} == PARTICIPANTS - {
        "chair",
        "secretary",
        "observer",
    }
    for name, person in council.cast.items():
        for audience in ("desk", "floor", "gallery", "wall"):
            may = rules.may_sit_in(person, council.meeting, audience)
            assert may == (views[name] == audience or (views[name] == "desk" and audience in {"floor", "wall"}))
