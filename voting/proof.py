"""Does a vote hold? It is counted again from its ballots and compared with what the log of acts says of it."""

import json
from collections.abc import Iterator
from typing import Any

from accounts.acts import breaks_of, spoken_time
from accounts.models import Act, ChainHead
from voting.actions import sealed
from voting.models import Ballot, Poll
from voting.results import result_of

ASKED = ("question", "kind", "options", "subjects", "seats")


def doubts(poll: Poll) -> Iterator[str]:
    """Yield a sentence for everything that does not agree, never saying who chose what. The poll has a result."""
    chain = f"meeting:{poll.meeting_id}"
    acts = acts_since_opening(chain, poll)
    yield from doubts_about_the_count(poll, acts)
    yield from doubts_about_the_roll(poll, acts)
    yield from doubts_about_ballots(poll, acts)
    for place in breaks_of(chain, ChainHead.objects.filter(name=chain).first()):
        yield f"The log of acts is broken at {place.number}: {place.reason}."


def acts_since_opening(chain: str, poll: Poll) -> list[Act]:
    """What the log says of this poll, from the opening that holds: an earlier one was taken back."""
    acts = list(Act.objects.filter(chain=chain, about=poll.about).order_by("number"))
    openings = [place for place, act in enumerate(acts) if act.act == "poll_opened"]
    return acts[openings[-1] :] if openings else []


def doubts_about_the_count(poll: Poll, acts: list[Act]) -> Iterator[str]:
    if as_stored(result_of(poll)) != poll.result:
        yield "Counted again, the ballots give another result than the one that is kept."
    kept = poll.result or {}
    expected = kept["outcome_once_confirmed"] if poll.tie_confirmed else kept["outcome"]
    if poll.outcome != expected:
        yield "The outcome is not the one that follows from the result."
    if last_facts(acts, "poll_closed").get("result") != poll.result:
        yield "The result is not the one that the log of acts has from the closing."
    announced = last_facts(acts, "result_announced")
    if poll.state == Poll.State.ANNOUNCED and announced.get("outcome") != poll.outcome:
        yield "The outcome is not the one that the log of acts has from the announcement."


def doubts_about_the_roll(poll: Poll, acts: list[Act]) -> Iterator[str]:
    opened = last_facts(acts, "poll_opened")
    roll = list(poll.electors.order_by("pk"))
    if opened.get("roll") != [elector.person_id for elector in roll]:
        yield "The roll is not the one of the opening."
    if opened.get("rules") != poll.rules:
        yield "The rules are not those of the opening."
    # Openings of before these were noted have none.
    if any(name in opened and opened[name] != getattr(poll, name) for name in ASKED):
        yield "The question, its choices or its candidates are not those of the opening."
    there = opened.get("there")  # openings of before it was noted have none
    if there is not None and there != [elector.person_id for elector in roll if elector.present_at_opening]:
        yield "Those present are not those of the opening."
    admitted = {act.facts["elector"] for act in acts if act.act == "elector_admitted"}
    if admitted != {elector.person_id for elector in roll if elector.admitted_at is not None}:
        yield "Those admitted later are not those of the log of acts."


def doubts_about_ballots(poll: Poll, acts: list[Act]) -> Iterator[str]:
    seals = {act.facts["elector"]: act.facts["hash"] for act in acts if act.act in {"ballot_cast", "ballot_changed"}}
    ballots = {
        ballot.elector.person_id: ballot for ballot in Ballot.objects.filter(poll=poll).select_related("elector")
    }
    if missing := len(seals.keys() - ballots.keys()):
        yield f"{missing} ballot(s) of which the log of acts tells are not there."
    if unknown := len(ballots.keys() - seals.keys()):
        yield f"{unknown} ballot(s) are there of which the log of acts does not tell."
    if changed := sum(sealed(ballots[key]) != seals[key] for key in ballots.keys() & seals.keys()):
        yield f"{changed} ballot(s) do not carry the seal that the log of acts has."


def last_facts(acts: list[Act], name: str) -> dict[str, Any]:
    return next((act.facts for act in reversed(acts) if act.act == name), {})


def as_stored(value: dict[str, Any]) -> Any:
    return json.loads(json.dumps(value))


# -- The file of a vote ------------------------------------------------------------------------------------------------


def file_of(poll: Poll) -> dict[str, Any]:
    """Return all that somebody needs who wants to count again without this system: see voting/checker/check_vote.py.

    Of the session's other acts it holds the hashes alone. Fetch the poll `with_ballots`.
    """
    chain = f"meeting:{poll.meeting_id}"
    head = ChainHead.objects.get(name=chain)
    return {
        "format": 1,
        "poll": str(poll.pk),
        "question": poll.question,
        "kind": poll.kind,
        "options": poll.options,
        "subjects": poll.subjects,
        "seats": poll.seats,
        "rules": poll.rules,
        "result": poll.result,
        "outcome": poll.outcome,
        "tie_confirmed": poll.tie_confirmed,
        "corrections": [correction.words for correction in poll.corrections.all()],
        "roll": [
            {
                "key": elector.pk,
                "person": elector.person_id,
                "name": elector.person.full_name,
                "present": elector.is_present,
                "is_head": elector.is_head,
            }
            for elector in poll.electors.all()
        ],
        "ballots": [
            {"elector": ballot.elector_id, "choice": ballot.choice, "how": ballot.how, "salt": ballot.salt}
            for ballot in poll.ballots.all()
        ],
        "chain": {
            "name": chain,
            "head": {"number": head.number, "hash": head.hash},
            "links": [link_of(act, poll) for act in Act.objects.filter(chain=chain).order_by("number")],
        },
    }


def link_of(act: Act, poll: Poll) -> dict[str, Any]:
    link: dict[str, Any] = {"number": act.number, "previous": act.previous_hash, "hash": act.hash}
    if act.about == poll.about:
        told = {name: getattr(act, name) for name in ("act", "about", "facts", "address")}
        link["told"] = told | {"at": spoken_time(act.at), "by": act.by_id}
    return link
