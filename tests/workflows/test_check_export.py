"""Re-checking an export from the files alone, as somebody does who was only handed the two folders."""

from datetime import date
from pathlib import Path

import pytest

from planning.workflows.folders import check_export, run_folder
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
HISTORY = "date,product,market,quantity\n" + "".join(
    f"2026-{month:02d}-{day:02d},0001,uk,{20 + (month * day) % 7}\n"
    for month in range(6, 11)
    for day in (6, 13, 20)
)
OVERRIDE = "product,market,week,quantity\n0001,uk,2026-12-14,25\n"


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """The small company with a history to forecast from, and a planner's word on one week."""
    return write_company(tmp_path / "company", history=HISTORY, overrides=OVERRIDE)


def test_a_plan_on_takts_own_forecast_holds_when_it_is_checked_again(network: Path, tmp_path: Path) -> None:
    plan = run_folder(network, tmp_path / "out", TODAY).plan
    assert plan["demand"]["expected"].sum() > 0
    assert check_export(network, tmp_path / "out", TODAY) == []


def test_an_export_of_another_folder_is_told_so_and_nothing_else(network: Path, tmp_path: Path) -> None:
    run_folder(network, tmp_path / "out", TODAY)
    other = write_company(tmp_path / "other")
    (violation,) = check_export(other, tmp_path / "out", TODAY)
    assert "made from another network folder" in violation.message


def test_an_order_id_with_spaces_around_it_is_planned_and_checked(tmp_path: Path) -> None:
    spaced = FILES["orders"].replace("SO-1,", " SO-1 ,")
    folder = write_company(tmp_path / "company", orders=spaced)
    plan = run_folder(folder, tmp_path / "out", TODAY).plan
    assert " SO-1 " in plan["promises"]["order_id"].to_list()


def test_what_would_tear_lists_of_orders_or_the_solver_apart_is_kept_aside(tmp_path: Path) -> None:
    torn = FILES["orders"].replace("SO-1,", "SO;1,").replace(",30,Ada,60", ",1e15,Ada,60")
    folder = write_company(tmp_path / "company", orders=torn)
    rejected = run_folder(folder, tmp_path / "out", TODAY).plan["rejected_rows"]
    reasons = dict(zip(rejected["column"].to_list(), rejected["reason"].to_list(), strict=True))
    assert reasons["order_id"] == "order_id has to be without ;"
    assert "too large to plan with" in reasons["quantity"]
