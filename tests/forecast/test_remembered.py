"""What has not changed is not forecast again, and wherever a forecast is made it is the same."""

from collections.abc import Iterator, Sequence

import polars as pl
import pytest

from planning.forecast import Forecast, Remembered, forecast_demand
from planning.forecast.engine import Part, in_turn
from planning.forecast.outcome import Outcome
from tests.forecast.demand import START, history_of, in_north, noisy, now_and_then

DEMAND = {"steady": noisy(60, 45), "rare": now_and_then(9, 45, seed=4), "new": noisy(7, 4), "none": []}


class Counting:
    """An engine that knows which series it was asked to do."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, parts: Sequence[Part]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        self.done += [series.product for part in parts for series in part.series]
        return in_turn(parts)


def forecast(history: pl.DataFrame, engine: Counting, remembered: Remembered, horizon: int = 6) -> Forecast:
    return forecast_demand(history, in_north(*DEMAND), START, horizon, engine=engine, remembered=remembered)


@pytest.fixture(scope="module")
def first() -> Forecast:
    return forecast(history_of(**DEMAND), Counting(), Remembered("code"))


def same(one: Forecast, other: Forecast) -> bool:
    return (
        one.quantiles.equals(other.quantiles)
        and one.methods.equals(other.methods)
        and one.outcomes.equals(other.outcomes)
        and one.dependence == other.dependence
    )


def test_unchanged_data_are_not_forecast_again_and_give_the_same(first: Forecast) -> None:
    again = Counting()
    assert same(forecast(history_of(**DEMAND), again, Remembered("code", first.outcomes)), first)
    assert again.done == []


def test_a_changed_series_is_forecast_anew_as_if_nothing_were_remembered(first: Forecast) -> None:
    changed = history_of(**DEMAND | {"steady": [*DEMAND["steady"][:-1], 500.0]})
    again, fresh = Counting(), Counting()
    found = forecast(changed, again, Remembered("code", first.outcomes))
    assert same(found, forecast(changed, fresh, Remembered("code")))
    assert "steady" in again.done
    assert not found.quantiles.equals(first.quantiles)


def test_other_code_or_another_horizon_remembers_nothing(first: Forecast) -> None:
    for remembered, horizon in (
        (Remembered("newer code", first.outcomes), 6),
        (Remembered("code", first.outcomes), 9),
    ):
        again = Counting()
        forecast(history_of(**DEMAND), again, remembered, horizon)
        assert sorted(again.done) == sorted(DEMAND)


def test_a_dask_cluster_finds_what_one_process_finds(first: Forecast) -> None:
    frames = pytest.importorskip("dask.dataframe")
    cluster = pytest.importorskip("dask.distributed")
    with (
        cluster.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as local,
        cluster.Client(local),
    ):
        history = frames.from_pandas(history_of(**DEMAND).to_pandas(), npartitions=2)
        there = forecast_demand(history, in_north(*DEMAND), START, 6, remembered=Remembered("code"))
    assert same(there, first)
