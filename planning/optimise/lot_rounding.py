"""A plan from the fleet step without a search: set-ups, batches, units and shipments rounded in turn.

After each the linear program is solved again from where it ended, so what is rounded later makes up for what
was rounded before.
"""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.course import Course
from planning.optimise.holding import LOTS_PATIENCE
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers.answer import Answer
from planning.optimise.solvers.runs import attempt

Vector = NDArray[np.float64]
Columns = NDArray[np.int64]

_ROUTE = ["v", "f", "t"]

#: What a fraction may lack of a whole number and still be one.
_ALMOST = 1e-6

#: Share of a batch or unit due from which it is made: one made early waits, one not made is a sale lost.
_UP = 0.01


def with_whole_lots(held: Model, fleet: Answer, course: Course) -> Answer | None:
    """A plan of `held`, whose fleet is held, from the relaxation `fleet`; None where rounding breaks a rule.

    Set-ups stand where the relaxation works, batches and units as far as hours last, shipments are rounded
    down: what is not shipped stays in stock, which breaks no balance. Where people or materials do not last
    as long as hours do, everything of that kind is rounded down.
    """
    answer: Answer | None = fleet
    for family in ("run", "batch", "gross", "make", "ship"):
        if answer is None or answer.stopped != "Optimal":
            return None
        cols = held.families[family].frame["col"].to_numpy()
        cols = cols[held.integer[cols]]
        near = answer
        for values in (_rounded(family, held, near.x, cols), np.floor(near.x[cols] + _ALMOST)):
            tried = _with(held, cols, values)
            if family == "run":
                tried = _with_least_lots(tried)
            limits = course.left(LOTS_PATIENCE)
            answer = attempt(divisible(tried), limits, course.listener(), course.cancelled, basis=near.basis)
            if answer is not None or course.is_stopped():
                break
        held = tried
    if answer is None or answer.stopped != "Optimal":
        return None
    return replace(answer, x=np.where(held.integer, np.round(answer.x), answer.x))


def _with(model: Model, cols: Columns, values: Vector) -> Model:
    """`model` with these columns held, within their bounds."""
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[cols] = upper[cols] = np.clip(values, model.lower[cols], model.upper[cols])
    return replace(model, lower=lower, upper=upper)


def _with_least_lots(held: Model) -> Model:
    """`held` with as much made and started as its set-ups ask for: no rounding may fall below that."""
    lower = held.lower.copy()
    runs = held.families["run"].frame
    on = runs.filter(pl.Series(held.lower[runs["col"].to_numpy()] > _ALMOST))
    least = _least_lots(held).join(on.select(_ROUTE), on=_ROUTE, how="semi")
    made = held.families["make"].frame.join(least, on=_ROUTE, maintain_order="left")
    rows = held.rows["yield"]
    row = rows.row
    started = rows.coef < 0
    good = pl.DataFrame({"row": row[started], "col": rows.col[started], "good": -rows.coef[started]})
    at = rows.index.with_columns(row=pl.Series(np.arange(len(rows)))).join(least, on=_ROUTE)
    gross = at.join(good, on="row").select("col", least=pl.col("least") / pl.col("good"))
    for cols, units in ((one["col"].to_numpy(), one["least"].to_numpy()) for one in (made, gross)):
        whole = np.where(held.integer[cols], np.ceil(units - _ALMOST), units)
        lower[cols] = np.maximum(lower[cols], np.minimum(whole, held.upper[cols]))
    return replace(held, lower=lower)


def _rounded(family: str, model: Model, x: Vector, cols: Columns) -> Vector:
    if family == "run":
        return _set_ups(model, x, cols)
    if family == "ship":
        return np.floor(x[cols] + _ALMOST)
    return _while_hours_last(model, x, cols, family)


def _set_ups(model: Model, x: Vector, cols: Columns) -> Vector:
    """1 where the relaxation makes half a least lot, as far as the firm zone's limits leave room for lots."""
    runs = model.families["run"].frame
    made = model.values("make", x).rename({"value": "made"})
    lots = _least_lots(model)
    cells = runs.join(made, on=_ROUTE, how="left", maintain_order="left").join(
        lots, on=_ROUTE, how="left", maintain_order="left"
    )
    cells = cells.with_columns(pl.col("least").fill_null(0.0), pl.col("made").fill_null(0.0))
    works = (cells["made"] > _ALMOST) & (cells["made"] >= cells["least"] / 2)
    chosen = cells.filter(works).sort("made", descending=True, maintain_order=True)
    room, limit_of = _firm_room(model)
    stands = []
    for v, f, t, least in chosen.select(*_ROUTE, "least").iter_rows():
        row = limit_of.get((v, f, t))
        fits = row is None or room[row] >= least
        if row is not None and fits:
            room[row] -= least
        stands.append(fits)
    on = set(chosen.filter(pl.Series(stands, dtype=pl.Boolean))["col"].to_list())
    return np.array([float(col in on) for col in cols.tolist()])


def _least_lots(model: Model) -> pl.DataFrame:
    """v, f, t, least: the good units a set-up asks for."""
    rows = model.rows["min_lot"]
    runs = np.isin(rows.col, model.families["run"].frame["col"].to_numpy())
    return rows.index.with_columns(least=pl.Series(-rows.coef[runs]))


def _firm_room(model: Model) -> tuple[Vector, dict[tuple[int, int, int], int]]:
    """The firm zone's limits, and which of them holds for a routing, factory and week."""
    rows = model.rows["firm"]
    row = rows.row
    limits = dict(zip(rows.col.tolist(), row.tolist(), strict=True))
    cells = model.families["make"].frame.select("col", *_ROUTE).iter_rows()
    return rows.rhs.copy(), {(v, f, t): limits[col] for col, v, f, t in cells if col in limits}


def _while_hours_last(model: Model, x: Vector, cols: Columns, family: str) -> Vector:
    """Whole batches or units as far as hours last: first what stands already, then what a routing's weeks so
    far are short of most.

    The limits of set-ups and of the firm zone and the good units of what is started hold likewise.
    """
    stands = _standing(model, family)
    uses, spare = _limits(model, x, cols)
    whole: dict[int, float] = {}
    owed: dict[tuple[int, int], float] = {}

    def make(col: int, units: float) -> None:
        whole[col] = whole.get(col, 0.0) + units
        for at, coef in uses.get(col, []):
            spare[at] -= coef * units

    cells = model.families[family].frame.filter(pl.col("col").is_in(cols.tolist())).sort("t", "v", "f")
    for _, week in cells.group_by("t", maintain_order=True):
        due = {
            c: ((v, f), x[c] + owed.get((v, f), 0.0)) for v, f, c in week.select("v", "f", "col").iter_rows()
        }
        for col, (_, units) in due.items():
            make(col, max(model.lower[col], np.floor(min(units, x[col]) + _ALMOST)))
        turn = {col: (col not in stands, whole[col] - units) for col, (_, units) in due.items()}
        for col, (_, units) in sorted(due.items(), key=lambda one: turn[one[0]]):
            wanted = whole[col] + _UP <= units and whole[col] + 1 <= model.upper[col]
            if wanted and all(spare[at] + _ALMOST >= coef for at, coef in uses.get(col, [])):
                make(col, 1.0)
        owed |= {place: units - whole[col] for col, (place, units) in due.items()}
    return np.array([whole[col] for col in cols.tolist()])


def _standing(model: Model, family: str) -> set[int]:
    """Columns where firm work or frozen quantities stand: what they lack has the price of a broken rule."""
    asked = [
        rows.index.select(_ROUTE).filter(pl.Series(rows.rhs > _ALMOST))
        for rows in (model.rows["firm_work"], model.rows["frozen"])
        if len(rows)
    ]
    if not asked:
        return set()
    cells = model.families[family].frame.join(pl.concat(asked), on=_ROUTE, how="semi")
    return set(cells["col"].to_list())


def _limits(model: Model, x: Vector, cols: Columns) -> tuple[dict[int, list[tuple[int, float]]], Vector]:
    """What a unit of each column takes of each limit, and what all of them together may take."""
    uses: dict[int, list[tuple[int, float]]] = {}
    spare: list[Vector] = []
    first = 0
    for name in ("work", "run", "firm", "yield"):
        rows = model.rows[name]
        idle = _idle_hours(model, x) if name == "work" else _slack(model, name, x)
        row = rows.row
        mine = np.isin(rows.col, cols) & (rows.coef > 0)
        row, col, coef = row[mine], rows.col[mine], rows.coef[mine]
        np.add.at(idle, row, coef * x[col])
        for at, one, each in zip((row + first).tolist(), col.tolist(), coef.tolist(), strict=True):
            uses.setdefault(one, []).append((at, each))
        spare.append(idle)
        first += len(rows)
    return uses, np.concatenate(spare)


def _slack(model: Model, name: str, x: Vector) -> Vector:
    rows = model.rows[name]
    row = rows.row
    return rows.rhs - np.bincount(row, rows.coef * x[rows.col], minlength=len(rows))


def _idle_hours(model: Model, x: Vector) -> Vector:
    """Attended hours of each work row that no work needs."""
    key = ["r", "f", "t"]
    limits = model.rows["attended_hours"]
    robots = np.isin(limits.col, model.families["robots"].frame["col"].to_numpy())
    there = limits.index.with_columns(hours=pl.Series(-limits.coef[robots] * x[limits.col[robots]]))
    kinds = [model.values(kind, x).rename({"value": kind}) for kind in ("attended", "unattended", "overtime")]
    cells = model.rows["work"].index.join(there, on=key, how="left", maintain_order="left")
    for kind in kinds:
        cells = cells.join(kind, on=key, how="left", maintain_order="left")
    used = pl.sum_horizontal("attended", "unattended", "overtime")
    return cells.select((pl.col("hours").fill_null(0.0) - used).clip(0)).to_series().to_numpy().copy()
