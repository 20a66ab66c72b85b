"""Laws of every plan, on made-up networks solved to proven optimum."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.networks import FACTORY, PRODUCT, ROUTING, Planned, Row, forecast, offer, order, planned

#: Each example is two or three whole solves.
few = settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

WEEKS = 4
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Company:
    """Two products, up to two factories, two flexible offers, orders and forecast."""

    settings: Row
    tables: Row

    def planned(self, turn: int = 1, **other: Any) -> Planned:
        """The plan, with other rows in some tables or with all rows the other way round."""
        return planned(self.settings, **{name: rows[::turn] for name, rows in (self.tables | other).items()})

    def offers(self, **terms: Any) -> list[Row]:
        """The offers with other terms of the first."""
        first, *others = self.tables["offers"]
        return [first | terms, *others]


@st.composite
def offers(draw: st.DrawFn) -> list[Row]:
    def terms() -> Row:
        return {
            "min_term_weeks": draw(st.integers(1, 3)),
            "notice_weeks": draw(st.integers(0, 2)),
            "lead_time_weeks": draw(st.integers(0, 1)),
            "mobilisation_fee": draw(st.sampled_from([0, 25])),
            "max_units": draw(st.sampled_from([None, 2])),
        }

    return [offer(name, draw(st.integers(20, 160)), **terms()) for name in ("ONE", "TWO")]


@st.composite
def companies(draw: st.DrawFn, setups: bool = True) -> Company:
    factories = [FACTORY, FACTORY | {"factory": "G"}][: draw(st.integers(1, 2))]
    lot = {"setup_cost": 20, "min_lot": 5} if setups and draw(st.booleans()) else {}
    asked = [
        order(f"A{n}", draw(st.integers(-1, WEEKS - 1)), draw(st.integers(1, 70)), product=product)
        | {"priority": draw(st.integers(1, 3))}
        for n, product in enumerate(draw(st.lists(st.sampled_from("PQ"), min_size=1, max_size=4)))
    ]
    expected = draw(st.lists(st.integers(0, 50), min_size=WEEKS, max_size=WEEKS))
    tables: Row = {
        "factories": factories,
        "products": [
            PRODUCT,
            PRODUCT | {"product": "Q", "price": 30, "lost_cost": 45, "late_cost_per_week": 4},
        ],
        "routings": [ROUTING | lot, ROUTING | {"product": "Q", "routing": "Q", "hours_per_unit": 0.6}],
        "markets": [{"market": "M"}],
        "owned": [{"factory": "F", "robot_model": "R", "units": draw(st.integers(0, 1))}],
        "offers": draw(offers()),
        "orders": asked,
        "forecast": forecast(expected),
    }
    return Company({"horizon_weeks": WEEKS, "setup_weeks": 1, "tail_use": 1}, tables)


def robot_weeks(plan: Planned, name: str) -> float:
    return plan.total("on_rent", offer=name)


@few
@given(companies(), st.floats(0, 1))
def test_cutting_an_offers_flat_rate_never_lowers_its_robot_weeks(company: Company, share: float) -> None:
    """What is paid weekly is paid less: an offer becomes no less attractive. (The tail is free here.)"""
    before = company.planned()
    rate = round(company.tables["offers"][0]["weekly_rate"] * share * 0.95, 2)
    after = company.planned(offers=company.offers(weekly_rate=rate))
    assert robot_weeks(after, "ONE") >= robot_weeks(before, "ONE")
    assert after.objective <= before.objective + TOLERANCE * abs(before.objective) + TOLERANCE


@few
@given(companies(), st.integers(1, 3))
def test_a_longer_minimum_term_never_costs_less(company: Company, longer: int) -> None:
    term = company.tables["offers"][0]["min_term_weeks"] + longer
    before, after = company.planned(), company.planned(offers=company.offers(min_term_weeks=term))
    assert after.objective >= before.objective - TOLERANCE * abs(before.objective) - TOLERANCE


@few
@given(companies(), st.integers(2, 3))
def test_neither_splitting_orders_nor_turning_the_files_round_changes_the_plans_cost(
    company: Company, parts: int
) -> None:
    split = [
        row | {"line": n + 1, "quantity": row["quantity"] / parts}
        for row in company.tables["orders"]
        for n in range(parts)
    ]
    cost = company.planned().objective
    assert company.planned(orders=split).objective == pytest.approx(cost, rel=TOLERANCE, abs=TOLERANCE)
    assert company.planned(turn=-1).objective == pytest.approx(cost, rel=TOLERANCE, abs=TOLERANCE)


@few
@given(companies(setups=False), st.integers(1, 60))
def test_without_lots_more_orders_never_cost_less(company: Company, units: int) -> None:
    """Netting aside: an order in a market nobody forecasts takes no expected demand away."""
    more = [*company.tables["orders"], order("MORE", 1, units, market="N")]
    markets = [{"market": "M"}, {"market": "N"}]
    before = company.planned(markets=markets)
    after = company.planned(markets=markets, orders=more)
    assert after.objective >= before.objective - TOLERANCE * abs(before.objective) - TOLERANCE
