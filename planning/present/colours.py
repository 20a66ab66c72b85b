"""Colours with a fixed meaning (5-interface), for light and dark backgrounds."""

from dataclasses import dataclass

#: Means late and nothing else, and never stands without the word.
LATE = "#C2410C"


@dataclass(frozen=True)
class Palette:
    """One hex colour per meaning."""

    confirmed: str
    expected: str
    owned: str
    rented: str
    text: str


LIGHT = Palette(confirmed="#0B5B72", expected="#E08A00", owned="#6B7785", rented="#6B3FA0", text="#101A24")
DARK = Palette(confirmed="#5FB8D0", expected="#F2B04A", owned="#A9B8C2", rented="#B79CE0", text="#EEF4F7")


def palette(theme: str | None) -> Palette:
    """The colours for a theme ("dark", or anything else for light)."""
    return DARK if theme == "dark" else LIGHT
