"""Faults of files an upload has joined, told by the names and lines the planner knows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planning.errors import Fault

#: File of the network → the uploaded file that joined it, and line in the one → line in the other.
Places = Mapping[str, tuple[str, Mapping[int, int]]]

#: Where the templates are, as the command line says it and as the page does.
_TEMPLATES = ("data/templates has one to start from", "the templates have one to start from")

_LINES = re.compile(r"\b([Ll]ines?) (\d+(?:, \d+)*)(?: of (\w+\.csv))?")


def as_uploaded(fault: Fault, places: Places) -> Fault:
    """The fault with name and line of the uploaded file where it is about one of its rows.

    Parameters
    ----------
    fault : of the files as they would be.
    places : where the uploaded rows stand in them.
    """
    told = replace(
        fault,
        reason=_translated(fault.reason, fault.file, places),
        remedy=_translated(fault.remedy, fault.file, places),
    )
    if fault.file not in places:
        return told
    file, lines = places[fault.file]
    if fault.line is None:
        return replace(told, file=file)
    line = lines.get(fault.line)
    return (
        replace(told, file=f"{fault.file} as it holds")
        if line is None
        else replace(told, file=file, line=line)
    )


def unknown(file: str, header: Sequence[str]) -> Fault:
    """Nobody can tell what an uploaded file holds."""
    found = ", ".join(name for name in header[:8] if name)
    reason = f"neither its name nor its columns ({found}) say what it holds"
    return Fault(file, reason, "Choose it under 'Taken for', or start from the template.", line=1)


def taken_twice(file: str, table: str) -> Fault:
    """Several uploaded files are of one table."""
    reason = f"is one of several files taken for {table}.csv"
    return Fault(file, reason, "Say what it is, or import them one after the other.")


def _translated(words: str, of: str, places: Places) -> str:
    """Lines named in words: "line 7", "lines 7, 9", "Line 7 of orders.csv"."""

    def line(found: re.Match[str]) -> str:
        file = found[3] or of
        if file not in places:
            return found[0]
        name, lines = places[file]
        numbers = [int(number) for number in found[2].split(", ")]
        told = ", ".join(str(lines[n]) if n in lines else f"{n} of {file} as it holds" for n in numbers)
        return f"{found[1]} {told} of {name}" if found[3] else f"{found[1]} {told}"

    return _LINES.sub(line, words.replace(*_TEMPLATES))
