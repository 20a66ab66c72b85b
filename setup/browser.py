"""Find the browser the tests drive, or bring one: `python -m setup.browser`, a step of `make test`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
REMEDY = (
    "The browser tests and the pictures need Chromium or Chrome, and none could be found or installed. "
    "Install one (Debian: apt-get install chromium), or set TAKT_BROWSER to its path, and run make again."
)


def main() -> int:
    """Print the browser's path; the exit code is 1 when none can be had."""
    browser = find_browser() or bring_browser()
    if browser is None:
        print(REMEDY, file=sys.stderr)
        return 1
    print(f"Browser for the tests: {browser}")
    return 0


def find_browser() -> Path | None:
    """Return an installed Chromium or Chrome that starts; TAKT_BROWSER allows no other than itself."""
    named = os.environ.get("TAKT_BROWSER")
    candidates = iter([named]) if named else _candidates()
    return next((Path(candidate) for candidate in candidates if _starts(candidate)), None)


def bring_browser() -> Path | None:
    """Install a browser, from Debian as root, else Playwright's own, and return its path."""
    if os.environ.get("TAKT_BROWSER"):
        return None
    for commands in _installations():
        if all(_run(command) for command in commands):
            browser = find_browser()
            if browser is not None:
                return browser
    return None


def _candidates() -> Iterator[str]:
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            yield path
    yield from MAC_APPLICATIONS
    yield _playwright_chromium()


#: Asked of another process: Playwright answers once per process, and the tests may be using it already.
_WHERE = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


def _playwright_chromium() -> str:
    answer = subprocess.run([sys.executable, "-c", _WHERE], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _starts(browser: str) -> bool:
    # A name proves nothing here either: Ubuntu's chromium-browser is a note about a snap.
    try:
        answer = subprocess.run([browser, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"Chrom" in answer.stdout


def _installations() -> Iterator[list[list[str]]]:
    if shutil.which("apt-get") and os.geteuid() == 0:
        yield [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def _run(command: list[str]) -> bool:
    print(f"No browser yet, running: {' '.join(command)}", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
