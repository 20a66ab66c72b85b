"""Lots: the production of a routing, factory and week, apart by the firm work it covers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.network import Network
from planning.schedule.pegging import shared_among

#: Good units below which a lot is solver dust.
_DUST = 1e-6
_RANK = {"started": 0, "pinned": 1}


@dataclass(frozen=True, order=True)
class OrderLine:
    """An order line as the shop floor ranks it: due first, then by priority, then by id."""

    due: date
    priority: int
    order_id: str
    line: int

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line}"


@dataclass(frozen=True)
class Lot:
    """A part of a production row that is one work order.

    Parameters
    ----------
    row : number of the production row, counted over factory, week and routing in order.
    quantity : good units; `share` of the row's.
    status : started, pinned, firm or planned.
    orders : the order lines it is for, first due first.
    """

    work_order: str
    row: int
    factory: str
    product: str
    routing: str
    week: date
    quantity: float
    share: float
    status: str
    orders: tuple[OrderLine, ...] = ()


def make_lots(
    network: Network, production: pl.DataFrame, pegs: pl.DataFrame
) -> tuple[pl.DataFrame, list[list[Lot]]]:
    """Split every production row into lots.

    Firm work keeps its work order: started first, then pinned, each up to what is left of it. The
    rest is one lot, named factory/routing/week. Confirmed orders fill the lots in that order.

    Parameters
    ----------
    pegs : PEGS of the plan.

    Returns
    -------
    The production rows in order with their number in `row`, and the lots of each row in order.
    """
    rows = production.filter(pl.col("gross") > _DUST).sort("factory", "week", "routing", "product")
    rows = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    firm = _firm_work(network)
    firm_weeks = network.policy.weeks[: network.policy.firm_weeks]
    lots = _unique(
        _split(row, firm.get((row["factory"], row["routing"], row["week"]), []), firm_weeks)
        for row in rows.iter_rows(named=True)
    )
    return rows, _with_orders(network, rows, lots, pegs)


def _firm_work(network: Network) -> dict[tuple[str, str, date], list[dict[str, Any]]]:
    """firm_work.csv by factory, routing and week, started first; what is overdue stands in the first week."""
    policy = network.policy
    bucket = week_index_expr("week", policy.start_week).clip(0)
    rows = network["firm_work"].with_columns(bucket=bucket).filter(pl.col("quantity_left") > 0)
    found: dict[tuple[str, str, date], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.filter(pl.col("bucket") < policy.horizon_weeks).iter_rows(named=True):
        found[row["factory"], row["routing"], policy.weeks[row["bucket"]]].append(row)
    for standing in found.values():
        standing.sort(key=lambda row: (_RANK[row["status"]], row["work_order"]))
    return found


def _split(row: dict[str, Any], standing: list[dict[str, Any]], firm_weeks: list[date]) -> list[Lot]:
    """The lots of one production row: firm work first, the rest last."""
    week: date = row["week"]
    rest = Lot(
        work_order=f"{row['factory']}/{row['routing']}/{week:%G-W%V}",
        row=row["row"],
        factory=row["factory"],
        product=row["product"],
        routing=row["routing"],
        week=week,
        quantity=row["quantity"],
        share=1.0,
        status="firm" if week in firm_weeks else "planned",
    )
    lots, left = [], row["quantity"]
    for work in standing:
        quantity = round(min(work["quantity_left"], left), 6)
        if quantity <= _DUST:
            continue
        left = round(left - quantity, 6)
        share = quantity / row["quantity"]
        lots.append(
            replace(
                rest, work_order=work["work_order"], quantity=quantity, share=share, status=work["status"]
            )
        )
    if not lots:
        return [rest]
    if left > _DUST:
        lots.append(replace(rest, quantity=left, share=left / row["quantity"]))
    return lots


def _unique(lots: Iterable[list[Lot]]) -> list[list[Lot]]:
    """Number work orders whose name is taken already: ids may hold the separator themselves."""
    seen: dict[str, int] = defaultdict(int)
    named = []
    for row in lots:
        fresh = []
        for lot in row:
            seen[lot.work_order] += 1
            count = seen[lot.work_order]
            fresh.append(lot if count == 1 else replace(lot, work_order=f"{lot.work_order}#{count}"))
        named.append(fresh)
    return named


def _with_orders(
    network: Network, rows: pl.DataFrame, lots: list[list[Lot]], pegs: pl.DataFrame
) -> list[list[Lot]]:
    """Name the order lines of every lot: confirmed orders fill the lots of a row one after the other."""
    ranked = _order_lines(network, pegs)
    key = ["factory", "routing", "made_week"]
    for_orders = pegs.filter((pl.col("use") == "order") & pl.col("routing").is_not_null())
    parcels: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for parcel in for_orders.select(*key, "order_id", "line", "units").iter_rows(named=True):
        parcels[parcel["factory"], parcel["routing"], parcel["made_week"]].append(parcel)
    for cell, row in zip(rows.select("factory", "routing", "week").iter_rows(), lots, strict=True):
        served: dict[int, set[OrderLine]] = defaultdict(set)
        for place, parcel in shared_among(parcels.get(cell, ()), [lot.quantity for lot in row]):
            served[place].add(ranked[parcel["order_id"], parcel["line"]])
        for place, orders in served.items():
            row[place] = replace(row[place], orders=tuple(sorted(orders)))
    return lots


def _order_lines(network: Network, pegs: pl.DataFrame) -> dict[tuple[str, int], OrderLine]:
    """The order lines served, with due date and priority of their orders."""
    known = network["orders"].select("order_id", "line", "due_date", "priority")
    rows = (
        pegs.filter(pl.col("use") == "order")
        .select("order_id", "line", "due_week")
        .unique()
        .join(known, on=["order_id", "line"], how="left")
        .with_columns(
            pl.col("due_date").fill_null(pl.col("due_week") + pl.duration(days=6)),
            pl.col("priority").fill_null(2),
        )
    )
    return {
        (row["order_id"], row["line"]): OrderLine(
            row["due_date"], row["priority"], row["order_id"], row["line"]
        )
        for row in rows.iter_rows(named=True)
    }
