"""Everything of a workspace as one zip that needs no Takt to be read, and that plans again to the same."""

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import polars as pl

from planning.errors import Fault, InputError
from planning.export import plan_files
from planning.export.folder import csv_bytes
from planning.present import scenario_words
from planning.store import Scenario, Workspace
from planning.workflows.versions import Shelf, Versions

_README = """\
Everything of a Takt workspace, {day}. Every file is plain text: CSV (UTF-8, commas, decimal dots, dates as
year-month-day) or JSON.

network/        the data that hold, file by file as they came in, overrides among them; published/ in it is
                the plan the company works to. `python -m planning run network --out out` plans it again to
                the same; where settings.csv says no as_of, it is of the day it is run on.
kept-aside/     rows that are in no plan, with file, line and reason: of the network, and of uploads.
plans/          an export folder for every version, with plan.json; versions.csv has how far each has come,
                steps.csv who decided what, when and why.
scenarios/      scenarios.csv, and what each changes, in order: in words, and for machines.
forecast/       the newest forecast by week, how each series was made, and of every earlier start week the
                last one.
imports.csv     every import, when, by whom, what it did, and whether it holds.
put-off.csv     decisions that wait until a day.
profiles.json   how files of other systems are read.
ledger.csv      every entry: seq, happened_at (UTC), kind, actor, detail, prev_hash, hash.

The ledger has {count} entries; the hash of the last one is {head}.
"""


def everything_zip(workspace: Workspace, today: date) -> bytes:
    """`write_everything` in memory."""
    buffer = io.BytesIO()
    _write(workspace, buffer, today)
    return buffer.getvalue()


def write_everything(workspace: Workspace, out: Path, today: date) -> int:
    """Write everything a workspace holds into one zip, as it is at one moment; returns its size in bytes.

    A process killed before this returns leaves what was at `out`, or the zip, each whole.

    Raises
    ------
    InputError
        `out` is there already and is no zip, or cannot be written.
    """
    if out.exists() and not zipfile.is_zipfile(out):
        reason = "is there already and is no zip"
        raise InputError([Fault(str(out), reason, "Name another file, such as everything.zip.")])
    new = out.with_name(f".{out.name}.takt-new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            _write(workspace, file, today)
        size = new.stat().st_size
        new.replace(out)
    except OSError as error:
        raise InputError(
            [Fault(str(out), f"cannot be written ({error.strerror})", "Name another.")]
        ) from error
    finally:
        new.unlink(missing_ok=True)
    return size


def _write(workspace: Workspace, file: IO[bytes], today: date) -> None:
    with _at_one_moment(workspace) as still, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(still, today):
            archive.writestr(name, content)


@contextmanager
def _at_one_moment(workspace: Workspace) -> Iterator[Workspace]:
    """The workspace as it is now, whatever planners do meanwhile."""
    beside, own = workspace.path.parent, f".takt-{os.getpid()}-"
    # One process has the workspace: what another one began to copy, nobody needs any more.
    for left in beside.glob(".takt-[0-9]*-*"):
        if not left.name.startswith(own):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=own, dir=beside))
    try:
        with Workspace.open(workspace.copy_to(folder / "takt.duckdb")) as still:
            yield still
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files(workspace: Workspace, today: date) -> Iterator[tuple[str, bytes]]:
    end = workspace.ledger_head()
    yield "README.txt", _README.format(day=today, count=end.count, head=end.head or "none").encode()
    yield from _network(workspace)
    yield "kept-aside/network.csv", csv_bytes(workspace.rejected())
    yield "kept-aside/uploads.csv", csv_bytes(workspace.read_files.aside())
    yield from _plans(workspace)
    yield from _scenarios(workspace.scenarios())
    yield from _forecasts(workspace)
    yield "imports.csv", csv_bytes(workspace.import_history().drop("can_undo", "can_redo", "stated"))
    yield "put-off.csv", csv_bytes(workspace.decisions.waiting())
    yield "given-to.csv", csv_bytes(workspace.decisions.assigned())
    profiles = [json.loads(profile.as_json()) for profile in workspace.read_files.profiles()]
    yield "profiles.json", _json(profiles)
    yield "ledger.csv", csv_bytes(workspace.ledger())


def _network(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """The files that hold, and beside them the published plan: the workspace's own, else the one given."""
    held = workspace.held_files()
    yield from ((f"network/{name}", data) for name, data in held.files.items())
    version = workspace.published_version()
    plan = None if version is None else workspace.load_plan(version)
    published = held.published if plan is None else plan_files(plan)
    yield from ((f"network/published/{name}", data) for name, data in published.items())


def _plans(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    rows = Versions(workspace, Shelf(workspace)).every()
    yield "plans/versions.csv", csv_bytes(rows)
    yield "plans/steps.csv", csv_bytes(workspace.plan_steps())
    for version in rows["version"].sort():
        plan = workspace.load_plan(version)
        if plan is not None:
            yield from ((f"plans/v{version}/{name}", data) for name, data in plan_files(plan).items())


def _scenarios(scenarios: list[Scenario]) -> Iterator[tuple[str, bytes]]:
    rows = [(one.name, one.created_at, one.actor, one.status, one.revision) for one in scenarios]
    columns = ["scenario", "created_at", "actor", "status", "revision"]
    yield "scenarios/scenarios.csv", csv_bytes(pl.DataFrame(rows, schema=columns, orient="row"))
    changes = [
        {"scenario": one.name, "place": place, "kind": type(change).__name__}
        | {"words": scenario_words.told(change), "change": json.dumps(vars(change), default=str)}
        for one in scenarios
        for place, change in enumerate(one.changes, start=1)
    ]
    schema = dict.fromkeys(("scenario", "kind", "words", "change"), pl.String()) | {"place": pl.Int64()}
    yield "scenarios/changes.csv", csv_bytes(pl.DataFrame(changes, schema=schema))


def _forecasts(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    stored = workspace.load_forecast()
    if stored is None:
        return
    yield "forecast/newest.csv", csv_bytes(stored.forecast.quantiles)
    yield "forecast/methods.csv", csv_bytes(stored.forecast.methods)
    yield "forecast/earlier.csv", csv_bytes(workspace.past_forecasts())


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
