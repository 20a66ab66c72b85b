"""The decisions of a plan that is there, by the indices of a new problem: what may be kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.plan import Plan
from planning.domain.problem import Names, Problem


@dataclass(frozen=True)
class Decisions:
    """Index columns and `value` by the names of the model's families; what has no row is 0.

    Parameters
    ----------
    version : what a planner knows the plan by.
    bound : what no plan of its problem costs less than.
    families : make, gross, batch, run (v, f, t); ship (p, f, m, t); on_rent, start (o, f, t); kept (c, f, t);
        move, move_contract (o or c, f, f2, t).
    caps : o, f, t, units: the long starts its first solve allowed; f = −1 over all factories.
    """

    version: int
    bound: float
    families: Mapping[str, pl.DataFrame]
    caps: pl.DataFrame


def decisions_of(plan: Plan, problem: Problem) -> Decisions:
    """What `plan` decided, as far as the ids it names are still known to `problem`."""
    names, start = problem.names, problem.policy.start_week
    made = _weekly(plan["production"], "week", start)
    ships = _weekly(plan["shipments"], "ship_week", start)
    fleet = _weekly(plan["fleet"], "week", start)
    rents = _weekly(plan["rentals"].filter(pl.col("action") == "rent"), "on_rent_date", start)
    moves = _weekly(plan["rentals"].filter(pl.col("action") == "move"), "off_rent_date", start)
    route, offer = {"v": "routing", "f": "factory"}, {"o": "id", "f": "factory"}
    contract, there = {"c": "id", "f": "factory"}, {"f2": "to_factory"}
    families = {
        "make": _cells(made, "quantity", names, route),
        "gross": _cells(made, "gross", names, route),
        "batch": _cells(made, "batches", names, route),
        "run": _cells(made, "setup", names, route),
        "ship": _cells(ships, "quantity", names, {"p": "product", "f": "factory", "m": "market"}),
        "on_rent": _cells(fleet.filter(pl.col("source") == "offer"), "units", names, offer),
        "kept": _cells(fleet.filter(pl.col("source") == "contract"), "units", names, contract),
        "start": _cells(rents, "units", names, offer),
        "move": _cells(moves, "units", names, offer | there),
        "move_contract": _cells(moves, "units", names, contract | there),
    }
    version, bound = int(plan.summary["version"]), float(plan.summary["bound"])
    return Decisions(version, bound, families, _caps(plan, problem))


def _weekly(rows: pl.DataFrame, column: str, start: date) -> pl.DataFrame:
    return rows.with_columns(t=week_index_expr(column, start))


def _cells(rows: pl.DataFrame, column: str, names: Names, by: Mapping[str, str]) -> pl.DataFrame:
    """Sums of `column` by index letter and week, of rows all of whose ids are known."""
    coded = rows.select(
        "t",
        *(_coded(rows[ids], getattr(names, letter[0])).alias(letter) for letter, ids in by.items()),
        value=pl.col(column).cast(pl.Float64),
    )
    key = [*by, "t"]
    return coded.drop_nulls(key).group_by(key).agg(pl.col("value").sum()).sort(key)


def _coded(ids: pl.Series, known: list[str]) -> pl.Series:
    """Index of each id; null for what is not known any more."""
    return ids.replace_strict(known, range(len(known)), default=None, return_dtype=pl.Int64)


def _caps(plan: Plan, problem: Problem) -> pl.DataFrame:
    schema = {"offer": pl.String, "factory": pl.String, "week": pl.String, "units": pl.Int64}
    rows = (plan.summary.get("commitment") or {}).get("caps") or []
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("week").str.to_date())
    cells = _weekly(frame, "week", problem.policy.start_week).select(
        _coded(frame["offer"], problem.names.o).alias("o"),
        pl.when(frame["factory"].is_null())
        .then(-1)
        .otherwise(_coded(frame["factory"], problem.names.f))
        .alias("f"),
        "t",
        "units",
    )
    return cells.drop_nulls().sort("o", "f", "t")
