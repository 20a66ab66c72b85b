"""Part of the Settings page: the policy as a form, each setting with its default beside it."""

import streamlit as st

from pages.settings_saving import began_on, let_go, tell_edit, turn_of
from planning.domain.network import Network
from planning.present import policy_form, words
from planning.present.policy_form import Setting
from planning.workflows.desk import Desk
from planning.workflows.table_edits import TableEdit, draft_edit, table_rows

TABLE = "settings"


def edit_policy(desk: Desk, network: Network) -> TableEdit | None:
    """Let the planner edit the settings; None where nothing was typed."""
    rows = table_rows(TABLE, desk.uploads.held_file(TABLE, began_on(desk, TABLE)))
    st.caption("What holds for the whole plan. Leave a value empty and the default holds.")
    told = st.container()
    said: dict[str, str] = {}
    beneath = {}
    for group, settings in policy_form.settings(rows.cells, network).items():
        st.header(group, anchor=False)
        with st.grid(3, min_column_width=260, gap="small"):
            for setting in settings:
                with st.container(gap="xxsmall"):
                    said[setting.name], beneath[setting.name] = _ask(setting, rows.batch)
    edit = draft_edit(desk.uploads, rows, rows.cells, policy_form.as_left(rows.cells, said))
    for fault in edit.faults.iter_rows(named=True):
        place = beneath.get(fault["column"])
        if place is not None:
            place.error(words.plain(f"{fault['reason']}. {fault['remedy']}"))
    if edit.changes.is_empty():
        let_go(desk, TABLE)
        return None
    with told:
        tell_edit(desk, edit)
    return edit


def _ask(setting: Setting, batch: int | None) -> tuple[str, st.delta_generator.DeltaGenerator]:
    """What is said of a setting, and the place beneath it."""
    text = st.text_input(
        setting.label,
        value=setting.says,
        placeholder=setting.default,
        key=f"policy-{setting.name}-{batch}-{turn_of(TABLE)}",
        help=f"`{setting.name}` in settings.csv",
    )
    st.caption(words.plain(f"{setting.meaning} Default: {setting.default}."))
    return text or "", st.empty()
