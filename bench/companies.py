"""Made companies of any size as network folders, the same for the same seed.

Each product is made at two factories and asked for in three or four markets; each robot model may be
rented for 4, 13, 26 and 52 weeks. Owned robots, running contracts and all that may be rented together are
80 to 90 % loaded by mean demand, model by model. A *plain* company has no set-ups, lots, batches or whole
units, and needs one solve; a *full* one uses every rule and every table (`company_details`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.company_details import details
from bench.shared import write_network

#: A Monday, and the first week of every plan.
START = date(2026, 11, 30)
#: Offers by minimum term in weeks: rate against that of 13 weeks, share of what may be rented.
TERMS = {4: (1.3, 0.3), 13: (1.0, 0.3), 26: (0.85, 0.25), 52: (0.72, 0.15)}
MODELS = ("ADD", "MILL", "ASM", "LASER", "MOULD")

_ATTENDED, _OVERTIME, _AVAILABILITY = 80.0, 8.0, 0.85
_ROBOTS_PER_PLACE = 6.0
_RATE = 700.0
#: Share of each coming week's demand that is ordered already.
_ORDERED = (0.9, 0.75, 0.6, 0.5, 0.35, 0.25, 0.15, 0.1)


@dataclass(frozen=True)
class Size:
    """How large a company is."""

    products: int
    factories: int
    weeks: int
    models: int

    @property
    def markets(self) -> int:
        """A few more markets than factories."""
        return self.factories + 4


SIZES = {
    "S": Size(20, 3, 13, 3),
    "M": Size(200, 6, 26, 4),
    "ML": Size(500, 8, 26, 4),
    "L": Size(1_000, 12, 26, 5),
}


def write_company(folder: Path, size: Size, *, full: bool = False, seed: int = 1) -> Path:
    """Write the company of a size and a seed as a network folder; returns the folder."""
    dice = np.random.default_rng(seed)
    places, goods = _places(size, dice), _products(size, dice)
    weekly = _demand(size, goods, dice)
    routings = _routings(size, goods, weekly, dice)
    tables = places | {
        "robots": _robots(size),
        "products": goods.drop("model"),
        "routings": routings,
        "orders": _orders(weekly, dice),
        "forecast": _forecast(weekly),
        **_fleet(size, dice),
        "stock": _stock(routings, weekly, dice),
    }
    settings: dict[str, object] = {
        "as_of": START - timedelta(days=4),
        "start_week": START,
        "horizon_weeks": size.weeks,
    }
    if not full:
        plain = {"frozen_weeks": 0, "firm_weeks": 0, "setup_weeks": 0, "flex_term_weeks": 104}
        return write_network(folder, tables, settings | plain)
    more, published, rules = details(tables, START, dice)
    production = {"production": published}
    return write_network(folder, tables | more, settings | rules, published=production)


def _named(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:04d}" for number in range(count)]


def _places(size: Size, dice: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Factories and markets on a map a day's drive wide; lanes cost and last with distance."""
    factories, markets = _named("F", size.factories), _named("M", size.markets)
    here, there = dice.uniform(0, 1000, (size.factories, 2)), dice.uniform(0, 1000, (size.markets, 2))
    far = np.sqrt(((here[:, None, :] - there[None, :, :]) ** 2).sum(axis=2))
    floor = np.ceil(1.3 * _ROBOTS_PER_PLACE * size.models)
    return {
        "factories": pl.DataFrame({"factory": factories}).with_columns(
            attended_hours_per_week=_ATTENDED,
            overtime_hours_per_week=_OVERTIME,
            overtime_cost_per_hour=14.0,
            floor_slots=floor,
        ),
        "markets": pl.DataFrame({"market": markets}),
        "lanes": pl.DataFrame(
            {
                "factory": np.repeat(factories, size.markets),
                "market": np.tile(markets, size.factories),
                "lead_time_weeks": (far > 450).astype(int).ravel(),
                "cost_per_unit": np.round(0.3 + far / 400, 2).ravel(),
            }
        ),
    }


def _robots(size: Size) -> pl.DataFrame:
    models = MODELS[: size.models]
    return pl.DataFrame({"robot_model": models}).with_columns(availability=_AVAILABILITY)


def _products(size: Size, dice: np.random.Generator) -> pl.DataFrame:
    price = np.round(dice.lognormal(4.0, 0.5, size.products), 2)
    models = [MODELS[number % size.models] for number in range(size.products)]
    return pl.DataFrame({"product": _named("P", size.products), "price": price, "model": models})


def _demand(size: Size, goods: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """product, market, priority, t, quantity: mean demand with a season and a trend, by week."""
    pairs = [
        (product, int(market))
        for product in goods["product"]
        for market in dice.choice(size.markets, int(dice.integers(3, 5)), replace=False)
    ]
    mean = dice.lognormal(3.0, 0.8, len(pairs))
    swing, phase = dice.uniform(0.05, 0.3, len(pairs)), dice.uniform(0, 2 * np.pi, len(pairs))
    t = np.arange(size.weeks)
    season = 1 + swing[:, None] * np.sin(2 * np.pi * t[None, :] / 26 + phase[:, None])
    noise = dice.lognormal(0, 0.15, season.shape)
    market = np.array(_named("M", size.markets))[[number for _, number in pairs]]
    return pl.DataFrame(
        {
            "product": np.repeat([product for product, _ in pairs], size.weeks),
            "market": np.repeat(market, size.weeks),
            "priority": np.repeat(dice.integers(1, 4, len(pairs)), size.weeks),
            "t": np.tile(t, len(pairs)),
            "quantity": np.round(mean[:, None] * season * noise, 1).ravel(),
        }
    )


def _routings(
    size: Size, goods: pl.DataFrame, weekly: pl.DataFrame, dice: np.random.Generator
) -> pl.DataFrame:
    """Two factories for each product; hours such that its robot model is 80 to 90 % loaded."""
    factories = np.array(_named("F", size.factories))
    mean = weekly.group_by("product").agg(mean=pl.col("quantity").sum() / size.weeks)
    weights = dice.lognormal(0, 0.4, goods.height)
    load = dict(zip(MODELS, dice.uniform(0.8, 0.9, size.models), strict=False))
    hours = _ROBOTS_PER_PLACE * size.factories * _AVAILABILITY * _ATTENDED
    paced = (
        goods.with_columns(weight=pl.Series(weights))
        .join(mean, on="product", how="left", maintain_order="left")
        .with_columns(share=pl.col("weight") / (pl.col("weight") * pl.col("mean")).sum().over("model"))
        .with_columns(
            hours=pl.col("share") * hours * pl.col("model").replace_strict(load, return_dtype=pl.Float64)
        )
    )
    two = np.array([dice.choice(size.factories, 2, replace=False) for _ in range(goods.height)])
    pace = dice.uniform(0.95, 1.05, two.shape)
    cost = goods["price"].to_numpy()[:, None] * dice.uniform(0.25, 0.35, two.shape)
    return pl.DataFrame(
        {
            "routing": _ids(goods["product"], 2),
            "product": np.repeat(goods["product"].to_list(), 2),
            "factory": factories[two].ravel(),
            "robot_model": np.repeat(goods["model"].to_list(), 2),
            "hours_per_unit": np.round(paced["hours"].to_numpy()[:, None] * pace, 5).ravel(),
            "unit_cost": np.round(cost, 2).ravel(),
        }
    )


def _ids(products: pl.Series, each: int) -> list[str]:
    return [f"{product}-{number}" for product in products for number in range(each)]


def _fleet(size: Size, dice: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Of the robots needed most are owned, some run on contract, the others may be rented."""
    owned, contracts, offers = [], [], []
    for model in MODELS[: size.models]:
        rate = round(_RATE * float(dice.uniform(0.8, 1.3)), 2)
        needed = round(_ROBOTS_PER_PLACE * size.factories)
        have = [int(units) for units in dice.integers(3, 5, size.factories)]
        running = [f for f in range(size.factories) if f % 2 == 0]
        owned += [(f"F{f:04d}", model, units, 150.0) for f, units in enumerate(have)]
        contracts += [(f"C-{model}-{f}", f"{model}-26", f"F{f:04d}", 2) for f in running]
        rentable = max(needed - sum(have) - 2 * len(running), len(TERMS))
        for term, (factor, share) in TERMS.items():
            units = max(1, round(rentable * share)) + (2 * len(running) if term == 26 else 0)
            fee = 200.0 + 20.0 * term
            offers.append(
                (
                    f"{model}-{term}",
                    model,
                    round(rate * factor, 2),
                    term,
                    term // 6,
                    1 + term // 13,
                    fee,
                    units,
                )
            )
    dates = {"on_rent_date": START - timedelta(weeks=18), "min_end_date": START + timedelta(weeks=8)}
    columns = (
        "offer robot_model weekly_rate min_term_weeks notice_weeks lead_time_weeks mobilisation_fee max_units"
    )
    return {
        "owned": _rows(owned, "factory robot_model units weekly_cost"),
        "contracts": _rows(contracts, "contract offer factory units").with_columns(
            **{k: pl.lit(v) for k, v in dates.items()}
        ),
        "offers": _rows(offers, columns),
    }


def _rows(rows: Sequence[tuple[object, ...]], columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns.split(), orient="row")


def _orders(weekly: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """A falling share of the coming weeks' demand in whole units; a pair's customers are of one class."""
    rows = weekly.filter(pl.col("t") < len(_ORDERED))
    share = np.array(_ORDERED)[rows["t"].to_numpy()] * dice.uniform(0.6, 1.2, rows.height)
    rows = rows.with_columns(quantity=(pl.col("quantity") * pl.Series(share)).round())
    return rows.filter(pl.col("quantity") > 0).select(
        order_id=pl.format("O-{}-{}-{}", "product", "market", "t"),
        due_date=_day("t", 4),
        product="product",
        market="market",
        quantity="quantity",
        priority="priority",
    )


def _forecast(weekly: pl.DataFrame) -> pl.DataFrame:
    mean = pl.col("quantity")
    return weekly.select(
        "product",
        "market",
        "quantity",
        week=_day("t", 0),
        p10=(mean * 0.7).round(1),
        p50=(mean * 0.98).round(1),
        p90=(mean * 1.35).round(1),
    )


def _stock(routings: pl.DataFrame, weekly: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """Some of each product at its first factory, about a week's demand at most."""
    mean = weekly.group_by("product").agg(mean=pl.col("quantity").sum() / (pl.col("t").max() + 1))
    first = routings.unique("product", keep="first", maintain_order=True)
    rows = first.join(mean, on="product", maintain_order="left")
    share: NDArray[np.float64] = dice.uniform(0, 1, rows.height)
    return rows.select("factory", "product", quantity=(pl.col("mean") * pl.Series(share)).floor())


def _day(t: str, weekday: int) -> pl.Expr:
    return pl.lit(START) + pl.duration(weeks=pl.col(t), days=weekday)
