"""What a rule comes to in a body of so many members: asked of the tally itself, never computed a second way. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from voting.tally import Ballot, Elector, Rule, Side, Step, tally

HEAD = 1  # the key of the elector who is the head of the body


@dataclass(frozen=True)
class Reach:
    """How many `step` asks for when so many are there and each gives a ballot for what it counts."""

    step: Step
    needed: int
    present: int

    @property
    def is_possible(self) -> bool:
        return self.needed <= self.present


@dataclass(frozen=True)
class Turnout:
    """So many are there: everybody, or just enough to meet."""

    present: int
    is_everybody: bool
    reaches: tuple[Reach, ...]


@dataclass(frozen=True)
class Even:
    """Everybody is there, `each` for and `each` against, `rest` not voting. Outcomes by the side the head takes."""

    each: int
    rest: int
    with_head_for: str
    with_head_against: str

    @property
    def head_decides(self) -> bool:
        return self.with_head_for != self.with_head_against


@dataclass(frozen=True)
class LostMajority:
    """More are for than against, and it is not passed, though as many for as against may be."""

    for_it: int
    against: int


@dataclass(frozen=True)
class Preview:
    """`quorum` is 0 where none is asked for; `even` is None where the rule knows no tie.

    `lost_majority` is None unless a tie asks for less than the majority does.
    """

    members: int
    quorum: int
    turnouts: tuple[Turnout, ...]
    even: Even | None
    lost_majority: LostMajority | None

    @property
    def depends_on_ballots(self) -> bool:
        """Is a share taken of another whole than all members?"""
        return any(reach.step.base != "all_members" for reach in self.turnouts[0].reaches)


def preview_of(rule: Rule, members: int) -> Preview:
    """Hold votes that never were in a body of `members` and say what they would have come to."""
    quorum = tally(roll_of(members, present=0), (), rule).quorum.needed
    turnouts = tuple(turnout(rule, members, present) for present in sorted({members, quorum or members}, reverse=True))
    even = even_vote(rule, members)
    lost = lost_majority(rule, members) if even and even.with_head_for == "passed" else None
    return Preview(members, quorum, turnouts, even, lost)


def turnout(rule: Rule, members: int, present: int) -> Turnout:
    reaches = tuple(Reach(step, asked_by(rule, step, members, present), present) for step in rule.steps)
    return Turnout(present, present == members, reaches)


def asked_by(rule: Rule, step: Step, members: int, present: int) -> int:
    """What the tally names as needed when this step stands alone and all who are there choose what it counts."""
    chosen = key_of(rule, step.counts)
    ballots = [Ballot(key, chosen) for key in range(1, present + 1)]
    needed = tally(roll_of(members, present=present), ballots, replace(rule, steps=(step,))).needed
    assert needed is not None  # a rule with a step names one
    return needed


def even_vote(rule: Rule, members: int) -> Even | None:
    each = members // 2
    if rule.tie == "none" or not each:
        return None
    return Even(
        each, members - 2 * each, even_outcome(rule, members, head="for"), even_outcome(rule, members, head="against")
    )


def even_outcome(rule: Rule, members: int, *, head: Literal["for", "against"]) -> str:
    """What as many for as against comes to when the head stands on that side and the tie is confirmed."""
    other: Side = "against" if head == "for" else "for"
    each = members // 2
    sides: list[Side] = [*[head] * each, *[other] * each, *["not_voting"] * (members - 2 * each)]  # type: ignore[list-item]
    return outcome_of(rule, sides)


def lost_majority(rule: Rule, members: int) -> LostMajority | None:
    """The greatest majority that is not passed, everybody present and on a side."""
    for_it = min(asked_by(rule, step, members, members) for step in rule.steps if step.outcome == "passed") - 1
    against = members - for_it
    sides: list[Side] = [*["for"] * for_it, *["against"] * against]  # type: ignore[list-item]
    if for_it > against and outcome_of(rule, sides) != "passed":
        return LostMajority(for_it, against)
    return None


def outcome_of(rule: Rule, sides: Sequence[Side]) -> str:
    """What it comes to when everybody is there; the head takes the first of the sides."""
    ballots = [Ballot(key, key_of(rule, side)) for key, side in enumerate(sides, start=HEAD)]
    return tally(roll_of(len(sides), present=len(sides)), ballots, rule).outcome_once_confirmed


def roll_of(members: int, *, present: int) -> list[Elector]:
    return [Elector(key, present=key <= present, is_head=key == HEAD) for key in range(1, members + 1)]


def key_of(rule: Rule, counts: str) -> str:
    """The choice on the ballot that a step counts: by its side, or by its own key."""
    return next((option.key for option in rule.options if counts in {option.key, option.counts_as}), counts)
