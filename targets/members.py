"""What each member did in a period: sessions attended, speeches, votes. For the members of one unit's sessions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, Person
from meetings.models import Attendance, Meeting, Participant, Speech
from voting.models import Ballot, Elector


@dataclass
class Presence:
    """One member in one session."""

    meeting: Meeting
    title: str = ""
    was_there: bool = False
    speeches: int = 0
    speech_seconds: float = 0.0
    polls: int = 0
    ballots: int = 0


@dataclass
class Member:
    person: Person
    presences: list[Presence] = field(default_factory=list)

    @property
    def sessions(self) -> int:
        return len(self.presences)

    @property
    def attended(self) -> int:
        return sum(presence.was_there for presence in self.presences)

    @property
    def attendance(self) -> float | None:
        return self.attended / self.sessions if self.presences else None

    @property
    def speeches(self) -> int:
        return sum(presence.speeches for presence in self.presences)

    @property
    def speech_minutes(self) -> float:
        return sum(presence.speech_seconds for presence in self.presences) / 60

    @property
    def polls(self) -> int:
        return sum(presence.polls for presence in self.presences)

    @property
    def ballots(self) -> int:
        return sum(presence.ballots for presence in self.presences)


def held_meetings(unit: Organisation, first: date | None, last: date | None) -> QuerySet[Meeting]:
    """The closed sessions of the unit itself in the period, by the day on which they were to begin."""
    found = Meeting.objects.filter(organisation=unit, state=Meeting.State.CLOSED, started_at__isnull=False)
    if first:
        found = found.filter(starts_at__gte=beginning_of(first))
    if last:
        found = found.filter(starts_at__lt=beginning_of(last + timedelta(days=1)))
    return found


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def members_of(meetings: QuerySet[Meeting]) -> list[Member]:
    """Return everybody who had a vote in these sessions, by name; a constant number of queries.

    Votes are counted where somebody was on the roll and present; what was chosen is not looked at.
    """
    held = {meeting.pk: meeting for meeting in meetings.only("pk", "title", "starts_at")}
    places = Participant.objects.filter(Q(has_vote=True) & ~Q(role=Participant.Role.STAND_IN), meeting__in=held)
    members: dict[int, Member] = {}
    by_place: dict[int, Presence] = {}
    by_seat: dict[tuple[int, Any], Presence] = {}
    for place in places.select_related("person").order_by("meeting__starts_at"):
        presence = Presence(held[place.meeting_id], place.title)
        by_place[place.pk] = by_seat[place.person_id, place.meeting_id] = presence
        members.setdefault(place.person_id, Member(place.person)).presences.append(presence)
    add_attendance(by_place)
    add_speeches(by_place)
    add_votes(by_seat, list(held))
    return sorted(members.values(), key=lambda member: (member.person.folded_name, member.person.pk))


def add_attendance(by_place: dict[int, Presence]) -> None:
    for place in Attendance.objects.filter(participant__meeting__in=meetings_in(by_place)).values_list(
        "participant_id", flat=True
    ):
        if place in by_place:
            by_place[place].was_there = True


def add_speeches(by_place: dict[int, Presence]) -> None:
    for speech in Speech.objects.filter(meeting__in=meetings_in(by_place)).exclude(ended_at=None):
        presence = by_place.get(speech.participant_id)
        if presence is not None and speech.ended_at is not None:
            presence.speeches += 1
            presence.speech_seconds += (speech.ended_at - speech.began_at).total_seconds()


def add_votes(by_seat: dict[tuple[int, Any], Presence], meetings: list[Any]) -> None:
    roll = Elector.objects.filter(poll__meeting__in=meetings, poll__closed_at__isnull=False).present()
    cast: dict[tuple[int, Any], int] = defaultdict(int)
    ballots = Ballot.objects.filter(poll__meeting__in=meetings, poll__closed_at__isnull=False)
    for person, meeting in ballots.values_list("elector__person_id", "poll__meeting_id"):
        cast[person, meeting] += 1
    for seat in roll.values_list("person_id", "poll__meeting_id"):
        if seat in by_seat:
            by_seat[seat].polls += 1
            by_seat[seat].ballots = cast[seat]


def meetings_in(by_place: dict[int, Presence]) -> set[Any]:
    return {presence.meeting.pk for presence in by_place.values()}
