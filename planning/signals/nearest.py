"""The name somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` closest to `name`, upper and lower case alike; None where nothing is close."""
    by_lower = {other.lower(): other for other in sorted(names, reverse=True)}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None
