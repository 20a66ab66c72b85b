"""Lots: the production of a routing, factory and week, apart by the firm work it covers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import week_index_expr
from planning.domain.network import Network
from planning.schedule.pegging import OrderLine, Supply, deliveries, lanes_into, peg

#: Good units below which a lot is solver dust.
_DUST = 1e-6
_RANK = {"started": 0, "pinned": 1}


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
    network: Network, production: pl.DataFrame, promises: pl.DataFrame
) -> tuple[pl.DataFrame, list[list[Lot]]]:
    """Split every production row into lots.

    Firm work keeps its work order: started first, then pinned, each up to what is left of it. The
    rest is one lot, named factory/routing/week. Confirmed orders fill the lots in that order.

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
    return rows, _with_orders(network, rows, lots, promises)


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
    network: Network, rows: pl.DataFrame, lots: list[list[Lot]], promises: pl.DataFrame
) -> list[list[Lot]]:
    """Name the order lines of every lot."""
    supplies: list[Supply] = []
    places: list[tuple[int, int]] = []
    for confirmed, row in zip(rows["for_confirmed"].to_list(), lots, strict=True):
        left = confirmed
        for position, lot in enumerate(row):
            units = left if position == len(row) - 1 else min(left, lot.quantity)
            left -= units
            supplies.append(Supply(len(supplies), lot.product, lot.factory, lot.week, units))
            places.append((lot.row, position))
    served = peg(supplies, deliveries(network, promises), lanes_into(network))
    for name, orders in served.items():
        row_number, position = places[name]
        lots[row_number][position] = replace(lots[row_number][position], orders=tuple(orders))
    return lots
