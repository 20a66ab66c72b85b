"""The planner's verbs on folders and on the workspace."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.errors import InputError, NothingToPlanError
from planning.export import read_folder as read_export
from planning.store import Workspace
from planning.workflows import folders
from planning.workflows.folders import (
    FolderRun,
    check_export,
    export_plan,
    import_folder,
    load_version,
    plan_workspace,
    run_folder,
    run_forecast,
)
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
UNDATED = FILES["settings"].replace("as_of,2026-11-23\n", "")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderRun, Path, Path]:
    """A folder planned, the folder, and where its export went."""
    folder = tmp_path_factory.mktemp("run")
    orders = FILES["orders"] + "SO-9,2026-11-02,2026-12-01,9999,uk,5,Ada,40\n"
    network = write_company(folder / "network", orders=orders)
    return run_folder(network, folder / "out", TODAY), network, folder / "out"


def test_a_folder_goes_in_and_a_folder_comes_out(run: tuple[FolderRun, Path, Path]) -> None:
    made, _, out = run
    written = read_export(out)
    assert written["production"].equals(made.plan["production"])
    assert written.summary["plan_id"] == made.plan.summary["plan_id"]


def test_what_went_in_was_loaded_or_kept_aside(run: tuple[FolderRun, Path, Path]) -> None:
    made, _, _ = run
    counts = {row["file"]: (row["rows_in"], row["loaded"], row["kept_aside"])
              for row in made.counts.iter_rows(named=True)}  # fmt: skip
    assert counts["orders.csv"] == (6, 5, 1)
    assert all(rows_in == loaded + kept for rows_in, loaded, kept in counts.values())
    assert made.plan["rejected_rows"]["value"].to_list() == ["9999"]


def test_the_export_just_made_has_no_violation(run: tuple[FolderRun, Path, Path]) -> None:
    _, network, out = run
    assert check_export(network, out, TODAY) == []


@pytest.mark.parametrize("overrides", [False, True], ids=["model's forecast", "with overrides on top"])
def test_the_check_needs_neither_the_day_nor_the_forecast_of_the_plan(
    overrides: bool, tmp_path: Path
) -> None:
    """Weeks later, from the files alone, where settings.csv leaves as_of to the clock."""
    weeks = (date(2025, 11, 24) + timedelta(weeks=n) for n in range(52))
    history = "date,product,market,quantity\n" + "".join(f"{week},0001,uk,9\n" for week in weeks)
    said = "product,market,week,quantity\n0001,uk,2026-12-14,12\n"
    files = {"settings": UNDATED, "history": history} | ({"overrides": said} if overrides else {})
    network = write_company(tmp_path / "network", **files)
    made = run_folder(network, tmp_path / "out", TODAY)
    assert float(made.plan["demand"]["expected"].sum()) > 0
    assert made.plan.summary["policy"]["as_of"] == "2026-11-23"
    assert check_export(network, tmp_path / "out", date(2027, 2, 1)) == []


def test_an_export_of_other_input_is_found_out(run: tuple[FolderRun, Path, Path], tmp_path: Path) -> None:
    _, _, out = run
    grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    (violation,) = check_export(write_company(tmp_path / "network", orders=grown), out, TODAY)
    assert "made from another network folder" in violation.message


def test_a_target_that_is_no_export_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planned(*_: object) -> None:
        raise AssertionError("nothing is to be planned")

    monkeypatch.setattr(folders, "make_plan", planned)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"mine\.txt"):
        run_folder(write_company(tmp_path / "network"), tmp_path, TODAY)


def test_an_import_is_called_after_its_folder(workspace: Workspace, tmp_path: Path) -> None:
    receipt = import_folder(workspace, write_company(tmp_path / "autumn"), TODAY)
    assert (receipt.source, receipt.outcome, receipt.rows_in) == ("autumn", "imported", 17)
    assert import_folder(workspace, tmp_path / "autumn", TODAY).outcome == "unchanged"


def test_a_folder_that_is_refused_is_not_imported(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        import_folder(workspace, write_company(tmp_path / "bad", orders="order_id\n1\n"), TODAY)
    assert workspace.imports().is_empty()
    assert workspace.network_hash() is None


def test_a_forecast_is_stored_under_the_data_it_was_made_from(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NothingToPlanError, match="Import a network folder first"):
        run_forecast(workspace, TODAY)
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    forecast = run_forecast(workspace, TODAY)
    stored = workspace.load_forecast()
    assert stored is not None
    assert stored.input_hash == workspace.network_hash()
    assert stored.forecast.methods.equals(forecast.methods)


def test_a_plan_of_the_workspace_is_that_of_the_folder(
    workspace: Workspace, run: tuple[FolderRun, Path, Path]
) -> None:
    made, network, _ = run
    import_folder(workspace, network, TODAY)
    version, plan = plan_workspace(workspace, TODAY)
    assert version == plan.summary["version"] == 1
    for name, table in made.plan.tables.items():
        assert plan[name].equals(table), name
    assert plan.summary["ledger"]["count"] == 3, "import, forecast, plan"


def test_each_version_is_exported_as_it_was_made(workspace: Workspace, tmp_path: Path) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    plan_workspace(workspace, TODAY)
    grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "company", orders=grown), TODAY)
    plan_workspace(workspace, TODAY)

    def orders_of(version: int | None) -> set[str]:
        plan = export_plan(workspace, tmp_path / "out", version)
        head = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
        assert head["version"] == plan.summary["version"] == (version or 2)
        return set(read_export(tmp_path / "out")["promises"]["order_id"])

    assert "SO-9" in orders_of(None)
    assert "SO-9" not in orders_of(1)
    assert "SO-9" in orders_of(2)


def test_a_version_that_is_not_there_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NothingToPlanError, match="no plan yet"):
        load_version(workspace)
    with pytest.raises(NothingToPlanError, match="no plan v3"):
        export_plan(workspace, tmp_path / "out", 3)
    assert not (tmp_path / "out").exists()


def test_the_stored_plan_passes_the_check_of_the_folder(workspace: Workspace, tmp_path: Path) -> None:
    network = write_company(tmp_path / "company")
    import_folder(workspace, network, TODAY)
    plan_workspace(workspace, TODAY)
    export_plan(workspace, tmp_path / "out")
    assert check_export(network, tmp_path / "out", TODAY) == []
    fleet = pl.read_csv(tmp_path / "out" / "fleet.csv")
    fleet.with_columns(units=pl.col("units") + 1).write_csv(tmp_path / "out" / "fleet.csv")
    assert check_export(network, tmp_path / "out", TODAY) != []
