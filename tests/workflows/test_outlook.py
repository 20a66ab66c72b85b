"""The outlook: the forecast that holds, what is netted of it, and that a plan counts the same."""

import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.domain.assume import complete
from planning.errors import NothingToPlanError
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from planning.workflows.forecasting import forecast_payload, forecast_task, save_result
from planning.workflows.jobs import JobRunningError
from planning.workflows.outlook import Outlooks, outlook_of
from tests.builders.company import FILES, write_company
from tests.builders.outlooks import a_demand_network, a_forecast, an_outlook, own_forecast

TODAY = date(2026, 11, 23)
UNITS = ("forecast", "by_orders", "by_deals", "left", "deals", "expected", "unreachable", "confirmed")

#: Twelve weeks of demand up to the week before the plan; 0002 in Portugal is forecast and not ordered.
HISTORY = "date,product,market,quantity\n" + "".join(
    f"{TODAY - timedelta(weeks=weeks)},0001,uk,{20 + weeks % 3}\n"
    f"{TODAY - timedelta(weeks=weeks)},0002,pt,{4 + weeks % 2}\n"
    for weeks in range(1, 13)
)
DEALS = """opportunity_id,stage,probability,product,market,quantity,expected_date
OP-1,quoted,0.5,0001,uk,6,2026-12-18
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace" / "takt.duckdb")


def totals(netted: pl.DataFrame) -> dict[str, float]:
    return {name: round(netted[name].sum(), 6) for name in UNITS}


def test_orders_and_deals_take_from_the_forecast_and_the_override_stands() -> None:
    """112 forecast, 15 taken by the order, 4 by the half deal, which counts 4: 97 expected."""
    assert totals(an_outlook().netted) == {
        "forecast": 112,
        "by_orders": 15,
        "by_deals": 4,
        "left": 93,
        "deals": 4,
        "expected": 97,
        "unreachable": 17,
        "confirmed": 19,
    }


def test_a_plan_made_from_the_same_data_counts_the_same_demand(workspace: Workspace, tmp_path: Path) -> None:
    company = write_company(tmp_path / "company", history=HISTORY, opportunities=DEALS)
    import_folder(workspace, company, TODAY)
    plan_workspace(workspace, TODAY)
    network, plan = workspace.load_network(TODAY), workspace.load_plan()
    assert network is not None
    assert plan is not None
    outlook = outlook_of(complete(network), workspace.load_forecast())
    workspace.close()

    assert outlook is not None
    assert outlook.up_to_date
    key = ["product", "market", "week"]
    both = plan["demand"].join(outlook.netted, on=key, how="full", coalesce=True, suffix="_netted")
    both = both.fill_null(0.0)
    assert both["expected"].sum() > 100
    assert both["unreachable"].sum() > 0
    for units in ("confirmed", "expected", "unreachable"):
        assert both[f"{units}_netted"].to_list() == pytest.approx(both[units].to_list(), abs=1e-6)


def test_a_network_with_a_forecast_of_its_own_shows_that_one() -> None:
    network = a_demand_network(forecast=own_forecast(), overrides=[])
    outlook = outlook_of(network, a_forecast())
    assert outlook is not None
    assert outlook.stored is None
    assert outlook.up_to_date
    assert outlook.netted["forecast"].sum() == pytest.approx(7 * 6)


def test_there_is_no_outlook_before_the_first_forecast() -> None:
    assert outlook_of(a_demand_network(), None) is None


def test_a_forecast_of_other_data_or_other_weeks_is_out_of_date() -> None:
    outlook = outlook_of(a_demand_network(), a_forecast(input_hash="c" * 64))
    assert outlook is not None
    assert not outlook.up_to_date
    made = a_forecast()
    later = a_demand_network()
    policy = later.policy
    moved = type(later)(
        **vars(later)
        | {"policy": type(policy)(**vars(policy) | {"start_week": policy.start_week + timedelta(7)})}
    )
    outlook = outlook_of(moved, made)
    assert outlook is not None
    assert not outlook.up_to_date


def test_overrides_are_told_apart_from_what_they_replace() -> None:
    outlook = an_outlook()
    one = (pl.col("product") == "P") & (pl.col("market") == "M")
    assert outlook.network["forecast"].filter(one)["quantity"].to_list() == [10, 10, 10, 10, 10, 20]
    assert outlook.without_overrides.filter(one)["quantity"].to_list() == [10] * 6


def test_the_outlook_is_worked_out_once_for_a_network_and_a_forecast() -> None:
    outlooks, network, forecast = Outlooks(), a_demand_network(), a_forecast()
    first = outlooks.of(network, forecast)
    assert outlooks.of(network, forecast) is first
    assert outlooks.of(network, a_forecast(number=8)) is not first
    assert outlooks.of(a_demand_network(input_hash="d" * 64), forecast) is not first


def test_a_forecast_job_is_made_from_the_network_that_holds_and_counts_its_series(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", history=HISTORY), TODAY)
    payload = forecast_payload(workspace, TODAY)
    stages: list[str] = []
    result = forecast_task(payload, lambda progress: stages.append(progress.stage), lambda: False)
    assert save_result(workspace, result) == "Forecast of 5 series is ready."
    stored = workspace.load_forecast()
    workspace.close()
    assert stored is not None
    assert stored.input_hash == payload.input_hash
    assert "Forecasting: 5 of 5 series" in stages


def test_what_cannot_be_forecast_is_told_in_words(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NothingToPlanError, match="Import a network"):
        forecast_payload(workspace, TODAY)
    own = "product,market,week,quantity\n0001,uk,2026-11-30,5\n"
    import_folder(workspace, write_company(tmp_path / "own", forecast=own), TODAY)
    with pytest.raises(NothingToPlanError, match=r"forecast\.csv takes the place"):
        forecast_payload(workspace, TODAY)
    nobody = FILES["orders"].splitlines()[0] + "\n"
    import_folder(workspace, write_company(tmp_path / "empty", orders=nobody), TODAY)
    with pytest.raises(NothingToPlanError, match="neither history nor an order"):
        forecast_payload(workspace, TODAY)
    workspace.close()


def test_the_desk_has_a_forecast_made_once_at_a_time_and_shows_the_newest(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", history=HISTORY), TODAY)
    desk = Desk(workspace)
    try:
        assert desk.outlook() is None
        desk.start_forecast()
        with pytest.raises(JobRunningError, match="A forecast is under way already"):
            desk.start_forecast()
        assert ended(desk) == "Forecast of 5 series is ready."
        outlook, forecast = desk.outlook(), desk.forecast()
        assert outlook is not None
        assert forecast is not None
        assert outlook.stored is forecast
        assert outlook.up_to_date
        assert desk.outlook() is outlook
        desk.start_forecast()
        assert ended(desk) == "The forecast stands: nothing it was made of has changed."
        assert desk.forecast() is forecast

        grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0001,uk,10,Dee,40\n"
        import_folder(workspace, write_company(tmp_path / "company", orders=grown), TODAY)
        outrun = desk.outlook()
        assert outrun is not None
        assert not outrun.up_to_date
        assert outrun.netted["by_orders"].sum() > outlook.netted["by_orders"].sum()
    finally:
        desk.close()


def ended(desk: Desk) -> str:
    """What the work under way ends with."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        job = desk.job()
        if job is not None and not job.is_active:
            return job.message
        time.sleep(0.05)
    raise AssertionError("still at work after 90 s")
