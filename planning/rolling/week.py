"""Roll the week forward: from what holds, what was published and what happened to next week's files."""

from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import Fault, InputError
from planning.rolling.actuals import Actuals
from planning.rolling.contracts import roll_contracts
from planning.rolling.deliveries import deliver
from planning.rolling.demand import demand_came
from planning.rolling.materials import roll_materials
from planning.rolling.rolled import RolledWeek
from planning.rolling.stock import roll_shipments, roll_stock
from planning.rolling.work import roll_work

#: A week may be rolled from its Friday on: what still happens in it can be corrected by the next count.
FRIDAY = timedelta(days=4)


def week_to_roll(network: Network, plan: Plan) -> date:
    """The week that is over next: the first one of the settings; where they name none, of the plan."""
    said = set(network["settings"].drop_nulls("value")["key"])
    started = date.fromisoformat(plan.summary["start_week"])
    return network.policy.start_week if said & {"start_week", "as_of"} else started


def roll_week(network: Network, plan: Plan, actuals: Actuals) -> RolledWeek:
    """Move the start of the plan by one week, with everything that happened in the week before.

    What the actuals do not say is taken as the plan said it, and each such assumption is told.

    Parameters
    ----------
    network : the files that hold, as they were imported.
    plan : the published plan.

    Raises
    ------
    InputError
        The plan does not cover the week, the week is not over, or the actuals contradict themselves.
    """
    week = week_to_roll(network, plan)
    as_of = _as_of(network, week)
    _refuse_other_weeks(plan, week, as_of)
    orders = _orders(network, actuals)
    work = roll_work(network, plan, actuals, week)
    shipments = roll_shipments(network, plan, actuals, week)
    stock = roll_stock(network, plan, actuals, work.made, shipments.rows, week)
    delivered = deliver(network, plan, actuals, orders, shipments.rows, week)
    contracts = roll_contracts(network, plan, actuals, week)
    materials = roll_materials(network, plan, work.made, week)
    faults = [*stock.faults, *contracts.faults]
    if faults:
        raise InputError(faults)
    asked = _joined(orders, delivered.orders)
    history = demand_came(network, asked, delivered.served, week, as_of)
    replaced = {"in_transit": delivered.in_transit, "firm_work": work.firm_work}
    if materials.supply is not None:
        replaced["supply"] = materials.supply
    updated = {
        "settings": _settings(network, week, as_of),
        "stock": stock.rows,
        "orders": _changed_orders(network, asked),
        "contracts": contracts.rows,
        "history": _whole_days(network, history),
    }
    return RolledWeek(
        week,
        replaced,
        {name: rows for name, rows in updated.items() if not rows.is_empty()},
        pl.concat([part.differed for part in (work, shipments, stock, delivered, contracts)]),
        tuple(w for part in (work, shipments, stock, delivered, contracts, materials) for w in part.assumed),
        _balance(network, work.made, stock.rows, stock.counted_more, delivered.served, delivered.in_transit),
    )


def _as_of(network: Network, week: date) -> date:
    """The day the data speak for from now on: the clock's where settings leave it to the clock."""
    given = "as_of" in set(network["settings"].drop_nulls("value")["key"])
    return max(network.policy.as_of, week + WEEK) if given else network.policy.as_of


def _refuse_other_weeks(plan: Plan, week: date, as_of: date) -> None:
    started = date.fromisoformat(plan.summary["start_week"])
    end = started + int(plan.summary["horizon_weeks"]) * WEEK
    if not started <= week < end:
        reason = f"plan v{plan.summary['version']} says nothing of the week of {week}"
        raise InputError([Fault("settings.csv", reason, "Publish a plan that starts with it.")])
    if as_of < week + FRIDAY:
        reason = f"it is {as_of}, and the week of {week} is not over"
        raise InputError([Fault("settings.csv", reason, "Roll it from its Friday on.")])


def _orders(network: Network, actuals: Actuals) -> pl.DataFrame:
    held = network["orders"]
    return held if actuals.orders is None else _joined(held, actuals.orders.select(held.columns))


def _joined(orders: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([orders.join(changed, on=["order_id", "line"], how="anti"), changed])


def _changed_orders(network: Network, orders: pl.DataFrame) -> pl.DataFrame:
    held = network["orders"]
    return orders.join(held, on=held.columns, how="anti", nulls_equal=True).sort("order_id", "line")


def _settings(network: Network, week: date, as_of: date) -> pl.DataFrame:
    said = {"start_week": week + WEEK}
    if "as_of" in set(network["settings"].drop_nulls("value")["key"]):
        said["as_of"] = as_of
    return pl.DataFrame({"key": list(said), "value": [day.isoformat() for day in said.values()]})


def _whole_days(network: Network, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what history has of the same day, product and market, whose place they take."""
    key = ["date", "product", "market"]
    before = network["history"].join(rows, on=key, how="semi")
    whole = pl.concat([before.select(rows.columns), rows]).group_by(key).agg(pl.col("quantity").sum())
    return whole.sort(key)


def _balance(  # noqa: PLR0917 - every flow of the week's goods
    network: Network,
    made: pl.DataFrame,
    stock: pl.DataFrame,
    more: pl.DataFrame,
    served: pl.DataFrame,
    transit: pl.DataFrame,
) -> pl.DataFrame:
    parts = {
        "opening": network["stock"].select("product", units="quantity"),
        "opening_transit": network["in_transit"].select("product", units="quantity"),
        "made": made.select("product", units="actual"),
        "counted_more": more.select("product", units="counted_more"),
        "delivered": served.select("product", units="delivered"),
        "sold": served.select("product", units="sold"),
        "closing": stock.select("product", units="quantity"),
        "closing_transit": transit.select("product", units="quantity"),
    }
    rows = pl.concat([frame.with_columns(pl.lit(name).alias("of")) for name, frame in parts.items()])
    sums = [pl.col("units").filter(pl.col("of") == name).sum().alias(name) for name in parts]
    return rows.group_by("product").agg(sums).sort("product")
