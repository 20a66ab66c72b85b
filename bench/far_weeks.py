"""The relaxation with a telescoped calendar: weeks beyond a near one are together in buckets.

In a bucket of weeks what flows (made, shipped, served, bought, hours) is spread evenly and what lies (stock,
goods in transit, materials, backlog) grows evenly from one bucket's end to the next; balances and hours of
the bucket are added up. Robots are rented, moved and returned week by week as before, under all their rules,
so what is found is a fleet of the whole program.

With rows added up and no columns tied, it is a relaxation: what it costs is a bound.
"""

import numpy as np
import polars as pl
from scipy import sparse

from bench.joined import Columns, Joined, Sums, joined
from planning.optimise.holding import FLEET
from planning.optimise.model.algebra import Family, Model

#: Families whose columns stay week by week, and those of what lies from week to week.
_WEEKLY = (*FLEET, "robots", "floor_over")
_LYING = ("stock", "pool", "material", "backlog")


def telescoped(model: Model, near: int, width: int, *, tied: bool = True) -> Joined:
    """The relaxation with weeks from `near` on in buckets of `width`.

    Parameters
    ----------
    tied : their columns are joined too, not only their rows added up.
    """
    moves = _joins(model)
    free = [name for name, family in model.families.items() if name in moves and len(family)]
    together = np.zeros(len(model.upper), dtype=bool)
    for name in free:
        together[model.families[name].frame["col"].to_numpy()] = True
    sums = {}
    for name, rows in model.rows.items():
        if len(rows) and "t" in rows.index.columns and together[rows.col].any():
            number = pl.struct(_bucketed(rows.index, near, width)).rank("dense").cast(pl.Int64) - 1
            found = rows.index.select(number.alias("id"))["id"].to_numpy()
            sums[name] = Sums(found, np.ones(len(rows)))
    return joined(model, _columns(model, near, width) if tied else _apart(model), sums)


def _joins(model: Model) -> list[str]:
    return [name for name, one in model.families.items() if name not in _WEEKLY and "t" in one.frame.columns]


def _bucketed(index: pl.DataFrame, near: int, width: int) -> list[pl.Expr]:
    """The index columns with the bucket for the week."""
    far = near + (pl.col("t") - near) // width
    bucket = pl.when(pl.col("t") < near).then(pl.col("t")).otherwise(far).alias("t")
    return [bucket if name == "t" else pl.col(name) for name in index.columns if name != "col"]


def _apart(model: Model) -> Columns:
    same = sparse.identity(len(model.upper), format="csr")
    return Columns(same, same)


def _columns(model: Model, near: int, width: int) -> Columns:
    """The columns of a bucket as one."""
    together, first = _joins(model), 0
    parts: list[pl.DataFrame] = []
    for name, family in ((name, family) for name, family in model.families.items() if len(family)):
        as_it_is = family.frame.select("col", share=1.0, limit=1.0, y=pl.int_range(pl.len()))
        part = _joined(family, near, width, lies=name in _LYING) if name in together else as_it_is
        parts.append(part.with_columns(pl.col("y") + first))
        first += int(part["y"].max()) + 1  # type: ignore[arg-type]
    cells = pl.concat(parts)
    col, y = cells["col"].to_numpy(), cells["y"].to_numpy()
    spread = sparse.csr_matrix((cells["share"].to_numpy(), (col, y)), shape=(len(model.upper), first))
    limits = sparse.csr_matrix((cells["limit"].to_numpy(), (y, col)), shape=(first, len(model.upper)))
    return Columns(spread, limits)


def _joined(family: Family, near: int, width: int, *, lies: bool) -> pl.DataFrame:
    """col, share, limit, y: what each column has of which joined one; what lies has a part of two."""
    key = [name for name in family.frame.columns if name not in ("col", "t")]
    bucket = _bucketed(family.frame.select("t"), near, width)[0].alias("bucket")
    cells = family.frame.with_columns(bucket)
    cells = cells.with_columns(
        y=pl.struct(*key, "bucket").rank("dense").cast(pl.Int64) - 1, weeks=pl.len().over(*key, "bucket")
    )
    if not lies:
        return cells.select("col", share=1 / pl.col("weeks"), limit=1.0, y="y")
    since = pl.col("t") - near
    weeks = pl.min_horizontal(pl.lit(width), pl.col("t").max() + 1 - (pl.col("t") - since % width))
    done = pl.when(since < 0).then(1.0).otherwise((since % width + 1) / weeks)
    cells = cells.with_columns(share=done, limit=1 / pl.col("weeks"))
    ends = cells.select(*key, pl.col("bucket") + 1, before="y").unique()
    earlier = cells.filter(pl.col("share") < 1).join(ends, on=[*key, "bucket"])
    earlier = earlier.select("col", share=1 - pl.col("share"), limit=0.0, y="before")
    return pl.concat([cells.select("col", "share", "limit", "y"), earlier])
