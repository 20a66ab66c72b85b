"""versions, propose, approve and publish: a plan goes its way on the command line, too."""

import json
from pathlib import Path

import pytest

from planning.store import Workspace
from tests.builders.plans import a_plan
from tests.command_line.commands import Takt


@pytest.fixture
def on(tmp_path: Path) -> tuple[object, ...]:
    """A workspace with two plans nobody has decided about, and no record of what they were made from."""
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        for _ in range(2):
            workspace.save_plan(a_plan(), "a" * 64)
    return ("--workspace", tmp_path / "takt.duckdb")


def test_a_plan_is_proposed_approved_published_and_then_what_is_exported(
    takt: Takt, on: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKT_PLANNER", "Ana Lima")
    for verb, status in (("propose", "proposed"), ("approve", "approved"), ("publish", "published")):
        said = takt(verb, 1, "--reason", "the fair", *on)
        assert (said.code, said.out) == (0, f"Plan v1 is {status}.\n")
    newest, first = takt("versions", *on).out.splitlines()
    assert newest.startswith("v2 draft (base), gap, objective ")
    assert first.startswith("v1 published (base), gap, objective ")
    assert "Ana Lima, " in first
    assert first.endswith(" UTC: the fair")
    assert json.loads(takt("export", *on, "--out", tmp_path / "out", "--json").out)["version"] == 1
    assert takt("verify", *on, "--export", tmp_path / "out").code == 0


def test_a_step_out_of_turn_ends_with_2_and_says_what_is_the_matter(
    takt: Takt, on: tuple[object, ...]
) -> None:
    said = takt("publish", 2, "--reason", "in a hurry", *on)
    assert (said.code, said.out) == (2, "")
    assert "Plan v2 cannot be published now: it is draft" in said.err
    assert "There is no plan v7" in takt("propose", 7, "--reason", "why not", *on).err


def test_a_plan_nobody_knows_the_basis_of_cannot_be_made_again_and_says_so(
    takt: Takt, on: tuple[object, ...]
) -> None:
    said = takt("reproduce", 1, *on)
    assert said.code == 2
    assert "can be opened and exported, but not made again" in said.err


def test_before_the_first_plan_there_is_nothing_to_list(takt: Takt, tmp_path: Path) -> None:
    assert takt("versions", "--workspace", tmp_path / "takt.duckdb").out == "no plan yet\n"
