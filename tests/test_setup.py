"""The set-up room: configuration, what the docs say of it, the pins, and the Python that make finds."""

import os
import re
import socket
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planning.configuration import (
    NOT_SETTINGS,
    ROOT,
    Configuration,
    read_configuration,
    setting_names,
    variable_name,
)
from planning.errors import ConfigurationError
from setup import browser, serve


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "takt.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(environment: dict[str, str], root: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(environment, root)
    return str(caught.value)


# Configuration: environment before file before default


def test_an_installation_needs_no_settings(tmp_path: Path) -> None:
    assert read_configuration({}, tmp_path) == Configuration(
        host="127.0.0.1",
        port=8501,
        data_folder=tmp_path / "data",
        workspace=tmp_path / "data" / "workspace",
        database=tmp_path / "data" / "workspace" / "takt.duckdb",
        open_browser=True,
        max_upload_mb=200,
        threads=2,
    )


def test_the_file_beats_the_default_and_the_environment_the_file(tmp_path: Path) -> None:
    settings_file(tmp_path, "port = 9000\nthreads = 4\n")
    configuration = read_configuration({"TAKT_PORT": "9100"}, tmp_path)
    assert (configuration.port, configuration.threads, configuration.max_upload_mb) == (9100, 4, 200)


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    settings_file(tmp_path, "port = 9000\n")
    assert read_configuration({"TAKT_PORT": "", "TAKT_CONFIG": ""}, tmp_path).port == 9000


def test_a_named_settings_file_is_read_instead(tmp_path: Path) -> None:
    settings_file(tmp_path, "port = 9000\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    named = settings_file(elsewhere, 'host = "0.0.0.0"\n')
    configuration = read_configuration({"TAKT_CONFIG": str(named)}, tmp_path)
    assert (configuration.host, configuration.port) == ("0.0.0.0", 8501)


def test_the_database_follows_the_workspace_and_the_workspace_the_data_folder(tmp_path: Path) -> None:
    moved = read_configuration({"TAKT_DATA_FOLDER": str(tmp_path / "d")}, tmp_path)
    assert moved.database == tmp_path / "d" / "workspace" / "takt.duckdb"
    workspace = read_configuration({"TAKT_WORKSPACE": str(tmp_path / "w")}, tmp_path)
    assert (workspace.data_folder, workspace.database) == (
        tmp_path / "data",
        tmp_path / "w" / "takt.duckdb",
    )


def test_relative_paths_start_where_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    etc, here = tmp_path / "etc", tmp_path / "here"
    etc.mkdir()
    here.mkdir()
    named = settings_file(etc, 'workspace = "w"\ndatabase = "w/a.duckdb"\n')
    monkeypatch.chdir(here)
    configuration = read_configuration({"TAKT_CONFIG": str(named), "TAKT_DATABASE": "b.duckdb"}, tmp_path)
    assert (configuration.workspace, configuration.database) == (etc / "w", here / "b.duckdb")


@pytest.mark.parametrize(
    ("word", "answer"),
    [("true", True), ("1", True), ("ON", True), ("no", False), ("0", False), ("Off", False)],
)
def test_a_switch_is_read_as_people_write_it(word: str, answer: bool, tmp_path: Path) -> None:
    assert read_configuration({"TAKT_OPEN_BROWSER": word}, tmp_path).open_browser is answer


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"TAKT_PORT": "http"}, ("TAKT_PORT", "'http'", "1 to 65535")),
        ({"TAKT_PORT": "0"}, ("TAKT_PORT", "'0'", "1 to 65535")),
        ({"TAKT_PORT": "65536"}, ("TAKT_PORT", "'65536'", "1 to 65535")),
        ({"TAKT_PORT": "٨٥٠١"}, ("TAKT_PORT", "1 to 65535")),
        ({"TAKT_THREADS": "2.0"}, ("TAKT_THREADS", "'2.0'", "1 to 256")),
        ({"TAKT_MAX_UPLOAD_MB": "-5"}, ("TAKT_MAX_UPLOAD_MB", "'-5'", "1 to 10000")),
        ({"TAKT_OPEN_BROWSER": "perhaps"}, ("TAKT_OPEN_BROWSER", "'perhaps'", "true or false")),
        ({"TAKT_HOST": " "}, ("TAKT_HOST", "a text")),
        ({"TAKT_PROT": "1"}, ("TAKT_PROT", "TAKT_PORT")),
        ({"TAKT_CONFIG": "nowhere.toml"}, ("TAKT_CONFIG", "nowhere.toml", "does not exist")),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_value_and_remedy(
    environment: dict[str, str], named: tuple[str, ...], tmp_path: Path
) -> None:
    message = refusal(environment, tmp_path)
    assert all(part in message for part in named), message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = true\n", ("key port", "True", "1 to 65535")),
        ("port = 8501.0\n", ("key port", "8501.0", "1 to 65535")),
        ("port = 2026-11-24\n", ("key port", "1 to 65535")),
        ("host = 8\n", ("key host", "8", "a text")),
        ("workspace = []\n", ("key workspace", "[]", "a path")),
        ('open_browser = "maybe"\n', ("key open_browser", "'maybe'", "true or false")),
        ("prot = 9000\n", ("key prot", "host, port, data_folder")),
        ("[server]\nport = 9000\n", ("key server", "host, port")),
        ("port : 9000\n", ("not TOML",)),
    ],
)
def test_a_settings_file_that_cannot_be_used_is_named_with_key_value_and_remedy(
    text: str, named: tuple[str, ...], tmp_path: Path
) -> None:
    path = settings_file(tmp_path, text)
    message = refusal({}, tmp_path)
    assert all(part in message for part in (str(path), *named)), message


def test_a_settings_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "takt.toml").write_bytes('host = "größer"\n'.encode("utf-16"))
    assert "UTF-8" in refusal({}, tmp_path)


def test_a_folder_named_as_settings_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in refusal({"TAKT_CONFIG": str(tmp_path)}, tmp_path)


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    orchestrator = {"TAKT_SERVICE_HOST": "10.0.0.1", "TAKT_PORT_8501_TCP": "tcp://10.0.0.1:8501"}
    ours = dict.fromkeys(NOT_SETTINGS[1:], "x")
    assert read_configuration(orchestrator | ours, tmp_path) == read_configuration({}, tmp_path)


@given(number=st.integers(min_value=-70_000, max_value=70_000), written=st.sampled_from(["{}", " {} "]))
def test_a_port_is_taken_as_it_stands_or_refused_never_clamped(number: int, written: str) -> None:
    environment = {"TAKT_PORT": written.format(number)}
    if 1 <= number <= 65_535:
        assert read_configuration(environment, ROOT).port == number
    else:
        with pytest.raises(ConfigurationError):
            read_configuration(environment, ROOT)


# The docs say what the code does


def documented(repo_root: Path) -> dict[str, tuple[str, str]]:
    text = (repo_root / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `([^`]*)` \| \S.*\|$", text, flags=re.MULTILINE)
    return {key: (variable, default) for key, variable, default in rows}


def test_the_docs_list_every_setting_with_its_variable_and_default(repo_root: Path, tmp_path: Path) -> None:
    defaults = read_configuration({}, tmp_path)

    def written(value: object) -> str:
        if isinstance(value, Path):
            return value.relative_to(tmp_path).as_posix()
        return str(value).lower() if isinstance(value, bool) else str(value)

    assert documented(repo_root) == {
        name: (variable_name(name), written(getattr(defaults, name))) for name in setting_names()
    }


def test_the_docs_list_the_other_variables(repo_root: Path) -> None:
    text = (repo_root / "docs" / "configuration.md").read_text(encoding="utf-8")
    outside = text.split("## Variables outside the settings")[1]
    assert set(re.findall(r"^\| `(TAKT_\w+)` \|", outside, flags=re.MULTILINE)) == set(NOT_SETTINGS)


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
