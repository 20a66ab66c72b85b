"""Windows are sets of seconds: joined, cut and shared out without losing or doubling one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from planning.schedule.windows import Window, first, spread, total, union, within, without

windows = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: Window(pair[0], pair[0] + pair[1])),
    max_size=6,
)


def seconds(found: list[Window]) -> set[int]:
    return {second for window in found for second in range(window.start, window.end)}


@given(windows, windows)
def test_what_is_not_taken_is_left(open_: list[Window], taken: list[Window]) -> None:
    left = without(union(open_), taken)
    assert seconds(left) == seconds(open_) - seconds(taken)
    assert total(left) == len(seconds(left))


@given(windows)
def test_joined_windows_do_not_touch(found: list[Window]) -> None:
    joined = union(found)
    assert seconds(joined) == seconds(found)
    assert all(before.end < after.start for before, after in pairwise(joined))


@given(windows, st.integers(0, 90), st.integers(0, 90))
def test_within_keeps_what_lies_between(found: list[Window], start: int, end: int) -> None:
    assert seconds(within(found, start, end)) == seconds(found) & set(range(start, end))


@given(windows, st.integers(0, 200))
def test_first_takes_from_the_beginning(found: list[Window], wanted: int) -> None:
    apart = union(found)
    taken = first(apart, wanted)
    assert seconds(taken) == set(sorted(seconds(apart))[:wanted])


@given(st.lists(st.integers(0, 50), max_size=7), st.integers(0, 300))
def test_a_day_gets_its_even_share_unless_it_is_too_short(lengths: list[int], wanted: int) -> None:
    days = [[Window(100 * day, 100 * day + length)] for day, length in enumerate(lengths)]
    taken = spread(wanted, days)
    shares = [total(within(taken, 100 * day, 100 * day + 100)) for day in range(len(days))]
    assert sum(shares) == min(wanted, sum(lengths))
    fullest = max(shares, default=0)
    assert all(share >= fullest - 1 for share, length in zip(shares, lengths, strict=True) if share < length)
