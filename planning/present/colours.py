"""Colours with a fixed meaning (5-interface), for light and dark backgrounds."""

from dataclasses import dataclass

#: Means late and nothing else, and never stands without the word.
LATE = "#C2410C"


@dataclass(frozen=True)
class Ramp:
    """From little to much in one hue, its lightness changing one way, so that it reads without colour too.

    Parameters
    ----------
    colours : from little to much.
    on_weak, on_strong : text on them below, and from, the share `turns_at` on.
    """

    colours: tuple[str, ...]
    on_weak: str
    on_strong: str
    turns_at: float


@dataclass(frozen=True)
class Palette:
    """One hex colour per meaning.

    Parameters
    ----------
    quiet : names of axes and what stands on them, dark enough to be read.
    late_word : the word for `LATE`, where the colour itself is too dark to be read on this background.
    """

    confirmed: str
    expected: str
    owned: str
    rented: str
    text: str
    quiet: str
    late_word: str
    ramp: Ramp


LIGHT = Palette(
    confirmed="#0B5B72",
    expected="#E08A00",
    owned="#6B7785",
    rented="#6B3FA0",
    text="#101A24",
    quiet="#55626E",
    late_word=LATE,
    ramp=Ramp(
        (
            "#EDF6F8",
            "#D3E9EF",
            "#B3D9E3",
            "#8DC5D4",
            "#63AEC2",
            "#3C95AD",
            "#1F7C95",
            "#0B637B",
            "#084B5E",
            "#053442",
        ),
        on_weak="#101A24",
        on_strong="#FFFFFF",
        turns_at=0.62,
    ),
)
DARK = Palette(
    confirmed="#5FB8D0",
    expected="#F2B04A",
    owned="#A9B8C2",
    rented="#B79CE0",
    text="#EEF4F7",
    quiet="#A9B8C2",
    late_word="#F0804D",
    ramp=Ramp(
        ("#182A34", "#1D3F4D", "#235567", "#2B6D82", "#3A879D", "#5FA3B7", "#86BFCF", "#B0DAE6"),
        on_weak="#EEF4F7",
        on_strong="#0D171E",
        turns_at=0.52,
    ),
)


def palette(theme: str | None) -> Palette:
    """The colours for a theme ("dark", or anything else for light)."""
    return DARK if theme == "dark" else LIGHT
