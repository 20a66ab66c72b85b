"""A table edited by hand: from the rows as a planner left them to what that changes, and into the network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.signals import SourceFile
from planning.signals.cells import ANY_DATE
from planning.signals.reading.patch import row_text
from planning.signals.remedies import with_remedies
from planning.signals.rows import LINE, RAW
from planning.signals.sheet import Sheet, Slot, cell
from planning.signals.update import Upload
from planning.store import ChangedMeanwhileError, HeldFile, ImportReceipt, TableEdited
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads

#: What was typed, a row for each edited cell and for each row added or deleted.
CHANGES = dict.fromkeys(("row", "what", "column", "before", "after"), pl.String)
#: What is wrong with it.
FAULTS = dict.fromkeys(("file", "row", "column", "value", "reason", "remedy"), pl.String)

_NO_REASON = "an override needs its reason"


@dataclass(frozen=True)
class TableRows:
    """The rows of a table of the network, as they stand in its file.

    Parameters
    ----------
    table : which.
    rows : LINE, RAW and the cells as text, empty ones too.
    slots : columns of the file.
    absent : columns of the table the file does not have; their cells are empty.
    lost : lines that are kept aside.
    batch : the import it is of.
    """

    table: str
    rows: pl.DataFrame
    slots: tuple[Slot, ...]
    absent: tuple[str, ...]
    lost: frozenset[int]
    batch: int | None

    @property
    def columns(self) -> list[str]:
        """The columns to type in."""
        return [*(cell(slot) for slot in self.slots), *self.absent]

    @property
    def cells(self) -> pl.DataFrame:
        """LINE and the columns to type in."""
        return self.rows.select(LINE, *self.columns)

    def holding(self, text: str) -> pl.DataFrame:
        """`cells` of the rows in which this text occurs somewhere, however it is spelt; all without any."""
        wanted = text.strip().lower()
        if not wanted:
            return self.cells
        found = [pl.col(name).str.to_lowercase().str.contains(wanted, literal=True) for name in self.columns]
        return self.cells.filter(pl.any_horizontal(found))


@dataclass(frozen=True)
class TableEdit:
    """What edits of a table come to.

    Parameters
    ----------
    table : which.
    changes : CHANGES.
    faults : FAULTS; while there are any, nothing of it can be saved.
    preview : what they do to the network; None where they do not get that far.
    base : the import they were typed on.
    """

    table: str
    changes: pl.DataFrame
    faults: pl.DataFrame
    preview: Preview | None
    base: int | None

    @property
    def needs_reason(self) -> bool:
        """Whether a planner has to say why: of the policy, and of overrides whose row goes with its own."""
        let_go = self.table == "overrides" and "Deleted" in self.changes["what"]
        return self.table == "settings" or let_go

    @property
    def can_be_saved(self) -> bool:
        """Whether it changes something, and nothing is in its way."""
        return self.faults.is_empty() and self.preview is not None and self.preview.loads


@dataclass(frozen=True)
class _Row:
    """A row as it was left: where it stood (None: it is new), what it said and what it says."""

    line: int | None
    raw: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def is_touched(self) -> bool:
        return self.line is None or self.before != self.after


def table_rows(table: str, held: HeldFile) -> TableRows:
    """The rows of a table, whether or not there is a file of it yet."""
    contract = INPUT[table]
    sheet = (
        Sheet.without_rows(contract) if held.data is None else Sheet.of(SourceFile.read(contract, held.data))
    )
    names = [cell(slot) for slot in sheet.slots]
    absent = tuple(name for name in contract.columns if name not in names)
    cells = [pl.col(name).fill_null("") for name in names]
    rows = sheet.rows.select(
        pl.col(LINE).cast(pl.Int64), RAW, *cells, *(pl.lit("").alias(name) for name in absent)
    )
    return TableRows(table, rows, sheet.slots, absent, held.lost, held.batch)


def draft_edit(uploads: Uploads, rows: TableRows, shown: pl.DataFrame, after: pl.DataFrame) -> TableEdit:
    """What the rows as they were left come to: judged as an upload of the whole file would be.

    Parameters
    ----------
    rows : the table.
    shown : those of its `cells` that could be edited; all others stay.
    after : the same as they were left: LINE is null in what was added.
    """
    left = list(_left(rows, shown, after))
    gone = [row for row in _before(rows, shown).values() if row.line not in {one.line for one in left}]
    changes = pl.DataFrame(list(_changes(rows, left, gone)), schema=CHANGES, orient="row")
    nothing = pl.DataFrame(schema=FAULTS)
    if changes.is_empty():
        return TableEdit(rows.table, changes, nothing, None, rows.batch)
    data, places = _file(rows, _in_file(rows, left, gone))
    # What is wrong with the rows themselves is told first: other files only speak of what comes of it.
    own = [*_said_wrong(rows, left), *_aside(_own_faults(rows.table, data), places, rows)]
    if own:
        return TableEdit(
            rows.table, changes, pl.DataFrame(own, schema=FAULTS, orient="row"), None, rows.batch
        )
    preview = uploads.preview([Incoming(f"{rows.table}.csv", data, rows.table, "replace")])
    found = [*_refused(preview, places, rows), *_aside(preview.aside, places, rows)]
    faults = pl.DataFrame(found, schema=FAULTS, orient="row")
    return TableEdit(rows.table, changes, faults, preview, rows.batch)


def save_edit(uploads: Uploads, edit: TableEdit, reason: str) -> ImportReceipt:
    """Import an edit: undone, and making plans stale, like any import; the ledger keeps the reason.

    Raises
    ------
    ChangedMeanwhileError
        The table was changed by somebody else since the edit was begun.
    InputError
        Something of it is wrong, or a reason is needed.
    NothingToPlanError
        It changes nothing.
    """
    file = f"{edit.table}.csv"
    if changed_meanwhile(uploads, edit.table, edit.base):
        raise ChangedMeanwhileError(
            f"Somebody changed {file} since you began, so nothing was saved. What you typed is below: take "
            "the edits back to see the rows as they are now, and type again what still has to change."
        )
    if not edit.faults.is_empty():
        told = edit.faults.rows(named=True)
        raise InputError(
            [Fault(r["file"], r["reason"], r["remedy"], None, r["column"], r["value"]) for r in told]
        )
    if edit.preview is None or not edit.preview.loads:
        raise NothingToPlanError("The edits change nothing: the data say the same already.")
    if edit.needs_reason and not reason.strip():
        raise InputError([Fault(file, "a change of it needs a reason", "Say why.")])
    return uploads.load(edit.preview, TableEdited(edit.table, reason.strip()))


def changed_meanwhile(uploads: Uploads, table: str, base: int | None) -> bool:
    """Whether a table's file is another one than in import `base`; other tables do not matter."""
    now = uploads.held_file(table)
    return now.batch != base and (base is None or now.data != uploads.held_file(table, base).data)


def _before(rows: TableRows, shown: pl.DataFrame) -> dict[int, _Row]:
    """Line → each row that could be edited, as it was."""
    raw = dict(rows.rows.select(LINE, RAW).iter_rows())
    told = {}
    for row in shown.iter_rows(named=True):
        cells = {name: row[name] for name in rows.columns}
        told[row[LINE]] = _Row(row[LINE], raw[row[LINE]], cells, cells)
    return told


def _left(rows: TableRows, shown: pl.DataFrame, after: pl.DataFrame) -> Iterator[_Row]:
    """The rows that could be edited, as they were left, and those added; without what is empty."""
    before = _before(rows, shown)
    for row in after.iter_rows(named=True):
        cells = {name: str(row[name] or "").strip("\r\n") for name in rows.columns}
        known = before.get(row[LINE])
        if known is not None:
            yield _Row(known.line, known.raw, known.before, cells)
        elif any(text.strip() for text in cells.values()):
            yield _Row(None, "", {}, cells)


def _in_file(rows: TableRows, left: Sequence[_Row], gone: Sequence[_Row]) -> list[_Row]:
    """Every row of the file as it would be, in its order; what is new comes last."""
    said = {row.line: row for row in left if row.line is not None}
    out = {row.line for row in gone}
    kept = [
        said.get(line) or _Row(line, raw, {}, {}) for line, raw in rows.rows.select(LINE, RAW).iter_rows()
    ]
    return [*(row for row in kept if row.line not in out), *(row for row in left if row.line is None)]


def _file(rows: TableRows, whole: Sequence[_Row]) -> tuple[bytes, dict[int, _Row]]:
    """The file, and which row stands in which of its lines; columns nobody wrote in stay out of it."""
    used = [name for name in rows.absent if any(row.after.get(name, "").strip() for row in whole)]
    names = [*(cell(slot) for slot in rows.slots), *used]
    texts = [row_text([*(name for name, _ in rows.slots), *used], ",")]
    places: dict[int, _Row] = {}
    line = 2
    for row in whole:
        text = row.raw + "," * len(used)
        if row.is_touched and row.after:
            text = row_text([row.after[name] for name in names], ",")
        places[line] = row
        texts.append(text)
        line += 1 + text.count("\n")
    return "\n".join([*texts, ""]).encode(), places


def _changes(rows: TableRows, left: Sequence[_Row], gone: Sequence[_Row]) -> Iterator[tuple[str, ...]]:
    for row in left:
        if row.line is None:
            yield _name(rows, row), "Added", "", "", _told(row.after)
            continue
        for name, text in row.after.items():
            if text != row.before[name]:
                yield _name(rows, row), "Changed", name, row.before[name], text
    for row in gone:
        yield _name(rows, row), "Deleted", "", _told(row.before), ""


def _told(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in cells.items() if text.strip())


def _name(rows: TableRows, row: _Row) -> str:
    """What a planner knows a row by: its key as it was, else the line it stands in."""
    cells = row.before or row.after
    key = " / ".join(cells[name] for name in INPUT[rows.table].key if cells.get(name, "").strip())
    return key or ("a new row" if row.line is None else f"line {row.line}")


def _said_wrong(rows: TableRows, left: Sequence[_Row]) -> Iterator[tuple[str, ...]]:
    """Overrides somebody typed without saying why."""
    if rows.table != "overrides":
        return
    for row in left:
        if row.is_touched and not row.after["reason"].strip():
            yield "overrides.csv", _name(rows, row), "reason", "", _NO_REASON, "Say why it is overruled."


def _refused(preview: Preview, places: Mapping[int, _Row], rows: TableRows) -> Iterator[tuple[str, ...]]:
    """What refuses the network as a whole, here or in another file that speaks of this one."""
    for fault in preview.faults:
        row = places.get(fault.line or 0) if fault.file == f"{rows.table}.csv" else None
        named = f"line {fault.line}" if fault.line else ""
        if row is not None:
            named = _name(rows, _with_cells(rows, row))
        yield fault.file, named, fault.column or "", fault.value or "", fault.reason, fault.remedy


def _own_faults(table: str, data: bytes) -> pl.DataFrame:
    """Rows of the file that cannot load whatever else holds, with what to do about it."""
    upload = Upload.of(SourceFile.read(INPUT[table], data), INPUT[table], ANY_DATE)
    return with_remedies(upload.rejected, {})


def _aside(aside: pl.DataFrame, places: Mapping[int, _Row], rows: TableRows) -> Iterator[tuple[str, ...]]:
    """Rows that would be kept aside, of those that were edited and those that load until now."""
    for told in aside.iter_rows(named=True):
        row = places.get(told["line"])
        if row is None or (row.line in rows.lost and not (row.after and row.is_touched)):
            continue
        named = _name(rows, _with_cells(rows, row))
        cells = told["column"] or "", told["value"] or "", told["reason"], told["remedy"]
        yield told["file"], named, *cells


def _with_cells(rows: TableRows, row: _Row) -> _Row:
    """A row that could not be edited, with what it says."""
    if row.after:
        return row
    cells = rows.cells.filter(pl.col(LINE) == row.line).drop(LINE).row(0, named=True)
    return _Row(row.line, row.raw, cells, cells)
