"""Deals one by one, the steps they made, and what closed ones teach."""

from collections.abc import Collection
from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.netting.ladder_steps import CONFIRMED, LOST, SHIPPED, WON
from planning.netting.win_rates import PRIOR_DEALS
from planning.present import ladder_tables, words
from planning.present.ladder_tables import LadderChoice
from planning.present.view import Column, View

CONFIRM_HINT = "Tick a deal (Shift+Space) to confirm it: it becomes an order, and the deal is won."
NO_STEPS = "No deal has changed its stage between two imports yet."
LEARNED_HELP = (
    "A deal counts for every stage it was seen on, and for the stages below. Where few deals have closed, "
    f"the probability stays near the one entered, which weighs as much as {PRIOR_DEALS:.0f} closed deals; "
    "a source's stays near what the others show. The range holds the true rate nine times in ten."
)
ADOPT_HELP = (
    "They take the place of those in stages.csv, as an import that can be undone. Adopt them again once more "
    "deals have closed: the same deals adopted twice weigh twice."
)
NOTHING_LEARNED = "No deal has closed yet: there is nothing to learn probabilities from."
_RUNGS = {WON: "Won, order to come", CONFIRMED: "Confirmed", SHIPPED: "Shipped", LOST: "Lost"}
_LUMPY = "Lumpy: left out of the plan until it is as good as sure"
_HERE = "Its order is here: confirm it, so that it counts once"


def deals(network: Network, choice: LadderChoice, days_there: pl.DataFrame, lumpy: Collection[str]) -> View:
    """Deals that are open or wait for their order, what needs a word first.

    Parameters
    ----------
    days_there : opportunity_id, days_there: on the rung they are on.
    lumpy : deals that are too large against the forecast around them to count by probability.
    """
    view = ladder_tables.deals(network, choice)
    orders = network["orders"]["order_id"].unique().implode()
    here = (pl.col("status") == "open") & (
        pl.col("order_id").is_in(orders).fill_null(False) | pl.col("opportunity_id").is_in(orders)
    )
    left_out = pl.col("opportunity_id").is_in(list(lumpy))
    note = (
        pl.when(here)
        .then(pl.lit(_HERE))
        .when((pl.col("note") == "") & left_out)
        .then(pl.lit(_LUMPY))
        .otherwise("note")
    )
    counts = pl.when(left_out).then(0.0).otherwise("counts")
    frame = view.frame.with_columns(note=note, counts=counts).join(
        days_there, on="opportunity_id", how="left", maintain_order="left"
    )
    there = Column("On this stage (days)", "whole", "Since an import first showed it there.")
    counted = Column("Counts (units)", "rate", "Units · probability; stale and lumpy deals count 0.")
    columns = {"opportunity_id": view.columns["opportunity_id"], "note": view.columns["note"]}
    columns |= (
        {"stage": view.columns["stage"], "days_there": there} | dict(view.columns) | {"counts": counted}
    )
    return View(frame.sort(here, descending=True, maintain_order=True), columns)


def steps(made: pl.DataFrame, choice: LadderChoice) -> View:
    """Steps of deals from rung to rung, the latest first."""
    moved = made.filter(pl.col("came_from").is_not_null())
    if choice.sources:
        moved = moved.filter(pl.col("source").is_in(list(choice.sources)))
    told = moved.with_columns(pl.col("rung", "came_from").replace(_RUNGS))
    return View(
        told.sort("day", "opportunity_id", descending=[True, False]),
        {
            "day": Column("Seen on", "date", "The day of the import that showed it."),
            "opportunity_id": Column("Deal"),
            "came_from": Column("From"),
            "rung": Column("To"),
            "days_before": Column("Days on the stage before", "whole"),
            "source": Column("Source"),
        },
    )


def learned(rates: pl.DataFrame, choice: LadderChoice) -> View:
    """Probability of each stage as entered and as learned, of all deals and of each source."""
    shown = rates.filter(pl.col("closed") > 0)
    if choice.sources:
        shown = shown.filter(pl.col("source").is_null() | pl.col("source").is_in(list(choice.sources)))
    if choice.stages:
        shown = shown.filter(pl.col("stage").is_in(list(choice.stages)))
    per_cent = [(100 * pl.col(name)).round().cast(pl.Int64) for name in ("low", "high")]
    return View(
        shown.with_columns(
            pl.col("source").fill_null("All"),
            span=pl.format("{} to {} %", *per_cent),
            of=pl.format("{} of {}", "won", "closed"),
        ),
        {
            "stage": Column("Stage"),
            "source": Column("Source"),
            "entered": Column("Entered", "percent", "Probability of being won as stages.csv has it."),
            "learned": Column("Learned", "percent", LEARNED_HELP),
            "span": Column("Range"),
            "of": Column("Won of closed"),
        },
    )


def confirmed(opportunity_id: str, order_id: str) -> str:
    """What a confirmation did, in a sentence."""
    return (
        f"Deal {words.plain(opportunity_id)} is confirmed as order {words.plain(order_id)}: it counts whole "
        "from now on, and plans made before are stale."
    )


def not_open(deal: str) -> str:
    """That a deal another page led to cannot be confirmed, in plain Markdown."""
    return f"Deal {words.plain(deal)} is not open any more, or not in the data: there is nothing to confirm."


def differs_from_deal(deal_units: str, typed_units: str, deal_day: date, typed_day: date) -> str:
    """Where what is typed of an order differs from its deal as it stands now; empty where nothing does."""
    parts = []
    if deal_units != typed_units.strip():
        parts.append(f"{deal_units} units")
    if deal_day != typed_day:
        parts.append(f"due on {words.day(deal_day)}")
    return f"The deal says {words.listed(parts)}: what you typed is another word." if parts else ""
