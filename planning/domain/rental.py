"""Rental terms in buckets: offers, where they may stand, their tiers, and the contracts that run."""

import polars as pl

from planning.domain.calendar import monday_on_or_after_expr, week_index_expr
from planning.domain.network import Network
from planning.domain.problem import Coder


def offer_terms(network: Network, code: Coder) -> pl.DataFrame:
    """The offers' terms by index.

    Returns
    -------
    o, r, rate, min_term, renewal, notice, lead, mobilisation, demobilisation, max_units (null: no
    limit), termination_share (null: not possible), transfer_fee (null: tied to its factory),
    transfer_weeks, included (hours, null: unlimited), overage (per hour), long_start and long_renewal
    (terms that the commitment rule restricts).
    """
    flexible = network.policy.flex_term_weeks
    return (
        code(network["offers"], "offer", "robot_model")
        .select(
            "o",
            "r",
            "max_units",
            "transfer_fee",
            "transfer_weeks",
            rate="weekly_rate",
            min_term="min_term_weeks",
            renewal="renewal_weeks",
            notice="notice_weeks",
            lead="lead_time_weeks",
            mobilisation="mobilisation_fee",
            demobilisation="demobilisation_fee",
            termination_share="early_termination_share",
            included="included_hours_per_week",
            overage="overage_per_hour",
            long_start=pl.col("min_term_weeks") > flexible,
            long_renewal=pl.col("renewal_weeks") > flexible,
        )
        .sort("o")
    )


def standing_offers(network: Network, code: Coder, horizon_weeks: int) -> pl.DataFrame:
    """o, f, rentable: where units of an offer may stand, and whether they may be rented there.

    An offer with a transfer fee may be moved to any factory; it is rented only where it is offered.
    Offers that cannot arrive within the horizon, or of which there are none, stand nowhere.
    """
    offers = network["offers"].filter(
        (pl.col("lead_time_weeks") < horizon_weeks) & (pl.col("max_units").fill_null(1) > 0)
    )
    places = network["factories"].select(place="factory")
    pairs = offers.join(places, how="cross").with_columns(
        rentable=pl.col("factory").is_null() | (pl.col("factory") == pl.col("place"))
    )
    pairs = pairs.filter(pl.col("rentable") | pl.col("transfer_fee").is_not_null())
    return (
        code(pairs.select("offer", "rentable", factory="place"), "offer", "factory")
        .select("o", "f", "rentable")
        .sort("o", "f")
    )


def tier_rates(network: Network, code: Coder) -> pl.DataFrame:
    """o, from_units, up_to (exclusive, null: no end), rate: the list rate from 0 units and each tier."""
    listed = network["offers"].select("offer", from_units=pl.lit(0, pl.Int64), rate="weekly_rate")
    tiers = network["offer_tiers"].select("offer", "from_units", rate="weekly_rate")
    rows = pl.concat([listed, tiers]).sort("offer", "from_units")
    rows = rows.with_columns(up_to=pl.col("from_units").shift(-1).over("offer"))
    return code(rows, "offer").select("o", "from_units", "up_to", "rate").sort("o", "from_units")


def contract_terms(network: Network, code: Coder) -> pl.DataFrame:
    """Contracts on rent in some week of the horizon, with their dates as buckets.

    Returns
    -------
    c, o, f, units, rate, on (may be negative), min_end and off (exclusive; off null: rolls on),
    running (on rent or under notice, so that early termination may apply).
    """
    policy = network.policy
    rows = network["contracts"].with_columns(
        on_week=monday_on_or_after_expr("on_rent_date"),
        min_week=monday_on_or_after_expr("min_end_date"),
        off_week=monday_on_or_after_expr("off_rent_date"),
    )
    rows = rows.with_columns(
        on=week_index_expr("on_week", policy.start_week),
        min_end=week_index_expr("min_week", policy.start_week),
        off=week_index_expr("off_week", policy.start_week),
    )
    live = (
        (pl.col("status") != "ended")
        & (pl.col("units") > 0)
        & (pl.col("on") < policy.horizon_weeks)
        & (pl.col("off").is_null() | (pl.col("off") > pl.max_horizontal("on", pl.lit(0))))
    )
    return (
        code(rows.filter(live), "contract", "offer", "factory")
        .select(
            "c",
            "o",
            "f",
            "units",
            "on",
            "min_end",
            "off",
            rate="weekly_rate",
            running=pl.col("status").is_in(["on_rent", "notice"]),
        )
        .sort("c")
    )
