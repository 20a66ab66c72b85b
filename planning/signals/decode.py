"""Bytes to text: UTF-8, and plain words where a file is something else."""

import codecs

from planning.errors import Fault, InputError

_REMEDY = "Save it again as CSV UTF-8 (comma delimited)."
_WORKBOOK = b"PK\x03\x04"


def decode(file: str, data: bytes) -> str:
    r"""The text of a file, without a byte order mark and with ``\n`` at the end of every line.

    Parameters
    ----------
    file : its name, for messages.
    data : its content.

    Raises
    ------
    InputError
        The bytes are no UTF-8 text: says what they look like, and in which line it starts.
    """
    if data.startswith(_WORKBOOK):
        raise InputError([Fault(file, "is an Excel workbook (or another zip file), not a CSV file", _REMEDY)])
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError([Fault(file, "is written in UTF-16, not in UTF-8", _REMEDY)])
    if b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise InputError(
            [Fault(file, "holds a zero byte: it is a binary file, not text", _REMEDY, line=line)]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = _line_of(error.object, error.start), f"0x{error.object[error.start]:02X}"
        reason = f"byte {byte} is no UTF-8 text"
        raise InputError([Fault(file, reason, _REMEDY, line=line, value=byte)]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
