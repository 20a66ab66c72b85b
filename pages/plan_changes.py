"""What changed since the last plan, one click away on the Plan page."""

import streamlit as st

from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import plan_diff
from planning.workflows.desk import Desk


def changes_button(desk: Desk, plan: Plan, network: Network | None) -> None:
    """Opens what changed since the last plan of the scenario; nothing when there is none."""
    version = desk.previous_version()
    if version is not None and st.button(
        f"What changed since plan v{version}", icon=":material/difference:", key="changes"
    ):
        _changes(desk, plan, network)


@st.dialog("What changed", width="large")
def _changes(desk: Desk, plan: Plan, network: Network | None) -> None:
    before = desk.previous_plan()
    if before is None:
        st.caption("There is no earlier plan to compare with.")
        return
    show_changes(plan, before, network)


def show_changes(plan: Plan, before: Plan, network: Network | None) -> None:
    """What a plan does differently from another: in sentences, then orders, robots and production."""
    views = {
        "Orders": plan_diff.changed_orders(plan, before, network),
        "Robots on rent": plan_diff.changed_rent(plan, before, network),
        "Production": plan_diff.changed_production(plan, before, network),
    }
    if plan_diff.is_same(plan, before, *views.values()):
        st.write(f"Nothing changed since plan v{before.summary['version']}.")
        return
    st.markdown("\n".join(f"- {line}" for line in plan_diff.headlines(plan, before)))
    for about, view in views.items():
        st.markdown(f"**{about}**, {plan_diff.how_many(view)}")
        if not view.is_empty:
            shown = plan_diff.biggest(view)
            show_view(shown, f"changed-{about}", alt=f"Changes, biggest first: {about}", rows=5)
