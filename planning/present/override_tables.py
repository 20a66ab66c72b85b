"""Overrides as planners see them: weeks to say something else for, what that changes, whether it helped."""

import polars as pl

from planning.domain.network import Network
from planning.forecast import in_force
from planning.present.forecast_tables import SERIES, named_series
from planning.present.view import Column, View
from planning.present.words import count, share

HOW = (
    "Type what you say instead, week by week or over a range: units such as 120, or a change of the forecast "
    "such as +20 %. **end** lets an override go. What is said of several series or weeks together is shared "
    "out as the forecast is. For many at once bring overrides.csv in on the Signals page."
)
_WHOSE = {"product": Column("Product"), "market": Column("Market")}
SAID_HELP = "Units, such as 120; a change of the forecast, such as +20 %; or end. Empty: nothing is said."


def weeks_to_overrule(network: Network, forecast: pl.DataFrame, shown: pl.DataFrame) -> View:
    """The weeks of the horizon with what is forecast for the series in `shown` together, to be overruled.

    Parameters
    ----------
    forecast : product, market, week, quantity: the forecast without overrides.
    """
    policy, pairs = network.policy, shown.select(SERIES)
    weeks = pl.DataFrame({"week": policy.weeks}, schema={"week": pl.Date})
    modelled = (
        forecast.join(pairs, on=SERIES, how="semi").group_by("week").agg(model=pl.col("quantity").sum())
    )
    held = network["overrides"].filter(in_force(policy.as_of)).join(pairs, on=SERIES, how="semi")
    overridden = held.group_by("week").agg(before=pl.col("quantity").sum())
    frame = weeks.join(modelled, on="week", how="left").join(overridden, on="week", how="left").sort("week")
    return View(
        frame.with_columns(pl.col("model").fill_null(0.0), said=pl.lit("")),
        {
            "week": Column("Week", "week"),
            "model": Column("Forecast", "rate", "Units, without overrides."),
            "said": Column("Say instead", help=SAID_HELP),
            "before": Column("Override now", "rate", "Units, of the series that have one."),
        },
    )


def changes(rows: pl.DataFrame, network: Network) -> View:
    """What a draft would change, row by row; `rows` as a draft has them."""
    after = pl.when(~pl.col("ends")).then("quantity")
    return View(
        rows.with_columns(named_series(rows, network)).with_columns(
            after=after, change=after / pl.col("model") - 1
        ),
        {"week": Column("Week", "week")}
        | (_WHOSE if rows.select(SERIES).n_unique() > 1 else {})
        | {
            "model": Column("Forecast", "rate", "Units, without overrides."),
            "before": Column("Override now", "rate", "Units."),
            "after": Column("Override then", "rate", "Units; none where it ends."),
            "change": Column("Against forecast", "percent"),
        },
    )


def what_changes(rows: pl.DataFrame) -> str:
    """The same in one sentence."""
    new, ended = rows.filter(~pl.col("ends")), rows.filter("ends")
    parts = []
    if not new.is_empty():
        said, model = float(new["quantity"].sum()), float(new["model"].sum())
        parts.append(f"{count(new.height, 'override')}: {said:,.1f} units where {model:,.1f} are forecast")
    if not ended.is_empty():
        parts.append(f"{count(ended.height, 'override')} let go, the forecast holds there again")
    return f"**Not saved yet.** {'; '.join(parts)}."


def saved(rows: pl.DataFrame) -> str:
    """What was saved, and what follows."""
    return f"{count(rows.height, 'override')} saved. They stay when the forecast is made anew."


def record(judged: pl.DataFrame, network: Network) -> View:
    """Overrides whose week is over, the latest first; `judged` as `value_added` has it."""
    return View(
        judged.with_columns(named_series(judged, network)),
        {"week": Column("Week", "week")}
        | (_WHOSE if judged.select(SERIES).n_unique() > 1 else {})
        | {
            "override": Column("Override (units)", "rate"),
            "model": Column("Forecast (units)", "rate", "What the model said when it was overruled."),
            "actual": Column("Came (units)", "rate", "Demand due in the week."),
            "gain": Column("Closer by (units)", "rate", "The forecast's error less the override's."),
            "reason": Column("Reason"),
            "author": Column("Author"),
        },
    )


def value_added(judged: pl.DataFrame) -> str:
    """Whether the overrides in `judged` helped, all together; they are one or more."""
    closer, gain = judged.filter(pl.col("gain") > 0).height, float(judged["gain"].sum())
    counted = (
        f"Of {count(judged.height, 'override')} whose week is over, {closer:,} came closer than the forecast"
    )
    if abs(gain) < 0.05:
        return f"**Overrides changed nothing.** {counted}; over all of them the errors are the same."
    verdict = "Overrides helped" if gain > 0 else "Overrides did not help"
    errors = [float((judged[name] - judged["actual"]).abs().sum()) for name in ("override", "model")]
    return f"**{verdict}.** {counted}; together they were {_off(errors, float(judged['actual'].sum()))}."


def _off(errors: list[float], came: float) -> str:
    """Error of overrides and of the model, as WAPE where anything came."""
    if came > 0:
        return f"{share(errors[0] / came)} off, the forecast {share(errors[1] / came)}"
    return f"{errors[0]:,.1f} units off, the forecast {errors[1]:,.1f}"
