"""The arithmetic of a vote. Every number stands in the law, in a design page, or follows from one by hand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voting.ballot_papers import NotOnThisPaper, Paper
from voting.tally import (
    BASES,
    Ballot,
    Base,
    Elector,
    Option,
    Result,
    Rule,
    Step,
    Tie,
    elect,
    percent,
    rate,
    share,
    tally,
)

CHOICES = (Option("for", "for"), Option("against", "against"), Option("not_voting", "not_voting"))
HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)


def passing(base: Base, part: Fraction, *, strictly_more: bool) -> tuple[Step, ...]:
    return (Step("for", base, part, strictly_more, "passed"),)


COMMITTEE = Rule(
    CHOICES, passing("all_members", HALF, strictly_more=True), "not_passed", tie="head_decides", quorum=TWO_THIRDS
)
COUNCIL = replace(COMMITTEE, tie="not_passed")
REMOVAL = replace(COUNCIL, steps=passing("all_members", TWO_THIRDS, strictly_more=False))
SIMPLE = Rule(CHOICES, passing("for_and_against", HALF, strictly_more=True), "not_passed", tie="not_passed")
CONFIDENCE = Rule(
    (Option("high", None), Option("confident", None), Option("low", None)),
    (
        Step("low", "cast", TWO_THIRDS, strictly_more=False, outcome="removal_procedure"),
        Step("low", "cast", HALF, strictly_more=True, outcome="may_resign"),
    ),
    "keeps_office",
    tie="none",
    quorum=TWO_THIRDS,
)


def roll(members: int, present: int | None = None, head: int | None = None) -> list[Elector]:
    """Members 0, 1, 2, …, of whom the first `present` are there."""
    return [Elector(key, present=present is None or key < present, is_head=key == head) for key in range(members)]


def ballots(*, y: int = 0, n: int = 0, a: int = 0, invalid: int = 0) -> list[Ballot]:
    """Members 0… vote for, the next against, the next not at all, and so on."""
    choices = ["for"] * y + ["against"] * n + ["not_voting"] * a + ["scribble"] * invalid
    return [Ballot(key, choice) for key, choice in enumerate(choices)]


@pytest.mark.parametrize(("members", "quorum", "passes_at"), [(21, 14, 11), (20, 14, 11)])
def test_a_committee_needs_two_thirds_present_and_more_than_half_of_all_members(
    members: int, quorum: int, passes_at: int
) -> None:
    at = tally(roll(members), ballots(y=passes_at, n=members - passes_at), COMMITTEE)
    below = tally(roll(members), ballots(y=passes_at - 1, a=members - passes_at + 1), COMMITTEE)

    assert (at.quorum.needed, at.needed, at.outcome) == (quorum, passes_at, "passed")
    assert below.outcome == "not_passed"


def test_ten_of_fourteen_present_are_not_half_of_twenty_one() -> None:
    result = tally(roll(21, present=14), ballots(y=10, n=4), COMMITTEE)

    assert result.outcome == "not_passed"
    assert percent(share(result.counts.for_, result.counts.present), places=0) == Decimal(71)


@pytest.mark.parametrize(("members", "y", "n", "a"), [(20, 10, 10, 0), (21, 10, 10, 1), (21, 7, 7, 0), (21, 7, 7, 7)])
def test_a_tie_waits_for_words_and_decides_nothing_silently(members: int, y: int, n: int, a: int) -> None:
    with_the_head_for = tally(roll(members, head=0), ballots(y=y, n=n, a=a), COMMITTEE)
    with_the_head_against = tally(roll(members, head=y), ballots(y=y, n=n, a=a), COMMITTEE)

    assert with_the_head_for.outcome == with_the_head_against.outcome == "tie"
    assert with_the_head_for.tie == Tie("head_decides", side="for", no_side=None)
    assert with_the_head_for.outcome_once_confirmed == "passed"
    assert with_the_head_against.outcome_once_confirmed == "not_passed"


@pytest.mark.parametrize(
    ("present", "head", "a", "why"),
    [
        (21, None, 0, "no_head"),
        (20, 20, 0, "head_absent"),
        (21, 20, 0, "head_no_ballot"),
        (21, 20, 1, "head_not_voting"),
    ],
)
def test_a_tie_without_a_side_of_the_head_is_not_passed_and_says_why(
    present: int, head: int | None, a: int, why: str
) -> None:
    result = tally(roll(21, present=present, head=head), ballots(y=10, n=10, a=a), COMMITTEE)

    assert result.outcome == result.outcome_once_confirmed == "not_passed"
    assert result.tie is not None
    assert (result.tie.side, result.tie.no_side) == (None, why)


def test_two_heads_are_no_head() -> None:
    two = [replace(elector, is_head=elector.key < 2) for elector in roll(20)]

    result = tally(two, ballots(y=10, n=10), COMMITTEE)

    assert result.outcome == "not_passed"
    assert result.tie == Tie("head_decides", side=None, no_side="no_head")


def test_in_a_council_a_tie_is_not_passed_whatever_the_head_voted() -> None:
    result = tally(roll(20, head=0), ballots(y=10, n=10), COUNCIL)

    assert (result.outcome, result.tie) == ("not_passed", Tie("not_passed", side=None, no_side=None))


def test_nobody_taking_a_side_is_not_a_tie() -> None:
    result = tally(roll(20, head=0), ballots(a=20), COMMITTEE)

    assert (result.outcome, result.tie) == ("not_passed", None)


@pytest.mark.parametrize(("members", "needs"), [(9, 6), (10, 7), (100, 67)])
def test_a_removal_needs_two_thirds_of_all_deputies(members: int, needs: int) -> None:
    reached = tally(roll(members), ballots(y=needs), REMOVAL)
    missed = tally(roll(members), ballots(y=needs - 1), REMOVAL)

    assert (reached.needed, reached.outcome, missed.outcome) == (needs, "passed", "not_passed")


@pytest.mark.parametrize(("members", "needs"), [(9, 5), (10, 6)])
def test_more_than_half_is_more_than_half(members: int, needs: int) -> None:
    assert tally(roll(members), ballots(y=needs), COUNCIL).needed == needs


@pytest.mark.parametrize(
    ("y", "n", "a", "outcome"), [(2, 1, 18, "passed"), (1, 1, 0, "not_passed"), (0, 0, 5, "not_passed")]
)
def test_a_simple_meeting_wants_more_for_than_against(y: int, n: int, a: int, outcome: str) -> None:
    assert tally(roll(21), ballots(y=y, n=n, a=a), SIMPLE).outcome == outcome


@pytest.mark.parametrize(
    ("low", "outcome"), [(20, "removal_procedure"), (19, "may_resign"), (16, "may_resign"), (15, "keeps_office")]
)
def test_confidence_is_counted_against_the_ballots(low: int, outcome: str) -> None:
    cast = [Ballot(key, "low" if key < low else "confident") for key in range(30)]

    assert tally(roll(40), cast, CONFIDENCE).outcome == outcome


def test_without_quorum_nothing_passes() -> None:
    assert tally(roll(21, present=13), ballots(y=13), COMMITTEE).outcome == "no_quorum"
    assert tally(roll(21, present=14), ballots(y=14), COMMITTEE).outcome == "passed"


def test_a_roll_of_nobody_passes_nothing() -> None:
    for rule in (COMMITTEE, COUNCIL, REMOVAL, SIMPLE):
        assert tally([], [], rule).outcome in {"not_passed", "no_quorum"}
    assert tally(roll(9), [], replace(SIMPLE, steps=passing("cast", HALF, strictly_more=False))).outcome == "not_passed"


def test_every_denominator_has_its_percentage() -> None:
    counts = tally(roll(40, present=25), ballots(y=10, n=5, a=5, invalid=1), SIMPLE).counts

    shown = {base: percent(share(counts.for_, counts.base(base))) for base in BASES}

    assert shown == {
        "for_and_against": Decimal("66.667"),
        "valid": Decimal("50.000"),
        "cast": Decimal("47.619"),
        "all_members": Decimal("25.000"),
        "present": Decimal("40.000"),
    }


def test_not_voting_no_ballot_and_absent_are_kept_apart() -> None:
    counts = tally(roll(40, present=25), ballots(y=10, n=5, a=5, invalid=1), SIMPLE).counts

    assert (counts.not_voting, counts.no_ballot, counts.absent, counts.invalid) == (5, 4, 15, 1)


def test_a_base_of_nothing_has_no_percentage() -> None:
    assert share(0, 0) is None
    assert percent(share(0, 0)) is None


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction(2, 3), 3, "66.667"),
        (Fraction(1, 8), 0, "13"),
        (Fraction(1, 3), 1, "33.3"),
        (Fraction(1), 3, "100.000"),
        (Fraction(0), 3, "0.000"),
        (Fraction(1, 200), 0, "1"),
    ],
)
def test_percentages_are_rounded_for_showing_half_up(value: Fraction, places: int, shown: str) -> None:
    assert str(percent(value, places=places)) == shown


def test_two_ballots_of_one_elector_are_an_error_not_a_result() -> None:
    with pytest.raises(ValueError, match="two ballots"):
        tally(roll(3), [Ballot(1, "for"), Ballot(1, "for")], SIMPLE)
    with pytest.raises(ValueError, match="twice"):
        tally([*roll(3), Elector(1, present=True)], [], SIMPLE)


# -- What holds whatever the numbers ---------------------------------------------------------------------------------

RULES = st.sampled_from([COMMITTEE, COUNCIL, REMOVAL, SIMPLE, CONFIDENCE])
ROLLS = st.lists(st.booleans(), max_size=30).flatmap(
    lambda there: st.integers(-1, len(there)).map(
        lambda head: [Elector(key, present=here, is_head=key == head) for key, here in enumerate(there)]
    )
)


@st.composite
def votes(draw: st.DrawFn) -> tuple[list[Elector], list[Ballot], Rule]:
    electors = draw(ROLLS)
    rule = draw(RULES)
    choices = st.sampled_from([option.key for option in rule.options] + ["scribble"])
    voting = draw(st.lists(st.sampled_from([e.key for e in electors]), unique=True)) if electors else []
    return electors, [Ballot(key, draw(choices)) for key in voting], rule


def shuffled(things: Sequence[Elector | Ballot], seed: int) -> list[Elector | Ballot]:
    return Random(seed).sample(list(things), len(things))


def result_of(vote: tuple[list[Elector], list[Ballot], Rule]) -> Result:
    return tally(*vote)


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(votes(), st.integers())
def test_the_order_never_matters(vote: tuple[list[Elector], list[Ballot], Rule], seed: int) -> None:
    electors, cast, rule = vote

    again = tally(shuffled(electors, seed), shuffled(cast, seed), rule)  # type: ignore[arg-type]

    assert again == result_of(vote)


@given(votes(), st.sampled_from(["for", "against", "low", "scribble"]))
def test_a_ballot_of_an_outsider_or_of_an_absent_member_changes_nothing(
    vote: tuple[list[Elector], list[Ballot], Rule], choice: str
) -> None:
    electors, cast, rule = vote
    absent = [e.key for e in electors if not e.present and e.key not in {ballot.elector for ballot in cast}]

    with_strangers = [*cast, Ballot(999, choice), *(Ballot(key, choice) for key in absent)]

    assert tally(electors, with_strangers, rule) == result_of(vote)


@given(votes())
def test_the_numbers_add_up(vote: tuple[list[Elector], list[Ballot], Rule]) -> None:
    counts = result_of(vote).counts

    assert counts.all_members == len(vote[0]) == counts.present + counts.absent
    assert counts.present == counts.cast + counts.no_ballot
    assert counts.cast == counts.valid + counts.invalid
    assert counts.valid == sum(number for _key, number in counts.by_option)
    assert min(counts.absent, counts.no_ballot, counts.invalid, counts.for_, counts.against) >= 0


@given(votes())
def test_one_more_for_never_turns_passed_into_not_passed(vote: tuple[list[Elector], list[Ballot], Rule]) -> None:
    electors, cast, rule = vote
    silent = [e.key for e in electors if e.present and e.key not in {ballot.elector for ballot in cast}]
    if rule is CONFIDENCE or not silent or result_of(vote).outcome != "passed":
        return

    assert tally(electors, [*cast, Ballot(silent[0], "for")], rule).outcome == "passed"


@given(votes())
def test_the_words_of_a_tie_are_asked_for_only_at_a_tie(vote: tuple[list[Elector], list[Ballot], Rule]) -> None:
    result = result_of(vote)

    if result.outcome == "tie":
        assert result.counts.for_ == result.counts.against > 0
        assert result.tie is not None
        assert result.tie.side in {"for", "against"}


# -- Elections and ratings ---------------------------------------------------------------------------------------------

CANDIDATES = tuple(Option(f"own-{number}", None) for number in range(1, 6))
SEATS_BY_MAJORITY = replace(COMMITTEE, options=CANDIDATES, otherwise="seats_left", tie="none")
THREE_SEATS = Paper("election", tuple(option.key for option in CANDIDATES), seats=3)


def chosen(*numbers: str) -> list[Ballot]:
    """Each text names the candidates of one ballot: "124"."""
    return [Ballot(key, "+".join(f"own-{digit}" for digit in named)) for key, named in enumerate(numbers)]


@pytest.mark.parametrize(
    ("ballots", "elected", "outcome"),
    [
        (["123"] * 5 + ["124"] * 4, {"own-1", "own-2", "own-3"}, "elected"),
        (["1"] * 5 + ["2"] * 4, {"own-1"}, "seats_left"),
        # Five of nine are needed.
        (["124"] * 4 + ["134"] * 3 + ["13"] * 2, {"own-1", "own-4", "own-3"}, "elected"),
        (["234"] * 5 + ["235"] * 1 + ["145"] * 3, {"own-4", "own-2", "own-3"}, "elected"),
        (["124"] * 5 + ["135"] * 4, {"own-1", "own-2", "own-4"}, "elected"),
        (["12"] * 5 + ["34"] * 4, {"own-1", "own-2"}, "seats_left"),
        ([], set(), "seats_left"),
    ],
)
def test_who_reaches_the_majority_takes_a_seat(ballots: list[str], elected: set[str], outcome: str) -> None:
    found = elect(roll(9), chosen(*ballots), SEATS_BY_MAJORITY, THREE_SEATS)

    assert (set(found.elected), found.undecided, found.outcome) == (elected, (), outcome)


def test_a_tie_for_the_last_seat_decides_nothing() -> None:
    """Six for the first; the second and the third have the five that nine members need, and there is one seat left."""
    two_seats = replace(THREE_SEATS, seats=2)
    found = elect(roll(9), chosen(*["12"] * 3, *["13"] * 3, *["23"] * 2), SEATS_BY_MAJORITY, two_seats)

    assert (found.elected, found.undecided, found.outcome) == (("own-1",), ("own-2", "own-3"), "border_tie")


def test_without_a_quorum_nobody_is_elected() -> None:
    assert elect(roll(21, present=13), chosen(*["123"] * 13), SEATS_BY_MAJORITY, THREE_SEATS).outcome == "no_quorum"


def test_what_cannot_stand_on_the_paper_is_an_invalid_ballot() -> None:
    found = elect(
        roll(9),
        [Ballot(0, "own-1+own-2+own-3+own-4"), Ballot(1, "own-9"), Ballot(2, "own-1")],
        SEATS_BY_MAJORITY,
        THREE_SEATS,
    )

    assert (found.counts.cast, found.counts.valid, dict(found.counts.by_option)["own-1"]) == (3, 1, 1)


def test_everybody_on_a_list_is_rated_by_the_same_rule() -> None:
    paper = Paper("rating", ("high", "confident", "low"), ("p-1", "p-2", "p-3"))
    texts = ["p-1=low;p-2=low;p-3=high"] * 6 + ["p-1=low;p-2=high;p-3=high"] + ["p-1=high;p-2=high;p-3=high"] * 2

    found = rate(roll(9), [Ballot(key, text) for key, text in enumerate(texts)], CONFIDENCE, paper)

    # Of nine ballots 7 low are more than two thirds; 6 are two thirds, none is not half.
    assert {key: result.outcome for key, result in found.items()} == {
        "p-1": "removal_procedure",
        "p-2": "removal_procedure",
        "p-3": "keeps_office",
    }


@given(st.lists(st.sets(st.sampled_from("12345"), min_size=1, max_size=3), max_size=12), st.randoms())
def test_the_order_of_ballots_never_matters_in_an_election(ballots: list[set[str]], random: Random) -> None:
    cast = chosen(*("".join(sorted(named)) for named in ballots))
    shuffled = list(cast)
    random.shuffle(shuffled)

    assert elect(roll(12), cast, SEATS_BY_MAJORITY, THREE_SEATS) == elect(
        roll(12), shuffled, SEATS_BY_MAJORITY, THREE_SEATS
    )


@pytest.mark.parametrize(
    ("paper", "text", "reason"),
    [
        (THREE_SEATS, "", "none"),
        (THREE_SEATS, "own-1+own-1", "unknown"),
        (THREE_SEATS, "own-1+own-2+own-3+own-4", "too_many"),
        (THREE_SEATS, "for", "unknown"),
        (Paper("rating", ("high", "low"), ("p-1", "p-2")), "p-1=high", "incomplete"),
        (Paper("rating", ("high", "low"), ("p-1", "p-2")), "p-1=high;p-1=low", "unknown"),
        (Paper("rating", ("high", "low"), ("p-1", "p-2")), "p-1=high;p-2=no", "unknown"),
        (Paper("question", ("for", "against")), "against+for", "unknown"),
    ],
)
def test_nothing_else_stands_on_a_ballot(paper: Paper, text: str, reason: str) -> None:
    with pytest.raises(NotOnThisPaper) as refused:
        paper.written(text)
    assert refused.value.reason == reason


def test_the_same_choice_is_always_written_the_same() -> None:
    assert THREE_SEATS.written("own-3+own-1") == "own-1+own-3"
    assert Paper("rating", ("high", "low"), ("p-1", "p-2")).written("p-2=low;p-1=high") == "p-1=high;p-2=low"
