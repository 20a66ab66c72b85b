"""Small histories to forecast, told in a line."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand

START = date(2026, 11, 30)
HISTORY = {"date": pl.Date, "product": pl.String, "market": pl.String, "quantity": pl.Float64}


def history_of(**products: Sequence[float]) -> pl.DataFrame:
    """One row a week for each product in the market north, the last one in the week before START."""
    rows = [
        (START - (len(values) - t) * WEEK, product, "north", float(value))
        for product, values in products.items()
        for t, value in enumerate(values)
    ]
    return pl.DataFrame(rows, HISTORY, orient="row")


def in_north(*products: str) -> pl.DataFrame:
    return pl.DataFrame({"product": list(products), "market": ["north"] * len(products)})


def forecast_of(horizon: int = 8, **products: Sequence[float]) -> Forecast:
    return forecast_demand(history_of(**products), in_north(*products), START, horizon)


def method_of(forecast: Forecast, product: str) -> dict[str, object]:
    return forecast.methods.row(by_predicate=pl.col("product") == product, named=True)


def quantity_of(forecast: Forecast, product: str, column: str = "quantity") -> list[float]:
    return forecast.quantiles.filter(pl.col("product") == product)[column].to_list()


def noisy(level: float, weeks: int, seed: int = 1, noise: float = 0.2) -> list[float]:
    """Demand around a level, in whole units."""
    rng = np.random.default_rng(seed)
    return [float(q) for q in np.maximum(np.round(level * (1 + noise * rng.standard_normal(weeks))), 0)]


def now_and_then(size: float, weeks: int, seed: int = 1, share: float = 0.25) -> list[float]:
    """Demand in one week of four or so, starting with one."""
    rng = np.random.default_rng(seed)
    hit = rng.random(weeks) < share
    hit[0] = True
    return [float(q) for q in np.where(hit, np.maximum(np.round(size * rng.uniform(0.5, 1.5, weeks)), 1), 0)]
