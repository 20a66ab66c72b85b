"""Running contracts by date: when each can next end, by when notice is due, what is still committed."""

from datetime import date

import polars as pl

from planning.domain.calendar import monday_on_or_after, monday_on_or_after_expr
from planning.domain.network import Network
from planning.fleet.terms import period_end_expr


def contract_calendar(network: Network, today: date, start_week: date) -> pl.DataFrame:
    """Every contract that is not over, with the next end that notice given from `today` on can reach.

    A contract ends with its minimum term or with a renewal after it (2-data: min_end_date + j ·
    renewal_weeks, rounded up to a Monday), not before notice could be given for it. One that has an end
    (off_rent_date) ends there at the latest, and needs no notice for it.

    Parameters
    ----------
    start_week : rent from this Monday on counts as still due.

    Returns
    -------
    contract, offer, vendor, robot_model, factory, units, weekly_rate (a unit's), on_rent_date, min_end_date,
    off_rent_date, renewal_weeks; first_end (Monday on which the minimum term is over); ends (Monday from
    which the units may be off rent); notice_by (null: no notice is needed); weekly (rent a week of all
    units); rent_due (their rent from start_week to the minimum end). Sorted by notice_by, contract.
    """
    terms = network["offers"].select("offer", "vendor", "robot_model", "renewal_weeks", "notice_weeks")
    earliest = pl.lit(monday_on_or_after(today)) + pl.duration(weeks="notice_weeks")
    rows = (
        contracts_by_monday(network)
        .join(terms, on="offer", how="left")
        .filter(pl.col("off").is_null() | (pl.col("off") > today))
        .with_columns(
            next_end=period_end_expr(pl.col("first_end"), earliest),
            weekly=pl.col("units") * pl.col("weekly_rate"),
        )
    )
    has_end = (pl.col("off") <= pl.col("next_end")).fill_null(value=False)
    paid_from = pl.max_horizontal("on", pl.lit(start_week))
    weeks_due = (pl.min_horizontal("first_end", "off") - paid_from).dt.total_days() // 7
    return rows.select(
        "contract",
        "offer",
        "vendor",
        "robot_model",
        "factory",
        "units",
        "weekly_rate",
        "on_rent_date",
        "min_end_date",
        "off_rent_date",
        "renewal_weeks",
        "first_end",
        ends=pl.when(has_end).then("off").otherwise("next_end"),
        notice_by=pl.when(~has_end).then(pl.col("next_end") - pl.duration(weeks="notice_weeks")),
        weekly="weekly",
        rent_due=pl.col("weekly") * weeks_due.clip(0),
    ).sort("notice_by", "contract", nulls_last=True)


def contracts_by_monday(network: Network) -> pl.DataFrame:
    """Contracts that are not over, with their dates as plans count them.

    Returns
    -------
    Rows of `contracts` with on, first_end and off: on_rent_date, min_end_date and off_rent_date (null: rolls
    on) as Mondays, rounded up (2-data).
    """
    return (
        network["contracts"]
        .filter((pl.col("status") != "ended") & (pl.col("units") > 0))
        .with_columns(
            on=monday_on_or_after_expr("on_rent_date"),
            first_end=monday_on_or_after_expr("min_end_date"),
            off=monday_on_or_after_expr("off_rent_date"),
        )
    )
