"""What a room's page opens with: panels with the stream that renews them, and parts made for the person."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import Person
from accounts.personal import PersonalStream
from accounts.personal import stream_of as personal_stream_of
from accounts.requests import SignedInRequest
from meetings.models import Meeting
from meetings.room import item_stream_of, panels_in, parts_in, render_panel, stream_of

SEATS = ("floor", "gallery")  # where somebody sits with papers of the own


@dataclass(frozen=True)
class Region:
    """One piece of the page; without a stream it stays as it is."""

    name: str
    html: SafeString
    stream: str = ""
    order: int = 50

    @property
    def css_name(self) -> str:
        """The panel's name without the meeting it is about."""
        return self.name.partition(":")[0]


def regions(meeting: Meeting, audience: str, request: HttpRequest, *, person: Person | None) -> dict[str, list[Region]]:
    """All regions by place, in their order; a wall has no person and therefore no parts."""
    places: dict[str, list[Region]] = defaultdict(list)
    for panel in panels_in(audience):
        html = mark_safe(render_panel(panel, meeting, audience))  # noqa: S308 - rendered by a template
        places[panel.places[audience]].append(Region(panel.name, html, stream_of(meeting, audience), panel.order))
    if person is None:
        return places
    add_closed_items(places, meeting, audience, person)
    for part in parts_in(audience):
        context = {"meeting": meeting, "audience": audience, "person": person, **part.context(meeting, person)}
        html = render_to_string(part.template, context, request)
        places[part.places[audience]].append(Region(part.name, html, order=part.order))
    for standing in places.values():
        standing.sort(key=lambda region: region.order)
    if audience in SEATS:
        places["mine"].append(personal(person, f"presence:{meeting.pk}"))
        places["agenda"].append(personal(person, f"papers:{meeting.pk}"))
    return places


def parts_of_page(page: str, meeting: Meeting, request: SignedInRequest) -> list[Region]:
    """What other apps add to the page of preparing a meeting ("preparation") or to its record ("record")."""
    found = []
    for part in parts_in(page, "main"):
        context = {"meeting": meeting, "person": request.user, **part.context(meeting, request.user)}
        found.append(Region(part.name, render_to_string(part.template, context, request)))
    return found


def add_closed_items(places: dict[str, list[Region]], meeting: Meeting, audience: str, person: Person) -> None:
    """Beside each floor panel stands the one of every closed item this person is admitted to."""
    if audience != "floor":
        return
    for item in meeting.items.visible_to(person).filter(is_closed=True):
        for panel in panels_in("floor"):
            html = mark_safe(render_panel(panel, meeting, "floor", item))  # noqa: S308 - rendered by a template
            places[panel.places["floor"]].append(Region(panel.name, html, item_stream_of(item), panel.order))


def personal(person: Person, panel: str) -> Region:
    stream = personal_stream_of(person.pk)
    html = PersonalStream().render(stream, panel, get_language() or "vi")
    return Region(panel, mark_safe(html), stream)  # noqa: S308 - rendered by a template
