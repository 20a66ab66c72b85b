"""Backups: whole copies of the workspace, each checked after it was written, and the way back to one."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from planning.errors import ConfigurationError, Fault, InputError
from planning.store import jobs, ledger
from planning.store.clock import loaded, utc_now
from planning.store.database import Database, Session, looking_at, on_disk, rows_of_tables
from planning.store.ledger import LedgerHead
from planning.store.migrate import migrate
from planning.store.uploads import ChangedMeanwhileError

BY_HAND, BEFORE_RESTORE, BEFORE_ANEW = "by hand", "before a restore", "before starting anew"
#: What is asked for where no name is known.
NEWEST = "newest"

_NOWHERE = LedgerHead(0, "")
_NAMES = "takt-*.duckdb"
_SUFFIX = ".duckdb"


@dataclass(frozen=True)
class Backup:
    """A whole copy of the workspace.

    Parameters
    ----------
    path : its file.
    size : bytes of it.
    made_at : when, with its zone; None where it cannot be read.
    why : by hand, before a restore, or before starting anew.
    ledger : where the ledger ended.
    imports, plans : how many it holds.
    fault : why it cannot be used; empty where it can.
    """

    path: Path
    size: int
    made_at: datetime | None = None
    why: str = ""
    ledger: LedgerHead = _NOWHERE
    imports: int = 0
    plans: int = 0
    fault: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name


@dataclass(frozen=True)
class Restored:
    """A restore that is done: from which backup, and the one that holds what was there before it."""

    backup: Backup
    before: Backup


class Backups:
    """The backups of a workspace. Every method may be called from any thread.

    Parameters
    ----------
    database : of the workspace.
    folder : where they are kept.
    kept : how many are, the oldest go first.
    planner : who restores.
    """

    def __init__(self, database: Database, folder: Path, kept: int, planner: str) -> None:
        self._database, self._folder, self._kept, self._planner = database, folder, kept, planner

    def every(self) -> list[Backup]:
        """Every backup, the latest first."""
        return every_backup(self._folder)

    def back_up(self, why: str = BY_HAND) -> Backup:
        """Copy the workspace as it is at this moment; planners read and write meanwhile.

        A process killed before this returns leaves the backup whole, or none.

        Raises
        ------
        ConfigurationError
            It cannot be written, or is not what the workspace holds; nothing is kept of it then.
        """
        made_at = utc_now()
        with _told(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            _clear(self._folder.glob(f".{_NAMES}.new*"))
            place = _free(self._folder, made_at)
            new = self._folder / f".{place.name}.new"
            rows = self._database.copy_to(new, made_at, why)
            try:
                _verify(new, rows)
                on_disk(new)
                new.rename(place)
            finally:
                _clear([new, new.with_name(f"{new.name}.wal")])
            on_disk(self._folder)
            self._prune()
        return _read(place)

    def lost_by(self, name: str) -> pl.DataFrame:
        """Entries of the ledger a backup does not have: happened_at (UTC), actor, kind, detail (JSON).

        Raises
        ------
        InputError
            There is no such backup, or it cannot be used.
        """
        backup = find_backup(self._folder, name)
        with looking_at(backup.path) as session:
            known = session.read("ledger")["hash"]
        with self._database.reading() as session:
            entries = session.read("ledger")
        lost = entries.filter(~pl.col("hash").is_in(known.implode()))
        return lost.select("happened_at", "actor", "kind", "detail")

    def restore(self, name: str, told: LedgerHead | None = None) -> Restored:
        """Let a backup hold in place of the workspace, which is kept as a backup itself.

        A process killed before this returns leaves the workspace as it was or as the backup has it.

        Parameters
        ----------
        name : of the backup, or NEWEST.
        told : where the ledger ended when it was told what would be lost; None: nobody was told.

        Raises
        ------
        ChangedMeanwhileError
            More was done since.
        InputError
            There is no such backup, or it cannot be used.
        ConfigurationError
            It cannot be done; the workspace is as it was.
        """
        backup = find_backup(self._folder, name)
        with self._database.unchanged(), _told(self._database.path):
            with self._database.reading() as session:
                head = ledger.head(session)
            if told is not None and head != told:
                raise ChangedMeanwhileError(
                    "More was done since you were told what a restore would lose, so nothing was restored. "
                    "Look at what would be lost now."
                )
            prepared = _aside(self._database.path)
            shutil.copyfile(backup.path, prepared)
            before = self.back_up(BEFORE_RESTORE)
            detail = {"backup": backup.name, "before": before.name, "count": head.count, "head": head.head}
            self._put_in_place(prepared, "workspace restored", detail)
        return Restored(backup, before)

    def start_anew(self) -> Backup:
        """Empty the workspace; what comes back is the backup that holds what was there."""
        with self._database.unchanged(), _told(self._database.path):
            before = self.back_up(BEFORE_ANEW)
            prepared = _aside(self._database.path)
            detail = {"before": before.name, "count": before.ledger.count, "head": before.ledger.head}
            self._put_in_place(prepared, "workspace started anew", detail)
        return before

    def _put_in_place(self, prepared: Path, kind: ledger.Kind, detail: dict[str, object]) -> None:
        """Bring a database to the version of this code, note what is done, and let it hold."""

        def note(session: Session) -> None:
            session.write("forget_backup")
            jobs.end_orphans(session)
            ledger.note(session, kind, self._planner, detail)

        complete(prepared, note)
        self._database.replace_by(prepared)

    def _prune(self) -> None:
        whole = [backup for backup in self.every() if not backup.fault]
        _clear(backup.path for backup in whole[self._kept :])


def every_backup(folder: Path) -> list[Backup]:
    """Every backup in a folder, the latest first."""
    return [_read(path) for path in sorted(folder.glob(_NAMES), reverse=True)]


def find_backup(folder: Path, name: str) -> Backup:
    """A backup by its name, or the newest one.

    Raises
    ------
    InputError
        There is none of this name, or it cannot be used.
    """
    known = every_backup(folder)
    whole = [backup for backup in known if not backup.fault]
    if name == NEWEST and whole:
        return whole[0]
    found = next((backup for backup in known if backup.name == name), None)
    if found is None:
        names = ", ".join(backup.name for backup in whole) or "none yet"
        raise InputError([Fault(name, f"there is no such backup in {folder}", f"Those there are: {names}.")])
    if found.fault:
        raise InputError([Fault(name, found.fault, "Choose another backup.")])
    return found


def recover(database: Path, backup: Backup, planner: str) -> Path:
    """Put a backup in place of a workspace that cannot be opened; returns where that file is now.

    Raises
    ------
    ConfigurationError
        It cannot be done.
    """
    with _told(database):
        damaged = database.with_name(f"{database.name}.damaged-{utc_now():%Y%m%dT%H%M%S}")
        prepared = _aside(database)
        shutil.copyfile(backup.path, prepared)

        def note(session: Session) -> None:
            session.write("forget_backup")
            jobs.end_orphans(session)
            ledger.note(
                session, "workspace restored", planner, {"backup": backup.name, "before": damaged.name}
            )

        complete(prepared, note)
        log = database.with_name(f"{database.name}.wal")
        if log.exists():
            log.rename(damaged.with_name(f"{damaged.name}.wal"))
        if database.exists():
            database.rename(damaged)
        prepared.replace(database)
        on_disk(database.parent)
    return damaged


def complete(file: Path, note: Callable[[Session], None]) -> None:
    """Bring a database, new or of any earlier version, to this one; `note` what it is for, and close it."""
    opened = Database.open(file)
    try:
        migrate(opened)
        with opened.writing() as session:
            note(session)
        opened.checkpoint()
    finally:
        opened.close()
    on_disk(file)


def _read(path: Path) -> Backup:
    size = path.stat().st_size
    try:
        with looking_at(path) as session:
            said = session.read("backup")
            there = session.read("what_there_is").row(0, named=True)
            end = ledger.head(session)
    except ConfigurationError as error:
        return Backup(path, size, fault=str(error))
    if said.is_empty():
        return Backup(path, size, fault="it is a workspace, and no backup of one")
    made_at, why = said.row(0)
    return Backup(path, size, loaded(made_at), why, end, there["imports"], there["plans"])


def _verify(path: Path, rows: dict[tuple[str, str], int]) -> None:
    """Look at what was written, as whoever needs it will.

    Raises
    ------
    ConfigurationError
        It is not what the workspace holds.
    """
    with looking_at(path) as session:
        broken = ledger.broken_entries(session)
        found = rows_of_tables(session)
    if not broken.is_empty():
        seq, fault = broken.row(0)
        raise ConfigurationError(f"No backup was made: ledger entry {seq}: {fault}.")
    # The snapshot itself says one thing more: when it was made.
    if found != rows | {("audit", "backup"): 1}:
        raise ConfigurationError("No backup was made: its rows are not those of the workspace. Try again.")


def _free(folder: Path, made_at: datetime) -> Path:
    """A name nobody has, by which backups stand in the order they were made in."""
    stem = f"takt-{made_at:%Y%m%dT%H%M%S}-{made_at.microsecond // 1000:03}"
    taken = len(list(folder.glob(f"{stem}*")))
    return folder / (f"{stem}{_SUFFIX}" if not taken else f"{stem}-{taken}{_SUFFIX}")


def _aside(database: Path) -> Path:
    """Where the file that is to take the place of the workspace is prepared; nothing is there."""
    prepared = database.with_name(f".{database.name}.restoring")
    _clear([prepared, prepared.with_name(f"{prepared.name}.wal")])
    return prepared


def _clear(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """What the disk refuses, told with what to do about it."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or place}: {error.strerror}. Make room there, or give Takt the right to write."
        ) from error
