"""Export: what a planner takes away from a plan; each file is made when it is asked for."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from planning.domain.plan import Plan
from planning.workflows.desk import Desk


@dataclass(frozen=True)
class Download:
    """A file of the menu: what it is called, what it is good for, and who makes it from a version."""

    label: str
    help: str
    icon: str
    file: str
    mime: str
    make: Callable[[int], bytes]


def export_menu(
    desk: Desk, plan: Plan, *, primary: bool, factories: Collection[str] = (), key: str = "export"
) -> None:
    """The menu "Export" with every file of this plan.

    Parameters
    ----------
    primary : it is the page's one primary action.
    factories : whose schedule is printed; empty means all.
    key : tells it from another menu on the same page.
    """
    version = plan.summary["version"]
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    with (
        st.popover("Export", type=kind, icon=":material/download:", key=key),
        st.container(gap="xxsmall"),
    ):
        for download in _downloads(desk, version, factories):
            st.download_button(
                download.label,
                data=partial(download.make, version),
                file_name=download.file,
                mime=download.mime,
                icon=download.icon,
                on_click="ignore",
                key=f"{key}-{download.file}",
                help=download.help,
                type="tertiary",
            )


def _downloads(desk: Desk, version: int, factories: Collection[str]) -> Iterator[Download]:
    yield Download(
        "Excel workbook",
        "Every table of the plan as a sheet; ids stay text.",
        ":material/table:",
        f"takt-plan-v{version}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        desk.export_workbook,
    )
    yield Download(
        "CSV folder",
        "The export folder, for other programs: CSV files and plan.json, zipped.",
        ":material/folder_zip:",
        f"takt-plan-v{version}.zip",
        "application/zip",
        desk.export_zip,
    )
    yield Download(
        "CSV with semicolons",
        "The same tables with semicolons and decimal commas, for a spreadsheet that expects them.",
        ":material/folder_zip:",
        f"takt-plan-v{version}-semicolons.zip",
        "application/zip",
        partial(desk.export_zip, semicolons=True),
    )
    yield Download(
        "JSON",
        "The whole plan in one document, for other programs.",
        ":material/data_object:",
        f"takt-plan-v{version}.json",
        "application/json",
        desk.export_json,
    )
    yield Download(
        "Decide-by dates",
        "The rentals to decide, each on its last day, for your calendar (.ics).",
        ":material/event:",
        f"takt-decide-by-v{version}.ics",
        "text/calendar",
        desk.export_dates,
    )
    whose = "the factories chosen" if factories else "each factory"
    yield Download(
        "Schedule to print",
        f"A sheet for every day of {whose}: a page to open and print.",
        ":material/print:",
        f"takt-schedule-v{version}.html",
        "text/html",
        partial(desk.export_day_sheets, factories=tuple(factories)),
    )
