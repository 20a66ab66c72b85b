"""Four weeks of the demo, rolled one after the other: what reconciles, and how much of the plan moves."""

import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from bench.shared import ROOT
from planning.configuration import read_configuration
from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.rolling import RolledWeek
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace

WEEKS = 4
TODAY = date(2026, 11, 24)
CHANGE_COSTS = (0, 1)
UNIT = 1e-6


@dataclass(frozen=True)
class _Step:
    """A week that was rolled: what held before and after, the plan it was worked to, and the next one."""

    before: Network
    after: Network
    plan: Plan
    rolled: RolledWeek
    next: Plan
    violations: int


def main() -> None:
    """Print one table: each rolled week at each price of change."""
    demo = ROOT / "data" / "demo"
    found = [row for cost in CHANGE_COSTS for row in rolled_weeks(demo, TODAY, WEEKS, cost)]
    with pl.Config(tbl_width_chars=200, tbl_cols=-1, tbl_rows=-1, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(found))


def rolled_weeks(
    company: Path, today: date, weeks: int, change_cost: float, solver: str | None = None
) -> list[dict[str, object]]:
    """Roll a company week by week, all as planned but for a miss in each, and reconcile every step.

    Each week one run falls short by a unit that stays started, and robots that are to be ordered by the end
    of it are ordered.
    """
    configuration = read_configuration()
    threads, with_solver = configuration.threads, solver or configuration.solver
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "network"
        folder.mkdir()
        for file in company.glob("*.csv"):
            (folder / file.name).write_bytes(file.read_bytes())
        settings = (folder / "settings.csv").read_text(encoding="utf-8").rstrip("\n")
        settings += f"\nchange_cost_per_unit,{change_cost}\n"
        (folder / "settings.csv").write_text(settings, encoding="utf-8")
        with Workspace.open(Path(scratch) / "takt.duckdb") as workspace:
            import_folder(workspace, folder, today)
            desk = Desk(workspace)
            version, _ = plan_workspace(workspace, today, threads=threads, solver=with_solver)
            found = []
            for number in range(1, weeks + 1):
                step = _step(workspace, desk, version, today, threads, with_solver)
                version = int(step.next.summary["version"])
                found.append({"change_cost": change_cost, "rolled": number} | _reconciled(step))
                print(found[-1], file=sys.stderr, flush=True)
            faults = workspace.verify_ledger().height
        return [row | {"ledger_faults": faults} for row in found]


def _step(  # noqa: PLR0917 - workspace, desk, and how the next plan is made
    workspace: Workspace, desk: Desk, version: int, today: date, threads: int, solver: str
) -> _Step:
    for step in ("proposed", "approved"):
        workspace.take_step(version, step, "worked to")
    plan = workspace.load_plan(version)
    assert plan is not None
    soon = date.fromisoformat(plan.summary["start_week"]) + WEEK
    due = desk.orderable(version).filter(~pl.col("done"), pl.col("decide_by") < soon)
    if not due.is_empty():
        desk.approve_rentals(version, due["contract"].to_list())
    workspace.take_step(version, "published", "worked to")
    before = workspace.load_network(today)
    asked = desk.rolling.preview(_misses(plan, desk.rolling.week()))
    desk.rolling.roll(asked)
    after = workspace.load_network(today)
    _, following = plan_workspace(workspace, today, threads=threads, solver=solver)
    assert before is not None
    assert after is not None
    return _Step(
        before, after, plan, asked.rolled, following, int(following.summary["checker"]["violations"])
    )


def _misses(plan: Plan, week: date) -> dict[str, bytes]:
    """One run a unit short, which stays started, and what left as planned otherwise."""
    runs = plan["production"].filter(pl.col("week") == week, pl.col("quantity") >= 1)
    # Of what went to stock, so that no shipment fails for it.
    kept = plan["inventory"].filter(pl.col("week") == week, pl.col("quantity") >= 1)
    spare = runs.join(kept, on=["factory", "product"], how="semi").sort("factory", "routing").head(1)
    if spare.is_empty():
        return {}
    made = spare.select("factory", "routing", made=pl.col("quantity") - 1, left=pl.lit(1))
    return {"made.csv": made.write_csv().encode()}


def _reconciled(step: _Step) -> dict[str, object]:
    balance = step.rolled.balance
    came = pl.sum_horizontal("opening", "opening_transit", "made", "counted_more")
    went = pl.sum_horizontal("delivered", "sold", "closing", "closing_transit")
    adrift = balance.select((came - went).abs().sum()).item()
    return {
        "week": step.rolled.week,
        "violations": step.violations,
        "units_in": round(balance.select(came.sum()).item(), 3),
        "units_adrift": round(adrift, 6),
        "order_units_adrift": round(_orders_adrift(step), 6),
        "contracts_adrift": round(_contracts_adrift(step), 2),
        "differed": step.rolled.differed.height,
        "started_kept": _started_kept(step),
        "change_share": round(float(step.next.summary["kpis"]["change_share"]), 4),
    }


def _orders_adrift(step: _Step) -> float:
    """Units that orders count as shipped in the week, less those delivered."""
    after, before = (_total(network["orders"]["quantity_shipped"]) for network in (step.after, step.before))
    return abs(after - before - _total(step.rolled.balance["delivered"]))


def _contracts_adrift(step: _Step) -> float:
    """Rent of the week by the terms of the contracts that stood in it, less what the plan charges for it."""
    week = step.rolled.week
    offers = step.before["offers"].select("offer", listed="weekly_rate")
    held = step.before["contracts"].filter(pl.col("status") != "ended").join(offers, on="offer")
    up = pl.col("on_rent_date") <= week
    stands = held.filter(up, pl.col("off_rent_date").is_null() | (pl.col("off_rent_date") > week))
    by_terms = _total(stands.select(pl.col("units") * pl.coalesce("weekly_rate", "listed")).to_series())
    fleet = step.plan["fleet"].filter(pl.col("week") == week, pl.col("source") == "contract")
    return abs(by_terms - _total(fleet["cost"]))


def _total(amounts: pl.Series) -> float:
    return float(sum(amounts.to_list()))


def _started_kept(step: _Step) -> bool:
    """Whether all started work is made in the next plan's first week, or told as bent."""
    started = step.after["firm_work"].filter(pl.col("week") == step.rolled.next_week)
    made = step.next["production"].filter(pl.col("week") == step.rolled.next_week)
    key = ["factory", "routing"]
    rows = (
        started.group_by(key)
        .agg(pl.col("quantity_left").sum())
        .join(made.select(*key, "quantity"), on=key, how="left")
    )
    return rows.filter(pl.col("quantity").fill_null(0.0) < pl.col("quantity_left") - UNIT).is_empty()


if __name__ == "__main__":
    main()
