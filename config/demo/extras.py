"""The other members of the demo: they come by themselves, and vote some seconds after a vote opens.

Nobody has 21 tablets at hand. They act through the same actions as everybody, never for a role that a visitor can take.
"""

import random
import time
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections

from config.demo import people
from config.demo.series import THEMATIC
from meetings.actions import check_in, note_absence
from meetings.models import Meeting
from realtime.refusals import Refusal
from voting.actions import cast_ballot
from voting.ballot_papers import AND, IS, THEN
from voting.models import Elector, Poll

LOOK_EVERY_SECONDS = 1.0
VOTES_WITHIN_LOOKS = 12  # each look, about one in so many of those who have not voted yet does
SEATED = frozenset(seat.key for seat in people.SEATS)
ABSENT = {"trinh-dinh-loc": "Dự hội nghị ở Trung ương", "chu-thi-hau": ""}
DISSENTING = {"ta-quang-vinh": "against", "cao-bao-ngoc": "not_voting"}


def come_in(meeting: Meeting) -> None:
    """Check the other members in; one is excused, one may still come."""
    for participant in meeting.participants.filter(has_vote=True).select_related("person"):
        key = participant.person.username or ""
        if key in SEATED or ABSENT.get(key) == "":
            continue
        if key in ABSENT:
            note_absence(participant, by=participant.person, reason=ABSENT[key])
        else:
            check_in(participant, by=participant.person)


def act_for_ever() -> None:
    if not settings.DEMO:
        raise RuntimeError("The other members act in demo mode only.")
    dice = random.Random()  # noqa: S311 - who votes when, in a demo
    while True:
        close_old_connections()
        for elector in waiting_electors():
            if dice.randrange(VOTES_WITHIN_LOOKS) == 0:
                vote(elector, dice)
        time.sleep(LOOK_EVERY_SECONDS)


def waiting_electors() -> list[Elector]:
    """Those of an open vote of the demo's session who are there and have not voted, without the visitors' roles."""
    electors = Elector.objects.present().filter(poll__state=Poll.State.OPEN, poll__meeting__series__name=THEMATIC.name)
    return list(electors.filter(ballots=None).exclude(person__username__in=SEATED).select_related("person", "poll"))


def vote(elector: Elector, dice: random.Random) -> None:
    choice = choice_of(elector, dice)
    try:
        cast_ballot(elector.poll_id, by=elector.person, choice=choice, op=uuid4())
    except Refusal:
        return  # the vote has just closed


def choice_of(elector: Elector, dice: random.Random) -> str:
    """A ballot as it is written down: most go with the question, choose some candidates, have confidence."""
    paper = elector.poll.paper
    if paper.kind == "election":
        chosen = dice.sample(paper.options, k=min(paper.seats, len(paper.options)))
        return paper.written(AND.join(chosen))
    if paper.kind == "rating":
        levels = {subject: dice.choices(paper.options, weights=(6, 3, 1))[0] for subject in paper.subjects}
        return paper.written(THEN.join(f"{subject}{IS}{level}" for subject, level in levels.items()))
    usual = DISSENTING.get(elector.person.username or "", "for")
    return usual if usual in paper.options else dice.choice(paper.options)
