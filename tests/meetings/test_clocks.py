"""Net time: end - start - pauses."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from meetings.clocks import Span, net_seconds

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def test_pauses_do_not_count_and_what_is_open_lasts_until_now() -> None:
    meeting = [Span(at(0), None)]
    assert net_seconds(meeting, [], at(90)) == 90 * 60
    assert net_seconds(meeting, [Span(at(30), at(45)), Span(at(80), None)], at(90)) == 65 * 60


def test_a_pause_counts_against_an_item_only_while_the_item_was_on() -> None:
    turns = [Span(at(0), at(20)), Span(at(40), at(60))]
    assert net_seconds(turns, [Span(at(10), at(50))], at(90)) == 20 * 60


def test_seconds_are_rounded_half_up() -> None:
    assert net_seconds([Span(EIGHT, EIGHT + timedelta(seconds=59.5))], [], at(9)) == 60


@given(st.lists(st.integers(0, 500), min_size=4, max_size=4))
def test_net_time_and_pause_add_up_to_the_whole(minutes: list[int]) -> None:
    a, b, c, d = sorted(minutes)
    assert net_seconds([Span(at(a), at(d))], [Span(at(b), at(c))], at(d)) == ((d - a) - (c - b)) * 60
