"""Robots on rent: what a plan asks for, by the day it has to be decided."""

from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, Column, View, names

ACTIONS = {
    "rent": "Rent",
    "return": "Return",
    "renew": "Renew",
    "terminate": "End early",
    "move": "Move",
}


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


def _weekly_rates(network: Network | None) -> pl.DataFrame:
    if network is None:
        return pl.DataFrame(schema={"id": pl.String, "weekly_rate": pl.Float64})
    rates = [
        network[f"{kind}s"].select(pl.col(kind).alias("id"), "weekly_rate") for kind in ("contract", "offer")
    ]
    return pl.concat(rates).unique("id", keep="first")
