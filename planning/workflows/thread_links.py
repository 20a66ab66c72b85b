"""The links of a thread, stage by stage, from the way of its units through the plan."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import due_week_expr
from planning.domain.thread import LINKS
from planning.schedule.pegging import CRUMB
from planning.workflows.thread_facts import Facts

Row = Mapping[str, Any]
LINE = ["order_id", "line"]
_CELL = ["product", "market", "week"]


def as_links(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as LINKS; what a row does not say is null."""
    return pl.DataFrame([{name: row.get(name) for name in LINKS} for row in rows], schema=LINKS, orient="row")


def order_links(facts: Facts, ways: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Order lines: those the ways serve, with so many units, and `lines` whatever they get."""
    served = ways.filter(pl.col("use") == "order").group_by(LINE).agg(units=pl.col("units").sum())
    said = facts.network["orders"].select(
        *LINE, "product", "market", "due_date", "quantity", "unit_price", "customer", "status"
    )
    rows = (
        pl.concat([served.select(LINE), lines.select(LINE)])
        .unique()
        .join(served, on=LINE, how="left")
        .join(said, on=LINE, how="left")
        .join(_promised(facts), on=LINE, how="left")
        .sort("due_date", *LINE, nulls_last=True)
    )
    return as_links(_order(facts, row) for row in rows.iter_rows(named=True))


def _order(facts: Facts, row: Row) -> Row:
    product = facts.name("products", "product", row["product"])
    what = [f"{product} for {facts.name('markets', 'market', row['market'])}"]
    what += [row["customer"]] if row["customer"] else []
    what += [row["status"]] if row["status"] not in {None, "confirmed"} else []
    what += [row["promised"]] if row["promised"] else []
    price = row["unit_price"] if row["unit_price"] is not None else facts.prices.get(row["product"] or "")
    return {
        "kind": "order",
        "id": f"{row['order_id']}/{row['line']}",
        "what": ", ".join(what) if row["product"] else "not in the data that hold",
        "on": row["due_date"],
        "units": row["units"],
        "whole": row["quantity"],
        "money": None if price is None or row["units"] is None else price * row["units"],
    }


def _promised(facts: Facts) -> pl.DataFrame:
    """What the plan promises of each order line, in words: order_id, line, promised."""
    last = pl.col("delivered_week").max()
    late, lost = (pl.col("status").is_in(words).any() for words in (["late"], ["refused", "open"]))
    fate = pl.when(lost).then(pl.lit(", not all of it")).when(late).then(pl.lit(", late"))
    told = pl.format("promised for week {}{}", last.dt.week(), fate.otherwise(pl.lit("")))
    rows = facts.table("promises").group_by(LINE)
    return rows.agg(promised=pl.when(last.is_not_null()).then(told).otherwise(pl.lit("not delivered")))


def cells_of(facts: Facts, ways: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The products, markets and due weeks the ways and order lines are demand of: product, market, week."""
    cutoff = facts.network.policy.due_cutoff_weekday
    due = (
        facts.network["orders"]
        .join(lines, on=LINE, how="semi")
        .filter((pl.col("status") == "confirmed") & (pl.col("quantity") > pl.col("quantity_shipped")))
        .select("product", "market", week=due_week_expr("due_date", cutoff))
    )
    ordered = ways.filter(pl.col("use") == "order").select("product", "market", week="due_week")
    expected = ways.filter(pl.col("use") == "expected").select("product", "market", week="arrive_week")
    return pl.concat([due, ordered, expected]).unique().drop_nulls()


def forecast_links(facts: Facts, cells: pl.DataFrame) -> pl.DataFrame:
    """The expected demand of products, markets and weeks, as the plan has it."""
    # What is due before the plan is owed in its first week.
    start = pl.lit(facts.start)
    shared = cells.with_columns(week=pl.max_horizontal("week", start)).unique()
    rows = shared.join(facts.table("demand"), on=_CELL).filter(pl.col("expected") > CRUMB).sort(_CELL)
    return as_links(
        {
            "kind": "product",
            "id": row["product"],
            "what": f"{facts.name('products', 'product', row['product'])} in "
            f"{facts.name('markets', 'market', row['market'])}, beside {row['confirmed']:,.0f} units ordered",
            "on": row["week"],
            "units": row["served_expected"],
            "whole": row["expected"],
            "money": _times(row["expected"], facts.prices.get(row["product"])),
        }
        for row in rows.iter_rows(named=True)
    )


def work_links(facts: Facts, ways: pl.DataFrame) -> pl.DataFrame:
    """The work orders that make these units; what comes from stock or was on the way stands with them."""
    key = ["work_order", "factory", "product", "routing", "made_week"]
    made = ways.filter(pl.col("work_order").is_not_null()).group_by(key).agg(pl.col("units").sum())
    whole = facts.ways.group_by("work_order").agg(whole=pl.col("units").sum())
    rows = made.join(whole, on="work_order").sort("made_week", "work_order")
    links = [
        {
            "kind": "work order",
            "id": row["work_order"],
            "what": f"{facts.name('products', 'product', row['product'])} at "
            f"{facts.name('factories', 'factory', row['factory'])}, routing {row['routing']}",
            "on": row["made_week"],
            "units": row["units"],
            "whole": row["whole"],
        }
        for row in rows.iter_rows(named=True)
    ]
    return as_links([*links, *_from_stock(facts, ways)])


def _from_stock(facts: Facts, ways: pl.DataFrame) -> list[Row]:
    stock = ways.filter(pl.col("work_order").is_null()).group_by("factory").agg(pl.col("units").sum())
    return [
        {
            "what": "was on the way before the plan"
            if row["factory"] is None
            else f"from stock at {facts.name('factories', 'factory', row['factory'])}",
            "on": facts.start if row["factory"] is not None else None,
            "units": row["units"],
        }
        for row in stock.sort("factory", nulls_last=True).iter_rows(named=True)
    ]


def shipment_links(facts: Facts, ways: pl.DataFrame) -> pl.DataFrame:
    """The shipments these units leave with."""
    key = ["factory", "market", "product", "ship_week", "arrive_week"]
    sent = ways.drop_nulls(["factory", "market"]).group_by(key).agg(pl.col("units").sum())
    rows = sent.join(facts.shipments, on=key).sort("ship_week", "shipment")
    return as_links(
        {
            "kind": "shipment",
            "id": row["shipment"],
            "what": f"{facts.name('products', 'product', row['product'])} from "
            f"{facts.name('factories', 'factory', row['factory'])} to "
            f"{facts.name('markets', 'market', row['market'])}, there in {_week(row['arrive_week'])}",
            "on": row["ship_week"],
            "units": row["units"],
            "whole": row["quantity"],
        }
        for row in rows.iter_rows(named=True)
    )


def deal_links(facts: Facts, deals: pl.DataFrame) -> pl.DataFrame:
    """Opportunities, with their stage and what they are worth."""
    return as_links(
        {
            "kind": "opportunity",
            "id": row["opportunity_id"],
            "what": f"{facts.name('products', 'product', row['product'])} for "
            f"{facts.name('markets', 'market', row['market'])}, {row['stage']}, {row['status']}",
            "on": row["expected_date"],
            "units": row["quantity"] * (row["probability"] or 0.0)
            if row["status"] == "open"
            else row["quantity"],
            "whole": row["quantity"],
            "money": _times(row["quantity"], facts.prices.get(row["product"])),
        }
        for row in deals.sort("expected_date", "opportunity_id").iter_rows(named=True)
    )


def campaign_links(facts: Facts, cells: pl.DataFrame) -> pl.DataFrame:
    """Campaigns that run in the weeks of these products and markets."""
    families = facts.network["products"].select("product", family_of="family")
    pairs = cells.join(families, on="product", how="left")
    running = facts.network["campaigns"].join(pairs, how="cross", suffix="_cell")
    reaches = (
        (pl.col("product").is_null() | (pl.col("product") == pl.col("product_cell")))
        & (pl.col("family").is_null() | (pl.col("family") == pl.col("family_of")))
        & (pl.col("market").is_null() | (pl.col("market") == pl.col("market_cell")))
        & (pl.col("start_date") < pl.col("week") + pl.duration(days=7))
        & (pl.col("end_date") >= pl.col("week"))
    )
    found = running.filter(reaches).select("campaign", "channel", "start_date", "end_date", "spend").unique()
    return campaign_rows(found)


def campaign_rows(campaigns: pl.DataFrame) -> pl.DataFrame:
    """Rows of campaigns.csv as links."""
    return as_links(
        {
            "kind": "campaign",
            "id": row["campaign"],
            "what": f"{row['channel']}, until {row['end_date']}",
            "on": row["start_date"],
            "money": row["spend"],
        }
        for row in campaigns.sort("start_date", "campaign", "channel").iter_rows(named=True)
    )


def contract_links(facts: Facts, contracts: pl.DataFrame) -> pl.DataFrame:
    """Contracts, with what they cost a week."""
    models = dict(facts.network["offers"].select("offer", "robot_model").iter_rows())
    return as_links(
        {
            "kind": "contract",
            "id": row["contract"],
            "what": f"{row['units']} × {models.get(row['offer'], row['offer'])} at "
            f"{facts.name('factories', 'factory', row['factory'])}, {row['status']}"
            + (f", off rent {row['off_rent_date']}" if row["off_rent_date"] else ""),
            "on": row["on_rent_date"],
            "money": _times(row["units"], row["weekly_rate"]),
        }
        for row in contracts.sort("on_rent_date", "contract").iter_rows(named=True)
    )


def contracts_behind(facts: Facts, ways: pl.DataFrame) -> pl.DataFrame:
    """The contracts whose robots are of a model, at a factory, in a week the work of these units needs."""
    work = ways.drop_nulls("work_order").select("factory", "routing", week="made_week").unique()
    models = facts.network["routings"].select("routing", "robot_model").unique()
    needed = work.join(models, on="routing").select("factory", "robot_model", "week").unique()
    offers = facts.network["offers"].select("offer", "robot_model")
    held = facts.network["contracts"].join(offers, on="offer", how="left")
    fits = held.join(needed, on=["factory", "robot_model"]).filter(on_rent_in("week"))
    return facts.network["contracts"].join(fits, on="contract", how="semi")


def on_rent_in(week: str) -> pl.Expr:
    """Whether a contract is on rent in a week."""
    off = pl.col("off_rent_date").fill_null(pl.lit(date.max))
    return (pl.col("on_rent_date") <= pl.col(week)) & (off > pl.col(week))


def _times(units: float | None, price: float | None) -> float | None:
    return None if units is None or price is None else units * price


def _week(week: date) -> str:
    return f"week {week.isocalendar().week}"
