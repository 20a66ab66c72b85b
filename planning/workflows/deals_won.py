"""An orders file that brings the order of an open deal wins the deal: it counts once, never as both."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals.decode import decode
from planning.signals.recognise import recognise
from planning.signals.rows import cut
from planning.signals.source import SourceFile
from planning.store import HeldFiles
from planning.workflows.upload_preview import Incoming

DEALS_FILE = "opportunities.csv"
_NEEDED = ("status", "order_id")


@dataclass(frozen=True)
class _Brought:
    """The order ids an upload brings, and whether it brings deals of its own."""

    orders: frozenset[str]
    deals: bool


def deals_won(held: HeldFiles, incoming: Sequence[Incoming]) -> list[Incoming]:
    """What the upload says of deals without saying it: those whose order it brings are won.

    A deal's order is the one it names (order_id), else one that has the deal's own id. An upload that brings
    opportunities itself decides itself.

    Returns
    -------
    One more file for the upload, with the deals won; none where there are none.
    """
    data = held.files.get(DEALS_FILE)
    brought = _brought(incoming)
    if data is None or brought.deals or not brought.orders:
        return []
    cells = SourceFile.read(INPUT["opportunities"], data).cells
    won = _won(cells, brought.orders)
    return [] if won.is_empty() else [Incoming(DEALS_FILE, won.write_csv().encode(), "opportunities")]


def _won(cells: pl.DataFrame, orders: frozenset[str]) -> pl.DataFrame:
    columns = [name for name in INPUT["opportunities"].columns if name in cells.columns or name in _NEEDED]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in _NEEDED if name not in cells.columns]
    rows = cells.with_columns(absent).with_columns(
        pl.when(pl.col(name).str.strip_chars() != "").then(name).alias(name) for name in _NEEDED
    )
    known = list(orders)
    order = (
        pl.when(pl.col("order_id").is_in(known))
        .then("order_id")
        .when(pl.col("order_id").is_null() & pl.col("opportunity_id").is_in(known))
        .then("opportunity_id")
    )
    is_open = pl.col("status").fill_null("open") == "open"
    found = rows.with_columns(order_id=order).filter(is_open & pl.col("order_id").is_not_null())
    return found.with_columns(status=pl.lit("won")).select(columns)


def _brought(incoming: Sequence[Incoming]) -> _Brought:
    orders: set[str] = set()
    deals = False
    for file in incoming:
        try:
            header = cut(file.name, decode(file.name, file.data)).header
            table = file.table or recognise(file.name, header)
            deals |= table == "opportunities"
            if table == "orders":
                orders |= set(SourceFile.read(INPUT["orders"], file.data).cells["order_id"].drop_nulls())
        except InputError:
            continue  # the preview tells it in full
    return _Brought(frozenset(orders), deals)
