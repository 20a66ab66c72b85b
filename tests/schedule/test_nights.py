"""Unattended hours find the robot models that can work them."""

from hypothesis import given
from hypothesis import strategies as st

from planning.schedule.nights import share_out

amounts = st.integers(0, 30)


def test_a_routing_gives_way_to_one_that_has_no_other_robot() -> None:
    placed = share_out(
        {"gear": 10, "case": 10},
        {"mill": 10, "printer": 10},
        {("gear", "mill"): 10, ("gear", "printer"): 10, ("case", "mill"): 10},
    )
    assert placed == {("gear", "mill"): 0, ("gear", "printer"): 10, ("case", "mill"): 10}


def test_nothing_is_placed_where_nothing_may_run() -> None:
    assert share_out({"gear": 10}, {"mill": 10}, {}) == {}


@given(
    st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), st.tuples(amounts, amounts), max_size=14)
)
def test_what_can_be_placed_is_placed(cells: dict[tuple[int, int], tuple[int, int]]) -> None:
    answer = {cell: amount for cell, (amount, _) in cells.items()}
    caps = {cell: amount + spare for cell, (amount, spare) in cells.items()}
    rows = {r: sum(a for cell, a in answer.items() if cell[0] == r) for r in range(5)}
    columns = {c: sum(a for cell, a in answer.items() if cell[1] == c) for c in range(4)}
    placed = share_out(rows, columns, caps)
    assert all(0 <= amount <= caps[cell] for cell, amount in placed.items())
    for r, amount in rows.items():
        assert sum(a for cell, a in placed.items() if cell[0] == r) == amount
    for c, amount in columns.items():
        assert sum(a for cell, a in placed.items() if cell[1] == c) == amount
