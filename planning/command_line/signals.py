"""Commands that bring data in."""

import argparse
from pathlib import Path
from typing import Literal

from planning.command_line import console
from planning.command_line.console import Commands, say, workspace_of

_PROFILE = "how another system's file is read: a profile saved on the Signals page, or a file of one (.json)"
_WRITE_PROFILE = "write what the file is taken for as a profile to complete, and import nothing"


def add_commands(commands: Commands) -> None:
    """Say what the commands of this module are, and what each can be told."""
    load = commands.add_on_workspace(
        "import", import_network, "import a network folder, or let one file join the data, in the workspace"
    )
    load.add_argument("network", type=Path, metavar="NETWORK", help="a folder, or a file of any kind")
    load.add_argument("--profile", metavar="NAME", help=_PROFILE)
    load.add_argument("--replace", action="store_true", help="the file takes the place of all rows there are")
    load.add_argument("--write-profile", type=Path, metavar="FILE", help=_WRITE_PROFILE)


def import_network(options: argparse.Namespace) -> int:
    """Import a folder, or let one file join the data."""
    from planning.workflows.network_import import import_folder

    if options.network.is_file():
        return _import_file(options)

    with workspace_of(options) as workspace:
        receipt = import_folder(workspace, options.network, console.today())
    words = [
        f"Import {receipt.batch} ({receipt.source}): {receipt.outcome}.",
        f"{receipt.rows_in} rows read: {receipt.rows_loaded} loaded, {receipt.rows_kept_aside} kept aside.",
    ]
    say(options, {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}, words)
    return 0


def _import_file(options: argparse.Namespace) -> int:
    from planning.present.terminal import aside_lines
    from planning.workflows.file_import import import_file, proposed_profile

    with workspace_of(options) as workspace:
        if options.write_profile is not None:
            proposed = proposed_profile(workspace, options.network, console.today(), options.profile)
            options.write_profile.write_text(proposed.as_json() + "\n", encoding="utf-8")
            say(options, {"profile": str(options.write_profile)}, [f"Written to {options.write_profile}."])
            return 0
        mode: Literal["update", "replace"] = "replace" if options.replace else "update"
        done = import_file(workspace, options.network, console.today(), options.profile, mode)
    tables, total = done.files.rows(named=True), done.sum
    named = ", ".join(f"{table['table']}.csv" for table in tables)
    words = [
        f"Import {done.receipt.batch} ({total.file} as {named}): {done.receipt.outcome}.",
        f"{total.rows_in} rows read: {total.loaded} loaded, {total.kept_aside} kept aside, "
        f"{total.collapsed} collapsed.",
        *(
            f"  {table['table']}.csv: {table['rows_new']} new, {table['rows_changed']} changed, "
            f"{table['rows_same']} the same, {table['rows_removed']} removed"
            for table in tables
        ),
        *aside_lines(done.aside),
    ]
    result = vars(total) | {"batch": done.receipt.batch, "outcome": done.receipt.outcome, "tables": tables}
    say(options, result, words)
    return 0
