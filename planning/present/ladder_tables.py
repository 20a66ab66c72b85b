"""The demand ladder: what may become demand, how sure it is, how old, and what came of what is closed."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from planning.domain.assume import order_prices
from planning.domain.network import Network
from planning.netting.ladder import CLOSED_DEALS_NEEDED, stage_win_rates
from planning.present.view import Column, View, names

#: Rungs beside the stages of stages.csv, with what stands on them.
WON, CONFIRMED, SHIPPED, LOST = "Won, order to come", "Confirmed orders", "Shipped orders", "Lost"


@dataclass(frozen=True)
class LadderChoice:
    """What the ladder is narrowed to; nothing chosen means everything."""

    sources: Collection[str] = ()
    stages: Collection[str] = ()

    def of(self, deals: pl.DataFrame) -> pl.DataFrame:
        """The deals from these sources, on these stages."""
        for column, chosen in (("source", self.sources), ("stage", self.stages)):
            if chosen:
                deals = deals.filter(pl.col(column).is_in(list(chosen)))
        return deals


def sources(network: Network) -> list[str]:
    """Where opportunities came from."""
    return network["opportunities"]["source"].drop_nulls().unique().sort().to_list()


def stages(network: Network) -> list[str]:
    """The stages of the ladder from its foot on, then those no ladder names."""
    ladder = network["stages"].sort("position", "stage")["stage"].to_list()
    seen = network["opportunities"]["stage"].unique().sort().to_list()
    return [*ladder, *(stage for stage in seen if stage not in ladder)]


def ladder(network: Network, choice: LadderChoice) -> View:
    """Each rung: how much stands on it, how much of that counts, how sure that is and how old.

    `counts` is quantity · probability of open deals that are not stale, the whole of won deals without
    their order and of confirmed orders, and nothing of what is shipped or lost.
    """
    deals = choice.of(_deals(network))
    open_deals = deals.filter(pl.col("status") == "open")
    rungs = [_rungs(network, open_deals, choice), _closed(deals, "won", WON)]
    if not (choice.sources or choice.stages):
        rungs += [_orders(network, "confirmed", CONFIRMED), _orders(network, "shipped", SHIPPED)]
    rungs.append(_closed(deals, "lost", LOST))
    currency = network.policy.currency
    return View(
        pl.concat(rungs, how="diagonal_relaxed"),
        {
            "rung": Column("Stage"),
            "deals": Column("Deals or lines", "quantity"),
            "units": Column("Units", "quantity"),
            "counts": Column(
                "Counts (units)", "quantity", "Units · probability; stale and lost deals count 0."
            ),
            "value": Column(f"Value ({currency})", "money", "Units at their price, unweighted."),
            "entered": Column("Entered", "percent", "Probability of being won as stages.csv has it."),
            "measured": Column(
                "Measured",
                "percent",
                "Won of all closed, last seen in the stage. Where it decides on long rent, the plan believes "
                f"it from {CLOSED_DEALS_NEEDED} closed deals on.",
            ),
            "closed": Column("Won of closed"),
            "age": Column(
                "Mean age (days)", "quantity", "Since it was seen or ordered, on the day of the data."
            ),
            "stale": Column("Stale", "whole", "Open, and expected before the plan starts: counts 0."),
        },
    )


def open_rungs(rungs: View) -> pl.DataFrame:
    """rung, units and counts of what may still become an order, of `ladder`."""
    beyond = [CONFIRMED, SHIPPED, LOST]
    return rungs.frame.filter(~pl.col("rung").is_in(beyond)).select("rung", "units", "counts")


def by_source(network: Network, choice: LadderChoice) -> View:
    """What came of the deals of each source: open, won and lost ones, and the share won of those closed."""
    deals = choice.of(_deals(network)).with_columns(pl.col("source").fill_null("not said"))
    status = pl.col("status")
    won, lost = status == "won", status == "lost"
    rows = deals.group_by("source").agg(
        open=(status == "open").sum(),
        won=won.sum(),
        lost=lost.sum(),
        win_rate=pl.when((won | lost).any()).then(won.sum() / (won | lost).sum()),
        won_units=pl.col("quantity").filter(won).sum(),
    )
    return View(
        rows.sort("open", "source", descending=[True, False]),
        {
            "source": Column("Source"),
            "open": Column("Open", "whole"),
            "won": Column("Won", "whole"),
            "lost": Column("Lost", "whole"),
            "win_rate": Column("Won of closed", "percent"),
            "won_units": Column("Units won", "quantity"),
        },
    )


def deals(network: Network, choice: LadderChoice) -> View:
    """Deals that are open or wait for their order: what needs a word first, then by what they are worth."""
    shown = choice.of(_deals(network)).filter((pl.col("status") == "open") | pl.col("waits"))
    products = names(network, "products", "product")
    note = (
        pl.when("stale")
        .then(pl.lit("Stale: give it a new date, or close it"))
        .when("waits")
        .then(pl.lit("Won: its order is not here yet"))
        .otherwise(pl.lit(""))
    )
    return View(
        shown.with_columns(product=pl.col("product").replace(products), note=note).sort(
            "stale", "waits", "value", "opportunity_id", descending=[True, True, True, False]
        ),
        {
            "opportunity_id": Column("Deal"),
            "note": Column("Needs"),
            "stage": Column("Stage"),
            "quantity": Column("Units", "quantity"),
            "counts": Column("Counts (units)", "rate", "Units · probability; stale deals count 0."),
            "chance": Column("Probability", "percent", "Its own, else the stage's."),
            "value": Column(f"Value ({network.policy.currency})", "money"),
            "product": Column("Product"),
            "market": Column("Market"),
            "expected_date": Column("Expected", "date"),
            "age": Column("Age (days)", "quantity", "Since it was seen, on the day of the data."),
            "source": Column("Source"),
        },
    )


def _deals(network: Network) -> pl.DataFrame:
    """Every opportunity with chance, counts, value, age, and whether it is stale or waits for its order."""
    policy = network.policy
    ordered = network["orders"]["order_id"].unique()
    is_open, is_won = pl.col("status") == "open", pl.col("status") == "won"
    came = pl.col("order_id").is_in(ordered.implode()).fill_null(False)
    entered = network["stages"].select("stage", entered="probability")
    chance = (
        pl.when(is_won)
        .then(1.0)
        .when(is_open)
        .then(pl.coalesce("probability", "entered", 0.0))
        .otherwise(0.0)
    )
    return (
        network["opportunities"]
        .join(entered, on="stage", how="left")
        .join(_prices(network), on="product", how="left")
        .with_columns(
            chance=chance,
            stale=is_open & (pl.col("expected_date") < policy.start_week),
            waits=is_won & ~came,
            age=(pl.lit(policy.as_of) - pl.col("observed_date")).dt.total_days(),
            value=pl.col("quantity") * pl.col("price"),
        )
        .with_columns(
            counts=pl.when(pl.col("stale") | (is_won & ~pl.col("waits")))
            .then(0.0)
            .otherwise(pl.col("quantity") * pl.col("chance"))
        )
    )


def _prices(network: Network) -> pl.DataFrame:
    """product, price: of the product, else the mean of its orders."""
    means = order_prices(network["orders"]).rename({"price": "mean"})
    priced = network["products"].join(means, on="product", how="full", coalesce=True)
    return priced.select("product", price=pl.coalesce("price", "mean"))


def _sums() -> list[pl.Expr]:
    return [
        pl.len().alias("deals"),
        pl.col("quantity").sum().alias("units"),
        pl.col("counts").sum(),
        pl.col("value").sum(),
        pl.col("age").mean(),
        pl.col("stale").sum(),
    ]


def _rungs(network: Network, open_deals: pl.DataFrame, choice: LadderChoice) -> pl.DataFrame:
    """The stages from the foot of the ladder on, empty ones included."""
    closed = (
        network["opportunities"]
        .filter(pl.col("status").is_in(["won", "lost"]))
        .group_by("stage")
        .agg(won=(pl.col("status") == "won").sum(), of=pl.len())
    )
    rates = stage_win_rates(network).select("stage", "entered")
    order = [stage for stage in stages(network) if not choice.stages or stage in choice.stages]
    rows = pl.DataFrame({"stage": order}, schema={"stage": pl.String})
    for part in (open_deals.group_by("stage").agg(_sums()), rates, closed):
        rows = rows.join(part, on="stage", how="left", maintain_order="left")
    return rows.with_columns(
        pl.col("deals", "units", "counts", "value", "stale").fill_null(0),
        rung=pl.col("stage"),
        measured=pl.col("won") / pl.col("of"),
        closed=pl.format("{} of {}", "won", "of"),
    )


def _closed(deals: pl.DataFrame, status: str, rung: str) -> pl.DataFrame:
    """Won deals whose order has not come, or all lost ones."""
    told = deals.filter(pl.col("waits") if status == "won" else pl.col("status") == status)
    return told.select(pl.lit(rung).alias("rung"), *_sums()).head(1) if told.height else _nobody(rung)


def _nobody(rung: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"rung": [rung], "deals": [0], "units": [0.0], "counts": [0.0], "value": [0.0], "stale": [0]}
    )


def _orders(network: Network, status: str, rung: str) -> pl.DataFrame:
    """Order lines: what is left of confirmed ones counts whole, what is shipped counts nothing any more."""
    left = pl.col("quantity") - pl.col("quantity_shipped")
    lines = (
        network["orders"].filter(pl.col("status") == status).join(_prices(network), on="product", how="left")
    )
    if status == "confirmed":
        lines = lines.filter(left > 0)
    quantity = left if status == "confirmed" else pl.col("quantity")
    lines = lines.with_columns(
        quantity=quantity,
        counts=quantity if status == "confirmed" else pl.lit(0.0),
        value=quantity * pl.coalesce("unit_price", "price"),
        age=(pl.lit(network.policy.as_of) - pl.col("order_date")).dt.total_days(),
        stale=pl.lit(False),
    )
    return lines.select(pl.lit(rung).alias("rung"), *_sums()).head(1) if lines.height else _nobody(rung)
