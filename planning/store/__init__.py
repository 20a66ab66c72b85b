"""The workspace in DuckDB: imports, plans, forecasts, jobs and the ledger; the only room that knows SQL."""

from planning.store.imports import ImportReceipt
from planning.store.jobs import Job
from planning.store.ledger import LedgerHead
from planning.store.runs import PlanVersion, StoredForecast
from planning.store.scenarios import Promotion, Scenario, ScenarioChangedError, ScenarioError
from planning.store.uploads import ORIGINS, ChangedMeanwhileError, HeldFiles, UploadRecord, no_origins
from planning.store.versions import BASE, Basis, OutOfTurnError, Step
from planning.store.workspace import Workspace

__all__ = [
    "BASE",
    "ORIGINS",
    "Basis",
    "ChangedMeanwhileError",
    "HeldFiles",
    "ImportReceipt",
    "Job",
    "LedgerHead",
    "OutOfTurnError",
    "PlanVersion",
    "Promotion",
    "Scenario",
    "ScenarioChangedError",
    "ScenarioError",
    "Step",
    "StoredForecast",
    "UploadRecord",
    "Workspace",
    "no_origins",
]
