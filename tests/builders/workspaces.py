"""Workspaces of the small company, to be copied by each test that wants one of its own."""

from datetime import date
from pathlib import Path

from planning.store import Workspace
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import write_company


def write_planned(folder: Path, today: date, **changed: str) -> Path:
    """The database of a closed workspace of Ana's with a company and its first plan.

    Parameters
    ----------
    changed : files with another content, as in `write_company`.
    """
    with Workspace.open(folder / "takt.duckdb", "Ana") as opened:
        import_folder(opened, write_company(folder / "company", **changed), today)
        plan_workspace(opened, today)
    return folder / "takt.duckdb"
