"""import, forecast, plan, export and demo: on the workspace, and while somebody else has it."""

import json
import os
from pathlib import Path

import pytest

from planning.store import Workspace
from tests.builders.company import write_company
from tests.command_line.commands import EXPORTED, Run, Takt, spoiled, takt_process


def test_a_workspace_is_filled_forecast_planned_and_exported(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "deep" / "takt.duckdb")
    assert takt("import", network, *on).out.startswith(
        "Import 1 (network): imported.\n17 rows read: 17 loaded"
    )
    assert "4 series forecast." in takt("forecast", *on).out
    planned = takt("plan", *on)
    assert planned.code == 0
    assert "violations: 0" in planned.out
    assert "Forecasting" not in planned.err, "the forecast of these data is there already"
    said = takt("export", *on, "--out", tmp_path / "out", "--json")
    assert json.loads(said.out) == {"version": 1, "out": str(tmp_path / "out")}
    assert takt("check", network, tmp_path / "out").out == "violations: 0\n"

    head = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert head["version"] == 1
    assert head["ledger"]["count"] == 3, "import, forecast, plan"
    assert takt("plan", *on).code == 0
    assert json.loads(takt("export", *on, "--out", tmp_path / "out", "--json").out)["version"] == 2
    assert takt("export", *on, "--out", tmp_path / "out", "--version", 1).out.startswith(
        "Plan v1 written to "
    )


def test_the_workspace_gives_the_plan_of_the_folder(
    takt: Takt, network: Path, for_machines: Run, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    takt("plan", *on)
    takt("export", *on, "--out", tmp_path / "out")
    for name in EXPORTED - {"plan.json"}:
        assert (tmp_path / "out" / name).read_bytes() == (for_machines.out / name).read_bytes(), name


def test_the_same_import_again_changes_nothing(takt: Takt, network: Path, tmp_path: Path) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb", "--json")
    first, second = (json.loads(takt("import", network, *on).out) for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("imported", "unchanged")
    assert first["batch"] == second["batch"]


def test_an_import_that_is_refused_leaves_the_workspace_as_it_was(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    broken = spoiled(tmp_path / "broken", {"offers": None})
    said = takt("import", broken, *on)
    assert (said.code, said.out) == (2, "")
    assert "offers.csv: is missing" in said.err
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        assert workspace.imports().height == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [("forecast", "Import a network folder first"), ("plan", "Import a network folder first"),
     ("export", "There is no plan yet")],
)  # fmt: skip
def test_an_empty_workspace_says_what_to_do_first(
    command: str, words: str, takt: Takt, tmp_path: Path
) -> None:
    arguments = [command, "--workspace", tmp_path / "takt.duckdb"]
    said = takt(*arguments, *(["--out", tmp_path / "out"] if command == "export" else []))
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (tmp_path / "out").exists()


def test_the_demo_is_loaded_and_planned_once(
    takt: Takt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_company(tmp_path / "data" / "demo")
    monkeypatch.setenv("TAKT_DATA_FOLDER", str(tmp_path / "data"))
    first = takt("demo", "--workspace", tmp_path / "takt.duckdb", "--json")
    assert json.loads(first.out)["version"] == 1
    again = takt("demo", "--workspace", tmp_path / "takt.duckdb", "--json")
    assert again.out == first.out
    assert again.err == "", "nothing is planned a second time"


def test_while_the_app_has_the_workspace_it_says_so_and_run_still_works(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    database = tmp_path / "takt.duckdb"
    with Workspace.open(database):
        said = takt_process("import", network, "--workspace", database)
        assert (said.code, said.out) == (2, "")
        assert f"in use by process {os.getpid()}" in said.err
        assert "python -m planning run" in said.err
        assert takt("run", network, "--out", tmp_path / "out").code == 0
    assert takt("import", network, "--workspace", database).code == 0
