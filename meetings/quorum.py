"""How many must be there, and how many must agree. Pure: whole numbers and fractions, never floats."""

from dataclasses import dataclass
from fractions import Fraction


def needed(total: int, share: Fraction, *, strictly_more: bool) -> int:
    """Return the smallest whole number that is at least `share` of `total`, or strictly more than it.

    Raises ValueError for a negative total or a share outside 0..1.

    >>> needed(21, Fraction(2, 3), strictly_more=False)
    14
    >>> needed(20, Fraction(1, 2), strictly_more=True)
    11
    """
    if total < 0 or not 0 <= share <= 1:
        raise ValueError("the total must not be negative and the share lies between 0 and 1")
    exact = total * share
    if strictly_more:
        return exact.numerator // exact.denominator + 1
    return -(-exact.numerator // exact.denominator)


@dataclass(frozen=True)
class Quorum:
    """Present of all members, and how many must be present; `needed` is 0 where the rule set asks for none."""

    present: int
    total: int
    needed: int

    @property
    def stands(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)


def quorum_of(*, present: int, total: int, share: Fraction | None, strictly_more: bool = False) -> Quorum:
    """Return the quorum for `present` of `total` members; `share` None means that no quorum is asked for."""
    if present < 0 or present > total:
        raise ValueError("more present than there are members")
    if share is None:
        return Quorum(present, total, 0)
    # A body without a single member can never meet, whatever the share.
    return Quorum(present, total, max(1, needed(total, share, strictly_more=strictly_more)))
