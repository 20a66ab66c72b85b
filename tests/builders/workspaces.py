"""Workspaces of the small company, made once and copied to each test that wants one of its own."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from planning.store import Workspace
from planning.store.workspace import PLANNER
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import write_company


def write_imported(folder: Path, today: date, planner: str = PLANNER, **changed: str) -> Path:
    """The database of a closed workspace that holds a company as import 1.

    Parameters
    ----------
    planner : who imported it.
    changed : files with another content, as in `write_company`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "takt.duckdb"
    database.write_bytes(_imported(today, planner, tuple(changed.items())))
    return database


@lru_cache(maxsize=4)
def _imported(today: date, planner: str, changed: tuple[tuple[str, str], ...]) -> bytes:
    """A database file: to import a company takes five times as long as to copy what came of it."""
    with TemporaryDirectory() as place:
        database = Path(place) / "takt.duckdb"
        with Workspace.open(database, planner) as opened:
            import_folder(opened, write_company(Path(place) / "company", **dict(changed)), today)
        return database.read_bytes()


def write_planned(folder: Path, today: date, **changed: str) -> Path:
    """The database of a closed workspace of Ana's with a company and its first plan.

    Parameters
    ----------
    changed : files with another content, as in `write_company`.
    """
    database = write_imported(folder, today, "Ana", **changed)
    with Workspace.open(database, "Ana") as opened:
        plan_workspace(opened, today)
    return database
