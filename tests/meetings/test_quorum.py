"""How many must be there: the values of the law, and what holds for all numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.quorum import needed, quorum_of

TWO_THIRDS, HALF = Fraction(2, 3), Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "share", "strictly_more", "expected"),
    [
        (21, TWO_THIRDS, False, 14),
        (20, TWO_THIRDS, False, 14),
        (9, TWO_THIRDS, False, 6),
        (10, TWO_THIRDS, False, 7),
        (100, TWO_THIRDS, False, 67),
        (9, HALF, True, 5),
        (10, HALF, True, 6),
        (20, HALF, True, 11),
        (21, HALF, True, 11),
        (0, HALF, True, 1),
        (0, TWO_THIRDS, False, 0),
    ],
)
def test_needed(total: int, share: Fraction, *, strictly_more: bool, expected: int) -> None:
    assert needed(total, share, strictly_more=strictly_more) == expected


@given(st.integers(0, 10**6), st.fractions(0, 1), st.booleans())
def test_needed_is_the_smallest_number_that_reaches_the_share(total: int, share: Fraction, strictly: bool) -> None:
    count = needed(total, share, strictly_more=strictly)
    reaches = (lambda n: n > total * share) if strictly else (lambda n: n >= total * share)
    assert reaches(count)
    assert count == 0 or not reaches(count - 1)


def test_a_quorum_without_a_rule_always_stands_but_not_without_members_where_there_is_one() -> None:
    assert quorum_of(present=0, total=0, share=None).stands
    assert not quorum_of(present=0, total=0, share=TWO_THIRDS).stands
    assert quorum_of(present=13, total=21, share=TWO_THIRDS).missing == 1


@pytest.mark.parametrize(("present", "total"), [(-1, 3), (4, 3)])
def test_impossible_numbers_are_refused(present: int, total: int) -> None:
    with pytest.raises(ValueError, match="more present"):
        quorum_of(present=present, total=total, share=None)
