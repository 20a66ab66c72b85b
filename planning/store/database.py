"""The database file: who owns it, a cursor for each call, one writer at a time."""

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from itertools import chain
from os import getpid
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from planning.errors import ConfigurationError, WorkspaceBusyError

QUERIES = Path(__file__).parent / "queries"

#: Nothing is fetched from the net, and no statement reads a Python variable by its name.
ENGINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}

#: Rows DuckDB keeps in one row group.
ROW_GROUP = 122_880

_owned: set[Path] = set()
_owning = threading.Lock()


class Session:
    """Statements in one transaction on a cursor of its own; not to be passed to another thread."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def read(self, query: str, names: Mapping[str, str] | None = None, **parameters: Any) -> pl.DataFrame:
        """Everything the query file `query` finds.

        Parameters
        ----------
        query : file name without `.sql`.
        names : identifiers to put in place of the file's `{…}`, quoted.
        parameters : values of the file's `$…`.
        """
        # Results stream in DuckDB 2.0: only the whole frame is safe to hand out.
        frame: pl.DataFrame = self._cursor.sql(statement(query, names), params=parameters).pl()
        return frame

    def write(self, query: str, names: Mapping[str, str] | None = None, **parameters: Any) -> None:
        """Run the query file `query`, as in `read`."""
        self._cursor.execute(statement(query, names), parameters or None)

    def script(self, text: str) -> None:
        """Run statements that take no parameters, one after the other."""
        self._cursor.execute(text)

    def append(self, schema: str, table: str, rows: pl.DataFrame) -> None:
        """Add rows to a table by column name; columns the rows do not have stay null.

        Without any row nothing is written: DuckDB 2.0 takes a table that an insert of no rows and one of many
        wrote in one transaction for one without values, and finds none of its rows by a filter.
        """
        if rows.is_empty():
            return
        self._cursor.register("incoming", rows)
        self.write("append_rows", {"schema": schema, "table": table})
        self._cursor.unregister("incoming")

    def append_pieces(
        self, schema: str, table: str, columns: pl.DataFrame, pieces: Iterable[pl.DataFrame]
    ) -> None:
        """Add rows that need not be in memory at once, as `append`; `columns` is a frame like each."""
        batches = (batch for piece in _in_row_groups(pieces) for batch in _arrow(piece).to_batches())
        first = next(batches, None)
        if first is None:
            return
        rows = pa.RecordBatchReader.from_batches(_arrow(columns).schema, chain([first], batches))
        self._cursor.register("incoming", rows)
        self.write("append_rows", {"schema": schema, "table": table})
        self._cursor.unregister("incoming")


class Database:
    """One DuckDB file, owned by this process until `close`. Every method may be called from any thread."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._handing_out = threading.Lock()
        # Who lets nobody write for a while may write, too.
        self._writing = threading.RLock()
        self._copying = threading.Lock()
        self._gate = threading.Condition()
        self._readers, self._shut = 0, False
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open the file, creating it and its folders where they are missing.

        Raises
        ------
        WorkspaceBusyError
            It is open already, here or in another process.
        ConfigurationError
            It cannot be opened, or is not a DuckDB file.
        """
        path = path.resolve()
        with _owning:
            if path in _owned:
                raise WorkspaceBusyError(str(path), getpid())
            connection = _connect(path)
            _owned.add(path)
        return cls(path, connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one state of the database, whatever is written meanwhile."""
        with self._inside(), closing(self._cursor()) as cursor:
            cursor.begin()
            yield Session(cursor)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write in one transaction: all of it counts once the block ends, or nothing does."""
        with self._writing, closing(self._cursor()) as cursor:
            cursor.begin()
            yield Session(cursor)
            # A block left by an error never gets here: the cursor closes and the transaction is gone.
            cursor.commit()

    def checkpoint(self) -> None:
        """Move what was committed from the write-ahead log into the file."""
        with self._writing, closing(self._cursor()) as cursor:
            cursor.checkpoint()

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Let nobody else write for as long as the block lasts."""
        with self._writing:
            yield

    def copy_to(self, path: Path, made_at: datetime, why: str) -> dict[tuple[str, str], int]:
        """Write all there is at one moment into a new file, whatever is written meanwhile.

        The file is complete once this returns. It is written by DuckDB, not copied: a process that opens the
        file it owns a second time, and closes it, loses its lock.

        Parameters
        ----------
        made_at, why : what the copy says of itself, time in UTC.

        Returns
        -------
        Schema and table → rows of it.
        """
        with self._copying, self._inside(), closing(self._cursor()) as cursor:
            session = Session(cursor)
            session.write("attach_snapshot", path=str(path))
            try:
                cursor.begin()
                name = str(session.read("own_name")["name"][0])
                session.write("copy_to_snapshot", {"workspace": name})
                session.write("note_backup", made_at=made_at, why=why)
                rows = rows_of_tables(session)
                cursor.commit()
            except BaseException:
                cursor.rollback()
                raise
            finally:
                session.write("detach_snapshot")
            return rows

    def replace_by(self, file: Path) -> None:
        """Let a closed database take the place of this one: its file, and what this object speaks of.

        A process killed in between leaves the one or the other, each whole.

        Raises
        ------
        ConfigurationError
            What was committed could not be moved into the file, so that nothing was replaced.
        """
        with self._writing, self._alone():
            with closing(self._cursor()) as cursor:
                cursor.checkpoint()
            log = self.path.with_name(f"{self.path.name}.wal")
            # A log of this file beside the other one would be taken for the other's.
            if log.exists() and log.stat().st_size > 0:
                raise ConfigurationError(f"{log} cannot be emptied, so nothing was replaced. Try again.")
            # While this process still holds the file, so that no other one can begin to write into it.
            file.replace(self.path)
            on_disk(self.path.parent)
            with self._handing_out:
                self._connection.close()
                self._connection = _connect(self.path)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Read; while the database is being replaced, once it is."""
        with self._gate:
            self._gate.wait_for(lambda: not self._shut)
            self._readers += 1
        try:
            yield
        finally:
            with self._gate:
                self._readers -= 1
                self._gate.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody reads for as long as the block lasts."""
        with self._gate:
            self._shut = True
            self._gate.wait_for(lambda: self._readers == 0)
        try:
            yield
        finally:
            with self._gate:
                self._shut = False
                self._gate.notify_all()

    def close(self) -> None:
        """Give the file up, after what is being written. Closing twice is fine."""
        with self._writing, self._handing_out, _owning:
            if self._closed:
                return
            self._closed = True
            self._connection.close()
            _owned.discard(self.path)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._handing_out:
            return self._connection.cursor()


@contextmanager
def looking_at(path: Path) -> Iterator[Session]:
    """Read a database nobody has open, and change nothing of it.

    Raises
    ------
    ConfigurationError
        It cannot be opened, or is not a DuckDB file.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True, config=ENGINE)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(f"{path} cannot be opened: {reason}.") from error
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.begin()
        try:
            yield Session(cursor)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise ConfigurationError(f"{path} cannot be read: {reason}.") from error


def rows_of_tables(session: Session) -> dict[tuple[str, str], int]:
    """Schema and table → rows of it."""
    tables = session.read("tables").rows()
    return {
        (schema, table): session.read("rows_of_table", {"schema": schema, "table": table})["rows"][0]
        for schema, table in tables
    }


def on_disk(path: Path) -> None:
    """Wait until a file nobody has open, or what a folder lists, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _in_row_groups(pieces: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The rows of all pieces in frames of one row group each.

    DuckDB writes what comes in one batch into row groups of its own; those that are not full it writes a
    second time when the file is closed.
    """
    held, rows = [], 0
    for piece in pieces:
        held.append(piece)
        rows += piece.height
        while rows >= ROW_GROUP:
            together = pl.concat(held)
            yield together[:ROW_GROUP].rechunk()
            held, rows = [together[ROW_GROUP:]], rows - ROW_GROUP
    if rows:
        yield pl.concat(held).rechunk()


def _arrow(rows: pl.DataFrame) -> pa.Table:
    # As polars has it in memory: nothing is copied.
    return rows.to_arrow(compat_level=pl.CompatLevel.newest())


def statement(query: str, names: Mapping[str, str] | None = None) -> str:
    """The text of a query file, its `{…}` replaced by quoted identifiers."""
    text = _text(query)
    return text.format_map({key: quoted(name) for key, name in names.items()}) if names else text


def quoted(name: str) -> str:
    """`name` as an SQL identifier, whatever word it is."""
    return '"' + name.replace('"', '""') + '"'


@cache
def _text(query: str) -> str:
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(str(path), config=ENGINE)
    except OSError as error:
        raise ConfigurationError(
            f"The workspace {path} cannot be created: {error.strerror}. "
            "Set database, or TAKT_DATABASE, to a file that can be written."
        ) from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason.lower():
            holder = re.search(r"\(PID (\d+)\)", reason)
            raise WorkspaceBusyError(str(path), int(holder[1]) if holder else None) from error
        raise ConfigurationError(
            f"The workspace {path} cannot be opened: {reason}. "
            "Set database, or TAKT_DATABASE, to another file, or move this one away and import again."
        ) from error
