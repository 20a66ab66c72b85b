"""Network folders around real demand: orange juice with prices and promotions, and a web shop's 1,000 SKUs.

Demand and campaigns are the data's own; factories, robots and offers are made to fit them.
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.shared import write_network

AS_OF = date(2026, 11, 30)
HOLD_OUT_WEEKS = 4
_OPEN_SHARES = (0.6, 0.45, 0.3, 0.15)


def orange_juice(source: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """History (date, product, market, quantity) and campaigns of 11 brands over 121 weeks."""
    rows = pl.read_csv(source, schema_overrides={"brand": pl.String}).sort("brand", "week")
    last = int(rows.select(pl.col("week").max()).item())
    rows = rows.with_columns(date=pl.lit(AS_OF) - pl.duration(weeks=last + 1 - pl.col("week")))
    history = rows.select("date", product="brand", market=pl.lit("US"), quantity=pl.col("units").round())
    usual = rows.group_by("brand").agg(usual=pl.col("price").quantile(0.75))
    week = {"start_date": pl.col("date"), "end_date": pl.col("date") + pl.duration(days=6)}
    base = rows.join(usual, on="brand")
    price = base.filter(pl.col("price") < 0.97 * pl.col("usual")).select(
        campaign=pl.concat_str(pl.lit("price-"), "brand", pl.lit("-"), "week"),
        channel=pl.lit("price"),
        product="brand",
        price="price",
        competitor_price="comp_price",
        promotion=pl.lit(None, pl.Float64),
        **week,
    )
    shown = [
        base.filter(pl.col(column) > 0).select(
            campaign=pl.concat_str(pl.lit(f"{column}-"), "brand", pl.lit("-"), "week"),
            channel=pl.lit(channel),
            product="brand",
            price=pl.lit(None, pl.Float64),
            competitor_price=pl.lit(None, pl.Float64),
            promotion=pl.col(column).clip(0, 1),
            **week,
        )
        for column, channel in (("deal", "deal"), ("feat", "feature"))
    ]
    return history, pl.concat([price, *shown])


def web_shop(source: Path) -> pl.DataFrame:
    """History of 1,000 SKUs over 53 weeks; a missing week is zero demand."""
    rows = pl.read_csv(source, schema_overrides={"unique_id": pl.String}, try_parse_dates=True)
    last = rows["ds"].max()
    shift = AS_OF - timedelta(weeks=1) - last  # type: ignore[operator]
    return rows.select(
        date=pl.col("ds") + pl.lit(shift),
        product="unique_id",
        market=pl.lit("UK"),
        quantity=pl.col("y").cast(pl.Float64),
    )


def build_network(
    folder: Path, history: pl.DataFrame, campaigns: pl.DataFrame | None, horizon_weeks: int
) -> Path:
    """A network that can make this demand: two factories, three robot models, flexible and long offers."""
    products = history.group_by("product").agg(mean=pl.col("quantity").mean()).sort("product")
    models = ("ADD", "MILL", "PACK")
    routed = products.with_row_index("n").with_columns(
        robot_model=pl.col("n")
        .cast(pl.Int64)
        .replace_strict(dict(enumerate(_cycle(models, products.height))))
    )
    # hours per unit such that each model's mean load is that of about eight robots at 60 productive hours
    load = pl.col("mean").sum().over("robot_model")
    routings = routed.select("product", "robot_model", hours_per_unit=8 * 60 / load)
    tables = {
        "history": history,
        "orders": _open_orders(history),
        "factories": pl.DataFrame({"factory": ["EAST", "WEST"], "attended_hours_per_week": [80.0, 80.0]}),
        "products": products.select(
            "product",
            price=pl.lit(10.0),
            holding_cost_per_week=pl.lit(0.04),
            late_cost_per_week=pl.lit(0.2),
            lost_cost=pl.lit(12.0),
            waste_cost=pl.lit(4.0),
        ),
        "routings": routings,
        "owned": pl.DataFrame(
            [(f, r, 2, 120.0) for f in ("EAST", "WEST") for r in models],
            schema=["factory", "robot_model", "units", "weekly_cost"],
            orient="row",
        ),
        "offers": pl.DataFrame(
            [(f"{r}-{kind}", r, *terms) for r in models for kind, terms in _OFFERS.items()],
            schema=[
                "offer",
                "robot_model",
                "weekly_rate",
                "min_term_weeks",
                "notice_weeks",
                "lead_time_weeks",
                "mobilisation_fee",
            ],
            orient="row",
        ),
    }
    if campaigns is not None:
        tables["campaigns"] = campaigns
    settings = {
        "as_of": AS_OF,
        "start_week": AS_OF,
        "horizon_weeks": horizon_weeks,
        "due_cutoff_weekday": 1,
        "gap": 0.02,
        "time_limit_seconds": 120,
    }
    return write_network(folder, tables, settings)


_OFFERS = {"FLEX": (900.0, 4, 2, 2, 300.0), "LONG": (560.0, 26, 8, 6, 2_000.0)}


def _cycle(words: tuple[str, ...], count: int) -> list[str]:
    return [words[n % len(words)] for n in range(count)]


def _open_orders(history: pl.DataFrame) -> pl.DataFrame:
    """Orders in hand for the next weeks: a falling share of the last eight weeks' mean."""
    recent = history.filter(pl.col("date") >= AS_OF - timedelta(weeks=8))
    mean = recent.group_by("product", "market").agg(mean=pl.col("quantity").sum() / 8).sort("product")
    weeks = [
        mean.select(
            order_id=pl.concat_str(pl.lit(f"W{t}-"), "product"),
            due_date=pl.lit(AS_OF + timedelta(weeks=t)),
            product="product",
            market="market",
            quantity=(pl.col("mean") * share).floor(),
            status=pl.lit("confirmed"),
        )
        for t, share in enumerate(_OPEN_SHARES)
    ]
    return pl.concat(weeks).filter(pl.col("quantity") > 0)
