"""From a roll, ballots and a rule to a result. Pure: no Django, no clock, no floats.

Integers and fractions decide; a percentage is only ever shown. Kept apart, because the law keeps them apart: a member
who chose not to vote (*not voting*), one who sat there and gave no ballot (*no ballot*), one who was not there
(*absent*).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from meetings.quorum import Quorum, needed, quorum_of
from voting.ballot_papers import NotOnThisPaper, Paper

Side = Literal["for", "against", "not_voting"]
Base = Literal["all_members", "present", "cast", "valid", "for_and_against"]
TieRule = Literal["head_decides", "not_passed", "none"]
# Why the tie rule of a body with a head took no side.
NoSide = Literal["no_head", "head_absent", "head_no_ballot", "head_not_voting"]

BASES: tuple[Base, ...] = ("all_members", "present", "cast", "valid", "for_and_against")


@dataclass(frozen=True)
class Option:
    """One choice on the ballot. `counts_as` is None for choices that take no side: plans, levels of confidence."""

    key: str
    counts_as: Side | None


@dataclass(frozen=True)
class Step:
    """`counts` (a side or an option's key) reaching `share` of `base` leads to `outcome`."""

    counts: str
    base: Base
    share: Fraction
    strictly_more: bool
    outcome: str


@dataclass(frozen=True)
class Rule:
    """Steps are tried in order, the first one reached decides; `otherwise` if none is."""

    options: tuple[Option, ...]
    steps: tuple[Step, ...]
    otherwise: str
    tie: TieRule
    quorum: Fraction | None = None
    quorum_strictly_more: bool = False


@dataclass(frozen=True)
class Elector:
    """A member entitled to vote. `present`: checked in at the opening, or admitted as a latecomer."""

    key: int
    present: bool
    is_head: bool = False
    weight: int = 1


@dataclass(frozen=True)
class Ballot:
    """A ballot whose choice is not among the options is invalid: cast, not valid."""

    elector: int
    choice: str


@dataclass(frozen=True)
class Counts:
    """Whole numbers. all_members = present + absent; present = cast + no_ballot; cast = valid + invalid."""

    all_members: int
    present: int
    absent: int
    cast: int
    no_ballot: int
    valid: int
    invalid: int
    for_: int
    against: int
    not_voting: int
    by_option: tuple[tuple[str, int], ...]

    @property
    def for_and_against(self) -> int:
        return self.for_ + self.against

    def base(self, name: Base) -> int:
        """The whole that a share is taken of."""
        return int(getattr(self, name))

    def of(self, what: str) -> int:
        """The number of a side or of an option."""
        sides = {"for": self.for_, "against": self.against, "not_voting": self.not_voting}
        return sides[what] if what in sides else dict(self.by_option).get(what, 0)


@dataclass(frozen=True)
class Tie:
    """As many for as against. `side` is where the head of the body stood, if the rule asks; `no_side` says why not."""

    rule: TieRule
    side: Literal["for", "against"] | None
    no_side: NoSide | None


@dataclass(frozen=True)
class Result:
    """`outcome` is one of the rule's, or "tie" (words are needed: the secretary confirms the side of the head), or
    "no_quorum". `needed` is that of the first step, the one printed beside the result; None without steps."""

    counts: Counts
    outcome: str
    needed: int | None
    quorum: Quorum
    tie: Tie | None

    @property
    def outcome_once_confirmed(self) -> str:
        """What a confirmed tie comes to: the head's side. Any other outcome needs no confirmation."""
        if self.outcome != "tie":
            return self.outcome
        return "passed" if self.tie and self.tie.side == "for" else "not_passed"


def tally(roll: Iterable[Elector], ballots: Iterable[Ballot], rule: Rule) -> Result:
    """The result. A ballot of someone not on the roll, or not present, changes nothing; the order never matters.

    Raises ValueError if an elector or a ballot is there twice: the database lets neither in, so something is wrong.
    """
    electors = _by_key(roll)
    cast = _eligible(ballots, electors)
    counts = count(electors, cast, rule.options)
    quorum = _quorum(counts, rule)
    tie = _tie(electors, cast, counts, rule)
    first = _needed(counts, rule.steps[0]) if rule.steps else None
    return Result(counts, _outcome(counts, rule, quorum, tie), first, quorum, tie)


@dataclass(frozen=True)
class Election:
    """Who was chosen. `undecided` are as many as one another where there are fewer seats left than of them.

    `outcome`: "elected" when every seat is taken, "seats_left" when fewer reached what is needed, "border_tie" when
    there are undecided ones, "counted" when the rules name no threshold, "no_quorum".
    """

    counts: Counts
    elected: tuple[str, ...]
    undecided: tuple[str, ...]
    outcome: str
    needed: int | None
    quorum: Quorum


def elect(roll: Iterable[Elector], ballots: Iterable[Ballot], rule: Rule, paper: Paper) -> Election:
    """Count an election: who reaches the first step's share of its base, most votes first, while there are seats."""
    electors = _by_key(roll)
    cast = _eligible(ballots, electors)
    chosen = {key: _chosen(paper, text) for key, text in cast.items()}
    counts = _counts(electors, chosen, rule.options)
    quorum = _quorum(counts, rule)
    if not rule.steps:
        return Election(counts, (), (), "counted" if quorum.stands else "no_quorum", None, quorum)
    least = _needed(counts, rule.steps[0])
    if not quorum.stands or not counts.base(rule.steps[0].base):
        return Election(counts, (), (), "seats_left" if quorum.stands else "no_quorum", least, quorum)
    reached = sorted(
        ((key, number) for key, number in counts.by_option if number >= least), key=lambda found: -found[1]
    )
    elected, undecided = _seated(reached, paper.seats)
    outcome = "border_tie" if undecided else "elected" if len(elected) == paper.seats else "seats_left"
    return Election(counts, elected, undecided, outcome, least, quorum)


def rate(roll: Iterable[Elector], ballots: Iterable[Ballot], rule: Rule, paper: Paper) -> dict[str, Result]:
    """Count a rating: a result for everybody on the list, by the same roll and rule."""
    electors, cast = list(roll), list(ballots)
    return {
        subject: tally(electors, [Ballot(one.elector, _level(paper, one.choice, subject)) for one in cast], rule)
        for subject in paper.subjects
    }


def count(electors: dict[int, Elector], cast: dict[int, str], options: tuple[Option, ...]) -> Counts:
    """Every number of the result, by weight. `cast` holds eligible ballots only."""
    known = {option.key for option in options}
    return _counts(electors, {key: (choice,) if choice in known else () for key, choice in cast.items()}, options)


def _counts(electors: dict[int, Elector], chosen: dict[int, tuple[str, ...]], options: tuple[Option, ...]) -> Counts:
    """The numbers, from what each ballot chose; one that chose nothing is invalid."""
    counts_as = {option.key: option.counts_as for option in options}

    def weight(keys: Iterable[int]) -> int:
        return sum(electors[key].weight for key in keys)

    def weight_of(side: Side) -> int:
        return weight(key for key, keys in chosen.items() if any(counts_as[option] == side for option in keys))

    all_members = weight(electors)
    present = weight(key for key, elector in electors.items() if elector.present)
    valid = weight(key for key, keys in chosen.items() if keys)
    return Counts(
        all_members=all_members,
        present=present,
        absent=all_members - present,
        cast=weight(chosen),
        no_ballot=present - weight(chosen),
        valid=valid,
        invalid=weight(chosen) - valid,
        for_=weight_of("for"),
        against=weight_of("against"),
        not_voting=weight_of("not_voting"),
        by_option=tuple((o.key, weight(key for key, keys in chosen.items() if o.key in keys)) for o in options),
    )


def share(part: int, base: int) -> Fraction | None:
    """The part of a base, exactly; None for a base of 0, of which nothing is a percentage."""
    return Fraction(part, base) if base else None


def percent(value: Fraction | None, *, places: int = 3) -> Decimal | None:
    """For showing only: 2/3 -> 66.667, half rounded up as on paper."""
    if value is None:
        return None
    scaled = value * 100 * 10**places
    whole = Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
    return (whole / 10**places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _quorum(counts: Counts, rule: Rule) -> Quorum:
    return quorum_of(
        present=counts.present, total=counts.all_members, share=rule.quorum, strictly_more=rule.quorum_strictly_more
    )


def _seated(reached: list[tuple[str, int]], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who takes the seats, and who are as many as one another at the last of them. Most votes come first."""
    if len(reached) <= seats:
        return tuple(key for key, _number in reached), ()
    border = reached[seats][1]
    above = tuple(key for key, number in reached if number > border)
    level = tuple(key for key, number in reached if number == border)
    return (above, ()) if len(above) == seats else (above, level)


def _chosen(paper: Paper, text: str) -> tuple[str, ...]:
    try:
        return paper.chosen(text)
    except NotOnThisPaper:
        return ()


def _level(paper: Paper, text: str, subject: str) -> str:
    try:
        return paper.levels(text)[subject]
    except NotOnThisPaper:
        return ""


def _by_key(roll: Iterable[Elector]) -> dict[int, Elector]:
    electors: dict[int, Elector] = {}
    for elector in roll:
        if elector.key in electors:
            raise ValueError(f"elector {elector.key} is on the roll twice")
        electors[elector.key] = elector
    return electors


def _eligible(ballots: Iterable[Ballot], electors: dict[int, Elector]) -> dict[int, str]:
    cast: dict[int, str] = {}
    for ballot in ballots:
        if ballot.elector in cast:
            raise ValueError(f"elector {ballot.elector} has two ballots")
        if ballot.elector in electors and electors[ballot.elector].present:
            cast[ballot.elector] = ballot.choice
    return cast


def _outcome(counts: Counts, rule: Rule, quorum: Quorum, tie: Tie | None) -> str:
    if not quorum.stands:
        return "no_quorum"
    for step in rule.steps:
        base = counts.base(step.base)
        if base and counts.of(step.counts) >= _needed(counts, step):
            return step.outcome
    if tie and tie.side:
        return "tie"
    return rule.otherwise


def _needed(counts: Counts, step: Step) -> int:
    return needed(counts.base(step.base), step.share, strictly_more=step.strictly_more)


def _tie(electors: dict[int, Elector], cast: dict[int, str], counts: Counts, rule: Rule) -> Tie | None:
    """None when the sides differ, when nobody took one, or when the rule knows no tie (a rating)."""
    if rule.tie == "none" or counts.for_ != counts.against or not counts.for_:
        return None
    if rule.tie == "not_passed":
        return Tie("not_passed", side=None, no_side=None)
    return _side_of_the_head(electors, cast, rule)


def _side_of_the_head(electors: dict[int, Elector], cast: dict[int, str], rule: Rule) -> Tie:
    heads = [elector for elector in electors.values() if elector.is_head]
    if len(heads) != 1:
        return Tie("head_decides", side=None, no_side="no_head")
    head = heads[0]
    if not head.present:
        return Tie("head_decides", side=None, no_side="head_absent")
    side = {option.key: option.counts_as for option in rule.options}.get(cast.get(head.key, ""))
    if side == "for" or side == "against":  # noqa: PLR1714 - narrows the type
        return Tie("head_decides", side=side, no_side=None)
    return Tie("head_decides", side=None, no_side="head_not_voting" if side else "head_no_ballot")
