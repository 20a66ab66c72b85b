"""What the command line says of plans, rows and backups, a line each."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from planning.domain.plan import TELLS_LITTLE, Plan
from planning.present import backup_tables, words

#: Lines of one kind a person is shown; --json has them all.
SHOWN, ASIDE_SHOWN = 20, 5


def plan_lines(plan: Plan) -> list[str]:
    """What a planner wants to know of a plan before opening it."""
    summary = plan.summary
    kpis, currency = summary["kpis"], summary["policy"]["currency"]
    money = summary["objective"] - summary["costs"]["priority"]
    promised = plan["promises"].height > 0
    on_time = f"{kpis['on_time_share']:.1%} of confirmed units" if promised else "no confirmed orders"
    told = [
        f"status: {summary['status']}; cost {money:,.2f} {currency}",
        f"objective {summary['objective']:,.2f} (cost and the weight of urgent orders), "
        f"bound {summary['bound']:,.2f}, gap {summary['gap']:.2%}{_of_little_use(summary)}",
        f"on time: {on_time}; "
        f"late {kpis['late_unit_weeks']:,.0f} unit-weeks; refused {kpis['refused_units']:,.0f} units",
        f"robots on rent at the peak: {kpis['peak_robots_on_rent']}; "
        f"decisions on rent: {plan['rentals'].height}",
        *_aside_words(plan),
        f"violations: {summary['checker']['violations']}",
    ]
    told += [f"relaxed: {row['rule']} {row['factory'] or ''} {row['amount']:g}" for row in summary["relaxed"]]
    return told + [f"assumed: {line}" for line in summary["assumed"]]


def _of_little_use(summary: Mapping[str, Any]) -> str:
    known = words.is_near_known(summary)
    return (
        "" if known else " (how far from the best is not known: the solve ended before it had a near bound)"
    )


def _aside_words(plan: Plan) -> list[str]:
    """How many rows were kept aside, and the first of them with place and reason."""
    rows = plan["rejected_rows"]
    told = [f"rows kept aside: {rows.height}"]
    for row in rows.head(ASIDE_SHOWN).iter_rows(named=True):
        told.append(f"  {row['file']} line {row['line']}: {row['reason']}")
    if rows.height > ASIDE_SHOWN:
        told.append(f"  … and {rows.height - ASIDE_SHOWN} more in rejected_rows.csv")
    return told


def aside_lines(rows: pl.DataFrame) -> list[str]:
    """The first rows kept aside, with place, reason and remedy."""
    words = [
        f"  {row['file']} line {row['line']}: {row['reason']}. {row['remedy']}"
        for row in rows.head(ASIDE_SHOWN).iter_rows(named=True)
    ]
    return words + ([f"  … and {rows.height - ASIDE_SHOWN} more"] if rows.height > ASIDE_SHOWN else [])


def backup_line(row: dict[str, object]) -> str:
    """One backup, as `Safekeeping.table` has it."""
    if row["fault"]:
        return f"{row['name']}: {row['fault']}"
    return (
        f"{row['name']}: {row['why']}, {row['made_at']:%Y-%m-%d %H:%M:%S} UTC, {row['size']:,} bytes, "
        f"{row['imports']} imports, {row['plans']} plans, {row['count']} ledger entries, "
        f"last hash {row['head'] or 'none'}"
    )


def loss_lines(entries: pl.DataFrame) -> list[str]:
    """What a restore would lose."""
    rows = backup_tables.lost_entries(entries, "UTC").frame
    told = [
        f"  {row['happened_at']:%Y-%m-%d %H:%M} {row['actor']}: {row['kind']} {row['about'] or ''}".rstrip()
        for row in rows.head(SHOWN).iter_rows(named=True)
    ]
    more = [f"  … and {rows.height - SHOWN} more"] if rows.height > SHOWN else []
    return [backup_tables.lost(entries), *told, *more]


def progress_lines(write: Callable[[str], None]) -> Callable[[Any], None]:
    """Hears of progress, and writes a line whenever the stage, the best plan or the bound changes."""
    last: list[str] = [""]

    def report(progress: Any) -> None:
        stage = progress.stage if not progress.stage.startswith("Forecasting") else "Forecasting"
        plan = "" if progress.objective is None else f", best plan {progress.objective:,.0f}"
        bound = "" if progress.bound is None else f", no plan below {progress.bound:,.0f}"
        gap = "" if progress.gap is None else f", gap {progress.gap:.1%}"
        if progress.gap is not None and progress.gap > TELLS_LITTLE:
            bound, gap = "", ", how far from the best is not known yet"
        line = stage + plan + bound + gap
        if line != last[0]:
            last[0] = line
            write(line)

    return report
