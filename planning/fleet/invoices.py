"""What vendors will invoice: contracts and planned rents by period, with the fees of a plan."""

from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet.charges import charged_periods, priced
from planning.fleet.plan_charges import plan_charges, rates_paid, units_leaving

#: The fees of a plan and what each is charged for; null: for a unit.
_PER = {
    "mobilisation": None,
    "demobilisation": None,
    "termination": "week",
    "transfer": None,
    "overage": "hour",
}
_COLUMNS = (
    "source",
    "id",
    "offer",
    "factory",
    "kind",
    "on_rent_date",
    "off_rent_date",
    "period_start",
    "period_end",
    "units",
    "quantity",
    "per",
    "price",
    "amount",
)
_STAY = (
    "source",
    "id",
    "offer",
    "factory",
    "units",
    "on_rent_date",
    "off_rent_date",
    "weekly_rate",
)


def invoices(plan: Plan, network: Network, today: date) -> pl.DataFrame:
    """Invoice lines from `today` to the plan's end: rent as vendors bill it, and the plan's fees.

    Rent is `charges` of every stay: contracts from their first day on rent to the day the plan or an
    agreed end takes them off rent, and the plan's new rents; what runs on is charged for every period that
    begins within the plan. A period begun before `today` and not over is told whole. Overage is told by the
    week it is worked. A new unit pays the tier reached in the last week known by the period's first day.
    A rent of an offer the network does not have (brought in after the plan was made) is left out.

    Returns
    -------
    vendor, robot_model, source (contract, offer), id, offer, factory, kind (rent or a fee of
    `plan_charges`), on_rent_date, off_rent_date (of the units; of a fee null), period_start, period_end
    (exclusive; of a fee on a day null), units, quantity (of a unit; of overage that of all
    units), per (what quantity counts and price is for: day, week, 28_days, month, hour; of a fee null),
    price, amount (in cents). Sorted by period_start, vendor, id, kind.
    """
    end = date.fromisoformat(plan.summary["start_week"]) + int(plan.summary["horizon_weeks"]) * WEEK
    lines = pl.concat([_rent(plan, network, end), _fees(plan, network)])
    vendors = network["offers"].select("offer", "vendor", "robot_model")
    over = pl.coalesce("period_end", pl.col("period_start") + pl.duration(days=1))
    return (
        lines.filter((over > today) & (pl.col("amount") != 0))
        .join(vendors, on="offer", how="left")
        .select("vendor", "robot_model", *_COLUMNS)
        .sort("period_start", "vendor", "id", "factory", "kind", nulls_last=True)
    )


def _fees(plan: Plan, network: Network) -> pl.DataFrame:
    fees = plan_charges(plan, network).filter(pl.col("kind").is_in(list(_PER)))
    return (
        fees.rename({"start": "period_start", "end": "period_end"})
        .with_columns(
            pl.col("amount").round(2),
            on_rent_date=pl.lit(None, pl.Date),
            off_rent_date=pl.lit(None, pl.Date),
            per=pl.col("kind").replace_strict(_PER, return_dtype=pl.String),
        )
        .select(_COLUMNS)
    )


def _rent(plan: Plan, network: Network, end: date) -> pl.DataFrame:
    billed = network["offers"].select("offer", "billing", "billing_rate", list_rate="weekly_rate")
    stays = pl.concat([_contract_stays(plan, network), _new_stays(plan)]).join(billed, on="offer")
    periods = charged_periods(stays, end).sort("period_start")
    tiers = (
        rates_paid(plan, network)
        .filter(pl.col("source") == "offer")
        .select("offer", "factory", "week", "source", tier="rate")
        .sort("week")
    )
    rated = periods.join_asof(
        tiers,
        left_on="period_start",
        right_on="week",
        by=["source", "offer", "factory"],
        check_sortedness=False,
    ).with_columns(weekly_rate=pl.coalesce("weekly_rate", "tier", "list_rate"))
    per = pl.when(pl.col("billing_rate").is_null()).then(pl.lit("week")).otherwise("billing")
    return priced(rated).with_columns(kind=pl.lit("rent"), per=per).select(_COLUMNS)


def _contract_stays(plan: Plan, network: Network) -> pl.DataFrame:
    """Each contract's units by the day they go off rent: those the plan takes off, and the rest."""
    left = units_leaving(plan, network)
    on_rent = network["contracts"].filter((pl.col("status") != "ended") & (pl.col("units") > 0))
    gone = left.group_by("contract").agg(gone=pl.col("leaving").sum())
    rest = on_rent.join(gone, on="contract", how="left").with_columns(
        units=pl.col("units") - pl.col("gone").fill_null(0)
    )
    # Units that leave on an agreed day are charged to that day, which may be within a week.
    agreed = pl.col("week") == pl.col("off")
    leaving = left.with_columns(
        units="leaving", off_rent_date=pl.when(agreed).then("off_rent_date").otherwise("week")
    )
    stays = pl.concat(
        [
            rows.with_columns(source=pl.lit("contract"), id="contract").select(_STAY)
            for rows in (rest, leaving)
        ]
    )
    return stays.filter(pl.col("units") > 0)


def _new_stays(plan: Plan) -> pl.DataFrame:
    rows = plan["rentals"].filter(pl.col("action") == "rent")
    return rows.with_columns(source=pl.lit("offer"), offer="id", weekly_rate=pl.lit(None, pl.Float64)).select(
        _STAY
    )
