"""Scenarios: changes to the network that holds, validated like any other, solved, promoted, discarded."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.domain import scenario as say
from planning.domain.network import Network
from planning.domain.scenario import Change, DealConfirmed, DemandScaled
from planning.errors import InputError, NothingToPlanError
from planning.store import OutOfTurnError, ScenarioError, Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, run_forecast
from planning.workflows.planning_run import save_result
from planning.workflows.reproduction import reproduce, reproduction_payload
from planning.workflows.scenario_network import forecast_alike, scenario_input
from planning.workflows.scenarios import make_scenario_plan
from tests.builders.company import write_company
from tests.builders.workspaces import write_planned

TODAY = date(2026, 11, 23)
WEEK = date(2026, 12, 14)
WEEKS = 60
HISTORY = "date,product,market,quantity\n" + "".join(
    f"{date(2025, 9, 29) + timedelta(weeks=n)},0001,uk,{20 + n % 6}\n" for n in range(WEEKS)
)
OPPORTUNITIES = """opportunity_id,stage,product,market,quantity,expected_date,status,note
D-1,verbal,0003,uk,120,2026-12-18,open,ask Bela
D-2,quoted,0002,pt,60,2027-01-08,open,
"""
SHAPED = {"opportunities": OPPORTUNITIES, "products": "product,family\n0001,small\n0002,small\n0003,large\n"}
FORECAST = "product,market,week,quantity,p10,p50,p90\n" + "".join(
    f"{product},uk,{WEEK + timedelta(weeks=n)},{10 + n},5,10,20\n"
    for product in ("0001", "0003")
    for n in range(2)
)


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed workspace of a company with deals and a forecast of its own, planned; to be copied."""
    return write_planned(tmp_path_factory.mktemp("planned"), TODAY, forecast=FORECAST, **SHAPED)


@pytest.fixture
def workspace(planned_once: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The same, one's own."""
    with Workspace.open(Path(shutil.copy(planned_once, tmp_path)), "Ana") as opened:
        yield opened


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace, planner="Ana")


def scenario(desk: Desk, *changes: Change, name: str = "trial") -> None:
    desk.scenarios.duplicate(name)
    desk.scenarios.change(name, changes, on=0)


def network_with(desk: Desk, *changes: Change) -> Network:
    scenario(desk, *changes)
    payload = desk.scenarios.payload("trial")
    return scenario_input(payload.base, changes).network


def solve(workspace: Workspace, desk: Desk, name: str = "trial") -> int:
    return save_result(workspace, make_scenario_plan(desk.scenarios.payload(name)))


def test_a_confirmed_deal_is_an_order_and_no_opportunity_any_more(desk: Desk) -> None:
    network = network_with(desk, DealConfirmed("D-1", "SO-50"))
    deal = network["opportunities"].filter(opportunity_id="D-1").row(0, named=True)
    assert (deal["status"], deal["order_id"]) == ("won", "SO-50")
    order = network["orders"].filter(order_id="SO-50").row(0, named=True)
    assert (order["product"], order["market"], order["quantity"]) == ("0003", "uk", 120)
    assert (order["due_date"], order["status"]) == (date(2026, 12, 18), "confirmed")


def test_a_deal_is_lost_resized_moved_and_added(desk: Desk) -> None:
    network = network_with(
        desk,
        say.lose_deal("D-1"),
        say.resize_deal("D-2", 80.0),
        say.move_deal("D-2", date(2027, 1, 15)),
        say.add_deal("D-9", stage="verbal", product="0001", market="pt", quantity=5.0, expected_date=WEEK),
    )
    columns = ("opportunity_id", "status", "quantity", "expected_date")
    assert network["opportunities"].select(columns).rows() == [
        ("D-1", "lost", 120, date(2026, 12, 18)),
        ("D-2", "open", 80, date(2027, 1, 15)),
        ("D-9", "open", 5, WEEK),
    ]


def test_capacity_calendar_offers_and_policy_change_in_their_own_files(desk: Desk) -> None:
    network = network_with(
        desk,
        say.own_robots("leeds", "printer", 3),
        say.own_robots("porto", "printer", 1),
        say.change_factory("leeds", floor_slots=4.0, attended_hours_per_week=60.0),
        say.change_week("porto", WEEK, attended_hours=0.0),
        say.change_offer("flex", weekly_rate=75.0, min_term_weeks=4),
        say.change_offer("long", robot_model="printer", weekly_rate=40.0, min_term_weeks=26),
        say.change_setting("carbon_price_per_kg", "0.2"),
        say.change_setting("horizon_weeks", "10"),
    )
    assert network["owned"].select("factory", "robot_model", "units").rows() == [
        ("leeds", "printer", 3),
        ("porto", "mill", 1),
        ("porto", "printer", 1),
    ]
    leeds = network["factories"].filter(factory="leeds").row(0, named=True)
    assert (leeds["floor_slots"], leeds["attended_hours_per_week"], leeds["name"]) == (4, 60, "Leeds")
    assert network["calendar"].select("factory", "week", "attended_hours").rows() == [("porto", WEEK, 0)]
    offers = network["offers"].select("offer", "weekly_rate", "min_term_weeks", "vendor").rows()
    assert offers == [("flex", 75, 4, "Robora"), ("long", 40, 26, None)]
    assert (network.policy.carbon_price_per_kg, network.policy.horizon_weeks) == (0.2, 10)


def test_demand_changes_by_a_share_for_a_family_in_some_weeks_on_top_of_the_forecast(desk: Desk) -> None:
    network = network_with(desk, DemandScaled(0.2, family="large", first_week=WEEK, last_week=WEEK))
    said = network["overrides"].select("product", "market", "week", "quantity", "reason", "author").rows()
    assert said == [("0003", "uk", WEEK, 12, "scenario: demand 20.0 %", "Ana")]


def test_two_changes_of_demand_multiply(desk: Desk) -> None:
    network = network_with(desk, DemandScaled(0.5), DemandScaled(-0.2, product="0001"))
    said = dict(network["overrides"].filter(week=WEEK).select("product", "quantity").iter_rows())
    assert said == {"0001": pytest.approx(12), "0003": pytest.approx(15)}


def test_takts_own_forecast_is_kept_where_no_change_touches_it_and_made_anew_where_one_does(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "other", history=HISTORY, **SHAPED), TODAY)
    run_forecast(workspace, TODAY)
    desk = Desk(workspace)
    scenario(desk, say.change_offer("flex", weekly_rate=75.0), DemandScaled(0.1, product="0001"))
    base = desk.scenarios.payload("trial").base
    kept = scenario_input(base, desk.scenarios.find("trial").changes)
    assert not kept.made
    assert base.forecast is not None
    first = base.forecast.quantiles.filter(product="0001", market="uk").sort("week").row(0, named=True)
    said = kept.network["overrides"].filter(week=first["week"], market="uk")["quantity"].item()
    assert said == pytest.approx(1.1 * first["quantity"])
    campaign = say.run_campaign(
        "fair", "event", product="0001", market="uk", start_date=WEEK, end_date=WEEK + timedelta(days=6)
    )
    shorter = replace(base.network, policy=replace(base.network.policy, horizon_weeks=6))
    assert not forecast_alike(shorter, base.network)

    number = workspace.forecast_number()
    desk.scenarios.duplicate("fair")
    desk.scenarios.change("fair", [campaign], on=0)
    version = solve(workspace, desk, "fair")
    assert workspace.forecast_number() == number, "the network that holds keeps its own forecast"
    basis = workspace.basis(version)
    assert basis is not None
    assert basis.forecast not in {None, number}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (say.lose_deal("D-77"), "opportunities.csv has no row of opportunity_id D-77"),
        (DealConfirmed("D-77"), "D-77"),
        (say.change_offer("flex", weekly_rate=-5.0), "at least 0"),
        (say.own_robots("atlantis", "printer", 1), "atlantis"),
        (say.change_setting("horizon_weeks", "a few"), "horizon_weeks"),
        (DemandScaled(0.2, product="0002"), "no forecast to change"),
        (
            say.run_campaign("fair", "event", product="0001", start_date=WEEK, end_date=WEEK),
            "a campaign changes nothing",
        ),
    ],
)
def test_a_change_that_cannot_be_is_told_in_words(desk: Desk, change: Change, words: str) -> None:
    with pytest.raises(InputError, match=words):
        network_with(desk, change)


def test_what_a_scenario_does_not_touch_is_as_it_was(desk: Desk) -> None:
    """Columns Takt does not know are kept too: the note of a deal is still in the file."""
    scenario(desk, say.resize_deal("D-1", 90.0))
    payload = desk.scenarios.payload("trial")
    given = scenario_input(payload.base, payload.scenario.changes)
    assert list(given.differences) == ["opportunities"]
    for name in given.network.tables:
        if name != "opportunities":
            assert given.network[name].equals(payload.base.network[name]), name


def test_a_scenario_is_solved_beside_the_plan_and_leaves_it_alone(workspace: Workspace, desk: Desk) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 4))
    version = solve(workspace, desk)
    assert version == 2
    plan, other = desk.plan(), desk.scenarios.plan("trial")
    assert plan is not None
    assert other is not None
    assert (plan.summary["version"], other.summary["version"]) == (1, 2)
    assert other.summary["costs"]["rent"] < plan.summary["costs"]["rent"]
    assert not desk.is_stale()
    assert desk.previous_version() is None


def test_a_scenario_that_changes_nothing_has_the_same_plan(workspace: Workspace, desk: Desk) -> None:
    scenario(desk)
    solve(workspace, desk)
    plan, other = desk.plan(), desk.scenarios.plan("trial")
    assert plan is not None
    assert other is not None
    assert other["production"].equals(plan["production"])
    assert other.summary["input_hash"] == plan.summary["input_hash"]
    assert other.summary["objective"] == plan.summary["objective"]


def test_a_scenarios_plan_is_made_again_to_the_same_answer(workspace: Workspace, desk: Desk) -> None:
    scenario(desk, DemandScaled(0.3), say.change_offer("flex", weekly_rate=75.0))
    version = solve(workspace, desk)
    desk.scenarios.discard("trial", desk.scenarios.find("trial").revision)
    assert reproduce(reproduction_payload(workspace, version)).same


def test_promoting_lets_the_changes_hold_and_proposes_the_plan_and_can_be_undone(
    workspace: Workspace, desk: Desk
) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 2), DealConfirmed("D-1"), DemandScaled(0.5))
    solve(workspace, desk)
    proposal = desk.scenarios.promote("trial", "a second printer pays")
    plan, network = desk.plan(), desk.network()
    assert plan is not None
    assert network is not None
    assert plan.summary["version"] == proposal == 3
    assert desk.versions.status(proposal) == "proposed"
    assert not desk.is_stale(), "it was made from what holds now"
    assert network["owned"].filter(factory="leeds")["units"].item() == 2
    assert set(network["orders"]["order_id"]) >= {"D-1"}
    assert desk.scenarios.open() == []
    assert reproduce(reproduction_payload(workspace, proposal)).same

    holding = workspace.holding()
    assert holding == 2
    desk.uploads.undo(holding)
    network = desk.network()
    assert network is not None
    assert network["owned"].filter(factory="leeds")["units"].item() == 1
    assert desk.is_stale()
    assert workspace.verify_ledger().is_empty()


def test_a_scenario_is_not_promoted_unsolved_changed_since_outrun_or_without_a_reason(
    workspace: Workspace, desk: Desk, tmp_path: Path
) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 2))
    with pytest.raises(NothingToPlanError, match="no plan yet"):
        desk.scenarios.promote("trial", "why not")
    solve(workspace, desk)
    with pytest.raises(OutOfTurnError, match="Say why"):
        desk.scenarios.promote("trial", "")
    assert workspace.holding() == 1, "nothing of it is half there"
    import_folder(workspace, write_company(tmp_path / "other", **SHAPED), TODAY)
    with pytest.raises(ScenarioError, match="solve it again"):
        desk.scenarios.promote("trial", "three pay")
    desk.uploads.undo(2)
    assert not desk.scenarios.is_outrun(desk.scenarios.find("trial"))
    desk.scenarios.change("trial", [say.own_robots("leeds", "printer", 3)], on=1)
    assert desk.scenarios.is_outrun(desk.scenarios.find("trial"))
    with pytest.raises(ScenarioError, match="solve it again"):
        desk.scenarios.promote("trial", "three pay")


def test_a_scenarios_plan_is_not_approved_before_it_is_promoted(workspace: Workspace, desk: Desk) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 2))
    version = solve(workspace, desk)
    with pytest.raises(OutOfTurnError, match="promote that first"):
        workspace.take_step(version, "proposed", "looks good")


def test_what_is_frozen_is_frozen_in_scenarios_too(workspace: Workspace, desk: Desk) -> None:
    for step in ("proposed", "approved", "published"):
        workspace.take_step(1, step, "agreed")  # type: ignore[arg-type]
    scenario(desk, say.own_robots("leeds", "printer", 2))
    asked = make_scenario_plan(desk.scenarios.payload("trial"))
    published = workspace.load_plan(1)
    assert published is not None
    first = pl.col("week") == pl.col("week").min()
    cells = ["factory", "routing", "quantity"]
    made = asked.plan["production"].filter(first, pl.col("week") == TODAY).select(cells).sort(cells)
    assert made.equals(published["production"].filter(pl.col("week") == TODAY).select(cells).sort(cells))


def test_duplicating_copies_changes_and_what_follows_is_ones_own(desk: Desk) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 2))
    desk.scenarios.duplicate("another", of="trial")
    assert desk.scenarios.find("another").changes == desk.scenarios.find("trial").changes
    desk.scenarios.change("another", [], on=1)
    assert desk.scenarios.find("trial").changes == (say.own_robots("leeds", "printer", 2),)


def test_the_second_of_two_who_change_a_scenario_is_told_and_changes_nothing(desk: Desk) -> None:
    scenario(desk, say.own_robots("leeds", "printer", 2))
    with pytest.raises(ScenarioError, match="Ana changed the scenario trial"):
        desk.scenarios.change("trial", [], on=0)
    assert len(desk.scenarios.find("trial").changes) == 1


@pytest.mark.parametrize("name", ["", "  ", "base", "Base", "TRIAL", "x" * 61])
def test_a_name_that_is_taken_empty_or_too_long_is_refused(desk: Desk, name: str) -> None:
    scenario(desk)
    with pytest.raises(ScenarioError, match=r"name"):
        desk.scenarios.duplicate(name)


def test_a_discarded_scenario_is_gone_from_the_list_and_stays_in_the_record(
    workspace: Workspace, desk: Desk
) -> None:
    scenario(desk)
    desk.scenarios.discard("trial", desk.scenarios.find("trial").revision)
    assert desk.scenarios.open() == []
    with pytest.raises(ScenarioError, match="no open scenario"):
        desk.scenarios.payload("trial")
    with pytest.raises(ScenarioError, match="discarded meanwhile"):
        desk.scenarios.discard("trial", 1)
    kinds = workspace.ledger()["kind"].to_list()
    assert kinds[-3:] == ["scenario made", "scenario changed", "scenario discarded"]
