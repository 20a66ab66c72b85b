"""Kill -9 in the middle of an export: the old one or the new one is there, whole, and the rest is cleared."""

from pathlib import Path

from tests.export.kill_export import run_kills


def test_a_killed_export_loses_nothing_it_acknowledged_and_leaves_no_half_export(tmp_path: Path) -> None:
    kills = run_kills(3, seed=20261123, folder=tmp_path)
    assert [fault for kill in kills for fault in kill.faults] == []
    assert sum(kill.acknowledged for kill in kills) > 0
    assert kills[-1].found is not None
    assert kills[-1].found >= sum(kill.acknowledged for kill in kills)
