"""The policy as a form: every setting once, its default beside it, and what is said becomes settings.csv."""

from itertools import chain

import polars as pl

from planning.domain.schema import SETTINGS
from planning.present.policy_form import GROUPS, as_left, settings
from planning.signals.rows import LINE
from tests.store.company import company

CELLS = pl.DataFrame({LINE: [2, 3], "key": ["horizon_weeks", "gap"], "value": ["8", ""]})


def test_every_setting_stands_on_the_form_once() -> None:
    assert sorted(chain(*GROUPS.values())) == sorted(field.name for field in SETTINGS)


def test_a_setting_stands_with_what_is_said_and_what_holds_otherwise() -> None:
    asked = {one.name: one for one in chain(*settings(CELLS, company()[1]).values())}
    assert (asked["horizon_weeks"].says, asked["horizon_weeks"].default) == ("8", "26")
    assert asked["gap"].default == "0.01"
    assert asked["start_week"].default.startswith("the Monday on or after as_of")
    assert "at most 260" in asked["horizon_weeks"].meaning


def test_what_is_said_becomes_rows_and_what_is_not_stays_away() -> None:
    left = as_left(CELLS, {"horizon_weeks": "", "gap": "0.02", "currency": "USD", "tail_use": " "})
    assert left.rows() == [(2, "horizon_weeks", ""), (3, "gap", "0.02"), (None, "currency", "USD")]
