"""Find the LibreOffice that opens exported workbooks in the tests, or bring it: `python -m setup.office`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("soffice", "libreoffice")
MAC_APPLICATION = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
PACKAGE = "libreoffice-calc-nogui"
REMEDY = (
    "No LibreOffice with its spreadsheet here: the tests that open exports in it are skipped. To have them "
    f"run, install it (Debian: apt-get install {PACKAGE}; macOS: brew install --cask libreoffice)."
)


def main() -> int:
    """Print the office's path, installing it on Debian as root; 1 only when that was tried and failed."""
    found = find_office()
    could_bring = found is None and _is_debian_root()
    if could_bring:
        found = _bring_office()
    if found is None:
        print(REMEDY, file=sys.stderr)
        return int(could_bring)
    print(f"Office for the tests: {found}")
    return 0


def find_office() -> Path | None:
    """An installed LibreOffice that opens a spreadsheet; None without one."""
    candidates = [shutil.which(name) for name in NAMES] + [MAC_APPLICATION]
    return next((Path(path) for path in candidates if path is not None and _calculates(path)), None)


def convert(office: Path | str, file: Path, to: str, out: Path) -> bool:
    """Have the office convert a file into the folder `out`, with a profile of its own; whether it did."""
    with tempfile.TemporaryDirectory(prefix="takt-office-", ignore_cleanup_errors=True) as profile:
        command = [str(office), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", to, "--outdir", str(out), str(file)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0


def _calculates(office: str) -> bool:
    # A name proves nothing here either: LibreOffice is often there without its spreadsheet.
    with tempfile.TemporaryDirectory(prefix="takt-office-") as folder:
        table = Path(folder) / "table.csv"
        table.write_text("1\n", encoding="utf-8")
        return convert(office, table, "xlsx", Path(folder)) and table.with_suffix(".xlsx").exists()


def _is_debian_root() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _bring_office() -> Path | None:
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE],
    )
    return find_office() if all(_run(command) for command in commands) else None


def _run(command: list[str]) -> bool:
    print(f"No office yet, running: {' '.join(command)}", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
