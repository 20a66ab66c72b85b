"""The bytes of a file too long to hold: they stay on disk, and are read where they are asked for."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from planning.errors import Fault, InputError

#: Bytes read at once by what goes through a whole file.
_STEP = 4 * 2**20


class DiskFile:
    """A file that is cut like bytes are, `file[start:end]`, without being in memory.

    Parameters
    ----------
    path : where it lies.

    Raises
    ------
    OSError
        It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._as_found = _state(os.fstat(file.fileno()))

    def __len__(self) -> int:
        return self._as_found[2]

    def __getitem__(self, part: slice) -> bytes:
        """The bytes of a part.

        Raises
        ------
        InputError
            The file is not the one it was when it was found: what was read of it before may not fit.
        """
        start, end, _ = part.indices(len(self))
        try:
            with self._path.open("rb", buffering=0) as file:
                found = os.pread(file.fileno(), max(end - start, 0), start)
                as_found = _state(os.fstat(file.fileno())) == self._as_found
        except OSError as error:
            raise self._changed(f"cannot be read any more: {error.strerror}") from error
        if not as_found:
            raise self._changed("was changed while it was read")
        # One call reads at most 2 GiB, which no part of a long file has.
        return found if len(found) == max(end - start, 0) else found + self[start + len(found) : end]

    def _changed(self, reason: str) -> InputError:
        return InputError([Fault(self._path.name, reason, "Import it again once it is written.")])


#: What a file holds: its bytes, or where they are.
Content = bytes | DiskFile


def parts(content: Content, size: int = _STEP) -> Iterator[bytes]:
    """Its bytes in order, at most `size` at once; one part without any where it is empty."""
    for start in range(0, max(len(content), 1), size):
        yield content[start : start + size]


def sha256(content: Content) -> str:
    """The hash of its bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts(content):
        digest.update(part)
    return digest.hexdigest()


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    """What changes when a file is written or replaced."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
