"""What fits in total fits on the robots: nothing overlaps, nothing is lost, nothing leaves its windows."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.schedule.packing import Piece, Run, pack
from planning.schedule.windows import HOUR, Window, total, union, within

EIGHT = [Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 14 * HOUR) for day in range(5)]

gaps = st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 9000)), min_size=1, max_size=6)


@st.composite
def loads(draw: st.DrawFn) -> tuple[list[Run], list[Window], int]:
    """Runs that fit, often to the second, on some robots in some windows."""
    at, windows = 0, []
    for gap, length in draw(gaps):
        windows.append(Window(at + gap, at + gap + length))
        at += gap + length
    robots = draw(st.integers(1, 5))
    room = robots * total(windows)
    cuts = sorted(draw(st.lists(st.integers(0, room), max_size=8)))
    if draw(st.booleans()):
        cuts.append(room)
    lengths = [after - before for before, after in pairwise([0, *cuts]) if after > before]
    runs = [
        Run(
            length,
            setup=draw(st.integers(0, length)),
            ready=draw(st.sampled_from([0, 0, at // 2, at])),
            group=draw(st.sampled_from([None, 1, 2])),
        )
        for length in lengths
    ]
    return runs, windows, robots


def by_robot(pieces: list[Piece]) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: piece.start):
        found[piece.robot].append(piece)
    return found


@given(loads())
def test_no_robot_does_two_things_at_once(load: tuple[list[Run], list[Window], int]) -> None:
    for laid in by_robot(pack(*load)).values():
        assert all(before.end <= after.start for before, after in pairwise(laid))


@given(loads())
def test_every_run_is_laid_out_in_full(load: tuple[list[Run], list[Window], int]) -> None:
    runs, windows, robots = load
    lengths = dict.fromkeys(range(len(runs)), 0)
    for piece in pack(runs, windows, robots):
        assert 1 <= piece.robot <= robots
        assert piece.end > piece.start
        lengths[piece.run] += piece.end - piece.start
    assert list(lengths.values()) == [run.length for run in runs]


@given(loads())
def test_every_piece_lies_in_one_window(load: tuple[list[Run], list[Window], int]) -> None:
    windows = union(load[1])
    for piece in pack(*load):
        assert within(windows, piece.start, piece.end) == [Window(piece.start, piece.end)]


def test_too_much_work_is_the_callers_fault() -> None:
    with pytest.raises(ValueError, match="1 seconds longer"):
        pack([Run(2 * 40 * HOUR + 1)], EIGHT, 2)


def test_the_first_run_starts_on_monday_at_six() -> None:
    assert pack([Run(3 * HOUR)], EIGHT, 2) == [Piece(0, 1, 6 * HOUR, 9 * HOUR)]


def test_the_next_run_takes_the_robot_that_is_free_first() -> None:
    laid = pack([Run(3 * HOUR), Run(HOUR), Run(HOUR)], EIGHT, 2)
    assert [piece.robot for piece in laid] == [1, 2, 2]
    assert laid[2].start == 7 * HOUR


def test_a_run_goes_on_the_next_morning() -> None:
    laid = pack([Run(10 * HOUR)], EIGHT, 1)
    assert laid == [Piece(0, 1, 6 * HOUR, 14 * HOUR), Piece(0, 1, 30 * HOUR, 32 * HOUR)]


def test_a_run_goes_to_another_robot_only_when_its_own_is_full() -> None:
    laid = pack([Run(30 * HOUR), Run(30 * HOUR), Run(20 * HOUR)], EIGHT, 2)
    assert {piece.robot for piece in laid if piece.run < 2} == {1, 2}
    assert [sum(p.end - p.start for p in laid if (p.run, p.robot) == (2, r)) for r in (1, 2)] == [
        10 * HOUR
    ] * 2


def test_nobody_begins_ten_minutes_before_the_shift_ends() -> None:
    laid = pack([Run(8 * HOUR - 600), Run(HOUR)], EIGHT, 1)
    assert laid[1] == Piece(1, 1, 30 * HOUR, 31 * HOUR)


def test_in_a_full_week_even_the_last_ten_minutes_are_used() -> None:
    laid = pack([Run(8 * HOUR - 600), Run(32 * HOUR + 600)], EIGHT, 1)
    assert laid[1] == Piece(1, 1, 14 * HOUR - 600, 14 * HOUR)


def test_a_set_up_is_not_interrupted_by_the_end_of_the_shift() -> None:
    laid = pack([Run(7 * HOUR), Run(5 * HOUR, setup=2 * HOUR)], EIGHT, 1)
    assert laid[1:] == [Piece(1, 1, 30 * HOUR, 35 * HOUR)]


def test_a_run_waits_until_it_is_ready_and_stays_on_its_robot() -> None:
    laid = pack([Run(HOUR, ready=20 * HOUR, group=7)], EIGHT, 3, {7: 3})
    assert laid == [Piece(0, 3, 30 * HOUR, 31 * HOUR)]


def test_a_run_that_cannot_wait_any_longer_begins_before_it_is_ready() -> None:
    laid = pack([Run(16 * HOUR, ready=4 * 24 * HOUR)], EIGHT, 1)
    assert sorted(laid) == [Piece(0, 1, 6 * HOUR, 14 * HOUR), Piece(0, 1, 102 * HOUR, 110 * HOUR)]


def test_runs_of_a_group_follow_one_another_on_one_robot() -> None:
    laid = pack([Run(2 * HOUR, group=1), Run(3 * HOUR, group=1), Run(HOUR)], EIGHT, 2)
    assert laid == [
        Piece(0, 1, 6 * HOUR, 8 * HOUR),
        Piece(1, 1, 8 * HOUR, 11 * HOUR),
        Piece(2, 2, 6 * HOUR, 7 * HOUR),
    ]
