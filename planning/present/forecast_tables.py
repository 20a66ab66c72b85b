"""What will be confirmed and how sure that is: series with their record, weeks to draw, what was netted."""

from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK, due_week_expr, monday
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.network import Network
from planning.forecast import Forecast, in_force
from planning.present.view import Column, View, labels

#: Weeks of history shown before the horizon.
WEEKS_BACK = 104

SERIES = ["product", "market"]


def records(network: Network, netted: pl.DataFrame, forecast: Forecast | None) -> pl.DataFrame:
    """Every series that is forecast, ordered or offered, worst by money at stake first.

    Parameters
    ----------
    network : complete, with the forecast that holds.
    netted : as the outlook has it.
    forecast : Takt's own; None where the network brings one, which has no record.

    Returns
    -------
    product, market, what `Forecast.methods` says of them (null without a record), units (forecast of the
    horizon, overrides included), expected, confirmed, weekly (units a week) and at_stake (WAPE · units ·
    price: what the record's error comes to over the horizon, in money).
    """
    methods = pl.DataFrame(schema=METHODS_SCHEMA) if forecast is None else forecast.methods
    units = pl.col("forecast", "expected", "confirmed")
    sums = netted.group_by(SERIES).agg(units.sum()).rename({"forecast": "units"})
    prices = network["products"].select("product", "price")
    return (
        methods.join(sums, on=SERIES, how="full", coalesce=True)
        .with_columns(pl.col("units", "expected", "confirmed").fill_null(0.0))
        .join(prices, on="product", how="left")
        .with_columns(
            weekly=pl.col("units") / network.policy.horizon_weeks,
            at_stake=pl.col("wape") * pl.col("units") * pl.col("price"),
        )
        .sort("at_stake", "units", *SERIES, descending=[True, True, False, False], nulls_last=True)
    )


def named_series(rows: pl.DataFrame, network: Network) -> list[pl.Expr]:
    """product and market of `rows` by the names planners know them by."""
    return [
        pl.col(one).replace(labels(network, table, one, rows[one].unique()))
        for one, table in (("product", "products"), ("market", "markets"))
    ]


def series_list(shown: pl.DataFrame, network: Network) -> View:
    """The series as a planner reads them, in the order of `shown`, rows of `records`."""
    currency, weeks = network.policy.currency, network.policy.horizon_weeks
    better = pl.col("better_than_naive")
    frame = shown.with_columns(
        *named_series(shown, network),
        verdict=pl.when(better)
        .then(pl.lit("Better than naive"))
        .when(~better)
        .then(pl.lit("No better than naive"))
        .otherwise(pl.lit("Not judged")),
    )
    return View(
        frame,
        {
            "product": Column("Product"),
            "market": Column("Market"),
            "at_stake": Column(
                f"At stake ({currency})",
                "money",
                f"WAPE × forecast units of the {weeks} planned weeks × price: what errors as large as on the "
                "weeks held out come to.",
            ),
            "verdict": Column(
                "Against naive", help="Seasonal naive: last year's weeks, or the mean of the last ones."
            ),
            "wape": Column("WAPE", "percent", "Σ|error| / Σ demand of the last weeks, held out."),
            "naive_wape": Column("Naive's WAPE", "percent", "The same, had seasonal naive been used."),
            "weekly": Column("Units a week", "rate", f"Mean forecast of the {weeks} planned weeks."),
            "bias": Column("Bias", "percent", "(forecast − actual) / actual: positive when too much."),
            "series_class": Column("Class", help="How the demand comes; in words beside each series."),
            "method": Column("Method", width="medium"),
        },
    )


def following(found: pl.DataFrame, product: str, market: str) -> tuple[str, str] | None:
    """Product and market of the series after this one in `found`, rows of `records`; None after the last."""
    here = (pl.col("product") == product) & (pl.col("market") == market)
    after = found.select(*SERIES).filter(here.shift(1, fill_value=False))
    return None if after.is_empty() else (after["product"][0], after["market"][0])


def demand_by_week(
    network: Network, netted: pl.DataFrame, band: pl.DataFrame, shown: pl.DataFrame
) -> pl.DataFrame:
    """Demand so far, forecast and orders in hand of the series in `shown`, summed week by week.

    Parameters
    ----------
    band : week, p10 and p90 of their total, as `Outlook.total` knows them.

    Returns
    -------
    week, demand (null in weeks that are not over by as_of), forecast, confirmed (both null before the
    horizon), p10 and p90 (null where the band has none). No week is left out; the first is that of the
    first demand, `WEEKS_BACK` weeks before the horizon at the earliest.
    """
    policy, pairs = network.policy, shown.select(SERIES)
    last = _last_week_known(network)
    past = _history_by_week(network, pairs, last)
    first = past["week"].min()
    start = first if isinstance(first, date) else policy.start_week
    weeks = pl.date_range(start, policy.end_week, "1w", closed="left", eager=True).alias("week").to_frame()
    ahead = (
        netted.join(pairs, on=SERIES, how="semi").group_by("week").agg(pl.col("forecast", "confirmed").sum())
    )
    joined = weeks
    for part in (past, ahead, band):
        joined = joined.join(part, on="week", how="left", maintain_order="left")
    planned = pl.col("week") >= policy.start_week
    return joined.with_columns(
        pl.when(pl.col("week") <= last).then(pl.col("demand").fill_null(0.0)),
        pl.when(planned).then(pl.col("forecast", "confirmed").fill_null(0.0)),
    )


def _last_week_known(network: Network) -> date:
    """The last due week the history can know: over by as_of, and no later than its last row."""
    policy = network.policy
    over = monday(policy.as_of - timedelta(days=policy.due_cutoff_weekday - 1)) - WEEK
    rows = network["history"].select(due_week_expr("date", policy.due_cutoff_weekday).max()).item()
    return min(over, policy.start_week - WEEK, rows or over)


def _history_by_week(network: Network, pairs: pl.DataFrame, last: date) -> pl.DataFrame:
    """week, demand: what net returns make negative counts as zero, as where the forecast learns."""
    policy = network.policy
    return (
        network["history"]
        .join(pairs, on=SERIES, how="semi")
        .with_columns(week=due_week_expr("date", policy.due_cutoff_weekday))
        .filter(pl.col("week").is_between(policy.start_week - WEEKS_BACK * WEEK, last))
        .group_by(*SERIES, "week")
        .agg(pl.col("quantity").sum().clip(0))
        .group_by("week")
        .agg(demand=pl.col("quantity").sum())
    )


def campaigns(network: Network, shown: pl.DataFrame, first_week: date) -> pl.DataFrame:
    """Campaigns that touch a series in `shown`, between `first_week` and the end of the horizon.

    Returns
    -------
    campaign, start_date, end_date, channels (comma-separated), start_week and end_week (due weeks, within
    those weeks) and planned (not over by as_of), in order of time.
    """
    policy = network.policy
    shift = f"-{policy.due_cutoff_weekday - 1}d"
    rows = network["campaigns"].with_columns(
        whose=pl.when(pl.col("product").is_not_null()).then(pl.lit("product")).otherwise(pl.lit("family")),
        audience=pl.coalesce("product", "family"),
    )
    touched = _audiences(network, shown)
    rows = rows.join(touched, on=touched.columns, how="semi", nulls_equal=True)
    return (
        rows.with_columns(
            start_week=pl.col("start_date").dt.offset_by(shift).dt.truncate("1w"),
            end_week=pl.col("end_date").dt.offset_by(shift).dt.truncate("1w"),
        )
        .filter((pl.col("end_week") >= first_week) & (pl.col("start_week") < policy.end_week))
        .group_by("campaign", "start_date", "end_date", "start_week", "end_week")
        .agg(channels=pl.col("channel").unique().sort().str.join(", "))
        .with_columns(
            pl.col("start_week").clip(lower_bound=first_week),
            pl.col("end_week").clip(upper_bound=policy.end_week - WEEK),
            planned=pl.col("end_date") >= policy.as_of,
        )
        .sort("start_date", "campaign")
    )


def _audiences(network: Network, shown: pl.DataFrame) -> pl.DataFrame:
    """Whom a campaign may name to touch a series in `shown`: whose, audience, market (null: every one)."""
    families = network["products"].select("product", "family")
    pairs = shown.select(SERIES).join(families, on="product", how="left")
    named = [
        pairs.select(whose=pl.lit(whose), audience=whose, market=market)
        for whose in ("product", "family")
        for market in (pl.col("market"), pl.lit(None, pl.String))
    ]
    return pl.concat(named).drop_nulls("audience").unique()


def overrides(network: Network, shown: pl.DataFrame, forecast: pl.DataFrame) -> View:
    """What planners say instead of the forecast, for the series in `shown` and the weeks of the horizon.

    Parameters
    ----------
    forecast : product, market, week, quantity: the forecast without overrides.
    """
    policy = network.policy
    said = network["overrides"].filter(
        in_force(policy.as_of),
        pl.col("week").is_between(policy.start_week, policy.end_week, closed="left"),
    )
    instead_of = forecast.select(*SERIES, "week", was="quantity")
    rows = said.join(shown.select(SERIES), on=SERIES, how="semi").join(
        instead_of, on=[*SERIES, "week"], how="left"
    )
    return View(
        rows.with_columns(named_series(rows, network)).sort("week", *SERIES),
        {"week": Column("Week", "week")}
        | ({} if shown.height == 1 else {"product": Column("Product"), "market": Column("Market")})
        | {
            "quantity": Column("Override (units)", "rate"),
            "was": Column("Instead of (units)", "rate"),
            "reason": Column("Reason"),
            "author": Column("Author"),
            "expires": Column("Last day", "date"),
        },
    )


def netting(netted: pl.DataFrame, shown: pl.DataFrame, network: Network) -> View:
    """What orders and deals took from the forecast and what is left of it, for the series in `shown`."""
    policy = network.policy
    weeks = pl.DataFrame({"week": policy.weeks}, schema={"week": pl.Date})
    units = [name for name in netted.columns if name not in {*SERIES, "week"}]
    sums = netted.join(shown.select(SERIES), on=SERIES, how="semi").group_by("week").agg(pl.col(units).sum())
    return View(
        weeks.join(sums, on="week", how="left", maintain_order="left").fill_null(0.0),
        {
            "week": Column("Week", "week"),
            "forecast": Column("Forecast", "rate", "All demand due in the week; mean, overrides included."),
            "by_orders": Column(
                "− by orders",
                "rate",
                "What orders took: those due in the planned weeks, shipped ones too, at their full quantity; "
                f"own week first, then up to {policy.consumption_back_weeks} earlier and "
                f"{policy.consumption_forward_weeks} later ones.",
            ),
            "by_deals": Column("− by deals", "rate", "What deals took after the orders, by the same rule."),
            "left": Column("= left", "rate", "Forecast that neither orders nor deals have taken."),
            "deals": Column(
                "+ deals", "rate", "Open deals: quantity × probability; large ones whole, or not at all."
            ),
            "expected": Column("= expected", "rate", "What the plan may serve beyond orders."),
            "unreachable": Column(
                "Unreachable",
                "rate",
                "Of the expected: due before new production can be there, without stock.",
            ),
            "confirmed": Column(
                "Confirmed in hand", "rate", "Open units of orders; past due in the first week."
            ),
        },
    )
