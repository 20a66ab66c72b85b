"""Laws of netting on made-up demand: nothing is counted twice, nothing gets lost, order does not matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.check.netted import expected_demand, qualifying_demand
from planning.domain.network import Network
from planning.netting import NetDemand, net_demand
from planning.netting.net import consume
from tests.builders.networks import Row, deal, network, order, week

WEEKS = 5
PAIRS = [("P", "M"), ("P", "N"), ("Q", "M")]
pairs = st.sampled_from(PAIRS)
units = st.integers(0, 30)
chances = st.sampled_from([None, 0.0, 0.3, 0.9, 1.0])


@dataclass(frozen=True)
class Demand:
    """Made-up demand of two products in two markets, and the settings that net it."""

    settings: Row
    forecast: list[Row]
    orders: list[Row]
    deals: list[Row]
    stock: list[Row]

    def network(self, orders: Sequence[Row] | None = None, turn: int = 1) -> Network:
        """The network, with other orders or with all rows the other way round."""
        asked = self.orders if orders is None else list(orders)
        return network(
            self.settings,
            products=[{"product": "P"}, {"product": "Q"}][::turn],
            markets=[{"market": "M"}, {"market": "N"}][::turn],
            forecast=self.forecast[::turn],
            orders=asked[::turn],
            opportunities=self.deals[::turn],
            stock=self.stock[::turn],
        )

    def net(self) -> NetDemand:
        return net_demand(self.network())


@st.composite
def forecasts(draw: st.DrawFn) -> list[Row]:
    cells = draw(st.lists(st.tuples(pairs, st.integers(0, WEEKS)), unique=True, max_size=10))
    rows = []
    for (product, market), t in cells:
        low, middle, high = sorted(draw(st.tuples(units, units, units)))
        quantiles = {"p10": low, "p50": middle, "p90": high}
        for lacking in draw(st.sampled_from([(), (), ("p90",), ("p10", "p50", "p90")])):
            del quantiles[lacking]
        quantity = draw(st.floats(0, 30).map(lambda size: round(size, 2)))
        rows.append({"product": product, "market": market, "week": week(t), "quantity": quantity} | quantiles)
    return rows


@st.composite
def order_lines(draw: st.DrawFn) -> list[Row]:
    return [
        order(
            f"S{n}",
            draw(st.integers(-1, WEEKS)),
            draw(units),
            product=product,
            market=market,
            quantity_shipped=draw(st.integers(0, 5)),
            status=draw(st.sampled_from(["confirmed", "confirmed", "shipped", "cancelled"])),
        )
        for n, (product, market) in enumerate(draw(st.lists(pairs, max_size=6)))
    ]


@st.composite
def deals(draw: st.DrawFn) -> list[Row]:
    return [
        deal(
            f"D{n}",
            draw(st.integers(-1, WEEKS)),
            draw(units),
            product=product,
            market=market,
            probability=draw(chances),
            stage=draw(st.sampled_from(["lead", "verbal"])),
            status=draw(st.sampled_from(["open", "open", "won", "lost"])),
            order_id=draw(st.sampled_from([None, "S0", "X"])),
        )
        for n, (product, market) in enumerate(draw(st.lists(pairs, max_size=5)))
    ]


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    settings = {
        "horizon_weeks": WEEKS,
        "firm_weeks": draw(st.integers(0, 3)),
        "consumption_back_weeks": draw(st.integers(0, 3)),
        "consumption_forward_weeks": draw(st.integers(0, 3)),
        "commit_threshold": draw(st.sampled_from([0.3, 0.5, 0.8, 0.9, 0.95])),
        "lumpy_deal_share": draw(st.sampled_from([0.1, 0.25, 100])),
    }
    held = draw(st.sampled_from([0, 7, 40]))
    stock = [{"factory": "F", "product": "P", "quantity": held}] if held else []
    return Demand(settings, draw(forecasts()), draw(order_lines()), draw(deals()), stock)


def told(net: NetDemand) -> list[pl.DataFrame]:
    """All that netting says, in a fixed order."""
    key = ["product", "market", "t"]
    rounded = pl.col(pl.Float64).round(6)
    return [
        net.expected.sort(key).with_columns(rounded),
        net.orders.group_by(*key, "priority").agg(pl.col("quantity").sum()).sort(*key, "priority"),
        net.rent_or_wait.select("opportunity_id").sort("opportunity_id"),
        net.stale.select("opportunity_id").sort("opportunity_id"),
    ]


def same(one: NetDemand, other: NetDemand) -> bool:
    return all(a.equals(b) for a, b in zip(told(one), told(other), strict=True))


def totals(frame: pl.DataFrame, column: str) -> dict[tuple[str, str], float]:
    rows = frame.group_by("product", "market").agg(pl.col(column).sum())
    return {(product, market): total for product, market, total in rows.iter_rows()}


@settings(max_examples=20)
@given(demands())
def test_nothing_is_ever_negative_and_unreachable_is_part_of_expected(demand: Demand) -> None:
    rows = demand.net().expected
    for whole, part in (("expected", "unreachable"), ("qualifying", "qualifying_unreachable")):
        assert (rows[part] >= 0).all()
        assert (rows[whole] >= rows[part] - 1e-9).all()
    assert rows.filter(pl.max_horizontal("expected", "qualifying") <= 0).is_empty()


@settings(max_examples=20)
@given(demands())
def test_orders_consume_no_more_than_there_is_of_either(demand: Demand) -> None:
    alone = Demand(demand.settings, demand.forecast, demand.orders, [], [])
    made = alone.network()
    inside = pl.col("t").is_between(0, WEEKS - 1)
    forecast = made["forecast"].with_columns(t=(pl.col("week") - made.policy.start_week).dt.total_days() // 7)
    before = totals(forecast.filter(inside), "quantity")
    lines = made["orders"].filter(pl.col("status") != "cancelled")
    lines = lines.with_columns(t=(pl.col("due_date") - made.policy.start_week).dt.total_days() // 7)
    asked = totals(lines.filter(inside), "quantity")
    after = totals(net_demand(made).expected, "expected")
    for pair, units_before in before.items():
        taken = units_before - after.get(pair, 0.0)
        assert -1e-9 <= taken <= min(units_before, asked.get(pair, 0.0)) + 1e-9


@given(
    st.lists(st.tuples(units, units), min_size=1, max_size=8),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_forecast_is_left_only_where_no_demand_in_reach_is_unmet(
    weeks: list[tuple[int, int]], back: int, forward: int
) -> None:
    forecast, demand = (np.array([row], dtype=float) for row in zip(*weeks, strict=True))
    left = consume(forecast, demand, back, forward)
    assert (left >= 0).all()
    assert (left <= forecast).all()
    assert (forecast - left).sum() <= demand.sum()
    for t, asked in enumerate(demand[0]):
        reach = slice(max(0, t - back), t + forward + 1)
        if left[0, reach].sum() > 0:  # then at least what this week asked for was consumed around it
            assert (forecast - left)[0, reach].sum() >= asked - 1e-9


@settings(max_examples=20)
@given(demands(), st.integers(1, 4))
def test_splitting_an_order_into_lines_changes_nothing(demand: Demand, parts: int) -> None:
    split = [
        row | {"line": n + 1, "quantity": row["quantity"] / parts, "quantity_shipped": 0}
        for row in demand.orders
        for n in range(parts)
    ]
    whole = [row | {"quantity_shipped": 0} for row in demand.orders]
    assert same(net_demand(demand.network(whole)), net_demand(demand.network(split)))


@settings(max_examples=20)
@given(demands())
def test_the_order_of_the_rows_does_not_matter(demand: Demand) -> None:
    assert same(demand.net(), net_demand(demand.network(turn=-1)))


@settings(max_examples=20)
@given(demands(), order_lines())
def test_more_orders_never_make_more_expected(demand: Demand, more: list[Row]) -> None:
    others = [row | {"order_id": f"more-{row['order_id']}"} for row in more]
    before, after = demand.net().expected, net_demand(demand.network([*demand.orders, *others])).expected
    both = after.join(before, on=["product", "market", "t"], how="left", suffix="_before").fill_null(0.0)
    for column in ("expected", "qualifying"):
        assert (both[column] <= both[f"{column}_before"] + 1e-9).all()


@settings(max_examples=20)
@given(demands())
def test_the_independent_checker_nets_the_same(demand: Demand) -> None:
    made, key = demand.network(), ["product", "market", "t"]
    mine = net_demand(made).expected
    for column, theirs in (("expected", expected_demand(made)), ("qualifying", qualifying_demand(made))):
        both = mine.select(*key, mine=column).join(theirs, on=key, how="full", coalesce=True).fill_null(0.0)
        assert ((both["mine"] - both["expected"]).abs() < 1e-6).all()
