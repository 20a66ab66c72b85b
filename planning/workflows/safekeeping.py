"""Keeping the workspace safe: back it up while planners work, restore it, or start it anew."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from planning.configuration import ROOT
from planning.errors import ConfigurationError, Fault, InputError
from planning.store import Backup, Backups, ChangedMeanwhileError, LedgerHead, Restored, Workspace
from planning.store.backups import find_backup, recover
from planning.workflows.jobs import Board, JobRunningError

_TABLE: dict[str, pl.DataType] = {
    **dict.fromkeys(("name", "why", "head", "fault"), pl.String()),
    **dict.fromkeys(("size", "imports", "plans", "count"), pl.Int64()),
    "made_at": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Place:
    """Where things lie beside the workspace.

    Parameters
    ----------
    backups, backups_kept : where backups are kept, and how many.
    demo : the demo company's network folder.
    """

    backups: Path
    backups_kept: int
    demo: Path

    @classmethod
    def beside(cls, workspace: Workspace) -> "Place":
        """Where they lie when nobody says otherwise."""
        return cls(workspace.path.parent / "backups", 10, ROOT / "data" / "demo")


@dataclass(frozen=True)
class Loss:
    """What a restore would lose, and keep as a backup.

    Parameters
    ----------
    backup : which would be restored.
    entries : of the ledger it does not have: happened_at (UTC), actor, kind, detail (JSON).
    told_at : where the ledger ended when this was found.
    """

    backup: Backup
    entries: pl.DataFrame
    told_at: LedgerHead


class Safekeeping:
    """What the Settings page asks about backups. Methods may be called from any thread.

    Parameters
    ----------
    workspace, backups : what is kept, and where.
    board : the work under way.
    renew : forgets what was read from the workspace that was.
    """

    def __init__(
        self, workspace: Workspace, backups: Backups, board: Callable[[], Board], renew: Callable[[], None]
    ) -> None:
        self._workspace, self._backups, self._board, self._renew = workspace, backups, board, renew

    def every(self) -> list[Backup]:
        """Every backup, the latest first."""
        return self._backups.every()

    def table(self) -> pl.DataFrame:
        """Every backup, the latest first; see `as_table`."""
        return as_table(self.every())

    def back_up(self) -> Backup:
        """Back the workspace up as it is at this moment.

        Raises
        ------
        ConfigurationError
            It cannot be written, or does not stand a look at it.
        """
        return self._backups.back_up()

    def lost_by(self, name: str) -> Loss:
        """What a restore would lose.

        Raises
        ------
        InputError
            There is no such backup, or it cannot be used.
        ChangedMeanwhileError
            More was done while this was found.
        """
        told_at = self._workspace.ledger_head()
        entries = self._backups.lost_by(name)
        if self._workspace.ledger_head() != told_at:
            raise ChangedMeanwhileError("More is being done right now: look again what a restore would lose.")
        backup = next(one for one in self.every() if one.name == name)
        return Loss(backup, entries, told_at)

    def restore(self, loss: Loss) -> Restored:
        """Let a backup hold, knowing what that loses; what is there now becomes a backup itself.

        Raises
        ------
        JobRunningError
            Work is under way whose result would go into the other workspace.
        ChangedMeanwhileError
            More would be lost by now than was told.
        """
        self._refuse_at_work()
        restored = self._backups.restore(loss.backup.name, loss.told_at)
        self._renew()
        return restored

    def start_anew(self) -> Backup:
        """Empty the workspace; what was there is the backup that comes back. Raises like `restore`."""
        self._refuse_at_work()
        before = self._backups.start_anew()
        self._renew()
        return before

    def _refuse_at_work(self) -> None:
        under_way = self._board().under_way
        if under_way:
            raise JobRunningError(
                f"{under_way[0].title} is under way: wait until it has ended, or cancel it first."
            )


def as_table(backups: Sequence[Backup]) -> pl.DataFrame:
    """Backups as rows: name, made_at (UTC), why, size (bytes), imports, plans, count, head, fault."""
    rows = [
        {
            "name": backup.name,
            "made_at": None if backup.made_at is None else backup.made_at.replace(tzinfo=None),
            "why": backup.why,
            "size": backup.size,
            "imports": backup.imports,
            "plans": backup.plans,
            "count": backup.ledger.count,
            "head": backup.ledger.head,
            "fault": backup.fault,
        }
        for backup in backups
    ]
    return pl.DataFrame(rows, schema=_TABLE)


def restore_workspace(
    database: Path, folder: Path, planner: str, name: str, agreed: Callable[[pl.DataFrame | None], bool]
) -> dict[str, str]:
    """Restore a workspace nobody has open; also one that cannot be opened any more, which is put beside.

    Parameters
    ----------
    folder : where its backups are.
    name : of the backup, or newest.
    agreed : hears which entries of the ledger would be lost (None: nobody can tell), and decides.

    Returns
    -------
    backup, and before: the backup, or else the file, that holds what was there.

    Raises
    ------
    WorkspaceBusyError
        Another process has it open.
    InputError
        There is no such backup, or it was not agreed to.
    """
    backup = find_backup(folder, name)
    try:
        workspace = Workspace.open(database, planner)
    except ConfigurationError:
        _refuse_unless(agreed(None))
        return {"backup": backup.name, "before": str(recover(database, backup, planner))}
    with workspace:
        # What is there before stays, whatever the number that is kept otherwise.
        backups = workspace.backups(folder, sys.maxsize)
        _refuse_unless(agreed(backups.lost_by(backup.name)))
        return {"backup": backup.name, "before": backups.restore(backup.name).before.name}


def _refuse_unless(agreed: bool) -> None:
    if not agreed:
        raise InputError([Fault("restore", "was not agreed to, so nothing was changed", "Add --yes.")])
