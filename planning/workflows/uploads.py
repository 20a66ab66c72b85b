"""Uploads: what a file would do to the network that holds, before it does it; import, undo and redo."""

import hashlib
import io
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from planning.domain.data_guide import templates
from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals import SourceFile
from planning.signals.reading.grid import Grid
from planning.signals.reading.patch import cells_to_mend
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import House, Proposal
from planning.signals.reading.spreadsheet import guarded
from planning.signals.sources import SOURCES, Source, meaning_of
from planning.signals.sources.line_items import DEALS, ITEMS, is_without_items
from planning.signals.update import Mode
from planning.signals.validate import policy_of
from planning.store import HeldFile, ImportReceipt, TableEdited, Workspace
from planning.store.read_files import ReadFile
from planning.workflows.aside_rows import AsideRows, rows_aside
from planning.workflows.deals_won import deals_won
from planning.workflows.dropped_rows import our_rows
from planning.workflows.incoming import Incoming
from planning.workflows.readings import NOTHING, Mends, Readings, matching, of_source, said_by
from planning.workflows.retrying import Retried, Said, refuse_open, tried_again
from planning.workflows.silent_files import told_apart, with_silent
from planning.workflows.source_files import Known, Understood
from planning.workflows.source_parts import as_upload, in_parts
from planning.workflows.upload_preview import Preview, preview_upload

#: Previews kept at hand; an older one is made again from its files when it is asked for.
KEPT = 8


class Uploads:
    """What the Signals page asks. Methods may be called from any thread.

    Parameters
    ----------
    workspace : where the network is.
    today : as_of where settings.csv gives none.
    """

    def __init__(self, workspace: Workspace, today: Callable[[], date]) -> None:
        self._workspace = workspace
        self._today = today
        self._previews: OrderedDict[str, Preview] = OrderedDict()
        self._readings = Readings()
        self._answers: tuple[int | None, Known] | None = None
        self._lock = threading.Lock()

    def in_our_form(self, name: str, data: bytes, table: str | None = None) -> bytes | None:
        """The bytes of a file in the form of our contract; None where it has to be read some other way."""
        return self._readings.in_our_form(name, data, table)

    def read(self, name: str, data: bytes, draft: Profile | None = None, rows: Mends = NOTHING) -> Proposal:
        """What a file of another system is taken for: by the profile of its source, else by itself.

        Parameters
        ----------
        name, data : the file.
        draft : what the planner says of it so far; a name in it is that of the profile to read it by.
        rows : those that were mended in it.

        Raises
        ------
        InputError
            It cannot be read, or there is no such profile.
        """
        said = self._said(name, data, draft or Profile())
        return self._readings.proposal(name, data, self._house(), said, rows)

    def understood(
        self,
        name: str,
        data: bytes,
        draft: Profile | None = None,
        rows: Mends = NOTHING,
        beside: Sequence[tuple[str, bytes]] = (),
    ) -> Understood | None:
        """What a file of a source Takt knows means; None where it is of none, or a planner maps its columns.

        Parameters and errors are those of `read`; `beside` are the other files of the upload: line items are
        read with their opportunities, wherever these stand.
        """
        said = self._said(name, data, draft or Profile())
        grid = self._readings.grid(name, data, said.hints, rows)
        source = SOURCES.get(said.source or "") or meaning_of(grid.headings)
        if source is None or said.source == "" or (said.source is None and said.table is not None):
            return None
        return self._beside(grid, source, said, beside)

    def _beside(
        self, grid: Grid, source: Source, profile: Profile, files: Sequence[tuple[str, bytes]] = ()
    ) -> Understood:
        """What a file means beside those of its upload, and those that came before and are kept."""
        others = [self._readings.grid_of_any(name, data) for name, data in files]
        if source.name in {DEALS, ITEMS}:
            kept = self._workspace.read_files.of_sources((DEALS, ITEMS))
            others += [self._grid(one) for one in kept if one.name != grid.file]
        there = [other for other in others if other is not None]
        return self._readings.understood(grid, source, profile, self._known(), there)

    def _grid(self, read: ReadFile) -> Grid:
        return self._readings.grid(read.name, read.data, read.profile.hints, read.mended)

    def _items_again(self, incoming: Sequence[Incoming]) -> list[Incoming]:
        """Line items that came before, where opportunities come without any."""
        meant = [(file, file.meant) for file in incoming if file.meant is not None]
        deals = [
            (file.name, file.data)
            for file, one in meant
            if is_without_items(one.source.name, one.grid.headings)
        ]
        if not deals or any(one.profile.source == ITEMS for _, one in meant):
            return []
        again = []
        for read in self._workspace.read_files.of_sources((ITEMS,)):
            told = self._beside(self._grid(read), SOURCES[ITEMS], read.profile, deals)
            if told.is_settled:
                again.append(as_upload(read.name, read.data, told))
        return again

    def source_of(self, name: str, data: bytes, draft: Profile | None = None) -> Source | None:
        """The source a file's header is of; None where it is of none Takt knows. Raises like `read`."""
        return meaning_of(self._readings.grid(name, data, (draft or Profile()).hints).headings)

    def _said(self, name: str, data: bytes, draft: Profile) -> Profile:
        """What planner and profile say of a file: the profile that is named, else that of its source."""
        profiles = self._workspace.read_files.profiles()
        known = next((profile for profile in profiles if profile.name == draft.name), None)
        grid = self._readings.grid(name, data, draft.hints)
        known = known or matching(grid, profiles) or of_source(meaning_of(grid.headings), profiles)
        return draft if known is None else said_by(known, draft)

    def incoming(
        self, name: str, data: bytes, taken: Proposal | Understood, mode: Mode = "update"
    ) -> Incoming:
        """A file of another system as an upload, once all is said of it; raises ValueError before."""
        if isinstance(taken, Understood):
            return as_upload(name, data, taken)
        return self._readings.incoming(name, data, self._house(), taken, mode)

    def _known(self) -> Known:
        """What the network that holds answers of a source by itself."""
        on = self._workspace.holding()
        with self._lock:
            if self._answers is not None and self._answers[0] == on:
                return self._answers[1]
        known = Known.of(self._workspace.load_network(self._today()))
        with self._lock:
            self._answers = on, known
        return known

    def profiles(self) -> list[Profile]:
        """How the files of other systems are read, the profile saved last first."""
        return self._workspace.read_files.profiles()

    def _house(self) -> House:
        held = self._workspace.held_files().files.get("settings.csv")
        source = None if held is None else SourceFile.read(INPUT["settings"], held)
        policy = policy_of(source, self._today())
        return House(policy.timezone, policy.currency)

    def preview(self, incoming: Sequence[Incoming]) -> Preview:
        """What these files would do to the network as it is now; the same question is answered once.

        A file of a source Takt knows has a report for each table its rows are of.

        Where they bring the order of an open deal, the last report is of the deals that wins.
        """
        today = self._today()
        id = _id(incoming, self._workspace.holding(), today)
        with self._lock:
            if id in self._previews:
                self._previews.move_to_end(id)
                return self._previews[id]
        held = self._workspace.held_files()
        files = [*incoming, *self._items_again(incoming)]
        parts = [part for file in files for part in in_parts(file, held.files)]
        parts, silent = told_apart([*parts, *deals_won(held, parts)])
        preview = with_silent(preview_upload(id, held, parts, today), silent)
        with self._lock:
            self._previews[id] = preview
            while len(self._previews) > KEPT:
                self._previews.popitem(last=False)
        return preview

    def load(self, preview: Preview, edited: TableEdited | None = None) -> ImportReceipt:
        """Import what was previewed, in one transaction.

        Parameters
        ----------
        edited : where it is no upload, but a table edited by hand.

        Raises
        ------
        ChangedMeanwhileError
            The network it was made for does not hold any more.
        InputError
            Nothing of it can be imported.
        """
        if preview.folder is None or preview.network is None:
            raise InputError(preview.faults)
        record = replace(preview.record, edited=edited)
        return self._workspace.record_upload(preview.folder, preview.network, record, preview.on)

    def dropped_rows(self, file: Incoming, aside: pl.DataFrame) -> pl.DataFrame:
        """Rows of an uploaded file that would be kept aside, to be mended: LINE, and its columns as text.

        Parameters
        ----------
        aside : line and raw of the rows.
        """
        if file.read is None:
            return our_rows(file.name, file.data, aside)
        return self._cells(file.read, aside)

    def aside_list(self, rows: pl.DataFrame) -> bytes:
        """Rows kept aside as CSV for a spreadsheet: file, line, column, value, reason, remedy, raw."""
        text = [pl.col(name).cast(pl.String).fill_null("") for name in rows.columns]
        cells = rows.select(column.map_elements(guarded, return_dtype=pl.String) for column in text)
        return b"\xef\xbb\xbf" + cells.write_csv().encode()

    def undo(self, batch: int) -> None:
        """Take the import that holds out; the one before it holds again.

        Raises
        ------
        ChangedMeanwhileError
            It is not the one that holds any more.
        """
        self._workspace.step_back(batch)

    def redo(self, batch: int) -> None:
        """Take what was undone last back in.

        Raises
        ------
        ChangedMeanwhileError
            It is not what was undone last any more.
        """
        self._workspace.step_forward(batch)

    def meanwhile(self, on: int | None = None, of: str | None = None) -> str:
        """Who changed the data since they were those of import `on`, or of the hash `of`, in a sentence."""
        return self._workspace.meanwhile(on, of)

    def history(self) -> pl.DataFrame:
        """Every import, the latest first; see `Workspace.import_history`."""
        return self._workspace.import_history()

    def aside(self, batch: int) -> pl.DataFrame:
        """Rows of the files uploaded as import `batch` that were kept aside."""
        return self._workspace.read_files.aside_of(batch)

    def aside_while_reading(self) -> pl.DataFrame:
        """Rows of uploaded files that are kept aside and in no file of the network; see `HeldFiles`."""
        return self._workspace.read_files.aside()

    def rows_aside(self, table: str) -> AsideRows:
        """Rows kept aside of a table's file, to be mended."""
        return rows_aside(self._workspace.held_files(), table)

    def rows_unread(self, name: str) -> AsideRows | None:
        """Rows kept aside of an uploaded file that are in no file of the network, to be mended.

        None where the file is not kept: it came in before files were.
        """
        read = self._workspace.read_files.named(name)
        if read is None:
            return None
        aside = self.aside_while_reading().filter(pl.col("file") == name)
        return AsideRows(name, self._cells(read, aside), self._workspace.holding(), read=read)

    def try_again(self, read: ReadFile, rows: Mends) -> Retried:
        """What an uploaded file says with these rows mended in it that it did not say before.

        Raises
        ------
        InputError
            With them something has to be said of the file first.
        """
        after = replace(read, mended=dict(read.mended) | dict(rows))
        aside = self.aside_while_reading().filter(pl.col("file") == read.name)
        held = self._workspace.held_files().files
        return tried_again(after, self._said_by(read), self._said_by(after), aside, held)

    def _said_by(self, read: ReadFile) -> Said:
        name, data, profile, rows = read.name, read.data, read.profile, read.mended
        source = SOURCES.get(profile.source or "")
        if source is not None:
            grid = self._readings.grid(name, data, profile.hints, rows)
            meant = self._beside(grid, source, profile)
            if not meant.is_settled:
                refuse_open(name, "the order of its days, or its market")
            return Said.of_source(meant)
        proposal = self._readings.proposal(name, data, self._house(), profile, rows)
        if not proposal.is_settled:
            refuse_open(name, " ".join(question.words for question in proposal.questions))
        return Said.of_columns(proposal.grid, self._readings.translated(name, data, self._house(), proposal))

    def _cells(self, read: ReadFile, aside: pl.DataFrame) -> pl.DataFrame:
        return cells_to_mend(self._grid(read), aside["line"].drop_nulls().unique())

    def held_file(self, table: str, batch: int | None = None) -> HeldFile:
        """The file of a table, of the network that holds or of import `batch`."""
        return self._workspace.held_file(f"{table}.csv", batch)

    def edits(self) -> pl.DataFrame:
        """Every edit of a table by hand; see `Workspace.table_edits`."""
        return self._workspace.table_edits()

    def origins(self) -> pl.DataFrame:
        """Where rows kept aside of the network that holds stood in uploads; see `store.ORIGINS`."""
        return self._workspace.origins()

    def since(self) -> pl.DataFrame:
        """Each file of the network that holds, and when it came in as it is (UTC)."""
        return self._workspace.files_since()

    def files_zip(self) -> bytes:
        """The network folder that holds, zipped: lines in the list of rows kept aside are lines of these."""
        held = self._workspace.held_files()
        return _zip(dict(held.files) | {f"published/{name}": data for name, data in held.published.items()})


def templates_zip() -> bytes:
    """The templates of every file, zipped."""
    return _zip({name: text.encode() for name, text in templates().items()})


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            # A fixed date, so that the same files are the same archive.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _id(incoming: Sequence[Incoming], on: int | None, today: date) -> str:
    total = hashlib.sha256(f"{on} {today}".encode())
    for file in incoming:
        total.update(f"\0{file.name}\0{file.table}\0{file.mode}\0{len(file.data)}\0".encode())
        total.update(file.data)
        total.update((file.origin.id if file.origin is not None else "").encode())
        meant = file.meant
        total.update(("" if meant is None else f"{meant.profile.as_json()} {meant.grid.mended}").encode())
        total.update(("" if file.handover is None else str(file.handover.gone.rows())).encode())
    return total.hexdigest()
