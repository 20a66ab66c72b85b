"""Productive hours in clock time: never less time than work, never more than there is, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.schedule.stretch import bare, finished, share_work, stretch

HOURS = 1_000_000
works = st.lists(st.integers(1, 60 * HOURS), min_size=1, max_size=8)
availabilities = st.floats(0.1, 1.0)


def test_at_85_percent_eight_and_a_half_hours_take_ten() -> None:
    assert stretch([8_500_000], 0.85, 40 * 3600) == [36_000]


def test_what_fills_the_week_is_stretched_to_the_second() -> None:
    assert stretch([17_000_000, 17_000_000], 0.85, 40 * 3600) == [72_000, 72_000]


def test_what_would_not_fit_stretched_is_stretched_less() -> None:
    lengths = stretch([18_000_000, 18_000_000], 0.5, 40 * 3600)
    assert lengths is not None
    assert 40 * 3600 - 2 <= sum(lengths) <= 40 * 3600


def test_what_does_not_fit_at_all_is_told() -> None:
    assert stretch([40_001_000], 1.0, 40 * 3600) is None


def test_a_second_too_much_is_rounding_where_that_is_allowed() -> None:
    assert stretch([20_000_139, 20_000_139], 1.0, 40 * 3600, allowed=3.6) == [72_000, 72_000]


@given(works, availabilities, st.floats(1.0, 3.0))
def test_clock_time_holds_the_work_and_fits(work: list[int], availability: float, room: float) -> None:
    capacity = int(sum(bare(task) for task in work) * room)
    lengths = stretch(work, availability, capacity)
    assert lengths is not None
    assert sum(lengths) <= capacity
    for task, length in zip(work, lengths, strict=True):
        assert length * 2500 >= task * 9
        assert length <= task * 9 / 2500 / availability + 1


@given(works, availabilities)
def test_where_the_week_allows_work_is_stretched_in_full(work: list[int], availability: float) -> None:
    lengths = stretch(work, availability, 10**9)
    assert lengths is not None
    for task, length in zip(work, lengths, strict=True):
        assert abs(length - task * 9 / 2500 / availability) <= 1


@given(st.lists(st.integers(1000, 60 * HOURS), min_size=1, max_size=8))
def test_a_robot_full_to_the_second_loses_a_second_at_most(work: list[int]) -> None:
    capacity = max(len(work), int(sum(work) * 9 / 2500))
    lengths = stretch(work, 1.0, capacity, allowed=1.0)
    assert lengths is not None
    assert min(lengths) >= 1
    assert sum(lengths) <= capacity
    assert all(task * 9 / 2500 - length <= 2 for task, length in zip(work, lengths, strict=True))


@given(
    st.integers(0, 5 * HOURS),
    st.integers(1, 50 * HOURS),
    st.floats(1.0, 2.0),
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
    st.booleans(),
)
def test_pieces_hold_all_the_work_and_no_piece_more_than_its_time(
    setup: int, run: int, room: float, weights: list[int], spread: bool
) -> None:
    seconds = [int((bare(setup + run) * room + 1) * weight / sum(weights)) + 1 for weight in weights]
    held = list(share_work(setup, run, seconds, spread))
    assert all(
        s >= 0 and r >= 0 and (s + r) * 9 <= piece * 2500 for (s, r), piece in zip(held, seconds, strict=True)
    )
    assert sum(s for s, _ in held) == setup
    assert sum(r for _, r in held) == run


def test_the_set_up_comes_first() -> None:
    assert list(share_work(2 * HOURS, 6 * HOURS, [3600, 3600 * 4, 3600 * 3], spread=False)) == [
        (HOURS, 0),
        (HOURS, 3 * HOURS),
        (0, 3 * HOURS),
    ]


def test_a_far_set_up_is_a_share_of_every_hour() -> None:
    held = list(share_work(2 * HOURS, 6 * HOURS, [3600 * 4, 3600 * 4], spread=True))
    assert held == [(HOURS, 3 * HOURS), (HOURS, 3 * HOURS)]


def test_a_unit_counts_where_it_is_finished() -> None:
    # Three units of ten hours in four shifts: ready on the second, third and fourth day.
    assert finished(3.0, [8 * HOURS, 8 * HOURS, 8 * HOURS, 6 * HOURS]) == [0, 1, 1, 1]


def test_a_set_up_finishes_nothing() -> None:
    assert finished(4.0, [0, 2 * HOURS, 2 * HOURS]) == [0, 2, 2]


@given(st.floats(0.001, 1e5), st.booleans(), st.lists(st.integers(0, 50 * HOURS), min_size=1, max_size=9))
def test_pieces_add_up_to_the_lot(quantity: float, whole: bool, runs: list[int]) -> None:
    lot = float(round(quantity)) if whole else round(quantity, 6)
    units = finished(lot, runs)
    assert sum(units) == pytest.approx(lot, abs=1e-9 * len(runs) + 1e-12 * lot)
    assert min(units) >= 0
    if whole:
        assert all(unit == round(unit) for unit in units)
