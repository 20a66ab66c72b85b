"""Sample paths: any total is the sum of its parts, path by path."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast import Dependence, total_bands
from planning.forecast.distribution import Quantiles
from planning.forecast.paths import demand_at, together
from tests.forecast.demand import START

NORMAL = {"p10": 100 - 12.816, "p50": 100.0, "p90": 100 + 12.816}


def cells(*pairs: tuple[str, str], weeks: int = 4, **quantiles: float) -> pl.DataFrame:
    """The same week again and again for every product and market: 100 units, give or take 10."""
    rows = [
        {"product": p, "market": m, "week": START + t * WEEK, "quantity": 100.0, **NORMAL, **quantiles}
        for p, m in pairs
        for t in range(weeks)
    ]
    return pl.DataFrame(rows)


def width(frame: pl.DataFrame) -> float:
    return float((frame["p90"] - frame["p10"]).item())


def lead_time(dependence: Dependence, weeks: int = 4, **quantiles: float) -> pl.DataFrame:
    return total_bands(cells(("a", "n"), weeks=weeks, **quantiles), ["product"], dependence, START)


def test_a_lead_time_of_independent_weeks_is_twice_as_unsure_as_a_week_and_of_alike_weeks_four_times() -> (
    None
):
    week = NORMAL["p90"] - NORMAL["p10"]
    assert width(lead_time(Dependence(regular=0.0))) == pytest.approx(2 * week, rel=0.1)
    assert width(lead_time(Dependence(regular=1.0))) == pytest.approx(4 * week, rel=0.1)


def test_a_single_week_keeps_its_own_quantiles() -> None:
    found = total_bands(cells(("a", "n")), ["product", "week"], Dependence(), START)
    assert found.select("p10", "p50", "p90").unique().rows() == [tuple(NORMAL.values())]


def test_families_and_markets_add_up_to_the_same_company() -> None:
    """Means add up; and one family that is everything is as sure as the company, to the last digit."""
    pairs = [(p, m) for p in "abcd" for m in ("north", "south")]
    rows = cells(*pairs).with_columns(family=pl.lit("all"), company=pl.lit("all"))
    bands = {
        by: total_bands(
            rows, [by, "week"], Dependence(family=0.2), START, families=dict.fromkeys("abcd", "f")
        )
        for by in ("product", "family", "market", "company")
    }
    for frame in bands.values():
        assert frame.group_by("week").agg(pl.col("quantity").sum())["quantity"].unique().to_list() == [800.0]
    columns = ["week", "quantity", "p10", "p50", "p90"]
    assert bands["family"].select(columns).equals(bands["company"].select(columns))


def test_the_paths_of_a_series_do_not_depend_on_what_else_is_asked() -> None:
    alone = total_bands(cells(("a", "n")), ["product"], Dependence(), START)
    among = total_bands(cells(("z", "s"), ("a", "n")), ["product"], Dependence(), START)
    longer = cells(("a", "n"), weeks=9).filter(pl.col("week") < START + 4 * WEEK)
    assert among.filter(pl.col("product") == "a").equals(alone)
    assert total_bands(longer, ["product"], Dependence(), START).equals(alone)


def test_series_that_go_together_make_a_less_sure_company_than_series_that_do_not() -> None:
    rows = cells(*((f"p{n}", "n") for n in range(25)), weeks=1).with_columns(company=pl.lit("all"))
    apart, alike = (
        width(total_bands(rows, ["company"], Dependence(company=share), START)) for share in (0.0, 0.5)
    )
    week = NORMAL["p90"] - NORMAL["p10"]
    assert apart == pytest.approx(5 * week, rel=0.1)
    assert alike == pytest.approx(np.sqrt(25 + 0.5 * 25 * 24) * week, rel=0.1)


def test_the_median_week_is_p50_and_rare_large_demand_keeps_its_expectation() -> None:
    scores = np.random.default_rng(7).standard_normal((1, 200_000))
    rare = Quantiles(np.zeros(1), np.zeros(1), np.zeros(1))
    demand = demand_at(np.array([3.0]), rare, scores)
    assert np.median(demand) == 0.0
    assert demand.mean() == pytest.approx(3.0, rel=0.05)
    usual = demand_at(np.array([100.0]), Quantiles(*(np.array([q]) for q in NORMAL.values())), scores)
    assert usual.mean() == pytest.approx(100.0, rel=0.01)
    assert np.quantile(usual, [0.1, 0.5, 0.9]) == pytest.approx(list(NORMAL.values()), rel=0.01)


def test_scores_of_weeks_correlate_as_told() -> None:
    scores = together(np.random.default_rng(7).standard_normal((3, 100_000)), 0.6)
    assert np.corrcoef(scores)[0, 1] == pytest.approx(0.6, abs=0.01)
    assert scores.std(axis=1) == pytest.approx([1.0, 1.0], abs=0.01)


def test_rows_without_quantiles_count_as_certain() -> None:
    """An override where nothing was forecast has none."""
    typed = cells(("a", "n"), weeks=2).with_columns(pl.lit(None, pl.Float64).alias(n) for n in NORMAL)
    found = total_bands(typed, ["product"], Dependence(), START)
    assert found.select("quantity", "p10", "p50", "p90").row(0) == (200.0,) * 4


def test_nothing_to_total_gives_no_totals() -> None:
    none = cells(("a", "n")).clear()
    found = total_bands(none, ["market"], Dependence(), START + timedelta(0))
    assert found.columns == ["market", "quantity", "p10", "p50", "p90"]
    assert found.is_empty()
