"""Real demand: orange juice with prices and deals, a web shop's thousand products, M3 monthly."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand
from planning.forecast.models import Recipe, point_forecast
from planning.forecast.series import classify

RETAIL_PRODUCTS = 150


def judged(forecast: Forecast, actual: pl.DataFrame) -> pl.DataFrame:
    return forecast.quantiles.join(actual, on=["product", "market", "week"])


def wape(rows: pl.DataFrame) -> float:
    return float((rows["quantity"] - rows["actual"]).abs().sum() / rows["actual"].sum())


def coverage(rows: pl.DataFrame) -> float:
    inside = (rows["actual"] >= rows["p10"] - 1e-9) & (rows["actual"] <= rows["p90"] + 1e-9)
    return inside.sum() / rows.height


def juice(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Demand a store and campaigns.csv rows: price every week, deals and features when they ran."""
    rows = pl.read_csv(folder / "oj_chain_brand_weekly.csv").with_columns(
        date=pl.lit(date(1990, 1, 1)) + pl.duration(days=7 * pl.col("week")),
        product=pl.col("brand").cast(pl.String),
    )
    demand = rows.select(
        "date", "product", market=pl.lit("chain"), quantity=pl.col("units") / pl.col("n_stores")
    )
    none = pl.lit(None, pl.Float64)
    shapes = {
        "price": ("price", "comp_price", none),
        "deal": (none, none, pl.col("deal")),
        "feature": (none, none, pl.col("feat")),
    }
    channels = [
        rows.select(
            "product",
            campaign=pl.col("week").cast(pl.String),
            channel=pl.lit(channel),
            start_date="date",
            end_date=pl.col("date") + timedelta(days=6),
            price=price,
            competitor_price=rival,
            promotion=promotion,
        )
        for channel, (price, rival, promotion) in shapes.items()
    ]
    return demand, pl.concat(channels)


def test_known_prices_and_deals_cut_the_orange_juice_error(shared_data: Path) -> None:
    demand, campaigns = juice(shared_data)
    series = demand.select("product", "market").unique()
    products = series.select("product", family=pl.lit("juice"))
    actual = demand.rename({"date": "week", "quantity": "actual"})
    plain, told = [], []
    for back in (8, 24):
        start = demand["date"].max() - (back - 1) * WEEK
        past = demand.filter(pl.col("date") < start)
        plain.append(judged(forecast_demand(past, series, start, 8, backtest=False), actual))
        known = forecast_demand(past, series, start, 8, campaigns=campaigns, products=products)
        told.append(judged(known, actual))
    without, with_signals = wape(pl.concat(plain)), wape(pl.concat(told))
    assert with_signals < 0.7 * without
    assert 0.72 <= coverage(pl.concat(told)) <= 0.88


def test_eight_in_ten_weeks_of_a_web_shop_lie_inside_the_interval(shared_data: Path) -> None:
    rows = pl.read_csv(
        shared_data / "online_retail_weekly_1000sku.csv",
        try_parse_dates=True,
        schema_overrides={"unique_id": pl.String},
    )
    some = rows["unique_id"].unique().sort().gather_every(1000 // RETAIL_PRODUCTS)
    demand = rows.filter(pl.col("unique_id").is_in(some.to_list())).select(
        date="ds", product="unique_id", market=pl.lit("shop"), quantity=pl.col("y").cast(pl.Float64)
    )
    start = demand["date"].max() - 7 * WEEK
    forecast = forecast_demand(demand.filter(pl.col("date") < start), demand, start, 8)
    weeks = forecast.quantiles.join(
        demand.rename({"date": "week", "quantity": "actual"}), on=["product", "market", "week"], how="left"
    ).with_columns(pl.col("actual").fill_null(0.0))
    assert 0.75 <= coverage(weeks) <= 0.87


def test_eight_in_ten_months_of_m3_lie_inside_the_interval_and_naive_is_beaten(shared_data: Path) -> None:
    start = date(2020, 1, 6)
    rows = pl.read_csv(shared_data / "m3_monthly.csv")
    some = rows["unique_id"].unique().sort().gather_every(60)
    months = rows.filter(pl.col("unique_id").is_in(some.to_list())).with_columns(
        step=pl.col("t") - pl.col("t").filter(pl.col("is_test") == 1).min().over("unique_id")
    )
    demand = months.select(
        "is_test",
        product="unique_id",
        market=pl.lit("m3"),
        date=pl.lit(start) + pl.duration(days=7 * pl.col("step")),
        quantity="y",
    )
    forecast = forecast_demand(demand.filter(pl.col("is_test") == 0), demand, start, 18, season_length=12)
    actual = demand.filter(pl.col("is_test") == 1).rename({"date": "week", "quantity": "actual"})
    assert 0.72 <= coverage(judged(forecast, actual)) <= 0.88
    assert forecast.methods["fallback"].is_null().all()
    assert forecast.methods["better_than_naive"].sum() > 0.6 * forecast.methods.height


def test_car_parts_are_not_overforecast_though_their_demand_falls(shared_data: Path) -> None:
    rows = pl.read_csv(shared_data / "carparts_monthly.csv").sort("part", "month_no")
    whole = (
        rows.group_by("part", maintain_order=True)
        .agg("demand")
        .filter(~pl.col("demand").list.eval(pl.element().is_null()).list.any())
    )
    forecast_units = units = 0.0
    errors = []
    for demand in whole["demand"].to_list()[::5]:
        months = np.array(demand, dtype=np.float64)
        known, came = months[:45], months[45:].sum()
        if (known > 0).sum() < 10 or not known[:15].any() or not known[-15:].any():
            continue
        known = known[np.flatnonzero(known)[0] :]
        found = point_forecast(known, classify(known), 6, Recipe(12, lead_weeks=6)).mean.sum()
        errors.append((found - came) / 6 / months[:45].mean())
        forecast_units, units = forecast_units + found, units + came
    assert np.sqrt(np.mean(np.square(errors))) < 0.68
    assert abs(forecast_units / units - 1) < 0.3
