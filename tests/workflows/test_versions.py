"""Which plan came before which."""

from pathlib import Path

import polars as pl

from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.versions import previous_version
from tests.builders.plans import a_plan


def plans(*rows: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"version": pl.Int64, "scenario": pl.String}, orient="row")


def test_the_last_plan_is_the_newest_older_one() -> None:
    assert previous_version(plans((7, "base"), (6, "base"), (4, "base"))) == 6


def test_plans_of_another_scenario_are_passed_over() -> None:
    assert previous_version(plans((7, "base"), (6, "more night work"), (4, "base"))) == 4


def test_an_only_plan_has_none_before_it() -> None:
    assert previous_version(plans((7, "base"), (6, "more night work"))) is None
    assert previous_version(plans()) is None


def test_the_desk_gives_the_plan_before_the_newest(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        desk = Desk(workspace)
        assert (desk.previous_version(), desk.previous_plan()) == (None, None)
        for _ in range(3):
            workspace.save_plan(a_plan(), "a" * 64)
        before = desk.previous_plan()
        assert before is not None
        assert (desk.previous_version(), before.summary["version"]) == (2, 2)
        assert before["production"].height == a_plan()["production"].height
