"""Kill -9 in the middle of an import: nothing acknowledged is lost, nothing is half there."""

from pathlib import Path

from tests.store.kill_import import run_kills


def test_a_killed_import_loses_nothing_it_acknowledged_and_leaves_nothing_half_loaded(tmp_path: Path) -> None:
    kills = run_kills(3, seed=20261123, folder=tmp_path)
    assert [fault for kill in kills for fault in kill.faults] == []
    assert sum(kill.acknowledged for kill in kills) > 0
    assert kills[-1].found >= sum(kill.acknowledged for kill in kills)
