"""Small programs that have nothing to do with robots, for the solver and the steps around it."""

import numpy as np
import polars as pl

from planning.optimise.model.algebra import Model


def covering(demand: float = 5.0, pack: float = 2.0, most: float | None = None) -> Model:
    """Cover `demand` with packs at 3 each and single units at 2 each: whole packs, divisible units.

    With 5 to cover the relaxation costs 7.5 (2½ packs); the best whole plan is 2 packs and a unit, 8.
    """
    model = Model("covering")
    model.add_variables("packs", pl.DataFrame({"t": [0], "upper": [most]}), integer=True)
    model.add_variables("units", pl.DataFrame({"t": [0], "upper": [most]}))
    row = pl.DataFrame({"t": [0], "rhs": [demand]})
    model.add("cover", row, ">=", model["packs"] * pack, model["units"])
    model.add_cost("packs", model["packs"] * 3.0)
    model.add_cost("units", model["units"] * 2.0)
    model.add_cost("fixed", constant=100.0)
    return model


def knapsacks(size: int = 60, limits: int = 12, seed: int = 7) -> Model:
    """The most valuable choice within several limits: easy to find some answer, long to prove the best."""
    dice = np.random.default_rng(seed)
    model = Model("knapsacks")
    model.add_variables("take", pl.DataFrame({"i": range(size), "upper": [1.0] * size}), integer=True)
    for number in range(limits):
        weights = pl.DataFrame({"i": range(size), "weight": dice.integers(5, 60, size).astype(float)})
        limit = float(weights["weight"].to_numpy().sum() / 3)
        model.add(
            f"limit{number}",
            pl.DataFrame({"rhs": [limit]}),
            "<=",
            model["take"].per(weights, "weight").over(),
        )
    worth = pl.DataFrame({"i": range(size), "worth": -dice.integers(10, 60, size).astype(float)})
    model.add_cost("worth", model["take"].per(worth, "worth"))
    return model
