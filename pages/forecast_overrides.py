"""Part of the Forecast page: what a demand manager says instead of the forecast, and whether it helped."""

import polars as pl
import streamlit as st

from pages.forecast_draft import title, type_draft
from pages.just_imported import keep_told, tell_kept
from pages.view import show_view
from planning.errors import TaktError
from planning.present import forecast_tables, forecast_words, override_tables
from planning.workflows.desk import Desk
from planning.workflows.outlook import Outlook
from planning.workflows.overruling import Draft


def draw_overrides(desk: Desk, outlook: Outlook, shown: pl.DataFrame, *, typed: bool) -> Draft | None:
    """Overrides of the series in `shown`: those that hold, what is typed of new ones, and the record.

    Parameters
    ----------
    typed : new ones can be typed; else the page is read only, and there is no record of what came later.
    """
    st.header("Overrides", anchor=False)
    held = forecast_tables.overrides(outlook.network, shown, outlook.without_overrides)
    if not held.is_empty:
        st.caption(forecast_words.OVERRIDDEN)
        show_view(held, "overrides", alt="Overrides in place of the forecast", rows=4)
    if not typed:
        return None
    with st.expander(title(shown), icon=":material/edit:", expanded=shown.height == 1):
        draft = type_draft(outlook, shown)
    _tell_record(desk, outlook, shown)
    return draft


def save_button(desk: Desk, draft: Draft) -> None:
    """The primary action while there is something to save."""
    # What is saved is the draft on the screen, not the one the next run makes of newer data.
    st.button(
        "Save overrides",
        type="primary",
        icon=":material/save:",
        key="save",
        on_click=_save,
        args=(desk, draft),
    )


def tell_saved(desk: Desk) -> None:
    """What was saved last, and the way back, for as long as it is what holds."""
    tell_kept(desk, "saved", undo_key="undo")


def _tell_record(desk: Desk, outlook: Outlook, shown: pl.DataFrame) -> None:
    judged = desk.override_record().join(shown, on=forecast_tables.SERIES, how="semi")
    if judged.is_empty():
        return
    st.markdown(override_tables.value_added(judged))
    view = override_tables.record(judged, outlook.network)
    show_view(view, "override-record", alt="Overrides beside the forecast and what came", rows=4)


def _save(desk: Desk, draft: Draft) -> None:
    try:
        receipt = desk.save_overrides(draft)
    except TaktError as error:
        st.session_state["refusal"] = str(error)
        return
    keep_told(desk, "saved", receipt.batch, override_tables.saved(draft.rows))
    st.session_state["signed"] = next(iter(draft.rows.filter(~pl.col("ends"))["author"]), "")
    st.session_state["drafts"] += 1
