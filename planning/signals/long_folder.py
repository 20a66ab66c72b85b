"""A network folder of which some files may be too long to hold typed: those are read in pieces."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.signals.cells import Window
from planning.signals.folder import Contents, Folder
from planning.signals.long_file import PIECE, LongFile, Sieve
from planning.signals.references import strangers
from planning.signals.source import SourceFile
from planning.signals.validate import master_data, validate

#: Tables whose rows nothing judges but their cells, their ids and each other: they may be read in pieces.
LONG_TABLES = ("orders", "history")
#: Bytes from which a file of one of them counts as long.
LONG = 16 * 2**20


@dataclass(frozen=True)
class LongFolder:
    """A network folder, of whose long files only the header is read yet.

    Parameters
    ----------
    folder : its files; a long one has no rows here.
    sieves : table → the rows of its file, of those that are long.
    today : as_of where settings.csv gives none.
    """

    folder: Folder
    sieves: Mapping[str, Sieve]
    today: date

    @classmethod
    def of(cls, contents: Contents, today: date, long: int = LONG, piece_bytes: int = PIECE) -> "LongFolder":
        """Read the small files, and the headers of those of `long` bytes or more.

        Raises
        ------
        InputError
            As `Folder.from_files`; or as_of cannot be read.
        """
        files = {
            name: file
            for name in LONG_TABLES
            if len(contents.files.get(f"{name}.csv", b"")) >= long
            and (file := LongFile.of(INPUT[name], contents.files[f"{name}.csv"], piece_bytes)) is not None
        }
        heads = {file.name: file.head for file in files.values()}
        read = Folder.from_files({**contents.files, **heads}, contents.published)
        folder = replace(
            read,
            files={name: _with_data(source, contents) for name, source in read.files.items()},
            file_hashes=contents.file_hashes,
        )
        if not files:
            return cls(folder, {}, today)
        as_of, tables = master_data(folder, today)
        given = frozenset(name for name, source in folder.files.items() if source.rows_in > 0) | set(files)
        window = Window.around(as_of)
        sieves = {
            name: Sieve(file, window, _strange(name, tables, given, as_of)) for name, file in files.items()
        }
        return cls(folder, sieves, today)

    def understood(self, sure: Mapping[str, pl.DataFrame]) -> tuple[Folder, Network]:
        """What the folder says, once every piece has been through.

        Parameters
        ----------
        sure : table → rows that stand in for the sure rows of its long file, where others depend on them.

        Returns
        -------
        The folder, and the network `validate` makes of it: of long files both have the rows in doubt only.

        Raises
        ------
        InputError
            As `validate`.
        """
        doubtful = {name: sieve.doubtful() for name, sieve in self.sieves.items()}
        folder = replace(self.folder, files={**self.folder.files, **doubtful})
        return folder, validate(folder, self.today, sure)


def _with_data(source: SourceFile, contents: Contents) -> SourceFile:
    """The file with all its bytes, whatever has been read of it."""
    return replace(source, data=contents.files[source.name])


def _strange(name: str, tables: Mapping[str, pl.DataFrame], given: frozenset[str], as_of: date) -> pl.Expr:
    if name == "orders":
        return strangers(name, tables, given)
    if "markets" not in given:
        return pl.col("market").is_not_null()  # they come from the orders, and those are not known yet
    return strangers(name, tables, given) | (pl.col("date") > as_of)
