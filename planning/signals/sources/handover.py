"""What a meaning hands over: files of the contract that join those that hold."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from planning.domain.field import Table
from planning.domain.schema import INPUT
from planning.signals.cells import ANY_DATE, in_one_form
from planning.signals.rows import LINE, RAW
from planning.signals.sheet import Sheet, header_text
from planning.signals.source import SourceFile
from planning.signals.sources.meaning import Meaning
from planning.signals.update import UPLOADED, Mode, Upload, about, join

_ABOUT = "#about"
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Handover:
    """One file of the contract.

    Parameters
    ----------
    table : which.
    data : its bytes.
    mode : how it joins the file that holds: update, or replace where rows that hold are no more; then it has
        all the others too.
    lines : where each row of the source stands in `data`: line, and LINE of the source's file.
    """

    table: str
    data: bytes
    mode: Mode
    lines: pl.DataFrame


def handed_over(meaning: Meaning, held: Mapping[str, bytes]) -> list[Handover]:
    """The files of a meaning, against those that hold.

    Where the file speaks for an order, a deal or a day of a platform, rows that hold under it and that it
    does not have any more are left out. A closed deal keeps the stage it was last seen in while open, and a
    deal that became its order stays won with it.

    Parameters
    ----------
    held : file name (orders.csv) → bytes.
    """
    return [
        _one(INPUT[name], rows, meaning.speaks_for.get(name), held.get(f"{name}.csv"))
        for name, rows in meaning.tables.items()
        if not rows.is_empty() or not meaning.speaks_for.get(name, rows).is_empty()
    ]


def _one(table: Table, rows: pl.DataFrame, scope: pl.DataFrame | None, data: bytes | None) -> Handover:
    if data is None:
        return _added(table, rows)
    source = SourceFile.read(table, data)
    if table.name == "opportunities":
        rows = _remembered(rows, source.cells)
    gone = frozenset[int]() if scope is None else _gone(table, rows, scope, source.cells)
    if not gone:
        return _added(table, rows)
    left = SourceFile.read(table, _without(source, gone))
    upload = Upload.of(SourceFile.read(table, _csv(rows)), table, ANY_DATE)
    joined = join(table, left, upload, "update")
    after = SourceFile.read(table, joined.data)
    theirs = _added(table, rows).lines.rename({"line": UPLOADED})
    stand = joined.rows.select(pl.col(UPLOADED).cast(pl.Int64), line=_lines_of(after))
    return Handover(table.name, joined.data, "replace", stand.join(theirs, on=UPLOADED).select("line", LINE))


def _added(table: Table, rows: pl.DataFrame) -> Handover:
    """Rows that take the place of those about the same thing."""
    data = _csv(rows)
    lines = rows.select(LINE, line=_lines_of(SourceFile.read(table, data)))
    return Handover(table.name, data, "update", lines.select("line", LINE))


def _lines_of(source: SourceFile) -> pl.Series:
    """Where each row of a file starts, in file order."""
    return pl.concat([source.cells[LINE], source.broken[LINE]]).cast(pl.Int64).sort()


def _csv(rows: pl.DataFrame) -> bytes:
    return rows.drop(LINE).write_csv().encode()


def _gone(table: Table, rows: pl.DataFrame, scope: pl.DataFrame, held: pl.DataFrame) -> frozenset[int]:
    """Lines that hold within the scope and are about nothing the file has."""
    known = _with_about(table, rows)[_ABOUT].implode()
    left = _with_about(table, held).filter(~pl.col(_ABOUT).is_in(known))
    return frozenset(left.filter(_within(table.name, scope))[LINE])


def _within(table: str, scope: pl.DataFrame) -> pl.Expr:
    """Rows of the table that the scope is about."""
    match table:
        case "orders":
            return pl.col("order_id").is_in(scope["order_id"].implode())
        case "opportunities":
            deals = scope["deal"].implode()
            deal = pl.col("opportunity_id").str.replace(r"/[^/]*$", "")
            return deal.is_in(deals) | pl.col("opportunity_id").is_in(deals)
        case _:
            days = scope["date"].implode()
            platforms = [
                (pl.col("channel") == name) | pl.col("channel").str.starts_with(f"{name} ")
                for name in scope["platform"].unique()
            ]
            return pl.col("date").is_in(days) & pl.any_horizontal(pl.lit(False), *platforms)


def _with_about(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The table's columns in one form, LINE, and what each row is about."""
    absent = [pl.lit(None, dtype=pl.String).alias(f.name) for f in table.fields if f.name not in rows.columns]
    forms = in_one_form(rows.with_columns(absent), table.fields)
    key = pl.concat_str([pl.col(name).fill_null("") for name in about(table)], separator=_BETWEEN)
    return forms.with_columns(key.alias(_ABOUT), rows[LINE])


def _without(source: SourceFile, lines: frozenset[int]) -> bytes:
    sheet = Sheet.of(source)
    left = sheet.rows.filter(~pl.col(LINE).is_in(list(lines)))
    return "\n".join([header_text(sheet.slots), *left[RAW], ""]).encode()


def _remembered(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Deals with what Takt knows better: the stage before they closed, and the order they became."""
    names = ("stage", "status", "order_id")
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in held.columns]
    before = held.with_columns(absent).unique("opportunity_id", keep="first", maintain_order=True)
    known = before.select("opportunity_id", *(pl.col(name).alias(f"#{name}") for name in names))
    told = rows.join(known, on="opportunity_id", how="left", maintain_order="left")
    ordered = (pl.col("#status") == "won") & (pl.col("#order_id").str.strip_chars() != "")
    stays = ordered.fill_null(False) & (pl.col("status") != "lost")
    closed = (pl.col("status") != "open") | stays
    return told.with_columns(
        stage=pl.when(closed).then(pl.coalesce("#stage", "stage")).otherwise("stage"),
        status=pl.when(stays).then(pl.lit("won")).otherwise("status"),
        order_id=pl.when(stays).then(pl.coalesce("order_id", "#order_id")).otherwise("order_id"),
        probability=pl.when(stays).then(pl.lit("1")).otherwise("probability"),
    ).select(rows.columns)
