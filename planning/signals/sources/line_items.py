"""Salesforce's line items in a file of their own, and the opportunities they are of in another.

An item's row says what and how much, its opportunity's row how sure and when. So the items are read with the
columns of their opportunities beside their own, and of an opportunity its items say what its own row says.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from planning.signals.reading.grid import Grid, aside
from planning.signals.rows import LINE
from planning.signals.sources.headers import headers
from planning.signals.sources.meaning import COLUMN, FATE, REMEDY, VALUE, WHAT, Meaning

#: The sources of the two files.
ITEMS, DEALS = "salesforce_items", "salesforce"
#: What of an opportunity counts for its items, as headers.toml has it.
_OF_DEAL = (
    "stage",
    "pipeline",
    "probability",
    "close",
    "created",
    "modified",
    "closed",
    "won",
    "deleted",
    "market",
)
_ID, _DEAL, _TIMES = "OpportunityLineItem.Id", "#deal", "#times"
_YES = ("true", "yes", "1")


def is_without_items(source: str, headings: Sequence[str]) -> bool:
    """Whether a file is of opportunities whose line items stand in another one."""
    found = headers()[DEALS].found(headings)
    return source == DEALS and "product" not in found and "quantity" not in found


def with_their_deals(items: Grid, files: Sequence[Grid]) -> Grid:
    """Line items with the columns of their opportunities; those whose opportunity is in no file kept aside.

    Parameters
    ----------
    items : a file of line items.
    files : of opportunities; of one that stands in several the first counts.
    """
    mine = headers()[ITEMS].found(items.headings)
    rows = items.rows.rename({mine["item"]: _ID} if mine.get("item") == "Id" else {})
    rows = rows.with_columns(_bare(pl.col(mine["deal"])).alias(_DEAL))
    deals = _deals(files)
    named = headers()[DEALS].columns
    beside = {name: named[name][-1] for name in _OF_DEAL if name in deals.columns}
    both = rows.drop(beside.values(), strict=False).join(
        deals.rename(beside), on=_DEAL, how="left", maintain_order="left"
    )
    if "deleted" in mine:
        # An item is gone with its opportunity, or by itself.
        by_itself = rows[mine["deleted"]].str.to_lowercase().is_in(_YES).fill_null(value=False)
        of_deal = pl.col(beside["deleted"]) if "deleted" in beside else pl.lit(None, dtype=pl.String)
        gone = pl.when(by_itself).then(pl.lit("true")).otherwise(of_deal)
        both = both.with_columns(gone.alias(beside.setdefault("deleted", named["deleted"][-1])))
    strange = pl.col(_TIMES).is_null() & pl.col(_DEAL).is_not_null()
    lost = aside(
        items.rows.filter(both.select(strange).to_series()),
        pl.format("opportunity {} is in no file of opportunities", _bare(pl.col(mine["deal"]))),
        "Drop the export of the opportunities together with it.",
        mine["deal"],
    )
    known = both.filter(~strange)
    headings = tuple(
        name for name in known.columns if name in {*rows.columns, *beside.values()} and name[0] != "#"
    )
    return replace(
        items,
        headings=headings,
        rows=known.select(*items.rows.columns[:2], *headings),
        aside=pl.concat([items.aside, lost]).sort(LINE),
        how=(*items.how, f"with the columns of their opportunities in {_listed(files)}"),
    )


def said_by_items(meaning: Meaning, deals: Grid, items: Sequence[Grid]) -> Meaning:
    """What opportunities without products mean beside their line items: those say it, row by row.

    Parameters
    ----------
    meaning : of the file of opportunities by itself.
    deals : that file.
    items : files of line items.
    """
    known = [headers()[ITEMS].found(file.headings)["deal"] for file in items]
    there = {
        deal
        for file, name in zip(items, known, strict=True)
        for deal in file.rows[name].drop_nulls().str.strip_chars()
    }
    own = headers()[DEALS].found(deals.headings)["deal"]
    mine = deals.rows.select(pl.col(LINE).cast(pl.Int64), _bare(pl.col(own)).alias(_DEAL))
    told = meaning.fates.join(mine, on=LINE, how="left", maintain_order="left")
    without = pl.col(WHAT).str.starts_with("says neither product nor quantity")
    said = without & pl.col(_DEAL).is_in(list(there))
    words = "told by its line items" + (f" in {_listed(items)}" if items else "")
    remedy = "Drop the export of its line items (OpportunityLineItem) together with it."
    fates = told.with_columns(
        pl.when(said).then(pl.lit("collapsed")).otherwise(FATE).alias(FATE),
        pl.when(said).then(pl.lit(words)).otherwise(WHAT).alias(WHAT),
        pl.when(said).then(pl.lit("")).when(without).then(pl.lit(remedy)).otherwise(REMEDY).alias(REMEDY),
        *(pl.when(~said.fill_null(value=False)).then(name).alias(name) for name in (COLUMN, VALUE)),
    )
    return replace(meaning, fates=fates.select(meaning.fates.columns))


def _deals(files: Sequence[Grid]) -> pl.DataFrame:
    """The opportunities of files: their id, how often it stands there, and what counts for their items."""
    told = []
    for file in files:
        found = headers()[DEALS].found(file.headings)
        columns = [pl.col(found[name]).alias(name) for name in _OF_DEAL if name in found]
        told.append(file.rows.select(_bare(pl.col(found["deal"])).alias(_DEAL), *columns))
    none = pl.DataFrame(schema={_DEAL: pl.String})
    deals = pl.concat([none, *told], how="diagonal").drop_nulls(_DEAL)
    return deals.unique(_DEAL, keep="first", maintain_order=True).with_columns(pl.lit(1).alias(_TIMES))


def _bare(text: pl.Expr) -> pl.Expr:
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)


def _listed(files: Sequence[Grid]) -> str:
    return ", ".join(dict.fromkeys(file.file for file in files)) or "no file"
