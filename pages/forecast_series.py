"""Parts of the Forecast page: the chart of what is shown, its figures, method and why, what was netted."""

import polars as pl
import streamlit as st

from pages.view import show_view
from planning.domain.plan import Plan
from planning.present import forecast_tables, forecast_words, words
from planning.present.colours import palette
from planning.present.forecast_charts import demand_chart
from planning.workflows.outlook import Outlook


def draw_series(outlook: Outlook, shown: pl.DataFrame) -> None:
    """One series, the only row of `shown`: its chart and figures."""
    record = shown.row(0, named=True)
    missing = forecast_words.too_short(record)
    if missing:
        st.info(missing, icon=":material/hourglass_empty:")
    chart, figures = st.columns([4, 1], gap="medium")
    with chart:
        draw_chart(outlook, shown)
    with figures:
        draw_figures(outlook, shown)


def draw_method(shown: pl.DataFrame) -> None:
    """How the one series in `shown` was forecast, and why so."""
    st.header("Method and why", anchor=False)
    st.markdown("\n".join(f"- {sentence}" for sentence in forecast_words.why(shown.row(0, named=True))))


def draw_chart(outlook: Outlook, shown: pl.DataFrame) -> None:
    """Demand so far, forecast, orders in hand and campaigns of the series in `shown`."""
    network = outlook.network
    by_week = forecast_tables.demand_by_week(network, outlook.netted, shown)
    campaigns = forecast_tables.campaigns(network, shown, by_week["week"][0])
    overrides = forecast_tables.overrides(network, shown, outlook.without_overrides)
    marked = overrides.frame if shown.height == 1 else overrides.frame.clear()
    theme = palette(st.context.theme.type)
    st.altair_chart(
        demand_chart(by_week, campaigns, marked, network.policy.start_week, theme),
        alt="Demand so far, forecast and orders in hand, in units by due week",
    )
    if shown.height > 1:
        st.caption(forecast_words.NO_BAND)
    ahead = forecast_words.planned_campaigns(campaigns)
    if ahead:
        st.caption(ahead)


def draw_figures(outlook: Outlook, shown: pl.DataFrame) -> None:
    """What is expected of the series in `shown`, and their record."""
    with st.grid(2, min_column_width=140, gap="small"):
        for figure in forecast_words.figures(shown, outlook.network):
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def draw_netting(outlook: Outlook, shown: pl.DataFrame, plan: Plan | None) -> None:
    """What orders and deals took from the forecast of the series in `shown`, and what is left of it."""
    st.header("What was netted", anchor=False)
    view = forecast_tables.netting(outlook.netted, shown, outlook.network)
    sentences = [forecast_words.netted(view)]
    pairs = shown.select(forecast_tables.SERIES)
    if plan is not None:
        demand = plan["demand"].join(pairs, on=forecast_tables.SERIES, how="semi")
        sentences.append(forecast_words.in_plan(view, demand, plan.summary["version"]))
    st.markdown(" ".join(sentences))
    show_view(view, "netted", alt="Forecast, orders and deals netted, units by due week")
    left_out = {
        kind: deals.join(pairs, on=forecast_tables.SERIES, how="semi").to_dicts()
        for kind, deals in (("rent_or_wait", outlook.net.rent_or_wait), ("stale", outlook.net.stale))
    }
    for sentence in words.deals_left_out(left_out):
        st.caption(sentence)
