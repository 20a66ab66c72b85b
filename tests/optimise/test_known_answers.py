"""Known answers: published lot-sizing instances, and networks an independent implementation has solved.

Every solve here ends on its gap, so that it repeats; the time limits only keep a slow machine from hanging.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.lot_sizing import OPTIMA, START, read_instance, write_instance
from bench.shared import copy_network
from planning.workflows.folders import run_folder

PATIENCE = 240.0


@pytest.mark.parametrize(("name", "unit_time", "gap"), [("G30", 1.0, 1e-4), ("G53", None, 0.01)])
def test_trigeiros_lot_sizing_instances_cost_their_proven_optimum(
    name: str, unit_time: float | None, gap: float, shared_data: Path, tmp_path: Path
) -> None:
    """G30 to the last unit of money; G53 within 1 %, which takes seconds (`bench lots` proves it)."""
    instance = read_instance(shared_data / "instances" / "trigeiro" / f"{name}.dat", unit_time)
    folder = write_instance(instance, tmp_path / "network", gap=gap, seconds=PATIENCE)
    summary = run_folder(folder, tmp_path / "out", START).plan.summary
    optimum = OPTIMA[name]
    assert optimum * (1 - 1e-6) <= summary["objective"] <= optimum * (1 + gap)
    assert optimum * (1 - gap) <= summary["bound"] <= optimum * (1 + 1e-6)
    assert summary["checker"] == {"violations": 0}
    # nothing is late, refused or wasted: these instances know set-ups and stock only
    assert {name for name, money in summary["costs"].items() if abs(money) > 0.005} == {"setup", "holding"}


def run_network(data: Path, scratch: Path, **settings: Any) -> Mapping[str, Any]:
    """plan.json of a shared network, with other settings than its own."""
    folder = copy_network(data, scratch / "network", **settings)
    return run_folder(folder, scratch / "out", date(2026, 11, 26)).plan.summary


def assert_agrees(summary: Mapping[str, Any], objective: float, bound: float, within: float) -> None:
    """Neither plan is better than the other's bound allows, and ours is as good as theirs."""
    assert summary["objective"] <= objective * (1 + within)
    assert summary["objective"] >= bound * (1 - 1e-6)
    assert summary["bound"] <= objective * (1 + 1e-6)
    assert summary["checker"] == {"violations": 0}


@pytest.mark.parametrize(
    ("name", "objective", "bound"), [("mini-1", 65.63, 65.62), ("tiny-2", 77_825.12, 77_817.38)]
)
def test_reference_networks_cost_what_an_independent_program_says(
    name: str, objective: float, bound: float, shared_data: Path, tmp_path: Path
) -> None:
    data = shared_data / "networks" / name
    summary = run_network(data, tmp_path, gap=1e-3, time_limit_seconds=PATIENCE)
    assert_agrees(summary, objective, bound, within=2e-4)


def test_half_the_robots_and_cheap_long_terms(shared_data: Path, tmp_path: Path) -> None:
    """stress-tiny: everything the rental rules and the commitment rule can do, at its own gap of 1 %."""
    data = shared_data / "networks" / "stress-tiny"
    summary = run_network(data, tmp_path, time_limit_seconds=PATIENCE)
    # the proven bound of the reference holds for its own caps; without the commitment rule it is 109,932.03
    assert_agrees(summary, 110_797.63, 109_932.03, within=0.01)
    assert summary["gap"] <= 0.01
    assert summary["commitment"]["objective"] == pytest.approx(83_960.73, rel=0.01)
