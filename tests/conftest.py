"""What every test may ask for: the checkout, the shared data, a browser; and how hypothesis searches."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from setup.browser import REMEDY, find_browser

ROOT = Path(__file__).resolve().parent.parent
BROWSER = ROOT / "tests" / "browser"

# Two busy cores make any deadline a matter of luck; derandomised, a red CI run is red here as well.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile(
    "desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run in several processes, one takes a whole file: what its tests share is made once.

    All of the browser's files go together, for their servers, and first: they are the longest piece.
    """
    items.sort(key=lambda item: item.path.parent != BROWSER)
    for item in items:
        together = BROWSER if item.path.parent == BROWSER else item.path
        item.add_marker(pytest.mark.xdist_group(together.relative_to(ROOT).as_posix()))


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
