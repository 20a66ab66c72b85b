"""A quick plan around a plan: how soon the demo company's planner has one after a small change, and how good.

CPU seconds, of one thread and a bound solved in another beside it: on a quiet machine with two cores a
planner waits about as long as all but that bound takes.
"""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from bench.shared import ROOT, copy_network
from planning.domain.field import Value
from planning.domain.plan import Plan
from planning.domain.scenario import Change, DealConfirmed, RowChange, change_week
from planning.domain.scenario_rows import changed_rows
from planning.signals import Folder, validate
from planning.store import HeldFiles, Workspace
from planning.workflows.folders import import_folder, plan_workspace
from planning.workflows.planning_run import PlanPayload, make_plan, plan_payload
from planning.workflows.progress import Progress
from planning.workflows.quick_plan import QuickPayload, quick_payload, quick_plan
from planning.workflows.scenario_network import joined

TODAY = date(2026, 11, 24)

#: How the stages a planner is told of begin, and what they are called in the table.
_PARTS = ("Looking", "Planning", "Laying", "Checking")
_NAMES = ("finding", "part", "tables", "check")

_ORDER: dict[str, Value] = {"due_date": date(2026, 12, 14), "quantity": 11, "status": "confirmed"}

#: What happens, as a planner tells it to Takt.
CHANGES: Mapping[str, Change] = {
    "one order more": RowChange(
        "orders", {"order_id": "SO-NEW", "line": 1}, _ORDER | {"product": "2015", "market": "DACH"}
    ),
    "an order doubled": RowChange("orders", {"order_id": "SO-41333", "line": 2}, {"quantity": 48}),
    "a deal won": DealConfirmed("OP-8942"),
    "the large deal won": DealConfirmed("OP-8938"),
    "breakdown: mills of Leeds at 40 %": change_week("LEEDS", date(2026, 12, 7), "MILL", availability=0.4),
    "breakdown: additive of Porto at 30 %": change_week("PORTO", date(2026, 12, 7), "ADD", availability=0.3),
    "breakdown: finishing of Gdańsk stands": change_week(
        "GDANSK", date(2026, 12, 7), "FIN", availability=0.0
    ),
    "breakdown: cobots of Brno stand": change_week("BRNO", date(2026, 12, 14), "COB", availability=0.0),
}

#: A delivery three weeks late: a row of supply.csv and what it says then.
LATE = "steel for Leeds three weeks late"
_DELIVERY, _LATER = b"STEEL-BAR,LEEDS,2026-12-07,", b"STEEL-BAR,LEEDS,2026-12-28,"


@dataclass(frozen=True)
class Planned:
    """The demo planned once: what a quick plan is made from, but for the network that holds now."""

    workspace: Workspace
    payload: PlanPayload
    held: HeldFiles

    def after(self, change: str) -> QuickPayload:
        """What the worker is sent when somebody plans again after a change."""
        if change == LATE:
            supply = self.held.files["supply.csv"].replace(_DELIVERY, _LATER)
            files = dict(self.held.files) | {"supply.csv": supply}
            network = validate(Folder.from_files(files, self.held.published), TODAY)
        else:
            rows = changed_rows([CHANGES[change]], self.payload.network)
            differences = {table: cells.write_csv().encode() for table, cells in rows.items()}
            network = joined(self.held, differences, TODAY)
        asked = quick_payload(self.workspace, replace(self.payload, network=network))
        if asked is None:
            raise ValueError(f"{change} changes nothing")
        return asked


def main() -> None:
    """Print one table: what happened, what it touches, CPU seconds by part, how good the plan is.

    `dearer` is against the full plan made after it; below zero the quick one is the cheaper of both, since
    neither is the best there is.
    """
    rows = []
    with tempfile.TemporaryDirectory() as scratch, Workspace.open(Path(scratch) / "takt.duckdb") as workspace:
        # no plan here ends on its time: what it is like would be of the machine
        demo = copy_network(ROOT / "data" / "demo", Path(scratch) / "demo", time_limit_seconds=900)
        import_folder(workspace, demo, TODAY)
        plan_workspace(workspace, TODAY)
        planned = Planned(workspace, plan_payload(workspace, TODAY), workspace.held_files())
        for change in (*CHANGES, LATE):
            asked = planned.after(change)
            row, plan = quick(asked)
            rows.append({"change": change} | row | beside_full(asked, plan))
    with pl.Config(tbl_width_chars=260, tbl_cols=-1, tbl_rows=-1, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(rows))


def quick(asked: QuickPayload) -> tuple[dict[str, object], Plan | None]:
    """What a quick plan takes, by what is being done, and what it is like; the plan, where there is one.

    `beside` is what is spent in other threads: the bound of the whole, and half a second of polars.
    """
    spent = dict.fromkeys(_PARTS, 0.0)
    doing, since = _PARTS[0], time.thread_time()

    def report(progress: Progress | None) -> None:
        nonlocal doing, since
        now = time.thread_time()
        spent[doing] += now - since
        words = doing if progress is None else progress.stage
        doing, since = next((part for part in _PARTS if words.startswith(part)), doing), now

    wall, began = time.monotonic(), time.process_time()
    result = quick_plan(asked, report)
    report(None)
    total = time.process_time() - began
    row: dict[str, object] = {
        **{name: round(spent[part], 2) for part, name in zip(_PARTS, _NAMES, strict=True)},
        "beside": round(total - sum(spent.values()), 2),
        "total": round(total, 2),
        "wall": round(time.monotonic() - wall, 1),
    }
    if result is None:
        return row | dict.fromkeys(("products", "places", "gap of part", "gap", "violations")), None
    told = result.plan.summary
    around = told["around"]
    return row | {
        "products": len(around["products"]),
        "places": len(around["robots"]),
        "gap of part": f"{around['gap']:.2%}",
        "gap": f"{told['gap']:.2%}",
        "violations": told["checker"]["violations"],
    }, result.plan


def beside_full(asked: QuickPayload, plan: Plan | None) -> dict[str, object]:
    """The full plan that follows: what it takes, and how much dearer the quick one is."""
    began = time.process_time()
    full = make_plan(asked.now).plan.summary
    seconds = round(time.process_time() - began, 1)
    dearer = None if plan is None else f"{plan.summary['objective'] / full['objective'] - 1:+.2%}"
    return {"full": seconds, "dearer": dearer}


if __name__ == "__main__":
    main()
