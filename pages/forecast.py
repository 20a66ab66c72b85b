"""Forecast: what will be confirmed, how sure that is, and what of it is netted already."""

import polars as pl
import streamlit as st

from pages.empty import tell_nothing_yet
from pages.filters import pick_many
from pages.forecast_series import draw_chart, draw_figures, draw_netting, draw_series
from pages.header import head
from pages.view import pick_row
from pages.work import forecast_button
from planning.domain.network import Network
from planning.present import forecast_tables, forecast_words, words
from planning.present.view import Choice, labels
from planning.workflows.desk import the_desk
from planning.workflows.forecasting import can_learn
from planning.workflows.outlook import Outlook


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    network, outlook = desk.network(), desk.outlook()
    with head(desk, "Forecast"):
        if network is not None and can_learn(network) and (outlook is None or outlook.stored is not None):
            forecast_button(desk)
    if network is None:
        tell_nothing_yet(None, None)
        return
    if outlook is None:
        _tell_no_forecast(network)
        return
    _tell_age(outlook)
    made = None if outlook.stored is None else outlook.stored.forecast
    found = forecast_tables.records(outlook.network, outlook.netted, made)
    shown = _choice(found, network).of(found)
    if shown.is_empty():
        st.info(forecast_words.NO_SERIES, icon=":material/info:")
        return
    if shown.height == 1:
        _one(outlook, found, shown)
    else:
        _many(outlook, shown)
    draw_netting(outlook, shown, desk.plan())


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


def _choice(found: pl.DataFrame, network: Network) -> Choice:
    products, markets = (found[name].unique().sort() for name in forecast_tables.SERIES)
    with st.sidebar:
        return Choice(
            products=pick_many("product", labels(network, "products", "product", products)),
            markets=pick_many("market", labels(network, "markets", "market", markets)),
        )


def _many(outlook: Outlook, shown: pl.DataFrame) -> None:
    """Every series, most money at stake first; what they add up to below."""

    def picked(row: int) -> None:
        _open([shown["product"][row]], [shown["market"][row]])

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
            _ways_on(found, shown)
    draw_series(outlook, shown)


def _ways_on(found: pl.DataFrame, shown: pl.DataFrame) -> None:
    if found.height > 1:
        st.button("All series", icon=":material/arrow_back:", key="all", on_click=_open, args=([], []))
    following = forecast_tables.following(found, shown["product"][0], shown["market"][0])
    if following is not None:
        st.button(
            "Next series",
            icon=":material/arrow_forward:",
            key="next",
            on_click=_open,
            args=([following[0]], [following[1]]),
        )


def _open(products: list[str], markets: list[str]) -> None:
    st.session_state["product"], st.session_state["market"] = products, markets
