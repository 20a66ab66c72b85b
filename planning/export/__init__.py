"""What a planner takes away: the plan's tables, its figures, and the folder they are written to."""

from planning.export.folder import plan_files, read_folder, refuse_other_folder, write_folder, zip_folder
from planning.export.plan_tables import Stamp, plan_of, plan_tables

__all__ = [
    "Stamp",
    "plan_files",
    "plan_of",
    "plan_tables",
    "read_folder",
    "refuse_other_folder",
    "write_folder",
    "zip_folder",
]
