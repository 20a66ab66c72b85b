"""A workspace for one test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning.store import Workspace


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file of a workspace nothing was put into; not to be written to."""
    database = tmp_path_factory.mktemp("empty") / "takt.duckdb"
    Workspace.open(database).close()
    return database


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """The closed file of an empty workspace of the test's own."""
    return Path(shutil.copy(empty_database, tmp_path))


@pytest.fixture
def workspace(database: Path) -> Iterator[Workspace]:
    """An empty workspace, closed at the end."""
    with Workspace.open(database) as opened:
        yield opened
