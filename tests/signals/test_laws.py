"""Laws of importing, whatever stands in the files."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import InputError
from planning.signals import counts, validate
from tests.signals.mini import FIVE, TODAY, csv, folder, network, orders

WORDS = ("", " ", "SO1", "0012", "0013", "XX", "DE", "confirmed", "done", '"a\nb"', '"')
FIGURES = ("1", "2", "1.5", "-3", "1e3", "inf", '"1,5"', "2026-12-18", "1970-01-01", "18.12.2026")
CELL = st.sampled_from(WORDS + FIGURES)
ROW = st.lists(CELL, min_size=1, max_size=9).map(",".join)
ID = st.sampled_from(["SO1", "SO2", "SO3"])
ORDER = st.tuples(
    ID,
    st.sampled_from(["1", "2", ""]),
    st.sampled_from(["2026-12-18", "2026-12-25", "1970-01-01"]),
    st.sampled_from(["0012", "0013", "XX"]),
    st.sampled_from(["DE", "FR", "UK"]),
    st.sampled_from(["1", "2", "-1"]),
    st.just("confirmed"),
    st.sampled_from(["", "2"]),
).map(",".join)
OPPORTUNITY = st.tuples(
    st.sampled_from(["O1", "O2"]),
    st.sampled_from(["lead", "dreamt"]),
    st.sampled_from(["0012", "XX"]),
    st.sampled_from(["DE", "UK"]),
    st.sampled_from(["1", "2"]),
    st.just("2026-12-18"),
).map(",".join)


@given(st.lists(ROW, max_size=8))
def test_rows_in_are_rows_loaded_plus_rows_kept_aside(rows: list[str]) -> None:
    try:
        read = folder(orders=orders(*rows))
        understood = validate(read, TODAY)
    except InputError:  # a quotation mark that is never closed
        return
    told = counts(read, understood)
    assert (told["rows_in"] == told["loaded"] + told["kept_aside"]).all(), told
    assert not understood.rejected.select("file", "line").is_duplicated().any()
    assert understood.rejected["reason"].str.len_chars().min() != 0


@settings(max_examples=30)
@given(st.lists(ORDER, max_size=8), st.lists(OPPORTUNITY, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_lines(
    sold: list[str], hoped: list[str], dice: random.Random
) -> None:
    def result(shuffled: bool) -> tuple[object, ...]:
        lists = {"orders": sold, "opportunities": hoped, "routings": FIVE["routings"].split("\n")[1:3]}
        rows = {name: dice.sample(lines, len(lines)) if shuffled else lines for name, lines in lists.items()}
        understood = network(
            orders=orders(*rows["orders"]),
            opportunities=csv(
                "opportunity_id,stage,product,market,quantity,expected_date", *rows["opportunities"]
            ),
            routings=csv("product,robot_model,hours_per_unit", *rows["routings"]),
        )
        tables = {name: frame.to_dict(as_series=False) for name, frame in understood.tables.items()}
        return tables, sorted(understood.rejected.select("file", "column", "value").rows(), key=str)

    assert result(shuffled=True) == result(shuffled=False)


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_characters='\r\n\x00",'), min_size=1, max_size=8))
def test_every_id_comes_back_as_it_was_written(product: str) -> None:
    if not product.strip() or product.startswith("\ufeff"):
        return
    routings = csv("product,robot_model,hours_per_unit", f"{product},ADD,1")
    understood = network(routings=routings, orders=orders(f"SO1,1,2026-12-18,{product},DE,40,,"))
    assert understood["orders"]["product"].to_list() == [product]


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 40), min_size=0, max_size=3), max_size=3))
def test_a_good_folder_with_bad_rows_loads_what_it_loaded_before(lines: list[list[int]]) -> None:
    good = [f"SO{n},1,2026-12-18,0012,DE,{n},," for n in range(5)]
    spoilt = list(good)
    for numbers in lines:
        spoilt.insert(sum(numbers) % (len(spoilt) + 1), "SOX,1,1970-01-01,0012,DE,-1,,")
    assert network(orders=orders(*spoilt))["orders"].equals(network(orders=orders(*good))["orders"])
