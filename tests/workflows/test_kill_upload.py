"""Kill -9 while a shop's file is imported: all of it is there, or nothing is."""

from pathlib import Path

from tests.workflows.kill_upload import run_kills


def test_a_killed_import_of_a_shop_s_file_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    kills = run_kills(3, seed=20261123, folder=tmp_path)
    assert [fault for one in kills for fault in one.faults] == []
    assert sum(one.acknowledged for one in kills) > 0
