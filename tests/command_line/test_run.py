"""run as a planner meets it: words, exit codes, files, the same ones every time."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planning.check import Violation
from planning.command_line import main
from planning.workflows import folders, planning_run
from tests.builders.company import FILES
from tests.command_line.commands import EXPORTED, ROOT, Run, Takt

COMMANDS = ("run", "import", "forecast", "plan", "export", "check", "demo")
HEAVY = {"polars", "numpy", "pandas", "pulp", "highspy", "duckdb", "statsforecast", "streamlit", "altair"}
#: Of plan.json, what two runs on the same input may differ in.
OF_THE_RUN = {"plan_id", "created_at", "seconds", "ledger"}


def test_help_of_every_command_waits_for_no_heavy_library() -> None:
    look = (
        "import sys\n"
        "from planning.command_line import main\n"
        f"for command in {COMMANDS}:\n"
        "    try:\n"
        "        main([command, '--help'])\n"
        "    except SystemExit as end:\n"
        "        assert end.code == 0\n"
        "print(*(name for name in sys.modules if '.' not in name), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & HEAVY == set()
    assert all(f"python -m planning {command} " in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("arguments", [(), ("fly",), ("run",), ("run", "here"), ("export", "--version", "x")])
def test_a_command_that_cannot_be_understood_shows_its_usage(
    arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m planning" in capfd.readouterr().err


def test_for_machines_there_is_json_on_stdout_and_nothing_else(for_machines: Run) -> None:
    assert for_machines.said.code == 0
    told = json.loads(for_machines.said.out)
    assert told["checker"] == {"violations": 0}
    assert told["out"] == str(for_machines.out)
    assert told["files"]["orders.csv"] == {"rows_in": 5, "loaded": 5, "kept_aside": 0}
    written = json.loads((for_machines.out / "plan.json").read_text(encoding="utf-8"))
    assert {key: told[key] for key in written} == written


def test_progress_and_what_the_solver_prints_go_to_stderr(for_machines: Run, for_people: Run) -> None:
    for run in (for_machines, for_people):
        assert "HiGHS" not in run.said.out.replace('"HiGHS 1.', "")
        stages = [line.split(",")[0] for line in run.said.err.splitlines()]
        assert "Planning production and robots: a first plan" in stages
        assert any("best plan" in line and "no plan below" in line for line in run.said.err.splitlines())
        assert stages.index("Forecasting") < stages.index("Checking every rule")


def test_a_planner_reads_how_good_the_plan_is_and_what_was_assumed(for_people: Run) -> None:
    assert for_people.said.code == 0
    words = for_people.said.out
    assert words.startswith("status: optimal; cost ")
    assert "violations: 0" in words
    assert "rows kept aside: 0" in words
    assert "assumed: lanes: 4, from every factory to every market" in words


def test_the_same_input_gives_the_same_files_byte_for_byte(for_machines: Run, for_people: Run) -> None:
    first, second = for_machines.out, for_people.out
    assert {path.name for path in first.iterdir()} == {path.name for path in second.iterdir()} == EXPORTED
    for name in EXPORTED - {"plan.json"}:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    heads = [json.loads((out / "plan.json").read_text(encoding="utf-8")) for out in (first, second)]
    assert heads[0]["plan_id"] != heads[1]["plan_id"]
    assert list(heads[0]) == list(heads[1])
    assert _lasting(heads[0]) == _lasting(heads[1])


def _lasting(head: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in head.items() if key not in OF_THE_RUN})


def test_a_second_run_replaces_the_first(takt: Takt, network: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert takt("run", network, "--out", out).code == 0
    first = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert takt("run", network, "--out", out).code == 0
    second = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert first["plan_id"] != second["plan_id"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_five_files_are_enough_and_what_was_assumed_is_told(takt: Takt, tmp_path: Path) -> None:
    five = tmp_path / "five"
    five.mkdir()
    header, *rows = FILES["orders"].splitlines()
    columns = [
        header.split(",").index(name) for name in ("order_id", "due_date", "product", "market", "quantity")
    ]
    orders = "\n".join(",".join(line.split(",")[n] for n in columns) for line in [header, *rows])
    files = {
        "orders": orders + "\n",
        "routings": FILES["routings"],
        "factories": "factory,attended_hours_per_week\nleeds,40\nporto,40\n",
        "offers": "offer,robot_model,weekly_rate\nflex,printer,90\n",
        "owned": FILES["owned"],
    }
    for name, content in files.items():
        (five / f"{name}.csv").write_text(content, encoding="utf-8")
    said = takt("run", five, "--out", tmp_path / "out")
    assert said.code == 0
    assumed = "\n".join(line for line in said.out.splitlines() if line.startswith("assumed: "))
    topics = ("markets", "lanes", "robots", "products", "price", "holding cost", "lateness", "refused unit")
    assert [topic for topic in (*topics, "left over", "supervisors") if topic not in assumed] == []
    made = (tmp_path / "out" / "promises.csv").read_text(encoding="utf-8")
    assert all(order_id in made for order_id in ("SO-1", "SO-2", "SO-3", "SO-4", "0012"))


def test_a_plan_that_breaks_a_rule_is_no_plan(
    takt: Takt, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Violation("6 terms", "offer flex", 1.0, "a unit goes back too soon")
    monkeypatch.setattr(planning_run, "check", lambda *_: [wrong])
    said = takt("run", network, "--out", tmp_path / "out")
    assert (said.code, said.out) == (3, "")
    assert "a unit goes back too soon" in said.err
    assert list(tmp_path.iterdir()) == []


def test_stopping_writes_nothing(
    takt: Takt, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, "make_plan", stopped)
    said = takt("run", network, "--out", tmp_path / "out")
    assert (said.code, said.err) == (130, "Stopped; nothing has been written.\n")
    assert list(tmp_path.iterdir()) == []
