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


def said_anew(
    before: Mapping[str, pl.DataFrame],
    after: Mapping[str, pl.DataFrame],
    mended: Collection[int],
    held: Mapping[str, bytes],
) -> list[Handover]:
    """What a file says, once some of its rows were mended, that it did not say before.

    Rows that say what they said before are not said again: what came in since stays. In tables with a key
    other rows may follow from a mended one (the lines of its order are counted anew); a row that was said
    under a key nobody says any more is gone.

    Parameters
    ----------
    before, after : table → LINE and its columns as text, of the file as it was and as it is.
    mended : LINEs that were kept aside until now.
    held : file name (orders.csv) → bytes.
    """
    told = []
    for name, rows in after.items():
        table, old = INPUT[name], before.get(name, rows.clear())
        alike = [column for column in rows.columns if column in old.columns]
        new = rows.join(old, on=alike, how="anti", nulls_equal=True)
        if not table.key:
            new = new.filter(pl.col(LINE).is_in(list(mended)))
        if not new.is_empty():
            told.append(_one(table, new, None, held.get(f"{name}.csv"), _left(table, old, rows)))
    return told


def _left(table: Table, old: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame | None:
    """What `old` was about and `rows` is not, in tables with a key."""
    if not table.key:
        return None
    known = _with_about(table, rows)[_ABOUT].implode()
    return _with_about(table, old).filter(~pl.col(_ABOUT).is_in(known)).select(_ABOUT)


def _one(
    table: Table,
    rows: pl.DataFrame,
    scope: pl.DataFrame | None,
    data: bytes | None,
    left: pl.DataFrame | None = None,
) -> Handover:
    gone = pl.DataFrame(schema={"line": pl.Int64, SCOPE: pl.String})
    if data is not None:
        held = SourceFile.read(table, data).cells
        rows = _remembered(rows, held) if table.name == "opportunities" else rows
        gone = gone if scope is None else _gone(table, rows, scope, held)
        gone = gone if left is None else _places(table, _with_about(table, held).join(left, on=_ABOUT))
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
        case _ if "date" in INPUT[table].columns:
            return pl.col("date")
        case _:
            return pl.concat_str([pl.col(key).fill_null("") for key in INPUT[table].key], separator=_BETWEEN)


def _gone(table: Table, rows: pl.DataFrame, scope: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Rows that hold within the scope and are about nothing the file has."""
    known = _with_about(table, rows)[_ABOUT].implode()
    left = _with_about(table, held).filter(~pl.col(_ABOUT).is_in(known)).filter(_within(table.name, scope))
    return _places(table, left)


def _places(table: Table, held: pl.DataFrame) -> pl.DataFrame:
    """Line of the file that holds, and SCOPE, of its rows."""
    return held.select(pl.col(LINE).cast(pl.Int64).alias("line"), _scope_of(table.name).alias(SCOPE))


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
