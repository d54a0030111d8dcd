"""What may stand on a ballot, and how it is written down: as one short text, the same for the same choice. Pure.

- a question: the key of one option, "for"
- an election: the keys of those chosen in the order of the ballot, "own-1+own-4"
- a rating: a level for everybody on the list in its order, "p-1=high;p-2=low"
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["question", "election", "rating"]
AND, IS, THEN = "+", "=", ";"


class NotOnThisPaper(ValueError):
    """`reason`: unknown, none, too_many, incomplete."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Paper:
    """`options`: keys of choices, candidates or levels; `subjects`: of those rated; `seats`: how many are chosen."""

    kind: Kind
    options: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    seats: int = 1

    def written(self, text: str) -> str:
        """Return a choice as it is written down. Raises NotOnThisPaper for what cannot stand on this paper."""
        if self.kind == "election":
            return AND.join(self.chosen(text))
        if self.kind == "rating":
            return THEN.join(f"{subject}{IS}{level}" for subject, level in self.levels(text).items())
        if text not in self.options:
            raise NotOnThisPaper("unknown")
        return text

    def chosen(self, text: str) -> tuple[str, ...]:
        """Return the candidates of a ballot of an election, in the order of the paper."""
        named = text.split(AND) if text else []
        if not named:
            raise NotOnThisPaper("none")
        if not set(named) <= set(self.options) or len(set(named)) < len(named):
            raise NotOnThisPaper("unknown")
        if len(named) > self.seats:
            raise NotOnThisPaper("too_many")
        return tuple(key for key in self.options if key in named)

    def levels(self, text: str) -> dict[str, str]:
        """Return the level of everybody rated, in the order of the paper."""
        pairs = [part.partition(IS) for part in text.split(THEN) if part]
        found = {subject: level for subject, _is, level in pairs}
        if len(found) < len(pairs) or not set(found) <= set(self.subjects) or not {*found.values()} <= {*self.options}:
            raise NotOnThisPaper("unknown")
        if len(found) < len(self.subjects):
            raise NotOnThisPaper("incomplete")
        return {subject: found[subject] for subject in self.subjects}

    def keys(self, text: str) -> list[str]:
        """Return under what a ballot is listed: each candidate chosen, each person with the level given."""
        separator = {"question": None, "election": AND, "rating": THEN}[self.kind]
        return text.split(separator) if separator else [text]
