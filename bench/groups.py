"""The relaxation with products of one kind together: same robots and factories, about the same value.

Columns of the products of a group stand in fixed shares of demand to each other, whatever the market and the
priority; their rows are added up, both counted in robot hours. All other rows and columns stay as they are,
so the duals of what the products share are prices of it in the whole program.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Limits, Vector
from planning.optimise.solvers.joined import Columns, Joined, Sums, joined

#: What of a family's index tells products of a group apart.
_APART = ("p", "v", "m", "k", "col")

#: Demand of a product nobody asks for: a share of nothing would be none.
_LEAST = 1e-3


@dataclass(frozen=True)
class Shares:
    """Of each column: the column of its group, its share of it, and robot hours per unit."""

    column: np.ndarray
    share: Vector
    hours: Vector

    @property
    def columns(self) -> Columns:
        """As the smaller program takes them."""
        number = np.arange(len(self.column))
        return Columns(
            sparse.csr_matrix((self.share, (number, self.column))),
            sparse.csr_matrix((self.hours, (self.column, number))),
        )


def grouped(problem: Problem, model: Model, classes: int, limits: Limits) -> Joined:
    """The relaxation of groups, each robot and factory set in `classes` of value per robot hour."""
    products = _products(problem, classes)
    owner = problem.routes.select("v", "p").unique()
    shares = _shares(model, products, owner, _asked(problem))
    sums = {}
    for name, rows in ((name, rows) for name, rows in model.rows.items() if len(rows)):
        keyed = _keyed(rows.index, products, owner)
        if keyed is not None:
            sums[name] = Sums(keyed["id"].to_numpy(), keyed["hours"].to_numpy())
    return joined(model, shares.columns, sums, limits)


def _products(problem: Problem, classes: int) -> pl.DataFrame:
    """p, g (its group), hours per unit, asked (units in all)."""
    places = problem.work.select("p", place=pl.format("{} {}", "f", "r")).unique().sort("place")
    places = places.group_by("p").agg(places=pl.col("place").str.join(","))
    hours = problem.work.group_by("p").agg(hours=pl.col("gross_hours").mean())
    asked = _asked(problem).group_by("p").agg(pl.col("asked").sum())
    rows = problem.products.select("p", "price")
    for more in (places, hours, asked):
        rows = rows.join(more, on="p", how="left", maintain_order="left")
    rows = rows.with_columns(
        pl.col("places").fill_null(""),
        pl.col("hours").fill_null(1.0),
        pl.col("asked").fill_null(0.0).clip(_LEAST),
    )
    rank = (pl.col("price") / pl.col("hours")).rank("ordinal").over("places") - 1
    rows = rows.with_columns(value=(rank * classes / pl.len().over("places")).floor())
    return rows.select("p", "hours", "asked", g=pl.struct("places", "value").rank("dense"))


def _asked(problem: Problem) -> pl.DataFrame:
    """p, m, asked: units over all weeks."""
    parts = [rows.select("p", "m", "quantity") for rows in (problem.due, problem.expected)]
    return pl.concat(parts).group_by("p", "m").agg(asked=pl.col("quantity").sum())


def _keyed(index: pl.DataFrame, products: pl.DataFrame, owner: pl.DataFrame) -> pl.DataFrame | None:
    """`index` with group number `id`, hours and asked of its product; None where it has no product."""
    if "v" in index.columns and "p" not in index.columns:
        index = index.join(owner, on="v", how="left", maintain_order="left")
    if "p" not in index.columns:
        return None
    rows = index.join(products, on="p", how="left", maintain_order="left")
    key = ["g", *(name for name in index.columns if name not in _APART)]
    return rows.with_columns(id=pl.struct(key).rank("dense").cast(pl.Int64) - 1)


def _shares(model: Model, products: pl.DataFrame, owner: pl.DataFrame, asked: pl.DataFrame) -> Shares:
    count, first = len(model.upper), 0
    column, share, hours = np.arange(count), np.ones(count), np.ones(count)
    good = _good(model)
    for name, family in ((name, family) for name, family in model.families.items() if len(family)):
        cols, keyed = family.frame["col"].to_numpy(), _keyed(family.frame, products, owner)
        if keyed is None:
            column[cols] = first + np.arange(len(cols))
            first += len(cols)
            continue
        if "m" in keyed.columns:
            keyed = keyed.drop("asked").join(asked, on=["p", "m"], how="left", maintain_order="left")
        per_unit = good[cols] if name in ("gross", "batch") else 1.0
        column[cols] = first + keyed["id"].to_numpy()
        share[cols] = keyed["asked"].fill_null(0.0).clip(_LEAST).to_numpy() / per_unit
        hours[cols] = keyed["hours"].to_numpy() * per_unit
        first += int(keyed["id"].max()) + 1  # type: ignore[arg-type]
    return Shares(column, share / np.bincount(column, share * hours)[column], hours)


def _good(model: Model) -> Vector:
    """Good units of a gross unit or a batch; 1 for all other columns."""
    good = np.ones(len(model.upper))
    rows = model.rows["yield"]
    started = rows.coef < 0
    good[rows.col[started]] = -rows.coef[started]
    return good
