"""A network folder of which some files may be too long to hold: those are read in pieces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.signals.cells import Window
from planning.signals.folder import Contents, Folder
from planning.signals.long_file import PIECE, LongFile
from planning.signals.references import strangers
from planning.signals.sieve import Sieve
from planning.signals.validate import known_for_sure, validate

#: Tables whose rows nothing judges but their cells, their ids and each other: they may be read in pieces.
#: Markets may be known from the orders only, so the orders come first.
LONG_TABLES = ("orders", "history")
#: Bytes from which a file of one of them counts as long.
LONG = 16 * 2**20


@dataclass(frozen=True)
class LongFolder:
    """A network folder, of whose long files only the header is read yet.

    Parameters
    ----------
    folder : its files; a long one has no rows here.
    files : table → its long file, in the order in which they are to be read.
    today : as_of where settings.csv gives none.
    """

    folder: Folder
    files: Mapping[str, LongFile]
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
        small = {name: data[:] for name, data in contents.files.items() if name not in heads}
        read = Folder.from_files(small | heads, contents.published)
        return cls(replace(read, file_hashes=contents.file_hashes), files, today)

    def sieve(self, name: str, sure: Mapping[str, pl.DataFrame]) -> Sieve:
        """Tells the rows of a long file that are sure.

        Parameters
        ----------
        sure : table → rows that stand in for the sure rows of the long files before it, as far as others
            depend on them.
        """
        as_of, tables = self._known
        ids = strangers(name, {**tables, **sure}, self._given)
        late = pl.col("date") > as_of if name == "history" else pl.lit(False)
        return Sieve(self.files[name], Window.around(as_of), ids | late)

    def understood(self, sieves: Iterable[Sieve], sure: Mapping[str, pl.DataFrame]) -> tuple[Folder, Network]:
        """What the folder says, once every piece has been through.

        Parameters
        ----------
        sieves : what the long files went through.
        sure : table → rows that stand in for the sure rows of its long file, where others depend on them.

        Returns
        -------
        The folder, and the network `validate` makes of it: of long files both have the rows in doubt only.

        Raises
        ------
        InputError
            As `validate`.
        """
        doubtful = {sieve.file.table.name: sieve.doubtful() for sieve in sieves}
        folder = replace(self.folder, files={**self.folder.files, **doubtful})
        return folder, validate(folder, self.today, sure)

    @cached_property
    def _known(self) -> tuple[date, dict[str, pl.DataFrame]]:
        return known_for_sure(self.folder, self.today)

    @property
    def _given(self) -> frozenset[str]:
        return frozenset(name for name, source in self.folder.files.items() if source.rows_in > 0) | set(
            self.files
        )
