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
#: What takes longest, the longest first; any other file takes seconds.
LONGEST = (
    BROWSER,
    "tests/optimise/test_known_answers.py",
    "tests/forecast/test_shared_data.py",
    "tests/workflows/test_quick_plan.py",
    "tests/workflows/test_uploads.py",
    "tests/check/test_every_figure.py",
    "tests/workflows/test_scenarios.py",
)

#: Priority of all tests but the browser's, as `nice` counts.
BEHIND = 10

# The tests start scores of processes: each would compile anew what it imports, and so would each of pytest's.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Two busy cores make any deadline a matter of luck; derandomised, a red CI run is red here as well.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile(
    "desk", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def share(nodeid: str) -> str:
    """What a test goes with, where tests run in several processes: its file, or all of the browser's."""
    file = nodeid.split("::", maxsplit=1)[0]
    return BROWSER if file.startswith(f"{BROWSER}/") else file


class ByFile(LoadScopeScheduling):
    """Where tests run in several processes, one takes a whole file: what its tests share is made once.

    The browser's files go together: a second browser would only take the cores from the first.
    """

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: the browser's mostly waits for its servers."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """What shares tests out to processes, in the order they come in."""
    config.option.loadscopereorder = False  # the most tests are not the longest
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run in several processes, begin with what takes longest: no core is to wait for it."""
    if hasattr(config, "workerinput"):
        place = {name: number for number, name in enumerate(LONGEST)}
        items.sort(key=lambda item: place.get(share(item.nodeid), len(place)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the browser have the cores when it wants them: its journeys take longest, and mostly wait."""
    one_of_several = hasattr(item.config, "workerinput") and os.name == "posix"
    if one_of_several and share(item.nodeid) != BROWSER:
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND)


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
