"""The week that is over, in a planner's words: what differed from the plan, and what nobody said."""

from collections.abc import Sequence

import polars as pl

from planning.present import words
from planning.present.view import Column, View
from planning.rolling import EVENTS, RolledWeek

#: What may happen to a contract, by its name in contract_events.csv.
HAPPENED = dict(zip(EVENTS, ("arrived", "notice is given", "returned", "renewed"), strict=True))
#: What the day of an event is.
DAY = {
    "arrived": "On rent from",
    "notice": "Off rent from",
    "returned": "Off rent from",
    "renewed": "Runs to, at least",
}
NOTHING_SAID = (
    "Nothing is said yet: all is taken as planned. Bring what differed, or roll the week as it was planned."
)
FILES_HELP = (
    "counted.csv, made.csv, shipped.csv and contract_events.csv in the columns of the files below, and "
    "orders.csv for new, shipped and cancelled orders. What a file does not list went as planned."
)


def headline(rolled: RolledWeek) -> str:
    """How the week went, in a sentence."""
    differed = rolled.differed.height
    how = (
        "went as planned" if differed == 0 else f"differed from the plan in {words.count(differed, 'place')}"
    )
    after = words.week(rolled.next_week)
    return f"{words.week(rolled.week).capitalize()} {how}; the plan starts from {after} on."


def balance(rolled: RolledWeek) -> str:
    """Where the week's units came from and where they went, in a sentence."""
    of = rolled.balance.select(pl.all().exclude("product").sum()).row(0, named=True)
    there = of["opening"] + of["opening_transit"]
    left = of["closing"] + of["closing_transit"]
    counted = of["counted_more"]
    count = f", the count found {abs(counted):,.0f} {'more' if counted > 0 else 'fewer'}" if counted else ""
    sold = f", {of['sold']:,.0f} are taken as sold" if of["sold"] else ""
    return (
        f"{there:,.0f} units were in stock or on their way and {of['made']:,.0f} were made{count}; "
        f"{of['delivered']:,.0f} went to orders{sold}, and {left:,.0f} are in stock or on their way now."
    )


def differed(rolled: RolledWeek) -> View:
    """What was not as planned: units first, those that are furthest off first; then contracts."""
    rows = rolled.differed.with_columns(by=pl.col("actual") - pl.col("planned")).sort(
        pl.col("by").abs(), descending=True, nulls_last=True, maintain_order=True
    )
    return View(
        rows,
        {
            "what": Column("What"),
            "factory": Column("Factory"),
            "market": Column("Market"),
            "product": Column("Product"),
            "about": Column("Routing or order"),
            "planned": Column("Planned", "quantity"),
            "actual": Column("Really", "quantity"),
            "by": Column("Differs by", "quantity"),
            "words": Column("In words", width="large"),
        },
    )


def events(said: Sequence[dict[str, object]]) -> View:
    """Contract events said by button."""
    rows = pl.DataFrame(list(said), schema={"contract": pl.String, "event": pl.String, "date": pl.Date})
    return View(
        rows.with_columns(pl.col("event").replace(HAPPENED)),
        {
            "contract": Column("Contract"),
            "event": Column("What happened"),
            "date": Column("Day", "date"),
        },
    )
