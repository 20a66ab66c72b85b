"""Which orders a plan delivers when, late or not at all, and what that costs."""

import re
from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.remembered import remembered
from planning.present.view import Choice, Column, View, labels, names
from planning.present.words import FATES

LINE = ("order_id", "line")

#: Which orders a factory has to do with, said where a planner has chosen factories.
OF_FACTORIES = (
    "With a factory chosen: orders whose product it ships to their market by the week of their last "
    "delivery, and orders no factory ships."
)

IN_PARTS = "Units a week, where it comes in more than one."

#: When, in a plan's cause: a week by its Monday, or a day.
_DAY = re.compile(r"\b(?P<how>in|by) (?P<week>the week of )?(?P<day>\d{4}-\d{2}-\d{2})")

#: The worst of a line's deliveries is what becomes of the line.
_WORST_FIRST = ("refused", "open", "late", "on_time")


@remembered
def order_lines(plan: Plan, network: Network | None, choice: Choice) -> View:
    """Every open order line with its promised weeks: what is not on time first, dearest first.

    With factories chosen a line is theirs when one of them ships its product to its market up to the week
    in which it is delivered; lines nobody ships for belong to every factory.
    """
    currency = plan.summary["policy"]["currency"]
    lines = fates(plan, network, _of_factories(plan, choice.of(plan["promises"]), choice))
    products = labels(network, "products", "product", lines["product"].unique())
    markets = labels(network, "markets", "market", lines["market"].unique())
    return View(
        lines.join(_customers(network), on=LINE, how="left")
        .with_columns(
            order=pl.format("{}/{}", *LINE),
            outcome=pl.col("fate").replace(FATES),
            cause=pl.col("cause").replace(_in_words(lines["cause"].drop_nulls().unique(), network)),
            product=pl.col("product").replace(products),
            market=pl.col("market").replace(markets),
        )
        .sort(
            pl.col("fate") == "on_time",
            pl.col("cost"),
            "due_week",
            "order",
            descending=[False, True, False, False],
            nulls_last=True,
        ),
        {
            "order": Column("Order"),
            "outcome": Column("Outcome", "fate"),
            "cause": Column("Cause", width="large"),
            "cost": Column(f"Costs ({currency})", "money", "What being late or refused costs in this plan."),
            "late_weeks": Column("Weeks late", "whole"),
            "due_week": Column("Due", "week"),
            "promised": Column("Promised", "week", "The week of its last delivery."),
            "units": Column("Units", "quantity", "Open units of the order line."),
            "product": Column("Product"),
            "deliveries": Column("In parts", "text", IN_PARTS, width="medium"),
            "customer": Column("Customer"),
            "market": Column("Market"),
        },
    )


def _in_words(causes: pl.Series, network: Network | None) -> dict[str, str]:
    """The plan's causes as a planner reads them.

    "ADD at LEEDS is full in the week of 2026-11-30" → "ADD at Leeds is full in W49 · 30 Nov 2026".
    """
    places = names(network, "factories", "factory")
    told = causes.str.replace_many({f" at {place} ": f" at {name} " for place, name in places.items()})
    return {cause: _DAY.sub(_of_a_calendar, words) for cause, words in zip(causes, told, strict=True)}


def _of_a_calendar(found: re.Match[str]) -> str:
    day = date.fromisoformat(found["day"])
    week = f"W{day:%V} · " if found["week"] else ""
    return f"{found['how']} {week}{day.day} {day:%b %Y}"


def not_on_time(lines: View) -> View:
    """Of `order_lines` those that are late, refused or still open at the end."""
    return View(lines.frame.filter(pl.col("fate") != "on_time"), lines.columns)


def fates(plan: Plan, network: Network | None, promises: pl.DataFrame) -> pl.DataFrame:
    """What becomes of each order line of these rows of promises.csv.

    Returns
    -------
    order_id, line, product, market, due_week, units, fate (of its worst part), promised (week of the last
    delivery), deliveries (in words, null where it comes in one), late_weeks, cause, and cost: what the plan
    pays for lateness inside its weeks and for refusal (3-plan-model, objective); null without prices.
    """
    fate = pl.col("status").cast(pl.Enum(_WORST_FIRST))
    parts = (
        promises.join(_prices(network), on="product", how="left")
        .with_columns(fate=fate, part=pl.coalesce("delivered_quantity", "quantity"))
        .with_columns(cost=pl.col("part") * _cost_of_a_unit(plan), told=_told())
        .sort("fate", "delivered_week", descending=[False, True], nulls_last=True)
    )
    several = pl.len() > 1
    return (
        parts.group_by(LINE, maintain_order=True)
        .agg(
            pl.col("product", "market", "due_week").first(),
            pl.col("quantity").first().alias("units"),
            pl.col("fate").first().cast(pl.String),
            pl.col("delivered_week").max().alias("promised"),
            pl.col("told").sort_by("delivered_week", nulls_last=True).alias("deliveries"),
            several=several,
            late_weeks=pl.col("late_weeks").max(),
            cause=pl.col("cause").drop_nulls().first(),
            cost=pl.when(pl.col("cost").is_not_null().all()).then(pl.col("cost").sum()),
        )
        .with_columns(
            deliveries=pl.when(pl.col("several")).then(pl.col("deliveries").list.join(", ")),
            late_weeks=pl.when(pl.col("fate") != "refused").then("late_weeks"),
        )
        .drop("several")
    )


def _told() -> pl.Expr:
    """A part of a line in words: 40 in W51, 12 refused."""
    units = pl.col("part").round().cast(pl.Int64)
    return (
        pl.when(pl.col("delivered_week").is_not_null())
        .then(pl.format("{} in {}", units, pl.col("delivered_week").dt.strftime("W%V")))
        .otherwise(pl.format("{} {}", units, pl.col("status")))
    )


def _cost_of_a_unit(plan: Plan) -> pl.Expr:
    """What the plan pays for a unit of a delivery: late weeks inside the horizon, and refusal."""
    start = date.fromisoformat(plan.summary["start_week"])
    end = start + timedelta(weeks=int(plan.summary["horizon_weeks"]))
    lost = pl.col("status").is_in(["refused", "open"])
    until = pl.when(pl.col("status") == "open").then(pl.lit(end)).otherwise("delivered_week")
    waited = (until - pl.max_horizontal("due_week", pl.lit(start))).dt.total_days() / WEEK.days
    late = pl.col("late_cost_per_week") * waited.clip(lower_bound=0).fill_null(0)
    return late + pl.when(lost).then("lost_cost").otherwise(0.0)


def _of_factories(plan: Plan, promises: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """The order lines the chosen factories have to do with, every row of them."""
    if not choice.factories:
        return promises
    to_market = ["product", "market"]
    shipped = plan["shipments"].filter(pl.col("quantity") > 0)
    theirs = choice.of(shipped).group_by(to_market).agg(theirs=pl.col("arrive_week").min())
    anyones = shipped.group_by(to_market).agg(anyones=pl.col("arrive_week").min())
    until = pl.col("delivered_week").max().over(LINE).fill_null(date.max)
    return (
        promises.join(theirs, on=to_market, how="left")
        .join(anyones, on=to_market, how="left")
        .filter((pl.col("theirs") <= until).fill_null(False) | ~(pl.col("anyones") <= until).fill_null(False))
        .drop("theirs", "anyones")
    )


def _customers(network: Network | None) -> pl.DataFrame:
    schema = {"order_id": pl.String, "line": pl.Int64, "customer": pl.String}
    return pl.DataFrame(schema=schema) if network is None else network["orders"].select(list(schema))


def _prices(network: Network | None) -> pl.DataFrame:
    schema = {"product": pl.String, "late_cost_per_week": pl.Float64, "lost_cost": pl.Float64}
    return pl.DataFrame(schema=schema) if network is None else network["products"].select(list(schema))
