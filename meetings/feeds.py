"""A person's meetings as iCalendar: for the calendar of a telephone, through a secret link that can be revoked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import INSTALLATION, record
from accounts.models import Act, Person
from meetings.models import AgendaItem, CalendarLink, Meeting, MeetingQuerySet
from realtime.transactions import one_transaction

if TYPE_CHECKING:
    from icalendar import Event

TOKEN_BYTES = 32
DAYS_BACK = 92
State = Meeting.State
STATUS = {State.DRAFT: "TENTATIVE", State.CANCELLED: "CANCELLED"}
# Acts that a calendar must take over: each raises the sequence number of the event.
CHANGES = ("meeting_published", "meeting_changed", "meeting_cancelled", "meeting_adjourned")


# -- The secret link ---------------------------------------------------------------------------------------------------


def make_link(person: Person) -> str:
    """Revoke the link so far and return the token of a new one, to be shown once: only its hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with one_transaction():
        CalendarLink.objects.update_or_create(
            person=person, defaults={"token_hash": hash_of(token), "made_at": timezone.now()}
        )
        record(INSTALLATION, "calendar_link_made", by=person, about=f"person:{person.pk}")
    return token


def revoke_link(person: Person) -> None:
    with one_transaction():
        found, _rows = CalendarLink.objects.filter(person=person).delete()
        if found:
            record(INSTALLATION, "calendar_link_revoked", by=person, about=f"person:{person.pk}")


def person_with(token: str) -> Person | None:
    """Whose link this is; nobody's when it was revoked or the account is closed."""
    link = CalendarLink.objects.filter(token_hash=hash_of(token), person__is_active=True).select_related("person")
    found = link.first()
    return found.person if found else None


def hash_of(token: str) -> str:
    """The token is 256 random bits: a plain hash cannot be guessed backwards, and is found by an index."""
    return hashlib.sha256(token.encode()).hexdigest()


# -- The calendar ------------------------------------------------------------------------------------------------------


def meetings_in_feed(person: Person) -> MeetingQuerySet:
    """What the person may see, from three months ago on."""
    return Meeting.objects.visible_to(person).filter(starts_at__gte=timezone.now() - timedelta(days=DAYS_BACK))


def calendar_of(meetings: MeetingQuerySet, *, site: str) -> bytes:
    """The meetings as an iCalendar file. `site`: the address in front of a meeting's own."""
    from icalendar import Calendar  # a fifth of a second of imports that no start has to wait for

    # Titles of closed items never leave the system, not even towards those admitted: a feed lies open on telephones.
    shown = AgendaItem.objects.filter(is_closed=False, parent=None).order_by("position")
    rows = list(meetings.select_related("organisation").prefetch_related(Prefetch("items", shown, "open_items")))
    changes = changes_of(rows)
    calendar = Calendar()
    calendar.add("prodid", "-//Phiên//vi")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Meetings"))
    for meeting in rows:
        calendar.add_component(event_of(meeting, changes.get(meeting.chain, (0, meeting.created_at)), site))
    return bytes(calendar.to_ical())


def event_of(meeting: Meeting, change: tuple[int, datetime], site: str) -> "Event":
    from icalendar import Event

    sequence, changed_at = change
    starts_at = meeting.starts_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{meeting.pk}@phien")
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("status", STATUS.get(State(meeting.state), "CONFIRMED"))
    event.add("summary", meeting.title)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=meeting.planned_minutes))
    event.add("url", f"{site}/meetings/{meeting.pk}/")
    event.add("description", description_of(meeting))
    if meeting.place:
        event.add("location", meeting.place)
    return event


def description_of(meeting: Meeting) -> str:
    items: list[AgendaItem] = getattr(meeting, "open_items", [])
    lines = [f"– {item.title}" for item in items]
    return "\n".join([meeting.organisation.name, *lines])


def changes_of(meetings: Iterable[Meeting]) -> dict[str, tuple[int, datetime]]:
    """For each chain of a meeting: how often it changed for a calendar, and when last. Told by the log of acts."""
    chains = [meeting.chain for meeting in meetings]
    acts = Act.objects.filter(act__in=CHANGES, chain__in=chains).order_by()
    rows = acts.values_list("chain").annotate(Count("pk"), Max("at"))
    return {chain: (count, last) for chain, count, last in rows}
