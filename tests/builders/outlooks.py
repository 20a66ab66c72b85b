"""A small company's forecast, with numbers that can be reckoned in one's head.

Two products in two markets over six weeks: P sells 10 a week in M and 2 in N, Q has three weeks of history
in M and only an order in N. One order, one deal, one override, one past and one planned campaign.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.network import Network
from planning.forecast import Forecast
from planning.forecast.forecast import QUANTILES_SCHEMA
from planning.present.forecast_tables import demand_by_week
from planning.store import StoredForecast
from planning.workflows.forecasting import made_of
from planning.workflows.outlook import Outlook, outlook_of
from tests.builders.networks import PRODUCT, ROUTING, deal, network, order, week
from tests.builders.networks import forecast as forecast_rows

WEEKS = 6
HASH = "b" * 64
MADE_AT = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
WEEKLY = {("P", "M"): 10.0, ("P", "N"): 2.0, ("Q", "M"): 5.0, ("Q", "N"): 0.0}


def a_demand_network(input_hash: str = HASH, **tables: Any) -> Network:
    """The company, its first week out of reach; `tables` replaces rows of single tables."""
    rows: dict[str, Any] = {
        "products": [
            PRODUCT | {"name": "Bracket", "family": "F"},
            PRODUCT | {"product": "Q", "name": "Valve", "price": 40, "lost_cost": 80},
        ],
        "routings": [ROUTING, ROUTING | {"routing": "Q", "product": "Q"}],
        "markets": [{"market": "M", "name": "Germany"}, {"market": "N", "name": "Spain"}],
        "history": [*_past("P", "M", 60, 10), *_past("P", "N", 60, 2), *_past("Q", "M", 3, 5)],
        "orders": [order("SO-1", 2, 15), order("SO-2", 1, 4, product="Q", market="N")],
        "opportunities": [deal("OP-1", 4, 8, probability=0.5)],
        "overrides": [
            {"product": "P", "market": "M", "week": week(5), "quantity": 20, "reason": "second line starts"}
        ],
        "campaigns": [
            _campaign("SPRING", "price", -30, -28, product="P"),
            _campaign("SPRING", "deal", -30, -28, product="P"),
            _campaign("WINTER", "event", 3, 4, family="F", market="M"),
            _campaign("ELSEWHERE", "event", 3, 4, product="Q"),
        ],
    }
    made = network({"horizon_weeks": WEEKS, "firm_weeks": 1}, **(rows | tables))
    return replace(made, input_hash=input_hash, file_hashes={"history.csv": input_hash})


def a_forecast(input_hash: str = HASH, number: int = 7) -> StoredForecast:
    """Takt's forecast of it: better than naive in M, no better in N, no record of Q."""
    rows = [
        {"product": p, "market": m, "week": week(t), "quantity": q, "p10": 0.8 * q, "p50": q, "p90": 1.3 * q}
        for (p, m), q in WEEKLY.items()
        for t in range(WEEKS)
    ]
    methods = [
        _method("P", "M", "smooth", 60, 10.0, wape=0.2, naive_wape=0.3, bias=-0.05, better_than_naive=True)
        | {"method": "median of AutoCES, AutoETS", "signals": "deal: WAPE 0.100 against 0.200 without"},
        _method("P", "N", "erratic", 60, 2.0, wape=0.5, naive_wape=0.4, bias=0.1, better_than_naive=False),
        _method("Q", "M", "new", 3, 5.0) | {"fallback": "3 weeks of history, fewer than 8"},
        _method("Q", "N", "no demand", 0, 0.0) | {"method": "zero", "fallback": "no history"},
    ]
    quantiles = pl.DataFrame(rows, schema=QUANTILES_SCHEMA)
    data = made_of(a_demand_network(input_hash))
    forecast = Forecast(quantiles, pl.DataFrame(methods, METHODS_SCHEMA), made_of=data)
    return StoredForecast(number, MADE_AT, input_hash, forecast)


def an_outlook(**tables: Any) -> Outlook:
    """The outlook of both."""
    outlook = outlook_of(a_demand_network(**tables), a_forecast())
    assert outlook is not None
    return outlook


def drawn_weeks(outlook: Outlook, shown: pl.DataFrame) -> pl.DataFrame:
    """What the chart shows of the series in `shown`."""
    return demand_by_week(outlook.network, outlook.netted, outlook.total.by_week(shown), shown)


def own_forecast() -> list[dict[str, Any]]:
    """Rows of a forecast.csv: 7 a week of P in M, without quantiles."""
    return forecast_rows([7.0] * WEEKS)


def _past(product: str, market: str, weeks: int, quantity: float) -> list[dict[str, Any]]:
    named = {"product": product, "market": market, "quantity": quantity}
    return [named | {"date": week(-t, weekday=3)} for t in range(1, weeks + 1)]


def _campaign(name: str, channel: str, first: int, last: int, **whose: str) -> dict[str, Any]:
    days = {"start_date": week(first), "end_date": week(last, weekday=7)}
    return {"campaign": name, "channel": channel} | days | whose


def _method(
    product: str, market: str, series_class: str, weeks: int, mean: float, **record: Any
) -> dict[str, Any]:
    known = dict.fromkeys(METHODS_SCHEMA)
    return (
        known
        | {"product": product, "market": market, "series_class": series_class, "method": "mean of the weeks"}
        | {"weeks_of_history": weeks, "mean_weekly": mean, "last_week": week(-1)}
        | {"first_week": week(-weeks) if weeks else None}
        | {"lead_weeks": 8, "origins": 3, "weeks_judged": 24}
        | record
    )
