"""What a planner takes away: the plan's tables, its figures, and the files they are written to."""

from planning.export.calendar_file import decide_by_calendar
from planning.export.day_sheets import printable_schedule
from planning.export.folder import plan_files, read_folder, refuse_other_folder, write_folder, zip_folder
from planning.export.names import Names, names_of
from planning.export.people import people_files
from planning.export.plan_json import plan_document
from planning.export.plan_tables import Stamp, plan_of, plan_tables
from planning.export.workbook import plan_workbook

__all__ = [
    "Names",
    "Stamp",
    "decide_by_calendar",
    "names_of",
    "people_files",
    "plan_document",
    "plan_files",
    "plan_of",
    "plan_tables",
    "plan_workbook",
    "printable_schedule",
    "read_folder",
    "refuse_other_folder",
    "write_folder",
    "zip_folder",
]
