"""What a plan's robots cost, line by line: the rent terms of the objective without the model.

Everything comes from the exported tables and the network: fleet.csv says what is on rent in each week,
rentals.csv the lots, their ends and the moves, contracts.csv and offers.csv the terms (3-plan-model, rule 6
and the objective).
"""

from datetime import date
from typing import NamedTuple

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet.contracts import contracts_by_monday
from planning.fleet.terms import period_end_expr

#: The terms of the objective that are charges for robots.
KINDS = (
    "rent",
    "rent_tail",
    "mobilisation",
    "demobilisation",
    "termination",
    "transfer",
    "overage",
    "owned",
)

_LINE = ("kind", "source", "id", "offer", "factory", "robot_model", "start", "end")
_TERMS = (
    "mobilisation_fee",
    "demobilisation_fee",
    "early_termination_share",
    "transfer_fee",
    "overage_per_hour",
)


class _Facts(NamedTuple):
    """Plan and network, with the plan's own weeks: a network brought in later may start in another."""

    plan: Plan
    network: Network
    start: date
    end: date
    charged_beyond: float
    offers: pl.DataFrame
    contracts: pl.DataFrame


def plan_charges(plan: Plan, network: Network) -> pl.DataFrame:
    """Every charge for robots in a plan.

    Parameters
    ----------
    plan : a plan as exported. network : the complete network it was made from.

    Returns
    -------
    kind (one of `KINDS`), source (owned, contract, offer), id (contract or offer; owned: null), offer,
    factory, robot_model, start, end (exclusive; null: a charge on the day `start`), units, quantity (of a
    unit: weeks of rent; 1 for a fee; hours of overage for all units), price (per unit and week, per unit or
    per hour), amount. The amounts of a kind add up to that term of plan.json. Sorted by kind, id, start.
    """
    facts = _facts(plan, network)
    paid, lots = rates_paid(plan, network), _lots(facts)
    lines = [
        _rent(paid),
        _lot_tails(facts, lots),
        _contract_tails(facts, paid),
        *_lot_fees(facts, lots),
        *_contract_ends(facts),
        _transfers(facts),
        _overage(facts, paid),
        _owned(facts),
    ]
    return pl.concat(lines).filter(pl.col("amount") != 0).sort("kind", "id", "start", "factory")


def rates_paid(plan: Plan, network: Network) -> pl.DataFrame:
    """What a unit on rent pays a week: fleet.csv's rows of contracts and offers, with offer and rate.

    A contract pays its own rate. A new unit pays that of the highest tier its offer reaches at the factory
    that week; contracts of the offer count towards it (2-data, offer_tiers).
    """
    contracts = network["contracts"].select("contract", of_contract="offer", own_rate="weekly_rate")
    rows = (
        plan["fleet"]
        .filter((pl.col("source") != "owned") & (pl.col("units") > 0))
        .join(contracts, left_on="id", right_on="contract", how="left")
        .with_columns(offer=pl.when(pl.col("source") == "contract").then("of_contract").otherwise("id"))
        .with_columns(together=pl.col("units").sum().over("offer", "factory", "week"))
    )
    listed = network["offers"].select("offer", "weekly_rate", from_units=pl.lit(0, pl.Int64))
    tiers = pl.concat([listed, network["offer_tiers"].select(listed.columns)]).sort("from_units")
    reached = rows.sort("together").join_asof(
        tiers.rename({"weekly_rate": "tier_rate"}),
        left_on="together",
        right_on="from_units",
        by="offer",
        check_sortedness=False,
    )
    paid = pl.when(pl.col("source") == "contract").then("own_rate").otherwise("tier_rate")
    return reached.with_columns(rate=paid).select(*plan["fleet"].columns, "offer", "rate")


def units_leaving(plan: Plan, network: Network) -> pl.DataFrame:
    """Units of contracts that go off rent within the plan, by the Monday from which they are.

    A contract the plan does not speak of, brought in after it was made, is left out.

    Returns
    -------
    contract, offer, factory and the contract's other columns, week, leaving, first_end and off (its minimum
    end and off_rent_date as Mondays), early (before the minimum end and not announced: it costs a share).
    """
    facts = _facts(plan, network)
    on_rent = (
        plan["fleet"]
        .filter(pl.col("source") == "contract")
        .group_by("week", contract="id")
        .agg(kept=pl.col("units").sum())
    )
    weeks = pl.DataFrame({"week": pl.date_range(facts.start, facts.end, "1w", closed="left", eager=True)})
    first = pl.max_horizontal("on", pl.lit(facts.start))
    ended, running = pl.col("week") == pl.col("off"), pl.col("status").is_in(["on_rent", "notice"])
    told = pl.col("action").is_in(["return", "terminate"])
    known = pl.concat([on_rent["contract"], plan["rentals"].filter(told)["id"]]).unique()
    return (
        facts.contracts.filter(pl.col("contract").is_in(known.implode()))
        .join(weeks, how="cross")
        .filter(pl.col("week") >= first)
        .join(on_rent, on=["contract", "week"], how="left")
        .with_columns(pl.col("kept").fill_null(0))
        .with_columns(before=pl.col("kept").shift(1).over("contract", order_by="week"))
        .with_columns(leaving=pl.coalesce("before", "units") - pl.col("kept"))
        .filter(pl.col("leaving") > 0)
        .with_columns(early=running & (pl.col("week") < pl.col("first_end")) & ~ended.fill_null(value=False))
        .drop("kept", "before")
    )


def _facts(plan: Plan, network: Network) -> _Facts:
    start = date.fromisoformat(plan.summary["start_week"])
    end = start + int(plan.summary["horizon_weeks"]) * WEEK
    offers = network["offers"].select("offer", "robot_model", "weekly_rate", *_TERMS)
    terms = offers.select("offer", "robot_model", *_TERMS)
    contracts = (
        contracts_by_monday(network)
        .join(terms, on="offer", how="left")
        .filter(pl.col("on") < end)
        .filter(pl.col("off").is_null() | (pl.col("off") > pl.max_horizontal("on", pl.lit(start))))
    )
    charged_beyond = 1.0 - float(plan.summary["policy"]["tail_use"])
    return _Facts(plan, network, start, end, charged_beyond, offers, contracts)


def _lines(rows: pl.DataFrame, kind: str, **columns: pl.Expr | str) -> pl.DataFrame:
    """Charge lines of one kind; amount = units · quantity · price, of overage quantity · price."""
    factor = pl.lit(1.0) if kind == "overage" else pl.col("units")
    return (
        rows.with_columns(kind=pl.lit(kind), **columns)
        .with_columns(pl.col("quantity", "price").cast(pl.Float64), pl.col("units").cast(pl.Int64))
        .with_columns(amount=factor * pl.col("quantity") * pl.col("price"))
        .select(*_LINE, "units", "quantity", "price", "amount")
    )


def _of_week() -> dict[str, pl.Expr | str]:
    return {"start": "week", "end": pl.col("week") + WEEK}


def _one_fee(day: str, price: str) -> dict[str, pl.Expr | str]:
    return {"start": day, "end": pl.lit(None, pl.Date), "quantity": pl.lit(1.0), "price": price}


def _rent(paid: pl.DataFrame) -> pl.DataFrame:
    return _lines(paid, "rent", quantity=pl.lit(1.0), price="rate", **_of_week())


def _overage(facts: _Facts, paid: pl.DataFrame) -> pl.DataFrame:
    rows = paid.join(facts.offers.select("offer", "overage_per_hour"), on="offer", how="left")
    return _lines(rows, "overage", quantity="overage_hours", price="overage_per_hour", **_of_week())


def _owned(facts: _Facts) -> pl.DataFrame:
    weekly = facts.network["owned"].select("factory", "robot_model", "weekly_cost")
    rows = facts.plan["fleet"].filter(pl.col("source") == "owned")
    rows = rows.join(weekly, on=["factory", "robot_model"], how="left")
    nothing = pl.lit(None, pl.String)
    return _lines(
        rows, "owned", id=nothing, offer=nothing, quantity=pl.lit(1.0), price="weekly_cost", **_of_week()
    )


def _lots(facts: _Facts) -> pl.DataFrame:
    """New lots of rentals.csv with their offer's terms; those without an end stay as long as they must.

    They are on rent to the end of the minimum term or renewal that runs in the plan's last week (rule 6).
    """
    rows = facts.plan["rentals"].filter(pl.col("action") == "rent")
    terms = facts.network["offers"].select("offer", "weekly_rate", "min_term_weeks", "renewal_weeks", *_TERMS)
    first_end = pl.col("on_rent_date") + pl.duration(weeks="min_term_weeks")
    rolled = period_end_expr(first_end, pl.lit(facts.end))
    return rows.join(terms, left_on="id", right_on="offer", how="left").with_columns(
        offer="id", source=pl.lit("offer"), off_rent_date=pl.coalesce("off_rent_date", rolled)
    )


def _lot_tails(facts: _Facts, lots: pl.DataFrame) -> pl.DataFrame:
    """Weeks of the minimum term or renewal beyond the plan, at the list rate less the useful share."""
    beyond = lots.filter(pl.col("off_rent_date") > facts.end)
    return _tails(facts, beyond, until=pl.col("off_rent_date"))


def _contract_tails(facts: _Facts, paid: pl.DataFrame) -> pl.DataFrame:
    """Contracts on rent in the last week, to their minimum end or an agreed end before it."""
    last = pl.col("week") == facts.end - WEEK
    kept = paid.filter((pl.col("source") == "contract") & last)
    rows = kept.join(facts.contracts.select("first_end", "off", id="contract"), on="id")
    rows = rows.with_columns(weekly_rate="rate", until=pl.min_horizontal("first_end", "off"))
    return _tails(facts, rows.filter(pl.col("until") > facts.end), until=pl.col("until"))


def _tails(facts: _Facts, rows: pl.DataFrame, until: pl.Expr) -> pl.DataFrame:
    weeks = (until - pl.lit(facts.end)).dt.total_days() / 7
    price = pl.col("weekly_rate") * facts.charged_beyond
    return _lines(rows, "rent_tail", start=pl.lit(facts.end), end=until, quantity=weeks, price=price)


def _lot_fees(facts: _Facts, lots: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Mobilisation of every new unit; demobilisation of those that go off rent within the plan."""
    back = lots.filter(pl.col("off_rent_date") < facts.end)
    return (
        _lines(lots, "mobilisation", **_one_fee("on_rent_date", "mobilisation_fee")),
        _lines(back, "demobilisation", **_one_fee("off_rent_date", "demobilisation_fee")),
    )


def _contract_ends(facts: _Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Demobilisation of units leaving; of those leaving early a share of the rent to the minimum end."""
    rows = units_leaving(facts.plan, facts.network).with_columns(
        source=pl.lit("contract"), id="contract", units="leaving"
    )
    weeks_left = (pl.col("first_end") - pl.col("week")).dt.total_days() / 7
    fee = {
        "quantity": weeks_left,
        "price": pl.col("early_termination_share") * pl.col("weekly_rate"),
    }
    return (
        _lines(rows, "demobilisation", **_one_fee("week", "demobilisation_fee")),
        _lines(rows.filter("early"), "termination", **_one_fee("week", "demobilisation_fee") | fee),
    )


def _transfers(facts: _Facts) -> pl.DataFrame:
    """A fee for every unit moved, on the day it leaves."""
    owner = facts.contracts.select(id="contract", of_contract="offer")
    rows = (
        facts.plan["rentals"]
        .filter(pl.col("action") == "move")
        .join(owner, on="id", how="left")
        .with_columns(
            offer=pl.coalesce("of_contract", "id"),
            source=pl.when(pl.col("of_contract").is_null())
            .then(pl.lit("offer"))
            .otherwise(pl.lit("contract")),
        )
        .join(facts.offers.drop("robot_model"), on="offer", how="left")
    )
    return _lines(rows, "transfer", **_one_fee("off_rent_date", "transfer_fee"))
