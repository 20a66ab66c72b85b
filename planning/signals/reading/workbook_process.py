"""Open a workbook in a process of its own: what breaks a reader, or takes all memory, breaks no plan.

Run by its path, the workbook on stdin, `SHEET` (or nothing) and the most bytes its parts may have as
arguments. On stdout comes one line of JSON (`Told`), then the cells as an Arrow stream. Exit code 3: the JSON
line says what is wrong, as `fault`.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

#: Memory the process may take, where the system can hold it to that.
MOST_MEMORY = 2_500_000_000
#: Cells that are neither what they look like nor what Excel would show: a formula, or more than 15 digits.
_DOUBTFUL = re.compile(rb"<(?:\w+:)?f[ >/]|<(?:\w+:)?v>-?[\d.]{16,}|<(?:\w+:)?v>[\d.]+[eE]\+")
_EXACT = 10**15
_STEP = 1 << 20
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class UnreadableError(Exception):
    """Why the workbook cannot be read, in words."""


def main() -> int:
    """Read stdin, write stdout; the exit code."""
    _hold_memory()
    code, said = answer(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2]))
    sys.stdout.buffer.write(said)
    return code


def answer(data: bytes, wanted: str, most: int) -> tuple[int, bytes]:
    """The exit code and what is written for a workbook."""
    try:
        told, cells = _read(data, wanted, most)
    except UnreadableError as fault:
        return 3, json.dumps({"fault": str(fault)}).encode() + b"\n"
    import pyarrow as pa

    out = io.BytesIO(json.dumps(told).encode() + b"\n")
    out.seek(0, io.SEEK_END)
    with pa.ipc.new_stream(out, cells.schema) as stream:
        stream.write_batch(cells)
    return 0, out.getvalue()


def _hold_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # a system without such limits: the bound on the unpacked parts still holds


def _read(data: bytes, wanted: str, most: int) -> tuple[dict[str, Any], Any]:
    import fastexcel

    parts = zipfile.ZipFile(io.BytesIO(data)) if data.startswith(b"PK") else None
    doubtful = _unpack_within(data, parts, most) if parts is not None else set()
    try:
        book = fastexcel.read_excel(data)
        names = book.sheet_names
        loaded = {name: book.load_sheet(name, header_row=None, n_rows=1) for name in names}
        open_to_all = [name for name in names if loaded[name].visible == "visible"]
        filled = [name for name in open_to_all if loaded[name].total_height > 0]
        sheet = wanted or next(iter(filled or open_to_all or names))
        if sheet not in names:
            raise UnreadableError(f"has no sheet {sheet!r}: its sheets are {', '.join(names)}")
        cells, errors = book.load_sheet(
            sheet, header_row=None, skip_rows=0, dtypes="string"
        ).to_arrow_with_errors()
        # A number is a whole number when asked for one, a text with a decimal mark is not.
        numbers = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="int").to_arrow()
    except fastexcel.FastExcelError as error:
        raise UnreadableError(f"cannot be read as a workbook ({str(error).splitlines()[0]})") from error
    spoilt = [
        [e.offset_position[0] + 1, e.offset_position[1], "error", _error_code(e.detail)]
        for e in (errors.errors if errors is not None else [])
    ]
    computed = 0
    if parts is not None:
        found, computed = _doubtful_cells(parts, sheet, doubtful)
        spoilt += found
    told = {
        "sheet": sheet,
        "sheets": filled or open_to_all,
        "hidden": [name for name in names if name not in open_to_all],
        "spoilt": spoilt,
        "computed": computed,
    }
    return told, _side_by_side(cells, numbers)


def _side_by_side(cells: Any, numbers: Any) -> Any:
    """The texts, then whether each is a number to Excel."""
    import pyarrow as pa

    known = [column.is_valid() for column in numbers.columns]
    names = [f"{kind}_{n}" for kind in ("column", "number") for n in range(cells.num_columns)]
    return pa.RecordBatch.from_arrays([*cells.columns, *known], names=names)


_CODES = {"Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!"} | {
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


def _error_code(detail: str) -> str:
    found = re.search(r"Error\((\w+)\)", detail)
    return _CODES.get(found[1], detail) if found else detail


def _unpack_within(data: bytes, parts: zipfile.ZipFile, most: int) -> set[str]:
    """Unpack every part once without keeping it, as a header may lie; names of parts with doubtful cells."""
    doubtful, total = set(), 0
    bound = min(most, max(64_000_000, len(data) * 200))
    for part in parts.infolist():
        tail = b""
        for piece in _pieces(data, part):
            total += len(piece)
            if total > bound:
                raise UnreadableError(
                    f"unpacks from {len(data):,} bytes to more than {bound:,}: no workbook of a table does"
                )
            if part.filename not in doubtful and _DOUBTFUL.search(tail + piece):
                doubtful.add(part.filename)
            tail = piece[-40:]
    return doubtful


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part of the archive, unpacked bit by bit; its header says only where it starts and how packed."""
    head = part.header_offset
    start = head + 30 + int.from_bytes(data[head + 26 : head + 28], "little")
    start += int.from_bytes(data[head + 28 : head + 30], "little")
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableError("is packed in a way no workbook is")
    member, rest = zlib.decompressobj(wbits=-15), bytes(packed)
    try:
        while not member.eof:
            piece = member.decompress(rest, _STEP)
            rest = member.unconsumed_tail
            if not piece and not rest:
                return
            yield piece
    except zlib.error as error:
        raise UnreadableError(f"is damaged: {part.filename} cannot be unpacked") from error


def _doubtful_cells(parts: zipfile.ZipFile, sheet: str, doubtful: set[str]) -> tuple[list[list[Any]], int]:
    """Formulas without a value and numbers beyond 15 digits, as row, column, kind and text; and how many
    formulas have a value."""
    if "xl/workbook.xml" not in parts.namelist():
        return [], 0
    path, stale = _part_of(parts, sheet)
    if path not in doubtful:
        return [], 0
    found: list[list[Any]] = []
    computed, first = 0, None
    with parts.open(path) as xml:
        for _, cell in ElementTree.iterparse(xml):
            tag = cell.tag.rpartition("}")[2]
            if tag == "row":
                cell.clear()
            if tag != "c":
                continue
            row, column = _place(cell.get("r", ""))
            inside = {child.tag.rpartition("}")[2]: child for child in cell}
            if (inside and cell.get("t") != "e") or cell.get("t") == "e":
                first = column if first is None else min(first, column)
            value = inside["v"].text if "v" in inside else None
            if "f" in inside:
                formula = f"={inside['f'].text or ''}"
                if cell.get("t") == "e":
                    continue
                if value is None or stale:
                    found.append([row, column, "formula", formula])
                else:
                    computed += 1
            elif cell.get("t", "n") == "n" and value and _beyond_exact(value):
                found.append([row, column, "digits", value])
    return [[row, column - (first or 0), kind, text] for row, column, kind, text in found], computed


def _part_of(parts: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """Where a sheet stands in the archive, and whether its formulas still wait for their values."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    stale, path = False, ""
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "calcPr":
            stale = element.get("fullCalcOnLoad") in {"1", "true"}
        if tag == "sheet" and element.get("name") == sheet:
            target = targets.get(element.get(_REL), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return path, stale


def _place(reference: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


def _beyond_exact(value: str) -> bool:
    try:
        return abs(float(value)) >= _EXACT
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
