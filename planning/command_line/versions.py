"""Commands about versions of the plan and the ledger that keeps them."""

import argparse
from pathlib import Path

from planning.command_line.console import SHOWN, Commands, progress_on_stderr, say, workspace_of

_WITNESS = "an export folder: what its plan.json says of the ledger must still be in it"


def add_commands(commands: Commands) -> None:
    """Say what the commands of this module are, and what each can be told."""
    commands.add_on_workspace(
        "versions", versions, "list the plan's versions: how far each has come, by whom and why"
    )
    again = commands.add_on_workspace(
        "reproduce", reproduce_version, "make a version again from what it was made from, and compare"
    )
    again.add_argument("version", type=int, metavar="VERSION")
    for verb, step in (("propose", "proposed"), ("approve", "approved"), ("publish", "published")):
        one = commands.add_on_workspace(verb, take_step, f"{verb} a version of the plan")
        one.add_argument("version", type=int, metavar="VERSION")
        one.add_argument("--reason", required=True, help="why; it stands in the ledger")
        one.set_defaults(step=step)
    proof = commands.add_on_workspace(
        "verify", verify, "check that the ledger of the workspace is what was written"
    )
    proof.add_argument("--export", type=Path, metavar="EXPORT", help=_WITNESS)


def versions(options: argparse.Namespace) -> int:
    """List the versions of the plan."""
    from planning.workflows.versions import Shelf, Versions

    with workspace_of(options) as workspace:
        rows = Versions(workspace, Shelf(workspace)).every()
    words = [
        f"v{row['version']} {row['status']} ({row['scenario']}), {row['solved']}, objective "
        f"{row['objective']:,.2f}; {row['actor']}, {row['happened_at']:%Y-%m-%d %H:%M} UTC"
        + (f": {row['reason']}" if row["reason"] else "")
        for row in rows.iter_rows(named=True)
    ]
    say(options, rows.rows(named=True), words or ["no plan yet"])
    return 0


def take_step(options: argparse.Namespace) -> int:
    """Propose, approve or publish a version."""
    with workspace_of(options) as workspace:
        workspace.take_step(options.version, options.step, options.reason)
    say(
        options,
        {"version": options.version, "status": options.step},
        [f"Plan v{options.version} is {options.step}."],
    )
    return 0


def reproduce_version(options: argparse.Namespace) -> int:
    """Make a version again, and compare."""
    from planning.workflows.reproduction import reproduce, reproduction_payload, save_result

    with workspace_of(options) as workspace:
        result = reproduce(reproduction_payload(workspace, options.version), progress_on_stderr())
        told = save_result(workspace, result)
    say(options, {name: getattr(result, name) for name in result.__dataclass_fields__}, [told])
    return 0 if result.same else 3


def verify(options: argparse.Namespace) -> int:
    """Check the ledger."""
    from planning.workflows.versions import ledger_end

    told = None if options.export is None else ledger_end(options.export)
    with workspace_of(options) as workspace:
        end, broken = workspace.ledger_head(), workspace.verify_ledger(told)
    words = [f"entries: {end.count}; last hash: {end.head or 'none'}", f"faults: {broken.height}"]
    words += [f"  entry {seq}: {fault}" for seq, fault in broken.head(SHOWN).iter_rows()]
    if broken.height > SHOWN:
        words.append(f"  … and {broken.height - SHOWN} more; --json lists all")
    found = {"count": end.count, "head": end.head, "faults": broken.rows(named=True)}
    say(options, found, words)
    return 0 if broken.is_empty() else 3
