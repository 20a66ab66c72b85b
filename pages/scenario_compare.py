"""Part of the Scenarios page: two to four plans side by side."""

from collections.abc import Sequence

import streamlit as st

from pages.address import ask, forget_miss, tell_misses
from pages.view import show_view
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import plan_diff, scenario_compare
from planning.store import Scenario
from planning.workflows.desk import Desk

PLAN = "The plan"


def compare(desk: Desk, plan: Plan, network: Network, scenarios: Sequence[Scenario]) -> None:
    """What each scenario chosen costs, moves and wastes beside the plan; at first those that are solved."""
    solved = [one for one in scenarios if desk.scenarios.version(one.name) is not None]
    st.header("Side by side", anchor=False)
    if not solved:
        st.caption("Solve a scenario to compare it with the plan.")
        return
    most = scenario_compare.MOST_COMPARED - 1
    names = [one.name for one in solved]
    ask("compare", {name: name for name in names})
    chosen = st.multiselect(
        "Compare with the plan",
        names,
        default=names[:most],
        max_selections=most,
        key="compare",
        bind="query-params",
        on_change=forget_miss,
        args=("compare",),
    )
    tell_misses("compare")
    plans = {PLAN: plan} | {
        name: other for name in chosen if (other := desk.scenarios.plan(name)) is not None
    }
    if len(plans) < 2:
        st.caption("Choose what to compare the plan with.")
        return
    outrun = {one.name: desk.scenarios.is_outrun(one) for one in solved} | {PLAN: desk.is_stale()}
    old = scenario_compare.same_data(plans, outrun)
    if old:
        st.warning(old, icon=":material/sync_problem:")
    for name in chosen:
        st.markdown(f"- {scenario_compare.effect(name, plans[name], plan)}")
    figures = scenario_compare.key_figures(plans)
    show_view(figures, "compared", alt="Key figures of the plans side by side", rows=12)
    st.caption(scenario_compare.FIGURES_HELP)
    st.subheader("Cost by line", anchor=False)
    show_view(scenario_compare.cost_lines(plans), "compared-costs", alt="Cost by line and plan", rows=12)
    for name in chosen:
        _changed(name, plans[name], plan, network)


def _changed(name: str, other: Plan, plan: Plan, network: Network) -> None:
    """Orders that fare differently and robots that are more or fewer, beside the plan."""
    st.subheader(f"What {name} moves", anchor=False)
    for about, view in (
        ("Orders", plan_diff.changed_orders(other, plan, network)),
        ("Robots on rent", plan_diff.changed_rent(other, plan, network)),
    ):
        st.markdown(f"**{about}**, {plan_diff.how_many(view)}")
        if not view.is_empty:
            shown = plan_diff.biggest(view)
            show_view(shown, f"moved-{name}-{about}", alt=f"{about} that change in {name}", rows=5)
