"""The forecast in a planner's words: how old it is, how a series was forecast and why, what was netted."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.forecast.backtest import hold_out_weeks
from planning.forecast.series import COLD_START_WEEKS
from planning.present.view import View
from planning.present.words import Figure, day, share, week
from planning.present.words import count as counted

#: Weeks of history from which on some can be held out to judge the forecast by.
WEEKS_TO_JUDGE = next(weeks for weeks in count() if hold_out_weeks(weeks))

NO_FORECAST = (
    "There is no forecast yet. **Forecast** learns from the history of every product and market; it takes "
    "a few seconds for each hundred of them."
)
NOTHING_TO_LEARN_FROM = (
    "There is nothing to forecast from: neither history nor orders. Bring history.csv in on the Signals "
    f"page: {COLD_START_WEEKS} weeks of a product and market are enough for a model, {WEEKS_TO_JUDGE} to "
    "judge it by."
)
OWN_FORECAST = (
    "This is your own forecast.csv, as it was imported: Takt made none, so there is no method and no record "
    "to judge it by."
)
OVERRIDDEN = "Overrides stand in place of the forecast; what it said is beside them."
NO_SERIES = "Nothing is forecast, ordered or offered there. Widen the filters in the sidebar."
NO_BAND = (
    "No band: how the errors of your forecast's series go together is not known. Open one to see its own."
)

#: Class of a series in words (Syntetos, Boylan and Croston 2005).
CLASSES = {
    "smooth": "Smooth: demand in nearly every week, in sizes that vary little.",
    "erratic": "Erratic: demand in nearly every week, in sizes that vary a lot.",
    "intermittent": "Intermittent: weeks without demand between weeks of similar sizes.",
    "lumpy": "Lumpy: weeks without demand between weeks of very different sizes.",
    "declining": "Declining: weeks without demand, and less of it as time goes on.",
    "new": f"New: fewer than {COLD_START_WEEKS} weeks of history.",
    "no demand": "No demand so far.",
}


def freshness(
    number: int, created_at: datetime, methods: pl.DataFrame, network: Network, *, up_to_date: bool
) -> str:
    """Which forecast this is, when it was made and up to which week it knew the demand, in one line."""
    local = created_at.astimezone(ZoneInfo(network.policy.timezone))
    known = methods["last_week"].max()
    parts = [f"Forecast {number}", f"made {day(local.date())}, {local:%H:%M}"]
    if isinstance(known, date):
        parts.append(f"from demand up to {week(known)} of {known.isocalendar().year}")
    return " · ".join([*parts, "up to date" if up_to_date else "older than the data"])


def outrun(number: int) -> str:
    """That the data have changed since the forecast was made, and what to do."""
    return (
        f"Forecast {number} is older than the data. Orders, deals and overrides are those of now; "
        "**Forecast** brings the rest up to date."
    )


def signed_share(value: float | None) -> str:
    """A share with its sign: +4.4 %, −1.7 %; a dash where there is none."""
    if value is None:
        return "–"
    sign = "" if round(1000 * value) == 0 else "+" if value > 0 else "−"
    return sign + share(abs(value))


def lead_time(weeks: int, units: float, p10: float | None, p90: float | None, start_week: date) -> str:
    """Demand of the planning lead time as a whole, the one a plan has to be right about."""
    last = start_week + (weeks - 1) * WEEK
    until = "" if weeks == 1 else f" to {week(last)}"
    sentence = f"Over the planning lead time, {week(start_week)}{until}: **{units:,.0f} units** in all"
    if p10 is None or p90 is None:
        return f"{sentence}."
    return f"{sentence}, eight times in ten {p10:,.0f} to {p90:,.0f}."


def figures(shown: pl.DataFrame, network: Network) -> list[Figure]:
    """The KPIs of the series in `shown`, rows of `records`: what is expected, and the record.

    WAPE and bias of several series are means weighted by the weekly units of their history.
    """
    weeks = network.policy.horizon_weeks
    expected, confirmed = shown["expected"].sum(), shown["confirmed"].sum()
    first = Figure(
        "Expected units",
        f"{expected:,.0f}",
        f"In the {weeks} planned weeks, beyond the {confirmed:,.0f} confirmed in hand: deals, and what is "
        "left of the forecast.",
    )
    judged = shown.filter(pl.col("wape").is_not_null())
    if judged.is_empty():
        return [first]
    wape, naive, bias = (_by_units(judged, name) for name in ("wape", "naive_wape", "bias"))
    weighted = "" if judged.height == 1 else " Weighted by weekly units."
    return [
        first,
        Figure("WAPE", share(wape), "Σ|error| / Σ demand of the last weeks, held out." + weighted),
        _against_naive(judged, naive),
        Figure("Bias", signed_share(bias), "Positive: too much was forecast." + weighted),
    ]


def _against_naive(judged: pl.DataFrame, naive: float) -> Figure:
    if judged.height == 1:
        return Figure("Naive's WAPE", share(naive), "The error, had seasonal naive been used.")
    better = int(judged["better_than_naive"].sum())
    return Figure(
        "Better than naive",
        share(better / judged.height),
        f"{better:,} of {judged.height:,} series judged. Over all of them seasonal naive has a WAPE of "
        f"{share(naive)}.",
    )


def _by_units(judged: pl.DataFrame, column: str) -> float:
    weighted = (pl.col(column) * pl.col("mean_weekly")).sum() / pl.col("mean_weekly").sum()
    return float(judged.select(weighted).item())


def why(record: Mapping[str, Any]) -> list[str]:
    """How one series was forecast and how good that is, a sentence each; `record` is a row of `records`."""
    if record["method"] is None:
        return [_without_record(record)]
    sentences = [CLASSES.get(record["series_class"], str(record["series_class"]))]
    sentences.append(_method(record))
    if record["fallback"] is not None and not too_short(record):
        sentences.append(f"Something simpler had to serve: {record['fallback']}.")
    sentences.append(_signals(record["signals"]))
    if record["unusual"] is not None:
        sentences.append(f"Unusual, and left as it is: {record['unusual']}.")
    sentences.append(_verdict(record))
    return sentences


def too_short(record: Mapping[str, Any]) -> str:
    """What is missing to forecast or to judge this series; empty where nothing is."""
    weeks = record["weeks_of_history"]
    if weeks is None or weeks >= WEEKS_TO_JUDGE:
        return ""
    if weeks == 0:
        return (
            f"No history: nothing is forecast here, only orders and deals count. {COLD_START_WEEKS} weeks of "
            "history are enough for a model."
        )
    have = f"Only {counted(weeks, 'week')} of history"
    if weeks < COLD_START_WEEKS:
        return (
            f"{have}: their mean is the forecast. A model needs {COLD_START_WEEKS}, its record "
            f"{WEEKS_TO_JUDGE}."
        )
    return f"{have}: too few to judge the forecast by. A record needs {WEEKS_TO_JUDGE}."


def _without_record(record: Mapping[str, Any]) -> str:
    if record["units"] > 0:
        return "Takt has no record of this series: its forecast was brought or typed in."
    return "Takt has not forecast this series: nothing was known of it when the forecast was made."


def _method(record: Mapping[str, Any]) -> str:
    method, weeks = record["method"], record["weeks_of_history"]
    if not weeks:
        return f"Forecast: {method}."
    since, until = record["first_week"], record["last_week"]
    return (
        f"Forecast by the {method}, from {counted(weeks, 'week')} of history "
        f"({week(since)} of {since.isocalendar().year} to {week(until)} of {until.isocalendar().year})."
    )


def _signals(signals: str | None) -> str:
    if signals is None:
        return "Signals: none touches it."
    if signals.startswith("left out"):
        return f"Signals {signals}."
    return f"Signals that count: {signals}."


def _verdict(record: Mapping[str, Any]) -> str:
    wape, naive, bias = record["wape"], record["naive_wape"], record["bias"]
    if wape is None or naive is None:
        weeks = record["weeks_of_history"] or 0
        if weeks < WEEKS_TO_JUDGE:
            return f"Not judged: {counted(weeks, 'week')} of history, {WEEKS_TO_JUDGE} are needed."
        return "Not judged: there was no demand in the weeks held out."
    judged = f"{_held_out(record)}, the error was {share(wape)} of demand (bias {signed_share(bias)})"
    if record["better_than_naive"]:
        return f"**Better than naive.** {judged}; seasonal naive would have been {share(naive)} off."
    return (
        f"**No better than naive.** {judged}; seasonal naive, which costs nothing, would have been "
        f"{share(naive)} off. An override with a reason may know more."
    )


def _held_out(record: Mapping[str, Any]) -> str:
    """Over which weeks the record judges; an older forecast does not say."""
    if record["weeks_judged"] is None:
        return "Over the last weeks, held out"
    ahead = counted(record["lead_weeks"], "week")
    starts = "one past week" if record["origins"] == 1 else f"each of {record['origins']} past weeks"
    return f"Over {counted(record['weeks_judged'], 'week')}, forecast up to {ahead} ahead from {starts}"


def netted(view: View) -> str:
    """The totals of the netting table, as one sum."""
    total = {name: float(view.frame[name].sum()) for name in view.columns if name != "week"}
    sentence = f"Forecast {_units(total['forecast'])} − {_units(total['by_orders'])} by orders"
    if max(total["deals"], total["by_deals"]) >= 0.5:
        sentence += f" − {_units(total['by_deals'])} by deals + {_units(total['deals'])} from deals"
    sentence += f" = **{_units(total['expected'])} expected**"
    if total["unreachable"] >= 0.5:
        sentence += f", of it {_units(total['unreachable'])} out of reach"
    return f"{sentence}; {_units(total['confirmed'])} confirmed in hand."


def in_plan(view: View, demand: pl.DataFrame, version: int) -> str:
    """Whether a plan counts the same demand as the netting table.

    Parameters
    ----------
    demand : rows of the plan's demand table, of the same series.
    """
    counts = {name: float(demand[name].sum()) for name in ("confirmed", "expected")}
    if all(abs(units - float(view.frame[name].sum())) < 0.5 for name, units in counts.items()):
        return f"Plan v{version} counts the same."
    return (
        f"Plan v{version} counts {_units(counts['expected'])} expected and {_units(counts['confirmed'])} "
        "confirmed: it was made from older data, or from another forecast."
    )


def planned_campaigns(campaigns: pl.DataFrame) -> str:
    """Campaigns that are not over, in one sentence; empty without any."""
    named = [
        f"{row['campaign']} ({day(row['start_date'])} – {day(row['end_date'])}: {row['channels']})"
        for row in campaigns.filter("planned").iter_rows(named=True)
    ]
    if not named:
        return ""
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return f"Campaigns ahead: {', '.join(named[:5])}{more}."


def _units(number: float) -> str:
    return f"{number:,.0f}"
