"""An upload joins what holds: rows about the same thing take their place, other rows are added.

What a row is about is its key; in tables without a key it is everything but the amounts, so that the rows of
one day, product and market are replaced together, and the same file twice counts once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from planning.domain.assume import name_routings
from planning.domain.field import Table
from planning.signals.cells import Window, in_one_form, read_rows
from planning.signals.duplicates import split_duplicates
from planning.signals.rejects import joined
from planning.signals.rows import LINE
from planning.signals.sheet import BROKEN, TEXT, Sheet, Slot, cell, header_text, united, written
from planning.signals.source import SourceFile

#: update: rows replace those about the same thing, all others stay; replace: the file takes the place of all;
#: add: as update, but in tables without a key rows stand beside those about the same thing.
Mode = Literal["update", "replace", "add"]
Change = Literal["new", "changed", "same"]

#: Columns of a joined file: what a row is about, all it says, and the line it has in either file.
ABOUT, CONTENT, HELD, UPLOADED = "#about", "#content", "#held", "#uploaded"
_FACTS = (ABOUT, CONTENT, TEXT, HELD, UPLOADED)
_AT, _ORDER, _NTH, _LOADS, _DROPPED = "#at", "#order", "#nth", "#loads", "#dropped"
_BETWEEN, _OWN = "\x1f", "\x1e"


@dataclass(frozen=True)
class Upload:
    """An uploaded file, read and judged by itself.

    Parameters
    ----------
    source : the file.
    rejected : as rejected_rows what cannot load whatever else holds: cells that will not do, rows that
        repeat or contradict one another. Lines are those of the uploaded file.
    typed : lines of the rows whose cells will do.
    """

    source: SourceFile
    rejected: pl.DataFrame
    typed: frozenset[int]

    @classmethod
    def of(cls, source: SourceFile, table: Table, window: Window) -> "Upload":
        """Judge the file of `table` by itself; `window` has the dates allowed."""
        good, bad = read_rows(source, table, window)
        if table.name == "routings":
            good = name_routings(good)
        _, repeated, conflicting = split_duplicates(good, table, source.name)
        return cls(source, joined([bad, repeated, conflicting]), frozenset(good[LINE]))


@dataclass(frozen=True)
class Joined:
    """A file as it is once an upload has joined it.

    Parameters
    ----------
    data : its bytes; to the letter those that hold where nothing changes.
    changed : whether anything does.
    rows : ABOUT, HELD and UPLOADED of each of its rows, in file order; a row that both files have has
        both lines.
    before : ABOUT and HELD of each row that holds.
    left_out : lines of the upload that are not in it, because they would take what holds along with them.
    """

    data: bytes
    changed: bool
    rows: pl.DataFrame
    before: pl.DataFrame
    left_out: frozenset[int]


def about(table: Table) -> list[str]:
    """Columns that tell what a row is about: the key, or whatever is no amount where there is no key."""
    return list(table.key) or [f.name for f in table.fields if f.kind not in {"number", "whole", "flag"}]


def join(  # noqa: PLR0917 - held and upload, each with the lines known to be kept aside
    table: Table,
    held: SourceFile | None,
    upload: Upload,
    mode: Mode,
    lost: Collection[int] = (),
    refused: Collection[int] = (),
    gone: Collection[int] = (),
) -> Joined:
    """Let an upload join the file that holds.

    In mode update a column the upload does not have keeps, in tables with a key, what held says there; and
    a row that cannot load never drives out one that does: it is kept aside beside it.

    Parameters
    ----------
    table : what stands in both.
    held : the file that holds; None where there is none.
    lost : lines of `held` that are kept aside.
    refused : lines of `upload` known to be kept aside for what other files say.
    gone : lines of `held` that are no more, whatever the upload brings.
    """
    before = Sheet.without_rows(table) if held is None else Sheet.of(held)
    sheet = Sheet.of(upload.source)
    slots = united(before.slots, sheet.slots)
    mine = _described(before.within(slots), table, slots).rename({LINE: HELD}).with_row_index(_AT)
    mine = mine.with_columns((~pl.col(HELD).is_in(list(lost)) & ~pl.col(BROKEN)).alias(_LOADS))
    theirs = _described(sheet.within(slots), table, slots)
    if mode != "replace" and table.key:
        absent = [slot for slot in before.slots if slot not in sheet.slots]
        theirs = _filled_up(theirs, mine, table, slots, absent)
    aside = [*upload.rejected["line"].drop_nulls(), *refused]
    theirs = theirs.rename({LINE: UPLOADED}).with_row_index(_ORDER)
    theirs = theirs.with_columns((~pl.col(UPLOADED).is_in(aside)).alias(_LOADS))
    stays = mine.filter(~pl.col(HELD).is_in(list(gone)))
    if mode == "replace":
        rows, left_out = _replaced(stays, theirs), frozenset[int]()
    elif mode == "add" and not table.key:
        rows, left_out = _beside(stays, theirs), frozenset[int]()
    else:
        rows, left_out = _updated(stays, theirs, upload.typed)
    changed = held is None or rows[HELD].null_count() > 0 or rows.height != mine.height
    data = upload.source.data
    if held is not None and (mode != "replace" or not changed):
        data = "\n".join([header_text(slots), *rows[TEXT], ""]).encode() if changed else held.data
    return Joined(data, changed, rows.select(ABOUT, HELD, UPLOADED), mine.select(ABOUT, HELD), left_out)


def changes(after: Joined, lost: Collection[int], aside: Collection[int]) -> tuple[pl.DataFrame, int]:
    """What an upload does, row by row.

    Parameters
    ----------
    after : the file once the upload has joined it.
    lost : lines of the file that held which were kept aside.
    aside : lines of the upload that are kept aside.

    Returns
    -------
    line and change (new, changed, same) of each row of the upload that loads; and how many rows that
    loaded are no more.
    """
    loads = after.rows.filter(pl.col(UPLOADED).is_not_null() & ~pl.col(UPLOADED).is_in(list(aside)))
    known = pl.col(HELD).is_not_null() & ~pl.col(HELD).is_in(list(lost))
    same = loads.filter(known).select(line=UPLOADED, change=pl.lit("same"))
    left = after.rows[HELD].drop_nulls()
    gone = after.before.filter(~pl.col(HELD).is_in(left.implode()) & ~pl.col(HELD).is_in(list(lost)))
    dropped = gone.group_by(ABOUT).len(_DROPPED)
    others = (
        loads.filter(known.not_())
        .join(dropped, on=ABOUT, how="left", maintain_order="left")
        .with_columns(pl.int_range(pl.len()).over(ABOUT).alias(_NTH), pl.col(_DROPPED).fill_null(0))
    )
    replaces = pl.col(_NTH) < pl.col(_DROPPED)
    told = others.select(
        line=UPLOADED, change=pl.when(replaces).then(pl.lit("changed")).otherwise(pl.lit("new"))
    )
    removed = gone.height - others.filter(replaces).height
    return pl.concat([same, told]).sort("line"), removed


def _described(rows: pl.DataFrame, table: Table, slots: tuple[Slot, ...]) -> pl.DataFrame:
    """With ABOUT and CONTENT; what cannot be told by its columns is about its own text."""
    absent = [f.name for f in table.fields if f.name not in rows.columns]
    cells = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    forms = in_one_form(cells, table.fields)
    if table.name == "routings":
        forms = name_routings(forms)
    extra = [cell(slot) for slot in slots if cell(slot) not in table.columns]
    told = rows.select(pl.when(pl.col(name).str.strip_chars() != "").then(name).alias(name) for name in extra)
    needed = [pl.col(name).is_null() for name in about(table) if table[name].required]
    own = pl.concat_str(pl.lit(_OWN), rows[TEXT])
    facts = pl.concat([forms, told], how="horizontal").select(
        pl.when(pl.any_horizontal(False, *needed)).then(own).otherwise(_in_one(about(table))).alias(ABOUT),
        pl.when(rows[BROKEN]).then(own).otherwise(_in_one([*table.columns, *extra])).alias(CONTENT),
    )
    return rows.with_columns(facts)


def _in_one(columns: list[str]) -> pl.Expr:
    return pl.concat_str([pl.col(name).fill_null("") for name in columns], separator=_BETWEEN)


def _filled_up(
    theirs: pl.DataFrame, mine: pl.DataFrame, table: Table, slots: tuple[Slot, ...], absent: list[Slot]
) -> pl.DataFrame:
    """What the upload has no column for, as the row that holds says it."""
    if not absent:
        return theirs
    names = [cell(slot) for slot in absent]
    said = mine.filter(_LOADS).unique(ABOUT, keep="first").select(ABOUT, *names)
    filled = theirs.drop(names).join(said, on=ABOUT, how="left", maintain_order="left")
    text = pl.when(BROKEN).then(TEXT).otherwise(written(slots)).alias(TEXT)
    return _described(filled.with_columns(text).drop(ABOUT, CONTENT), table, slots)


def _behind(mine: pl.DataFrame) -> int:
    """The place behind all rows."""
    return 0 if mine.is_empty() else int(mine[_AT].cast(pl.Int64).max()) + 1  # type: ignore[arg-type]


def _paired(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """`theirs` with AT, HELD and the TEXT of the row of `mine` that says the same, each used once."""
    nth = pl.int_range(pl.len()).over(ABOUT, CONTENT).alias(_NTH)
    mates = mine.with_columns(nth).select(ABOUT, CONTENT, _NTH, _AT, HELD, pl.col(TEXT).alias("#theirs"))
    pairs = theirs.with_columns(nth).join(mates, on=[ABOUT, CONTENT, _NTH], how="left", maintain_order="left")
    return pairs.with_columns(pl.coalesce("#theirs", TEXT).alias(TEXT))


def _replaced(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    rows = _paired(mine, theirs)
    if rows.height == mine.height and rows[HELD].null_count() == 0:
        rows = rows.sort(_AT)
    return rows.select(_FACTS)


def _beside(mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """All rows that hold, and behind them those of the upload that none of them says."""
    pairs = _paired(mine, theirs)
    said = pairs.filter(pl.col(HELD).is_not_null()).select(HELD, UPLOADED)
    new = pairs.filter(pl.col(HELD).is_null())
    return pl.concat(
        [mine.join(said, on=HELD, how="left", maintain_order="left").select(_FACTS), new.select(_FACTS)]
    )


def _updated(
    mine: pl.DataFrame, theirs: pl.DataFrame, typed: frozenset[int]
) -> tuple[pl.DataFrame, frozenset[int]]:
    """The rows after an update, and the lines of the upload left out.

    Of a group of rows about the same thing the upload's take the place, unless none of them loads and one
    that holds does: then that one stays, and rows which would contradict it are left out.
    """
    groups = mine.group_by(ABOUT).agg(pl.col(_LOADS).any().alias("#holds"), pl.col(_AT).max().alias("#end"))
    judged = theirs.with_columns(pl.col(_LOADS).any().over(ABOUT).alias("#serves")).join(
        groups, on=ABOUT, how="left", maintain_order="left"
    )
    spared = pl.col("#holds").fill_null(False) & ~pl.col("#serves")
    out = spared & pl.col(UPLOADED).is_in(list(typed))
    left_out = frozenset(judged.filter(out)[UPLOADED])
    judged = judged.with_columns(spared.alias("#spared"))
    pairs = _paired(mine, judged.filter(~pl.col(UPLOADED).is_in(list(left_out))))
    touched = judged.group_by(ABOUT).agg(pl.col("#spared").any())
    held = mine.join(touched, on=ABOUT, how="left", maintain_order="left").join(
        pairs.filter(pl.col(HELD).is_not_null()).select(HELD, UPLOADED), on=HELD, how="left"
    )
    stays = (
        pl.col("#spared").is_null() | pl.col(UPLOADED).is_not_null() | (pl.col("#spared") & pl.col(_LOADS))
    )
    gone = held.filter(~stays).group_by(ABOUT).agg(pl.col(_AT).min().alias("#gap"))
    kept = held.filter(stays).select(*_FACTS, pl.col(_AT).cast(pl.Int64), pl.lit(-1).alias(_ORDER))
    added = (
        pairs.filter(pl.col(HELD).is_null())
        .join(gone, on=ABOUT, how="left", maintain_order="left")
        .select(
            *_FACTS,
            pl.coalesce("#gap", "#end", pl.lit(_behind(mine))).cast(pl.Int64).alias(_AT),
            pl.col(_ORDER).cast(pl.Int32),
        )
    )
    return pl.concat([kept, added]).sort(_AT, _ORDER).select(_FACTS), left_out
