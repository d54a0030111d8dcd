"""Steps the tests of voting share: a poll in each state, a ballot as a tablet sends it, everything a room hears."""

from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import Person
from accounts.personal import PersonalStream
from accounts.personal import stream_of as personal_stream_of
from meetings.models import Meeting
from meetings.room import AUDIENCES, RoomStream, item_stream_of, stream_of
from realtime.operations import Offer, apply_operations
from realtime.principals import Principal
from tests.council import Council
from voting import actions
from voting.models import Poll

QUESTION = "Thông qua dự toán ngân sách năm 2027"


def drafted(council: Council, **more: Any) -> Poll:
    return actions.draft_poll(council.item, by=council.secretary, question=QUESTION, **more)


def opened(council: Council, *, with_members: int = 4, **more: Any) -> Poll:
    """A poll on the first item, open, with that many members checked in."""
    council.start(with_members=with_members)
    council.take_up()
    poll = drafted(council, **more)
    actions.open_poll(poll, by=council.secretary)
    poll.refresh_from_db()
    return poll


def closed(council: Council, choices: dict[str, str], **more: Any) -> Poll:
    """A closed poll in which the people of the cast, by their names there, chose so."""
    poll = opened(council, **more)
    for name, choice in choices.items():
        actions.cast_ballot(poll.pk, by=getattr(council, name), choice=choice)
    actions.close_poll(poll, by=council.secretary)
    poll.refresh_from_db()
    return poll


def announced(council: Council, choices: dict[str, str], **more: Any) -> Poll:
    poll = closed(council, choices, **more)
    actions.announce_result(poll, by=council.secretary)
    poll.refresh_from_db()
    return poll


def principal_of(person: Person) -> Principal:
    return Principal(person.principal_key, "vi", person.permission_version, "127.0.0.1")


def send(person: Person, poll: Poll | UUID, choice: str, *, op: str = "", **seen: str) -> dict[str, Any]:
    """A ballot as the tablet sends it, with what it showed (`opened_at`, `ballot_of`); the server's ack or nack."""
    key = poll.pk if isinstance(poll, Poll) else poll
    sent = {"op": op or str(uuid4()), "t": "cast_ballot", "poll": str(key), "choice": choice, **seen}
    return apply_operations(principal_of(person), [sent])[0]


def tap(person: Person, poll: Poll, choice: str) -> Offer:
    """The same as it stands in the writer's line, to be taken with others in one batch."""
    sent = {"op": str(uuid4()), "t": "cast_ballot", "poll": str(poll.pk), "choice": choice}
    return Offer(principal_of(person), sent)


def act(client: Client, poll: Poll, noun: str, **data: str) -> Any:
    """Press a button of the desk."""
    return client.post(reverse(f"voting:{noun}", args=[poll.pk]), data, headers={"HX-Request": "true"})


def panels_heard(meeting: Meeting, audience: str, language: str = "vi") -> dict[str, str]:
    """Every panel of a room stream, as its hub would render it now."""
    return rendered(stream_of(meeting, audience), language)


def all_that_is_heard(council: Council, *, but: tuple[Person, ...] = ()) -> dict[str, str]:
    """All panels of all audiences, of closed items, and of everybody's own stream."""
    heard = {}
    for audience in AUDIENCES:
        for name, html in panels_heard(council.meeting, audience).items():
            heard[f"{audience}/{name}"] = html
    for item in council.meeting.items.filter(is_closed=True):
        for name, html in rendered(item_stream_of(item)).items():
            heard[f"item-{item.pk}/{name}"] = html
    for name, person in council.cast.items():
        if person not in but:
            stream = personal_stream_of(person.pk)
            for panel in PersonalStream().panels(stream):
                heard[f"{name}/{panel}"] = PersonalStream().render(stream, panel, "vi")
    return heard


def rendered(stream: str, language: str = "vi") -> dict[str, str]:
    kind = RoomStream()
    return {name: kind.render(stream, name, language) for name in kind.panels(stream)}
