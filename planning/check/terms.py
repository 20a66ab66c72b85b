"""Contract terms in buckets: running contracts, new lots, moves, rates and tails (rule 6)."""

import polars as pl

from planning.domain.calendar import monday_on_or_after_expr
from planning.domain.network import Network
from planning.domain.policy import Policy

OFFER_TERMS = (
    "robot_model",
    "min_term_weeks",
    "renewal_weeks",
    "notice_weeks",
    "lead_time_weeks",
    "mobilisation_fee",
    "demobilisation_fee",
    "max_units",
    "early_termination_share",
    "transfer_fee",
    "transfer_weeks",
    "included_hours_per_week",
    "overage_per_hour",
)


def bucket(column: str, policy: Policy) -> pl.Expr:
    """Bucket of a rental date, rounded up to a Monday."""
    monday = monday_on_or_after_expr(column)
    return ((monday - pl.lit(policy.start_week)).dt.total_days() // 7).cast(pl.Int64)


def rated(frame: pl.DataFrame, network: Network, units: str, name: str) -> pl.DataFrame:
    """`frame` (with `offer`) with the offer's weekly rate at so many units as column `name`."""
    base = network["offers"].select("offer", pl.lit(0, dtype=pl.Int64).alias("from_units"), "weekly_rate")
    tiers = pl.concat([base, network["offer_tiers"].select("offer", "from_units", "weekly_rate")])
    tiers = tiers.rename({"weekly_rate": name}).sort("from_units")
    return (
        frame.sort(units)
        .join_asof(
            tiers,
            left_on=units,
            right_on="from_units",
            by="offer",
            strategy="backward",
            check_sortedness=False,
        )
        .drop("from_units")
    )


def contracts(network: Network) -> pl.DataFrame:
    """Contracts that are not ended, with their offer's terms.

    Returns
    -------
    contract, offer, factory, units, status, rate (a unit's, per week), t_on, t_min, t_off (buckets; t_off
    null: rolls on), `running` (on rent or under notice), and the terms of the offer.
    """
    policy = network.policy
    rows = network["contracts"].filter(pl.col("status").fill_null("on_rent") != "ended")
    return (
        rated(rows, network, "units", "at_its_units")
        .join(network["offers"].select("offer", *OFFER_TERMS), on="offer", how="left")
        .with_columns(
            rate=pl.coalesce("weekly_rate", "at_its_units"),
            t_on=bucket("on_rent_date", policy),
            t_min=bucket("min_end_date", policy),
            t_off=bucket("off_rent_date", policy),
            running=pl.col("status").fill_null("on_rent").is_in(["on_rent", "notice"]),
        )
        .drop("weekly_rate", "at_its_units")
    )


def kept(contracts: pl.DataFrame, fleet: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """Units of each contract on rent in each week, over all factories.

    `before` is what was on rent the week before; in the week a contract starts, or in the first week
    where it was running already, all its units. One that ends on that Monday or before was over before.

    Returns
    -------
    contracts × weeks with kept, before and drop (units that go off rent at the start of the week).
    """
    on_rent = (
        fleet.filter(pl.col("source") == "contract")
        .group_by("week", pl.col("id").alias("contract"))
        .agg(kept=pl.col("units").sum())
    )
    first = pl.max_horizontal("t_on", pl.lit(0, dtype=pl.Int64))
    starts = (pl.col("t") == first) & (pl.col("t_off").is_null() | (pl.col("t_off") > pl.col("t")))
    earlier = pl.col("kept").shift(1, fill_value=0).over("contract", order_by="t")
    return (
        contracts.join(weeks, how="cross")
        .join(on_rent, on=["contract", "week"], how="left")
        .with_columns(pl.col("kept").fill_null(0))
        .with_columns(before=pl.when(starts).then("units").otherwise(earlier))
        .with_columns(drop=pl.col("before") - pl.col("kept"))
    )


def lots(rentals: pl.DataFrame, network: Network, policy: Policy) -> pl.DataFrame:
    """New lots: the `rent` rows with their offer's terms.

    Returns
    -------
    rentals.csv with offer, its list rate and terms, its own factory (offer_factory, null: any), t_on,
    t_off (null: on rent to the end and beyond), `committed_end` (bucket up to which rent is owed at the
    end of the horizon) and `beyond` (weeks of it beyond the horizon, 0 for lots returned before).
    """
    offers = (
        network["offers"]
        .select("offer", "weekly_rate", *OFFER_TERMS, offer_model="robot_model", offer_factory="factory")
        .drop("robot_model")
    )
    horizon = policy.horizon_weeks
    term, renewal = pl.col("min_term_weeks"), pl.col("renewal_weeks")
    rows = rentals.filter(pl.col("action") == "rent").with_columns(
        offer="id", t_on=bucket("on_rent_date", policy), t_off=bucket("off_rent_date", policy)
    )
    on_to_end = (pl.col("t_on") < horizon) & (pl.col("t_off").is_null() | (pl.col("t_off") >= horizon))
    return (
        rows.join(offers, on="offer", how="left")
        .with_columns(committed_end=rolled(pl.col("t_on") + term, renewal, horizon))
        .with_columns(beyond=pl.when(on_to_end).then(pl.col("committed_end") - horizon).otherwise(0))
    )


def rolled(term_end: pl.Expr, renewal: pl.Expr, horizon: int) -> pl.Expr:
    """First end of the minimum term or of a renewal that is not before the end of the horizon."""
    late = (horizon - term_end).clip(0)
    return term_end + -(-late // renewal) * renewal


def moves(rentals: pl.DataFrame, network: Network, contracts: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Moves with the transfer terms of their offer; an id that names a contract is one.

    Returns
    -------
    rentals.csv with source, offer, transfer_fee, transfer_weeks, t_leave and t_back (buckets).
    """
    owner = contracts.select("contract", of_contract="offer")
    offers = network["offers"].select("offer", "transfer_fee", "transfer_weeks")
    return (
        rentals.filter(pl.col("action") == "move")
        .join(owner, left_on="id", right_on="contract", how="left")
        .with_columns(
            source=pl.when(pl.col("of_contract").is_null())
            .then(pl.lit("offer"))
            .otherwise(pl.lit("contract")),
            offer=pl.coalesce("of_contract", "id"),
            t_leave=bucket("off_rent_date", policy),
            t_back=bucket("on_rent_date", policy),
        )
        .join(offers, on="offer", how="left")
    )


def in_transfer(moves: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """Units that stand at their new factory and cannot work yet.

    Returns
    -------
    factory, source, id, week, away.
    """
    return (
        moves.join(weeks, how="cross")
        .filter((pl.col("t_leave") <= pl.col("t")) & (pl.col("t") < pl.col("t_back")))
        .group_by(pl.col("to_factory").alias("factory"), "source", "id", "week")
        .agg(away=pl.col("units").sum())
    )


def fleet_rates(stands: pl.DataFrame, contracts: pl.DataFrame, network: Network) -> pl.DataFrame:
    """Rented rows of the fleet with what a unit costs that week.

    A tier counts the units of the offer at the factory that week, running contracts included; it sets
    the rate of the new units only.

    Returns
    -------
    Rows of `stands` of source offer or contract, with offer, rate, included_hours_per_week and
    overage_per_hour.
    """
    own = contracts.select("contract", contract_offer="offer", contract_rate="rate")
    rows = (
        stands.filter(pl.col("source") != "owned")
        .join(own, left_on="id", right_on="contract", how="left")
        .with_columns(is_new=pl.col("source") == "offer")
        .with_columns(offer=pl.when("is_new").then("id").otherwise("contract_offer"))
        .with_columns(together=pl.col("units").sum().over("offer", "factory", "week"))
    )
    terms = network["offers"].select("offer", "included_hours_per_week", "overage_per_hour")
    return (
        rated(rows, network, "together", "tier_rate")
        .with_columns(rate=pl.when("is_new").then("tier_rate").otherwise("contract_rate"))
        .join(terms, on="offer", how="left")
        .with_columns(pl.col("overage_per_hour").fill_null(0.0))
    )


def contract_tails(kept: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Weeks beyond the horizon that contracts kept in the last week still owe.

    Up to min_end_date, and no further than the off_rent_date of a contract already given notice on. A
    renewal under way when the horizon ends owes nothing more: rule 6 can be read either way, and the
    reference answers charge the tail of renewals to new lots only.

    Returns
    -------
    Rows of `kept` in the last week, with beyond (weeks).
    """
    horizon = policy.horizon_weeks
    end = pl.min_horizontal("t_min", "t_off")
    last = kept.filter(pl.col("t") == horizon - 1)
    return last.with_columns(beyond=(end - horizon).clip(0))
