"""The workspace: everything Takt remembers, in one database file with one owner."""

from datetime import date
from pathlib import Path

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.forecast import Forecast
from planning.signals import Folder
from planning.signals.folder import Contents
from planning.store import imports, jobs, ledger, networks, runs, uploads
from planning.store.database import Database
from planning.store.imports import ImportReceipt
from planning.store.jobs import Job
from planning.store.ledger import LedgerHead
from planning.store.migrate import migrate
from planning.store.runs import PlanVersion, StoredForecast
from planning.store.uploads import HeldFiles, UploadRecord

PLANNER = "planner"
BASE = "base"


class Workspace:
    """One owner of one database file; every method may be called from any thread.

    Readers see one state each, whatever is written meanwhile. Writers take turns; what a method has
    returned from is on disk, and what it has not returned from is there whole or not at all.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, database: Path) -> "Workspace":
        """Open the workspace in the file `database`, creating it where there is none.

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
        return cls(opened)

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
        self, source: str, folder: Folder, network: Network, actor: str = PLANNER
    ) -> ImportReceipt:
        """Store a network folder; it holds in place of the one before. See `imports.record_network`."""
        with self._database.writing() as session:
            return imports.record_network(session, source, folder, network, actor)

    def record_folder(
        self, source: str, contents: Contents, today: date, actor: str = PLANNER
    ) -> ImportReceipt:
        """Read a network folder and store it, files of any length. See `imports.record_folder`."""
        with self._database.writing() as session:
            return imports.record_folder(session, source, contents, today, actor)

    def undo(self, batch: int, actor: str = PLANNER) -> bool:
        """Take an import out, so that the one before it holds again; whether that changed anything."""
        with self._database.writing() as session:
            return imports.undo(session, batch, actor)

    def redo(self, batch: int, actor: str = PLANNER) -> bool:
        """Take an undone import back in; whether that changed anything."""
        with self._database.writing() as session:
            return imports.redo(session, batch, actor)

    def imports(self) -> pl.DataFrame:
        """Every import, the latest first: batch, kind, source, imported_at (UTC), status and row counts."""
        with self._database.reading() as session:
            return session.read("imports")

    def record_upload(
        self, folder: Folder, network: Network, upload: UploadRecord, on: int | None, actor: str = PLANNER
    ) -> ImportReceipt:
        """Store the network an upload makes of the import `on`. See `uploads.record_upload`."""
        with self._database.writing() as session:
            return uploads.record_upload(session, folder, network, upload, on, actor)

    def holding(self) -> int | None:
        """The import that holds; None before the first one."""
        with self._database.reading() as session:
            return uploads.holding(session)

    def step_back(self, batch: int, actor: str = PLANNER) -> None:
        """Undo the import that holds; refused where `batch` is not it any more."""
        with self._database.writing() as session:
            uploads.step_back(session, batch, actor)

    def step_forward(self, batch: int, actor: str = PLANNER) -> None:
        """Redo what was undone last; refused where `batch` is not it any more."""
        with self._database.writing() as session:
            uploads.step_forward(session, batch, actor)

    def held_files(self) -> HeldFiles:
        """The files of the network that holds."""
        with self._database.reading() as session:
            return uploads.held_files(session)

    def files_since(self) -> pl.DataFrame:
        """Each file of the network that holds (file) and when it came in as it is (imported_at, UTC)."""
        with self._database.reading() as session:
            return session.read("files_since")

    def import_history(self) -> pl.DataFrame:
        """Every import, the latest first: when, who, what it did, and whether it can be undone or redone."""
        with self._database.reading() as session:
            return uploads.history(session)

    def upload_aside(self, batch: int) -> pl.DataFrame:
        """Rows of the files uploaded as import `batch` that were kept aside, by the lines of those files."""
        with self._database.reading() as session:
            return session.read("upload_aside", batch=batch)

    def load_network(self, today: date | None = None) -> Network | None:
        """The network that holds, as `validate` gave it; None before the first import.

        Parameters
        ----------
        today : as_of where settings.csv gives none; what it was on import when None.
        """
        with self._database.reading() as session:
            return networks.load(session, today)

    def network_hash(self) -> str | None:
        """`input_hash` of the network that holds: what a plan or forecast with another one is stale to."""
        with self._database.reading() as session:
            return networks.network_hash(session)

    def rejected(self) -> pl.DataFrame:
        """Rows kept aside of the network that holds, as the export table rejected_rows."""
        with self._database.reading() as session:
            return networks.rejected(session)

    def save_forecast(self, input_hash: str, forecast: Forecast, actor: str = PLANNER) -> int:
        """Store a forecast made from the network `input_hash`; what comes back is its number."""
        with self._database.writing() as session:
            return runs.save_forecast(session, input_hash, forecast, actor)

    def forecast_number(self) -> int | None:
        """Number of the latest forecast, without reading it; None where there is none."""
        with self._database.reading() as session:
            return runs.forecast_number(session)

    def load_forecast(self) -> StoredForecast | None:
        """The latest forecast; None where there is none."""
        with self._database.reading() as session:
            return runs.load_forecast(session)

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
        self, plan: Plan, network_hash: str, scenario: str = BASE, actor: str = PLANNER
    ) -> PlanVersion:
        """Store a plan made from the network `network_hash` as the next version."""
        with self._database.writing() as session:
            return runs.save_plan(session, plan, network_hash, scenario, actor)

    def load_plan(self, version: int | None = None) -> Plan | None:
        """A plan by its version, the latest when None; its summary tells version and ledger."""
        with self._database.reading() as session:
            return runs.load_plan(session, version)

    def plans(self) -> pl.DataFrame:
        """Every plan, the latest first: version, run, scenario, created_at (UTC), network_hash, figures."""
        with self._database.reading() as session:
            return session.read("plans")

    def save_job(self, job: Job) -> None:
        """Keep how a job stands."""
        with self._database.writing() as session:
            jobs.save(session, job)

    def jobs(self) -> list[Job]:
        """Every job, the latest first."""
        with self._database.reading() as session:
            return jobs.all_jobs(session)

    def ledger(self) -> pl.DataFrame:
        """Every entry: seq, happened_at (UTC), kind, actor, detail (JSON), prev_hash, hash."""
        with self._database.reading() as session:
            return session.read("ledger")

    def ledger_head(self) -> LedgerHead:
        """Where the ledger ends: entries and the hash of the last one."""
        with self._database.reading() as session:
            return ledger.head(session)

    def verify_ledger(self) -> pl.DataFrame:
        """Ledger entries (seq, fault) that do not follow from the one before; none when it is whole."""
        with self._database.reading() as session:
            return ledger.broken_entries(session)
