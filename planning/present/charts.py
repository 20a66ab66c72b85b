"""What all charts share: at most 2,000 marks, weeks as text, lines named in the chart itself."""

from collections.abc import Iterable
from typing import Any

import altair as alt
import polars as pl

from planning.present.colours import Palette

MOST_MARKS = 2_000


def check_marks(marks: int) -> None:
    """Let no chart have more marks than a browser draws at ease.

    Raises
    ------
    ValueError
        It has more than `MOST_MARKS`.
    """
    if marks > MOST_MARKS:
        raise ValueError(f"{marks} marks; aggregate to at most {MOST_MARKS} first")


class Layered(alt.LayerChart):
    """Layers over one another, not checked against the grammar of charts each time a page is drawn.

    That check takes longer than all the rest of drawing; tests make it (`to_dict(validate=True)`).
    """

    def to_dict(self, validate: bool = False, **how: Any) -> dict[str, Any]:
        """What the browser draws."""
        drawn: dict[str, Any] = super().to_dict(validate, **how)
        return drawn


def layered(layers: Iterable[alt.Chart], height: int, palette: Palette) -> Layered:
    """These layers, the last on top, `height` pixels high.

    Give channels as objects (`alt.Text("word:N")`): Altair tries a bare text against every kind of channel.
    """
    axes = alt.AxisConfig(labelColor=palette.quiet, titleColor=palette.quiet)
    return Layered(layer=list(layers), height=height, config=alt.Config(axis=axes))


def with_week_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its column week as text: iso_week (2026-W49, which sorts) and monday (in full).

    A date would be drawn in the reader's time zone, and slip into the week before.
    """
    return frame.with_columns(
        iso_week=pl.col("week").dt.strftime("%G-W%V"), monday=pl.col("week").dt.strftime("%a %d %b %Y")
    ).drop("week")


def week_axis() -> alt.X:
    """Weeks from left to right, W49, as many of them named as there is room for."""
    axis = alt.Axis(labelExpr="slice(datum.label, 5)", labelAngle=0, labelOverlap="greedy", labelFlush=False)
    return alt.X("iso_week:O", title=None, axis=axis)


def word(text: str, x: int, colour: str) -> alt.Chart:
    """A word above the chart, `x` pixels from its left edge: what a colour means, said where it is seen."""
    one = alt.Chart(pl.DataFrame({"word": [text]}))
    named: alt.Chart = one.mark_text(align="left", baseline="bottom", fontWeight=600, color=colour).encode(
        x=alt.XValue(x),  # type: ignore[no-untyped-call]
        y=alt.YValue(-6),  # type: ignore[no-untyped-call]
        text=alt.Text("word:N"),
    )
    return named
