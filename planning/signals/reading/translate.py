"""A grid under its profile as CSV of our contract, with the way back to every line of the file.

Nothing is lost on the way: every row of the file is in the CSV or kept aside with the reason, and where
quantities stand side by side every cell that is filled counts as a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from planning.domain.field import Field, Table
from planning.signals.reading.grid import ASIDE, SHOWN_RAW, Grid, aside, shown, spoilt_words
from planning.signals.reading.names import TOTALS, plain
from planning.signals.reading.profile import Taken
from planning.signals.reading.proposal import PERIOD_COLUMNS, House, Proposal, form_of, meanings
from planning.signals.rows import LINE, RAW
from planning.signals.sheet import in_marks

_PERIOD, _VALUE, _COUNT = "#period", "#value", "#count"
_WRONG = "#wrong"


@dataclass(frozen=True)
class Translated:
    """A file as CSV of our contract.

    Parameters
    ----------
    table : the table.
    data : the CSV.
    rows : LINE, and the columns of the table as text, as they stand in it.
    lines : `line` in it → LINE and RAW of the row of the file it is from.
    aside : ASIDE: rows of the file that are not in it.
    headings : our column → the file's, for messages.
    notes : what was passed over, in words.
    """

    table: str
    data: bytes
    rows: pl.DataFrame
    lines: pl.DataFrame
    aside: pl.DataFrame
    headings: dict[str, str]
    notes: tuple[str, ...] = ()


def translate(proposal: Proposal, house: House) -> Translated:
    """Write the rows of a file as CSV of our contract.

    Parameters
    ----------
    proposal : what it is taken for, with nothing left open.
    house : time zone and currency of the plan.

    Raises
    ------
    ValueError
        Something is left open: then no reading is right.
    """
    table, grid = proposal.table, proposal.grid
    if table is None or not proposal.is_settled:
        raise ValueError(f"{grid.file}: not all is said")
    rows, totals = _without_totals(_counted(grid.rows, proposal), proposal, table)
    rows, notes = _side_by_side(rows, proposal)
    spoilt = _spoilt(rows, grid, proposal, table)
    checked = _values(rows.filter(~pl.col(LINE).is_in(spoilt[LINE].implode())), proposal, table, house)
    good, wrong = _told_apart(checked, table, proposal, house)
    names = [f.name for f in table.fields if f.name in good.columns]
    body = good.select(
        LINE,
        RAW,
        pl.concat_str([in_marks(pl.col(n).fill_null("")) for n in names], separator=",").alias("text"),
    )
    data = "\n".join([",".join(names), *body["text"], ""]).encode()
    return Translated(
        table.name,
        data,
        good.select(LINE, *names),
        _lines(body),
        pl.concat([grid.aside, totals, spoilt, wrong]).sort(LINE),
        _headings(proposal),
        notes,
    )


def _headings(proposal: Proposal) -> dict[str, str]:
    return {
        name: taken.heading for name, taken in proposal.profile.columns.items() if taken.heading is not None
    }


def _lines(body: pl.DataFrame) -> pl.DataFrame:
    """Where each row of the CSV starts, a cell with line breaks taking several lines."""
    taller = body["text"].str.count_matches("\n", literal=True).cast(pl.Int64)
    starts = pl.int_range(body.height, eager=True) + 2 + (taller.cum_sum() - taller)
    return body.select(starts.alias("line"), LINE, shown(pl.col(RAW)).alias(RAW))


def _counted(rows: pl.DataFrame, proposal: Proposal) -> pl.DataFrame:
    """With the number a row has among those of its order, where rows are counted: all of them, so that one
    kept aside today has its number when it is mended."""
    taken = proposal.profile.columns
    heading = taken["order_id"].heading if taken.get("line", Taken()).counted else None
    if heading is None:
        return rows
    return rows.with_columns(pl.int_range(1, pl.len() + 1).over(heading).cast(pl.String).alias(_COUNT))


def _without_totals(
    rows: pl.DataFrame, proposal: Proposal, table: Table
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that are none of a total, and as ASIDE those that are: a cell says so, and one that has to be
    filled is empty; where quantities stand side by side, that a cell says so is enough."""
    mapped = {n: t.heading for n, t in proposal.profile.columns.items() if t.heading is not None}
    texts = [
        h for h in dict.fromkeys([*proposal.grid.headings[:3], *mapped.values()]) if h not in proposal.periods
    ]
    needed = [h for n, h in mapped.items() if table[n].required]
    words = list(TOTALS)
    says = pl.any_horizontal(pl.lit(value=False), *(_plain_word(pl.col(h)).is_in(words) for h in texts))
    lacks = pl.any_horizontal(pl.lit(value=False), *(pl.col(h).is_null() for h in needed))
    judged = rows.with_columns(
        (says & (lacks | pl.lit(bool(proposal.periods)))).fill_null(value=False).alias("total")
    )
    remedy = "Nothing to do; if it is a row of its own, fill in what is empty and name it otherwise."
    totals = aside(judged.filter("total"), "adds up other rows: a total counts nothing again", remedy)
    return judged.filter(~pl.col("total")).drop("total"), totals


def _plain_word(text: pl.Expr) -> pl.Expr:
    bare = text.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.str.replace_all(r"[^a-z]+", " ").str.strip_chars()


def _side_by_side(rows: pl.DataFrame, proposal: Proposal) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Where quantities stand side by side, a row for each that is filled."""
    if not proposal.periods:
        return rows, ()
    headings = [name for name in rows.columns if name not in proposal.periods]
    long = rows.unpivot(
        list(proposal.periods), index=headings, variable_name=_PERIOD, value_name=_VALUE
    ).filter(pl.col(_VALUE).str.strip_chars() != "")
    order = {name: place for place, name in enumerate(proposal.periods)}
    long = long.sort(LINE, pl.col(_PERIOD).replace_strict(order, return_dtype=pl.Int32))
    notes = [f"{long.height:,} filled cells of {len(proposal.periods)} columns by period count as rows"]
    silent = rows.filter(~pl.col(LINE).is_in(long[LINE].implode()))
    if silent.height:
        told = ", ".join(str(line) for line in silent[LINE].head(6))
        more = f" and {silent.height - 6} more" if silent.height > 6 else ""
        notes.append(f"nothing in any period: line {told}{more}")
    return long, tuple(notes)


def _spoilt(rows: pl.DataFrame, grid: Grid, proposal: Proposal, table: Table) -> pl.DataFrame:
    """As ASIDE the rows with a cell that is not what it shows, in a column that counts."""
    mapped = {t.heading: table[n] for n, t in proposal.profile.columns.items() if t.heading is not None}
    texts = [name for name, field in mapped.items() if field.kind == "text"]
    return spoilt_rows(rows, grid, [*mapped, *proposal.periods], texts)


def spoilt_rows(
    rows: pl.DataFrame, grid: Grid, counting: Sequence[str], texts: Sequence[str]
) -> pl.DataFrame:
    """As ASIDE the rows with a cell that is not what it shows.

    Parameters
    ----------
    rows : of the grid, LINE and RAW among their columns.
    counting : headings that count.
    texts : those of them whose last digits matter.
    """
    if grid.spoilt.is_empty():
        return pl.DataFrame(schema=ASIDE)
    matters = pl.col("column").is_in(counting) & (
        (pl.col("kind") != "digits") | pl.col("column").is_in(texts)
    )
    first = grid.spoilt.filter(matters).unique(LINE, keep="first", maintain_order=True)
    found = rows.join(first.with_columns(pl.col(LINE).cast(pl.Int64)), on=LINE, how="inner")
    told = {kind: spoilt_words(kind) for kind in ("error", "formula", "digits")}
    words = {
        kind: pl.col("kind").replace_strict({k: w[n] for k, w in told.items()})
        for n, kind in enumerate(("reason", "remedy"))
    }
    return found.select(
        LINE,
        RAW,
        "column",
        pl.col("value").str.slice(0, SHOWN_RAW),
        pl.concat_str("column", pl.lit(" "), words["reason"]).alias("reason"),
        words["remedy"].alias("remedy"),
    )


def _values(rows: pl.DataFrame, proposal: Proposal, table: Table, house: House) -> pl.DataFrame:
    """LINE, RAW, our columns as our CSV writes them, and beside each as #wrong… the text it could not be read
    from."""
    made: list[pl.Expr] = [pl.col(LINE), pl.col(RAW)]
    for field in table.fields:
        taken = proposal.profile.columns.get(field.name, Taken())
        text = _text_of(field, taken, proposal)
        if text is None:
            continue
        filled = text.str.strip_chars() != ""
        if taken.heading is None and not _is_period(field, proposal):
            made.append(text.alias(field.name))
            continue
        value = _value(field, rows.select(text).to_series(), taken, proposal, house)
        made.append(pl.when(filled).then(value).alias(field.name))
        if field.kind != "text" or field.choices:
            unread = pl.when(filled & value.is_null()).then(text.str.slice(0, SHOWN_RAW))
            made.append(unread.alias(_WRONG + field.name))
    return rows.select(made)


def _is_period(field: Field, proposal: Proposal) -> bool:
    period = PERIOD_COLUMNS.get(str(proposal.profile.table))
    return bool(proposal.periods) and field.name in {period, "quantity"}


def _text_of(field: Field, taken: Taken, proposal: Proposal) -> pl.Expr | None:
    """The texts of a column; None where it stays empty."""
    if proposal.periods and field.name == PERIOD_COLUMNS.get(str(proposal.profile.table)):
        return pl.col(_PERIOD)
    if proposal.periods and field.name == "quantity":
        return pl.col(_VALUE)
    if taken.counted:
        return pl.col(_COUNT)
    if taken.constant:
        return pl.lit(taken.constant)
    return None if taken.heading is None else pl.col(taken.heading)


def _value(field: Field, texts: pl.Series, taken: Taken, proposal: Proposal, house: House) -> pl.Series:
    """The texts of a column as our CSV writes them; null where one cannot be read."""
    if field.choices:
        known = meanings(field, taken)
        meant = {word: known[plain(word)] for word in texts.drop_nulls().unique() if plain(word) in known}
        return texts.replace_strict(meant, default=None, return_dtype=pl.String)
    if field.kind == "text":
        bare = pl.col("text").str.strip_chars().str.replace(r'^="([^"]*)"$', "${1}")
        return texts.alias("text").to_frame().select(bare).to_series()
    if proposal.periods and field.name == PERIOD_COLUMNS.get(str(proposal.profile.table)):
        texts = texts.str.replace(r" \(\d+\)$", "")
    return form_of(field, house, proposal.codes[field.name]).of(texts)


def _told_apart(
    found: pl.DataFrame, table: Table, proposal: Proposal, house: House
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that could be read, and as ASIDE those that could not: the first such cell, all the reasons."""
    names = [f.name for f in table.fields if _WRONG + f.name in found.columns]
    broken = [pl.col(_WRONG + name).is_not_null() for name in names]
    is_wrong = found.select(pl.any_horizontal(pl.lit(value=False), *broken)).to_series()
    wrong = found.filter(is_wrong)
    if wrong.is_empty():
        return found, pl.DataFrame(schema=ASIDE)
    headings = _headings(proposal)
    told = {name: _why(table[name], proposal, house) for name in names}
    cases = list(zip(names, broken, strict=True))
    column = pl.coalesce(pl.when(b).then(pl.lit(headings.get(n, n))) for n, b in cases)
    reasons = [pl.when(b).then(pl.concat_str(pl.lit(f"{headings.get(n, n)} "), told[n][0])) for n, b in cases]
    # Of several cells each has its own remedy, by its heading.
    alone = pl.sum_horizontal(broken) == 1
    remedies = [
        pl.when(b & alone)
        .then(pl.lit(told[n][1]))
        .when(b)
        .then(pl.lit(f"{headings.get(n, n)}: {told[n][1]}"))
        for n, b in cases
    ]
    return found.filter(~is_wrong), wrong.select(
        LINE,
        shown(pl.col(RAW)).alias(RAW),
        column.alias("column"),
        pl.coalesce(_WRONG + name for name in names).alias("value"),
        pl.concat_str(reasons, separator="; ", ignore_nulls=True).alias("reason"),
        pl.concat_list(remedies)
        .list.drop_nulls()
        .list.unique(maintain_order=True)
        .list.join(" ")
        .alias("remedy"),
    )


def _why(field: Field, proposal: Proposal, house: House) -> tuple[pl.Expr, str]:
    """Why a text of this column cannot be read, behind its heading; and what to do."""
    if field.choices:
        known = ", ".join(field.choices)
        return pl.lit(
            f"is none of {known}"
        ), f"Say below what it means, or write {' or '.join(field.choices)}."
    code = proposal.codes[field.name]
    words = form_of(field, house, code).words
    text = pl.col(_WRONG + field.name)
    match field.kind:
        case "number" | "whole":
            foreign = pl.when(text.str.contains(r"\p{Sc}|[A-Z]{3}")).then(
                pl.lit(f"is money of another currency than {house.currency}, or has a unit")
            )
            reason = foreign.otherwise(pl.lit(f"is not a number with {words}"))
            return reason, "Write figures as the others of this column are written, without a unit."
        case "date" | "week":
            return pl.lit(f"is not a date of the form {words}"), "Write it as the others, or as 2026-12-18."
        case _:
            return pl.lit(f"is not {words}"), "Write it as the template does."
