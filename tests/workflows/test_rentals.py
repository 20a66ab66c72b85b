"""Approving rentals writes their contracts, by an import that can be undone."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.errors import NothingToPlanError
from planning.store import ChangedMeanwhileError, OutOfTurnError, Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import FILES, write_company
from tests.builders.workspaces import write_planned

TODAY = date(2026, 11, 23)
#: More than one printer can do, first for two weeks and then for one, and a cheaper rate from two units on.
BUSY = {
    "offer_tiers": "offer,from_units,weekly_rate\nflex,2,70\n",
    "orders": FILES["orders"]
    + "SO-7,2026-11-02,2026-12-18,0001,uk,400,Ada,40\nSO-8,2026-11-02,2027-01-15,0002,uk,90,Ada,60\n",
}


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company whose plan rents; to be copied."""
    return write_planned(tmp_path_factory.mktemp("planned"), TODAY, **BUSY)


@pytest.fixture
def workspace(planned_once: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The same, one's own."""
    with Workspace.open(Path(shutil.copy(planned_once, tmp_path)), "Ana") as opened:
        yield opened


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace)


def approve(workspace: Workspace) -> None:
    workspace.take_step(1, "proposed", "ready")
    workspace.take_step(1, "approved", "agreed")


def test_what_is_rented_becomes_contracts_with_dates_and_rate(workspace: Workspace, desk: Desk) -> None:
    approve(workspace)
    asked = desk.orderable(1)
    assert not asked.is_empty()
    desk.approve_rentals(1, asked["contract"].to_list())
    network, plan = desk.network(), desk.plan()
    assert network is not None
    assert plan is not None
    rents = plan["rentals"].filter(pl.col("action") == "rent")
    contracts = network["contracts"]
    assert contracts["units"].sum() == rents["units"].sum()
    assert set(contracts["status"]) == {"ordered"}
    assert sorted(contracts["on_rent_date"]) == sorted(rents["on_rent_date"])
    assert contracts["off_rent_date"].null_count() == contracts.height, "no notice is given by renting"
    for row in contracts.iter_rows(named=True):
        assert row["min_end_date"] - row["on_rent_date"] == timedelta(weeks=2)
        assert row["weekly_rate"] in {70, 90}, "the rate of the tier it is rented at"


def test_the_plan_is_not_made_stale_by_its_own_rentals(
    workspace: Workspace, desk: Desk, tmp_path: Path
) -> None:
    approve(workspace)
    desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())
    assert not desk.is_stale()
    assert desk.orderable(1)["done"].all()
    workspace.take_step(1, "published", "handed over")
    import_folder(workspace, write_company(tmp_path / "other", orders=FILES["orders"]), TODAY)
    assert desk.is_stale()


def test_rentals_may_be_ordered_one_after_the_other(workspace: Workspace, desk: Desk) -> None:
    approve(workspace)
    first, *rest = desk.orderable(1)["contract"].to_list()
    desk.approve_rentals(1, [first])
    assert desk.orderable(1).filter("done")["contract"].to_list() == [first]
    if rest:
        desk.approve_rentals(1, rest)
    assert desk.orderable(1)["done"].all()
    assert not desk.is_stale()
    with pytest.raises(NothingToPlanError, match="ordered already"):
        desk.approve_rentals(1, [first])


def test_undoing_the_import_takes_the_contracts_back(workspace: Workspace, desk: Desk) -> None:
    approve(workspace)
    receipt = desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())
    desk.uploads.undo(receipt.batch)
    network = desk.network()
    assert network is not None
    assert network["contracts"].is_empty()
    assert not desk.orderable(1)["done"].any()
    assert not desk.is_stale()


def test_the_next_plan_has_them_as_contracts_and_rents_them_no_second_time(
    workspace: Workspace, desk: Desk
) -> None:
    before = desk.plan()
    assert before is not None
    approve(workspace)
    desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())
    _, after = plan_workspace(workspace, TODAY)
    assert set(after["fleet"].filter(pl.col("source") == "contract")["id"]) == set(
        desk.orderable(1)["contract"]
    )
    assert after["rentals"].filter(pl.col("action") == "rent")["units"].sum() == 0
    costs, were = after.summary["costs"], before.summary["costs"]
    assert costs["rent"] == pytest.approx(were["rent"])
    assert (costs["mobilisation"], were["mobilisation"] > 0) == (0, True), "it is no decision any more"


def test_rentals_of_a_plan_nobody_approved_are_not_ordered(workspace: Workspace, desk: Desk) -> None:
    with pytest.raises(OutOfTurnError, match="not approved"):
        desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())
    assert workspace.imports().height == 1


def test_rentals_of_a_plan_the_data_have_outrun_are_not_ordered(
    workspace: Workspace, desk: Desk, tmp_path: Path
) -> None:
    approve(workspace)
    more = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "other", orders=more), TODAY)
    with pytest.raises(ChangedMeanwhileError, match="re-plan"):
        desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())


def test_it_is_kept_who_ordered_what(workspace: Workspace, desk: Desk) -> None:
    approve(workspace)
    desk.approve_rentals(1, desk.orderable(1)["contract"].to_list())
    last = workspace.ledger().tail(2)
    assert last["kind"].to_list() == ["import imported", "rentals ordered"]
    assert last["actor"].to_list() == ["Ana", "Ana"]
    assert workspace.verify_ledger().is_empty()
