"""Jobs: the hours of each production row on each robot model, by kind, in whole micro-hours."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.errors import RefusedPlanError
from planning.schedule.capacity import Key
from planning.schedule.lots import Lot
from planning.schedule.nights import share_out

#: Micro-hours in an hour: the sixth decimal of the export, so that whole numbers add up exactly.
MICRO = 1_000_000
#: Micro-hours below which hours of a kind are solver dust.
_DUST = 10


@dataclass(frozen=True)
class Job:
    """A production row on one robot model.

    Parameters
    ----------
    row : number of the production row; `lots` are its lots, in order.
    setup, run : micro-hours.
    unattended : of `run`, micro-hours with nobody there.
    spread : set-up hours are a share of every hour run, not one set-up at the beginning.
    """

    row: int
    lots: tuple[Lot, ...]
    robot_model: str
    setup: int
    run: int
    unattended: int
    spread: bool


def micro(hours: float) -> int:
    """Hours in whole micro-hours."""
    return round(hours * MICRO)


def slack(hours: float) -> float:
    """Hours by which two figures of a plan may differ and still be the same (2-data, the export folder)."""
    return 1e-3 + 1e-6 * abs(hours)


def make_jobs(
    rows: pl.DataFrame, lots: Sequence[Sequence[Lot]], work: pl.DataFrame, hours: pl.DataFrame
) -> dict[Key, list[Job]]:
    """The jobs of every factory, robot model and week.

    Parameters
    ----------
    rows : production rows with their number in `row`.
    lots : the lots of each row.
    work : the routing rows in force (see `planning.schedule.lay_out`).
    hours : export table.

    Raises
    ------
    RefusedPlanError
        Where production's robot hours are not those of its routing, or its unattended hours have
        no place in those of its robot models.
    """
    steps = _steps(rows, work)
    nights = _nights(steps, hours)
    faults = [*_wrong_hours(rows, steps), *_homeless_nights(steps, nights)]
    if faults:
        raise RefusedPlanError(faults)
    jobs: dict[Key, list[Job]] = defaultdict(list)
    for step in steps.iter_rows(named=True):
        model = step["robot_model"]
        jobs[step["factory"], model, step["week"]].append(
            Job(
                row=step["row"],
                lots=tuple(lots[step["row"]]),
                robot_model=model,
                setup=micro(step["setup_part"]),
                run=micro(step["run"]),
                unattended=nights.get((step["row"], model), 0),
                spread=step["spread"],
            )
        )
    return dict(jobs)


def _steps(rows: pl.DataFrame, work: pl.DataFrame) -> pl.DataFrame:
    """Production rows by robot model with the hours they take there."""
    prorata = pl.col("prorata_setup_hours") * pl.col("gross")
    return (
        rows.join(work.drop("product"), on=["routing", "factory", "week"], how="inner")
        .with_columns(
            run=pl.col("hours_per_unit") * pl.col("gross"),
            setup_part=pl.col("setup_hours") * pl.col("setup") + prorata,
            spread=pl.col("setup_hours") * pl.col("setup") <= 0,
        )
        .sort("row", "robot_model")
    )


def _wrong_hours(rows: pl.DataFrame, steps: pl.DataFrame) -> Iterator[str]:
    """Production rows whose robot hours are not those of the routing rows in force."""
    found = steps.group_by("row").agg(found=(pl.col("run") + pl.col("setup_part")).sum())
    for row in rows.join(found, on="row", how="left").sort("row").iter_rows(named=True):
        needed = row["found"] or 0.0
        if abs(needed - row["robot_hours"]) > slack(row["robot_hours"]):
            yield (
                f"{row['factory']}, {row['routing']}, week {row['week']}: production has "
                f"{row['robot_hours']:.3f} robot hours, its routing takes {needed:.3f}"
            )


def _nights(steps: pl.DataFrame, hours: pl.DataFrame) -> dict[tuple[int, str], int]:
    """Unattended micro-hours by production row and robot model, as production and hours.csv have them."""
    wanted = steps.filter(pl.col("lights_out") & (pl.col("unattended_hours") > _DUST / MICRO))
    used = {
        (row["factory"], row["week"], row["robot_model"]): micro(row["unattended_used"])
        for row in hours.iter_rows(named=True)
    }
    nights: dict[tuple[int, str], int] = {}
    for (factory, week), group in wanted.group_by("factory", "week", maintain_order=True):
        cells = list(group.iter_rows(named=True))
        rows = {cell["row"]: micro(cell["unattended_hours"]) for cell in cells}
        caps = {(cell["row"], cell["robot_model"]): micro(cell["run"]) for cell in cells}
        models = group["robot_model"].unique().sort().to_list()
        totals = {model: used.get((factory, week, model), 0) for model in models}
        nights |= share_out(rows, totals, caps)
    return {cell: amount for cell, amount in nights.items() if amount > _DUST}


def _homeless_nights(steps: pl.DataFrame, nights: Mapping[tuple[int, str], int]) -> Iterator[str]:
    """Production rows with more unattended hours than their lights-out robot models can work."""
    placed: dict[int, int] = defaultdict(int)
    for (row, _model), amount in nights.items():
        placed[row] += amount
    for step in steps.unique("row", keep="first", maintain_order=True).iter_rows(named=True):
        found = placed[step["row"]] / MICRO
        if step["unattended_hours"] - found > slack(step["unattended_hours"]):
            yield (
                f"{step['factory']}, {step['routing']}, week {step['week']}: {step['unattended_hours']:.3f} "
                f"unattended hours, but only {found:.3f} can run on robots with nobody there"
            )


def used_hours(hours: pl.DataFrame) -> dict[tuple[str, str, date], int]:
    """Overtime micro-hours by factory, robot model and week."""
    rows = hours.select("factory", "robot_model", "week", "overtime_used").iter_rows()
    return {(factory, model, week): micro(used) for factory, model, week, used in rows}
