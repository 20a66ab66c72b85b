"""What a thread is followed from: which units of the plan, and which order lines, an id is about."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from planning.domain.calendar import due_week_expr, monday
from planning.domain.thread import Kind
from planning.workflows.thread_facts import WAYS, Facts
from planning.workflows.thread_links import LINE, on_rent_in

_SERIES = ["product", "market", "week"]


def no_lines() -> pl.DataFrame:
    """No order line."""
    return pl.DataFrame(schema={"order_id": pl.String, "line": pl.Int64})


@dataclass(frozen=True)
class Subject:
    """What an id is about.

    Parameters
    ----------
    title : what it is, in words.
    ways : the units of the plan it is about, as WAYS.
    lines : order lines it is about, served or not: order_id, line.
    deals, campaigns, contracts : rows of those tables it is about itself.
    told : what has to be said of how it is followed.
    """

    title: str
    ways: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WAYS))
    lines: pl.DataFrame = field(default_factory=no_lines)
    deals: pl.DataFrame | None = None
    campaigns: pl.DataFrame | None = None
    contracts: pl.DataFrame | None = None
    told: str = ""


def subject_of(facts: Facts, kind: Kind, id: str) -> Subject:
    """What an id of the plan or its data is about; plans, imports and forecasts have their own way."""
    return _SUBJECTS[kind](facts, id)


def _order(facts: Facts, id: str) -> Subject:
    """An order, all its lines; or one of them, as order/line."""
    rows = pl.concat([facts.network["orders"].select(LINE), facts.table("promises").select(LINE)]).unique()
    lines = rows.filter((pl.col("order_id") == id) | (pl.format("{}/{}", *LINE) == id)).sort(LINE)
    ways = facts.ways.filter(pl.col("use") == "order").join(lines, on=LINE, how="semi")
    deals = facts.network["opportunities"]
    won = deals.filter(pl.col("order_id").is_in(lines["order_id"].implode()))
    return Subject(f"Order {id}", ways, lines, deals=won)


def _work_order(facts: Facts, id: str) -> Subject:
    return Subject(f"Work order {id}", facts.ways.filter(pl.col("work_order") == id))


def _shipment(facts: Facts, id: str) -> Subject:
    sent = facts.shipments.filter(pl.col("shipment") == id)
    ways = facts.ways.join(sent, on=["factory", "market", "product", "ship_week"], how="semi")
    return Subject(f"Shipment {id}", ways)


def _product(facts: Facts, id: str) -> Subject:
    name = facts.name("products", "product", id)
    called = f"Product {id}" if name == id else f"Product {id}, {name}"
    deals = facts.network["opportunities"].filter(product=id, status="open")
    orders = facts.network["orders"].filter(product=id, status="confirmed").select(LINE)
    return Subject(called, facts.ways.filter(pl.col("product") == id), orders, deals=deals)


def _opportunity(facts: Facts, id: str) -> Subject:
    """A deal that is won is its order; an open one is part of what is expected in its week."""
    deal = facts.network["opportunities"].filter(opportunity_id=id)
    lines = facts.network["orders"].join(deal.select("order_id"), on="order_id", how="semi").select(LINE)
    if not lines.is_empty():
        ways = facts.ways.filter(pl.col("use") == "order").join(lines, on=LINE, how="semi")
        return Subject(f"Opportunity {id}", ways, lines, deals=deal)
    cutoff = facts.network.policy.due_cutoff_weekday
    cell = deal.select("product", "market", week=due_week_expr("expected_date", cutoff))
    told = (
        "It has no order yet. What is expected of its product, market and week counts open deals by their "
        "probability together with the forecast: below is what serves all of that."
    )
    return Subject(f"Opportunity {id}", _expected_in(facts, cell), deals=deal, told=told)


def _campaign(facts: Facts, id: str) -> Subject:
    """The demand of its products and markets in the weeks it runs."""
    campaigns = facts.network["campaigns"].filter(campaign=id)
    products = facts.network["products"].select("product", "family")
    markets = facts.network["markets"].select("market")
    cells = []
    for row in campaigns.iter_rows(named=True):
        whose = products
        if row["product"] is not None:
            whose = whose.filter(product=row["product"])
        if row["family"] is not None:
            whose = whose.filter(family=row["family"])
        where = markets if row["market"] is None else markets.filter(market=row["market"])
        weeks = [w for w in facts.network.policy.weeks if monday(row["start_date"]) <= w <= row["end_date"]]
        runs = pl.DataFrame({"week": weeks}, schema={"week": pl.Date})
        cells.append(whose.select("product").join(where, how="cross").join(runs, how="cross"))
    reached = pl.concat(cells).unique()
    told = (
        "A campaign changes what is forecast of its products and markets while it runs: below is all demand "
        "of these weeks, not what the campaign alone brings."
    )
    ordered = facts.ways.filter(pl.col("use") == "order").join(
        reached, left_on=["product", "market", "due_week"], right_on=_SERIES, how="semi"
    )
    ways = pl.concat([ordered, _expected_in(facts, reached)])
    return Subject(f"Campaign {id}", ways, campaigns=campaigns, told=told)


def _contract(facts: Facts, id: str) -> Subject:
    """The work at its factory that needs its robot model while it is on rent."""
    contract = facts.network["contracts"].filter(contract=id)
    offers = facts.network["offers"].select("offer", "robot_model")
    runs = contract.join(offers, on="offer").select("factory", "robot_model", "on_rent_date", "off_rent_date")
    routings = facts.network["routings"].select("routing", "robot_model").unique()
    ways = (
        facts.ways.drop_nulls("work_order")
        .join(routings.join(runs, on="robot_model"), on=["factory", "routing"])
        .filter(on_rent_in("made_week"))
        .select(list(WAYS))
    )
    told = (
        "Below is the work of its robot model at its factory while it is on rent: which of the robots there "
        "does it is not the contract's."
    )
    return Subject(f"Contract {id}", ways, contracts=contract, told=told)


def _expected_in(facts: Facts, cells: pl.DataFrame) -> pl.DataFrame:
    """What serves expected demand in these products, markets and weeks."""
    expected = facts.ways.filter(pl.col("use") == "expected")
    return expected.join(cells, left_on=["product", "market", "arrive_week"], right_on=_SERIES, how="semi")


_SUBJECTS: dict[Kind, Callable[[Facts, str], Subject]] = {
    "order": _order,
    "work order": _work_order,
    "shipment": _shipment,
    "product": _product,
    "opportunity": _opportunity,
    "campaign": _campaign,
    "contract": _contract,
}
