"""Commands, their words on stdout and stderr, and their exit codes; heavy imports come with the command.

Exit codes: 0 good, 2 bad input, 3 no plan. Progress goes to stderr, the result to stdout.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from planning.command_line import plans, safekeeping, signals, versions
from planning.command_line.console import only_results_on_stdout
from planning.errors import TaktError

_Command = Callable[[argparse.Namespace], int]

#: What --people adds to an export folder.
_PEOPLE = (
    "write the files for people, too: plan.xlsx, plan-full.json, decide-by.ics (a calendar) and "
    "schedule.html (to print)"
)

_CSV = (
    "how the tables are written: comma, with decimal points, for programs (when left out); semicolon, with "
    "decimal commas, for spreadsheets"
)

_WHICH = "the plan's version; when left out the published one, or the newest where none is published"
_EVERYTHING = "no plan, but all the workspace holds, as one zip that needs no Takt to be read"
_WITNESS = "an export folder: what its plan.json says of the ledger must still be in it"


_PROFILE = "how another system's file is read: a profile saved on the Signals page, or a file of one (.json)"
_WRITE_PROFILE = "write what the file is taken for as a profile to complete, and import nothing"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    command: _Command = options.command
    try:
        with only_results_on_stdout():
            return command(options)
    except TaktError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing has been written.\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m planning", description="Takt on the command line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: _Command, words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.add_argument("--json", action="store_true", help="print the result for machines")
        one.set_defaults(command=command)
        return one

    def on_workspace(one: argparse.ArgumentParser) -> None:
        one.add_argument("--workspace", type=Path, metavar="FILE", help="the workspace database to use")

    run = add(
        "run", plans.run, "plan a network folder: folder in, folder out, in memory, also while the app runs"
    )
    run.add_argument("network", type=Path, metavar="NETWORK")
    run.add_argument("--out", type=Path, required=True, metavar="OUT", help="the export folder to write")
    load = add(
        "import",
        signals.import_network,
        "import a network folder, or let one file join the data, in the workspace",
    )
    load.add_argument("network", type=Path, metavar="NETWORK", help="a folder, or a file of any kind")
    load.add_argument("--profile", metavar="NAME", help=_PROFILE)
    load.add_argument("--replace", action="store_true", help="the file takes the place of all rows there are")
    load.add_argument("--write-profile", type=Path, metavar="FILE", help=_WRITE_PROFILE)
    export = add("export", plans.export, "write the export folder of a plan in the workspace")
    export.add_argument("--out", type=Path, required=True, metavar="OUT", help="the folder, or zip, to write")
    export.add_argument("--version", type=int, help=_WHICH)
    export.add_argument("--everything", action="store_true", help=_EVERYTHING)
    for one in (run, export):
        one.add_argument("--people", action="store_true", help=_PEOPLE)
        one.add_argument("--csv", choices=("comma", "semicolon"), default="comma", help=_CSV)
    for one in (
        load,
        add("forecast", plans.forecast, "forecast the network in the workspace"),
        add("plan", plans.plan, "plan the network in the workspace"),
        export,
        add("demo", plans.demo, "load the demo company and plan it, where the workspace has no plan yet"),
    ):
        on_workspace(one)
    listed = add(
        "versions", versions.versions, "list the plan's versions: how far each has come, by whom and why"
    )
    again = add(
        "reproduce",
        versions.reproduce_version,
        "make a version again from what it was made from, and compare",
    )
    again.add_argument("version", type=int, metavar="VERSION")
    for verb, step in (("propose", "proposed"), ("approve", "approved"), ("publish", "published")):
        one = add(verb, versions.take_step, f"{verb} a version of the plan")
        one.add_argument("version", type=int, metavar="VERSION")
        one.add_argument("--reason", required=True, help="why; it stands in the ledger")
        one.set_defaults(step=step)
        on_workspace(one)
    for one in (listed, again):
        on_workspace(one)
    back_up = add("backup", safekeeping.backup, "copy the workspace whole, and look at what was written")
    back_up.add_argument("--list", action="store_true", help="list the backups there are, and make none")
    restore = add(
        "restore", safekeeping.restore, "let a backup hold in place of the workspace, kept as a backup itself"
    )
    restore.add_argument("name", metavar="NAME", help="a backup, as `backup --list` names it, or newest")
    restore.add_argument("--yes", action="store_true", help="restore, whatever it would lose")
    for one in (back_up, restore):
        on_workspace(one)
    verify = add("verify", versions.verify, "check that the ledger of the workspace is what was written")
    verify.add_argument("--export", type=Path, metavar="EXPORT", help=_WITNESS)
    on_workspace(verify)
    check = add("check", plans.check, "re-check every rule and cost of an export against its network folder")
    check.add_argument("network", type=Path, metavar="NETWORK")
    check.add_argument("export", type=Path, metavar="EXPORT")
    return parser
