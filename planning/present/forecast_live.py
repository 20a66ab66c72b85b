"""What became of earlier forecasts, and when open deals will be confirmed, as planners read them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.present.forecast_tables import SERIES, named_series
from planning.present.view import Column, View
from planning.present.words import count, share, week

MOST_NAMED = 3


def drift(live: pl.DataFrame, shown: pl.DataFrame, network: Network) -> str:
    """Which series in `shown` have left the range their forecast had; empty where none has.

    Parameters
    ----------
    live : as `forecast.live.live_record` returns it.
    """
    gone = live.filter("drifted").join(shown.select(*SERIES), on=SERIES, how="semi")
    if gone.is_empty():
        return ""
    # The furthest off first.
    gone = gone.with_columns(off=(pl.col("forecast") - pl.col("actual")).abs()).sort("off", descending=True)
    named = gone.with_columns(named_series(gone, network)).head(MOST_NAMED)
    each = "; ".join(f"{row['product']} in {row['market']}: {_met(row)}" for row in named.to_dicts())
    more = f"; and {gone.height - MOST_NAMED} more" if gone.height > MOST_NAMED else ""
    left = "One series has" if gone.height == 1 else f"{gone.height:,} series have"
    return (
        f"{left} left the range of the forecast. {each}{more}. What was learned of the past holds no longer "
        "there: forecast again, and say with an override what you know."
    )


def lived(live: pl.DataFrame, shown: pl.DataFrame) -> list[str]:
    """How the forecast of the one series in `shown` met what came, in a sentence; none where it is too young.

    Parameters
    ----------
    live : as `forecast.live.live_record` returns it.
    """
    found = live.join(shown.select(SERIES), on=SERIES, how="semi")
    if found.is_empty():
        return []
    row = found.row(0, named=True)
    error = "" if row["live_wape"] is None else f" The error was {share(row['live_wape'])} of demand."
    met = _met(row)
    return [f"**Left its range.** {met}.{error}" if row["drifted"] else f"Live: {met}.{error}"]


def _met(row: Mapping[str, Any]) -> str:
    weeks = f"{week(row['first_week'])} to {week(row['last_week'])}"
    return (
        f"{row['forecast']:,.0f} units were forecast for {weeks}, {row['actual']:,.0f} came; the range was "
        f"{row['lowest']:,.0f} to {row['highest']:,.0f}"
    )


def open_deals(
    opportunities: pl.DataFrame, dates: pl.DataFrame | None, shown: pl.DataFrame, network: Network
) -> View:
    """Open deals of the series in `shown`, the first to be confirmed first.

    Parameters
    ----------
    opportunities : table `opportunities`.
    dates : opportunity_id, p10, p50, p90 as `forecast.deals.confirm_dates` returns them; None where too few
        deals were won to learn from.
    """
    rows = opportunities.filter(pl.col("status") == "open").join(shown.select(SERIES), on=SERIES, how="semi")
    known = (
        rows.with_columns(pl.lit(None, pl.Date).alias(name) for name in ("p10", "p50", "p90"))
        if dates is None
        else rows.join(dates, on="opportunity_id", how="left")
    )
    named = known.with_columns(named_series(known, network)).sort(
        "p50", "expected_date", "opportunity_id", nulls_last=True
    )
    learned = {} if dates is None else _LEARNED
    return View(
        named,
        {"opportunity_id": Column("Deal"), "stage": Column("Stage")}
        | ({} if shown.height == 1 else {"product": Column("Product"), "market": Column("Market")})
        | {"quantity": Column("Units", "rate"), "expected_date": Column("Delivery expected", "date")}
        | learned,
    )


_LEARNED = {
    "p10": Column("Earliest (P10)", "date", "One deal in ten is confirmed earlier."),
    "p50": Column(
        "Confirmed by (P50)",
        "date",
        "If it is confirmed at all, as likely earlier as later; learned from won deals, and from how long "
        "this one has waited. Empty: it has waited longer than any deal that was ever won.",
    ),
    "p90": Column("Latest (P90)", "date", "One deal in ten is confirmed later."),
}


def learned_from(deals: int, wins: int | None) -> str:
    """How many deals are open and what their dates rest on; why there are none where too few were won."""
    said = f"{count(deals, 'deal')} open here."
    if wins is None:
        return (
            f"{said} When they will be confirmed is not known: too few were won, with their order, to tell."
        )
    return f"{said} When they will be confirmed is learned from {count(wins, 'won deal')}."
