"""make_plan and its plan_payload: forecast where needed, refuse what breaks a rule, stop when asked."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from planning.check import Violation
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.errors import JobCancelledError, NothingToPlanError, RefusedPlanError
from planning.forecast import Forecast
from planning.optimise.solvers.answer import Incumbent
from planning.signals import read_folder, validate
from planning.store import Workspace
from planning.workflows import planning_run
from planning.workflows.folders import import_folder, load_version, plan_workspace, run_forecast
from planning.workflows.job_kinds import job_kinds
from planning.workflows.planning_run import (
    PlanPayload,
    PlanResult,
    make_plan,
    plan_payload,
    save_result,
    solving,
)
from planning.workflows.progress import Progress
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
WEEKS = 60

#: A product that sells 20 to 25 a week, so that there is something to forecast.
HISTORY = "date,product,market,quantity\n" + "".join(
    f"{date(2025, 9, 29) + timedelta(weeks=n)},0001,uk,{20 + n % 6}\n" for n in range(WEEKS)
)
FORECAST = "product,market,week,quantity\n0001,uk,2026-12-14,7\n"


def company(folder: Path, **changed: str) -> Network:
    """The small company as a network."""
    return validate(read_folder(write_company(folder, **changed)), TODAY)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> PlanResult:
    """A plan made from history."""
    return make_plan(PlanPayload(company(tmp_path_factory.mktemp("made"), history=HISTORY), None))


def test_a_plan_is_forecast_solved_laid_out_and_checked(made: PlanResult) -> None:
    assert made.plan.summary["checker"] == {"violations": 0}
    assert made.plan.summary["input_hash"] == made.input_hash
    assert made.forecast is not None
    assert set(made.forecast.methods["product"]) == {"0001", "0002", "0003"}
    assert made.plan["schedule"].height > 0
    assert float(made.plan["demand"]["expected"].sum()) > 0


def test_a_forecast_that_is_there_is_used_and_none_is_made(made: PlanResult, tmp_path: Path) -> None:
    network = company(tmp_path, history=HISTORY)
    again = make_plan(PlanPayload(network, made.forecast))
    assert again.forecast is None
    assert again.plan["demand"].equals(made.plan["demand"])


def test_a_network_with_a_forecast_of_its_own_needs_none(tmp_path: Path) -> None:
    result = make_plan(PlanPayload(company(tmp_path, history=HISTORY, forecast=FORECAST), None))
    assert result.forecast is None
    assert result.plan["demand"]["expected"].sum() == 7


def test_progress_tells_every_stage_and_only_goes_forward(tmp_path: Path) -> None:
    told: list[Progress] = []
    make_plan(PlanPayload(company(tmp_path), None), told.append)
    fractions = [progress.fraction for progress in told if progress.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[0] >= 0
    assert fractions[-1] <= 1
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages[-4:] == [
        "Planning production and robots: the last touches",
        "Pricing the commitment rule",
        "Laying the schedule out",
        "Checking every rule",
    ]
    assert told[-1].gap == pytest.approx(0, abs=0.02)
    assert told[-1].objective is not None


def test_a_solve_past_its_time_limit_does_not_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    watch = solving(told.append, 0.0, limit=60.0)
    for seconds in (1, 30, 59, 61, 120, 300, 1200):
        monkeypatch.setattr(planning_run.time, "monotonic", lambda spent=seconds: float(spent))
        watch("plan", Incumbent(0.0, None, None))
    fractions = [progress.fraction for progress in told if progress.fraction is not None]
    assert fractions == sorted(set(fractions))
    assert len(fractions) == 7
    assert fractions[-1] < 0.9


def test_a_plan_with_a_violation_is_refused_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [
        Violation("1 stock", "factory leeds", 3.0, "3 units too many"),
        Violation("6 terms", "flex", 1, "no"),
    ]
    monkeypatch.setattr(planning_run, "check", lambda *_: wrong)
    with pytest.raises(RefusedPlanError) as refused:
        make_plan(PlanPayload(company(tmp_path), None))
    assert refused.value.violations == ("1 stock, factory leeds: 3 units too many", "6 terms, flex: no")
    assert refused.value.exit_code == 3


def test_the_checker_sees_the_network_the_plan_was_made_from(
    made: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the one that was read: what was assumed and forecast is in it."""
    seen: list[Network] = []

    def looks(network: Network, _plan: object) -> list[Violation]:
        seen.append(network)
        return []

    monkeypatch.setattr(planning_run, "check", looks)
    make_plan(PlanPayload(company(tmp_path, history=HISTORY), made.forecast))
    (network,) = seen
    assert network["forecast"].height > 0
    assert network["lanes"].height == 4


def test_a_refused_plan_is_not_stored(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    monkeypatch.setattr(planning_run, "check", lambda *_: [Violation("1 stock", "F", 3.0, "too many")])
    with pytest.raises(RefusedPlanError):
        plan_workspace(workspace, TODAY)
    assert workspace.plans().is_empty()


def test_a_run_cancelled_while_it_forecasts_stops_there(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(JobCancelledError, match="forecast was stopped"):
        make_plan(
            PlanPayload(company(tmp_path, history=HISTORY), None),
            lambda progress: told.append(progress.stage),
            lambda: bool(told),
        )
    assert "Setting the problem up" not in told


def test_a_run_cancelled_while_it_solves_gives_its_plan_or_none(made: PlanResult, tmp_path: Path) -> None:
    told: list[str] = []

    def solving() -> bool:
        return "Setting the problem up" in told

    payload = PlanPayload(company(tmp_path, history=HISTORY), made.forecast)
    plan: Plan | None = None
    with suppress(JobCancelledError):
        plan = make_plan(payload, lambda progress: told.append(progress.stage), solving).plan
    assert plan is None or plan.summary["checker"] == {"violations": 0}
    assert plan is None or plan.summary["status"] in {"optimal", "gap", "cancelled"}


def test_without_a_network_there_is_nothing_to_plan(workspace: Workspace) -> None:
    with pytest.raises(NothingToPlanError, match="Import a network folder first"):
        plan_payload(workspace, TODAY)


def test_the_first_payload_has_no_forecast_and_the_next_one_has_the_stored(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    assert plan_payload(workspace, TODAY).forecast is None
    stored = run_forecast(workspace, TODAY)
    payload = plan_payload(workspace, TODAY, threads=2)
    assert payload.forecast is not None
    assert payload.forecast.quantiles.equals(stored.quantiles)
    assert payload.threads == 2


def test_a_forecast_of_other_data_is_outrun(workspace: Workspace, tmp_path: Path) -> None:
    import_folder(workspace, write_company(tmp_path / "company"), TODAY)
    run_forecast(workspace, TODAY)
    more = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "company", orders=more), TODAY)
    assert plan_payload(workspace, TODAY).forecast is None


def test_a_forecast_for_other_weeks_is_outrun(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing was imported since, but a week has gone by and the settings leave as_of to the clock."""
    undated = FILES["settings"].replace("as_of,2026-11-23\n", "")
    import_folder(workspace, write_company(tmp_path / "company", settings=undated), TODAY)
    run_forecast(workspace, TODAY)
    assert plan_payload(workspace, TODAY).forecast is not None
    assert plan_payload(workspace, TODAY - timedelta(days=6)).forecast is not None, "of the same week"
    later = plan_payload(workspace, TODAY + timedelta(days=1))
    assert later.forecast is None
    assert later.network.policy.start_week == date(2026, 11, 30)


def test_a_stored_forecast_does_not_stand_in_for_the_networks_own(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", forecast=FORECAST), TODAY)
    run_forecast(workspace, TODAY)
    assert plan_payload(workspace, TODAY).forecast is None


def test_a_result_is_stored_with_the_forecast_made_for_it(
    workspace: Workspace, made: PlanResult, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", history=HISTORY), TODAY)
    assert save_result(workspace, made) == 1
    stored = workspace.load_forecast()
    assert stored is not None
    assert made.forecast is not None
    assert stored.forecast.quantiles.equals(made.forecast.quantiles)
    assert stored.input_hash == made.input_hash == workspace.network_hash()
    assert plan_payload(workspace, TODAY).forecast is not None, "the next plan need not forecast again"
    back = load_version(workspace, 1)
    assert back["production"].equals(made.plan["production"])
    assert back.summary["objective"] == made.plan.summary["objective"]


def test_a_result_without_a_forecast_of_its_own_stores_none(workspace: Workspace, made: PlanResult) -> None:
    assert save_result(workspace, replace(made, forecast=None)) == 1
    assert workspace.load_forecast() is None
    assert save_result(workspace, made) == 2
    assert workspace.plans()["version"].to_list() == [2, 1]


@pytest.mark.parametrize(
    ("status", "dearer", "newest"),
    [("cancelled", 1.0, 1), ("cancelled", -1.0, 2), ("gap", 1.0, 2), ("time_limit", 1.0, 2)],
)
def test_a_stopped_solve_does_not_take_the_place_of_a_better_plan_of_the_same_data(
    workspace: Workspace, tmp_path: Path, status: str, dearer: float, newest: int
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", forecast=FORECAST), TODAY)
    result = make_plan(plan_payload(workspace, TODAY))
    save_result(workspace, result)
    cost = result.plan.summary["objective"] + dearer
    told = _saved(workspace, replace(result, plan=_ended(result.plan, status, cost)))
    plan = workspace.load_plan()
    assert plan is not None
    assert plan.summary["version"] == newest
    assert f"v{newest} " in told
    assert told.startswith("Stopped") == (status == "cancelled")


def test_a_stopped_solve_of_newer_data_is_kept_whatever_it_costs(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_folder(workspace, write_company(tmp_path / "company", forecast=FORECAST), TODAY)
    result = make_plan(plan_payload(workspace, TODAY))
    save_result(workspace, result)
    grown = FILES["orders"] + "SO-9,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
    import_folder(workspace, write_company(tmp_path / "company", orders=grown, forecast=FORECAST), TODAY)
    newer = plan_payload(workspace, TODAY).basis
    stopped = _ended(result.plan, "cancelled", result.plan.summary["objective"] + 1.0)
    assert "v2" in _saved(workspace, replace(result, plan=stopped, basis=newer))


def _ended(plan: Plan, status: str, objective: float) -> Plan:
    return replace(plan, summary=dict(plan.summary) | {"status": status, "objective": objective})


def _saved(workspace: Workspace, result: PlanResult) -> str:
    """What a planner is told when a planning run has ended."""
    kind = next(kind for kind in job_kinds(workspace) if kind.name == "plan")
    return kind.save(result)


def test_an_empty_forecast_does_not_serve(workspace: Workspace, made: PlanResult, tmp_path: Path) -> None:
    import_folder(workspace, write_company(tmp_path / "company", history=HISTORY), TODAY)
    assert made.forecast is not None
    empty = Forecast(made.forecast.quantiles.clear(), made.forecast.methods.clear())
    workspace.save_forecast(made.input_hash, empty)
    assert plan_payload(workspace, TODAY).forecast is None
