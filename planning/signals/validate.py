"""A folder of text to a network: typed, checked, and every row loaded or kept aside."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from planning.domain.assume import name_routings, sources_of
from planning.domain.field import Table
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals.cells import ANY_DATE, Window, read_rows
from planning.signals.duplicates import split_duplicates
from planning.signals.folder import Folder
from planning.signals.published import read_published
from planning.signals.references import check_ids, strangers
from planning.signals.rejects import joined
from planning.signals.rows import LINE, RAW
from planning.signals.rules import rule_faults, without_backward, without_future, without_stageless
from planning.signals.settings import read_policy, unusable_rows
from planning.signals.source import SourceFile


def validate(folder: Folder, today: date, sure: Mapping[str, pl.DataFrame] | None = None) -> Network:
    """Understand a folder.

    Every row of every file ends up in a table of the network or in `rejected`, never in both. The order of
    the rows in the files makes no difference (lines in messages aside): tables come back sorted.

    Parameters
    ----------
    folder : what was read.
    today : as_of where settings.csv gives none.
    sure : table → rows that stand in for the sure rows of a file too long to hold them (`long_file`): the
        other rows are judged beside them, and come back without them.

    Returns
    -------
    Typed tables with scalar defaults in place; what is derived from other tables is still empty
    (`domain.assume.complete`). `given` names the files with at least one row.

    Raises
    ------
    InputError
        All that refuses the folder: settings that cannot be used, unknown ids in master data, rows of one
        routing that disagree, lost_cost below the price, no factory or no routing left.
    """
    given = frozenset(name for name, source in folder.files.items() if source.rows_in > 0)
    settings, repeated, policy, faults = _settings(folder.files.get("settings"), today)
    tables, rejected, window = {"settings": settings}, [repeated], Window.around(policy.as_of)
    for name, table in INPUT.items():
        if name != "settings":
            tables[name], *bad = _table(folder.files.get(name), table, window)
            rejected += bad
    sure = sure or {}
    for name, rows in sure.items():
        tables[name] = pl.concat([tables[name], rows], how="diagonal")
    aside = joined(rejected)
    checked = check_ids(tables, given, _lost_ids(folder, aside))
    tables = dict(checked.tables)
    ladder = tables["stages"]
    tables["opportunities"], stageless = without_stageless(tables["opportunities"], ladder, "stages" in given)
    tables["history"], future = without_future(tables["history"], policy.as_of)
    tables["campaigns"], backward = without_backward(tables["campaigns"])
    published, published_faults = read_published(folder)
    faults += [*checked.faults, *rule_faults(tables, aside), *published_faults]
    if faults:
        raise InputError(faults)
    for name, rows in sure.items():
        tables[name] = _without_sure(name, tables[name], rows)
    return Network(
        tables={name: _in_order(frame, INPUT[name]) for name, frame in tables.items()},
        policy=policy,
        given=given,
        rejected=joined([aside, *checked.rejected, stageless, future, backward]),
        assumed=tuple(_notes(folder)),
        published=published,
        input_hash=folder.input_hash,
        file_hashes=folder.file_hashes,
    )


def known_for_sure(folder: Folder, today: date) -> tuple[date, dict[str, pl.DataFrame]]:
    """The day the data speak for, and tables whose ids `validate` will know, whatever else it finds.

    They are the tables other tables refer to, and those a table that is not there is derived from, with
    LINE and RAW. Ids of other rows may turn out to be known, too.
    """
    as_of = _settings(folder.files.get("settings"), today)[2].as_of
    window = Window.around(as_of)
    referred = {field.refers for table in INPUT.values() for field in table.fields if field.refers}
    names = referred.union(*(sources_of(name) for name in referred))
    tables = {name: _table(folder.files.get(name), INPUT[name], window)[0] for name in sorted(names)}
    given = frozenset(name for name, source in folder.files.items() if source.rows_in > 0)
    for name in names:
        if INPUT[name].unknown_ids == "keep aside":
            tables[name] = tables[name].filter(~strangers(name, tables, given))
    return as_of, tables


def policy_of(settings: SourceFile | None, today: date) -> Policy:
    """The settings of a network.

    Parameters
    ----------
    settings : settings.csv, where there is one.
    today : the day where it says nothing.

    Raises
    ------
    InputError
        It names a day nobody can read.
    """
    return _settings(settings, today)[2]


def counts(folder: Folder, network: Network) -> pl.DataFrame:
    """Rows by file: file, rows_in, loaded, kept_aside; rows_in = loaded + kept_aside.

    Parameters
    ----------
    folder : what was read.
    network : what `validate` made of it.
    """
    aside = dict(network.rejected.group_by("file").len().iter_rows())
    rows = [
        (source.name, source.rows_in, _loaded(network, name) + source.sure, aside.get(source.name, 0))
        for name, source in folder.files.items()
    ]
    schema = {"file": pl.String, "rows_in": pl.Int64, "loaded": pl.Int64, "kept_aside": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _loaded(network: Network, name: str) -> int:
    """A table may also hold derived rows, but then its file had none."""
    return network[name].height if name in network.given else 0


def _table(source: SourceFile | None, table: Table, window: Window) -> tuple[pl.DataFrame, ...]:
    """LINE, RAW and the typed rows of a table that may load, and the rows kept aside, by kind."""
    if source is None:
        nothing = pl.DataFrame(schema={LINE: pl.Int64, RAW: pl.String, **table.polars_schema})
        return (nothing,)
    good, bad = read_rows(source, table, window)
    if table.name == "routings":
        good = name_routings(good)
    loaded, repeated, conflicting = split_duplicates(good, table, source.name)
    return loaded, bad, repeated, conflicting


def _settings(
    source: SourceFile | None, today: date
) -> tuple[pl.DataFrame, pl.DataFrame, Policy, list[Fault]]:
    """Settings rows, those that only repeat others, the policy, and what is wrong."""
    rows, *aside = _table(source, INPUT["settings"], ANY_DATE)
    policy, faults = read_policy(rows, today)
    if not aside:
        return rows, joined([]), policy, faults
    bad, repeated, conflicting = aside
    faults = [*unusable_rows(pl.concat([bad, conflicting])), *faults]
    if any(fault.column == "as_of" or (fault.value or "") == "as_of" for fault in faults):
        raise InputError(faults)  # every date is judged by as_of
    return rows, repeated, policy, faults


def _lost_ids(folder: Folder, rejected: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Table → id → words, of the ids in rows kept aside: who speaks of them should be told."""
    lost = {}
    for name in {field.refers for table in INPUT.values() for field in table.fields if field.refers}:
        column, source = INPUT[name].key[0], folder.files.get(name)
        if source is None or column not in source.cells.columns:
            continue
        mine = rejected.filter(pl.col("file") == source.name)
        ids = source.cells.join(mine, left_on=LINE, right_on="line").drop_nulls(column).sort(LINE)
        lost[name] = {
            row[column]: f"Line {row[LINE]} of {source.name} was kept aside: {row['reason']}."
            for row in ids.iter_rows(named=True)
        }
    return lost


def _without_sure(name: str, rows: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    others = rows.filter(pl.col(LINE).is_not_null())
    if rows.height != others.height + sure.height:
        raise ValueError(f"{name}: rows that were sure were kept aside")
    return others


def _in_order(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return frame.select(table.columns).sort(table.key or table.columns, nulls_last=False)


def _notes(folder: Folder) -> list[str]:
    """What was taken for granted while reading, in words."""
    notes = [note for name, source in folder.files.items() for note in source.passed_over(INPUT[name])]
    empty = [source.name for source in folder.files.values() if source.rows_in == 0]
    if empty:
        notes.append(f"files with a header and no rows count as absent: {', '.join(empty)}")
    return notes
