"""What becomes of every unit of an order, a work order or a shipment: the parts add up to the whole."""

import polars as pl

from planning.domain.thread import Kind
from planning.workflows.thread_facts import Facts
from planning.workflows.thread_links import LINE
from planning.workflows.thread_subjects import Subject

_TINY = 1e-4


def balance_of(facts: Facts, about: Subject, kind: Kind) -> dict[str, float]:
    """The whole first, then its parts; parts that are nothing are left out.

    Returns
    -------
    Of an order: ordered = shipped + cancelled + from work + from stock + on the way + refused + open + not in
    the plan. Of a work order: made, of a shipment: sent = for orders + for expected demand + left over.
    Nothing for anything else.
    """
    if kind == "order":
        return _of_order(facts, about)
    if kind in {"work order", "shipment"}:
        uses = dict(about.ways.group_by("use").agg(pl.col("units").sum()).iter_rows())
        whole = "made" if kind == "work order" else "sent"
        parts = {
            "for orders": uses.get("order", 0.0),
            "for expected demand": uses.get("expected", 0.0),
            "left over": uses.get("left", 0.0),
        }
        return {whole: float(about.ways["units"].sum())} | _something(parts)
    return {}


def _of_order(facts: Facts, about: Subject) -> dict[str, float]:
    rows = facts.network["orders"].join(about.lines, on=LINE, how="semi")
    promised = facts.table("promises").join(about.lines, on=LINE, how="semi")
    ordered, shipped = float(rows["quantity"].sum()), float(rows["quantity_shipped"].sum())
    gone = rows.filter(pl.col("status") != "confirmed")
    cancelled = float((gone["quantity"] - gone["quantity_shipped"]).clip(0).sum())
    ways = about.ways
    parts = {
        "shipped": shipped,
        "cancelled": cancelled,
        "from work": _sum(ways.filter(pl.col("work_order").is_not_null()), "units"),
        "from stock": _sum(
            ways.filter(pl.col("work_order").is_null() & pl.col("factory").is_not_null()), "units"
        ),
        "on the way": _sum(ways.filter(pl.col("factory").is_null()), "units"),
        "refused": _sum(promised.filter(pl.col("status") == "refused"), "delivered_quantity"),
        "open at the end": _sum(promised.filter(pl.col("status") == "open"), "delivered_quantity"),
    }
    rest = ordered - sum(parts.values())
    return {"ordered": ordered} | _something(parts | {"not in this plan": rest})


def _sum(rows: pl.DataFrame, column: str) -> float:
    return float(rows[column].sum())


def _something(parts: dict[str, float]) -> dict[str, float]:
    return {name: units for name, units in parts.items() if abs(units) > _TINY}
