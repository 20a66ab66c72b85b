"""Commands that forecast, plan, check and export."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from planning.command_line import console
from planning.command_line.console import (
    SHOWN,
    Commands,
    progress_on_stderr,
    say,
    stopped_by_keyboard,
    workspace_of,
)
from planning.configuration import read_configuration

if TYPE_CHECKING:
    from planning.domain.plan import Plan
    from planning.store import Workspace

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


def add_commands(commands: Commands) -> None:
    """Say what the commands of this module are, and what each can be told."""
    folder = commands.add(
        "run",
        run,
        "plan a network folder: folder in, folder out, in memory, also while the app runs; Ctrl-C ends it "
        "with the best plan by then",
    )
    folder.add_argument("network", type=Path, metavar="NETWORK")
    folder.add_argument("--out", type=Path, required=True, metavar="OUT", help="the export folder to write")
    commands.add_on_workspace("forecast", forecast, "forecast the network in the workspace")
    commands.add_on_workspace(
        "plan", plan, "plan the network in the workspace; Ctrl-C ends it with the best plan by then"
    )
    stored = commands.add_on_workspace("export", export, "write the export folder of a plan in the workspace")
    stored.add_argument("--out", type=Path, required=True, metavar="OUT", help="the folder, or zip, to write")
    stored.add_argument("--version", type=int, help=_WHICH)
    stored.add_argument("--everything", action="store_true", help=_EVERYTHING)
    for one in (folder, stored):
        one.add_argument("--people", action="store_true", help=_PEOPLE)
        one.add_argument("--csv", choices=("comma", "semicolon"), default="comma", help=_CSV)
    commands.add_on_workspace(
        "demo", demo, "load the demo company and plan it, where the workspace has no plan yet"
    )
    again = commands.add(
        "check", check, "re-check every rule and cost of an export against its network folder"
    )
    again.add_argument("network", type=Path, metavar="NETWORK")
    again.add_argument("export", type=Path, metavar="EXPORT")


def run(options: argparse.Namespace) -> int:
    """Plan a folder into a folder."""
    from planning.present.terminal import plan_lines
    from planning.workflows.folders import run_folder

    configuration = read_configuration()
    with stopped_by_keyboard() as stopped:
        run = run_folder(
            options.network,
            options.out,
            console.today(),
            progress_on_stderr(),
            stopped,
            threads=configuration.threads,
            solver=configuration.solver,
            people=options.people,
            semicolons=options.csv == "semicolon",
        )
    read = {
        row["file"]: {k: v for k, v in row.items() if k != "file"} for row in run.counts.iter_rows(named=True)
    }
    say(options, dict(run.plan.summary) | {"files": read, "out": str(options.out)}, plan_lines(run.plan))
    return 0


def forecast(options: argparse.Namespace) -> int:
    """Forecast the network in the workspace."""
    from planning.workflows.folders import run_forecast

    with workspace_of(options) as workspace:
        methods = run_forecast(workspace, console.today(), progress_on_stderr()).methods
    used = dict(methods.group_by("method").len().sort("method").iter_rows())
    words = [f"{methods.height} series forecast."]
    words += [f"  {count} by {method}" for method, count in used.items()]
    say(options, {"series": methods.height, "methods": used}, words)
    return 0


def plan(options: argparse.Namespace) -> int:
    """Plan the network in the workspace."""
    from planning.present.terminal import plan_lines

    with workspace_of(options) as workspace:
        plan = _planned(workspace)
    say(options, plan.summary, plan_lines(plan))
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the export folder of a plan, or everything there is."""
    from planning.export import names_of
    from planning.workflows.everything import write_everything
    from planning.workflows.folders import export_plan

    if options.everything:
        with workspace_of(options) as workspace:
            size = write_everything(workspace, options.out, console.today())
        say(options, {"out": str(options.out), "bytes": size}, [f"Written to {options.out}: {size:,} bytes."])
        return 0
    with workspace_of(options) as workspace:
        people = names_of(workspace.load_network(console.today())) if options.people else None
        plan = export_plan(
            workspace, options.out, options.version, people, semicolons=options.csv == "semicolon"
        )
    words = [f"Plan v{plan.summary['version']} written to {options.out}."]
    say(options, {"version": plan.summary["version"], "out": str(options.out)}, words)
    return 0


def demo(options: argparse.Namespace) -> int:
    """Load the demo company and plan it, where there is no plan yet."""
    from planning.present.terminal import plan_lines
    from planning.workflows.folders import import_folder

    configuration = read_configuration()
    with workspace_of(options) as workspace:
        newest = workspace.load_plan()
        if newest is None:
            if workspace.load_network() is None:
                if "workspace started anew" in workspace.ledger()["kind"]:
                    say(options, {}, ["The workspace was started anew: the app offers the ways in."])
                    return 0
                import_folder(workspace, configuration.data_folder / "demo", console.today())
            newest = _planned(workspace)
    say(options, newest.summary, plan_lines(newest))
    return 0


def _planned(workspace: "Workspace") -> "Plan":
    """The plan of the workspace's network, or the best by the time Ctrl-C was pressed; stored."""
    from planning.workflows.folders import plan_workspace

    configuration = read_configuration()
    with stopped_by_keyboard() as stopped:
        return plan_workspace(
            workspace,
            console.today(),
            progress_on_stderr(),
            stopped,
            configuration.threads,
            configuration.solver,
        )[1]


def check(options: argparse.Namespace) -> int:
    """Re-check an export."""
    from planning.workflows.folders import check_export

    violations = check_export(options.network, options.export, console.today())
    words = [f"violations: {len(violations)}"]
    words += [f"  {v.rule}, {v.where}: {v.message}" for v in violations[:SHOWN]]
    if len(violations) > SHOWN:
        words.append(f"  … and {len(violations) - SHOWN} more; --json lists all")
    found = [{name: getattr(v, name) for name in v.__dataclass_fields__} for v in violations]
    say(options, {"violations": found}, words)
    return 3 if violations else 0
