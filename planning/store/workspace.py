"""The workspace: everything Takt remembers, in one database file with one owner."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.scenario import Change
from planning.signals import Folder
from planning.signals.folder import Contents
from planning.store import (
    imports,
    jobs,
    ledger,
    meanwhile,
    networks,
    origins,
    runs,
    scenarios,
    uploads,
    versions,
)
from planning.store.backups import Backups
from planning.store.clock import utc_now
from planning.store.database import Database
from planning.store.decisions import Decisions
from planning.store.imports import ImportReceipt
from planning.store.jobs import Job
from planning.store.ledger import LedgerHead
from planning.store.migrate import migrate
from planning.store.read_files import ReadFiles
from planning.store.runs import PlanVersion, StoredForecast
from planning.store.scenarios import Promotion, Scenario
from planning.store.tour import TourRecord
from planning.store.uploads import HeldFile, HeldFiles, UploadRecord
from planning.store.versions import BASE, Basis, Step

if TYPE_CHECKING:
    from planning.forecast import Forecast

PLANNER = "planner"


class Workspace:
    """One owner of one database file; every method may be called from any thread.

    Readers see one state each, whatever is written meanwhile. Writers take turns; what a method has
    returned from is on disk, and what it has not returned from is there whole or not at all.
    """

    def __init__(self, database: Database, planner: str = PLANNER) -> None:
        self._database, self._planner = database, planner
        self.decisions = Decisions(database, planner)
        self.read_files = ReadFiles(database)

    @classmethod
    def open(cls, database: Path, planner: str = PLANNER) -> "Workspace":
        """Open the workspace in the file `database`, creating it where there is none.

        What is done is done by `planner`, where a method is not told otherwise.

        Raises
        ------
        WorkspaceBusyError
            Another process, or another workspace of this one, holds the file; names the process.
        ConfigurationError
            The file cannot be opened, is no database, or is of another version of Takt.
        """
        opened = Database.open(database)
        try:
            migrate(opened)
            with opened.writing() as session:
                jobs.end_orphans(session)
        except BaseException:
            opened.close()
            raise
        return cls(opened, planner)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def close(self) -> None:
        """Give the file up, after what is being written."""
        self._database.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record_import(
        self, source: str, folder: Folder, network: Network, actor: str | None = None
    ) -> ImportReceipt:
        """Store a network folder; it holds in place of the one before. See `imports.record_network`."""
        with self._database.writing() as session:
            return imports.record_network(session, source, folder, network, actor or self._planner)

    def record_folder(
        self, source: str, contents: Contents, today: date, actor: str | None = None
    ) -> ImportReceipt:
        """Read a network folder and store it, files of any length. See `imports.record_folder`."""
        with self._database.writing() as session:
            return imports.record_folder(session, source, contents, today, actor or self._planner)

    def undo(self, batch: int, actor: str | None = None) -> bool:
        """Take an import out, so that the one before it holds again; whether that changed anything."""
        with self._database.writing() as session:
            return imports.undo(session, batch, actor or self._planner)

    def redo(self, batch: int, actor: str | None = None) -> bool:
        """Take an undone import back in; whether that changed anything."""
        with self._database.writing() as session:
            return imports.redo(session, batch, actor or self._planner)

    def imports(self) -> pl.DataFrame:
        """Every import, the latest first: batch, kind, source, imported_at (UTC), status and row counts."""
        with self._database.reading() as session:
            return session.read("imports")

    def record_upload(
        self, folder: Folder, network: Network, upload: UploadRecord, on: int | None, actor: str | None = None
    ) -> ImportReceipt:
        """Store the network an upload makes of the import `on`. See `uploads.record_upload`."""
        with self._database.writing() as session:
            return uploads.record_upload(session, folder, network, upload, on, actor or self._planner)

    def holding(self) -> int | None:
        """The import that holds; None before the first one."""
        with self._database.reading() as session:
            return uploads.holding(session)

    def step_back(self, batch: int, actor: str | None = None) -> None:
        """Undo the import that holds; refused where `batch` is not it any more."""
        with self._database.writing() as session:
            uploads.step_back(session, batch, actor or self._planner)

    def step_forward(self, batch: int, actor: str | None = None) -> None:
        """Redo what was undone last; refused where `batch` is not it any more."""
        with self._database.writing() as session:
            uploads.step_forward(session, batch, actor or self._planner)

    def held_files(self, batch: int | None = None) -> HeldFiles:
        """The files of the network that holds, or of import `batch`."""
        with self._database.reading() as session:
            return uploads.held_files(session, batch)

    def held_file(self, file: str, batch: int | None = None) -> HeldFile:
        """One file of the network that holds, or of import `batch`."""
        with self._database.reading() as session:
            return uploads.held_file(session, file, batch)

    def table_edits(self) -> pl.DataFrame:
        """Every edit of a table by hand, the latest first: happened_at (UTC), actor, what it did and why."""
        with self._database.reading() as session:
            return session.read("table_edits")

    def meanwhile(self, on: int | None = None, of: str | None = None) -> str:
        """Who changed the data since import `on`, or the network of hash `of`. See `meanwhile`."""
        with self._database.reading() as session:
            return meanwhile.data_changes(session, on, of)

    def row_origins(self, table: str, key: str, id: str) -> pl.DataFrame:
        """Where the rows of a table with this id came from. See `origins.row_origins`."""
        with self._database.reading() as session:
            return origins.row_origins(session, table, key, id)

    def files_since(self) -> pl.DataFrame:
        """Each file of the network that holds (file) and when it came in as it is (imported_at, UTC)."""
        with self._database.reading() as session:
            return session.read("files_since")

    def looks_at(self, file: str) -> list[tuple[datetime, bytes]]:
        """Each content `file` has had while it held, with when it came first (UTC), the earliest first."""
        with self._database.reading() as session:
            return uploads.looks_at(session, file)

    def import_history(self) -> pl.DataFrame:
        """Every import, the latest first: when, who, what it did, and whether it can be undone or redone."""
        with self._database.reading() as session:
            return uploads.history(session)

    def origins(self) -> pl.DataFrame:
        """Where rows kept aside of the network that holds stood in uploads. See `uploads.ORIGINS`."""
        with self._database.reading() as session:
            return uploads.origins(session)

    def load_network(self, today: date | None = None, batch: int | None = None) -> Network | None:
        """The network that holds, or of import `batch`, as `validate` gave it; None before the first import.

        Parameters
        ----------
        today : as_of where settings.csv gives none; what it was on import when None.
        """
        with self._database.reading() as session:
            return networks.load(session, today, batch)

    def network_hash(self) -> str | None:
        """`input_hash` of the network that holds: what a plan or forecast with another one is stale to."""
        with self._database.reading() as session:
            return networks.network_hash(session)

    def rejected(self) -> pl.DataFrame:
        """Rows kept aside of the network that holds, as the export table rejected_rows."""
        with self._database.reading() as session:
            return networks.rejected(session)

    def save_forecast(
        self, input_hash: str, forecast: "Forecast", actor: str | None = None, scenario: str = BASE
    ) -> int:
        """Store a forecast made from the network `input_hash`; what comes back is its number."""
        with self._database.writing() as session:
            return runs.save_forecast(session, input_hash, forecast, actor or self._planner, scenario)

    def forecast_number(self) -> int | None:
        """Number of the latest forecast, without reading it; None where there is none."""
        with self._database.reading() as session:
            return runs.forecast_number(session)

    def forecast_runs(self) -> pl.DataFrame:
        """Every forecast: forecast, created_at (UTC), input_hash, batch (the import it was made from)."""
        with self._database.reading() as session:
            return session.read("forecast_runs")

    def load_forecast(self, number: int | None = None) -> StoredForecast | None:
        """A forecast by its number, the latest when None; None where there is none."""
        with self._database.reading() as session:
            return runs.load_forecast(session, number)

    def overruled(self) -> pl.DataFrame:
        """What Takt's forecast said where there are overrides. See `runs.overruled`."""
        with self._database.reading() as session:
            return runs.overruled(session)

    def outcomes(self) -> pl.DataFrame:
        """What was found of every series of the latest forecast; none before the first one."""
        with self._database.reading() as session:
            return runs.outcomes(session)

    def past_forecasts(self) -> pl.DataFrame:
        """Of every start week the last forecast, as `runs.past_forecasts`."""
        with self._database.reading() as session:
            return runs.past_forecasts(session)

    def save_plan(
        self,
        plan: Plan,
        network_hash: str,
        scenario: str = BASE,
        actor: str | None = None,
        basis: Basis | None = None,
    ) -> PlanVersion:
        """Store a plan made from the network `network_hash` as the next version."""
        with self._database.writing() as session:
            return runs.save_plan(session, plan, network_hash, scenario, actor or self._planner, basis)

    def load_plan(self, version: int | None = None) -> Plan | None:
        """A plan by its version, else the latest of no scenario; its summary tells version and ledger."""
        with self._database.reading() as session:
            return runs.load_plan(session, version)

    def plans(self, scenario: str | None = BASE) -> pl.DataFrame:
        """Plans, the latest first: version, run, scenario, created_at (UTC), network_hash, figures.

        Parameters
        ----------
        scenario : whose; every plan there is when None.
        """
        with self._database.reading() as session:
            return session.read("plans", scenario=scenario)

    def basis(self, version: int) -> Basis | None:
        """What a version was made from; None where it is from before that was kept."""
        with self._database.reading() as session:
            return versions.load_basis(session, version)

    def plan_steps(self) -> pl.DataFrame:
        """Every step of every version. See `versions.steps`."""
        with self._database.reading() as session:
            return versions.steps(session)

    def standing(self) -> pl.DataFrame:
        """How far each version has come, since when, by whom and why. See `versions.standing`."""
        with self._database.reading() as session:
            return versions.standing(session)

    def published_version(self) -> int | None:
        """The version that is published; None where none is."""
        with self._database.reading() as session:
            return versions.published_version(session)

    def take_step(
        self, version: int, step: Step, reason: str, actor: str | None = None, seen: int | None = None
    ) -> None:
        """Propose, approve or publish a version. See `versions.take_step`."""
        with self._database.writing() as session:
            versions.take_step(session, version, step, actor or self._planner, reason, seen)

    def publications(self) -> int:
        """How many plans have been published so far, the same one counted again."""
        with self._database.reading() as session:
            return session.read("publications").height

    def says_itself(self, version: int, made_from: str, holds: str) -> bool:
        """Whether the data changed only by rentals this version asked for. See `versions.says_itself`."""
        with self._database.reading() as session:
            return versions.says_itself(session, version, made_from, holds)

    def order_rentals(
        self, version: int, folder: Folder, network: Network, upload: UploadRecord, on: int | None
    ) -> ImportReceipt:
        """Import the contracts of rentals version `version` asks for. See `versions.order_rentals`."""
        with self._database.writing() as session:
            return versions.order_rentals(session, version, folder, network, upload, on, self._planner)

    def roll_week(  # noqa: PLR0917 - which plan and week, what comes in, and what it was previewed on
        self, version: int, week: date, folder: Folder, network: Network, upload: UploadRecord, on: int | None
    ) -> ImportReceipt:
        """Import what `week`, worked to version `version`, became. See `versions.roll_week`."""
        with self._database.writing() as session:
            return versions.roll_week(session, version, week, folder, network, upload, on, self._planner)

    def scenarios(self) -> list[Scenario]:
        """Every scenario, the newest first."""
        with self._database.reading() as session:
            return scenarios.every(session)

    def make_scenario(self, name: str, of: str = BASE) -> None:
        """Duplicate the base or a scenario under another name. See `scenarios.make`."""
        with self._database.writing() as session:
            scenarios.make(session, name, of, self._planner)

    def change_scenario(self, name: str, changes: Sequence[Change], on: int) -> None:
        """Let a scenario say these changes, typed on revision `on`. See `scenarios.change`."""
        with self._database.writing() as session:
            scenarios.change(session, name, changes, on, self._planner)

    def scenario_changed_by(self, name: str) -> str:
        """Who changed a scenario last."""
        with self._database.reading() as session:
            return scenarios.last_actor(session, name)

    def discard_scenario(self, name: str, on: int) -> None:
        """Put a scenario away as it was at revision `on`; its plans stay. See `scenarios.discard`."""
        with self._database.writing() as session:
            scenarios.discard(session, name, on, self._planner)

    def promote(self, promotion: Promotion, reason: str) -> PlanVersion:
        """Let a scenario's changes hold, and its plan be proposed. See `scenarios.promote`."""
        with self._database.writing() as session:
            return scenarios.promote(session, promotion, reason, self._planner)

    def note_reproduction(self, version: int, same: bool) -> None:
        """Keep in the ledger that a version was made again, and whether it came out the same."""
        with self._database.writing() as session:
            ledger.note(session, "plan reproduced", self._planner, {"version": version, "same": same})

    def save_job(self, job: Job) -> None:
        """Keep how a job stands."""
        with self._database.writing() as session:
            jobs.save(session, job)

    def jobs(self) -> list[Job]:
        """Every job, the latest first."""
        with self._database.reading() as session:
            return jobs.all_jobs(session)

    def backups(self, folder: Path, kept: int) -> Backups:
        """Whole copies of this workspace in a folder, and the way back to one."""
        return Backups(self._database, folder, kept, self._planner)

    def copy_to(self, path: Path) -> Path:
        """Write all there is at this moment into a new file of its own, which comes back closed."""
        self._database.copy_to(path, utc_now(), "to be taken away")
        return path

    def tour(self) -> TourRecord:
        """How far planners have come on the tour of the demo."""
        return TourRecord(self._database)

    def ledger(self) -> pl.DataFrame:
        """Every entry: seq, happened_at (UTC), kind, actor, detail (JSON), prev_hash, hash."""
        with self._database.reading() as session:
            return session.read("ledger")

    def ledger_head(self) -> LedgerHead:
        """Where the ledger ends: entries and the hash of the last one."""
        with self._database.reading() as session:
            return ledger.head(session)

    def verify_ledger(self, end: LedgerHead | None = None) -> pl.DataFrame:
        """Ledger entries (seq, fault) that are not what was written. See `ledger.broken_entries`."""
        with self._database.reading() as session:
            return ledger.broken_entries(session, end)
