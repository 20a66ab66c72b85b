"""Whole robots from the linear relaxation: rents and returns rounded as they add up over the weeks.

Rounding what adds up, and rents and returns alike, keeps every minimum term and every cap on rents so far:
where r ≤ s − n holds for a whole n, ⌊r + u⌋ ≤ ⌊s + u⌋ − n does too.
"""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.model.algebra import Model

Vector = NDArray[np.float64]

_PLACE = ["o", "f"]

MOVES = ("move", "move_contract")

#: What a fraction may lack of a whole number and still be one.
_ALMOST = 1e-6


def with_whole_robots(model: Model, x: Vector, upwards: float) -> Model:
    """`model` with rents and returns held: what adds up to a fraction of 1 − `upwards` is a whole robot.

    A rent that would exceed max_units is left out with its return. Contracts end only where nearly all of
    a unit does; nothing is moved, in `x` neither. Offers with renewals longer than a week keep their
    returns open.
    """
    units = _units(model, x, upwards)
    rents = _kept_within(units, _room(model, x))
    still = without_moves(model)
    lower, upper = still.lower.copy(), still.upper.copy()
    for family, counts in (("start", rents.rename({"s": "t"})), ("stop", rents.rename({"e": "t"}))):
        cells = model.families[family].frame
        if family == "stop":
            cells = cells.join(_renewing(model), on="o", how="anti")
        counted = counts.group_by(*_PLACE, "t").agg(units=pl.len())
        held = cells.join(counted, on=[*_PLACE, "t"], how="left", maintain_order="left")
        cols = held["col"].to_numpy()
        lower[cols] = upper[cols] = held["units"].fill_null(0).to_numpy()
    for family in ("drop", "terminate"):
        cols, ended = _ended(model, x, family, 1 - upwards)
        lower[cols] = upper[cols] = ended
    return replace(still, lower=lower, upper=upper)


def is_whole(model: Model, x: Vector) -> bool:
    """Whether every whole decision of `model` is whole at `x`."""
    decided = x[model.integer]
    return bool((np.abs(decided - np.round(decided)) < _ALMOST).all())


def without_moves(model: Model) -> Model:
    """`model` with every robot where it is."""
    upper = model.upper.copy()
    for family in MOVES:
        upper[model.families[family].frame["col"].to_numpy()] = 0.0
    return replace(model, upper=upper)


def _horizon(model: Model) -> int:
    last = model.families["on_rent"].frame["t"].max()
    return last + 1 if isinstance(last, int) else 0


def _renewing(model: Model) -> pl.DataFrame:
    """o of offers that renew by more than a week."""
    return model.families["lot"].frame.select("o").unique()


def _units(model: Model, x: Vector, upwards: float) -> pl.DataFrame:
    """o, f, i, s, e of each whole robot: rented in s as the i-th, returned in e (the horizon: not within)."""
    rented = _numbered(model, x, "start", upwards).rename({"t": "s"})
    returned = _numbered(model, x, "stop", upwards).rename({"t": "e"})
    ends = rented.join(returned, on=[*_PLACE, "i"], how="left", maintain_order="left")
    return ends.with_columns(pl.col("e").fill_null(_horizon(model))).sort("s", "o", "f", "i")


def _numbered(model: Model, x: Vector, family: str, upwards: float) -> pl.DataFrame:
    """o, f, t, i: in week t the sum of the family so far completes its i-th whole unit."""
    cells = model.families[family].frame.sort(*_PLACE, "t")
    whole = cells.with_columns(units=pl.Series(x[cells["col"].to_numpy()])).with_columns(
        total=(pl.col("units").cum_sum().over(_PLACE) + upwards - _ALMOST).floor().cast(pl.Int64)
    )
    before = pl.col("total").shift(1).over(_PLACE).fill_null(0)
    each = whole.with_columns(i=pl.int_ranges(before + 1, pl.col("total") + 1))
    return each.explode("i", empty_as_null=False).select(*_PLACE, "t", "i")


def _room(model: Model, x: Vector) -> dict[tuple[int, int], int]:
    """o, t → robots that may be rented beside the contracts kept; only where max_units limits them."""
    room = dict.fromkeys(model.rows["max_units_full"].index.select("o", "t").iter_rows(), 0)
    rows = model.rows["max_units"]
    kept = np.zeros(len(model.upper))
    cols = model.families["kept"].frame["col"].to_numpy()
    kept[cols] = np.ceil(x[cols] - _ALMOST)
    row = rows.row
    used = np.bincount(row, rows.coef * kept[rows.col], minlength=len(rows))
    left = np.round(rows.rhs - used).astype(int).tolist()
    return room | dict(zip(rows.index.select("o", "t").iter_rows(), left, strict=True))


def _kept_within(units: pl.DataFrame, room: dict[tuple[int, int], int]) -> pl.DataFrame:
    """The units for which there is room in all their weeks, first come, first served."""
    fits = []
    for o, s, e in units.select("o", "s", "e").iter_rows():
        weeks = [(o, t) for t in range(s, e) if (o, t) in room]
        fits.append(all(room[week] > 0 for week in weeks))
        if fits[-1]:
            room |= {week: room[week] - 1 for week in weeks}
    return units.filter(pl.Series(fits, dtype=pl.Boolean))


def _ended(model: Model, x: Vector, family: str, upwards: float) -> tuple[Vector, Vector]:
    """Columns of a contract's ends and whole units ended, rounded as they add up."""
    cells = model.families[family].frame.sort("c", "f", "t")
    units = cells.with_columns(units=pl.Series(x[cells["col"].to_numpy()]))
    total = (pl.col("units").cum_sum() + upwards - _ALMOST).floor().over("c", "f")
    whole = units.with_columns(total=total)
    ended = whole.select(pl.col("total") - pl.col("total").shift(1).over("c", "f").fill_null(0.0))
    return cells["col"].to_numpy(), ended.to_series().to_numpy()
