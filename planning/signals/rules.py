"""What rows have to agree on, beyond their own cells."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from planning.domain.assume import order_prices
from planning.domain.schema import DEFAULT_STAGES
from planning.errors import Fault
from planning.signals.rejects import kept_aside
from planning.signals.rows import LINE, RAW

Tables = Mapping[str, pl.DataFrame]

#: Columns in which the rows of one routing, factory and revision have to agree.
_SHARED = ("product", "effective_week", "typical_lot", "min_lot", "batch_size", "yield")
#: Without a row in each of these there is nothing to plan.
_FILLED = ("factories", "routings")
_SHOWN = 3
WEEK_HOURS = 168


def without_stageless(
    opportunities: pl.DataFrame, stages: pl.DataFrame, given: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep open opportunities aside whose probability nobody knows.

    Parameters
    ----------
    opportunities : with LINE and RAW.
    stages : the ladder of stages.csv.
    given : stages.csv was there; else the usual ladder holds.

    Returns
    -------
    The opportunities with a probability of their own or a known stage, and the others as rejected_rows.
    """
    known = stages["stage"].to_list() if given else list(DEFAULT_STAGES)
    open_ended = (pl.col("status") == "open") & pl.col("probability").is_null()
    unknown = open_ended & ~pl.col("stage").is_in(known)
    ladder = "stages.csv" if given else f"the usual ladder ({', '.join(DEFAULT_STAGES)})"
    reason = (
        f"stage is not in {ladder} and the row has no probability: give one, or add the stage to stages.csv"
    )
    lost = kept_aside(opportunities.filter(unknown), "opportunities.csv", reason, "stage", pl.col("stage"))
    return opportunities.filter(~unknown), lost


def without_future(history: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep demand aside that is said to have come after the day the data speak for.

    Parameters
    ----------
    history : with LINE and RAW.
    as_of : that day.

    Returns
    -------
    The demand of days up to it, and the rest as rejected_rows.
    """
    future = pl.col("date") > as_of
    reason = f"date is after {as_of} (as_of): history is demand that has come"
    lost = kept_aside(history.filter(future), "history.csv", reason, "date", pl.col("date"))
    return history.filter(~future), lost


def without_backward(campaigns: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep campaigns aside that end before they start: those that can be, and the rest as rejected_rows."""
    backward = pl.col("end_date") < pl.col("start_date")
    reason = pl.format("end_date is before start_date ({})", "start_date")
    lost = kept_aside(campaigns.filter(backward), "campaigns.csv", reason, "end_date", pl.col("end_date"))
    return campaigns.filter(~backward), lost


def rule_faults(tables: Tables, rejected: pl.DataFrame) -> list[Fault]:
    """What refuses the folder because rows contradict one another or nothing is left.

    Parameters
    ----------
    tables : input tables with LINE and RAW.
    rejected : the rows kept aside so far, to say why nothing is left.
    """
    return [
        *_nothing_left(tables, rejected),
        *_cheap_refusals(tables),
        *_torn_routings(tables["routings"]),
        *_overfull_weeks(tables),
    ]


def _nothing_left(tables: Tables, rejected: pl.DataFrame) -> list[Fault]:
    faults = []
    for name in _FILLED:
        if tables[name].is_empty():
            file = f"{name}.csv"
            aside = rejected.filter(pl.col("file") == file).head(_SHOWN)
            why = "; ".join(
                f"line {line}: {reason}" for line, reason in aside.select("line", "reason").iter_rows()
            )
            reason = f"no row could be loaded ({why})" if why else "it has no rows"
            faults.append(Fault(file, reason, "Without any there is nothing to plan."))
    return faults


def _overfull_weeks(tables: Tables) -> list[Fault]:
    """Attended, unattended and overtime hours that no week can hold, in factories.csv or calendar.csv."""
    usual = tables["factories"].select(
        "factory",
        LINE,
        attended=pl.col("attended_hours_per_week"),
        unattended=pl.col("unattended_hours_per_week"),
        overtime=pl.col("overtime_hours_per_week"),
    )
    calendar = tables["calendar"].select(
        "factory", "week", "robot_model", LINE, "attended_hours", "unattended_hours"
    )
    general = calendar.filter(pl.col("robot_model").is_null()).drop("robot_model", LINE)
    special = calendar.join(usual.drop(LINE), on="factory")
    special = special.join(general, on=["factory", "week"], how="left", suffix="_of_all").select(
        "factory",
        LINE,
        "overtime",
        attended=pl.coalesce("attended_hours", "attended_hours_of_all", "attended"),
        unattended=pl.coalesce("unattended_hours", "unattended_hours_of_all", "unattended"),
    )
    total = pl.col("attended") + pl.col("unattended") + pl.col("overtime")
    return [
        Fault(
            file,
            f"{hours:g} attended, unattended and overtime hours do not fit into a week of {WEEK_HOURS}",
            "Lower one of the three.",
            line=line,
            column="factory",
            value=factory,
        )
        for file, rows in (("factories.csv", usual), ("calendar.csv", special))
        for factory, line, hours in rows.filter(total > WEEK_HOURS + 1e-9)
        .select("factory", LINE, total.alias("hours"))
        .iter_rows()
    ]


def _cheap_refusals(tables: Tables) -> list[Fault]:
    """lost_cost below the price would make refusing an order a gain."""
    means = order_prices(tables["orders"]).rename({"price": "mean"})
    priced = tables["products"].join(means, on="product", how="left")
    priced = priced.with_columns(pl.coalesce("price", "mean", 1.0).alias("asked"))
    return [
        Fault(
            "products.csv",
            f"lost_cost is below the price of {row['asked']:g}, so that refusing an order would pay",
            "Raise it to the price or above, or leave it empty.",
            row[LINE],
            "lost_cost",
            f"{row['lost_cost']:g}",
            row[RAW],
        )
        for row in priced.filter(pl.col("lost_cost") < pl.col("asked")).sort(LINE).iter_rows(named=True)
    ]


def _torn_routings(routings: pl.DataFrame) -> list[Fault]:
    """Several rows of one routing are several robot models for the same unit, made in the same lots."""
    faults = [
        fault
        for column in _SHARED
        for fault in _disagreements(routings, ["routing", "factory", "revision"], column)
    ]
    torn = {(fault.line, fault.column) for fault in faults}
    products = _disagreements(routings, ["routing"], "product")
    return faults + [fault for fault in products if (fault.line, fault.column) not in torn]


def _disagreements(routings: pl.DataFrame, key: list[str], column: str) -> list[Fault]:
    spread = routings.sort(LINE).with_columns(
        pl.col(column).n_unique().over(key).alias("#values"),
        pl.col(LINE).first().over(key).alias("#first"),
        pl.col(column).first().over(key).alias("#expected"),
    )
    differs = spread.filter((pl.col("#values") > 1) & pl.col(column).ne_missing(pl.col("#expected")))
    return [
        Fault(
            "routings.csv",
            f"the rows of one routing disagree: line {row['#first']} says {_shown(row['#expected'])}",
            f"Give all rows of {row['routing']} the same {column}, or different routing ids.",
            row[LINE],
            column,
            _shown(row[column]),
            row[RAW],
        )
        for row in differs.iter_rows(named=True)
    ]


def _shown(value: object) -> str:
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
