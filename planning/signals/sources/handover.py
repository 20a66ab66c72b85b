"""What a meaning hands over: files of the contract that join those that hold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from planning.domain.field import Table
from planning.domain.schema import INPUT
from planning.signals.cells import in_one_form
from planning.signals.rows import LINE
from planning.signals.source import SourceFile
from planning.signals.sources.meaning import Meaning
from planning.signals.update import about

#: What a row is of: an order, a deal, a day.
SCOPE = "#scope"
_ABOUT = "#about"
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Handover:
    """One file of the contract, to join the one that holds.

    Parameters
    ----------
    table : which.
    data : its bytes.
    lines : where each row of the source stands in `data`: line, LINE of the source's file, and SCOPE.
    gone : rows that hold and are no more: line of the file that holds, and SCOPE.
    """

    table: str
    data: bytes
    lines: pl.DataFrame
    gone: pl.DataFrame

    def left_out(self, aside: Collection[int] = ()) -> frozenset[int]:
        """Lines that are no more: those of orders, deals and days all of whose rows load.

        Parameters
        ----------
        aside : lines of `data` that do not load.
        """
        mute = self.lines.filter(pl.col("line").is_in(list(aside)))[SCOPE]
        return frozenset(self.gone.filter(~pl.col(SCOPE).is_in(mute.implode()))["line"])


def handed_over(meaning: Meaning, held: Mapping[str, bytes]) -> list[Handover]:
    """The files of a meaning, against those that hold.

    Where the file speaks for an order, a deal or a day of a platform, rows that hold under it and that it
    does not have any more are gone. A closed deal keeps the stage it was last seen in while open, and a
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
    gone = pl.DataFrame(schema={"line": pl.Int64, SCOPE: pl.String})
    if data is not None:
        held = SourceFile.read(table, data).cells
        rows = _remembered(rows, held) if table.name == "opportunities" else rows
        gone = gone if scope is None else _gone(table, rows, scope, held)
    written = rows.drop(LINE).write_csv().encode()
    lines = rows.select(
        LINE, line=_lines_of(SourceFile.read(table, written)), **{SCOPE: _scope_of(table.name)}
    )
    return Handover(table.name, written, lines.select("line", LINE, SCOPE), gone)


def _lines_of(source: SourceFile) -> pl.Series:
    """Where each row of a file starts, in file order."""
    return pl.concat([source.cells[LINE], source.broken[LINE]]).cast(pl.Int64).sort()


def _scope_of(table: str) -> pl.Expr:
    """What a source says everything of, for each row: its order, its deal, its day."""
    match table:
        case "orders":
            return pl.col("order_id")
        case "opportunities":
            return pl.col("opportunity_id").str.replace(r"/[^/]*$", "")
        case _:
            return pl.col("date")


def _gone(table: Table, rows: pl.DataFrame, scope: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Rows that hold within the scope and are about nothing the file has."""
    known = _with_about(table, rows)[_ABOUT].implode()
    left = _with_about(table, held).filter(~pl.col(_ABOUT).is_in(known)).filter(_within(table.name, scope))
    return left.select(pl.col(LINE).cast(pl.Int64).alias("line"), _scope_of(table.name).alias(SCOPE))


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
