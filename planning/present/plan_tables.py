"""What a plan makes, what it costs, which orders it delivers late or not at all, and which rules it bends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, Column, View, names
from planning.present.words import FATES, RELAXED

#: Cost terms of plan.json in words.
COSTS = {
    "rent": "Robot rent",
    "rent_tail": "Rent owed beyond the last planned week",
    "mobilisation": "Mobilisation of rented robots",
    "demobilisation": "Demobilisation of rented robots",
    "termination": "Early termination",
    "transfer": "Robot transfers",
    "overage": "Hours beyond those included",
    "owned": "Owned robots",
    "overtime": "Overtime",
    "unit": "Unit cost of production",
    "setup": "Set-ups",
    "energy": "Energy",
    "material": "Materials",
    "transport": "Transport",
    "holding": "Stock holding",
    "late": "Late orders",
    "priority": "Priority of late orders (a preference, not money)",
    "lost_confirmed": "Refused orders",
    "lost_expected": "Expected demand not served",
    "waste": "Stock left at the end",
    "carbon": "CO2e",
    "change": "Changes to the published plan",
    "relaxed": "Rules bent",
}


def cost_lines(plan: Plan) -> View:
    """What the plan costs by line, dearest first; `share` is of the money."""
    currency = plan.summary["policy"]["currency"]
    lines = pl.DataFrame(
        [(COSTS.get(term, term), float(amount), term) for term, amount in plan.summary["costs"].items()],
        schema={"line": pl.String, "amount": pl.Float64, "term": pl.String},
        orient="row",
    ).filter(pl.col("amount").abs() >= 0.005)
    money = pl.col("amount").filter(pl.col("term") != "priority").sum()
    share = pl.when(pl.col("term") != "priority").then(pl.col("amount") / money)
    return View(
        lines.with_columns(share=share).sort("amount", "line", descending=[True, False]),
        {
            "line": Column("Cost"),
            "amount": Column(f"Amount ({currency})", "money"),
            "share": Column("Share of cost", "share"),
        },
    )


def unserved(plan: Plan, network: Network | None, choice: Choice) -> View:
    """Deliveries that come late and order lines that are refused or still open, dearest first.

    `cost` is late_cost_per_week · units · weeks late, or lost_cost · units (3-plan-model, objective).
    """
    currency = plan.summary["policy"]["currency"]
    rows = choice.of(plan["promises"]).filter(pl.col("status") != "on_time")
    delivered = pl.col("delivered_quantity")
    rows = rows.join(_prices(network), on="product", how="left").with_columns(
        order=pl.format("{}/{}", "order_id", "line"),
        units=pl.when(delivered > 0).then(delivered).otherwise("quantity"),
        outcome=pl.col("status").replace(FATES),
        product=pl.col("product").replace(names(network, "products", "product")),
    )
    at_stake = (
        pl.when(pl.col("status") == "late")
        .then(pl.col("late_cost_per_week") * pl.col("late_weeks"))
        .otherwise("lost_cost")
    )
    return View(
        rows.with_columns(cost=at_stake * pl.col("units")).sort(
            "cost", "order", "delivered_week", descending=[True, False, False], nulls_last=True
        ),
        {
            "order": Column("Order"),
            "outcome": Column("Outcome", "fate"),
            "cost": Column(f"Costs ({currency})", "money", "What being late or refused costs in this plan."),
            "late_weeks": Column("Weeks late", "whole"),
            "units": Column("Units", "quantity"),
            "product": Column("Product"),
            "cause": Column("Cause"),
            "market": Column("Market"),
            "due_week": Column("Due", "week"),
            "delivered_week": Column("Delivered", "week"),
        },
    )


def production_grid(plan: Plan, network: Network | None, choice: Choice) -> View:
    """Good units by week (rows, without gaps) and factory (columns), with their sum."""
    made = choice.of(plan["production"])
    places = names(network, "factories", "factory")
    factories = made["factory"].unique().sort().to_list()
    sums = [
        pl.col("quantity").filter(pl.col("factory") == factory).sum().alias(f"factory {factory}")
        for factory in factories
    ]
    weeks = plan["production"].select(pl.col("week").unique().sort())
    grid = made.group_by("week").agg(*sums, pl.col("quantity").sum().alias("all"))
    return View(
        weeks.join(grid, on="week", how="left", maintain_order="left").fill_null(0.0),
        {"week": Column("Week", "week")}
        | {f"factory {factory}": Column(places.get(factory, factory), "quantity") for factory in factories}
        | {"all": Column("All", "quantity")},
    )


def production_by_week(plan: Plan, choice: Choice) -> pl.DataFrame:
    """Good units a week by what they are for: columns week, confirmed, expected; no week left out."""
    made = choice.of(plan["production"])
    weeks = plan["production"].select(pl.col("week").unique().sort())
    sums = made.group_by("week").agg(
        confirmed=pl.col("for_confirmed").sum(), expected=pl.col("for_expected").sum()
    )
    return weeks.join(sums, on="week", how="left", maintain_order="left").fill_null(0.0)


def relaxed(plan: Plan) -> View:
    """Rules the plan bends, where and by how much, dearest first."""
    currency = plan.summary["policy"]["currency"]
    rows = [_relaxation(entry) for entry in plan.summary["relaxed"]]
    schema = {
        "rule": pl.String,
        "factory": pl.String,
        "week": pl.Date,
        "amount": pl.Float64,
        "unit": pl.String,
        "cost": pl.Float64,
    }
    return View(
        pl.DataFrame(rows, schema=schema, orient="row").sort("cost", descending=True),
        {
            "rule": Column("What the plan bends"),
            "factory": Column("Factory"),
            "week": Column("Week", "week"),
            "amount": Column("By how much", "quantity"),
            "unit": Column("Unit"),
            "cost": Column(f"Priced at ({currency})", "money"),
        },
    )


def _relaxation(entry: Mapping[str, Any]) -> tuple[str, str | None, date | None, float, str, float]:
    rule, unit = RELAXED.get(entry["rule"], (str(entry["rule"]), ""))
    week = entry.get("week")
    amount = float(entry["amount"])
    return (
        rule,
        entry.get("factory"),
        date.fromisoformat(week) if isinstance(week, str) and week else week or None,
        amount,
        unit,
        amount * float(entry["unit_price"]),
    )


def _prices(network: Network | None) -> pl.DataFrame:
    schema = {"product": pl.String, "late_cost_per_week": pl.Float64, "lost_cost": pl.Float64}
    return pl.DataFrame(schema=schema) if network is None else network["products"].select(list(schema))
