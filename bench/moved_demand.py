"""Public demand that prices, promotions, holidays and media move, as history, campaigns and activity."""

from datetime import date
from pathlib import Path

import polars as pl

#: A Monday to put the first week on, where the data number their weeks.
FIRST_MONDAY = date(1990, 1, 1)
SUNDAY = pl.duration(days=6)


def orange_juice(source: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units a store of eleven brands, and campaigns: prices every week, deals and features when they ran."""
    rows = pl.read_csv(source, schema_overrides={"brand": pl.String}).with_columns(
        date=pl.lit(FIRST_MONDAY) + pl.duration(weeks=pl.col("week"))
    )
    demand = rows.select(
        "date", product="brand", market=pl.lit("chain"), quantity=pl.col("units") / pl.col("n_stores")
    )
    none = pl.lit(None, pl.Float64)
    channels = {
        "price": (pl.col("price"), pl.col("comp_price"), none),
        "deal": (none, none, pl.col("deal")),
        "feature": (none, none, pl.col("feat")),
    }
    campaigns = [
        rows.select(
            campaign=pl.format("{}-{}", pl.lit(channel), "week"),
            channel=pl.lit(channel),
            product="brand",
            start_date="date",
            end_date=pl.col("date") + SUNDAY,
            price=price,
            competitor_price=rival,
            promotion=promotion,
        )
        for channel, (price, rival, promotion) in channels.items()
    ]
    return demand, pl.concat(campaigns)


def retailer(source: Path) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A retailer's sales, its markdowns and holidays as campaigns, its media impressions as activity.

    Its weeks begin on Sundays; each is put on the Monday after.
    """
    rows = pl.read_csv(source, try_parse_dates=True).with_columns(
        date=pl.col("wk_strt_dt") + pl.duration(days=1)
    )
    whose = {"product": pl.lit("all"), "market": pl.lit("US")}
    demand = rows.select("date", **whose, quantity=pl.col("sales").cast(pl.Float64))
    known_ahead = [name for name in rows.columns if name.startswith(("hldy_", "mrkdn_"))]
    campaigns = [
        rows.filter(pl.col(name) != 0).select(
            campaign=pl.format("{}-{}", pl.lit(name), "date"),
            channel=pl.lit(name),
            product=pl.lit("all"),
            start_date="date",
            end_date=pl.col("date") + SUNDAY,
            promotion=pl.col(name).cast(pl.Float64),
        )
        for name in known_ahead
    ]
    media = [name for name in rows.columns if name.startswith("mdip_")]
    activity = [
        rows.select(
            "date", channel=pl.lit(name), product=pl.lit("all"), impressions=pl.col(name).cast(pl.Float64)
        )
        for name in media
    ]
    return demand, pl.concat(campaigns), pl.concat(activity)
