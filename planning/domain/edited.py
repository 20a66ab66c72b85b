"""A plan that a planner edited outside Takt: what differs, and the pins that ask for it."""

from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.scenario import RowChange

_CELL = ["factory", "routing", "week"]
#: Amounts of an export hold within so much: its parts, added up, are not edits.
_UNIT = 1e-3

#: A difference: good units of a run as planned and as edited.
EDIT = dict.fromkeys(("factory", "product", "routing"), pl.String) | {
    "week": pl.Date,
    "planned": pl.Float64,
    "edited": pl.Float64,
}


def edits(plan: Plan, edited: pl.DataFrame, weeks: set[date] | None = None) -> pl.DataFrame:
    """EDIT, what an edited plan makes differently; runs it does not list any more are edited to 0.

    Parameters
    ----------
    edited : factory, routing, week, quantity; rows of one run add up.
    weeks : those the edited file speaks of; all of the plan when None.
    """
    planned = (
        plan["production"].group_by(_CELL).agg(pl.col("product").first(), planned=pl.col("quantity").sum())
    )
    if weeks is not None:
        planned = planned.filter(pl.col("week").is_in(list(weeks)))
    owner = plan["production"].select("routing", of="product").unique("routing", keep="first")
    said = edited.group_by(_CELL).agg(edited=pl.col("quantity").sum())
    rows = (
        planned.join(said, on=_CELL, how="full", coalesce=True)
        .join(owner, on="routing", how="left")
        .with_columns(pl.col("planned", "edited").fill_null(0.0), product=pl.coalesce("product", "of"))
        .filter((pl.col("planned") - pl.col("edited")).abs() > _UNIT)
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in EDIT.items()).sort(
        "week", "factory", "routing"
    )


def pins(differences: pl.DataFrame, network: Network) -> list[RowChange]:
    """Pinned rows of firm_work.csv that ask for every run edited to more than is planned.

    A pin says at least: what is edited to less is left to the next solve. What stands as firm work already
    counts towards it.

    Parameters
    ----------
    differences : EDIT.
    """
    firm = network["firm_work"]
    asked = []
    for row in differences.filter(pl.col("edited") > pl.col("planned")).iter_rows(named=True):
        id = f"edited-{row['factory']}-{row['routing']}-{row['week']:%G-W%V}"
        stands = firm.filter(
            pl.col("work_order") != id, *(pl.col(column) == row[column] for column in _CELL)
        )["quantity_left"]
        left = row["edited"] - sum(stands.to_list())
        if left > _UNIT:
            values = {column: row[column] for column in _CELL} | {"quantity_left": left, "status": "pinned"}
            asked.append(RowChange("firm_work", {"work_order": id}, values))
    return asked
