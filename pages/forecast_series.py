"""Parts of the Forecast page: the chart of what is shown, its figures, method and why, what was netted."""

import polars as pl
import streamlit as st

from pages.view import show_view
from planning.domain.plan import Plan
from planning.present import forecast_live, forecast_tables, forecast_words, words
from planning.present.colours import palette
from planning.present.forecast_charts import demand_chart
from planning.workflows.live_record import LiveRecord
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


def draw_method(shown: pl.DataFrame, past: LiveRecord | None) -> None:
    """How the one series in `shown` was forecast, why so, and what became of it."""
    st.header("Method and why", anchor=False)
    sentences = forecast_words.why(shown.row(0, named=True))
    if past is not None:
        sentences += forecast_live.lived(past.series, shown)
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def draw_chart(outlook: Outlook, shown: pl.DataFrame) -> None:
    """Demand so far, forecast, orders in hand and campaigns of the series in `shown`."""
    network = outlook.network
    band = outlook.total.by_week(shown)
    by_week = forecast_tables.demand_by_week(network, outlook.netted, band, shown)
    campaigns = forecast_tables.campaigns(network, shown, by_week["week"][0])
    overrides = forecast_tables.overrides(network, shown, outlook.without_overrides)
    marked = overrides.frame if shown.height == 1 else overrides.frame.clear()
    theme = palette(st.context.theme.type)
    st.altair_chart(
        demand_chart(by_week, campaigns, marked, network.policy.start_week, theme),
        alt="Demand so far, forecast and orders in hand, in units by due week",
    )
    if by_week["p10"].null_count() == by_week.height and shown.height > 1:
        st.caption(forecast_words.NO_BAND)
    total = outlook.total.of_lead_time(shown)
    st.caption(
        forecast_words.lead_time(total.weeks, total.units, total.p10, total.p90, network.policy.start_week)
    )
    ahead = forecast_words.planned_campaigns(campaigns)
    if ahead:
        st.caption(ahead)


def draw_figures(outlook: Outlook, shown: pl.DataFrame) -> None:
    """What is expected of the series in `shown`, and their record."""
    with st.grid(2, min_column_width=140, gap="small"):
        for figure in forecast_words.figures(shown, outlook.network):
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def draw_deals(outlook: Outlook, shown: pl.DataFrame, past: LiveRecord | None) -> None:
    """Open deals of the series in `shown`, and when they will be confirmed."""
    dates, times = (None, None) if past is None else (past.deals, past.confirm_times)
    view = forecast_live.open_deals(outlook.network["opportunities"], dates, shown, outlook.network)
    if view.is_empty:
        return
    st.markdown(forecast_live.learned_from(view.frame.height, None if times is None else times.wins))
    show_view(view, "deals", alt="Open deals and when they will be confirmed", rows=6)


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
