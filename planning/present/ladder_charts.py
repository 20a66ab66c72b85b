"""The demand ladder as bars: what stands on each rung, and how much of it counts."""

import altair as alt
import polars as pl

from planning.present.charts import check_marks, layered
from planning.present.colours import Palette

#: Pixels of a rung, of its bars, and of the axis below them.
_ROW, _WHOLE, _COUNTING, _AXIS = 32, 20, 9, 50


def ladder_chart(rungs: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """A bar a stage: all units with a dashed edge, those that count filled, both named at its end.

    Parameters
    ----------
    rungs : rung, units, counts, in the order of the ladder.
    palette : colours of the theme it is shown in.

    Raises
    ------
    ValueError
        More marks than a browser draws at ease.
    """
    check_marks(3 * rungs.height)
    said = rungs.with_columns(label=pl.format("{} of {}", _whole("counts"), _whole("units")))
    most = float(said["units"].max() or 1.0)  # type: ignore[arg-type]
    # Room on the right for the words at the end of the longest bar.
    scale = alt.Scale(domain=[0, most * 1.3], nice=False)
    axis = alt.Axis(title="Units that count, of all units", format=",.0f", tickCount=4)
    units = alt.X("units:Q", axis=axis, scale=scale)
    stage = alt.Y("rung:N", title=None, sort=None, axis=alt.Axis(labelLimit=120))
    told = [
        alt.Tooltip("rung:N", title="Stage"),
        alt.Tooltip("units:Q", title="Units", format=",.0f"),
        alt.Tooltip("counts:Q", title="Counts (units)", format=",.1f"),
    ]
    base = alt.Chart(said).encode(y=stage, tooltip=told)
    whole = base.mark_bar(
        color=palette.expected,
        fillOpacity=0.12,
        stroke=palette.expected,
        strokeWidth=1,
        strokeDash=[3, 2],
        size=_WHOLE,
    ).encode(x=units)
    counting = base.mark_bar(color=palette.expected, fillOpacity=0.75, size=_COUNTING).encode(
        x=alt.X("counts:Q", axis=axis, scale=scale)
    )
    named = base.mark_text(align="left", baseline="middle", dx=6, color=palette.text).encode(
        x=units, text=alt.Text("label:N")
    )
    height = _ROW * max(rungs.height, 1) + _AXIS
    return layered([whole, counting, named], height, palette)


def _whole(column: str) -> pl.Expr:
    return pl.col(column).round().cast(pl.Int64)
