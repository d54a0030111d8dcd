"""A result as it is kept with the poll: numbers and codes, no words, so that every reader reads it in his language."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet

from voting.models import Ballot, Correction, Elector, Poll
from voting.tally import BASES, Base, Counts, Election, Result, elect, rate, share, tally
from voting.tally import Ballot as Cast
from voting.tally import Elector as Entitled
from voting.terms import rule_of

LINES_IN_LARGE_LETTERS = 4


@dataclass(frozen=True)
class Line:
    """One choice in the table of results: its number, and its part of each base (None where the base is 0)."""

    key: str
    label: str
    counts_as: str | None
    number: int
    standing: str  # "elected", "undecided" or ""
    parts: dict[Base, Fraction | None]

    @property
    def of_all_members(self) -> Fraction | None:
        return self.parts["all_members"]


@dataclass(frozen=True)
class Rated:
    """One person of a rating: each level with its number and its part of the ballots cast, and what follows."""

    label: str
    cells: list[tuple[dict[str, Any], int, Fraction | None]]
    outcome: str


@dataclass(frozen=True)
class Voice:
    """One line of a list of names: an elector and the ballot, if there is one."""

    elector: Elector
    ballot: Ballot | None


@dataclass(frozen=True)
class Table:
    """What a result shows. `bases` holds the whole that each column's percentages are of."""

    lines: list[Line]
    bases: dict[Base, int]
    counts: dict[str, int]
    needed: int | None
    step: dict[str, Any] | None
    quorum: dict[str, int]
    tie: dict[str, Any] | None
    subjects: list[Rated]

    @property
    def is_long(self) -> bool:
        """Do its lines need small letters on the wall?"""
        return len(self.lines) > LINES_IN_LARGE_LETTERS or bool(self.subjects)


def result_of(poll: Poll) -> dict[str, Any]:
    """Count the poll's ballots as they are now, as it is kept; the caller holds the poll's lock."""
    roll = [
        Entitled(elector.pk, present=elector.is_present, is_head=elector.is_head, weight=elector.weight)
        for elector in Elector.objects.filter(poll=poll)
    ]
    cast = [Cast(key, choice) for key, choice in Ballot.objects.filter(poll=poll).values_list("elector", "choice")]
    rule = rule_of(poll.rules, poll.options)
    if poll.kind == Poll.Kind.ELECTION:
        return election_as_kept(elect(roll, cast, rule, poll.paper))
    if poll.kind == Poll.Kind.RATING:
        return rating_as_kept(rate(roll, cast, rule, poll.paper))
    return as_kept(tally(roll, cast, rule))


def as_kept(result: Result) -> dict[str, Any]:
    return {
        "counts": counts_as_kept(result.counts),
        "needed": result.needed,
        "quorum": asdict(result.quorum),
        "tie": asdict(result.tie) if result.tie else None,
        "outcome": result.outcome,
        "outcome_once_confirmed": result.outcome_once_confirmed,
    }


def election_as_kept(election: Election) -> dict[str, Any]:
    return {
        "counts": counts_as_kept(election.counts),
        "needed": election.needed,
        "quorum": asdict(election.quorum),
        "tie": None,
        "outcome": election.outcome,
        "outcome_once_confirmed": election.outcome,
        "elected": list(election.elected),
        "undecided": list(election.undecided),
    }


def rating_as_kept(rated: dict[str, Result]) -> dict[str, Any]:
    """The whole is that of any of them: every ballot holds a level for everybody."""
    first = next(iter(rated.values()))
    outcome = "rated" if first.quorum.stands else "no_quorum"
    return as_kept(first) | {
        "outcome": outcome,
        "outcome_once_confirmed": outcome,
        "subjects": {
            key: {"by_option": dict(result.counts.by_option), "outcome": result.outcome}
            for key, result in rated.items()
        },
    }


def counts_as_kept(counts: Counts) -> dict[str, Any]:
    return asdict(counts) | {"by_option": dict(counts.by_option)}


def table_of(poll: Poll) -> Table:
    """The table of a poll that has a result."""
    kept = poll.result or {}
    by_option = kept["counts"]["by_option"]
    counts = Counts(**{**kept["counts"], "by_option": tuple(by_option.items())})
    bases = {base: counts.base(base) for base in BASES}
    steps = poll.rules["steps"]
    return Table(
        lines=[
            Line(
                key=option["key"],
                label=option["label"],
                counts_as=option["counts_as"],
                number=by_option[option["key"]],
                standing=standing_of(option["key"], kept),
                parts=parts_of(by_option[option["key"]], bases, option["counts_as"]),
            )
            for option in poll.options
        ],
        bases=bases,
        counts=kept["counts"],
        needed=kept["needed"],
        step=steps[0] if steps else None,
        quorum=kept["quorum"],
        tie=kept["tie"],
        subjects=[rated(subject, kept, poll.options) for subject in poll.subjects],
    )


def standing_of(key: str, kept: dict[str, Any]) -> str:
    return next((name for name in ("elected", "undecided") if key in kept.get(name, [])), "")


def rated(subject: dict[str, str], kept: dict[str, Any], levels: list[dict[str, Any]]) -> Rated:
    found, cast = kept["subjects"][subject["key"]], kept["counts"]["cast"]
    numbers = found["by_option"]
    cells = [(level, numbers[level["key"]], share(numbers[level["key"]], cast)) for level in levels]
    return Rated(subject["label"], cells, found["outcome"])


def parts_of(number: int, bases: dict[Base, int], counts_as: str | None) -> dict[Base, Fraction | None]:
    """Only for and against are parts of "for and against together"."""
    inside = counts_as in {"for", "against"}
    return {
        base: share(number, whole) if inside or base != "for_and_against" else None for base, whole in bases.items()
    }


def with_ballots(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """The polls with their rolls and ballots, in as many queries for thirty as for one."""
    roll = Elector.objects.select_related("person", "stands_for").order_by("pk")
    ballots = Ballot.objects.select_related("recorded_by")
    related = polls.select_related("meeting__organisation", "item", "repeats", "rule_set")
    said = Correction.objects.select_related("by")
    return related.prefetch_related(
        Prefetch("electors", roll), Prefetch("ballots", ballots), Prefetch("corrections", said)
    )


def names_by_choice(poll: Poll) -> dict[str, list[Voice]]:
    """Who chose what, who gave no ballot (""), who was absent ("absent"); in the order of the roll.

    In an election one voice stands under each candidate chosen, in a rating under "p-1=high". Fetch the poll
    `with_ballots`.
    """
    ballot_of = {ballot.elector_id: ballot for ballot in poll.ballots.all()}
    found: dict[str, list[Voice]] = {}
    for elector in poll.electors.all():
        ballot = ballot_of.get(elector.pk)
        for key in poll.paper.keys(ballot.choice) if ballot else ["" if elector.is_present else "absent"]:
            found.setdefault(key, []).append(Voice(elector, ballot))
    return found
