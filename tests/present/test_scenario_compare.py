"""Plans side by side: what differs, and when a difference may be noise."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.plan import Plan
from planning.present import words
from planning.present.scenario_compare import WITHIN, cost_lines, effect, is_noise, key_figures, same_data
from tests.builders.plans import COSTS, a_plan

MONEY = st.floats(1, 1e7)
GAPS = st.floats(0, 0.2)


def plan(extra: float = 0.0, gap: float = 0.01, **kpis: float) -> Plan:
    """A plan that rents for so much more, its bound by `gap` below its cost."""
    costs = COSTS | {"rent": COSTS["rent"] + extra}
    objective = sum(costs.values())
    known = a_plan().summary["kpis"] | kpis
    return a_plan(costs=costs, objective=objective, bound=objective * (1 - gap), gap=gap, kpis=known)


def test_a_difference_smaller_than_the_gap_is_said_to_be_within_it() -> None:
    base, dearer = plan(), plan(extra=5_000)
    assert is_noise(dearer, base)
    assert f"€5,000 more than the plan, which is {WITHIN}" in effect("night shift", dearer, base)
    figures = key_figures({"The plan": base, "night shift": dearer}).frame
    assert figures["night shift less the first"][0] == f"+€5,000, {WITHIN}"


def test_a_difference_larger_than_the_gaps_is_certain_and_told_with_its_range() -> None:
    base, cheaper = plan(), plan(extra=-150_000)
    assert not is_noise(cheaper, base)
    told = effect("night shift", cheaper, base)
    assert "€150,000 less than the plan. That is more than the gaps allow" in told
    low = float(cheaper.summary["bound"]) - float(base.summary["objective"])
    high = float(cheaper.summary["objective"]) - float(base.summary["bound"])
    assert f"between {words.exact_money(low, 'EUR')} and {words.exact_money(high, 'EUR')}" in told


@given(MONEY, MONEY, GAPS, GAPS)
def test_it_is_noise_exactly_where_the_cheapest_plans_may_be_the_other_way_round(
    cost: float, other: float, gap: float, other_gap: float
) -> None:
    """Each cheapest plan lies between its bound and its cost: certain is what keeps these ranges apart."""
    base = a_plan(objective=cost, bound=cost * (1 - gap))
    tried = a_plan(objective=other, bound=other * (1 - other_gap))
    apart = other * (1 - other_gap) > cost or cost * (1 - gap) > other
    if abs(cost - other) >= 0.5 and abs(abs(cost - other) - max(cost * gap, other * other_gap)) > 1e-6:
        assert is_noise(tried, base) != apart
    assert is_noise(tried, base) == is_noise(base, tried)


def test_figures_stand_with_their_differences_and_the_gap_and_bound_of_each_plan() -> None:
    base, greener = plan(), plan(kgco2e=17_000.0, waste_units=20.0, on_time_share=0.95)
    frame = key_figures({"The plan": base, "green": greener}).frame
    told = dict(frame.select("figure", "green less the first").iter_rows())
    assert (told["CO2e in kg"], told["Waste in units"]) == ("−1,200", "+8")
    assert told["Confirmed on time"] == "−1.4 pt"
    assert told["Gap"] is None
    by_figure = {row["figure"]: row for row in frame.iter_rows(named=True)}
    assert by_figure["Gap"]["The plan"] == "1.0 %"
    assert by_figure["Bound"]["The plan"].startswith("€")


def test_cost_lines_are_told_with_their_differences_and_what_is_within_the_gap() -> None:
    frame = cost_lines({"The plan": plan(), "a": plan(extra=5_000), "b": plan(extra=-150_000)}).frame
    rent = frame.row(by_predicate=pl.col("line") == "Robot rent", named=True)
    assert (rent["a less the first"], rent["b less the first"]) == (5_000, pytest.approx(-150_000))
    assert rent["judged"] == "more than the gap: b"
    energy = frame.row(by_predicate=pl.col("line") == "Energy", named=True)
    assert energy["judged"] == "none"
    only = cost_lines({"The plan": plan(), "a": plan(extra=5_000)}).frame
    assert only.row(by_predicate=pl.col("line") == "Robot rent", named=True)["judged"] == WITHIN
    assert "Early termination" not in frame["line"].to_list(), "zero in every plan"


def test_the_same_plan_costs_the_same() -> None:
    assert effect("again", plan(), plan()).startswith(f"again costs the same as the plan, which is {WITHIN}")
    proven = plan(gap=0.0)
    assert effect("again", proven, proven) == "again costs the same as the plan; both are proven best."


def test_plans_of_other_data_are_named() -> None:
    plans = {"The plan": plan(), "a": plan(), "b": plan()}
    assert same_data(plans, {"a": False, "b": False}) == ""
    assert same_data(plans, {"a": True, "b": True}).startswith("a and b: made before")
