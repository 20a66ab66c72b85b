"""Charts: at most 2,000 marks, labelled directly, colours with their fixed meaning."""

import altair as alt
import polars as pl

from planning.present.colours import Palette

MOST_MARKS = 2_000


def production_chart(by_week: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Good units a week: confirmed as solid bars, expected on top of them with a dashed edge.

    Parameters
    ----------
    by_week : week, confirmed, expected, as `tables.production_by_week` returns it.
    palette : colours of the theme it is shown in.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    if 2 * by_week.height > MOST_MARKS:
        raise ValueError(f"{2 * by_week.height} marks; aggregate to at most {MOST_MARKS} first")
    # Weeks as text: a date would be drawn in the reader's time zone, and slip into the week before.
    frame = by_week.with_columns(
        iso_week=pl.col("week").dt.strftime("%G-W%V"),
        monday=pl.col("week").dt.strftime("%a %d %b %Y"),
        total=pl.col("confirmed") + pl.col("expected"),
    ).drop("week")
    weeks = alt.X(
        "iso_week:O",
        title=None,
        axis=alt.Axis(labelExpr="slice(datum.label, 5)", labelAngle=0, labelOverlap="greedy"),
    )
    base = alt.Chart(frame).encode(x=weeks, tooltip=_tooltip())
    units = alt.Axis(title="Good units a week", format=",.0f", tickCount=5)
    confirmed = base.mark_bar(color=palette.confirmed).encode(y=alt.Y("confirmed:Q", axis=units))
    expected = base.mark_bar(
        color=palette.expected, fillOpacity=0.2, stroke=palette.expected, strokeWidth=1, strokeDash=[3, 2]
    ).encode(y=alt.Y("confirmed:Q", axis=units), y2="total:Q")
    words = (
        _word("Confirmed, solid", 0, palette.confirmed),
        _word("Expected, dashed", 120, palette.expected),
    )
    return alt.LayerChart(layer=[confirmed, expected, *words], height=220)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("monday:N", title="Week of"),
        alt.Tooltip("confirmed:Q", title="For confirmed orders (units)", format=",.0f"),
        alt.Tooltip("expected:Q", title="For expected demand (units)", format=",.0f"),
    ]


def _word(text: str, x: int, colour: str) -> alt.Chart:
    one = alt.Chart(pl.DataFrame({"word": [text]}))
    word: alt.Chart = one.mark_text(align="left", baseline="bottom", fontWeight=600, color=colour).encode(
        x=alt.value(x), y=alt.value(-6), text="word:N"
    )
    return word
