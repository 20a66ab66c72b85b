"""The house is as docs/architecture.md draws it; layers, and who imports whom in it, are import-linter's."""

import ast
import re
import subprocess
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
INSIDE = sorted(path.parent for path in (ROOT / "planning").glob("*/**/__init__.py"))
ROOMS = [*INSIDE, ROOT / "pages"]
AROUND = ("data", "setup", "bench", "tests")
LONGEST_FILE, LONGEST_FUNCTION = 400, 60

#: Libraries with a room of their own inside planning and pages; app.py serves Streamlit's pages, and a
#: benchmark speaks its protocol.
HOMED = {"streamlit", "duckdb", "pulp", "highspy", "statsforecast", "altair"}
OUTSIDE = {
    "app.py": {"streamlit"},
    "setup/serve.py": {"streamlit"},
    "bench/sessions.py": {"streamlit"},
    "bench/overhead.py": {"highspy", "pulp"},  # measures what modelling costs beside them
    "bench/coarser.py": {"highspy"},  # ways to a relaxation that no plan goes
    "bench/coarse_fleets.py": {"highspy"},
    "bench/warm.py": {"highspy"},  # counts simplex steps, which a plan does not need to know
}

#: What takes seconds to import, or belongs to a room that --help has no business in.
HEAVY = {
    "altair",
    "duckdb",
    "highspy",
    "numpy",
    "pandas",
    "polars",
    "pulp",
    "pyarrow",
    "scipy",
    "statsforecast",
    "streamlit",
}


@cache
def code() -> tuple[tuple[str, ast.Module, int], ...]:
    """Every Python file: its path, its tree, its lines."""
    inside = (sorted((ROOT / folder).rglob("*.py")) for folder in ("planning", "pages", *AROUND))
    return tuple(_read(path) for path in chain([ROOT / "app.py"], *inside))


def _read(path: Path) -> tuple[str, ast.Module, int]:
    text = path.read_text(encoding="utf-8")
    return path.relative_to(ROOT).as_posix(), ast.parse(text), len(text.splitlines())


def drawn() -> dict[str, list[str]]:
    """Room → its modules, as docs/architecture.md has them."""
    lines = re.findall(r"^\| `([\w/]+)` \| [^|]+ \| ?([^|]*)\|$", PAGE, re.M)
    return {room: re.findall(r"`(\w+)`", modules) for room, modules in lines}


def name_of(room: Path) -> str:
    """A room's name on the page: inside planning with the rooms around it, such as signals/sources."""
    return room.relative_to(ROOT / "planning").as_posix() if room in INSIDE else room.name


def modules(room: Path) -> list[str]:
    return sorted(path.stem for path in room.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_is_drawn_with_its_modules(room: Path) -> None:
    assert drawn().get(name_of(room)) == modules(room), f"docs/architecture.md, line of {name_of(room)}"


def test_every_room_drawn_is_there() -> None:
    there = {name_of(path) for path in ROOMS} | {*AROUND, "docs"}
    assert set(drawn()) == there
    assert [name for name in AROUND if not (ROOT / name).is_dir()] == []


def test_what_stands_beside_the_rooms_is_named() -> None:
    beside = PAGE.split("Beside the rooms:")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", beside)) >= set(modules(ROOT / "planning"))


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_and_its_modules_say_what_they_are_for(room: Path) -> None:
    silent = [
        path.name
        for path in room.glob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {path: lines for path, _, lines in code() if lines > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path}: {node.name}": node.end_lineno - node.lineno + 1
        for path, tree, _ in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_nothing_is_named_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert [path for path, _, _ in code() if empty & set(Path(path).with_suffix("").parts)] == []


def imports(tree: ast.Module) -> set[str]:
    """Top-level packages a module imports, late imports included."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def test_around_the_house_nobody_bypasses_its_rooms() -> None:
    """Inside planning and pages import-linter sees to it."""
    for path, tree, _ in code():
        if path.startswith(("planning/", "pages/", "tests/")):
            continue
        assert imports(tree) & HOMED <= OUTSIDE.get(path, set()), path


def run_command(*arguments: str) -> tuple[str, set[str]]:
    """What a command says, and the modules it has loaded."""
    look = (
        "import runpy, sys\n"
        "try:\n"
        "    runpy.run_module('planning', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end:\n"
        "    print(end.code, *sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", look, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    code_of_exit, *loaded = done.stderr.split()
    assert code_of_exit == "0"
    return done.stdout, set(loaded)


def test_help_comes_without_heavy_libraries() -> None:
    said, loaded = run_command("--help")
    assert "usage: python -m planning" in said
    assert "planning" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("command", [("import", "data/templates"), ("verify",), ("versions",)])
def test_who_imports_lists_or_verifies_need_not_wait_for_what_forecasts_and_plans(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    _, loaded = run_command(*command, "--workspace", str(tmp_path / "takt.duckdb"))
    assert "planning.store" in loaded
    others = {"forecast", "netting", "optimise", "schedule", "export", "present", "signals.reading"}
    assert loaded & {f"planning.{room}" for room in others} == set()
