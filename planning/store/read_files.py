"""Files of other systems some of whose rows are kept aside, with how they were read: to be read again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from planning.store import profiles
from planning.store.database import Database, Session
from planning.store.payload import packed, unpacked

if TYPE_CHECKING:
    from planning.signals.reading.profile import Profile


@dataclass(frozen=True)
class ReadFile:
    """A file of another system, and how it was read.

    Parameters
    ----------
    name, data : the file as a planner dropped it.
    profile : how it is read.
    mended : rows that were written anew since: line → cells.
    """

    name: str
    data: bytes
    profile: "Profile"
    mended: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


class ReadFiles:
    """How files of other systems are read, those that are kept, and their rows that are in no file of ours.

    Methods may be called from any thread.

    Parameters
    ----------
    database : where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def profiles(self) -> "list[Profile]":
        """How the files of other systems are read, the profile saved last first."""
        with self._database.reading() as session:
            return profiles.all_profiles(session)

    def aside(self) -> pl.DataFrame:
        """Rows of uploaded files kept aside that are in no file of the network that holds."""
        with self._database.reading() as session:
            return session.read("aside_while_reading")

    def aside_of(self, batch: int) -> pl.DataFrame:
        """Rows of the files uploaded as import `batch` that were kept aside, by the lines of those files."""
        with self._database.reading() as session:
            return session.read("upload_aside", batch=batch)

    def of_sources(self, sources: Sequence[str]) -> list[ReadFile]:
        """The files of these sources that are kept and hold, the latest first."""
        from planning.signals.reading.profile import read_profile

        with self._database.reading() as session:
            rows = session.read("files_read").iter_rows()
            names = [name for name, profile in rows if read_profile(name, profile).source in sources]
            return [file for name in names if (file := _load(session, name)) is not None]

    def named(self, name: str) -> ReadFile | None:
        """The file of this name that holds; None where it was not kept."""
        with self._database.reading() as session:
            return _load(session, name)


def save(session: Session, batch: int, files: Sequence[ReadFile]) -> None:
    """Keep the files that came in as import `batch`; the same bytes once."""
    known = set(session.read("known_read_files")["sha256"])
    for file in files:
        digest = hashlib.sha256(file.data).hexdigest()
        if digest not in known:
            known.add(digest)
            kept = {"sha256": [digest], "bytes": [len(file.data)], "compressed": [packed(file.data)]}
            session.append("raw", "read_file", pl.DataFrame(kept, schema_overrides={"compressed": pl.Binary}))
        row = {
            "batch": batch,
            "file": file.name,
            "sha256": digest,
            "profile": file.profile.as_json(),
            "mended": json.dumps(dict(file.mended), ensure_ascii=False),
        }
        session.append("raw", "upload_read", pl.DataFrame([row]))


def _load(session: Session, name: str) -> ReadFile | None:
    from planning.signals.reading.profile import read_profile

    rows = session.read("read_file", file=name)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    mended = {int(line): tuple(cells) for line, cells in json.loads(row["mended"]).items()}
    data = unpacked(row["compressed"], row["bytes"])
    return ReadFile(name, data, read_profile(name, row["profile"]), mended)
