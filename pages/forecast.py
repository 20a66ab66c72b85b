"""Forecast: what will be confirmed, how sure that is, and what of it is netted already."""

import polars as pl
import streamlit as st

from pages.empty import tell_nothing_yet
from pages.forecast_choice import narrowed, open_series, ways_on
from pages.forecast_overrides import draw_overrides, save_button, tell_saved
from pages.forecast_series import draw_chart, draw_deals, draw_figures, draw_method, draw_netting, draw_series
from pages.header import head
from pages.shown import Shown
from pages.shown import shown as shown_version
from pages.view import pick_row
from pages.work import forecast_button
from planning.domain.network import Network
from planning.present import forecast_live, forecast_tables, forecast_words, words
from planning.workflows.desk import Desk, the_desk
from planning.workflows.forecasting import can_learn
from planning.workflows.live_record import LiveRecord
from planning.workflows.outlook import Outlook
from planning.workflows.overruling import Draft


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown_version(desk)
    network = about.network
    outlook = desk.outlook() if about.opened is None else about.opened.outlook
    with head(desk, "Forecast", about):
        action = st.container(horizontal=True, width="content")
    draft = _body(desk, about, network, outlook)
    if about.reads_only:
        return
    saves = draft is not None and draft.can_be_saved
    with action:
        if draft is not None and saves:
            save_button(desk, draft)
        if network is not None and can_learn(network) and (outlook is None or outlook.stored is not None):
            forecast_button(desk, primary=not saves)


def _body(desk: Desk, about: Shown, network: Network | None, outlook: Outlook | None) -> Draft | None:
    """Everything below the head; what comes back is what was typed of overrides, where any can be."""
    if network is None:
        tell_nothing_yet(None, None)
        return None
    if outlook is None:
        _tell_no_forecast(network)
        return None
    if not about.reads_only:
        tell_saved(desk)
    _tell_age(outlook)
    made = None if outlook.stored is None else outlook.stored.forecast
    found = forecast_tables.records(outlook.network, outlook.netted, made)
    found, shown = narrowed(found, network)
    if shown.is_empty():
        st.info(forecast_words.NO_SERIES, icon=":material/info:")
        return None
    past = desk.look_back() if made is not None and not about.reads_only else None
    _tell_drift(past, shown, outlook.network)
    if shown.height == 1:
        _one(outlook, found, shown)
    else:
        _many(outlook, shown)
    draft = draw_overrides(desk, outlook, shown, typed=not about.reads_only)
    if shown.height == 1:
        draw_method(shown, past)
    draw_netting(outlook, shown, about.plan)
    draw_deals(outlook, shown, past)
    return draft


def _tell_no_forecast(network: Network) -> None:
    said = forecast_words.NO_FORECAST if can_learn(network) else forecast_words.NOTHING_TO_LEARN_FROM
    st.info(said, icon=":material/info:")


def _tell_age(outlook: Outlook) -> None:
    stored = outlook.stored
    if stored is None:
        st.info(forecast_words.OWN_FORECAST, icon=":material/info:")
        return
    methods, up_to_date = stored.forecast.methods, outlook.up_to_date
    st.caption(
        forecast_words.freshness(
            stored.number, stored.created_at, methods, outlook.network, up_to_date=up_to_date
        )
    )
    if not up_to_date:
        st.warning(forecast_words.outrun(stored.number), icon=":material/sync_problem:")


def _tell_drift(past: LiveRecord | None, shown: pl.DataFrame, network: Network) -> None:
    drift = "" if past is None else forecast_live.drift(past.series, shown, network)
    if drift:
        st.warning(drift, icon=":material/trending_up:")


def _many(outlook: Outlook, shown: pl.DataFrame) -> None:
    """Every series, most money at stake first; what they add up to below."""

    def picked(row: int) -> None:
        open_series([shown["product"][row]], [shown["market"][row]])

    table, figures = st.columns([4, 1], gap="medium")
    with table:
        st.header("Series by money at stake", anchor=False)
        view = forecast_tables.series_list(shown, outlook.network)
        pick_row(view, "series", picked, alt="Forecast series, most money at stake first")
        st.caption("Tick a row (Shift+Space) to open its series.")
    with figures:
        draw_figures(outlook, shown)
    st.header(f"Demand of {words.count(shown.height, 'series', 'series')}", anchor=False)
    draw_chart(outlook, shown)


def _one(outlook: Outlook, found: pl.DataFrame, shown: pl.DataFrame) -> None:
    named = forecast_tables.series_list(shown, outlook.network).frame.row(0, named=True)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(f"{named['product']}, {named['market']}", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            ways_on(found, shown)
    draw_series(outlook, shown)
