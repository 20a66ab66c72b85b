"""A plan polished: with its whole numbers held, everything divisible is brought to its optimum."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.holding import held_at
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers.answer import Answer, Cancelled, Limits, Vector
from planning.optimise.solvers.runs import attempt

#: Seconds it gets in any case; it is one linear program.
POLISH_SECONDS = 30.0


def polished(model: Model, answer: Answer, limits: Limits, cancelled: Cancelled | None = None) -> Answer:
    """`answer` with everything divisible at its optimum for the whole numbers held.

    Gross units that no good unit needs and set-ups without work behind them are taken back: where nothing
    prices them a solver leaves them in. What comes back is never worse than `answer`, and is `answer` where
    it was stopped.
    """
    needed = _needed_gross(model, answer.x)
    whole = np.where(_idle_set_ups(model, needed), 0.0, needed)
    held = divisible(held_at(model, whole, model.integer))
    limits = replace(limits, seconds=max(limits.seconds, POLISH_SECONDS))
    best = attempt(held, limits, None, cancelled, basis=answer.basis)
    if best is None or best.objective > answer.objective:
        return answer
    return replace(answer, x=best.x, objective=best.objective, bound=min(answer.bound, best.objective))


def _needed_gross(model: Model, x: Vector) -> Vector:
    """`x` with gross[v,f,t] and batch[v,f,t] at the fewest whole ones that give make[v,f,t]."""
    rows, fewest = model.rows["yield"], x.copy()
    row = rows.row
    started = rows.coef < 0
    made = np.bincount(row, np.where(started, 0.0, rows.coef * x[rows.col]), minlength=len(rows))
    column, good = rows.col[started], -rows.coef[started]
    fewest[column] = np.minimum(x[column], np.ceil(made[row[started]] / good - 1e-9))
    return fewest


def _idle_set_ups(model: Model, x: Vector) -> NDArray[np.bool_]:
    """Columns of run[v,f,t] = 1 without any gross unit behind them."""
    key = ["v", "f", "t"]
    busy = [model.values(name, x).filter(pl.col("value") > 1e-9) for name in ("make", "gross", "batch")]
    work = pl.concat([rows.select(key) for rows in busy]).unique()
    idle = model.families["run"].frame.join(work, on=key, how="anti")
    mask = np.zeros(len(model.upper), dtype=bool)
    mask[idle["col"].to_numpy()] = True
    return mask
