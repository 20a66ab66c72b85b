"""What every test may ask for: the checkout, the shared data, a browser; and how hypothesis searches."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from setup.browser import REMEDY, find_browser

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"

# Two busy cores make any deadline a matter of luck; derandomised, a red CI run is red here as well.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile(
    "desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


class ByFile(LoadScopeScheduling):
    """Where tests run in several processes, one takes a whole file: what its tests share is made once.

    All of the browser's files go together, for their servers.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", maxsplit=1)[0]
        return BROWSER if file.startswith(f"{BROWSER}/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: the browser's mostly waits for its servers."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """What shares tests out to processes."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of instances, networks and real series: TAKT_SHARED_DATA, else ../shared/data."""
    named = os.environ.get("TAKT_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"No shared data: {'TAKT_SHARED_DATA' if named else '../shared/data'} is not a folder")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to drive. Its absence fails a test: a journey nobody took has not passed."""
    browser = find_browser()
    if browser is None:
        pytest.fail(REMEDY)
    return browser
