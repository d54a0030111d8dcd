"""The room's streams: whoever looks at a panel hears when what it shows has changed."""

import pytest

from meetings import actions
from meetings.room import AUDIENCES, TOPICS, item_stream_of, panels_in, registry, stream_of
from realtime.models import Entry
from tests.council import Council

pytestmark = pytest.mark.django_db


def touched(stream: str) -> set[str]:
    return {panel for entry in Entry.objects.filter(stream__name=stream) for panel in entry.body["panels"]}


def test_every_panel_follows_something_or_is_touched_by_its_own_acts() -> None:
    silent = {panel.name for panel in registry.panels.values() if not panel.follows}
    assert silent <= {"presentation"}
    assert all(panel.follows <= set(TOPICS) for panel in registry.panels.values())


def test_checking_in_is_seen_at_the_desk_and_on_the_wall(council: Council) -> None:
    Entry.objects.all().delete()
    actions.check_in(council.participant(council.member), by=council.member)
    assert touched(stream_of(council.meeting, "desk")) >= {"hall", "bar", "item"}
    assert touched(stream_of(council.meeting, "wall")) >= {"stage"}
    assert touched(f"person:{council.member.pk}") >= {f"presence:{council.meeting.pk}"}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_starting_and_taking_up_an_item_is_seen_everywhere(council: Council, audience: str) -> None:
    council.start()
    Entry.objects.all().delete()
    council.take_up()
    shown = {panel.name for panel in panels_in(audience)} & {"head", "agenda", "item", "bar", "stage"}
    assert touched(stream_of(council.meeting, audience)) >= shown != set()


def test_a_closed_item_is_told_on_its_own_stream_too(council: Council) -> None:
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.member])
    council.item.refresh_from_db()
    council.start()
    council.take_up(council.item)
    assert "head" in touched(item_stream_of(council.item))
