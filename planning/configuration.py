"""How this installation of Takt is set up: where it listens, where it keeps its data, what it may use."""

import difflib
import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from planning.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "takt.toml"
VARIABLE_PREFIX = "TAKT_"
NOT_SETTINGS = ("TAKT_CONFIG", "TAKT_PYTHON", "TAKT_BROWSER", "TAKT_SHARED_DATA")

_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
_RANGES = {
    "port": (1, 65_535),
    "max_upload_mb": (1, 10_000),
    "threads": (1, 256),
    "cores": (1, 256),
    "backups_kept": (2, 1000),
}


@dataclass(frozen=True)
class Configuration:
    """One installation's settings; docs/configuration.md explains each to its administrator.

    Parameters
    ----------
    host, port : where the app listens.
    data_folder : holds the demo company and the templates.
    workspace : holds what planners import and plan.
    database : the workspace's DuckDB file.
    backups : where backups of the workspace are kept.
    backups_kept : how many of them are; the oldest go first.
    open_browser : whether `make run` opens the app where there is a desktop.
    max_upload_mb : largest file a planner may upload, in MB.
    threads : of the solver; a plan repeats exactly for the same number only.
    solver : HiGHS, or another that PuLP finds; which are there is known when planning starts.
    cores : that one plan or forecast may keep busy; all it may run on by default.
    cluster : address of a Dask scheduler whose workers do what a plan can have done beside it; none when
        empty.
    planner : by whom the ledger says things were done; the name this process runs under by default.
    """

    host: str
    port: int
    data_folder: Path
    workspace: Path
    database: Path
    backups: Path
    backups_kept: int
    open_browser: bool
    max_upload_mb: int
    threads: int
    solver: str
    cores: int
    cluster: str
    planner: str


@dataclass(frozen=True)
class _Entry:
    """One value as somebody wrote it: where it stands, and the folder its relative paths start from."""

    origin: str
    value: object
    folder: Path

    def refuse(self, wanted: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self.origin} = {self.value!r}: expected {wanted}. Correct it or take it out."
        )


def read_configuration(environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Configuration:
    """Read the settings: environment before settings file before defaults.

    Parameters
    ----------
    environment : the variables to read, the process's own when None. `TAKT_CONFIG` names the settings
        file; without it `takt.toml` in `root` is read where it exists.
    root : the checkout, where default paths start. Paths in the settings file start from its folder,
        paths in the environment from the working directory.

    Raises
    ------
    ConfigurationError
        Names the variable, or file and key, the value, and what to do.
    """
    variables = os.environ if environment is None else environment
    entries = _file_entries(variables, root) | _environment_entries(variables)
    data_folder = _path(entries, "data_folder", root / "data")
    workspace = _path(entries, "workspace", data_folder / "workspace")
    return Configuration(
        host=_text(entries, "host", "127.0.0.1"),
        port=_count(entries, "port", 8501),
        data_folder=data_folder,
        workspace=workspace,
        database=_path(entries, "database", workspace / "takt.duckdb"),
        backups=_path(entries, "backups", workspace / "backups"),
        backups_kept=_count(entries, "backups_kept", 10),
        open_browser=_switch(entries, "open_browser", default=True),
        max_upload_mb=_count(entries, "max_upload_mb", 200),
        threads=_count(entries, "threads", 1),
        solver=_text(entries, "solver", "HiGHS"),
        cores=_count(entries, "cores", _own_cores()),
        cluster=_text(entries, "cluster", ""),
        planner=_text(entries, "planner", _own_name()),
    )


def _own_name() -> str:
    """The name this process runs under; "planner" where the system knows none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "planner"


def _own_cores() -> int:
    """Cores this process may run on, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def setting_names() -> tuple[str, ...]:
    """Return the keys of the settings file; in the environment they are written `TAKT_` + upper case."""
    return tuple(field.name for field in fields(Configuration))


def variable_name(setting: str) -> str:
    """Return the environment variable of a setting, e.g. `TAKT_PORT`."""
    return VARIABLE_PREFIX + setting.upper()


def _file_entries(variables: Mapping[str, str], root: Path) -> dict[str, _Entry]:
    named = variables.get("TAKT_CONFIG", "")
    path = Path(named).absolute() if named else root / SETTINGS_FILE
    if not named and not path.exists():
        return {}
    settings = _toml(path)
    for key in settings:
        if key not in setting_names():
            raise ConfigurationError(
                f"{path}, key {key}: there is no such setting. The settings are {', '.join(setting_names())}."
            )
    return {key: _Entry(f"{path}, key {key}", value, path.parent) for key, value in settings.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"TAKT_CONFIG names {path}, which does not exist. Create it or unset TAKT_CONFIG."
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"The settings file {path} cannot be read: {error.strerror}. Make it a readable file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The settings file {path} is not TOML in UTF-8: {error}. Correct it there."
        ) from error


def _environment_entries(variables: Mapping[str, str]) -> dict[str, _Entry]:
    known = {variable_name(name): name for name in setting_names()}
    for variable in sorted(variables):
        # Only what looks like a slip is refused: orchestrators set TAKT_* variables of their own.
        if variable.startswith(VARIABLE_PREFIX) and variable not in known and variable not in NOT_SETTINGS:
            meant = difflib.get_close_matches(variable, [*known, *NOT_SETTINGS], n=1, cutoff=0.85)
            if meant:
                raise ConfigurationError(
                    f"{variable} = {variables[variable]!r}: there is no such variable. "
                    f"Did you mean {meant[0]}? Rename or unset it."
                )
    return {
        name: _Entry(variable, variables[variable], Path.cwd())
        for variable, name in known.items()
        if variables.get(variable, "") != ""
    }


def _text(entries: Mapping[str, _Entry], setting: str, default: str) -> str:
    entry = entries.get(setting)
    if entry is None:
        return default
    if not isinstance(entry.value, str) or not entry.value.strip():
        raise entry.refuse("a text")
    return entry.value.strip()


def _path(entries: Mapping[str, _Entry], setting: str, default: Path) -> Path:
    entry = entries.get(setting)
    if entry is None:
        return default
    if not isinstance(entry.value, str) or not entry.value.strip():
        raise entry.refuse("a path")
    return entry.folder / Path(entry.value.strip()).expanduser()


def _count(entries: Mapping[str, _Entry], setting: str, default: int) -> int:
    entry = entries.get(setting)
    if entry is None:
        return default
    low, high = _RANGES[setting]
    digits = str(entry.value).strip()
    # True is an int to Python, and 1_0 an int to int(): neither is a number an administrator wrote.
    if isinstance(entry.value, bool | float) or not (digits.isascii() and digits.isdecimal()):
        raise entry.refuse(f"a whole number from {low} to {high}")
    if not low <= int(digits) <= high:
        raise entry.refuse(f"a whole number from {low} to {high}")
    return int(digits)


def _switch(entries: Mapping[str, _Entry], setting: str, *, default: bool) -> bool:
    entry = entries.get(setting)
    if entry is None:
        return default
    word = str(entry.value).strip().lower()
    if word not in _YES | _NO:
        raise entry.refuse("true or false")
    return word in _YES
