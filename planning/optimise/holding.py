"""What the steps of a solve have in common: families held or divisible, and shares of time and gap."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.model.algebra import Model
from planning.optimise.model.rent import FLEET
from planning.optimise.solvers.answer import Answer, Limits, Vector

Mask = NDArray[np.bool_]

LOTS = ("run", "batch", "make", "gross")

#: No step is pressed below this gap.
FINEST = 1e-3

#: Of the time limit, what lots get even when it has passed: a plan a little late is worth more than none.
LOTS_PATIENCE = 0.5

#: A step that has found nothing in its time takes the first it finds, for as many time limits.
RESCUE, ANY_GAP = 10.0, 1e9


def columns(model: Model, names: tuple[str, ...]) -> Mask:
    """The columns of some families."""
    mask = np.zeros(len(model.upper), dtype=bool)
    for name in names:
        mask[model.families[name].frame["col"].to_numpy()] = True
    return mask


def holding(model: Model, answer: Answer, held: Mask) -> Model:
    """The program with the whole variables among `held` at their values in `answer`."""
    return held_at(model, answer.x, held & model.integer)


def held_at(model: Model, x: Vector, held: Mask) -> Model:
    """The program with the columns `held` at their values in `x`, whole or not."""
    return replace(model, lower=np.where(held, x, model.lower), upper=np.where(held, x, model.upper))


def decides_fleet(model: Model) -> bool:
    """Whether there is anything of the fleet to decide."""
    return bool((model.integer & columns(model, FLEET) & (model.lower < model.upper)).any())


def step_gap(limits: Limits, share: float) -> float:
    """What a step may leave of the gap asked for."""
    return max(limits.gap * share, FINEST)


def patient(limits: Limits) -> Limits:
    """Time to find any plan at all: one far from the best is worth more than none."""
    return replace(limits, gap=ANY_GAP, seconds=RESCUE * limits.seconds)


def products(model: Model) -> NDArray[np.int64]:
    """The product p of each column that has one, by itself or by its routing; −1 of all others."""
    rows = model.rows["stock"]
    row = rows.row
    product = np.full(len(model.upper), -1, dtype=np.int64)
    if len(rows):
        product[rows.col] = rows.index["p"].to_numpy()[row]
    made = model.families["make"].frame
    routes = made.select("v", p=pl.Series(product[made["col"].to_numpy()])).unique()
    for family in filter(len, model.families.values()):
        cells = family.frame
        if "p" not in cells.columns and "v" in cells.columns:
            cells = cells.join(routes, on="v", how="left", maintain_order="left")
        if "p" in cells.columns:
            product[cells["col"].to_numpy()] = cells["p"].fill_null(-1).to_numpy()
    return product
