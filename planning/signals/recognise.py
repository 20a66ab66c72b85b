"""Which table of the contract a file is: by its name, else by its header."""

import re
from collections.abc import Mapping

from planning.domain.field import Table
from planning.domain.schema import INPUT

_SEPARATORS = re.compile(r"[^a-z]+")


def recognise(file: str, header: tuple[str, ...]) -> str | None:
    """The table a file is taken for; None where neither name nor header says.

    Parameters
    ----------
    file : its name: `orders.csv`, `Orders (2).csv` and `2026-11 open orders.csv` all name orders.
    header : its columns.
    """
    words = _words(file)
    exact = words.removesuffix("_")
    if exact in INPUT:
        return exact
    named = _named(words)
    fits = _fitting(header)
    both = [name for name in named if name in fits]
    if both:
        return both[0]
    best = [name for name, score in fits.items() if score == max(fits.values())]
    if len(best) == 1:
        return best[0]
    return named[0] if named else None


def _words(file: str) -> str:
    stem = file.rpartition("/")[2].lower()
    stem = stem.rpartition(".")[0] or stem
    return _SEPARATORS.sub("_", stem).lstrip("_")


def _named(words: str) -> list[str]:
    """Tables whose name occurs in the name of the file, the longest first."""
    found = [name for name in INPUT if f"_{name}_" in f"_{words}_"]
    return sorted(found, key=len, reverse=True)


def _fitting(header: tuple[str, ...]) -> Mapping[str, tuple[int, int]]:
    """Tables whose required columns are all there → how many of the header's columns they know, and how few
    they have beside."""
    return {
        name: (known, -len(table.columns))
        for name, table in INPUT.items()
        if _is_there(table, header)
        for known in [sum(column in table.columns for column in header)]
    }


def _is_there(table: Table, header: tuple[str, ...]) -> bool:
    return all(field.name in header for field in table.fields if field.required)
