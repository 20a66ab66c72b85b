"""Part of the Forecast page: which series are shown, and the way from one to the next."""

import polars as pl
import streamlit as st

from pages.filters import pick_many
from planning.domain.network import Network
from planning.present import forecast_tables
from planning.present.view import Choice, labels


def narrowed(found: pl.DataFrame, network: Network) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Let the planner choose in the sidebar; the series of the families chosen, and of them those shown."""
    families = _of_families(found, network)
    # What can be chosen stays the same whatever family is: a choice that is no option any more would be lost.
    return families, _choice(found, network).of(families)


def _of_families(found: pl.DataFrame, network: Network) -> pl.DataFrame:
    """The series of the families chosen in the sidebar; all where none is."""
    products = network["products"].drop_nulls("family")
    if products.is_empty():
        return found
    chosen = pick_many("family", {name: name for name in products["family"].unique().sort()})
    if not chosen:
        return found
    return found.join(products.filter(pl.col("family").is_in(chosen)), on="product", how="semi")


def _choice(found: pl.DataFrame, network: Network) -> Choice:
    products, markets = (found[name].unique().sort() for name in forecast_tables.SERIES)
    return Choice(
        products=pick_many("product", labels(network, "products", "product", products)),
        markets=pick_many("market", labels(network, "markets", "market", markets)),
    )


def ways_on(found: pl.DataFrame, shown: pl.DataFrame) -> None:
    """From the one series in `shown` back to all, and on to the next in `found`."""
    if found.height > 1:
        st.button("All series", icon=":material/arrow_back:", key="all", on_click=open_series, args=([], []))
    following = forecast_tables.following(found, shown["product"][0], shown["market"][0])
    if following is not None:
        st.button(
            "Next series",
            icon=":material/arrow_forward:",
            key="next",
            on_click=open_series,
            args=([following[0]], [following[1]]),
        )


def open_series(products: list[str], markets: list[str]) -> None:
    """Narrow the page down to these; empty means all."""
    st.session_state["product"], st.session_state["market"] = products, markets
