"""Kill -9 in imports, publications, backups and restores: nothing is lost, nothing is half there."""

from pathlib import Path

from tests.store import kill_backup, kill_publish
from tests.store.kill_import import run_kills


def test_a_killed_import_loses_nothing_it_acknowledged_and_leaves_nothing_half_loaded(tmp_path: Path) -> None:
    kills = run_kills(3, seed=20261123, folder=tmp_path)
    assert [fault for kill in kills for fault in kill.faults] == []
    assert sum(kill.acknowledged for kill in kills) > 0
    assert kills[-1].found >= sum(kill.acknowledged for kill in kills)


def test_a_killed_publication_leaves_the_old_plan_published_or_the_new_one_each_whole(tmp_path: Path) -> None:
    kills = kill_publish.run_kills(3, seed=20261129, folder=tmp_path)
    assert [fault for kill in kills for fault in kill.faults] == []
    assert sum(kill.acknowledged for kill in kills) > 0
    assert kills[-1].found is not None


def test_a_killed_backup_or_restore_leaves_the_old_or_the_new_each_whole(tmp_path: Path) -> None:
    kills = kill_backup.run_kills(3, seed=20261130, folder=tmp_path)
    assert [fault for kill in kills for fault in kill.faults] == []
    assert kills[-1].found >= sum(kill.acknowledged for kill in kills)
