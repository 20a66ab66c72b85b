"""Plans and forecasts, each kept under its number."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from planning.domain.plan import Plan
from planning.store import ledger
from planning.store.clock import loaded, utc_now
from planning.store.contract import FORECAST, FORECAST_METHODS, PLAN
from planning.store.database import Session
from planning.store.versions import BASE, Basis, save_basis

if TYPE_CHECKING:
    from planning.forecast import Forecast


@dataclass(frozen=True)
class PlanVersion:
    """How a stored plan is called.

    Parameters
    ----------
    run : its number in the workspace.
    version : what a planner knows it by, 1, 2, …
    """

    run: int
    version: int


@dataclass(frozen=True)
class StoredForecast:
    """A forecast and what it was made from.

    Parameters
    ----------
    number : counts the forecasts of the workspace.
    created_at : when it was stored.
    input_hash : of the network it was made from.
    forecast : quantiles, methods and dependence; its outcomes stay behind, see `outcomes`.
    """

    number: int
    created_at: datetime
    input_hash: str
    forecast: "Forecast"


def save_plan(  # noqa: PLR0917 - what it is, what it was made from, and who asked for it
    session: Session, plan: Plan, network_hash: str, scenario: str, actor: str, basis: Basis | None = None
) -> PlanVersion:
    """Store a plan as the next version.

    Parameters
    ----------
    plan : every export table, and the summary as it goes to plan.json.
    network_hash : `input_hash` of the network it was made from.
    scenario : name of a scenario there is.
    actor : who asked for it.
    basis : what it takes to make it again, where that is known.
    """
    run, version = session.read("next_run").row(0)
    detail = {"run": run, "version": version, "scenario": scenario, "network_hash": network_hash}
    end = ledger.note(session, "plan saved", actor, detail)
    session.write(
        "save_run",
        run=run,
        scenario=scenario,
        version=version,
        created_at=utc_now(),
        network_hash=network_hash,
        ledger_count=end.count,
        ledger_head=end.head,
        summary=json.dumps(dict(plan.summary), ensure_ascii=False, allow_nan=False),
    )
    for name, stored in PLAN.items():
        stored.save(session, run, plan[name])
    if basis is not None:
        save_basis(session, run, basis)
    return PlanVersion(run, version)


def load_plan(session: Session, version: int | None = None) -> Plan | None:
    """A plan by its version, the latest of no scenario when None; None where there is none.

    `version` and `ledger` of its summary are the workspace's.
    """
    found = session.read("run_of_version", version=version)
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    summary = json.loads(row["summary"]) | {
        "version": row["version"],
        "ledger": {"count": row["ledger_count"], "head": row["ledger_head"]},
    }
    return Plan({name: stored.load(session, row["run"]) for name, stored in PLAN.items()}, summary)


def save_forecast(
    session: Session, input_hash: str, forecast: "Forecast", actor: str, scenario: str = BASE
) -> int:
    """Store a forecast, and what was found of its series in place of what an earlier one remembered.

    What comes back is its number.

    Parameters
    ----------
    input_hash : of the network it was made from.
    forecast : quantiles and methods.
    actor : who asked for it.
    scenario : whose it is; a scenario's is never the latest forecast of the network that holds, nor
        remembered.
    """
    number = int(session.read("next_forecast")["forecast"][0])
    session.write(
        "save_forecast_run",
        forecast=number,
        created_at=utc_now(),
        input_hash=input_hash,
        dependence=json.dumps(asdict(forecast.dependence)),
        made_of=forecast.made_of,
        made_by=forecast.made_by,
    )
    FORECAST.save(session, number, forecast.quantiles)
    FORECAST_METHODS.save(session, number, forecast.methods)
    if scenario == BASE:
        session.write("forget_outcomes")
        session.append("plan", "forecast_outcome", forecast.outcomes)
    else:
        session.write("forecast_is_scenarios", forecast=number)
    ledger.note(session, "forecast saved", actor, {"forecast": number, "input_hash": input_hash})
    return number


def forecast_number(session: Session) -> int | None:
    """Number of the latest forecast; None where there is none."""
    found = session.read("latest_forecast")
    return None if found.is_empty() else int(found["forecast"][0])


def load_forecast(session: Session, number: int | None = None) -> StoredForecast | None:
    """A forecast by its number, the latest when None, without its outcomes; None where there is none."""
    found = (
        session.read("latest_forecast") if number is None else session.read("forecast_run", forecast=number)
    )
    if found.is_empty():
        return None
    # What forecasts is loaded late: who imports or verifies need not wait for it.
    from planning.forecast import Dependence, Forecast

    number, created_at, input_hash, dependence, made_of, made_by = found.row(0)
    forecast = Forecast(
        FORECAST.load(session, number),
        FORECAST_METHODS.load(session, number),
        Dependence(**json.loads(dependence)) if dependence else Dependence(),
        made_of=made_of,
        made_by=made_by,
    )
    return StoredForecast(number, loaded(created_at), input_hash, forecast)


def overruled(session: Session) -> pl.DataFrame:
    """What Takt's forecast said where the network has overrides: product, market, week, quantity.

    Of several forecasts the one the planner saw: the newest before the override came in, else the first
    after it.
    """
    return session.read("overruled")


def outcomes(session: Session) -> pl.DataFrame:
    """What was found of every series of the latest forecast, as `Forecast.outcomes`."""
    from planning.forecast.remembered import OUTCOMES_SCHEMA

    return session.read("outcomes").cast(pl.Schema(OUTCOMES_SCHEMA))


def past_forecasts(session: Session) -> pl.DataFrame:
    """Of every start week the last forecast: start_week, product, market, week, quantity, p10, p50, p90."""
    return session.read("past_forecasts")
