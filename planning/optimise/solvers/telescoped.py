"""The relaxation with a telescoped calendar: a few weeks at a time are together, which tells its prices.

In a bucket of weeks what flows (made, shipped, served, bought, hours) is spread evenly and what lies (stock,
goods in transit, materials, backlog) grows evenly from one bucket's end to the next; balances and hours of
the bucket are added up. Robots are rented, moved and returned week by week as before, under all their rules.
"""

import numpy as np
import polars as pl
from scipy import sparse

from planning.optimise.model.algebra import Family, Model
from planning.optimise.model.rent import FLEET
from planning.optimise.solvers.answer import Limits
from planning.optimise.solvers.joined import Columns, Joined, Sums, joined

#: Families whose columns stay week by week, and those of what lies from week to week.
_WEEKLY = (*FLEET, "robots", "floor_over")
_LYING = ("stock", "pool", "material", "backlog")


def telescoped(model: Model, width: int, limits: Limits) -> Joined:
    """The relaxation of `model` with its weeks in buckets of `width`."""
    together = np.zeros(len(model.upper), dtype=bool)
    for name in filter(lambda name: _is_joined(model.families[name]), model.families):
        together[model.families[name].frame["col"].to_numpy()] = True
    sums = {}
    for name, rows in model.rows.items():
        if len(rows) and "t" in rows.index.columns and together[rows.col].any():
            index = rows.index.with_columns(pl.col("t") // width)
            sums[name] = Sums(_numbers(index, index.columns), np.ones(len(rows)))
    return joined(model, _columns(model, width), sums, limits)


def _is_joined(family: Family) -> bool:
    return family.name not in _WEEKLY and "t" in family.frame.columns and len(family) > 0


def _numbers(index: pl.DataFrame, names: list[str]) -> np.ndarray:
    """A number for each row, the same where `names` are, beginning with 0."""
    return index.select(pl.struct(names).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()


def _columns(model: Model, width: int) -> Columns:
    """The columns of a bucket as one."""
    weeks = 1 + max(
        (int(one.frame["t"].max()) for one in model.families.values() if _is_joined(one)),  # type: ignore[arg-type]
        default=0,
    )
    first, parts = 0, []
    for family in filter(len, model.families.values()):
        as_it_is = family.frame.select("col", share=1.0, limit=1.0, y=pl.int_range(pl.len()))
        part = _joined(family, width, weeks) if _is_joined(family) else as_it_is
        parts.append(part.with_columns(pl.col("y") + first))
        first += int(part["y"].max()) + 1  # type: ignore[arg-type]
    cells = pl.concat(parts)
    col, y = cells["col"].to_numpy(), cells["y"].to_numpy()
    spread = sparse.csr_matrix((cells["share"].to_numpy(), (col, y)), shape=(len(model.upper), first))
    limits = sparse.csr_matrix((cells["limit"].to_numpy(), (y, col)), shape=(first, len(model.upper)))
    return Columns(spread, limits)


def _joined(family: Family, width: int, horizon: int) -> pl.DataFrame:
    """col, share, limit, y: what each column has of which joined one; what lies has a part of two."""
    key = [name for name in family.index.columns if name != "t"]
    cells = family.frame.with_columns(bucket=pl.col("t") // width)
    cells = cells.with_columns(
        y=pl.Series(_numbers(cells, [*key, "bucket"])), weeks=pl.len().over(*key, "bucket")
    )
    if family.name not in _LYING:
        return cells.select("col", share=1 / pl.col("weeks"), limit=1.0, y="y")
    begins = pl.col("bucket") * width
    done = (pl.col("t") - begins + 1) / pl.min_horizontal(pl.lit(width), horizon - begins)
    cells = cells.with_columns(share=done, limit=1 / pl.col("weeks"))
    ends = cells.select(*key, pl.col("bucket") + 1, before="y").unique()
    earlier = cells.filter(pl.col("share") < 1).join(ends, on=[*key, "bucket"])
    earlier = earlier.select("col", share=1 - pl.col("share"), limit=0.0, y="before")
    return pl.concat([cells.select("col", "share", "limit", "y"), earlier])
