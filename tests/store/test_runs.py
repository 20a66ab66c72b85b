"""Plans and forecasts come back as they were saved, under a version that only grows."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.forecast import Forecast
from planning.forecast.forecast import QUANTILES_SCHEMA
from planning.store import LedgerHead, Workspace

SUMMARY = {
    "plan_id": "a1",
    "status": "gap",
    "objective": 1234.5,
    "bound": 1200.0,
    "gap": 0.028,
    "carbon_cap_kg": None,
    "costs": {"rent": 1000.0, "late": 234.5},
    "relaxed": [{"rule": "floor", "factory": "Pôrto", "week": "2026-11-30", "amount": 1.0}],
}


def plan(quantity: float = 5.0, **summary: object) -> Plan:
    """A plan that makes `quantity` units of 0012 in the second of two rows."""
    production = pl.DataFrame(
        {
            "factory": ["PO", "LY"],
            "product": ["0012", "0012"],
            "week": [date(2026, 12, 7), date(2026, 11, 30)],
            "quantity": [1.0, quantity],
            "setup": [None, 1],
        }
    )
    made = pl.concat([EXPORT["production"].empty(), production], how="diagonal_relaxed")
    tables = {name: table.empty() for name, table in EXPORT.items()} | {"production": made}
    return Plan(tables, SUMMARY | summary)


def forecast(mean: float) -> Forecast:
    """A forecast of one series over two weeks."""
    weeks = [date(2026, 11, 30), date(2026, 12, 7)]
    quantiles = pl.DataFrame(
        {"product": ["0012"] * 2, "market": ["DE"] * 2, "week": weeks, "quantity": [mean, mean]}
        | {"p10": [0.0, 0.1], "p50": [mean, mean], "p90": [mean + 1, mean + 2]},
        schema=QUANTILES_SCHEMA,
    )
    known = {"product": "0012", "market": "DE", "series_class": "smooth", "method": "median of AutoETS"}
    methods = pl.DataFrame([dict.fromkeys(METHODS_SCHEMA) | known], schema=METHODS_SCHEMA)
    return Forecast(quantiles, methods)


def test_there_is_no_plan_and_no_forecast_at_first(workspace: Workspace) -> None:
    assert workspace.load_plan() is None
    assert workspace.load_forecast() is None
    assert workspace.plans().is_empty()


def test_a_plan_comes_back_as_it_was(workspace: Workspace) -> None:
    saved = workspace.save_plan(plan(), "hash of the network")
    loaded = workspace.load_plan()
    assert loaded is not None
    assert list(loaded.tables) == list(EXPORT)
    for name, frame in plan().tables.items():
        assert_frame_equal(loaded[name], frame)
    head = workspace.ledger_head()
    told = {"version": saved.version, "ledger": {"count": head.count, "head": head.head}}
    assert loaded.summary == SUMMARY | told
    assert list(loaded.summary)[: len(SUMMARY)] == list(SUMMARY)


def test_versions_count_up_and_each_can_be_opened_again(workspace: Workspace) -> None:
    versions = [workspace.save_plan(plan(quantity), "n").version for quantity in (5, 6, 7)]
    assert versions == [1, 2, 3]
    latest, second = workspace.load_plan(), workspace.load_plan(2)
    assert latest is not None
    assert second is not None
    assert latest["production"]["quantity"].to_list() == [1, 7]
    assert second["production"]["quantity"].to_list() == [1, 6]
    assert workspace.load_plan(9) is None


def test_the_list_of_plans_tells_what_they_were_made_from(workspace: Workspace) -> None:
    workspace.save_plan(plan(), "first")
    workspace.save_plan(plan(status="optimal", gap=0.0), "second")
    found = workspace.plans()
    columns = ("version", "scenario", "network_hash", "status", "objective", "bound", "gap")
    assert found.select(columns).rows() == [
        (2, "base", "second", "optimal", 1234.5, 1200.0, 0.0),
        (1, "base", "first", "gap", 1234.5, 1200.0, 0.028),
    ]


def test_a_plan_that_is_not_json_is_not_half_saved(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="JSON"):
        workspace.save_plan(plan(objective=float("nan")), "n")
    assert workspace.load_plan() is None
    assert workspace.ledger_head() == LedgerHead(0, "")


def test_a_plan_without_one_of_its_tables_is_not_half_saved(workspace: Workspace) -> None:
    whole = plan()
    short = Plan({name: frame for name, frame in whole.tables.items() if name != "purchases"}, whole.summary)
    with pytest.raises(KeyError, match="purchases"):
        workspace.save_plan(short, "n")
    assert workspace.plans().is_empty()
    assert workspace.save_plan(whole, "n").version == 1


def test_the_latest_forecast_comes_back_with_what_it_was_made_from(workspace: Workspace) -> None:
    workspace.save_forecast("before", forecast(3.0))
    workspace.save_forecast("now", forecast(4.0))
    latest = workspace.load_forecast()
    assert latest is not None
    assert (latest.number, latest.input_hash) == (2, "now")
    assert datetime.now(UTC) - latest.created_at < timedelta(minutes=1)
    assert_frame_equal(latest.forecast.quantiles, forecast(4.0).quantiles)
    assert_frame_equal(latest.forecast.methods, forecast(4.0).methods)


def test_plans_and_forecasts_are_in_the_ledger(workspace: Workspace) -> None:
    workspace.save_forecast("n", forecast(3.0), actor="ana")
    workspace.save_plan(plan(), "n", actor="ben")
    assert workspace.ledger().select("kind", "actor").rows() == [
        ("forecast saved", "ana"),
        ("plan saved", "ben"),
    ]
    assert workspace.verify_ledger().is_empty()
