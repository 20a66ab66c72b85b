"""The export folder: written whole beside its place, then put there by renaming; never half a plan.

Beside an export folder `out` a writer uses three names, and a kill at any moment leaves one of these:

- `.out.takt-new` only: the export being written, perhaps half of it. `out` is as it was.
- `.out.takt-old` and no `out`: killed between two renames. The old export is whole and comes back under
  its name with the next read or write.
- `.out.takt-old` and `out`: the new export is in place, the old one, still whole, was to be deleted.
- `.out.takt-lock`: the lock itself goes with the process that held it; the empty file stays.

What is left is cleared by the next writer of the same `out`, which holds the lock while it does so: nothing
of another writer, or of another export, is ever touched.
"""

import codecs
import fcntl
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from planning.domain.field import Table
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.errors import Fault, InputError
from planning.export.people import PEOPLE_FILES

_AGAIN = "Export the plan again."
_ELSEWHERE = "Name another folder."

#: What an export folder may hold: the contract's files, and those for people beside them.
_FILES = {"plan.json", *(f"{name}.csv" for name in EXPORT), *PEOPLE_FILES}


def csv_bytes(table: pl.DataFrame) -> bytes:
    """A table as the contract's CSV: UTF-8, comma, dot decimal, ISO dates, `\\n`, empty for null."""
    return table.write_csv(float_scientific=False, date_format="%Y-%m-%d").encode()


def csv_for_spreadsheets(table: pl.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet with decimal comma opens: semicolons, `12,5`, and a mark of UTF-8."""
    text = table.write_csv(
        separator=";",
        decimal_comma=True,
        float_scientific=False,
        date_format="%Y-%m-%d",
        include_bom=True,
    )
    return text.encode()


def plan_files(plan: Plan, *, semicolons: bool = False) -> dict[str, bytes]:
    """File name → content of the export folder.

    Parameters
    ----------
    semicolons : tables as `csv_for_spreadsheets` writes them, for people; other programs read the plain ones.
    """
    written = csv_for_spreadsheets if semicolons else csv_bytes
    files = {f"{name}.csv": written(plan[name]) for name in EXPORT}
    document = json.dumps(dict(plan.summary), indent=2, ensure_ascii=False, allow_nan=False)
    return files | {"plan.json": (document + "\n").encode()}


def write_folder(
    plan: Plan, out: Path, people: Mapping[str, bytes] | None = None, *, semicolons: bool = False
) -> None:
    """Write the export folder at `out`, replacing an earlier export there.

    Once this returns the new export is at `out`. A process killed before that leaves the old export or the
    new one, each whole.

    Parameters
    ----------
    people : the files for people that go into the same folder, by name.
    semicolons : see `plan_files`.

    Raises
    ------
    InputError : `out` holds something else, so it is left alone; or it cannot be written.
    """
    refuse_other_folder(out)
    files = plan_files(plan, semicolons=semicolons) | dict(people or {})
    # a link stays a link: what it leads to is replaced
    place = out.resolve()
    with _told(out):
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place):
            _clear(place)
            _put(files, place)


def refuse_other_folder(out: Path) -> None:
    """Raise unless an export can go to `out`: nothing is there, an empty folder, or an earlier export.

    Raises
    ------
    InputError : `out` is a file, or holds anything that is no part of an export.
    """
    with _told(out):
        if not out.exists():
            return
        if not out.is_dir():
            raise InputError([Fault(str(out), "is there already and is not a folder", _ELSEWHERE)])
        # hidden files are the desktop's: they come by themselves and hold nothing of the planner's
        names = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    other = [name for name in names if name not in _FILES]
    if other or (names and "plan.json" not in names):
        found = f"it holds {other[0]}" if other else "it has no plan.json"
        reason = f"is there already and is not an export folder: {found}"
        raise InputError([Fault(str(out), reason, _ELSEWHERE)])


def zip_folder(plan: Plan, *, semicolons: bool = False) -> bytes:
    """The export folder as one zip archive, the same bytes for the same plan; see `plan_files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(plan_files(plan, semicolons=semicolons).items()):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def read_folder(folder: Path) -> Plan:
    """Read an export folder back, its tables written with commas or with semicolons; one that a killed writer
    had put aside is brought back first.

    Raises
    ------
    InputError : a file is missing or cannot be read as its table.
    """
    place = folder.resolve()
    with _told(folder):
        if not place.exists() and _aside(place).exists():
            with _alone(place):
                _clear(place)
    if not folder.is_dir():
        raise InputError([Fault(str(folder), "there is no such folder", "Give the folder of an export.")])
    faults: list[Fault] = []
    tables: dict[str, pl.DataFrame] = {}
    for name, table in EXPORT.items():
        try:
            tables[name] = _read_table(folder / f"{name}.csv", table)
        except (OSError, ValueError, pl.exceptions.PolarsError) as error:
            faults.append(_unreadable(f"{name}.csv", error))
    summary: dict[str, Any] = {}
    try:
        summary = _read_summary(folder / "plan.json")
    except (OSError, ValueError) as error:
        faults.append(_unreadable("plan.json", error))
    if faults:
        raise InputError(faults)
    return Plan(tables, summary)


def _read_table(path: Path, table: Table) -> pl.DataFrame:
    schema = table.polars_schema
    dates = [name for name, kind in schema.items() if kind == pl.Date]
    # polars would take 11/12/2026 for a date, and guess which of them is the month
    as_text = schema | dict.fromkeys(dates, pl.String)
    data = path.read_bytes()
    # Only what is written for spreadsheets has the mark.
    plain, mark = data.removeprefix(codecs.BOM_UTF8), "," if data[:3] != codecs.BOM_UTF8 else ";"
    frame = pl.read_csv(
        plain, separator=mark, decimal_comma=mark == ";", schema_overrides=as_text, infer_schema=False
    )
    frame = frame.select(table.columns).with_columns(pl.col(dates).str.to_date("%Y-%m-%d"))
    for name, kind in schema.items():
        if kind == pl.Float64 and not frame[name].is_finite().all():
            raise ValueError(f"column {name} holds something that is no number")
    return frame


def _read_summary(path: Path) -> dict[str, Any]:
    summary = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(summary, dict):
        raise ValueError("it does not tell of a plan")
    return summary


def _unreadable(file: str, error: Exception) -> Fault:
    if isinstance(error, OSError):
        return Fault(file, f"cannot be opened ({error.strerror})", _AGAIN)
    # polars goes on for lines about options of its own
    why = (str(error).splitlines() or ["it is empty"])[0].rstrip(".")
    return Fault(file, f"cannot be read as part of an export ({why})", _AGAIN)


def _put(files: dict[str, bytes], place: Path) -> None:
    """Write the files and exchange them for what is at `place`; the caller holds its lock."""
    fresh, old = _scrap(place), _aside(place)
    fresh.mkdir()
    try:
        for name, content in files.items():
            _write_through(fresh / name, content)
        if place.exists():
            place.rename(old)
        fresh.rename(place)
    finally:
        _clear(place)


def _clear(place: Path) -> None:
    """Bring back what was put aside when nothing took its place, and delete what else is left.

    What is put aside is renamed before it is deleted, so that under that name it is always whole.
    """
    fresh, old = _scrap(place), _aside(place)
    if old.exists() and not place.exists():
        old.rename(place)
    shutil.rmtree(fresh, ignore_errors=True)
    if old.exists():
        old.rename(fresh)
        shutil.rmtree(fresh, ignore_errors=True)


def _aside(place: Path) -> Path:
    """Where the old export waits while the new one takes its place."""
    return place.with_name(f".{place.name}.takt-old")


def _scrap(place: Path) -> Path:
    """Where the new export is written, and the old one deleted."""
    return place.with_name(f".{place.name}.takt-new")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Tell in words what the system refuses."""
    try:
        yield
    except OSError as error:
        raise InputError([Fault(str(folder), f"cannot be used ({error.strerror})", _ELSEWHERE)]) from error


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Hold the lock of `place`; the system takes it back from a process that ends, however it ends."""
    path = place.with_name(f".{place.name}.takt-lock")
    while True:
        with path.open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_at(lock.fileno(), path):
                # the one who had it has deleted the file: the lock of a file without a name keeps nobody out
                continue
            try:
                yield
            finally:
                path.unlink()
            return


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
