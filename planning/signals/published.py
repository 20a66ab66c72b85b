"""The published plan beside a network: what the frozen zone and the price of change refer to."""

from dataclasses import replace

import polars as pl

from planning.domain.columns import text, week, whole
from planning.domain.schema import EXPORT
from planning.errors import Fault
from planning.signals.cells import ANY_DATE, check_cells, read_rows
from planning.signals.faults import faults_of
from planning.signals.folder import Folder
from planning.signals.rows import LINE, RAW

_FILE = "published/plan.json"
_REMEDY = "Export the published plan again."
_HEAD = (
    text("plan_id", "the plan"),
    text("version", "its version"),
    week("start_week", "its first week", required=True),
    whole("horizon_weeks", "its weeks", required=True, minimum=1),
)


def read_published(folder: Folder) -> tuple[dict[str, pl.DataFrame], list[Fault]]:
    """The published plan, typed.

    Its limits are not checked again (they were when it was made), nor its ids (what it made may be gone).

    Parameters
    ----------
    folder : what was read.

    Returns
    -------
    Export table → frame, with a table `plan` of one row (plan_id, version, start_week, horizon_weeks)
    where there is a plan.json; and a fault for each row that cannot be read.
    """
    tables, faults = {}, []
    for name, source in folder.published.items():
        table = EXPORT[name]
        fields = tuple(replace(f, minimum=None, maximum=None, choices=()) for f in table.fields)
        good, bad = read_rows(source, replace(table, fields=fields), ANY_DATE)
        tables[name] = good.select(table.columns)
        faults += faults_of(bad, _REMEDY)
    if folder.published_plan:
        cells = {field.name: [_as_text(folder.published_plan.get(field.name))] for field in _HEAD}
        head = pl.DataFrame({LINE: [1], RAW: [""], **cells}, schema_overrides=dict.fromkeys(cells, pl.String))
        good, bad = check_cells(head, _FILE, _HEAD, ANY_DATE)
        tables["plan"] = good.drop(LINE, RAW)
        faults += faults_of(bad, _REMEDY)
    return tables, faults


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)
