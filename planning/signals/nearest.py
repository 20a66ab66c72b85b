"""The name somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` closest to `name`, upper and lower case alike; None where nothing is close.

    Zeros in front are what spreadsheets take away first: `10` is `0010` where there is one.
    """
    by_lower = {other.lower(): other for other in sorted(names, reverse=True)}
    bare = name.lower().lstrip("0")
    padded = [other for lower, other in by_lower.items() if bare and lower.lstrip("0") == bare]
    if len(padded) == 1:
        return padded[0]
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None
