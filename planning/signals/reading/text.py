"""Bytes to text in the encodings exports come in: UTF-8, UTF-16, and Western European single bytes.

Which single-byte encoding it is cannot be told from the bytes: what is taken is said, with the words that
depend on it, and a planner can say another.
"""

import codecs
import re
from dataclasses import dataclass

from planning.errors import Fault, InputError

#: What a planner may say a file is written in.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "cp1252": "Windows Western Europe (cp1252)",
    "latin-1": "ISO Western Europe (latin-1)",
    "iso8859-15": "ISO Western Europe with € (latin-9)",
    "cp1250": "Windows Central Europe (cp1250)",
    "cp850": "DOS Western Europe (cp850)",
    "mac-roman": "Mac Roman",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Bytes that are no character in cp1252.
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HIGH = re.compile(r"\S*[^\x00-\x7f]\S*")
_CONTROLS = bytes(n for n in range(32) if n not in {0, 9, 10, 11, 12, 13, 26, 27})
_SAMPLE = 1 << 20
_MOST_WORDS = 6
_REMEDY = "Save it again as CSV UTF-8, or as .xlsx."


@dataclass(frozen=True)
class Text:
    r"""A decoded file.

    Parameters
    ----------
    text : without byte order mark, ``\n`` at the end of every line.
    encoding : one of ENCODINGS.
    sure : the bytes themselves say so.
    depends : words that read differently in another encoding, where it is not sure.
    """

    text: str
    encoding: str
    sure: bool
    depends: tuple[str, ...] = ()


def decoded(file: str, data: bytes, encoding: str | None = None) -> Text:
    """Read bytes as text.

    Parameters
    ----------
    file : its name, for messages.
    data : its bytes.
    encoding : one of ENCODINGS, where a planner said it.

    Raises
    ------
    InputError
        It is no text, or not in the encoding said; names the line.
    """
    marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    if marked is not None and encoding in {None, marked[1]}:
        mark, name = marked
        return Text(_decoded(file, data[len(mark) :], name), name, sure=True)
    if encoding is not None:
        return Text(_decoded(file, data, encoding), encoding, sure=True)
    wide = _utf16(data)
    if wide is not None:
        return Text(_decoded(file, data, wide), wide, sure=True)
    _refuse_binary(file, data)
    if data.isascii():
        return Text(_lines(data.decode("ascii")), "utf-8", sure=True)
    try:
        return Text(_lines(data.decode("utf-8")), "utf-8", sure=True)
    except UnicodeDecodeError as error:
        # Text in one single-byte encoding makes UTF-8 letters by no accident to speak of.
        if _HIGH.search(data.decode("utf-8", errors="ignore")):
            raise InputError([_torn(file, data, error.start)]) from error
    name = "latin-1" if _UNUSED.search(data) else "cp1252"
    text = _decoded(file, data, name)
    words = tuple(dict.fromkeys(_HIGH.findall(text)))[:_MOST_WORDS]
    return Text(text, name, sure=False, depends=tuple(word[:40] for word in words))


def _decoded(file: str, data: bytes, encoding: str) -> str:
    try:
        return _lines(data.decode(encoding))
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start)
        reason = f"byte 0x{data[error.start]:02X} is no {ENCODINGS[encoding]} text"
        raise InputError([Fault(file, reason, _REMEDY, line, value=f"0x{data[error.start]:02X}")]) from error


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte is zero, and always the same of the two."""
    sample = data[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most = len(sample) // 2
    if odd > most * 0.7 and even < most * 0.1:
        return "utf-16-le"
    if even > most * 0.7 and odd < most * 0.1:
        return "utf-16-be"
    return None


def _refuse_binary(file: str, data: bytes) -> None:
    """A zero byte here and there spoils its row; a file full of control characters is no text."""
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    zeros = sample.count(0)
    if controls * 100 > len(sample) or zeros * 10 > len(sample):
        found = re.search(b"[" + re.escape(_CONTROLS + b"\0") + b"]", sample)
        place = found.start() if found else 0
        value = f"0x{sample[place]:02X}" if sample else ""
        reason = "holds control characters throughout, so it is a binary file, not text"
        raise InputError([Fault(file, reason, _REMEDY, _line_of(data, place), value=value)])


def _torn(file: str, data: bytes, place: int) -> Fault:
    reason = f"is UTF-8, but for byte 0x{data[place]:02X}, which is not: two files in one?"
    return Fault(file, reason, _REMEDY, _line_of(data, place), value=f"0x{data[place]:02X}")


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
