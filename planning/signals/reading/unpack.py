"""What a file really is, whatever its name says; packed files are unpacked, never beyond a bound."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from planning.errors import Fault, InputError

#: Bytes a file may have once it is unpacked, and how many times its own size: text shrinks to a thirtieth at
#: most, only a trap to less than a hundredth.
MOST_BYTES, MOST_TIMES = 1_000_000_000, 200
_FREE = 16_000_000
_STEP = 1 << 20

_GZIP, _ZIP, _OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRANGERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"{\\rtf": "a text document",
}
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml")
_SAVE = "Save it as .xlsx or as CSV and drop that."


@dataclass(frozen=True)
class Unpacked:
    """A file's content.

    Parameters
    ----------
    kind : text, or a workbook (.xlsx, .xlsb, .ods or .xls).
    data : its bytes, unpacked.
    notes : what was done to get at them, in words.
    """

    kind: Literal["text", "workbook"]
    data: bytes
    notes: tuple[str, ...] = ()


def unpacked(file: str, data: bytes, most: int = MOST_BYTES) -> Unpacked:
    """The content of a file, told by its bytes alone.

    Parameters
    ----------
    file : its name, for messages.
    data : its bytes.
    most : bytes it may have once unpacked.

    Raises
    ------
    InputError
        It is no table (a picture, a PDF …), cannot be unpacked, or unpacks to more than it may.
    """
    if data.startswith(_GZIP):
        inner = unpacked(file, _gunzipped(file, data, most), most)
        return Unpacked(inner.kind, inner.data, ("was packed (.gz)", *inner.notes))
    stranger = next((words for magic, words in _STRANGERS.items() if data.startswith(magic)), None)
    if stranger is not None:
        raise InputError([Fault(file, f"is {stranger}, not a table", _SAVE)])
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].lower().startswith(_MARKUP):
        reason = "is a web page or XML, whatever its name says: programs call such files .xls, too"
        raise InputError([Fault(file, reason, "Open it in Excel or LibreOffice. " + _SAVE)])
    if data.startswith(_ZIP):
        _refuse_other_archive(file, data)
    if data.startswith((_ZIP, _OLE)):
        named = file.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".gz"))
        return Unpacked("workbook", data, () if named else ("is an Excel workbook, whatever its name says",))
    workbook = file.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
    return Unpacked("text", data, ("is text, not a workbook, whatever its name says",) if workbook else ())


def bounded(packed: int, most: int) -> int:
    """Bytes to which so many packed ones may grow."""
    return min(most, max(_FREE, packed * MOST_TIMES))


def _gunzipped(file: str, data: bytes, most: int) -> bytes:
    bound, out = bounded(len(data), most), bytearray()
    rest = data
    while rest:
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof:
                piece = member.decompress(rest, _STEP)
                rest = member.unconsumed_tail
                out += piece
                if len(out) > bound:
                    raise InputError([_bomb(file, len(data), bound)])
                if not piece and not rest and not member.eof:
                    raise InputError(
                        [Fault(file, "is cut off: its packing (.gz) has no end", "Get it anew.")]
                    )
        except zlib.error as error:
            reason = "cannot be unpacked: its packing (.gz) is damaged"
            raise InputError([Fault(file, reason, "Get it anew.")]) from error
        rest = member.unused_data.lstrip(b"\0")
        if rest and not rest.startswith(_GZIP):
            raise InputError([Fault(file, "has something else behind its packing (.gz)", "Get it anew.")])
    return bytes(out)


def _bomb(file: str, packed: int, bound: int) -> Fault:
    reason = f"unpacks from {packed:,} bytes to more than {bound:,}, which no table does"
    return Fault(file, reason, "Unpack it yourself and look at it; drop the unpacked file if it is yours.")


def _refuse_other_archive(file: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError([Fault(file, "is a damaged workbook or zip archive", "Get it anew.")]) from error
    if not any(name.startswith("xl/workbook") or name == "content.xml" for name in names):
        found = ", ".join(names[:3])
        raise InputError(
            [Fault(file, f"is a zip archive ({found} …), not a table", "Unpack it and drop its files.")]
        )
