"""Commands, their words on stdout and stderr, and their exit codes; heavy imports come with the command.

Exit codes: 0 good, 2 bad input, 3 no plan. Progress goes to stderr, the result to stdout.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from planning.configuration import read_configuration
from planning.errors import TaktError

if TYPE_CHECKING:
    from polars import DataFrame

    from planning.domain.plan import Plan
    from planning.store import Workspace
    from planning.workflows.progress import Progress

_Command = Callable[[argparse.Namespace], int]


#: Lines of one kind a person is shown; --json has them all.
_SHOWN, _ASIDE_SHOWN = 20, 5

#: What --people adds to an export folder.
_PEOPLE = (
    "write the files for people, too: plan.xlsx, plan-full.json, decide-by.ics (a calendar) and "
    "schedule.html (to print)"
)

_WHICH = "the plan's version; when left out the published one, or the newest where none is published"
_WITNESS = "an export folder: what its plan.json says of the ledger must still be in it"


_PROFILE = "how another system's file is read: a profile saved on the Signals page, or a file of one (.json)"
_WRITE_PROFILE = "write what the file is taken for as a profile to complete, and import nothing"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    command: _Command = options.command
    try:
        with _only_results_on_stdout():
            return command(options)
    except TaktError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing has been written.\n")
        return 130


@contextmanager
def _only_results_on_stdout() -> Iterator[None]:
    """Send to stderr what libraries print to the process's own stdout: HiGHS greets even when told not to."""
    sys.stdout.flush()
    results = os.dup(1)
    printed, sys.stdout = sys.stdout, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.close()
        sys.stdout = printed
        os.dup2(results, 1)
        os.close(results)


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

    run = add("run", _run, "plan a network folder: folder in, folder out, in memory, also while the app runs")
    run.add_argument("network", type=Path, metavar="NETWORK")
    run.add_argument("--out", type=Path, required=True, metavar="OUT", help="the export folder to write")
    load = add("import", _import, "import a network folder, or let one file join the data, in the workspace")
    load.add_argument("network", type=Path, metavar="NETWORK", help="a folder, or a file of any kind")
    load.add_argument("--profile", metavar="NAME", help=_PROFILE)
    load.add_argument("--replace", action="store_true", help="the file takes the place of all rows there are")
    load.add_argument("--write-profile", type=Path, metavar="FILE", help=_WRITE_PROFILE)
    export = add("export", _export, "write the export folder of a plan in the workspace")
    export.add_argument("--out", type=Path, required=True, metavar="OUT", help="the export folder to write")
    export.add_argument("--version", type=int, help=_WHICH)
    for one in (run, export):
        one.add_argument("--people", action="store_true", help=_PEOPLE)
    for one in (
        load,
        add("forecast", _forecast, "forecast the network in the workspace"),
        add("plan", _plan, "plan the network in the workspace"),
        export,
        add("demo", _demo, "load the demo company and plan it, where the workspace has no plan yet"),
    ):
        on_workspace(one)
    listed = add("versions", _versions, "list the plan's versions: how far each has come, by whom and why")
    again = add("reproduce", _reproduce, "make a version again from what it was made from, and compare")
    again.add_argument("version", type=int, metavar="VERSION")
    for verb, step in (("propose", "proposed"), ("approve", "approved"), ("publish", "published")):
        one = add(verb, _take_step, f"{verb} a version of the plan")
        one.add_argument("version", type=int, metavar="VERSION")
        one.add_argument("--reason", required=True, help="why; it stands in the ledger")
        one.set_defaults(step=step)
        on_workspace(one)
    for one in (listed, again):
        on_workspace(one)
    verify = add("verify", _verify, "check that the ledger of the workspace is what was written")
    verify.add_argument("--export", type=Path, metavar="EXPORT", help=_WITNESS)
    on_workspace(verify)
    check = add("check", _check, "re-check every rule and cost of an export against its network folder")
    check.add_argument("network", type=Path, metavar="NETWORK")
    check.add_argument("export", type=Path, metavar="EXPORT")
    return parser


def _run(options: argparse.Namespace) -> int:
    from planning.workflows.folders import run_folder

    configuration = read_configuration()
    run = run_folder(
        options.network,
        options.out,
        _today(),
        _progress(),
        threads=configuration.threads,
        solver=configuration.solver,
        people=options.people,
    )
    read = {
        row["file"]: {k: v for k, v in row.items() if k != "file"} for row in run.counts.iter_rows(named=True)
    }
    _say(options, dict(run.plan.summary) | {"files": read, "out": str(options.out)}, _plan_words(run.plan))
    return 0


def _import(options: argparse.Namespace) -> int:
    from planning.workflows.network_import import import_folder

    if options.network.is_file():
        return _import_file(options)

    with _workspace(options) as workspace:
        receipt = import_folder(workspace, options.network, _today())
    words = [
        f"Import {receipt.batch} ({receipt.source}): {receipt.outcome}.",
        f"{receipt.rows_in} rows read: {receipt.rows_loaded} loaded, {receipt.rows_kept_aside} kept aside.",
    ]
    _say(options, {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}, words)
    return 0


def _import_file(options: argparse.Namespace) -> int:
    from planning.workflows.file_import import import_file, proposed_profile

    with _workspace(options) as workspace:
        if options.write_profile is not None:
            proposed = proposed_profile(workspace, options.network, _today(), options.profile)
            options.write_profile.write_text(proposed.as_json() + "\n", encoding="utf-8")
            _say(options, {"profile": str(options.write_profile)}, [f"Written to {options.write_profile}."])
            return 0
        mode: Literal["update", "replace"] = "replace" if options.replace else "update"
        done = import_file(workspace, options.network, _today(), options.profile, mode)
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
        *_aside_lines(done.aside),
    ]
    result = vars(total) | {"batch": done.receipt.batch, "outcome": done.receipt.outcome, "tables": tables}
    _say(options, result, words)
    return 0


def _aside_lines(rows: "DataFrame") -> list[str]:
    """The first rows kept aside, with place, reason and remedy."""
    words = [
        f"  {row['file']} line {row['line']}: {row['reason']}. {row['remedy']}"
        for row in rows.head(_ASIDE_SHOWN).iter_rows(named=True)
    ]
    return words + ([f"  … and {rows.height - _ASIDE_SHOWN} more"] if rows.height > _ASIDE_SHOWN else [])


def _forecast(options: argparse.Namespace) -> int:
    from planning.workflows.folders import run_forecast

    with _workspace(options) as workspace:
        methods = run_forecast(workspace, _today(), _progress()).methods
    used = dict(methods.group_by("method").len().sort("method").iter_rows())
    words = [f"{methods.height} series forecast."]
    words += [f"  {count} by {method}" for method, count in used.items()]
    _say(options, {"series": methods.height, "methods": used}, words)
    return 0


def _plan(options: argparse.Namespace) -> int:
    from planning.workflows.folders import plan_workspace

    configuration = read_configuration()
    with _workspace(options) as workspace:
        _, plan = plan_workspace(
            workspace, _today(), _progress(), configuration.threads, configuration.solver
        )
    _say(options, plan.summary, _plan_words(plan))
    return 0


def _export(options: argparse.Namespace) -> int:
    from planning.export import names_of
    from planning.workflows.folders import export_plan

    with _workspace(options) as workspace:
        people = names_of(workspace.load_network(_today())) if options.people else None
        plan = export_plan(workspace, options.out, options.version, people)
    words = [f"Plan v{plan.summary['version']} written to {options.out}."]
    _say(options, {"version": plan.summary["version"], "out": str(options.out)}, words)
    return 0


def _demo(options: argparse.Namespace) -> int:
    from planning.workflows.folders import import_folder, plan_workspace

    configuration = read_configuration()
    with _workspace(options) as workspace:
        newest = workspace.load_plan()
        if newest is None:
            if workspace.load_network() is None:
                import_folder(workspace, configuration.data_folder / "demo", _today())
            _, newest = plan_workspace(
                workspace, _today(), _progress(), configuration.threads, configuration.solver
            )
    _say(options, newest.summary, _plan_words(newest))
    return 0


def _check(options: argparse.Namespace) -> int:
    from planning.workflows.folders import check_export

    violations = check_export(options.network, options.export, _today())
    words = [f"violations: {len(violations)}"]
    words += [f"  {v.rule}, {v.where}: {v.message}" for v in violations[:_SHOWN]]
    if len(violations) > _SHOWN:
        words.append(f"  … and {len(violations) - _SHOWN} more; --json lists all")
    found = [{name: getattr(v, name) for name in v.__dataclass_fields__} for v in violations]
    _say(options, {"violations": found}, words)
    return 3 if violations else 0


def _versions(options: argparse.Namespace) -> int:
    from planning.workflows.versions import Shelf, Versions

    with _workspace(options) as workspace:
        rows = Versions(workspace, Shelf(workspace)).every()
    words = [
        f"v{row['version']} {row['status']} ({row['scenario']}), {row['solved']}, objective "
        f"{row['objective']:,.2f}; {row['actor']}, {row['happened_at']:%Y-%m-%d %H:%M} UTC"
        + (f": {row['reason']}" if row["reason"] else "")
        for row in rows.iter_rows(named=True)
    ]
    _say(options, rows.rows(named=True), words or ["no plan yet"])
    return 0


def _take_step(options: argparse.Namespace) -> int:
    with _workspace(options) as workspace:
        workspace.take_step(options.version, options.step, options.reason)
    _say(
        options,
        {"version": options.version, "status": options.step},
        [f"Plan v{options.version} is {options.step}."],
    )
    return 0


def _reproduce(options: argparse.Namespace) -> int:
    from planning.workflows.reproduction import reproduce, reproduction_payload, save_result

    with _workspace(options) as workspace:
        result = reproduce(reproduction_payload(workspace, options.version), _progress())
        told = save_result(workspace, result)
    _say(options, {name: getattr(result, name) for name in result.__dataclass_fields__}, [told])
    return 0 if result.same else 3


def _verify(options: argparse.Namespace) -> int:
    from planning.workflows.versions import ledger_end

    told = None if options.export is None else ledger_end(options.export)
    with _workspace(options) as workspace:
        end, broken = workspace.ledger_head(), workspace.verify_ledger(told)
    words = [f"entries: {end.count}; last hash: {end.head or 'none'}", f"faults: {broken.height}"]
    words += [f"  entry {seq}: {fault}" for seq, fault in broken.head(_SHOWN).iter_rows()]
    if broken.height > _SHOWN:
        words.append(f"  … and {broken.height - _SHOWN} more; --json lists all")
    found = {"count": end.count, "head": end.head, "faults": broken.rows(named=True)}
    _say(options, found, words)
    return 0 if broken.is_empty() else 3


def _plan_words(plan: "Plan") -> list[str]:
    """What a planner wants to know of a plan before opening it."""
    summary = plan.summary
    kpis, currency = summary["kpis"], summary["policy"]["currency"]
    money = summary["objective"] - summary["costs"]["priority"]
    promised = plan["promises"].height > 0
    on_time = f"{kpis['on_time_share']:.1%} of confirmed units" if promised else "no confirmed orders"
    words = [
        f"status: {summary['status']}; cost {money:,.2f} {currency}",
        f"objective {summary['objective']:,.2f} (cost and the weight of urgent orders), "
        f"bound {summary['bound']:,.2f}, gap {summary['gap']:.2%}",
        f"on time: {on_time}; "
        f"late {kpis['late_unit_weeks']:,.0f} unit-weeks; refused {kpis['refused_units']:,.0f} units",
        f"robots on rent at the peak: {kpis['peak_robots_on_rent']}; "
        f"decisions on rent: {plan['rentals'].height}",
        *_aside_words(plan),
        f"violations: {summary['checker']['violations']}",
    ]
    words += [
        f"relaxed: {row['rule']} {row['factory'] or ''} {row['amount']:g}" for row in summary["relaxed"]
    ]
    return words + [f"assumed: {line}" for line in summary["assumed"]]


def _aside_words(plan: "Plan") -> list[str]:
    """How many rows were kept aside, and the first of them with place and reason."""
    rows = plan["rejected_rows"]
    words = [f"rows kept aside: {rows.height}"]
    for row in rows.head(_ASIDE_SHOWN).iter_rows(named=True):
        words.append(f"  {row['file']} line {row['line']}: {row['reason']}")
    if rows.height > _ASIDE_SHOWN:
        words.append(f"  … and {rows.height - _ASIDE_SHOWN} more in rejected_rows.csv")
    return words


def _say(options: argparse.Namespace, result: Any, words: Sequence[str]) -> None:
    text = json.dumps(result, default=str, ensure_ascii=False) if options.json else "\n".join(words)
    sys.stdout.write(text + "\n")


def _progress() -> "Callable[[Progress], None]":
    """Progress on stderr: a line whenever the stage or the gap changes."""
    last: list[str] = [""]

    def report(progress: "Progress") -> None:
        stage = progress.stage if not progress.stage.startswith("Forecasting") else "Forecasting"
        gap = "" if progress.gap is None else f", gap {progress.gap:.1%}"
        line = stage + gap
        if line != last[0]:
            last[0] = line
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    return report


@contextmanager
def _workspace(options: argparse.Namespace) -> "Iterator[Workspace]":
    from planning.store import Workspace

    configuration = read_configuration()
    with Workspace.open(options.workspace or configuration.database, configuration.planner) as workspace:
        yield workspace


def _today() -> date:
    return datetime.now().astimezone().date()
