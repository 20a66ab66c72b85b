"""The preview of an upload: the files that hold, joined by the uploaded ones, and what that does."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from planning.domain.assume import reference_ids
from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals import Folder, SourceFile, validate
from planning.signals.cells import ANY_DATE, Window, read_rows
from planning.signals.decode import decode
from planning.signals.reading.profile import Profile
from planning.signals.recognise import recognise
from planning.signals.remedies import with_remedies
from planning.signals.row_sum import RowSum
from planning.signals.rows import LINE, RAW, cut
from planning.signals.sources.handover import Handover
from planning.signals.update import HELD, UPLOADED, Joined, Mode, Upload, changes, join
from planning.signals.validate import policy_of
from planning.store import HeldFiles, UploadRecord, no_origins
from planning.store.read_files import ReadFile
from planning.workflows.file_report import FileReport, as_record
from planning.workflows.incoming import Incoming
from planning.workflows.line_items import is_kept
from planning.workflows.row_sums import row_sums
from planning.workflows.upload_faults import as_uploaded, taken_twice, unknown
from planning.workflows.upload_origin import Origin, came_in, in_their_lines, stood_before

#: Rows of a file shown as they will load.
SHOWN = 50

_ASIDE = dict.fromkeys(("file", "line", "column", "value", "reason", "remedy", "raw"), pl.String) | {
    "line": pl.Int64
}


@dataclass(frozen=True)
class Preview:
    """What an upload would do.

    Parameters
    ----------
    id : names the files, what they are taken for, and the network they would join.
    on : the import that holds; None before the first one.
    files : one report a file.
    aside : uploaded rows that would be kept aside: file, line, column, value, reason, remedy, raw, by the
        names and lines of the uploaded files.
    sums : what becomes of every row of each dropped file.
    origins : where the rows that would be kept aside of the network stood in uploads.
    profiles : how the files of other systems were read.
    read : those files.
    faults : what refuses the import as a whole.
    healed, fallen : other rows kept aside now that would load, and the other way round.
    folder, network : what would hold; None where it is refused.
    """

    id: str
    on: int | None
    files: tuple[FileReport, ...]
    aside: pl.DataFrame
    faults: tuple[Fault, ...] = ()
    sums: tuple[RowSum, ...] = ()
    origins: pl.DataFrame = field(default_factory=no_origins)
    profiles: tuple[Profile, ...] = ()
    read: tuple[Incoming, ...] = ()
    healed: int = 0
    fallen: int = 0
    folder: Folder | None = None
    network: Network | None = None

    @property
    def loads(self) -> bool:
        """Whether there is anything to import."""
        moved = sum(report.new + report.changed + report.removed for report in self.files)
        return self.folder is not None and (moved + self.healed + self.fallen > 0 or self.on is None)

    @property
    def record(self) -> UploadRecord:
        """What is kept of it once it is imported."""
        return UploadRecord(as_record(self.files), self.aside, self.origins, self.profiles, self.kept)

    @property
    def kept(self) -> tuple[ReadFile, ...]:
        """Files of other systems that are kept: rows of theirs are aside, or another file may tell them."""
        aside = frozenset(self.aside["file"])
        return tuple(file.read for file in self.read if file.read and (file.name in aside or is_kept(file)))


@dataclass(frozen=True)
class _Part:
    """An uploaded file on its way into the network."""

    file: str
    table: str
    mode: Mode
    upload: Upload
    held: SourceFile | None
    lost: frozenset[int]
    joined: Joined
    origin: Origin | None = None
    handover: Handover | None = None

    @property
    def target(self) -> str:
        return f"{self.table}.csv"

    def joins(self, refused: Collection[int]) -> Joined:
        aside = {*refused, *self.upload.rejected["line"].drop_nulls()}
        gone = frozenset[int]() if self.handover is None else self.handover.left_out(aside)
        return join(INPUT[self.table], self.held, self.upload, self.mode, self.lost, refused, gone)

    def lines(self, folder: Folder) -> pl.DataFrame:
        """`line` in the joined file, HELD and UPLOADED of each of its rows."""
        source = folder.files[self.table]
        lines = pl.concat([source.cells[LINE], source.broken[LINE]]).cast(pl.Int64).sort()
        return self.joined.rows.select(HELD, UPLOADED).with_columns(lines.alias("line"))


def preview_upload(id: str, held: HeldFiles, incoming: Sequence[Incoming], today: date) -> Preview:
    """What uploaded files would do to the network that holds.

    Parameters
    ----------
    id : how the preview is to be called.
    held : the files that hold.
    incoming : the uploaded ones.
    today : as_of where settings.csv gives none.

    Returns
    -------
    The preview; where anything refuses the import, the faults with the names and lines of the uploaded
    files and no folder.
    """
    told, sources, faults = _read_all(incoming)
    plain = Preview(id, held.batch, tuple(told), pl.DataFrame(schema=_ASIDE), tuple(faults))
    plain = replace(
        plain,
        profiles=tuple(file.profile for file in incoming if file.profile is not None),
        read=tuple(file for file in incoming if file.read is not None),
    )
    if faults or not incoming:
        return plain
    try:
        parts = _parts(held, told, sources, incoming, today)
    except InputError as error:
        return replace(plain, faults=error.faults)
    try:
        return _judged(plain, held, parts, today)
    except InputError as error:
        places = {part.target: (part.file, _places(part)) for part in parts}
        return replace(plain, faults=tuple(as_uploaded(fault, places) for fault in error.faults))


def _read_all(
    incoming: Sequence[Incoming],
) -> tuple[list[FileReport], list[SourceFile], list[Fault]]:
    """What each file is taken for, the files as they were read, and what is wrong with them as such."""
    told: list[FileReport] = []
    sources: list[SourceFile] = []
    faults: list[Fault] = []
    for file in incoming:
        table = file.table
        try:
            header = cut(file.name, decode(file.name, file.data)).header
            table = table or recognise(file.name, header)
            if table is None:
                raise InputError([unknown(file.name, header)])
            source = SourceFile.read(INPUT[table], file.data)
            sources.append(source)
            beside = 0 if file.origin is None else file.origin.aside.height + file.origin.collapsed
            told.append(FileReport(file.name, table, file.mode, source.rows_in + beside))
        except InputError as error:
            faults += [replace(fault, file=file.name) for fault in error.faults]
            told.append(FileReport(file.name, table, file.mode))
    times = Counter(report.table for report in told if report.table is not None)
    twice = [report for report in told if report.table is not None and times[report.table] > 1]
    return told, sources, faults + [taken_twice(report.file, str(report.table)) for report in twice]


def _parts(
    held: HeldFiles,
    told: Sequence[FileReport],
    sources: Sequence[SourceFile],
    incoming: Sequence[Incoming],
    today: date,
) -> list[_Part]:
    """Every upload joined to the file that holds, settings first: they say by which day dates are judged."""
    parts: dict[str, _Part] = {}
    window = ANY_DATE
    taken = zip(told, sources, incoming, strict=True)
    for report, source, file in sorted(taken, key=lambda file: file[0].table != "settings"):
        if report.table != "settings" and window is ANY_DATE:
            window = _window(held, parts.get("settings"), today)
        parts[str(report.table)] = _part(report, source, held, window, file)
    return [parts[str(report.table)] for report in told]


def _window(held: HeldFiles, settings: _Part | None, today: date) -> Window:
    data = held.files.get("settings.csv") if settings is None else settings.joined.data
    source = None if data is None else SourceFile.read(INPUT["settings"], data)
    return Window.around(policy_of(source, today).as_of)


def _part(report: FileReport, source: SourceFile, held: HeldFiles, window: Window, file: Incoming) -> _Part:
    name = str(report.table)
    table, data = INPUT[name], held.files.get(f"{name}.csv")
    upload = Upload.of(source, table, window)
    before = None if data is None else SourceFile.read(table, data)
    lost = held.lost.get(f"{name}.csv", frozenset())
    joined = join(table, before, upload, report.mode, lost)
    part = _Part(report.file, name, report.mode, upload, before, lost, joined, file.origin, file.handover)
    return part if file.handover is None else replace(part, joined=part.joins(()))


def _judged(plain: Preview, held: HeldFiles, parts: Sequence[_Part], today: date) -> Preview:
    """The preview of files that could be joined."""
    folder, network = _whole(held, parts, today)
    first = {part.table: _aside(part, folder, network) for part in parts}
    again = [_spared(part, first[part.table]) for part in parts]
    if any(new.joined is not old.joined for new, old in zip(again, parts, strict=True)):
        folder, network = _whole(held, again, today)
    known = {name: reference_ids(network.tables, network.given, name) for name in _REFERENCES}
    aside, files = [], []
    for part, report in zip(again, plain.files, strict=True):
        rows = _all_aside(part, first[part.table], _aside(part, folder, network))
        aside.append(in_their_lines(part.file, with_remedies(rows, known), part.origin))
        files.append(_report(report, part, frozenset(rows["line"]), Window.around(network.policy.as_of)))
    told = pl.concat(aside)
    healed, fallen = _elsewhere(held, again, folder, network)
    return replace(
        plain,
        files=tuple(files),
        aside=told,
        sums=row_sums(files, [part.origin for part in again], told),
        origins=_origins(held, again, folder, network),
        healed=healed,
        fallen=fallen,
        folder=folder,
        network=network,
    )


def _origins(held: HeldFiles, parts: Sequence[_Part], folder: Folder, network: Network) -> pl.DataFrame:
    """ORIGINS of the rows kept aside of the network as it would be."""
    aside = network.rejected.drop_nulls("line").select("file", "line", "raw")
    joined = {part.target: part for part in parts}
    found = [held.origins.filter(~pl.col("file").is_in(list(joined)))]
    for target, part in joined.items():
        rows = aside.filter(pl.col("file") == target).join(part.lines(folder), on="line")
        before = held.origins.filter(pl.col("file") == target)
        found += [came_in(part.file, rows, part.origin), stood_before(rows, before)]
    return pl.concat(found).join(aside, on=["file", "line"], how="semi")


_REFERENCES = sorted({f.refers for table in INPUT.values() for f in table.fields if f.refers})


def _whole(held: HeldFiles, parts: Sequence[_Part], today: date) -> tuple[Folder, Network]:
    files = dict(held.files) | {part.target: part.joined.data for part in parts}
    folder = Folder.from_files(files, held.published)
    return folder, validate(folder, today)


def _aside(part: _Part, folder: Folder, network: Network) -> pl.DataFrame:
    """Uploaded rows that are kept aside, as rejected_rows with the lines of the upload."""
    mine = network.rejected.filter(pl.col("file") == part.target)
    found = mine.join(part.lines(folder), on="line", maintain_order="left").drop_nulls(UPLOADED)
    return found.with_columns(line=pl.col(UPLOADED).cast(pl.Int64)).select(mine.columns)


def _all_aside(part: _Part, first: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Uploaded rows that do not load, as they stand in the uploaded file, with its own reasons first.

    Parameters
    ----------
    first, last : rows kept aside of the network at first, and without those left out of it.
    """
    own, out = part.upload.rejected, pl.col("line").is_in(list(part.joined.left_out))
    known = pl.concat([own.filter(out), first.filter(out), last])
    lines = known["line"].unique()
    told = pl.concat([own.filter(pl.col("line").is_in(lines.implode())), known])
    sources = (part.upload.source.cells, part.upload.source.broken)
    raw = pl.concat([rows.select(line=pl.col(LINE).cast(pl.Int64), raw=RAW) for rows in sources])
    stays = pl.when(out).then(pl.format("{}; what holds stays", "reason")).otherwise("reason").alias("reason")
    rows = told.unique("line", keep="first", maintain_order=True).sort("line").with_columns(stays)
    return rows.drop("raw").join(raw, on="line", how="left", maintain_order="left")


def _spared(part: _Part, aside: pl.DataFrame) -> _Part:
    """The part without rows that other files refuse and that would drive out a row that loads."""
    refused = frozenset(aside["line"]) - frozenset(part.upload.rejected["line"])
    if not refused:
        return part
    joined = part.joins(refused)
    stays = joined.left_out == part.joined.left_out and joined.data == part.joined.data
    return part if stays else replace(part, joined=joined)


def _report(report: FileReport, part: _Part, aside: frozenset[int], window: Window) -> FileReport:
    does, removed = changes(part.joined, part.lost, aside)
    count = Counter(does["change"])
    kept = len(aside) + (0 if part.origin is None else part.origin.aside.height)
    collapsed = 0 if part.origin is None else part.origin.collapsed
    if report.rows_in != does.height + kept + collapsed:
        raise ValueError(f"{part.file}: {report.rows_in} rows in, {does.height} to load, {kept} aside")
    table = INPUT[part.table]
    first = does.sort(pl.col("change").replace_strict({"changed": 0, "new": 1, "same": 2}), "line").head(
        SHOWN
    )
    typed, _ = read_rows(part.upload.source, table, window)
    rows = first.join(
        typed.with_columns(line=pl.col(LINE).cast(pl.Int64)),
        on="line",
        how="inner",
        maintain_order="left",
        suffix="#",
    )
    given = [name for name in table.columns if name in part.upload.source.header]
    return replace(
        report,
        new=count["new"],
        changed=count["changed"],
        same=count["same"],
        removed=removed,
        kept_aside=kept,
        collapsed=collapsed,
        rows=rows.select("change", *given),
    )


def _elsewhere(held: HeldFiles, parts: Sequence[_Part], folder: Folder, network: Network) -> tuple[int, int]:
    """Rows that were not uploaded: kept aside until now and loading; loading until now and kept aside."""
    after = {
        name: frozenset(rows["line"].drop_nulls()) for (name,), rows in network.rejected.group_by("file")
    }
    healed = fallen = 0
    joined = {part.target: part for part in parts}
    for name in held.files:
        now, before = after.get(name, frozenset()), held.lost.get(name, frozenset())
        if name in joined:
            lines = joined[name].lines(folder).filter(pl.col(UPLOADED).is_null())
            stayed = dict(lines.select("line", HELD).iter_rows())
            now = frozenset(stayed[line] for line in now if line in stayed)
            before &= frozenset(stayed.values())
        healed += len(before - now)
        fallen += len(now - before)
    return healed, fallen


def _places(part: _Part) -> Mapping[int, int]:
    """Line in the joined file → line in the upload, of the uploaded rows."""
    source = SourceFile.read(INPUT[part.table], part.joined.data)
    lines = pl.concat([source.cells[LINE], source.broken[LINE]]).cast(pl.Int64).sort()
    rows = part.joined.rows.select(line=lines, upload=UPLOADED).drop_nulls()
    theirs = {} if part.origin is None else part.origin.line
    return {line: theirs.get(upload, upload) for line, upload in rows.iter_rows()}
