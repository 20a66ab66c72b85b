"""The round trip: a plan edited in a spreadsheet comes back as differences, and is tried as pins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.edited import edits, pins
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.scenario import RowChange
from planning.errors import Fault, InputError
from planning.signals.reading.grid import Grid, Hints, read_grid
from planning.signals.rows import LINE

_NEEDED = ("factory", "routing", "week", "quantity")
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")
#: 1.234 beside semicolons: a thousand and more to one program, a bit more than one to another.
_TWO_WAYS = r"^[0-9]{1,3}\.[0-9]{3}$"


@dataclass(frozen=True)
class EditedPlan:
    """What an edited file asks for.

    Parameters
    ----------
    version : of the plan it was edited from.
    differences : factory, product, routing, week, planned, edited (good units).
    changes : the pins that ask for what is more; empty where nothing is.
    """

    version: int
    differences: pl.DataFrame
    changes: Sequence[RowChange]


def read_edited(plan: Plan, network: Network, name: str, data: bytes) -> EditedPlan:
    """What production.csv, schedule.csv or plan.xlsx, edited, does differently from `plan`.

    CSV may be separated by semicolons and have decimal commas. Of a workbook the sheet `production` is read,
    and where nothing is edited there the sheet `schedule`. A schedule speaks of the weeks it lists only.

    Raises
    ------
    InputError
        It is neither, or a row of it cannot be: each is named with its line.
    """
    grid = read_grid(name, data, Hints(sheet="production") if _is_workbook(name) else None)
    found = _differences(plan, grid)
    if found.is_empty() and _is_workbook(name):
        found = _differences(plan, read_grid(name, data, Hints(sheet="schedule")))
    return EditedPlan(int(plan.summary["version"]), found, pins(found, network))


def _is_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm"))


def _differences(plan: Plan, grid: Grid) -> pl.DataFrame:
    missing = [column for column in _NEEDED if column not in grid.headings]
    if missing:
        reason = f"it has no column {', '.join(missing)}: it is neither production nor schedule of a plan"
        raise InputError([Fault(grid.file, reason, "Edit production.csv, schedule.csv or plan.xlsx.")])
    rows = _typed(grid)
    _refuse_strange(plan, grid.file, rows)
    if "robot_model" not in grid.headings:
        return edits(plan, rows)
    # A routing with several robot models lists its units once for each of them.
    run = ["factory", "routing", "week"]
    models = rows.join(grid.rows.select(LINE, model="robot_model"), on=LINE)
    lots = models.group_by(*run, "model").agg(pl.col("quantity").sum())
    lots = lots.group_by(run).agg(pl.col("quantity").max())
    weeks: set[date] = set(plan["schedule"]["week"].drop_nulls())
    return edits(plan, lots, weeks)


def _typed(grid: Grid) -> pl.DataFrame:
    """LINE and the needed columns; every cell that cannot be read is named."""
    text = pl.col("quantity").str.strip_chars()
    comma = grid.hints.mark == ";"
    plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    number = pl.when(text.str.contains(",", literal=True) & comma).then(plain).otherwise(text)
    unsure = text.str.contains(_TWO_WAYS) & comma
    week = pl.coalesce(pl.col("week").str.strip_chars().str.to_date(form, strict=False) for form in _DATES)
    rows = grid.rows.select(
        pl.col(LINE),
        pl.col("factory", "routing").str.strip_chars(),
        week.alias("#week"),
        number.cast(pl.Float64, strict=False).alias("#quantity"),
        unsure.alias("#unsure"),
        pl.col("week", "quantity"),
    )
    faults = []
    for row in rows.iter_rows(named=True):
        line = int(row[LINE])
        if row["#week"] is None or row["#week"].weekday() != 0:
            remedy = "Write the Monday as YYYY-MM-DD."
            faults.append(Fault(grid.file, "is not the Monday of a week", remedy, line, "week", row["week"]))
        if row["#unsure"] or row["#quantity"] is None or row["#quantity"] < 0:
            reason = "can be read two ways" if row["#unsure"] else "is not a number of units"
            faults.append(Fault(grid.file, reason, "Write it in digits.", line, "quantity", row["quantity"]))
    faults += [
        Fault(grid.file, row["reason"], row["remedy"], row[LINE]) for row in grid.aside.iter_rows(named=True)
    ]
    if faults:
        raise InputError(faults)
    return rows.select(LINE, "factory", "routing", week="#week", quantity="#quantity")


def _refuse_strange(plan: Plan, file: str, rows: pl.DataFrame) -> None:
    """A run nobody knows, or of a week outside the plan."""
    start = date.fromisoformat(plan.summary["start_week"])
    end = pl.lit(start) + pl.duration(weeks=int(plan.summary["horizon_weeks"]))
    known = plan["production"].select("routing").unique()
    outside = rows.filter(~pl.col("week").is_between(pl.lit(start), end, closed="left"))
    faults = [
        Fault(
            file,
            f"is not a week of plan v{plan.summary['version']}",
            "Take the row out.",
            line,
            "week",
            str(week),
        )
        for line, week in outside.select(pl.col(LINE).cast(pl.Int64), "week").iter_rows()
    ]
    strange = rows.join(known, on="routing", how="anti").select(pl.col(LINE).cast(pl.Int64), "routing")
    faults += [
        Fault(
            file,
            "the plan makes nothing by this routing",
            "Correct it, or take the row out.",
            line,
            "routing",
            id,
        )
        for line, id in strange.iter_rows()
    ]
    if faults:
        raise InputError(faults)
