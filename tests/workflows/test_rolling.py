"""Two weeks of a small company, rolled one after the other in a workspace, and re-planned."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.plan import Plan
from planning.errors import InputError, NothingToPlanError
from planning.store import ChangedMeanwhileError, Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company with a published plan; to be copied."""
    folder = tmp_path_factory.mktemp("published")
    with Workspace.open(folder / "takt.duckdb", "Ana") as opened:
        import_folder(opened, write_company(folder / "company"), TODAY)
        plan_workspace(opened, TODAY)
        publish(opened, 1)
    return folder / "takt.duckdb"


@pytest.fixture
def workspace(published_once: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The same, one's own."""
    with Workspace.open(Path(shutil.copy(published_once, tmp_path)), "Ana") as opened:
        yield opened


def publish(workspace: Workspace, version: int) -> None:
    for step in ("proposed", "approved", "published"):
        workspace.take_step(version, step, "worked to")


def a_run(plan: Plan, week: date) -> tuple[str, str, float]:
    """Factory, routing and units of a run of the week."""
    runs = plan["production"].filter(pl.col("week") == week, pl.col("quantity") >= 2)
    return runs.select("factory", "routing", "quantity").row(0)


def test_two_weeks_roll_started_work_stays_and_the_ledger_verifies(workspace: Workspace) -> None:
    desk = Desk(workspace)
    plan = desk.plan()
    for week in (date(2026, 11, 23), date(2026, 11, 30)):
        assert plan is not None
        assert desk.rolling.week() == week
        factory, routing, units = a_run(plan, week)
        made = f"factory,routing,made,left\n{factory},{routing},{units - 2},2\n".encode()
        gone = plan["shipments"].filter(pl.col("ship_week") == week, pl.col("factory") == factory)
        product = plan["production"].filter(pl.col("routing") == routing)["product"][0]
        less = gone.filter(pl.col("product") == product).head(1).with_columns(pl.col("quantity") - 2)
        shipped = less.select("factory", "market", "product", "quantity").write_csv().encode()
        desk.rolling.roll(desk.rolling.preview({"made.csv": made, "shipped.csv": shipped}))
        network = workspace.load_network(TODAY)
        assert network is not None
        started = network["firm_work"].row(0, named=True)
        assert (started["routing"], started["quantity_left"], started["status"]) == (routing, 2, "started")
        version, after = plan_workspace(workspace, TODAY)
        first = after["production"].filter(week=network.policy.start_week, routing=routing, factory=factory)
        assert first["quantity"].sum() >= 2, "what is started is made first"
        assert after.summary["checker"]["violations"] == 0
        publish(workspace, version)
        plan = after
    assert plan is not None
    assert plan.summary["start_week"] == "2026-12-07"
    assert workspace.verify_ledger().is_empty()
    rolled = workspace.ledger().filter(pl.col("kind") == "week rolled")
    assert rolled.height == 2


def test_a_rolled_week_is_one_import_that_can_be_undone(workspace: Workspace) -> None:
    desk = Desk(workspace)
    before = workspace.network_hash()
    receipt = desk.rolling.roll(desk.rolling.preview({}))
    assert desk.is_stale(), "the next week wants a plan of its own"
    desk.uploads.undo(receipt.batch)
    assert workspace.network_hash() == before
    assert desk.rolling.week() == TODAY


def test_the_files_as_planned_brought_back_change_nothing(workspace: Workspace) -> None:
    desk = Desk(workspace)
    said = desk.rolling.preview(desk.rolling.as_planned())
    unsaid = desk.rolling.preview({})
    assert said.rolled.differed.is_empty()
    assert said.rolled.balance.equals(unsaid.rolled.balance)
    assert len(said.rolled.assumed) < len(unsaid.rolled.assumed)


def test_new_and_closed_orders_come_as_a_file(workspace: Workspace) -> None:
    desk = Desk(workspace)
    orders = "order_id,due_date,product,market,quantity,status\n"
    orders += "SO-9,2026-12-18,0003,pt,10,confirmed\nSO-4,2026-12-04,0003,pt,50,cancelled\n"
    desk.rolling.roll(desk.rolling.preview({"orders.csv": orders.encode()}))
    network = workspace.load_network(TODAY)
    assert network is not None
    states = dict(network["orders"].select("order_id", "status").iter_rows())
    assert (states["SO-9"], states["SO-4"]) == ("confirmed", "cancelled")


def test_every_row_that_will_not_do_is_named(workspace: Workspace) -> None:
    files = {
        "counted.csv": b"factory,product,quantity\nleeds,0001,3\nleeds,0001,4\n",
        "made.csv": b"factory,routing,made\nleeds,9999,many\nbrno,0001/printer,1\n",
        "notes.csv": b"a\n1\n",
    }
    desk = Desk(workspace)
    with pytest.raises(InputError, match=r"notes\.csv: its name does not say what it holds"):
        desk.rolling.preview(files)
    del files["notes.csv"]
    with pytest.raises(InputError) as refused:
        desk.rolling.preview(files)
    told = str(refused.value)
    assert "counted.csv line 2" in told
    assert "made.csv line 2, column made = 'many'" in told
    assert "made.csv line 3, column factory = 'brno': is not in factories.csv" in told


def test_a_week_is_not_rolled_on_data_somebody_changed_meanwhile(
    workspace: Workspace, tmp_path: Path
) -> None:
    desk = Desk(workspace)
    asked = desk.rolling.preview({})
    more = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "other", orders=more), TODAY)
    with pytest.raises(ChangedMeanwhileError):
        desk.rolling.roll(asked)


def test_without_a_published_plan_there_is_nothing_to_roll(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        import_folder(opened, write_company(tmp_path / "company"), TODAY)
        with pytest.raises(NothingToPlanError, match="Publish the plan"):
            Desk(opened).rolling.preview({})
