"""Plans as tables for planners: which rows, in which order, under which headings."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.words import RELAXED

Kind = Literal["text", "fate", "money", "quantity", "whole", "share", "date", "deadline", "week"]

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

ACTIONS = {
    "rent": "Rent",
    "return": "Return",
    "renew": "Renew",
    "terminate": "End early",
    "move": "Move",
}

#: What becomes of an order line that is not on time.
FATES = {"late": "Late", "refused": "Refused", "open": "Still open at the end"}


@dataclass(frozen=True)
class Column:
    """A column as it is shown: its heading with its unit, how cells are written, a longer explanation."""

    label: str
    kind: Kind = "text"
    help: str = ""


@dataclass(frozen=True)
class View:
    """A table as it is shown: the columns of `frame` named in `columns`, in that order."""

    frame: pl.DataFrame
    columns: Mapping[str, Column]

    @property
    def is_empty(self) -> bool:
        """Whether there is no row to show."""
        return self.frame.is_empty()


@dataclass(frozen=True)
class Choice:
    """What a planner filters by; nothing chosen means everything."""

    factories: Collection[str] = ()
    products: Collection[str] = ()

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are about the factories and products chosen, as far as `frame` tells them apart."""
        for column, chosen in (("factory", self.factories), ("product", self.products)):
            if chosen and column in frame.columns:
                frame = frame.filter(pl.col(column).is_in(list(chosen)))
        return frame


def names(network: Network | None, table: str, key: str) -> dict[str, str]:
    """Id → name people use, of the rows of `table` that have one."""
    if network is None:
        return {}
    named = network[table].filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
    return dict(named.select(key, "name").iter_rows())


def ids(plan: Plan, key: str) -> list[str]:
    """The factories or products (`key`) the plan says something about."""
    found = [frame[key] for frame in plan.tables.values() if key in frame.columns]
    return pl.concat(found).drop_nulls().unique().sort().to_list()


def labels(network: Network | None, table: str, key: str, of: Iterable[str]) -> dict[str, str]:
    """Id → what a planner picks it by: its name, with the id behind it where several share the name."""
    named = names(network, table, key)
    shown = {id: named.get(id, id) for id in of}
    times = Counter(shown.values())
    return {id: label if times[label] == 1 else f"{label} ({id})" for id, label in shown.items()}


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


def rentals(plan: Plan, network: Network | None, choice: Choice) -> View:
    """What to rent, return, renew, end early or move, by the last day to decide it.

    `weekly` is units · the contract's or the offer's weekly_rate.
    """
    currency = plan.summary["policy"]["currency"]
    rows = choice.of(plan["rentals"]).join(_weekly_rates(network), on="id", how="left")
    places = names(network, "factories", "factory")
    models = names(network, "robots", "robot_model")
    moved = pl.format(" to {}", pl.col("to_factory").replace(places)).fill_null("")
    what = pl.format("{} {} × {}", pl.col("action").replace(ACTIONS), "units", "robot_model")
    return View(
        rows.with_columns(
            what=what,
            robot=pl.col("robot_model").replace(models),
            where=pl.format("{}{}", pl.col("factory").replace(places), moved),
            weekly=pl.col("units") * pl.col("weekly_rate"),
        ).sort("decide_by", "what", "where", nulls_last=True),
        {
            "what": Column("What"),
            "decide_by": Column("Decide by", "deadline", "Last day to order, or to give notice."),
            "committed_cost": Column(
                f"Commits ({currency})",
                "money",
                "Rent of the minimum term, and the fees of coming and going.",
            ),
            "weekly": Column(
                f"A week ({currency})",
                "money",
                "Rent a week at the contract's rate or the offer's list rate.",
            ),
            "where": Column("Factory"),
            "on_rent_date": Column("On rent from", "date"),
            "off_rent_date": Column("Off rent from", "date"),
            "robot": Column("Robot"),
            "vendor": Column("Vendor"),
            "id": Column("Offer or contract"),
            "reason": Column("Why"),
        },
    )


def due_soon(view: View, as_of: date, days: int) -> int:
    """How many rows of `rentals` have to be decided within so many days of `as_of`."""
    return view.frame.filter((pl.col("decide_by") - pl.lit(as_of)).dt.total_days() <= days).height


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


def kept_aside(rows: pl.DataFrame) -> View:
    """Rows kept aside on import."""
    return View(
        rows,
        {
            "file": Column("File"),
            "line": Column("Line", "whole"),
            "column": Column("Column"),
            "value": Column("Value"),
            "reason": Column("Reason"),
            "raw": Column("The row as it was read"),
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


def _weekly_rates(network: Network | None) -> pl.DataFrame:
    if network is None:
        return pl.DataFrame(schema={"id": pl.String, "weekly_rate": pl.Float64})
    rates = [
        network[f"{kind}s"].select(pl.col(kind).alias("id"), "weekly_rate") for kind in ("contract", "offer")
    ]
    return pl.concat(rates).unique("id", keep="first")
