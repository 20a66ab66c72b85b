"""verify: whether the ledger is what was written, and still has the end an export tells."""

import json
from pathlib import Path

import duckdb
import pytest

from planning.store import Workspace
from tests.builders.plans import a_plan
from tests.command_line.commands import Run, Takt
from tests.store.company import stocked


@pytest.fixture
def on(tmp_path: Path) -> tuple[object, ...]:
    """A workspace with two imports and a plan between them."""
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        workspace.record_import("company", *stocked(1))
        workspace.save_plan(a_plan(), "a" * 64)
        workspace.record_import("company", *stocked(2))
    return ("--workspace", tmp_path / "takt.duckdb")


def tampered(on: tuple[object, ...], statement: str) -> None:
    with duckdb.connect(str(on[1])) as connection:
        connection.execute(statement)


def test_a_whole_ledger_is_said_to_be_whole_and_where_it_ends(takt: Takt, on: tuple[object, ...]) -> None:
    said = takt("verify", *on)
    assert said.code == 0
    assert said.out.startswith("entries: 3; last hash: ")
    assert said.out.endswith("faults: 0\n")
    told = json.loads(takt("verify", *on, "--json").out)
    assert (told["count"], len(told["head"]), told["faults"]) == (3, 64, [])


def test_an_edited_ledger_ends_with_3_and_names_the_entry(takt: Takt, on: tuple[object, ...]) -> None:
    tampered(on, "update audit.ledger set actor = 'eve' where seq = 2")
    said = takt("verify", *on)
    assert said.code == 3
    assert "  entry 2: it was edited\n" in said.out


def test_an_export_shows_a_ledger_that_was_cut_off_with_the_plans_made_since(
    takt: Takt, on: tuple[object, ...], tmp_path: Path
) -> None:
    assert takt("export", *on, "--out", tmp_path / "out").code == 0
    assert takt("verify", *on, "--export", tmp_path / "out").code == 0
    tampered(on, "delete from audit.ledger where seq > 1; delete from plan.run")
    assert takt("verify", *on).code == 0, "nothing left in the file tells of what is gone"
    said = takt("verify", *on, "--export", tmp_path / "out")
    assert said.code == 3
    assert "entry 2: it is missing, the export was made with it" in said.out


def test_an_export_made_without_a_workspace_has_no_say(
    takt: Takt, on: tuple[object, ...], for_machines: Run
) -> None:
    said = takt("verify", *on, "--export", for_machines.out)
    assert said.code == 2
    assert "made without a workspace" in said.err
