"""The files of a plan that are for people, beside the contract's CSV."""

from planning.domain.plan import Plan
from planning.export.calendar_file import decide_by_calendar
from planning.export.day_sheets import printable_schedule
from planning.export.names import Names
from planning.export.plan_json import plan_document
from planning.export.workbook import plan_workbook

#: The files, as an export folder names them.
WORKBOOK, DOCUMENT, DATES, SHEETS = "plan.xlsx", "plan-full.json", "decide-by.ics", "schedule.html"
PEOPLE_FILES = (WORKBOOK, DOCUMENT, DATES, SHEETS)


def people_files(plan: Plan, names: Names) -> dict[str, bytes]:
    """File name → content: workbook, JSON of the whole plan, decide-by dates and the printable schedule."""
    return {
        WORKBOOK: plan_workbook(plan),
        DOCUMENT: plan_document(plan),
        DATES: decide_by_calendar(plan, names),
        SHEETS: printable_schedule(plan, names),
    }
