"""Commands that copy the workspace whole, and let a copy hold."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planning.command_line.console import Commands, say, workspace_of
from planning.configuration import read_configuration

if TYPE_CHECKING:
    from polars import DataFrame


def add_commands(commands: Commands) -> None:
    """Say what the commands of this module are, and what each can be told."""
    copy = commands.add_on_workspace(
        "backup", backup, "copy the workspace whole, and look at what was written"
    )
    copy.add_argument("--list", action="store_true", help="list the backups there are, and make none")
    back = commands.add_on_workspace(
        "restore", restore, "let a backup hold in place of the workspace, kept as a backup itself"
    )
    back.add_argument("name", metavar="NAME", help="a backup, as `backup --list` names it, or newest")
    back.add_argument("--yes", action="store_true", help="restore, whatever it would lose")


def backup(options: argparse.Namespace) -> int:
    """Copy the workspace whole, or list the copies."""
    from planning.present.terminal import backup_line
    from planning.workflows.safekeeping import as_table

    with workspace_of(options) as workspace:
        backups = workspace.backups(*_kept_in(options))
        rows = as_table(backups.every() if options.list else [backups.back_up()]).rows(named=True)
    say(options, rows, [backup_line(row) for row in rows] or ["no backup yet"])
    return 0


def restore(options: argparse.Namespace) -> int:
    """Let a backup hold."""
    from planning.present.terminal import loss_lines
    from planning.workflows.safekeeping import restore_workspace

    configuration = read_configuration()
    database, folder = options.workspace or configuration.database, _kept_in(options)[0]

    def agreed(entries: "DataFrame | None") -> bool:
        words = ["The workspace cannot be opened."] if entries is None else loss_lines(entries)
        sys.stderr.write("\n".join(words) + "\n")
        if options.yes or not sys.stdin.isatty():
            return bool(options.yes)
        sys.stderr.write("Restore? Type yes: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() == "yes"

    done = restore_workspace(database, folder, configuration.planner, options.name, agreed)
    say(options, done, [f"{done['backup']} holds. What was there before is kept: {done['before']}."])
    return 0


def _kept_in(options: argparse.Namespace) -> tuple[Path, int]:
    """Where backups are kept, beside a workspace that is named, and how many."""
    configuration = read_configuration()
    named = None if options.workspace is None else options.workspace.resolve().parent / "backups"
    return named or configuration.backups, configuration.backups_kept
