"""What a source's columns are called, and which source a header is of."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: `Amount spent (USD)`: a column of money may name its currency.
_CURRENCY = re.compile(r"^(?P<name>.+?) \((?P<currency>[A-Z]{3})\)$")


@dataclass(frozen=True)
class Headers:
    """How one source names its columns.

    Parameters
    ----------
    title : the source, as a planner calls it.
    needs : columns without which a file is not of this source.
    signs : names of the header that give the source away; of one of the lists all have to be there.
        Without any list the needed columns say enough.
    columns : our column → the names it has in exports, the first that is there counts.
    """

    title: str
    needs: tuple[str, ...]
    signs: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]

    def found(self, header: Sequence[str]) -> dict[str, str]:
        """Our column → its name in this header, of the columns that are there."""
        plain = {_plain(name): name for name in reversed(header)}
        found = {}
        for column, names in self.columns.items():
            there = next((plain[_plain(name)] for name in names if _plain(name) in plain), None)
            if there is not None:
                found[column] = there
        return found

    def fits(self, header: Sequence[str]) -> bool:
        """Whether the header is one of this source."""
        found, plain = self.found(header), {_plain(name) for name in header}
        signed = not self.signs or any(all(_plain(n) in plain for n in names) for names in self.signs)
        return signed and all(column in found for column in self.needs)


@cache
def headers() -> Mapping[str, Headers]:
    """Every source Takt knows, by its name in headers.toml."""
    told = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))
    return {
        name: Headers(
            source["title"],
            tuple(source["needs"]),
            tuple(tuple(names) for names in source.get("signs", ())),
            {column: tuple(names) for column, names in source["columns"].items()},
        )
        for name, source in told.items()
    }


def currency_of(name: str) -> str | None:
    """The currency a column's name ends with, as in `Amount spent (USD)`."""
    named = _CURRENCY.match(name.strip())
    return None if named is None else named["currency"]


def _plain(name: str) -> str:
    """A name without what differs from export to export: case, blanks around it, the currency behind it."""
    bare = _CURRENCY.match(name.strip())
    return (bare["name"] if bare is not None else name.strip()).casefold()
