"""What a plan makes, how full its robots are, what it costs, and which rules it bends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.present.view import Choice, Column, View, labels, names
from planning.present.words import RELAXED

#: Hours below which there is no overtime to speak of.
_HOURS = 0.5

#: Cost terms of plan.json in words.
COSTS = {
    "rent": "Robot rent",
    "rent_tail": "Rent beyond the planned weeks",
    "mobilisation": "Mobilisation of robots",
    "demobilisation": "Demobilisation of robots",
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
    "priority": "Priority, which is no money",
    "lost_confirmed": "Refused orders",
    "lost_expected": "Expected demand not served",
    "waste": "Stock left at the end",
    "carbon": "CO2e",
    "change": "Changes to the published plan",
    "relaxed": "Rules bent",
}


def not_narrowed(choice: Choice) -> str:
    """What a choice leaves as it is, in words."""
    whole = ["Key figures and cost stay those of the whole plan."]
    if choice.products:
        whole.append("Robot load is not told apart by product.")
    if choice.markets:
        whole.append("Rentals, production and robot load are not told apart by market.")
    return " ".join(whole)


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
            "line": Column("Cost", width="medium"),
            "amount": Column(f"Amount ({currency})", "money"),
            "share": Column(
                "Share of cost",
                "share",
                "Of all money; priority of urgent orders is a preference and no money.",
            ),
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


def robot_load(plan: Plan, network: Network | None, choice: Choice) -> pl.DataFrame:
    """How full the robots of each factory and model are, week by week; no week left out.

    Products chosen narrow nothing: a robot's hours are not told apart by product.

    Returns
    -------
    factory, robot_model, row (as a planner reads it), where, robot, week, used, available, overtime
    (hours) and load: used / available, overtime counted in used only; null without available hours.
    """
    hours = choice.of(plan["hours"])
    places = labels(network, "factories", "factory", hours["factory"].unique())
    models = names(network, "robots", "robot_model")
    used = pl.sum_horizontal("attended_used", "unattended_used", "overtime_used")
    available = pl.sum_horizontal("attended_available", "unattended_available")
    filled = (
        hours.select("factory", "robot_model")
        .unique()
        .join(plan["production"].select("week").vstack(plan["hours"].select("week")).unique(), how="cross")
        .join(
            hours.select(
                "factory",
                "robot_model",
                "week",
                used=used,
                available=available,
                overtime="overtime_used",
            ),
            on=["factory", "robot_model", "week"],
            how="left",
        )
        .with_columns(pl.col("used", "available", "overtime").fill_null(0.0))
    )
    return filled.with_columns(
        where=pl.col("factory").replace(places),
        robot=pl.col("robot_model").replace(models),
        row=pl.format("{} · {}", pl.col("factory").replace(places), "robot_model"),
        load=pl.when(pl.col("available") > 0).then(pl.col("used") / pl.col("available")),
    ).sort("row", "week")


def fullest(load: pl.DataFrame) -> str:
    """Where robots are fullest, and how much overtime the plan takes, in words; empty without robots."""
    worked = load.filter(pl.col("used") > 0)
    if worked.is_empty():
        return ""
    top = worked.sort(pl.col("load").fill_null(float("inf")), "used", descending=True).row(0, named=True)
    at = "in overtime only" if top["load"] is None else f"at {words.share(top['load'])}"
    overtime = load["overtime"].sum()
    extra = f" Overtime in all: {overtime:,.0f} h." if overtime >= _HOURS else " No overtime."
    return f"Fullest: {top['row']} in {words.week(top['week'])}, {at}.{extra}"


def drawable_load(load: pl.DataFrame, most_rows: int, most_cells: int) -> tuple[pl.DataFrame, str]:
    """As much of `robot_load` as a chart can hold, and in words what became of the rest.

    All of it; else all robot models of a factory together; else of these the factories that are fullest
    in their fullest week. The words are empty where nothing was left out.
    """
    weeks = max(1, load["week"].n_unique())
    room = min(most_rows, most_cells // weeks)
    if load["row"].n_unique() <= room:
        return load, ""
    by_factory = (
        load.group_by("factory", "where", "week")
        .agg(pl.col("used", "available", "overtime").sum())
        .with_columns(
            row=pl.col("where"),
            robot=pl.lit("all models"),
            load=pl.when(pl.col("available") > 0).then(pl.col("used") / pl.col("available")),
        )
        .sort("row", "week")
    )
    if by_factory["row"].n_unique() <= room:
        return by_factory, "All robot models of a factory together; choose a factory to see each."
    peaks = (
        by_factory.group_by("row")
        .agg(peak=pl.col("load").max())
        .sort("peak", "row", descending=[True, False])
    )
    fullest = by_factory.join(peaks.head(room), on="row", how="semi").sort("row", "week")
    return (
        fullest,
        f"Only {words.count(room, 'factory', 'factories')}, the fullest; choose a factory to see another.",
    )


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
