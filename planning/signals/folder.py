"""A network folder: its files as text, and the published plan beside them."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from planning.domain.field import Table
from planning.domain.schema import EXPORT, INPUT, REQUIRED_FILES, REQUIRED_FLEET
from planning.errors import Fault, InputError
from planning.signals.disk_file import Content, DiskFile, sha256
from planning.signals.nearest import nearest
from planning.signals.source import SourceFile

#: What the frozen zone needs of the published production.csv.
_PUBLISHED_REQUIRED = ("factory", "product", "routing", "week", "quantity")


@dataclass(frozen=True)
class Folder:
    """What a planner brings, read and not yet understood.

    Parameters
    ----------
    files : input table → its file, for the files that are there; other files are passed over.
    published : export table → its file, of the published plan.
    published_plan : content of the published plan.json; empty where there is none.
    file_hashes : file name → sha256, of every *.csv of the folder.
    """

    files: Mapping[str, SourceFile]
    published: Mapping[str, SourceFile] = field(default_factory=dict)
    published_plan: Mapping[str, Any] = field(default_factory=dict)
    file_hashes: Mapping[str, str] = field(default_factory=dict)

    @property
    def input_hash(self) -> str:
        """Names the files of the folder: `input_hash` of their hashes."""
        return input_hash(self.file_hashes)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], published: Mapping[str, bytes] | None = None) -> "Folder":
        """Read files that are already in memory.

        Parameters
        ----------
        files : file name (orders.csv) → bytes, of every *.csv of the folder.
        published : likewise of the `published` sub-folder, plan.json included.

        Raises
        ------
        InputError
            All that is wrong with the files as such: missing, no text, without a required column.
        """
        beside = published or {}
        faults = _missing_files(files)
        inputs = _read_all(INPUT, files, "", faults)
        exported = _read_all(_published_tables(), beside, "published/", faults)
        plan = published_plan(beside, faults)
        if faults:
            raise InputError(faults)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        return cls(inputs, exported, plan, hashes)


def input_hash(file_hashes: Mapping[str, str]) -> str:
    """sha256 over the lines `name sha256(file)`, in byte order of the names (2-data, plan.json)."""
    names = sorted(file_hashes, key=os.fsencode)
    lines = [os.fsencode(name) + f" {file_hashes[name]}\n".encode() for name in names]
    return hashlib.sha256(b"".join(lines)).hexdigest()


@dataclass(frozen=True)
class Contents:
    """The bytes of a network folder.

    Parameters
    ----------
    files : file name (orders.csv) → bytes, or where they are, of every *.csv of the folder.
    published : likewise of the `published` sub-folder, plan.json included.
    """

    files: Mapping[str, Content]
    published: Mapping[str, bytes]

    @cached_property
    def file_hashes(self) -> Mapping[str, str]:
        """File name → sha256 of each of `files`."""
        return {name: sha256(content) for name, content in self.files.items()}


def read_folder(folder: Path) -> Folder:
    """Read a network folder.

    Parameters
    ----------
    folder : directory with orders.csv, routings.csv … and, where a plan is published, `published/`.

    Raises
    ------
    InputError
        Everything that is wrong with the folder and its files as such, told once.
    """
    contents = read_contents(folder)
    return Folder.from_files({name: data[:] for name, data in contents.files.items()}, contents.published)


def read_contents(folder: Path, long: int | None = None) -> Contents:
    """The bytes `read_folder` reads, not yet looked into.

    Parameters
    ----------
    long : files of as many bytes and more stay on disk; none does when None.

    Raises
    ------
    InputError
        There is no such folder, or one of its files cannot be read.
    """
    if not folder.is_dir():
        reason = "is a file, not a folder" if folder.exists() else "there is no such folder"
        raise InputError(
            [Fault(str(folder), reason, "Give the folder that holds orders.csv and the others.")]
        )
    faults: list[Fault] = []
    files = _contents(sorted(folder.glob("*.csv")), faults, lambda path: _content(path, long))
    beside = folder / "published"
    paths = [*sorted(beside.glob("*.csv")), *beside.glob("plan.json")]
    published = _contents(paths, faults, Path.read_bytes)
    if faults:
        raise InputError(faults)
    return Contents(files, published)


def _contents[T](paths: Iterable[Path], faults: list[Fault], read: Callable[[Path], T]) -> dict[str, T]:
    contents = {}
    for path in paths:
        try:
            contents[path.name] = read(path)
        except IsADirectoryError:
            continue
        except OSError as error:
            faults.append(Fault(path.name, f"cannot be read: {error.strerror}", "Check its permissions."))
    return contents


def _content(path: Path, long: int | None) -> Content:
    return path.read_bytes() if long is None or path.stat().st_size < long else DiskFile(path)


def _read_all(
    tables: Mapping[str, Table], files: Mapping[str, bytes], folder: str, faults: list[Fault]
) -> dict[str, SourceFile]:
    found = {}
    for name, table in tables.items():
        data = files.get(f"{name}.csv")
        if data is None:
            continue
        try:
            found[name] = SourceFile.read(table, data, folder)
        except InputError as error:
            faults.extend(error.faults)
    return found


def _published_tables() -> dict[str, Table]:
    production = EXPORT["production"]
    needed = tuple(replace(field, required=field.name in _PUBLISHED_REQUIRED) for field in production.fields)
    return EXPORT | {"production": replace(production, fields=needed)}


def published_plan(published: Mapping[str, bytes], faults: list[Fault]) -> Mapping[str, Any]:
    """Content of the published plan.json; empty where there is none, or where `faults` get why it is none."""
    try:
        plan = json.loads(published.get("plan.json", b"{}"))
    except ValueError as error:
        faults.append(
            Fault("published/plan.json", f"is not JSON: {error}", "Export the published plan again.")
        )
        return {}
    if not isinstance(plan, dict):
        faults.append(Fault("published/plan.json", "holds no plan", "Export the published plan again."))
        return {}
    return plan


def _missing_files(files: Mapping[str, bytes]) -> list[Fault]:
    """One fault for each file that has to be there and is not."""
    strangers = [name for name in files if name.removesuffix(".csv") not in INPUT]
    missing = [
        Fault(f"{name}.csv", "is missing", _remedy(f"{name}.csv", strangers))
        for name in REQUIRED_FILES
        if f"{name}.csv" not in files
    ]
    if any(f"{name}.csv" in files for name in REQUIRED_FLEET):
        return missing
    pair = " or ".join(f"{name}.csv" for name in REQUIRED_FLEET)
    return [*missing, Fault(pair, "is missing: one of the two is needed", "Add what is rented or owned.")]


def _remedy(file: str, strangers: list[str]) -> str:
    close = nearest(file, strangers)
    return f"Rename {close!r}." if close else "Add it; data/templates has one to start from."
