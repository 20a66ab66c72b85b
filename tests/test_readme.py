"""The README tells the truth: its commands run as they are written, its tables are those of the code."""

import ast
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from planning.command_line import main
from planning.domain.schema import INPUT, REQUIRED_FILES, REQUIRED_FLEET
from planning.export.people import PEOPLE_FILES
from planning.present.help import PAGES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(title: str) -> list[list[str]]:
    """The rows of a section's table, without head and rule."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def shell_lines() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.M | re.S)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def commands() -> list[list[str]]:
    """The arguments of every `python -m planning` of the README, in order."""
    start = [".venv/bin/python", "-m", "planning"]
    return [words[3:] for line in shell_lines() if (words := shlex.split(line))[:3] == start]


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the checkout of somebody who has just begun, with the templates and no workspace."""
    templates = shutil.copytree(ROOT / "data" / "templates", tmp_path / "data" / "templates")
    # The templates' orders are of November 2026, and a test knows no other day.
    settings = "key,value\nas_of,2026-11-24\ntime_limit_seconds,30\n"
    (templates / "settings.csv").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("TAKT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run_as_they_are_written(newcomer: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = {}
    for arguments in commands():
        assert main(arguments) == 0, arguments
        said[" ".join(arguments)] = capfd.readouterr().out
    assert json.loads(said["run data/templates --out out/first --json"])["checker"] == {"violations": 0}
    assert said["check data/templates out/first"] == "violations: 0\n"
    assert "12 rows read: 12 loaded, 0 kept aside." in said["import data/templates"]
    assert (newcomer / "out" / "first" / "plan.json").exists()
    assert {"plan.json", *PEOPLE_FILES} <= {path.name for path in (newcomer / "out" / "second").iterdir()}


def test_every_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.M))
    told = {arguments[0] for arguments in commands()} | set(re.findall(r"^`(\w+)`", README, re.M))
    assert told == known


def test_the_two_commands_are_make_targets() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    told = [line.split()[1] for line in shell_lines() if line.startswith("make ")]
    assert told == ["run", "test"]
    assert set(told) <= set(targets)


def test_the_needed_files_and_columns_are_those_of_the_schema() -> None:
    rows = table("What goes in, what comes out")
    files = [re.findall(r"(\w+)\.csv", row[0]) for row in rows]
    assert [set(names) for names in files] == [*({name} for name in REQUIRED_FILES), set(REQUIRED_FLEET)]
    for names, row in zip(files, rows, strict=True):
        told = [re.findall(r"\w+", part) for part in row[2].removeprefix("or ").split("; or ")]
        assert told == [[field.name for field in INPUT[name].fields if field.required] for name in names]


def pages_of_the_app() -> list[str]:
    """Titles of the pages a planner can go to."""
    places = ast.parse((ROOT / "pages" / "places.py").read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(places)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page"
    ]
    said = [{word.arg: ast.literal_eval(word.value) for word in call.keywords} for call in calls]
    return [words["title"] for words in said if words.get("visibility") != "hidden"]


def test_the_pages_told_are_the_pages_there_are() -> None:
    assert [row[0] for row in table("Where a planner looks")] == pages_of_the_app()


def test_a_page_answers_the_question_told() -> None:
    """The one its own help begins with."""
    for title, question in table("Where a planner looks"):
        assert PAGES[title].question.startswith(f"**{question}**"), title


def test_a_newcomer_reads_it_in_two_minutes() -> None:
    prose = re.sub(r"```.*?```", "", README, flags=re.S)
    assert len(prose.split()) <= 600
