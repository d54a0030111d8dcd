"""The room: which panels and parts it has, who hears what, and the streams that carry it. Other apps add to it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Device, Person
from accounts.requests import key_in
from meetings.models import AgendaItem, Meeting
from meetings.rules import may_see_item, may_sit_in
from realtime.kinds import StreamKind
from realtime.principals import Principal
from realtime.streams import touch
from realtime.transactions import held

AUDIENCES = ("desk", "floor", "gallery", "wall")
# state: title, time, begun, paused, closed; agenda: items and which is on; presence: who is there and the quorum
# speaking: who has the floor; conclusion: what is being concluded on an item
TOPICS = ("state", "agenda", "presence", "speaking", "conclusion")
Context = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """A named region of the room, rendered once per audience and language, without knowing who looks at it."""

    name: str
    places: Mapping[str, str]  # audience -> head, agenda, asked, main, middle, hall, bar, stage
    template: str
    context: Callable[[Meeting, str], Context]
    order: int = 50
    follows: frozenset[str] = frozenset()  # topics that change it: see TOPICS

    def stands_in(self, audience: str, place: str | None) -> bool:
        return audience in self.places and place in {None, self.places[audience]}


@dataclass(frozen=True)
class Part:
    """A region rendered with the page, for the person who asked for it.

    Beside the room's audiences there are pages with parts: "preparation" (the secretary's), "record" (of a meeting that
    is closed), and "reading" (what stands above the agenda and its papers on the page of a meeting), all with the place
    "main".
    """

    name: str
    places: Mapping[str, str]
    template: str
    context: Callable[[Meeting, Person], Context]
    order: int = 50

    def stands_in(self, audience: str, place: str | None) -> bool:
        return audience in self.places and place in {None, self.places[audience]}


@dataclass
class Registry:
    panels: dict[str, Panel] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)


registry = Registry()


def register_panel(panel: Panel) -> None:
    registry.panels[panel.name] = panel


def register_part(part: Part) -> None:
    registry.parts[part.name] = part


def panels_in(audience: str, place: str | None = None) -> list[Panel]:
    found = [panel for panel in registry.panels.values() if panel.stands_in(audience, place)]
    return sorted(found, key=lambda panel: (panel.order, panel.name))


def parts_in(audience: str, place: str | None = None) -> list[Part]:
    found = [part for part in registry.parts.values() if part.stands_in(audience, place)]
    return sorted(found, key=lambda part: (part.order, part.name))


def stream_of(meeting: Meeting, audience: str) -> str:
    return f"room:{meeting.pk}:{audience}"


def item_stream_of(item: AgendaItem) -> str:
    """A closed item has a stream of its own: the floor's panels leave it out."""
    return f"room:{item.meeting_id}:item-{item.pk}"


def touch_room(meeting: Meeting, *names: str, item: AgendaItem | None = None) -> None:
    """Say that these panels changed. What concerns a closed item is told to the desk and to those admitted alone:
    from outside not even the number of changes may be seen."""
    inside = item is not None and item.is_closed
    audiences = ("desk",) if inside else AUDIENCES
    key = ("room is told", meeting.pk, names, item.pk if item is not None else None)
    held(key, lambda: touch_panels(meeting, lambda panel: panel.name in names, item, audiences))  # by a batch once


def tell_room(meeting: Meeting, *topics: str, item: AgendaItem | None = None) -> None:
    """Say what changed; every panel that follows one of the topics is shown anew, whichever app it belongs to."""
    touch_panels(meeting, lambda panel: bool(panel.follows & set(topics)), item, AUDIENCES)


def tell_inside(item: AgendaItem, *topics: str) -> None:
    """Say what changed within an item; of a closed one, only to the desk and to those admitted: see `touch_room`."""
    audiences = ("desk",) if item.is_closed else AUDIENCES
    touch_panels(item.meeting, lambda panel: bool(panel.follows & set(topics)), item, audiences)


def touch_panels(
    meeting: Meeting, is_touched: Callable[[Panel], bool], item: AgendaItem | None, audiences: Iterable[str]
) -> None:
    streams = {stream_of(meeting, audience): audience for audience in audiences}
    if item is not None and item.is_closed:
        streams[item_stream_of(item)] = "floor"
    for stream, audience in streams.items():
        shown = [panel.name for panel in panels_in(audience) if is_touched(panel)]
        if shown:
            touch(stream, *shown)


def render_panel(panel: Panel, meeting: Meeting, audience: str, item: AgendaItem | None = None) -> str:
    """Return the panel's HTML; `item` is the closed item for whose admitted people it is rendered.

    The panel's own context finds it as `meeting.shown_item`: on the floor what concerns closed items is left out.
    """
    meeting.shown_item = item
    context = {"meeting": meeting, "audience": audience, "closed_item": item, **panel.context(meeting, audience)}
    return render_to_string(panel.template, context).strip()


class RoomStream(StreamKind):
    """`room:<meeting>:<audience>`, and `room:<meeting>:item-<key>` for a closed item."""

    prefix = "room"
    mode = "panels"

    def may_listen(self, principal: Principal, name: str) -> bool:
        meeting, audience, item = self.parts_of(name)
        if meeting is None or (audience not in AUDIENCES and item is None):
            return False
        if principal.person_id is None:
            return (
                audience == "wall"
                and Device.objects.filter(pk=principal.key.partition(":")[2], scope=f"meeting:{meeting.pk}").exists()
            )
        person = Person.objects.filter(pk=principal.person_id).first()
        if person is None:
            return False
        if item is not None:
            return may_see_item(person, item)
        return may_sit_in(person, meeting, audience)

    def panels(self, name: str) -> list[str]:
        _meeting, audience, item = self.parts_of(name)
        return [panel.name for panel in panels_in("floor" if item else audience)]

    def has_panel(self, name: str, panel: str) -> bool:
        audience = name.rpartition(":")[2]
        return panel in {one.name for one in panels_in(audience)} or super().has_panel(name, panel)

    def render(self, name: str, panel: str, language: str) -> str:
        meeting, audience, item = self.parts_of(name)
        if meeting is None or panel not in registry.panels:
            return ""
        with translation.override(language):
            return render_panel(registry.panels[panel], meeting, "floor" if item else audience, item)

    def parts_of(self, name: str) -> tuple[Meeting | None, str, AgendaItem | None]:
        """One thing has one name: another spelling of a key would open a second stream beside it."""
        _prefix, _colon, rest = name.partition(":")
        key, _colon, audience = rest.partition(":")
        meeting = meetings_by_key([key]).first() if is_uuid(key) else None
        if meeting is None or not audience.startswith("item-"):
            return meeting, audience, None
        number = key_in(audience.removeprefix("item-"))
        item = meeting.items.filter(pk=number, is_closed=True).first()
        is_its_name = item is not None and item_stream_of(item) == name
        return meeting, audience, item if is_its_name else None


def meetings_by_key(keys: Iterable[str]) -> QuerySet[Meeting]:
    return Meeting.objects.filter(pk__in=list(keys)).select_related("rule_set", "organisation", "current_item")


def is_uuid(text: str) -> bool:
    """Is this a key as this house writes it: small letters, with dashes?"""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
