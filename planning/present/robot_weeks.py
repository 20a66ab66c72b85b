"""Robots there and robots needed: by week and factory, where they are spare, where short."""

from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import robots_needed, utilisation
from planning.present import words
from planning.present.fleet_tables import UTILISATION
from planning.present.view import Choice, Column, View, labels, names
from planning.present.words import Figure

#: Robots no further than this from those needed are neither spare nor short.
EVEN = 0.05

NEEDED = (
    "The fewest robots that do the week's work without overtime: its work with people there by one robot's "
    "attended hours, or all its work by all of one robot's hours, whichever takes more. Lights-out work may "
    "fill unattended hours; set-ups and all other work take attended ones."
)
SPARE = (
    "Robots that can work, less robots needed. Below zero the plan works overtime; from one on a whole robot "
    "has nothing to do. Robots on the move cannot work; weeks without hours are left open."
)
_PLACE = ("factory", "robot_model")


def robot_weeks(plan: Plan, network: Network | None, choice: Choice) -> pl.DataFrame:
    """`robots_needed` of what is chosen, with names: columns factory_name, robot."""
    cells = choice.of(robots_needed(plan, network))
    places = labels(network, "factories", "factory", cells["factory"].unique())
    models = names(network, "robots", "robot_model")
    return cells.with_columns(
        factory_name=pl.col("factory").replace(places), robot=pl.col("robot_model").replace(models)
    )


def by_factory(cells: pl.DataFrame, plan: Plan) -> dict[str, pl.DataFrame]:
    """Factory name → robots by week, no week left out: week, owned, contract, offer, needed (summed)."""
    weeks = pl.date_range(
        start := _start_week(plan),
        start + pl.duration(weeks=int(plan.summary["horizon_weeks"]) - 1),
        "1w",
        eager=True,
    )
    sums = cells.group_by("factory_name", "factory", "week").agg(
        pl.col("owned", "contract", "offer", "needed").sum()
    )
    return {
        str(rows["factory_name"][0]): pl.DataFrame({"week": weeks})
        .join(rows.drop("factory", "factory_name"), on="week", how="left", maintain_order="left")
        .fill_null(0)
        for _, rows in sorted(sums.partition_by("factory", as_dict=True).items())
    }


def together(places: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """All factories of `by_factory` as one."""
    everything = pl.concat(places.values()).group_by("week").sum().sort("week")
    return {"All factories": everything}


def most_robots(places: dict[str, pl.DataFrame]) -> float:
    """Most robots that are there, or needed, in any week of any factory of `by_factory`."""
    there = pl.max_horizontal(pl.sum_horizontal("owned", "contract", "offer"), "needed")
    return max((float(rows.select(there.max()).item() or 0) for rows in places.values()), default=0.0)


def how_to_read(rows_left: int) -> str:
    """What the map says, in a line."""
    more = f" {words.count(rows_left, 'more row')} in the table below." if rows_left else ""
    return f"Robots spare (+) and short (−): the shortest first, then those with most to spare.{more}"


def map_rows(cells: pl.DataFrame, most: int) -> tuple[pl.DataFrame, int]:
    """The cells of at most so many rows of the surplus map, and how many rows with something to see are left.

    A row is a robot model at a factory. Those that are somewhere short come first, shortest first, then
    those with the most spare robots; where there always are as many as needed, there is nothing to see.

    Returns
    -------
    `cells` with row (Brno · MILL) and rank (0 on top), by rank and week.
    """
    seen = (
        cells.group_by(_PLACE)
        .agg(short=pl.col("surplus").min().clip(upper_bound=0), spare=pl.col("surplus").clip(0).mean())
        .filter((pl.col("short") < -EVEN) | (pl.col("spare") > EVEN))
        .sort(pl.col("short").round(1), "spare", *_PLACE, descending=[False, True, False, False])
        .with_row_index("rank")
    )
    rows = cells.join(seen.head(most).select("rank", *_PLACE), on=_PLACE).with_columns(
        row=pl.format("{} · {}", "factory_name", "robot_model")
    )
    return rows.sort("rank", "week"), max(0, seen.height - most)


def weeks_table(cells: pl.DataFrame) -> View:
    """Robots of every factory and model by week."""
    return View(
        cells.sort("week", "factory_name", "robot"),
        {
            "week": Column("Week", "week"),
            "factory_name": Column("Factory"),
            "robot": Column("Robot"),
            "owned": Column("Owned", "whole"),
            "contract": Column("On contract", "whole"),
            "offer": Column("New rentals", "whole"),
            "needed": Column("Needed", "rate", NEEDED),
            "surplus": Column(
                "Spare (+) or short (−)",
                "rate",
                SPARE,
            ),
            "used": Column("Hours worked", "quantity"),
            "overtime": Column("of them overtime", "quantity"),
        },
    )


def figures(plan: Plan, choice: Choice) -> list[Figure]:
    """The four KPIs of the fleet page, of what is chosen."""
    rented = choice.of(plan["fleet"]).filter(pl.col("source") != "owned")
    start = _start_week(plan)
    now = rented.filter(pl.col("week") == start)
    by_week = (
        rented.group_by("week").agg(pl.col("units").sum()).sort("units", "week", descending=[True, False])
    )
    peak_week, peak = by_week.row(0) if by_week.height else (start, 0)
    first = words.week(start)
    return [
        Figure(
            "On rent now", f"{now['units'].sum():,}", f"Robots on rent in the plan's first week, {first}."
        ),
        Figure("Peak on rent", f"{peak:,}", f"Most in one week, first in {words.week(peak_week)}."),
        Figure("Paid hours used", words.share(utilisation(rented)), UTILISATION),
        Figure(
            "Rent a week now",
            words.money(float(now["cost"].sum()), words.currency(plan, None)),
            f"Rent, and hours beyond those included, of the plan's first week, {first}.",
        ),
    ]


def _start_week(plan: Plan) -> date:
    return date.fromisoformat(plan.summary["start_week"])
