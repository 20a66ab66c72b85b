"""Rule 8: long rent follows demand that is as good as sold."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model, Terms
from planning.optimise.model.eligible import Eligible
from planning.optimise.model.rent import pools


def restricts(problem: Problem) -> bool:
    """Whether any offer or contract has terms that the rule limits."""
    long = problem.offers.filter(pl.col("long_start") | pl.col("long_renewal"))[["o"]]
    places = pl.concat([problem.standing[["o"]], problem.contracts[["o"]]])
    return not places.join(long, on="o", how="semi").is_empty()


def long_starts(model: Model, problem: Problem, can: Eligible) -> Terms:
    """Long starts by o, f, t: rents with a long minimum term, and renewals for long.

    Renewals of units that may be moved hold over all factories together; they count at factory −1.
    """
    offers = problem.offers
    key = ["o", "f", "t"]
    long = offers.filter("long_start").select("o", one=pl.lit(1.0))
    starts = model["start"].per(long, "one").over(*key)
    renewing = offers.filter("long_renewal")[["o", "min_term", "renewal"]]
    lot = model.families["lot"].frame.join(renewing, on="o").join(pools(problem, can), on=["o", "f"])
    again = lot.with_columns(
        t=pl.int_ranges(pl.col("s") + pl.col("min_term"), pl.col("e"), pl.col("renewal"))
    )
    again = again.explode("t", empty_as_null=False).select("o", "t", "col", f="pool", coef=pl.lit(1.0))
    kept = model.families["kept"].frame.join(problem.contracts[["c", "o", "min_end"]], on="c")
    kept = kept.join(renewing, on="o").filter(
        (pl.col("t") >= pl.col("min_end")) & ((pl.col("t") - pl.col("min_end")) % pl.col("renewal") == 0)
    )
    rolled = kept.select("o", "f", "t", "col", coef=pl.lit(1.0))
    order = [*key, "col", "coef"]
    return Terms(pl.concat([starts.frame[order], again[order], rolled[order]]))


def caps_of(model: Model, problem: Problem, can: Eligible, x: NDArray[np.float64]) -> pl.DataFrame:
    """o, f, t, units: the long starts of a solved first model."""
    cells = long_starts(model, problem, can).frame
    cells = cells.with_columns(units=pl.col("coef") * pl.Series(x[cells["col"].to_numpy()]))
    starts = cells.group_by("o", "f", "t").agg(pl.col("units").sum().round())
    return starts.filter(pl.col("units") > 0).sort("o", "f", "t")


def commitment_caps(model: Model, problem: Problem, can: Eligible, caps: pl.DataFrame) -> None:
    """Σ_{τ ≤ t} long starts[o,f,τ] ≤ Σ_{τ ≤ t} caps[o,f,τ]"""
    starts = long_starts(model, problem, can)
    horizon = problem.weeks
    total = Terms(starts.frame.with_columns(rest=pl.lit(horizon, pl.Int64))).lasting("rest", horizon)
    cells = total.frame[["o", "f", "t"]].unique()
    allowed = cells.join(caps.rename({"t": "s"}), on=["o", "f"], how="left").filter(
        (pl.col("s") <= pl.col("t")).fill_null(True)
    )
    allowed = allowed.group_by("o", "f", "t").agg(rhs=pl.col("units").fill_null(0.0).sum())
    rows = cells.join(allowed, on=["o", "f", "t"], how="left").with_columns(pl.col("rhs").fill_null(0.0))
    model.add("commitment", rows.sort("o", "f", "t"), "<=", total.over("o", "f", "t"))
