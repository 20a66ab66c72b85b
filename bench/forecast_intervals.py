"""How often demand lies inside P10–P90, weeks and totals, on M3 monthly and the demo company."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from bench.shared import ROOT, shared_data
from planning.domain.calendar import WEEK, due_week_expr
from planning.forecast import Forecast, families_of, forecast_demand, total_bands
from planning.forecast.series import weekly_history
from planning.signals import read_folder, validate
from planning.workflows.cores import on_cores
from planning.workflows.forecasting import planning_lead_weeks

AS_OF = date(2026, 11, 24)
DEMO_ORIGINS = (8, 16, 24, 32, 40)
M3_STEPS, M3_SEASON = 18, 12
SERIES = ["product", "market"]


def main() -> None:
    """Print one table: data, what is summed, rows, share inside P10–P90, below P10 and above P90."""
    rows = list(_demo())
    data = shared_data()
    if data is None:
        print("forecast_intervals: shared data sets are not here; M3 not measured")
    else:
        rows += m3(data)
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(pl.DataFrame(rows))


def m3(data: Path, every: int = 1) -> list[dict[str, object]]:
    """Months and 18-month totals of every `every`-th of the 1,428 series; a month counts as a week."""
    start = date(2020, 1, 6)
    rows = pl.read_csv(data / "m3_monthly.csv")
    some = rows["unique_id"].unique().sort().gather_every(every)
    months = rows.filter(pl.col("unique_id").is_in(some.implode())).with_columns(
        step=pl.col("t") - pl.col("t").filter(pl.col("is_test") == 1).min().over("unique_id")
    )
    demand = months.select(
        "is_test",
        product="unique_id",
        market=pl.lit("m3"),
        date=pl.lit(start) + pl.duration(days=7 * pl.col("step")),
        quantity=pl.col("y").cast(pl.Float64),
    )
    forecast = forecast_demand(
        demand.filter(pl.col("is_test") == 0),
        demand,
        start,
        M3_STEPS,
        season_length=M3_SEASON,
        lead_weeks=M3_STEPS,
        engine=on_cores,
    )
    actual = demand.filter(pl.col("is_test") == 1).select(*SERIES, week="date", actual="quantity")
    return _judged("M3 monthly", forecast, actual, {}, {"18 months": M3_STEPS})


def _demo() -> Iterator[dict[str, object]]:
    """The demo company as of five past weeks: its next weeks, lead times, quarters, families and whole."""
    network = validate(read_folder(ROOT / "data" / "demo"), AS_OF)
    policy, families = network.policy, families_of(network["products"])
    lead = planning_lead_weeks(network)
    pairs = network["history"].select(SERIES).unique().sort(SERIES)
    whole = weekly_history(network["history"], pairs, policy.start_week, AS_OF, policy.due_cutoff_weekday)
    found: list[pl.DataFrame] = []
    for back in DEMO_ORIGINS:
        start = whole.last_week - (back - 1) * WEEK
        weeks = min(back, 13)
        past = network["history"].filter(due_week_expr("date", policy.due_cutoff_weekday) < start)
        known = past.select(SERIES).unique()
        forecast = forecast_demand(
            past,
            known,
            start,
            weeks,
            campaigns=network["campaigns"],
            products=network["products"],
            activity=network["activity"].filter(pl.col("date") < start),
            markets=network["markets"],
            due_cutoff_weekday=policy.due_cutoff_weekday,
            lead_weeks=lead,
            engine=on_cores,
        )
        actual = pl.concat(
            pl.DataFrame(
                {
                    "product": s.product,
                    "market": s.market,
                    "week": pl.date_range(s.first_week, whole.last_week, "1w", eager=True),
                    "actual": s.quantity,
                }
            )
            for s in whole.series
            if s.first_week is not None
        ).filter(pl.col("week").is_between(start, start + (weeks - 1) * WEEK))
        totals = {f"{lead} weeks": lead, **({"13 weeks": 13} if weeks == 13 else {})}
        found.append(pl.DataFrame(_judged("demo company", forecast, actual, families, totals)))
    pooled = pl.concat(found).group_by("data", "of", maintain_order=True)
    shares = pl.col("inside", "below", "above")
    yield from pooled.agg(
        pl.col("rows").sum(), (shares * pl.col("rows")).sum() / pl.col("rows").sum()
    ).iter_rows(named=True)


def _judged(
    data: str,
    forecast: Forecast,
    actual: pl.DataFrame,
    families: dict[str, str],
    totals: dict[str, int],
) -> list[dict[str, object]]:
    start = forecast.quantiles["week"][0]
    rows = forecast.quantiles.join(actual, on=[*SERIES, "week"], how="left").with_columns(
        pl.col("actual").fill_null(0.0),
        family=pl.col("product").replace_strict(families, default=pl.col("product")),
        company=pl.lit("all"),
    )
    asked = {"week of a series": ([*SERIES, "week"], rows)}
    asked |= {
        f"{name} of a series": (SERIES, rows.filter(pl.col("week") < start + weeks * WEEK))
        for name, weeks in totals.items()
    }
    if families:
        asked["week of a family"] = (["family", "week"], rows)
        asked["week of a market"] = (["market", "week"], rows)
        asked["week of the company"] = (["company", "week"], rows)
    classes = {(p, m): c for p, m, c in forecast.methods.select(*SERIES, "series_class").iter_rows()}
    out = []
    for name, (by, part) in asked.items():
        bands = total_bands(part, by, forecast.dependence, start, classes=classes, families=families)
        met = bands.join(part.group_by(by).agg(pl.col("actual").sum()), on=by)
        low = (met["actual"] < met["p10"] - 1e-9).mean()
        high = (met["actual"] > met["p90"] + 1e-9).mean()
        inside = 1.0 - float(str(low)) - float(str(high))
        out.append(
            {"data": data, "of": name, "rows": met.height, "inside": inside, "below": low, "above": high}
        )
    return out
