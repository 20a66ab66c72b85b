"""What nobody said is derived, and told."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.assume import complete, order_prices
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.schema import INPUT

Rows = list[dict[str, object]]
FIVE: dict[str, Rows] = {
    "orders": [
        {"order_id": "A", "product": "P", "market": "DE", "quantity": 30.0, "unit_price": 10.0},
        {"order_id": "B", "product": "P", "market": "FR", "quantity": 10.0, "unit_price": 14.0},
        {
            "order_id": "C",
            "product": "P",
            "market": "FR",
            "quantity": 99.0,
            "unit_price": 90.0,
            "status": "cancelled",
        },
        {"order_id": "D", "product": "P", "market": "FR", "quantity": 99.0},
        {"order_id": "E", "product": "Q", "market": "FR", "quantity": 5.0},
    ],
    "routings": [
        {"routing": "P/ADD", "product": "P", "robot_model": "ADD", "hours_per_unit": 2.0},
        {"routing": "Q/MILL", "product": "Q", "robot_model": "MILL", "hours_per_unit": 3.0},
    ],
    "factories": [{"factory": "F2"}, {"factory": "F1", "supervisors": 3.0}],
    "offers": [{"offer": "O", "robot_model": "ARM", "weekly_rate": 500.0}],
    "owned": [{"factory": "F1", "robot_model": "ADD", "units": 1}],
}


def frame(name: str, rows: Rows) -> pl.DataFrame:
    """Rows with scalar defaults in place, as validation leaves them."""
    defaults = {field.name: field.default for field in INPUT[name].fields}
    return pl.DataFrame([defaults | row for row in rows], schema=INPUT[name].polars_schema, orient="row")


def network(**changes: Rows) -> Network:
    """The five tables with some replaced or added."""
    given = FIVE | changes
    tables = {name: frame(name, given.get(name, [])) for name in INPUT}
    policy = Policy.from_settings({}, date(2026, 11, 26))
    return Network(tables, policy, frozenset(given), pl.DataFrame())


def product(whole: Network, name: str) -> dict[str, object]:
    """A product's row."""
    return whole["products"].row(by_predicate=pl.col("product") == name, named=True)


def told(whole: Network, start: str) -> str:
    """The line of assumptions that starts so."""
    (line,) = (line for line in whole.assumed if line.startswith(start))
    return line


def test_markets_are_those_of_the_orders() -> None:
    whole = complete(network())
    assert whole["markets"]["market"].to_list() == ["DE", "FR"]
    assert told(whole, "markets") == "markets: 2 markets (DE, FR) from orders.csv"


def test_lanes_join_every_factory_and_market_for_nothing() -> None:
    lanes = complete(network())["lanes"]
    assert lanes.rows() == [(f, m, 0, 0.0, 0.0) for f in ("F1", "F2") for m in ("DE", "FR")]


def test_lanes_that_are_given_are_all_there_are() -> None:
    whole = complete(network(lanes=[{"factory": "F1", "market": "DE"}]))
    assert whole["lanes"].height == 1
    assert not any(line.startswith("lanes") for line in whole.assumed)


def test_robots_are_those_somebody_names() -> None:
    whole = complete(network())
    assert whole["robots"]["robot_model"].to_list() == ["ADD", "ARM", "MILL"]
    usual = whole["robots"].select(
        "floor_slots", "robots_per_supervisor", "robots_per_operator", "power_kw", "availability"
    )
    assert set(usual.rows()) == {(1.0, 1.0, 1.0, 0.0, 0.85)}


def test_the_price_is_the_mean_of_the_orders_by_quantity() -> None:
    whole = complete(network())
    assert product(whole, "P")["price"] == pytest.approx(11.0)
    assert told(whole, "price: the mean") == "price: the mean of its orders by quantity, for 1 product (P)"


def test_without_a_price_in_any_order_it_is_one() -> None:
    whole = complete(network())
    assert product(whole, "Q")["price"] == 1.0
    assert told(whole, "price: 1").startswith(
        "price: 1, as no order tells one, for 1 product (Q): what costs"
    )


def test_costs_follow_the_price() -> None:
    costs = product(complete(network()), "P")
    assert costs["holding_cost_per_week"] == pytest.approx(0.044)
    assert costs["late_cost_per_week"] == pytest.approx(0.22)
    assert costs["lost_cost"] == pytest.approx(11.0)
    assert costs["waste_cost"] == pytest.approx(5.5)


def test_what_is_given_stays() -> None:
    given = {
        "product": "P",
        "price": 50.0,
        "holding_cost_per_week": 0.0,
        "late_cost_per_week": 7.0,
        "lost_cost": 60.0,
    }
    whole = complete(network(products=[given | {"waste_cost": 3.0}, {"product": "Q", "price": 2.0}]))
    assert {key: product(whole, "P")[key] for key in given} == given
    assert product(whole, "P")["waste_cost"] == 3.0
    assert told(whole, "holding").endswith("for 1 product (Q)")


def routing(name: str, robot: str, cost: float, factory: str | None = None) -> dict[str, object]:
    row = {"routing": name, "product": "P", "robot_model": robot, "hours_per_unit": 1.0}
    return row | {"unit_cost": cost, "factory": factory}


@pytest.mark.parametrize(
    ("rows", "waste"),
    [
        ([routing("R", "ADD", 4.0), routing("S", "ADD", 3.0)], 3.0),
        ([routing("R", "ADD", 4.0), routing("S", "ADD", 0.0)], 4.0),
        ([routing("R", "ADD", 4.0), routing("R", "MILL", 3.0)], 7.0),
        ([routing("R", "ADD", 4.0), routing("R", "MILL", 3.0), routing("R", "ADD", 1.0, "F1")], 4.0),
        ([routing("R", "ADD", 0.0)], 5.5),
    ],
    ids=[
        "the cheapest routing",
        "free is no cost",
        "robots add up",
        "a factory's row replaces",
        "none: half the price",
    ],
)
def test_a_unit_left_over_wastes_the_lowest_unit_cost(rows: Rows, waste: float) -> None:
    assert product(complete(network(routings=rows)), "P")["waste_cost"] == pytest.approx(waste)


def test_stages_have_their_usual_ladder() -> None:
    stages = complete(network())["stages"]
    assert dict(stages.select("stage", "probability").rows()) == {
        "lead": 0.05,
        "qualified": 0.15,
        "quoted": 0.3,
        "verbal": 0.7,
    }


def test_stages_that_are_given_replace_the_ladder() -> None:
    own = [{"stage": "dreamt", "position": 1, "probability": 0.01}]
    assert complete(network(stages=own))["stages"]["stage"].to_list() == ["dreamt"]


def test_energy_is_hours_times_power() -> None:
    robots: Rows = [
        {"robot_model": name, "power_kw": power}
        for name, power in (("ADD", 3.5), ("MILL", 9.0), ("ARM", 1.0))
    ]
    rows = [FIVE["routings"][0], FIVE["routings"][1] | {"energy_kwh_per_unit": 1.0}]
    whole = complete(network(robots=robots, routings=rows))
    assert dict(whole["routings"].select("routing", "energy_kwh_per_unit").rows()) == {
        "P/ADD": 7.0,
        "Q/MILL": 1.0,
    }
    assert told(whole, "energy").endswith("for 1 routing (P/ADD)")


def test_an_operator_tends_as_many_robots_as_a_supervisor_watches() -> None:
    robots: Rows = [
        {"robot_model": "ADD", "robots_per_supervisor": 6.0},
        {"robot_model": "ARM", "robots_per_supervisor": 6.0, "robots_per_operator": 2.0},
        {"robot_model": "MILL"},
    ]
    assert complete(network(robots=robots))["robots"]["robots_per_operator"].to_list() == [6.0, 2.0, 1.0]


def test_a_contract_without_a_rate_pays_its_offers_tier() -> None:
    first = date(2026, 11, 2)
    common = {"offer": "O", "factory": "F1", "on_rent_date": first, "min_end_date": first}
    contracts: Rows = [common | {"contract": f"C{units}", "units": units} for units in (1, 2, 3, 4, 9)]
    contracts += [common | {"contract": "C0", "units": 9, "weekly_rate": 1.0}]
    tiers: Rows = [
        {"offer": "O", "from_units": n, "weekly_rate": rate} for n, rate in ((4, 400.0), (2, 450.0))
    ]
    whole = complete(network(contracts=contracts, offer_tiers=tiers))
    rates = dict(whole["contracts"].select("contract", "weekly_rate").rows())
    assert rates == {"C0": 1.0, "C1": 500.0, "C2": 450.0, "C3": 450.0, "C4": 400.0, "C9": 400.0}


def test_supply_costs_what_the_material_costs_unless_it_says_so() -> None:
    week = date(2026, 11, 30)
    common = {"material": "RESIN", "factory": "F1", "week": week, "quantity": 1.0}
    whole = complete(
        network(
            materials=[{"material": "RESIN", "unit_cost": 18.5}], supply=[common, common | {"unit_cost": 0.0}]
        )
    )
    assert whole["supply"]["unit_cost"].to_list() == [18.5, 0.0]


def test_what_a_period_is_billed_at_is_not_made_up() -> None:
    monthly: Rows = [{"offer": "O", "robot_model": "ADD", "weekly_rate": 500.0, "billing": "month"}]
    assert complete(network(offers=monthly))["offers"]["billing_rate"].to_list() == [None]


def test_no_limit_stays_no_limit() -> None:
    whole = complete(network())
    assert whole["factories"].select("floor_slots", "storage_units").null_count().row(0) == (2, 2)
    assert whole["offers"].select("max_units", "transfer_fee", "included_hours_per_week").null_count().row(
        0
    ) == (1, 1, 1)
    assert told(whole, "supervisors") == "supervisors: no limit, at 1 factory (F2)"


def test_long_lists_are_cut_short() -> None:
    many: Rows = [{"factory": f"F{n}"} for n in range(9)]
    assert told(complete(network(factories=many)), "supervisors").endswith(
        "at 9 factories (F0, F1, F2, F3, F4 and 4 more)"
    )


def test_completing_twice_changes_nothing() -> None:
    once = complete(network())
    twice = complete(once)
    assert twice.assumed == once.assumed
    assert all(twice[name].equals(once[name]) for name in INPUT)


def test_every_table_keeps_its_columns_and_types() -> None:
    whole = complete(network())
    assert {name: dict(whole[name].schema) for name in INPUT} == {
        name: t.polars_schema for name, t in INPUT.items()
    }


SALE = st.tuples(st.floats(0.5, 1e4), st.floats(0.0, 1e3)).map(
    lambda pair: {"quantity": pair[0], "unit_price": pair[1]}
)


@given(st.lists(SALE, min_size=1, max_size=6))
def test_splitting_and_turning_orders_moves_no_price(sales: Rows) -> None:
    rows = [{"order_id": f"A{n}", "product": "P", "market": "DE"} | sale for n, sale in enumerate(sales)]
    halves = [
        row | {"quantity": float(str(row["quantity"])) / 2, "line": n} for row in rows[::-1] for n in (1, 2)
    ]
    whole, split = (order_prices(frame("orders", some))["price"].item() for some in (rows, halves))
    assert split == pytest.approx(whole)
    prices = [float(str(sale["unit_price"])) for sale in sales]
    assert min(prices) - 1e-9 <= whole <= max(prices) + 1e-9
