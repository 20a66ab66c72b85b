"""The workspace in DuckDB: imports, plans, forecasts, jobs and the ledger; the only room that knows SQL."""

from planning.store.imports import ImportReceipt
from planning.store.jobs import Job
from planning.store.ledger import LedgerHead
from planning.store.runs import PlanVersion, StoredForecast
from planning.store.uploads import ORIGINS, ChangedMeanwhileError, HeldFiles, UploadRecord, no_origins
from planning.store.workspace import Workspace

__all__ = [
    "ORIGINS",
    "ChangedMeanwhileError",
    "HeldFiles",
    "ImportReceipt",
    "Job",
    "LedgerHead",
    "PlanVersion",
    "StoredForecast",
    "UploadRecord",
    "Workspace",
    "no_origins",
]
