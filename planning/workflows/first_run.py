"""The first data of an empty workspace: the demo company, or a folder; and whether the demo holds."""

import hashlib
import io
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

import polars as pl

from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, TaktError
from planning.signals import Folder, counts, validate
from planning.signals.folder import Contents
from planning.signals.remedies import with_remedies
from planning.store import ImportReceipt, Workspace
from planning.workflows.network_import import import_folder

#: What a folder may unpack to, in bytes: a zip says little of what is in it.
MOST_BYTES = 4 * 2**30

_PUBLISHED = "published"


class NotEmptyError(TaktError):
    """There are data already: somebody brought them in meanwhile."""


@dataclass(frozen=True)
class FolderLook:
    """What a dropped folder holds, before any of it counts.

    Parameters
    ----------
    id : names what was dropped.
    contents : the files of it that are Takt's.
    files : file, rows_in, loaded, kept_aside.
    aside : rows that would be kept aside, as rejected_rows with a remedy.
    passed_over : files that are none of Takt's.
    faults : why it cannot be brought in; none where it can.
    """

    id: str
    contents: Contents
    files: pl.DataFrame = field(default_factory=pl.DataFrame)
    aside: pl.DataFrame = field(default_factory=pl.DataFrame)
    passed_over: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class FirstRun:
    """What the welcome asks. Methods may be called from any thread.

    Parameters
    ----------
    workspace : to be filled.
    demo : the demo company's network folder.
    today : as_of where settings.csv gives none.
    """

    def __init__(self, workspace: Workspace, demo: Path, today: Callable[[], date]) -> None:
        self._workspace, self._demo, self._today = workspace, demo, today
        self._lock = threading.Lock()
        self._last: FolderLook | None = None

    def load_demo(self) -> ImportReceipt:
        """Import the demo company.

        Raises
        ------
        NotEmptyError
            There are data already.
        """
        self._refuse_unless_empty()
        return import_folder(self._workspace, self._demo, self._today())

    def is_demo(self) -> bool:
        """Whether the data are the demo company's, and what was changed of it since."""
        history = self._workspace.import_history()
        folders = history.filter(~pl.col("is_upload"), pl.col("status") != "undone").sort("stated")
        return not folders.is_empty() and folders["source"][-1] == self._demo.name

    def look(self, dropped: Mapping[str, bytes]) -> FolderLook:
        """What a dropped folder holds; the same question is answered once.

        Parameters
        ----------
        dropped : path inside the folder → bytes; a zip stands for what is in it.
        """
        id = _id(dropped)
        with self._lock:
            if self._last is None or self._last.id != id:
                self._last = _looked_at(id, dropped, self._today())
            return self._last

    def bring_in(self, look: FolderLook) -> ImportReceipt:
        """Import a folder that was looked at.

        Raises
        ------
        InputError
            It cannot be brought in.
        NotEmptyError
            There are data already.
        """
        if look.faults:
            raise InputError(look.faults)
        self._refuse_unless_empty()
        return self._workspace.record_folder("first folder", look.contents, self._today())

    def _refuse_unless_empty(self) -> None:
        if self._workspace.holding() is not None:
            raise NotEmptyError(
                "Somebody brought data in meanwhile, so nothing was changed. Reload the page."
            )


def _looked_at(id: str, dropped: Mapping[str, bytes], today: date) -> FolderLook:
    try:
        files, published, passed_over = _sorted(_unpacked(dropped))
        contents = Contents(files, published)
    except InputError as error:
        return FolderLook(id, Contents({}, {}), faults=error.faults)
    try:
        folder = Folder.from_files(files, published)
        network = validate(folder, today)
    except InputError as error:
        return FolderLook(id, contents, passed_over=passed_over, faults=error.faults)
    aside = with_remedies(network.rejected, {})
    return FolderLook(id, contents, counts(folder, network), aside, passed_over)


def _unpacked(dropped: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path → bytes, what is in a zip among them."""
    files: dict[str, bytes] = {}
    for name, data in dropped.items():
        if name.lower().endswith(".zip"):
            files |= _from_zip(name, data)
        else:
            files[name] = data
    return files


def _from_zip(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if sum(one.file_size for one in members) > MOST_BYTES:
                raise InputError([Fault(name, "unpacks to more than 4 GB", "Import it on the command line.")])
            return {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        reason = f"cannot be unpacked: {error}"
        raise InputError([Fault(name, reason, "Zip the folder again, without a password.")]) from error


def _sorted(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes], tuple[str, ...]]:
    """The files of a network folder, those of its published plan, and the names of all others.

    The folder is the one orders.csv or any other table lies in, however deep.

    Raises
    ------
    InputError
        Two folders of it hold tables.
    """
    known = {f"{name}.csv" for name in INPUT}
    paths = {path: data for name, data in files.items() if _is_somebodys(path := _path(name))}
    homes = {path.parent for path in paths if path.name in known and path.parent.name != _PUBLISHED}
    if len(homes) > 1:
        named = ", ".join(sorted(str(home) for home in homes))
        reason = f"tables lie in several folders: {named}"
        raise InputError([Fault("the folder", reason, "Drop the one network folder.")])
    home = next(iter(homes), PurePosixPath())
    inside = {path.name: data for path, data in paths.items() if path.parent == home and path.name in known}
    beside = {path.name: data for path, data in paths.items() if path.parent == home / _PUBLISHED}
    taken = {home / name for name in inside} | {home / _PUBLISHED / name for name in beside}
    return inside, beside, tuple(sorted(str(path) for path in paths if path not in taken))


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _is_somebodys(path: PurePosixPath) -> bool:
    """Whether somebody put it there: systems leave files of their own in folders."""
    return not path.name.startswith(".") and "__MACOSX" not in path.parts


def _id(dropped: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in sorted(dropped.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()
