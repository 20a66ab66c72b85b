"""A desk with values instead of a workspace and a worker, for the tests of pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.store import Basis, ImportReceipt, OutOfTurnError, Scenario, Step, StoredForecast, no_origins
from planning.store.decisions import SaidMeanwhileError
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.jobs import Board, JobRunningError, JobView
from planning.workflows.live_record import LiveRecord
from planning.workflows.opened import Opened
from planning.workflows.outlook import Outlook, outlook_of
from planning.workflows.overruling import Draft, no_record
from planning.workflows.versions import NEXT
from tests.builders.plans import a_plan, rejected_rows

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class StandInUploads:
    """Nothing came in; what is undone is noted."""

    def __init__(self) -> None:
        self.undone: list[int] = []

    def undo(self, batch: int) -> None:
        self.undone.append(batch)

    def history(self) -> pl.DataFrame:
        return pl.DataFrame()

    def aside_while_reading(self) -> pl.DataFrame:
        texts = ("file", "line", "column", "value", "reason", "remedy", "raw")
        return pl.DataFrame(schema=dict.fromkeys(texts, pl.String) | {"line": pl.Int64})

    def origins(self) -> pl.DataFrame:
        return no_origins()

    def since(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"file": pl.String, "imported_at": pl.Datetime("us")})


@dataclass
class StandInVersions:
    """One version, with a status a test sets; what is decided about it is noted."""

    now: str = "published"
    refusal: str = ""
    taken: list[tuple[int, str, str]] = field(default_factory=list)

    def status(self, _version: int) -> str:
        return self.now

    def next_step(self, _version: int) -> Step | None:
        return NEXT.get(self.now)

    def published(self) -> int | None:
        return None

    def publications(self) -> int:
        return 0

    def take(self, version: int, step: Step, reason: str, _seen: int | None = None) -> None:
        if self.refusal:
            raise OutOfTurnError(self.refusal)
        self.taken.append((version, step, reason))
        self.now = step

    def every(self) -> pl.DataFrame:
        row = {"version": 3, "scenario": "base", "status": self.now, "solved": "gap", "objective": 1e6}
        more = {"gap": 0.01, "happened_at": NOON.replace(tzinfo=None), "actor": "Ana", "reason": "the fair"}
        return pl.DataFrame([row | more])

    def steps(self, _version: int) -> pl.DataFrame:
        return self.every().select("happened_at", "actor", "reason", step="status")

    def basis(self, _version: int) -> Basis | None:
        return Basis(1, NOON.date(), "0.1.0+abc")

    def plan(self, version: int) -> Plan | None:
        return a_plan(version)


@dataclass
class StandInDeciding:
    """What was decided about decisions, as the ledger would have it."""

    planner: str = "Ana"
    off: list[dict[str, Any]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    done: list[dict[str, Any]] = field(default_factory=list)
    spoken: int = 0

    def last_word(self, _action: str) -> int:
        return self.spoken

    def _refuse_unseen(self, seen: int | None) -> None:
        if seen is not None and seen != self.spoken:
            raise SaidMeanwhileError("Ben gave it to Eva since you looked, so nothing was changed.")

    def put_off(self, action: str, until: date, reason: str = "", seen: int | None = None) -> None:
        self._refuse_unseen(seen)
        self.off.append({"action": action, "until": until, "actor": "Ana", "reason": reason})

    def waiting(self) -> pl.DataFrame:
        texts = dict.fromkeys(("action", "actor", "reason"), pl.String)
        return pl.DataFrame(self.off, schema=texts | {"until": pl.Date})

    def assign(self, action: str, _what: str, to: str, seen: int | None = None) -> None:
        self._refuse_unseen(seen)
        self.given |= {action: to}

    def assigned(self) -> pl.DataFrame:
        rows = [(action, to) for action, to in self.given.items() if to]
        return pl.DataFrame(rows, schema={"action": pl.String, "assignee": pl.String}, orient="row")

    def note_accepted(self, action: str, what: str, why: str) -> None:
        self.done.append(
            {
                "action": action,
                "what": what,
                "reason": why,
                "actor": "Ana",
                "happened_at": NOON.replace(tzinfo=None),
            }
        )

    def accepted(self) -> pl.DataFrame:
        texts = dict.fromkeys(("action", "what", "reason", "actor"), pl.String)
        return pl.DataFrame(self.done[::-1], schema=texts | {"happened_at": pl.Datetime("us")})


@dataclass
class StandInOpenings:
    """Older versions a test keeps."""

    kept: dict[int, Opened] = field(default_factory=dict)

    def version(self, version: int) -> Opened | None:
        return self.kept.get(version)


class StandInScenarios:
    """Nobody has tried anything yet."""

    def open(self) -> list[Scenario]:
        return []


class StandInFirstRun:
    """Nothing was brought in yet."""

    def load_demo(self) -> None:
        raise AssertionError("nobody asked for it")


class StandInTour:
    """The company shown is not the demo: there is no tour."""

    def is_here(self) -> bool:
        return False

    def is_on(self) -> bool:
        return False


@dataclass
class StandInDesk:
    """A desk with values instead of a workspace and a worker."""

    shown: Plan | None = None
    held: Network | None = None
    stale: bool = False
    earlier: Plan | None = None
    work: JobView | None = None
    others: tuple[JobView, ...] = ()
    forecasted: StoredForecast | None = None
    aside: int = 0
    refusal: str = ""
    started: int = 0
    cancelled: list[str] = field(default_factory=list)
    uploads: StandInUploads = field(default_factory=StandInUploads)
    judged: pl.DataFrame = field(default_factory=no_record)
    lived: LiveRecord | None = None
    saved: list[Draft] = field(default_factory=list)
    versions: StandInVersions = field(default_factory=StandInVersions)
    scenarios: StandInScenarios = field(default_factory=StandInScenarios)
    opened: StandInOpenings = field(default_factory=StandInOpenings)
    to_order: pl.DataFrame = field(default_factory=pl.DataFrame)
    ordered: list[str] = field(default_factory=list)
    first_run: StandInFirstRun = field(default_factory=StandInFirstRun)
    tour: StandInTour = field(default_factory=StandInTour)
    deciding: StandInDeciding = field(default_factory=StandInDeciding)

    def plan(self) -> Plan | None:
        return self.shown

    def network(self) -> Network | None:
        return self.held

    def today(self) -> date:
        return NOON.date()

    def is_stale(self) -> bool:
        return self.stale

    def previous_plan(self) -> Plan | None:
        return self.earlier

    def previous_version(self) -> int | None:
        return None if self.earlier is None else self.earlier.summary["version"]

    def forecast(self) -> StoredForecast | None:
        return self.forecasted

    def outlook(self) -> Outlook | None:
        return None if self.held is None else outlook_of(self.held, self.forecasted)

    def look_back(self) -> LiveRecord | None:
        return self.lived

    def override_record(self) -> pl.DataFrame:
        return self.judged

    def save_overrides(self, draft: Draft) -> ImportReceipt:
        if self.refusal:
            raise ChangedMeanwhileError(self.refusal)
        self.saved.append(draft)
        rows = draft.rows.height
        return ImportReceipt(2, "overrides.csv", "imported", rows, rows, 0)

    def kept_aside(self) -> pl.DataFrame:
        return rejected_rows(self.aside)

    def job(self) -> JobView | None:
        return self.work

    def board(self) -> Board:
        jobs = [job for job in (self.work, *self.others) if job is not None]
        return Board(
            tuple(job for job in jobs if job.is_active), tuple(job for job in jobs if not job.is_active)
        )

    def start_replan(self) -> str:
        if self.refusal:
            raise JobRunningError(self.refusal)
        self.started += 1
        self.work = a_job("running", stage="forecasting", fraction=0.2)
        return self.work.id

    def start_forecast(self) -> str:
        if self.refusal:
            raise JobRunningError(self.refusal)
        self.started += 1
        self.work = a_job("running", kind="forecast", title="Forecast", stage="forecasting", fraction=0.2)
        return self.work.id

    def orderable(self, _version: int) -> pl.DataFrame:
        return self.to_order

    def approve_rentals(self, _version: int, contracts: Any, notices: Any = ()) -> ImportReceipt:
        self.ordered += [*contracts, *(contract for contract, _, _ in notices)]
        return ImportReceipt(2, "contracts.csv", "imported", len(contracts), len(contracts), 0)

    def cancel(self, job_id: str) -> None:
        self.cancelled.append(job_id)

    def everything_zip(self) -> bytes:
        return b"zip of everything"

    def export_zip(self, version: int, *, semicolons: bool = False) -> bytes:
        return (b"semicolons of " if semicolons else b"zip of ") + str(version).encode()

    def export_workbook(self, version: int) -> bytes:
        return b"workbook of " + str(version).encode()

    def export_json(self, version: int) -> bytes:
        return b"JSON of " + str(version).encode()

    def export_dates(self, version: int) -> bytes:
        return b"dates of " + str(version).encode()

    def export_day_sheets(self, version: int, factories: Any = (), days: Any = ()) -> bytes:
        return f"day sheets of {version} {sorted(factories)} {sorted(days)}".encode()


def a_job(status: Any, **more: Any) -> JobView:
    known: dict[str, Any] = {"id": "job-1", "kind": "plan", "title": "Planning run", "submitted_at": NOON}
    return JobView(**known | more, status=status)


def visit(page: str, **query: str | list[str]) -> AppTest:
    """A page drawn without a browser, at its address with these filters."""
    drawn = AppTest.from_string(f"from pages import {page}\n{page}.show()", default_timeout=30)
    for name, value in query.items():
        drawn.query_params[name] = value
    drawn.run()
    assert not drawn.exception
    return drawn


def said(page: AppTest) -> str:
    """Every word on the page outside tables."""
    headings = (page.title, page.header, page.subheader)
    elements = (page.markdown, page.caption, page.info, page.warning, page.error, *headings)
    return "\n".join(str(element.value) for group in elements for element in group)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def table(page: AppTest, column: str) -> Any:
    """The table that has this column."""
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)
