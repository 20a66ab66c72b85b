"""The plan's cost is that of a second program, written apart, on made-up networks solved to their optimum."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.networks import (
    FACTORY,
    PRODUCT,
    ROUTING,
    Row,
    forecast,
    offer,
    order,
    planned,
)
from tests.optimise.plain_plan import Tables, plain_optimum

WEEKS = 4
few = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def routings(draw: st.DrawFn) -> list[Row]:
    """One or two ways to make P, one to make Q; set-ups, minimum lots, batches and scrap."""

    def routing(name: str) -> Row:
        lots = {
            "batch_size": draw(st.sampled_from([None, None, 4])),
            "min_lot": draw(st.sampled_from([0, 6])),
            "setup_hours": draw(st.sampled_from([0, 3])),
            "setup_cost": draw(st.sampled_from([0, 40, 150])),
            "typical_lot": draw(st.sampled_from([None, 10])),
            "yield": draw(st.sampled_from([1, 0.8])),
        }
        return ROUTING | {"product": name[0], "routing": name, "unit_cost": draw(st.integers(0, 3))} | lots

    return [routing(name) for name in draw(st.sampled_from([["P"], ["P", "Q"], ["P", "P2"]]))]


@st.composite
def offers(draw: st.DrawFn) -> list[Row]:
    def terms() -> Row:
        return {
            "min_term_weeks": draw(st.integers(1, 3)),
            "notice_weeks": draw(st.integers(0, 2)),
            "lead_time_weeks": draw(st.integers(0, 1)),
            "mobilisation_fee": draw(st.sampled_from([0, 25])),
            "demobilisation_fee": draw(st.sampled_from([0, 15])),
            "max_units": draw(st.integers(1, 3)),
        }

    return [offer(name, draw(st.integers(20, 160)), **terms()) for name in ("ONE", "TWO")]


@st.composite
def companies(draw: st.DrawFn) -> tuple[Row, Tables]:
    """Settings and tables, complete to the last column either program reads."""
    names = draw(st.sampled_from([["F"], ["F", "G"]]))
    asked = draw(
        st.lists(st.tuples(st.integers(-1, 3), st.integers(1, 60), st.integers(1, 3)), min_size=1, max_size=4)
    )
    made = draw(routings())
    last = made[-1]["product"]
    tables: Tables = {
        "factories": [FACTORY | {"factory": name} for name in names],
        "products": [
            PRODUCT,
            PRODUCT | {"product": "Q", "price": 30, "lost_cost": 45, "late_cost_per_week": 4},
        ],
        "routings": made,
        "markets": [{"market": "M"}, {"market": "N"}],
        "lanes": [
            {
                "factory": name,
                "market": market,
                "lead_time_weeks": draw(st.integers(0, 1)),
                "cost_per_unit": n,
            }
            for n, name in enumerate(names)
            for market in ("M", "N")
        ],
        "stock": [{"factory": "F", "product": "P", "quantity": draw(st.sampled_from([0, 7]))}],
        "owned": [{"factory": "F", "robot_model": "R", "units": draw(st.integers(0, 1))}],
        "offers": draw(offers()),
        "orders": [
            order(f"A{n}", t, units, priority=priority, product="P" if n % 2 else last)
            for n, (t, units, priority) in enumerate(asked)
        ],
        "forecast": forecast({t: draw(st.integers(0, 50)) for t in range(1, WEEKS)}, market="N"),
    }
    return {"horizon_weeks": WEEKS, "setup_weeks": draw(st.integers(0, WEEKS)), "tail_use": 0.5}, tables


@few
@given(companies())
def test_a_plan_costs_what_the_second_program_says(company: tuple[Row, Tables]) -> None:
    terms, tables = company
    assert planned(terms, **tables).objective == pytest.approx(
        plain_optimum(terms, tables), rel=1e-6, abs=1e-4
    )
