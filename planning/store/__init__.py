"""The workspace in DuckDB: imports, plans, forecasts, jobs and the ledger; the only room that knows SQL."""

from planning.store.backups import Backup, Backups, Restored
from planning.store.imports import ImportReceipt
from planning.store.jobs import Job
from planning.store.ledger import LedgerHead
from planning.store.runs import PlanVersion, StoredForecast
from planning.store.scenarios import Promotion, Scenario, ScenarioChangedError, ScenarioError
from planning.store.tour import TourRecord
from planning.store.uploads import (
    ORIGINS,
    ChangedMeanwhileError,
    HeldFile,
    HeldFiles,
    TableEdited,
    UploadRecord,
    no_origins,
)
from planning.store.versions import BASE, Basis, OutOfTurnError, Step
from planning.store.workspace import Workspace

__all__ = [
    "BASE",
    "ORIGINS",
    "Backup",
    "Backups",
    "Basis",
    "ChangedMeanwhileError",
    "HeldFile",
    "HeldFiles",
    "ImportReceipt",
    "Job",
    "LedgerHead",
    "OutOfTurnError",
    "PlanVersion",
    "Promotion",
    "Restored",
    "Scenario",
    "ScenarioChangedError",
    "ScenarioError",
    "Step",
    "StoredForecast",
    "TableEdited",
    "TourRecord",
    "UploadRecord",
    "Workspace",
    "no_origins",
]
