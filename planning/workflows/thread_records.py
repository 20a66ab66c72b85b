"""Threads of what the workspace keeps records of: plans, imports and forecasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from planning.domain.thread import Kind, Step, Thread
from planning.store import Basis, Workspace
from planning.workflows.thread_links import as_links

Row = Mapping[str, Any]

#: Status of an import, in words.
_HOLDS = {"active": "holds", "superseded": "was followed by another"}


@dataclass(frozen=True)
class Records:
    """The records of a workspace, as they are now; days are those of `timezone`."""

    workspace: Workspace
    timezone: str

    @classmethod
    def of(cls, workspace: Workspace, timezone: str) -> "Records":
        """The records of this workspace."""
        return cls(workspace, timezone)

    @cached_property
    def plans(self) -> dict[int, Row]:
        """Version → version, scenario, created_at, status, actor, reason and happened_at of its last step."""
        rows = self.workspace.plans(None).drop("status")
        joined = rows.join(self.workspace.standing(), on="version", how="left")
        return {row["version"]: row for row in joined.iter_rows(named=True)}

    @cached_property
    def imports(self) -> dict[int, Row]:
        """Batch → its row of the import history."""
        return {row["batch"]: row for row in self.workspace.import_history().iter_rows(named=True)}

    @cached_property
    def forecasts(self) -> dict[int, Row]:
        """Number → forecast, created_at, input_hash, batch (the import it was made from)."""
        return {row["forecast"]: row for row in self.workspace.forecast_runs().iter_rows(named=True)}

    @cached_property
    def bases(self) -> dict[int, Basis]:
        """Version → what it was made from, where that is known."""
        found = {version: self.workspace.basis(version) for version in self.plans}
        return {version: basis for version, basis in found.items() if basis is not None}

    def numbers(self) -> dict[Kind, list[int]]:
        """The numbers there are of each kind."""
        return {"plan": list(self.plans), "import": list(self.imports), "forecast run": list(self.forecasts)}

    def day(self, moment: datetime) -> date:
        """The day a moment (UTC, naive) falls on where the company is."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone)).date()

    def plan_links(self, versions: Iterable[int]) -> pl.DataFrame:
        """Plans, with how far each has come, who decided that last and why."""
        return as_links(
            {
                "kind": "plan",
                "id": f"v{row['version']}",
                "what": row["status"]
                + (f": {row['reason']}" if row["reason"] else "")
                + (f" (scenario {row['scenario']})" if row["scenario"] != "base" else ""),
                "on": self.day(row["happened_at"]),
                "money": row["objective"],
                "who": row["actor"],
            }
            for row in (self.plans[version] for version in versions if version in self.plans)
        )

    def import_links(self, batches: Iterable[int]) -> pl.DataFrame:
        """Imports, with what each changed."""
        return as_links(
            {
                "kind": "import",
                "id": f"import {row['batch']}",
                "what": f"{_HOLDS.get(row['status'], row['status'])}; rows: {row['rows_new']:,} new, "
                f"{row['rows_changed']:,} changed, {row['rows_removed']:,} removed, "
                f"{row['rows_kept_aside']:,} kept aside",
                "on": self.day(row["imported_at"]),
                "source": row["source"],
                "who": row["actor"],
            }
            for row in (self.imports[batch] for batch in batches if batch in self.imports)
        )

    def forecast_links(self, numbers: Iterable[int]) -> pl.DataFrame:
        """Forecasts Takt made."""
        return as_links(
            {
                "kind": "forecast run",
                "id": f"forecast {row['forecast']}",
                "what": "Takt's forecast",
                "on": self.day(row["created_at"]),
            }
            for row in (self.forecasts[number] for number in numbers if number in self.forecasts)
        )


def record_thread(records: Records, kind: Kind, id: str) -> Thread:
    """The thread of a plan, an import or a forecast: what it was made from, and what was made of it."""
    number = int("".join(letter for letter in id if letter.isdigit()))
    made = {"plan": _plan, "import": _import, "forecast run": _forecast}[kind](records, number)
    steps = tuple(step for step in made if not step.links.is_empty())
    stages: dict[Kind, Any] = {"plan": "plan", "import": "import", "forecast run": "forecast"}
    titles: dict[Kind, str] = {"plan": "Plan", "import": "Import", "forecast run": "Forecast"}
    title = f"{titles[kind]} v{number}" if kind == "plan" else f"{titles[kind]} {number}"
    return Thread(kind, id, title, stages[kind], steps)


def _plan(records: Records, version: int) -> list[Step]:
    basis = records.bases.get(version)
    batches = [] if basis is None else [basis.batch]
    forecasts = [] if basis is None or basis.forecast is None else [basis.forecast]
    network = records.workspace.load_network()
    contracts = pl.DataFrame() if network is None else network["contracts"]
    ordered = [row for row in contracts.iter_rows(named=True) if row["contract"].startswith(f"v{version}-")]
    shows = {"version": [str(version)]}
    steps = records.workspace.plan_steps().filter(pl.col("version") == version)
    return [
        Step("import", records.import_links(batches), address="signals"),
        Step("forecast", records.forecast_links(forecasts), address="forecast", shows=shows),
        Step(
            "plan",
            as_links(
                {
                    "kind": "plan",
                    "id": f"v{version}",
                    "what": row["step"] + (f": {row['reason']}" if row["reason"] else ""),
                    "on": records.day(row["happened_at"]),
                    "who": row["actor"],
                }
                for row in steps.iter_rows(named=True)
            ),
            address="plan",
            shows=shows,
        ),
        Step(
            "contract",
            as_links(
                {
                    "kind": "contract",
                    "id": row["contract"],
                    "what": f"{row['units']} × {row['offer']}, {row['status']}",
                    "on": row["on_rent_date"],
                }
                for row in ordered
            ),
            "Ordered as this plan asked for.",
            "fleet",
        ),
    ]


def _import(records: Records, batch: int) -> list[Step]:
    plans = [version for version, basis in sorted(records.bases.items()) if basis.batch == batch]
    forecasts = [number for number, row in records.forecasts.items() if row["batch"] == batch]
    return [
        Step("import", records.import_links([batch]), address="signals"),
        Step("forecast", records.forecast_links(forecasts), "Made from these data.", "forecast"),
        Step("plan", records.plan_links(plans), "Made from these data.", "plan"),
    ]


def _forecast(records: Records, number: int) -> list[Step]:
    batch = records.forecasts[number]["batch"]
    plans = [version for version, basis in sorted(records.bases.items()) if basis.forecast == number]
    return [
        Step("import", records.import_links([] if batch is None else [batch]), address="signals"),
        Step("forecast", records.forecast_links([number]), address="forecast"),
        Step("plan", records.plan_links(plans), "These rest on it.", "plan"),
    ]
