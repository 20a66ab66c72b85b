"""Schedule: what runs when, on which robot."""

from datetime import date

import polars as pl
import streamlit as st

from pages.address import tell_misses
from pages.empty import tell_nothing_yet
from pages.exports import export_menu
from pages.filters import filters, pick_one, pick_week
from pages.header import head
from pages.schedule_job import ask_for, show_job
from pages.shown import shown
from pages.view import pick_row
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import schedule_charts, schedule_tables, words
from planning.present.colours import palette
from planning.present.schedule_jobs import jobs as jobs_of
from planning.present.schedule_jobs import laid_out_weeks
from planning.present.view import Choice
from planning.workflows.desk import the_desk

LISTED = 14
GANTT = "Jobs of each robot over time; the table below lists them"


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    about = shown(desk)
    plan, network = about.plan, about.network
    with head(desk, "Schedule", about):
        action = st.container(horizontal=True, width="content")
    if tell_nothing_yet(plan, network) or plan is None:
        return
    choice = filters(plan, network, "factory", "product")
    with action:
        export_menu(desk, plan, primary=not about.reads_only, factories=choice.factories)
    weeks = laid_out_weeks(plan)
    if not weeks:
        st.info(schedule_tables.NOTHING_LAID_OUT, icon=":material/info:")
        return
    week = pick_week(weeks)
    jobs = jobs_of(plan, network, choice, week)
    if jobs.is_empty():
        elsewhere = jobs_of(plan, network, choice, None)
        st.info(schedule_tables.nothing_here(elsewhere, week), icon=":material/info:")
    else:
        st.header(schedule_tables.answer(jobs, week), anchor=False)
    st.caption(schedule_tables.laid_out(plan, weeks))
    if not jobs.is_empty():
        _work(plan, network, jobs, choice, weeks if week is None else [week])
        show_job(plan, network, jobs)


def _work(plan: Plan, network: Network | None, jobs: pl.DataFrame, choice: Choice, weeks: list[date]) -> None:
    chart, figures = st.columns([6, 1], gap="medium")
    with chart:
        _chart(plan, network, jobs, weeks)
    with figures:
        _figures(schedule_tables.figures(plan, jobs, choice, weeks))
    st.header("Jobs", anchor=False)
    numbers = jobs["number"].to_list()
    pick_row(
        schedule_tables.job_list(jobs),
        "jobs",
        lambda row: ask_for(plan, numbers[row]),
        alt="Jobs, late ones first, then by start",
        rows=LISTED,
    )
    st.caption("Tick a row (Shift+Space), or click a bar, to see what the job is for.")


def _figures(figures: list[words.Figure]) -> None:
    with st.grid(2, min_column_width=120, gap="small"):
        for figure in figures:
            st.metric(figure.label, figure.value, help=figure.help, border=True)


def _chart(plan: Plan, network: Network | None, jobs: pl.DataFrame, weeks: list[date]) -> None:
    groups = schedule_charts.groups_of_robots(jobs)
    told = schedule_tables.left_undrawn(jobs, groups)
    if told:
        st.caption(told)
    if not groups:
        return
    robots = groups[0]
    if len(groups) > 1:
        names = {f"{group[0]} to {group[-1]}": group for group in groups}
        robots = names[pick_one("robots", {name: name for name in names}, "Robots in the chart")]
        tell_misses("robots")
    drawn = schedule_charts.of_robots(jobs, robots)
    attended = schedule_charts.attended_hours(plan, network, drawn)
    timezone = plan.summary["policy"]["timezone"]
    chart = schedule_charts.gantt(drawn, attended, weeks, timezone, palette(st.context.theme.type))

    # A chart keeps its selection and would not tell the same bar picked again: each pick gets a new chart.
    picks = st.session_state.get("picks", 0)
    key = f"gantt-{picks}"

    def picked() -> None:
        points = st.session_state[key]["selection"].get(schedule_charts.PICKED, [])
        if points:
            st.session_state["picks"] = picks + 1
            ask_for(plan, int(points[0][schedule_charts.NUMBER]))

    st.altair_chart(chart, key=key, on_select=picked, alt=GANTT)
