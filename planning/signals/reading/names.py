"""What other systems and languages call our columns and files."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from planning.domain.schema import INPUT

_NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))

#: A row that begins so adds up others.
TOTALS = frozenset(_NAMES["totals"])
#: Word of theirs → our choice.
WORDS: dict[str, str] = {theirs: ours for ours, words in _NAMES["words"].items() for theirs in words}

_SYNONYMS: dict[str, list[str]] = _NAMES["columns"]
_FILES = {table: set(words) for table, words in _NAMES["files"].items()}
KNOWN = frozenset(name for names in _SYNONYMS.values() for name in names) | frozenset(
    column.replace("_", " ") for table in INPUT.values() for column in table.columns
)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A name in small letters, without accents and signs: "Menge (Stück)" is `menge stuck`."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"[^0-9a-z]+", " ", bare).strip()


def rank(heading: str, column: str) -> int | None:
    """How surely a heading means our column, 0 the surest; None when it does not."""
    said, bare = _spoken(heading)
    if said == column.replace("_", " "):
        return 0
    names = _SYNONYMS.get(column, [])
    for name in (said, bare):
        if name and name in names:
            return 1 + names.index(name)
    return None


def is_known(heading: str) -> bool:
    """Whether a heading means any column of ours."""
    return not KNOWN.isdisjoint(_spoken(heading))


@lru_cache(maxsize=20_000)
def _spoken(heading: str) -> tuple[str, str]:
    """A heading as `plain` leaves it, with what it has in brackets and without."""
    return plain(heading), plain(re.sub(r"[(\[].*?[)\]]", " ", heading))


def tables_named(file: str) -> list[str]:
    """Tables whose word occurs in the name of a file."""
    words = set(plain(file.rpartition("/")[2].rpartition(".")[0] or file).split())
    return [table for table, names in _FILES.items() if words & names]
