"""One cell of the plan, a week at a factory: what is made there, on which robots, and for which orders."""

from dataclasses import replace
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.routing import resolve_routings
from planning.present.plan_orders import IN_PARTS, LINE, fates
from planning.present.view import Choice, Column, View, labels, names
from planning.present.words import FATES
from planning.schedule.pegging import FOLLOWED, peg

_ROW = ["factory", "routing", "made_week"]


def made_in(plan: Plan, network: Network | None, choice: Choice, week: date) -> View:
    """What is made in a week at the factories chosen, most units first: units by what for, hours by model.

    Hours are those of the schedule where it covers the week; else a routing's hours are shared among its
    robot models as its rows say.
    """
    rows = choice.of(plan["production"]).filter(pl.col("week") == week)
    key = ["factory", "product", "routing"]
    hours = hours_by_model(plan, network, rows, week)
    models = hours["robot_model"].unique().sort().to_list()
    by_model = hours.group_by(key).agg(
        pl.col("hours").filter(pl.col("robot_model") == model).first().alias(f"hours {model}")
        for model in models
    )
    called = names(network, "robots", "robot_model")
    columns = {
        "product": Column("Product", width="medium"),
        "quantity": Column("Good units", "quantity"),
        "for_confirmed": Column("For confirmed", "quantity", "Good units for confirmed orders."),
        "for_expected": Column("For expected", "quantity", "Good units for expected demand."),
        "robot_hours": Column("Robot hours", "rate", "Set-up hours included."),
    }
    columns |= {f"hours {model}": Column(f"{model} (h)", "rate", called.get(model, "")) for model in models}
    columns["routing"] = Column("Routing")
    if rows["factory"].n_unique() > 1:
        columns["factory"] = Column("Factory")
    return View(
        rows.join(by_model, on=key, how="left")
        .with_columns(
            factory=pl.col("factory").replace(
                labels(network, "factories", "factory", rows["factory"].unique())
            ),
            product=pl.col("product").replace(
                labels(network, "products", "product", rows["product"].unique())
            ),
        )
        .sort("quantity", "product", "routing", descending=[True, False, False]),
        columns,
    )


def hours_by_model(plan: Plan, network: Network | None, production: pl.DataFrame, week: date) -> pl.DataFrame:
    """Robot hours of these production rows, all of one week, by robot model.

    Returns
    -------
    factory, product, routing, robot_model, hours; nothing of what neither schedule nor network tells.
    """
    key = ["factory", "product", "routing"]
    scheduled = plan["schedule"].filter(pl.col("week") == week)
    if not scheduled.is_empty():
        return (
            scheduled.join(production, on=key, how="semi")
            .group_by(*key, "robot_model")
            .agg(hours=pl.col("setup_hours").sum() + pl.col("run_hours").sum())
        )
    if network is None:
        return scheduled.select(*key, "robot_model", hours=pl.lit(0.0))
    parts = production.join(_routing_rows(network, production, week), on=["factory", "routing"])
    share = pl.col("weight") / pl.col("weight").sum().over(key)
    return parts.with_columns(weight=_weight()).select(
        *key, "robot_model", hours=pl.col("robot_hours") * share
    )


def orders_served(plan: Plan, network: Network | None, choice: Choice, week: date) -> View:
    """The order lines that what is made in a week at the factories chosen is for, the soonest due first.

    Where the schedule covers the week it says which. Elsewhere goods are followed first in, first out from
    the factory to its shipments and to the orders delivered from them: one honest reading of the plan.
    """
    scheduled = choice.of(plan["schedule"]).filter(pl.col("week") == week)
    promises = choice.of(plan["promises"])
    covered = not plan["schedule"].filter(pl.col("week") == week).is_empty()
    served = _of_schedule(scheduled, promises) if covered else _of_goods(plan, choice, promises, week)
    lines = fates(plan, network, served)
    return View(
        lines.with_columns(
            order=pl.format("{}/{}", *LINE),
            outcome=pl.col("fate").replace(FATES),
            product=pl.col("product").replace(
                labels(network, "products", "product", lines["product"].unique())
            ),
            market=pl.col("market").replace(labels(network, "markets", "market", lines["market"].unique())),
        ).sort("due_week", "order"),
        {
            "order": Column("Order"),
            "outcome": Column("Outcome", "fate"),
            "units": Column("Units", "quantity", "Open units of the order line."),
            "product": Column("Product"),
            "due_week": Column("Due", "week"),
            "promised": Column("Promised", "week", "The week of its last delivery."),
            "deliveries": Column("In parts", "text", IN_PARTS, width="medium"),
            "market": Column("Market"),
        },
    )


def how_served(plan: Plan, week: date) -> str:
    """How it is known which orders a week's work is for, in one sentence."""
    if (plan["schedule"]["week"] == week).any():
        return "Orders as the schedule has them."
    return (
        "The schedule does not reach this week yet: goods are followed first in, first out to their orders."
    )


def _of_schedule(scheduled: pl.DataFrame, promises: pl.DataFrame) -> pl.DataFrame:
    """The promises of the order lines that work orders are for."""
    lines = scheduled.select(pl.col("for_orders").str.split(";").explode()).drop_nulls().unique()
    named = pl.format("{}/{}", *LINE)
    return promises.with_columns(named=named).join(lines, left_on="named", right_on="for_orders", how="semi")


def _of_goods(plan: Plan, choice: Choice, promises: pl.DataFrame, week: date) -> pl.DataFrame:
    """The promises of the order lines that what is made in a week reaches."""
    made = replace(choice, markets=()).of(plan["production"]).filter(pl.col("week") == week)
    products = made["product"].unique().implode()
    # Goods of a product never serve another one.
    tables = {name: plan[name].filter(pl.col("product").is_in(products)) for name in FOLLOWED}
    pegs = peg(tables, date.fromisoformat(plan.summary["start_week"])).filter(use="order")
    served = pegs.join(made, left_on=_ROW, right_on=["factory", "routing", "week"], how="semi")
    return promises.join(served, on=LINE, how="semi")


def _routing_rows(network: Network, production: pl.DataFrame, week: date) -> pl.DataFrame:
    """Hours of the routings made, by factory and robot model, as they are in force in a week."""
    made = {
        "routings": network["routings"].join(production, on="routing", how="semi"),
        "factories": network["factories"].join(production, on="factory", how="semi"),
    }
    that_week = replace(network.policy, start_week=week, horizon_weeks=1)
    rows = resolve_routings(replace(network, policy=that_week, tables=dict(network.tables) | made))
    bucket = (week - network.policy.start_week).days // WEEK.days
    lot = pl.max_horizontal("typical_lot", "min_lot", "batch_size", pl.lit(1.0))
    spread = 0.0 if bucket < network.policy.setup_weeks else pl.col("setup_hours") / lot
    return rows.select(
        "factory", "routing", "robot_model", "setup_hours", a_unit=pl.col("hours_per_unit") + spread
    )


def _weight() -> pl.Expr:
    return pl.col("a_unit") * pl.col("gross") + pl.col("setup") * pl.col("setup_hours")
