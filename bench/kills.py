"""Kill -9 in imports, publications, exports, backups and restores: nothing is lost, nothing half there."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tests.export import kill_export
from tests.store import kill_backup, kill_import, kill_publish
from tests.workflows import kill_upload

KILLS, PUBLICATIONS, UPLOADS, BACKUPS = 50, 50, 50, 50
SEED = 20261123


def main() -> None:
    """Print one table: what was killed, how often, when, acknowledged and found, lost or half there."""
    with tempfile.TemporaryDirectory() as scratch:
        imports = kill_import.run_kills(KILLS, SEED, Path(scratch))
    with tempfile.TemporaryDirectory() as scratch:
        exports = kill_export.run_kills(KILLS, SEED, Path(scratch))
    with tempfile.TemporaryDirectory() as scratch:
        publications = kill_publish.run_kills(PUBLICATIONS, SEED, Path(scratch))
    with tempfile.TemporaryDirectory() as scratch:
        uploads = kill_upload.run_kills(UPLOADS, SEED, Path(scratch))
    with tempfile.TemporaryDirectory() as scratch:
        backups = kill_backup.run_kills(BACKUPS, SEED, Path(scratch))
    rows = [
        _row("import", imports, found=imports[-1].found),
        # The company there was before them is no upload.
        _row("import of a shop's file", uploads, found=uploads[-1].found - 1),
        _row("publish", publications, found=publications[-1].publications),
        _row("export", exports, found=exports[-1].found or 0),
        _row("backup and restore", backups, found=backups[-1].found),
    ]
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame(rows))
    kills: list[kill_import.Kill | kill_publish.Kill | kill_export.Kill] = [
        *imports,
        *uploads,
        *publications,
        *exports,
        *backups,
    ]
    for fault in (fault for kill in kills for fault in kill.faults):
        print(fault)


def _row(
    what: str,
    kills: Sequence[kill_import.Kill] | Sequence[kill_publish.Kill] | Sequence[kill_export.Kill],
    found: int,
) -> dict[str, object]:
    times = [kill.seconds for kill in kills]
    acknowledged = sum(kill.acknowledged for kill in kills)
    return {
        "killed": what,
        "kills": len(kills),
        "after seconds": f"{min(times):.3f} to {max(times):.3f}",
        "acknowledged": acknowledged,
        "found": found,
        "finished, not yet told": found - acknowledged,
        "lost or half there": sum(len(kill.faults) for kill in kills),
    }
