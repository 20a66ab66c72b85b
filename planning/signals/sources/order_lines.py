"""Order lines with a status: the status decides what is confirmed, shipped or cancelled."""

from collections.abc import Mapping

import polars as pl

from planning.signals.sources.amounts import number, written
from planning.signals.sources.days import Days
from planning.signals.sources.meaning import (
    FATE,
    Meaning,
    Ruling,
    contract_rows,
    fates,
    judged,
    loaded,
    repeated,
    required,
    uncounted,
    unpriced,
    unread,
)
from planning.signals.sources.places import with_our_names
from planning.signals.sources.settings import SourceSettings

TITLE = "Order lines with a status"

#: What a status says of an order; what is on hold is no confirmed demand before it is released.
STATUSES: Mapping[str, str] = {
    "shipped": "shipped",
    "resolved": "shipped",
    "disputed": "shipped",
    "in process": "confirmed",
    "confirmed": "confirmed",
    "open": "confirmed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "on hold": "aside",
}


def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What order lines mean: lines that were delivered count as shipped, also while they are disputed."""
    days = Days.of(rows, ["ordered", "due"], settings)
    says = dict(STATUSES) | {name.casefold(): status for name, status in settings.statuses.items()}
    status = pl.col("status").str.to_lowercase().replace_strict(says, default=None, return_dtype=pl.String)
    typed = with_our_names(
        rows.with_columns(
            units=number("quantity"),
            paid=number("price"),
            placed=days.read("ordered"),
            wanted=days.read("due"),
            means=status,
        ),
        settings,
    )
    told = judged(typed, _rulings(days), pl.format("{}: {} order lines", "status", "means"))
    return order_meaning(TITLE, told, settings)


def order_meaning(title: str, told: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """Judged order lines as orders, and as history where the planner wants that.

    Parameters
    ----------
    told : order_id, line, placed and wanted (days), product, market, units, shipped where it is not told by
        `means`, means (confirmed, shipped, cancelled), customer, paid.
    """
    due = pl.coalesce("wanted", pl.col("placed") + pl.duration(days=settings.due_days))
    gone = pl.when(pl.col("means") == "shipped").then("units").otherwise(0.0)
    shipped = pl.coalesce("shipped", gone) if "shipped" in told.columns else gone
    kept = loaded(told).with_columns(due=due, gone=shipped)
    orders = contract_rows(
        "orders",
        kept,
        order_id="order_id",
        line="line",
        order_date="placed",
        due_date="due",
        product="product",
        market="market",
        quantity=written(pl.col("units")),
        quantity_shipped=written(pl.col("gone")),
        status="means",
        customer="customer",
        unit_price=written(pl.col("paid")),
    )
    tables = {"orders": orders}
    if settings.as_history:
        wanted = kept.filter(pl.col("means") != "cancelled")
        quantity = written(pl.col("units"))
        tables["history"] = contract_rows(
            "history", wanted, date="due", product="product", market="market", quantity=quantity
        )
    return Meaning(title, fates(told), tables, {"orders": _whole_orders(told)}, _notes(kept, settings))


def _whole_orders(told: pl.DataFrame) -> pl.DataFrame:
    """Orders of which every row loads or is told already: the file says all there is of them."""
    aside = told.filter(pl.col(FATE) == "kept aside")["order_id"].unique()
    mine = loaded(told).filter(~pl.col("order_id").is_in(aside.implode()))
    return mine.select("order_id").unique().sort("order_id")


def _notes(kept: pl.DataFrame, settings: SourceSettings) -> tuple[str, ...]:
    notes = []
    undated = kept.filter(pl.col("wanted").is_null()).height
    if undated:
        after = f"taken to be due {settings.due_days} days after the order"
        notes.append(f"Order lines without a delivery day, {after}: {undated:,}.")
    unpriced = kept.filter(pl.col("paid").is_null()).height
    if unpriced:
        notes.append(
            f"Order lines that load without a price, as none is given or its rate unknown: {unpriced:,}."
        )
    return tuple(notes)


def order_rulings(days: Days, **dated: str) -> list[Ruling]:
    """What any order line needs: what, how much, when and where.

    Parameters
    ----------
    dated : typed day → the column with its text.
    """
    return [
        required("product", "has no product code", "Give the product's code."),
        uncounted("quantity", "units"),
        *unread(days, **dated),
        required("market", "says no market", "Give its country, or name a market for this source."),
    ]


def status_rulings(column: str, waits: pl.Expr, once: str) -> list[Ruling]:
    """Statuses nobody knows, and those of orders that are not confirmed yet.

    Parameters
    ----------
    column : of the status, whose meaning is in `means`.
    waits : why an order does not count yet, in words.
    once : when it does.
    """
    return [
        Ruling(
            "kept aside",
            pl.col("means").is_null(),
            pl.format("nobody knows what status '{}' says", pl.col(column).fill_null("")),
            "Say for this source whether it is confirmed, shipped or cancelled.",
            column,
        ),
        Ruling(
            "kept aside",
            pl.col("means") == "aside",
            waits,
            f"Nothing to do: it counts once {once}. To count it now, say so for this source.",
            column,
        ),
    ]


def _rulings(days: Days) -> list[Ruling]:
    return [
        repeated(),
        required("order_id", "has no order number", "Give its order."),
        *status_rulings("status", pl.format("{}: it is not confirmed", "status"), "its status changes"),
        Ruling(
            "kept aside",
            pl.col("ordered").is_null() & pl.col("due").is_null(),
            "has neither order day nor delivery day",
            "Give one of them.",
            "ordered",
        ),
        *order_rulings(days, placed="ordered", wanted="due"),
        unpriced("price", "paid"),
    ]
