"""Which plan came before which."""

import polars as pl

from planning.workflows.versions import previous_version


def plans(*rows: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"version": pl.Int64, "scenario": pl.String}, orient="row")


def test_the_last_plan_is_the_newest_older_one() -> None:
    assert previous_version(plans((7, "base"), (6, "base"), (4, "base"))) == 6


def test_plans_of_another_scenario_are_passed_over() -> None:
    assert previous_version(plans((7, "base"), (6, "more night work"), (4, "base"))) == 4


def test_an_only_plan_has_none_before_it() -> None:
    assert previous_version(plans((7, "base"), (6, "more night work"))) is None
    assert previous_version(plans()) is None
