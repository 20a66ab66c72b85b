"""Configuration: environment before settings file before default, faults in words, docs that agree."""

import getpass
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.configuration import (
    NOT_SETTINGS,
    ROOT,
    Configuration,
    read_configuration,
    setting_names,
    variable_name,
)
from planning.errors import ConfigurationError


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "takt.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(environment: dict[str, str], root: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(environment, root)
    return str(caught.value)


def test_an_installation_needs_no_settings(tmp_path: Path) -> None:
    assert read_configuration({}, tmp_path) == Configuration(
        host="127.0.0.1",
        port=8501,
        data_folder=tmp_path / "data",
        workspace=tmp_path / "data" / "workspace",
        database=tmp_path / "data" / "workspace" / "takt.duckdb",
        backups=tmp_path / "data" / "workspace" / "backups",
        backups_kept=10,
        open_browser=True,
        max_upload_mb=200,
        threads=1,
        solver="HiGHS",
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        cluster="",
        planner=getpass.getuser(),
    )


def test_things_are_done_by_whom_the_installation_says(tmp_path: Path) -> None:
    settings_file(tmp_path, 'planner = "Ana Lima"\n')
    assert read_configuration({}, tmp_path).planner == "Ana Lima"
    assert read_configuration({"TAKT_PLANNER": "ben"}, tmp_path).planner == "ben"


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
        if value == getpass.getuser():
            return "name of the account"
        if value == "":
            return "none"
        return str(value).lower() if isinstance(value, bool) else str(value)

    assert documented(repo_root) == {
        name: (variable_name(name), written(getattr(defaults, name))) for name in setting_names()
    } | {"cores": ("TAKT_CORES", "all there are")}


def test_the_docs_list_the_other_variables(repo_root: Path) -> None:
    text = (repo_root / "docs" / "configuration.md").read_text(encoding="utf-8")
    outside = text.split("## Variables outside the settings")[1]
    assert set(re.findall(r"^\| `(TAKT_\w+)` \|", outside, flags=re.MULTILINE)) == set(NOT_SETTINGS)
