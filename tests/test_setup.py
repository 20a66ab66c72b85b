"""The set-up room: pins, the Python that make finds, browser and office, serving, the self-hosted font."""

import os
import re
import socket
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planning.configuration import ROOT, Configuration, read_configuration, variable_name
from planning.errors import ConfigurationError
from setup import browser, demo_day, office, screenshots, serve

# The pins fit the project


def pins(path: Path) -> dict[str, str]:
    lines = (line.partition(";")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


@pytest.fixture
def project(repo_root: Path) -> dict[str, list[str]]:
    declared = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "requirements.txt": declared["dependencies"],
        "requirements-dev.txt": declared["dependencies"] + declared["optional-dependencies"]["dev"],
    }


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_declared_dependency_is_pinned_within_its_range(
    file: str, project: dict[str, list[str]], repo_root: Path
) -> None:
    pinned = pins(repo_root / file)
    for declared in map(Requirement, project[file]):
        version = pinned.get(canonicalize_name(declared.name))
        assert version is not None, f"{declared.name} is not pinned in {file}: run make requirements"
        assert declared.specifier.contains(version), f"{declared} is pinned to {version}"


def test_development_runs_on_the_very_versions_planners_run_on(repo_root: Path) -> None:
    assert pins(repo_root / "requirements.txt").items() <= pins(repo_root / "requirements-dev.txt").items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_name_no_place_of_one_machine(file: str, repo_root: Path) -> None:
    text = (repo_root / file).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|\s@\s|/", text)


# The Python that make finds


def fake_python(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def find_python(repo_root: Path, home: Path, *folders: Path, **more: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(folder) for folder in folders)
    return subprocess.run(
        ["/bin/sh", str(repo_root / "setup" / "find_python.sh")],
        env={"PATH": path, "HOME": str(home), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def essentials(tmp_path: Path) -> Path:
    """A PATH with nothing but what the script itself needs, so that no Python of this machine is on it."""
    folder = tmp_path / "essentials"
    folder.mkdir()
    for name in ("cat", "sh"):
        (folder / name).symlink_to(f"/bin/{name}")
    return folder


SHIM = "echo 'pyenv: command not found' >&2; exit 127"
THIS_PYTHON = f'exec "{sys.executable}" "$@"'


def test_a_shim_that_does_not_run_is_passed_over(repo_root: Path, tmp_path: Path, essentials: Path) -> None:
    fake_python(tmp_path / "shims", "python3.14", SHIM)
    real = fake_python(tmp_path / "bin", "python3.13", THIS_PYTHON)
    found = find_python(repo_root, tmp_path, tmp_path / "shims", tmp_path / "bin", essentials)
    assert (found.returncode, found.stdout.strip()) == (0, str(real))


def test_an_old_default_python_sends_the_search_to_pyenv(
    repo_root: Path, tmp_path: Path, essentials: Path
) -> None:
    fake_python(tmp_path / "bin", "python3", "exit 1")  # what 3.11 answers to: are you 3.12?
    real = fake_python(tmp_path / ".pyenv" / "versions" / "3.12.1" / "bin", "python3", THIS_PYTHON)
    found = find_python(repo_root, tmp_path, tmp_path / "bin", essentials)
    assert (found.returncode, found.stdout.strip()) == (0, str(real))


def test_uv_is_asked_last(repo_root: Path, tmp_path: Path, essentials: Path) -> None:
    real = fake_python(tmp_path / "uv-python", "python3.13", THIS_PYTHON)
    fake_python(
        tmp_path / "bin",
        "uv",
        f'case "$2" in install) touch "{tmp_path}/brought";; '
        f'find) [ -e "{tmp_path}/brought" ] && echo "{real}";; esac',
    )
    (essentials / "touch").symlink_to("/bin/touch")
    found = find_python(repo_root, tmp_path, tmp_path / "bin", essentials)
    assert (found.returncode, found.stdout.strip()) == (0, str(real))


def test_without_any_python_the_message_says_how_to_get_one(
    repo_root: Path, tmp_path: Path, essentials: Path
) -> None:
    found = find_python(repo_root, tmp_path, essentials)
    assert (found.returncode, found.stdout) == (1, "")
    assert "needs Python 3.12" in found.stderr
    assert "apt-get install python3" in found.stderr


def test_a_named_python_that_is_too_old_is_told_not_replaced(
    repo_root: Path, tmp_path: Path, essentials: Path
) -> None:
    old = fake_python(tmp_path / "old", "python3", "exit 1")
    fake_python(tmp_path / "bin", "python3.13", THIS_PYTHON)
    found = find_python(repo_root, tmp_path, tmp_path / "bin", essentials, TAKT_PYTHON=str(old))
    assert found.returncode == 1
    assert f"TAKT_PYTHON is {old}" in found.stderr


# The browser the tests drive


def test_a_named_browser_that_does_not_start_is_not_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stub = fake_python(tmp_path, "chromium-browser", "echo 'install the snap' >&2; exit 1")
    monkeypatch.setenv("TAKT_BROWSER", str(stub))
    assert browser.main() == 1
    assert "TAKT_BROWSER" in capsys.readouterr().err


def test_the_first_browser_that_starts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAKT_BROWSER", raising=False)
    fake_python(tmp_path, "chromium", "exit 1")
    real = fake_python(tmp_path, "google-chrome", "echo Google Chrome 156.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find_browser() == real


def fresh_machine(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, root: bool, apt_brings: str
) -> Callable[[], str]:
    """A machine without a browser, an apt-get that leaves `apt_brings` on the PATH; returns its log."""
    for name in ("sh", "cat", "chmod"):
        (folder / name).symlink_to(f"/bin/{name}")
    log, brought = folder / "log", folder / "chromium"
    fake_python(
        folder,
        "apt-get",
        f'echo "apt-get $*" >>"{log}"\n[ "$1" = install ] || exit 0\n'
        f'printf "#!/bin/sh\\n{apt_brings}\\n" >"{brought}" && chmod +x "{brought}"',
    )
    # asked where Playwright's browser is, it knows of none; told to install one, it fails
    fake_python(folder, "python", f'[ "$1" = -c ] && exit 1; echo "python $*" >>"{log}"; exit 1')
    monkeypatch.delenv("TAKT_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(folder / "no-browsers"))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    return log.read_text


def test_root_on_debian_gets_debians_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = fresh_machine(tmp_path, monkeypatch, root=True, apt_brings="echo Chromium 156")
    assert browser.main() == 0
    assert log().splitlines() == ["apt-get update -qq", "apt-get install -y -qq chromium"]


def test_others_are_sent_to_playwright_and_told_when_that_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = fresh_machine(tmp_path, monkeypatch, root=False, apt_brings="echo Chromium 156")
    assert browser.main() == 1
    assert log() == "python -m playwright install chromium\n"
    assert "TAKT_BROWSER" in capsys.readouterr().err


def test_a_browser_that_was_brought_but_does_not_start_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = fresh_machine(tmp_path, monkeypatch, root=True, apt_brings="exit 1")
    assert browser.main() == 1
    assert log().splitlines()[-1] == "python -m playwright install chromium"


# The office that opens exports in the tests


#: A LibreOffice that makes whatever it is asked for, and one that comes without its spreadsheet.
CALCULATES = 'while [ "$1" != --outdir ]; do shift; done; : >"$2/table.xlsx"'
WRITES_LETTERS = "exit 0"


def office_machine(folder: Path, monkeypatch: pytest.MonkeyPatch, *, root: bool, apt: str | None) -> Path:
    """A machine without an office, whose apt-get does this (None: it has none); returns apt-get's log."""
    for name in ("sh", "chmod"):
        (folder / name).symlink_to(f"/bin/{name}")
    if apt is not None:
        fake_python(folder, "apt-get", f'echo "apt-get $*" >>"{folder}/log"\n{apt}')
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(office, "MAC_APPLICATION", str(folder / "no-application"))
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    return folder / "log"


def bringing(folder: Path, script: str) -> str:
    """What apt-get does to bring an office that answers with `script`."""
    made = fake_python(folder / "archive", "soffice", script)
    return f'[ "$1" = install ] && exec /bin/cp "{made}" "{folder}/soffice"; exit 0'


def test_an_office_without_its_spreadsheet_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_machine(tmp_path, monkeypatch, root=False, apt=None)
    fake_python(tmp_path, "soffice", WRITES_LETTERS)
    assert office.find_office() is None
    calculating = fake_python(tmp_path, "libreoffice", CALCULATES)
    assert office.find_office() == calculating


def test_root_on_debian_gets_debians_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = office_machine(tmp_path, monkeypatch, root=True, apt=bringing(tmp_path, CALCULATES))
    assert office.main() == 0
    assert log.read_text().splitlines() == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui",
    ]
    assert str(tmp_path / "soffice") in capsys.readouterr().out


@pytest.mark.parametrize(("root", "apt"), [(False, "exit 0"), (True, None)], ids=["not root", "not Debian"])
def test_where_none_can_be_brought_a_sentence_says_what_to_do_and_the_tests_go_on(
    root: bool,
    apt: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = office_machine(tmp_path, monkeypatch, root=root, apt=apt)
    assert office.main() == 0
    assert not log.exists()
    assert "apt-get install libreoffice-calc-nogui" in capsys.readouterr().err


def test_an_office_that_was_to_be_brought_and_is_not_there_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office_machine(tmp_path, monkeypatch, root=True, apt=bringing(tmp_path, WRITES_LETTERS))
    assert office.main() == 1
    assert "are skipped" in capsys.readouterr().err


# The pictures of the documentation


def test_pictures_show_the_app_on_the_day_the_demos_data_speak_for(repo_root: Path) -> None:
    """Whatever day it is: what is stored, and what pages count deadlines from, is of that day."""
    look = (
        "from setup.demo_day import live_on_it\n"
        "from planning.store.clock import utc_now\n"
        "from planning.workflows import desk\n"
        "live_on_it()\n"
        "print(utc_now().date(), desk._today())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", look],
        cwd=repo_root,
        env=os.environ | {"TZ": "Europe/Lisbon"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert said.stdout.split() == ["2026-11-24", "2026-11-24"]
    assert "as_of,2026-11-24" in (demo_day.DEMO / "settings.csv").read_text(encoding="utf-8")


def test_without_a_browser_no_picture_is_promised(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screenshots, "find_browser", lambda: None)
    assert screenshots.main() == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "TAKT_BROWSER" in said.err


# Serving


def configured(**settings: object) -> Configuration:
    environment = {variable_name(name): str(value) for name, value in settings.items()}
    return read_configuration(environment, ROOT)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://localhost:9000"),
        ("::1", "http://[::1]:9000"),
    ],
)
def test_the_address_shown_is_one_a_browser_can_open(host: str, url: str) -> None:
    assert serve.address(configured(host=host, port=9000)) == url


def test_a_taken_port_is_told_before_anything_is_loaded() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port}.*TAKT_PORT"):
            serve.require_free_port(configured(port=port))


def test_no_window_is_opened_where_nobody_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not serve.has_desktop()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert serve.has_desktop()
    monkeypatch.setenv("CI", "true")
    assert not serve.has_desktop()


# What the theme asks for is here


def test_every_font_of_the_theme_is_served_by_this_machine(repo_root: Path) -> None:
    theme = tomllib.loads((repo_root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert theme["server"]["enableStaticServing"] is True
    assert theme["browser"]["gatherUsageStats"] is False
    for face in theme["theme"]["fontFaces"]:
        name = face["url"].removeprefix("app/static/")
        assert (repo_root / "pages" / "static" / name).read_bytes()[:4] == b"wOF2"
