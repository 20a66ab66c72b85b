"""Export: what a planner takes away from a plan; each file is made when it is asked for."""

from collections.abc import Collection
from functools import partial
from typing import Literal

import streamlit as st

from planning.domain.plan import Plan
from planning.workflows.desk import Desk

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_menu(desk: Desk, plan: Plan, *, primary: bool, factories: Collection[str] = ()) -> None:
    """The menu "Export" with every file of this plan.

    Parameters
    ----------
    primary : it is the page's one primary action.
    factories : whose schedule is printed; empty means all.
    """
    version = plan.summary["version"]
    name = f"takt-plan-v{version}"
    files = (
        ("Excel workbook", ":material/table:", f"{name}.xlsx", EXCEL, desk.export_workbook),
        ("CSV folder", ":material/folder_zip:", f"{name}.zip", "application/zip", desk.export_zip),
        ("JSON", ":material/data_object:", f"{name}.json", "application/json", desk.export_json),
        (
            "Decide-by dates",
            ":material/event:",
            f"takt-decide-by-v{version}.ics",
            "text/calendar",
            desk.export_dates,
        ),
        (
            "Schedule to print",
            ":material/print:",
            f"takt-schedule-v{version}.html",
            "text/html",
            partial(desk.export_day_sheets, factories=tuple(factories)),
        ),
    )
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    with st.popover("Export", type=kind, icon=":material/download:", key="export"):
        for label, icon, file, mime, make in files:
            st.download_button(
                label,
                data=partial(make, version),
                file_name=file,
                mime=mime,
                icon=icon,
                on_click="ignore",
                key=f"export-{file}",
                help=HELP[label],
                width="stretch",
                type="tertiary",
            )


HELP = {
    "Excel workbook": "Every table of the plan as a sheet; ids stay text.",
    "CSV folder": "The export folder for other programs: CSV files and plan.json, zipped.",
    "JSON": "The whole plan in one document, for other programs.",
    "Decide-by dates": "The rentals to decide, each on its last day, for your calendar (.ics).",
    "Schedule to print": "A sheet for each factory and day, as a page to open and print.",
}
