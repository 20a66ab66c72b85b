"""The export folder: written whole into a temporary folder beside it, then renamed; never half a plan."""

import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.errors import Fault, InputError


def csv_bytes(table: pl.DataFrame) -> bytes:
    """A table as the contract's CSV: UTF-8, comma, dot decimal, ISO dates, `\\n`, empty for null."""
    return table.write_csv(float_scientific=False, date_format="%Y-%m-%d").encode()


def plan_files(plan: Plan) -> dict[str, bytes]:
    """File name → content of the export folder."""
    files = {f"{name}.csv": csv_bytes(plan[name]) for name in EXPORT}
    document = json.dumps(dict(plan.summary), indent=2, ensure_ascii=False, sort_keys=False)
    return files | {"plan.json": (document + "\n").encode()}


def write_folder(plan: Plan, out: Path) -> None:
    """Write the export folder at `out`; an earlier export there is replaced in one step.

    Raises
    ------
    InputError : `out` exists and is not an export folder, so it is left alone.
    """
    if out.exists() and not _is_export(out):
        raise InputError(
            [Fault(str(out), "is there already and is not an export folder", "Name another folder.")]
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, content in plan_files(plan).items():
            _write_through(fresh / name, content)
        fresh.chmod(0o755)
        _swap(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def zip_folder(plan: Plan) -> bytes:
    """The export folder as one zip archive, the same bytes for the same plan."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(plan_files(plan).items()):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def read_folder(folder: Path) -> Plan:
    """Read an export folder back.

    Raises
    ------
    InputError : a file is missing or cannot be read as its table.
    """
    faults: list[Fault] = []
    tables: dict[str, pl.DataFrame] = {}
    for name, table in EXPORT.items():
        path = folder / f"{name}.csv"
        try:
            frame = pl.read_csv(path, schema_overrides=table.polars_schema, infer_schema=False)
            tables[name] = frame.select(table.columns)
        except (OSError, pl.exceptions.PolarsError) as error:
            faults.append(
                Fault(path.name, f"cannot be read as an export table ({error})", "Export the plan again.")
            )
    try:
        summary = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(Fault("plan.json", f"cannot be read ({error})", "Export the plan again."))
    if faults:
        raise InputError(faults)
    return Plan(tables, summary)


def _is_export(folder: Path) -> bool:
    return folder.is_dir() and ((folder / "plan.json").exists() or not any(folder.iterdir()))


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: Path, out: Path) -> None:
    """Put `fresh` at `out`; the old folder steps aside first, so that there is never half of each."""
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "export")
    fresh.rename(out)
    shutil.rmtree(old)
