"""Everything taken away: one zip of one moment, read without Takt, planning again to the same."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.scenario import DemandScaled, own_robots
from planning.errors import InputError
from planning.export import read_folder
from planning.store import Workspace
from planning.workflows.everything import everything_zip, write_everything
from planning.workflows.folders import check_export, import_folder, plan_workspace, run_folder
from tests.builders.company import FILES, write_company
from tests.builders.demand import DEMAND

TODAY = date(2026, 11, 23)
ASIDE = FILES["orders"] + "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with a published plan, a later one beside it, a scenario and a row kept aside."""
    folder = tmp_path_factory.mktemp("lived in")
    with Workspace.open(folder / "takt.duckdb", "Ana") as workspace:
        import_folder(workspace, write_company(folder / "company", orders=ASIDE, **DEMAND), TODAY)
        version, _ = plan_workspace(workspace, TODAY)
        for step in ("proposed", "approved", "published"):
            workspace.take_step(version, step, "in turn")
        plan_workspace(workspace, TODAY)
        workspace.make_scenario("more robots")
        workspace.change_scenario("more robots", [own_robots("leeds", "printer", 3), DemandScaled(0.1)], 0)
        workspace.decisions.put_off("rows", date(2026, 12, 1), "the fair")
        yield workspace


@pytest.fixture(scope="module")
def unpacked(lived_in: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("everything")
    with zipfile.ZipFile(io.BytesIO(everything_zip(lived_in, TODAY))) as archive:
        archive.extractall(out)
    return out


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_network_folder_plans_again_to_the_same(
    lived_in: Workspace, unpacked: Path, tmp_path: Path
) -> None:
    newest = lived_in.load_plan()
    assert newest is not None
    again = run_folder(unpacked / "network", tmp_path / "out", TODAY).plan
    assert again.summary["input_hash"] == newest.summary["input_hash"]
    assert again.summary["objective"] == pytest.approx(newest.summary["objective"], abs=1e-4)
    for name in ("production", "rentals", "shipments", "promises"):
        assert again[name].equals(newest[name]), name


def test_every_version_is_an_export_folder_that_reads_and_checks(lived_in: Workspace, unpacked: Path) -> None:
    for version in (1, 2):
        stored = lived_in.load_plan(version)
        assert stored is not None
        read = read_folder(unpacked / "plans" / f"v{version}")
        assert read.summary["version"] == version
        assert read["production"].height == stored["production"].height
    assert check_export(unpacked / "network", unpacked / "plans" / "v2", TODAY) == []
    assert {row["version"]: row["status"] for row in rows(unpacked / "plans" / "versions.csv")} == {
        "1": "published",
        "2": "draft",
    }
    assert "published" in {row["step"] for row in rows(unpacked / "plans" / "steps.csv")}


def test_what_is_kept_aside_tried_put_off_and_written_in_the_ledger_is_there(
    lived_in: Workspace, unpacked: Path
) -> None:
    aside = rows(unpacked / "kept-aside" / "network.csv")
    assert [(row["file"], row["value"]) for row in aside] == [("orders.csv", "9999")]
    changes = rows(unpacked / "scenarios" / "changes.csv")
    assert [row["scenario"] for row in changes] == ["more robots", "more robots"]
    assert all(row["words"] for row in changes)
    assert json.loads(changes[1]["change"])["share"] == 0.1
    assert rows(unpacked / "put-off.csv")[0]["reason"] == "the fair"
    ledger = rows(unpacked / "ledger.csv")
    head = lived_in.ledger_head()
    assert (len(ledger), ledger[-1]["hash"]) == (head.count, head.head)
    assert head.head in (unpacked / "README.txt").read_text(encoding="utf-8")
    assert pl.read_csv(unpacked / "forecast" / "newest.csv").height > 0
    assert json.loads((unpacked / "profiles.json").read_text(encoding="utf-8")) == []


def test_the_workspace_is_left_as_it_was_and_nothing_lies_beside_it(
    lived_in: Workspace, tmp_path: Path
) -> None:
    before = lived_in.ledger_head(), sorted(path.name for path in lived_in.path.parent.iterdir())
    size = write_everything(lived_in, tmp_path / "all" / "everything.zip", TODAY)
    assert size == (tmp_path / "all" / "everything.zip").stat().st_size
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["everything.zip"]
    assert before == (lived_in.ledger_head(), sorted(path.name for path in lived_in.path.parent.iterdir()))


def test_what_is_no_zip_is_left_alone(lived_in: Workspace, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is no zip"):
        write_everything(lived_in, tmp_path / "notes.txt", TODAY)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_empty_workspace_has_its_ledger_and_no_more(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        names = zipfile.ZipFile(io.BytesIO(everything_zip(workspace, TODAY))).namelist()
    assert "ledger.csv" in names
    assert not [name for name in names if name.startswith(("network/", "forecast/", "plans/v1"))]
