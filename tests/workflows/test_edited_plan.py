"""A plan edited in a spreadsheet comes back as differences, is checked, and holds once accepted."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import InputError
from planning.export import plan_files, plan_workbook
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.edited_plan import read_edited
from planning.workflows.planning_run import save_result
from planning.workflows.scenarios import make_scenario_plan
from tests.builders.workspaces import write_planned

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company with a plan; to be copied."""
    return write_planned(tmp_path_factory.mktemp("planned"), TODAY)


@pytest.fixture
def desk(planned_once: Path, tmp_path: Path) -> Iterator[Desk]:
    with Workspace.open(Path(shutil.copy(planned_once, tmp_path)), "Ana") as opened:
        yield Desk(opened)


@pytest.fixture
def plan(desk: Desk) -> Plan:
    shown = desk.plan()
    assert shown is not None
    return shown


@pytest.fixture
def network(desk: Desk) -> Network:
    held = desk.network()
    assert held is not None
    return held


def production(plan: Plan, **edited: pl.Expr) -> pl.DataFrame:
    return plan["production"].filter(pl.col("quantity") > 0).with_columns(**edited)


def test_a_plan_nobody_edited_comes_back_without_a_difference(plan: Plan, network: Network) -> None:
    files = plan_files(plan) | {"plan.xlsx": plan_workbook(plan)}
    for name in ("production.csv", "schedule.csv", "plan.xlsx"):
        assert read_edited(plan, network, name, files[name]).differences.is_empty(), name


def test_semicolons_and_decimal_commas_say_the_same(plan: Plan, network: Network) -> None:
    rows = production(plan).with_columns(
        pl.col("quantity").round(1).cast(pl.String).str.replace(".", ",", literal=True),
        pl.col("week").dt.strftime("%d.%m.%Y"),
    )
    table = rows.write_csv(separator=";").encode()
    assert read_edited(plan, network, "production.csv", table).differences.is_empty()


def test_more_of_a_run_becomes_a_pin_and_less_is_told_only(plan: Plan, network: Network) -> None:
    first, *_ = plan["production"].filter(pl.col("quantity") > 0).sort("week").rows(named=True)
    here = (pl.col("routing") == first["routing"]) & (pl.col("week") == first["week"])
    more = production(plan, quantity=pl.col("quantity") + pl.when(here).then(3).otherwise(-1))
    edited = read_edited(plan, network, "production.csv", more.write_csv().encode())
    assert edited.differences.height == more.height
    (pin,) = edited.changes
    assert pin.values["quantity_left"] == first["quantity"] + 3
    assert pin.values["status"] == "pinned"


def test_a_run_taken_out_is_edited_to_nothing(plan: Plan, network: Network) -> None:
    rest = production(plan).slice(1)
    edited = read_edited(plan, network, "production.csv", rest.write_csv().encode())
    assert edited.differences["edited"].to_list() == [0.0]
    assert list(edited.changes) == []


def test_an_edit_is_checked_as_a_scenario_and_pinned_only_when_accepted(
    desk: Desk, plan: Plan, network: Network
) -> None:
    """A later run is asked for a week sooner, inside the firm weeks' limit on what is sold."""
    run = plan["production"].filter(pl.col("quantity") > 0).sort("week").row(-1, named=True)
    week = plan["production"]["week"].min()
    sooner = production(
        plan, week=pl.when(pl.col("week") == run["week"]).then(pl.lit(week)).otherwise("week")
    )
    edited = read_edited(plan, network, "production.csv", sooner.write_csv().encode())
    assert edited.changes
    desk.scenarios.duplicate("edited")
    desk.scenarios.change("edited", edited.changes, on=0)
    assert desk.network() is network, "nothing holds yet"
    result = make_scenario_plan(desk.scenarios.payload("edited"))
    assert result.plan.summary["checker"]["violations"] == 0
    made = result.plan["production"].filter(week=week, routing=run["routing"])["quantity"].sum()
    asked = sum(float(str(pin.values["quantity_left"])) for pin in edited.changes)
    assert made >= asked or result.plan.summary["relaxed"]
    save_result(desk._workspace, result)
    desk.scenarios.promote("edited", "the factory lead asked for it")
    held = desk.network()
    assert held is not None
    assert set(held["firm_work"]["status"]) == {"pinned"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("leeds,9999,2026-11-30,4", "the plan makes nothing by this routing"),
        ("leeds,0001/printer,2026-12-01,4", "is not the Monday of a week"),
        ("leeds,0001/printer,2036-12-01,4", "is not a week of plan v1"),
        ("leeds,0001/printer,2026-11-30,many", "is not a number of units"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_line(
    plan: Plan, network: Network, row: str, why: str
) -> None:
    table = f"factory,routing,week,quantity\n{row}\n".encode()
    with pytest.raises(InputError, match=rf"edited\.csv line 2.*{why}"):
        read_edited(plan, network, "edited.csv", table)


def test_a_number_that_can_be_read_two_ways_is_asked_about(plan: Plan, network: Network) -> None:
    table = b"factory;routing;week;quantity\nleeds;0001/printer;2026-11-30;1.234\n"
    with pytest.raises(InputError, match="can be read two ways"):
        read_edited(plan, network, "edited.csv", table)


def test_a_file_that_is_no_plan_is_refused(plan: Plan, network: Network) -> None:
    with pytest.raises(InputError, match="neither production nor schedule"):
        read_edited(plan, network, "orders.csv", b"order_id,quantity\n1,2\n")
