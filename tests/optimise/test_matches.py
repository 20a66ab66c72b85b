"""Rows that belong together, against polars' own join."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.optimise.model.matches import matches

few, many = st.integers(-1, 4), st.integers(-5, 10**9)
numbers = st.one_of(st.none(), few)


def pairs(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> list[tuple[int, int]]:
    here, there = matches(left, right, on)
    return list(zip(here.tolist(), there.tolist(), strict=True))


def joined(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> list[tuple[int, int]]:
    rows = left.with_row_index("here").join(right.with_row_index("there"), on=on, nulls_equal=True)
    return sorted(rows.select("here", "there").rows())


def keys(rows: list[tuple[int | None, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"f": pl.Int64, "t": pl.Int64}, orient="row")


@given(
    left=st.lists(st.tuples(numbers, few), max_size=12), right=st.lists(st.tuples(numbers, few), max_size=12)
)
def test_rows_match_as_in_a_join_null_with_null(
    left: list[tuple[int | None, ...]], right: list[tuple[int | None, ...]]
) -> None:
    for on in (["f"], ["f", "t"]):
        found = pairs(keys(left), keys(right), on)
        assert found == joined(keys(left), keys(right), on)


@given(values=st.lists(st.tuples(many, many), max_size=8), more=st.lists(st.tuples(many, many), max_size=8))
def test_numbers_far_apart_match_too(
    values: list[tuple[int | None, ...]], more: list[tuple[int | None, ...]]
) -> None:
    left, right = keys(values + more), keys(values[::-1])
    assert pairs(left, right, ["f", "t"]) == joined(left, right, ["f", "t"])


def test_texts_match() -> None:
    left, right = pl.DataFrame({"process": ["a", "b", "a"]}), pl.DataFrame({"process": ["c", "a"]})
    assert pairs(left, right, ["process"]) == [(0, 1), (2, 1)]


def test_without_a_key_every_row_belongs_to_every_other() -> None:
    left, right = pl.DataFrame({"f": [1, 2]}), pl.DataFrame({"t": [3, 4]})
    assert pairs(left, right, []) == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("other", [pl.UInt32, pl.Int32, pl.Int64])
def test_whole_numbers_of_any_kind_are_the_same_numbers(other: pl.DataType) -> None:
    left = pl.DataFrame({"t": [0, 1, 2]})
    assert pairs(left, left.select(pl.col("t").cast(other)), ["t"]) == [(0, 0), (1, 1), (2, 2)]
