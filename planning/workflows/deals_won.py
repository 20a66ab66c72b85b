"""An orders file that brings the order of an open deal wins the deal: it counts once, never as both."""

from collections.abc import Sequence

import polars as pl

from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals.decode import decode
from planning.signals.recognise import recognise
from planning.signals.rows import cut
from planning.signals.source import SourceFile
from planning.store import HeldFiles
from planning.workflows.incoming import Incoming

DEALS_FILE = "opportunities.csv"
_NEEDED = ("status", "order_id")


def deals_won(held: HeldFiles, incoming: Sequence[Incoming]) -> list[Incoming]:
    """What the upload says of deals without saying it: those whose order it brings are won.

    A deal's order is the one it names (order_id), else one that has the deal's own id. An upload that brings
    opportunities itself decides itself.

    Returns
    -------
    One more file for the upload, with the deals won; none where there are none.
    """
    data = held.files.get(DEALS_FILE)
    if data is None:
        return []
    deals = _open(SourceFile.read(INPUT["opportunities"], data).cells)
    # Where no deal is open, a large file of orders need not be looked through.
    sought = deals.select(pl.coalesce("order_id", "opportunity_id")).to_series()
    brought = frozenset[str]() if sought.is_empty() else _orders(incoming, sought)
    won = _won(deals, brought)
    return [] if won.is_empty() else [Incoming(DEALS_FILE, won.write_csv().encode(), "opportunities")]


def _open(cells: pl.DataFrame) -> pl.DataFrame:
    """The open deals, all columns as they stand, status and order_id among them."""
    columns = [name for name in INPUT["opportunities"].columns if name in cells.columns or name in _NEEDED]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in _NEEDED if name not in cells.columns]
    rows = cells.with_columns(absent).with_columns(
        pl.when(pl.col(name).str.strip_chars() != "").then(name).alias(name) for name in _NEEDED
    )
    return rows.filter(pl.col("status").fill_null("open") == "open").select(columns)


def _won(deals: pl.DataFrame, orders: frozenset[str]) -> pl.DataFrame:
    known = list(orders)
    order = (
        pl.when(pl.col("order_id").is_in(known))
        .then("order_id")
        .when(pl.col("order_id").is_null() & pl.col("opportunity_id").is_in(known))
        .then("opportunity_id")
    )
    found = deals.with_columns(order_id=order).filter(pl.col("order_id").is_not_null())
    return found.with_columns(status=pl.lit("won"))


def _orders(incoming: Sequence[Incoming], sought: pl.Series) -> frozenset[str]:
    """Which of these orders an upload brings; none where it brings deals of its own."""
    orders: set[str] = set()
    for file in incoming:
        try:
            table = file.table or recognise(file.name, _header(file))
            if table == "opportunities":
                return frozenset()
            if table == "orders":
                there = _order_ids(file)
                orders |= set(there.filter(there.is_in(sought.implode()).fill_null(False)))
        except InputError:
            continue  # the preview tells it in full
    return frozenset(orders)


def _header(file: Incoming) -> tuple[str, ...]:
    """The columns of a file; of a large one only its first line is read."""
    data = file.data.lstrip()
    end = data.find(b"\n")
    return cut(file.name, decode(file.name, data if end < 0 else data[:end])).header


def _order_ids(file: Incoming) -> pl.Series:
    """The order of each row; a plain file is not taken apart whole for them."""
    try:
        return pl.read_csv(
            file.data, columns=["order_id"], infer_schema=False, truncate_ragged_lines=True
        ).to_series()
    except pl.exceptions.PolarsError:
        return SourceFile.read(INPUT["orders"], file.data).cells["order_id"]
