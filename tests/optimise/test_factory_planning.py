"""A known answer: Williams' factory planning, seven products on five kinds of machines, some of them down.

Model Building in Mathematical Programming, problem "Factory planning I". A month there is a week here, a
quarter as long; the machines are owned robots and every unit visits several of them.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.optimise.solvers.answer import Limits
from planning.optimise.steps import solve_in_steps
from tests.builders.networks import PRODUCT, Row, forecast, network, order, problem, week

#: A month of 384 hours is a week of 96; unit hours shrink alike.
QUARTER = 0.25


def factory(data: dict[str, Any]) -> dict[str, list[Row]]:
    """Demand as a forecast that may be sold or not, the end stock as orders due after the last month."""
    months, items = range(len(data["demand"])), [f"PROD{n + 1}" for n in range(len(data["profit"]))]
    machines = dict(zip(data["machines"], data["count"], strict=True))
    down = Counter({tuple(key.split("@")): number for key, number in data["down_fp1"].items()})
    hours = data["hours_per_machine_month"] * QUARTER
    return {
        "factories": [{"factory": "F", "attended_hours_per_week": hours}],
        "robots": [{"robot_model": machine, "availability": 1} for machine in machines],
        "owned": [{"factory": "F", "robot_model": name, "units": units} for name, units in machines.items()],
        "calendar": [
            {
                "factory": "F",
                "robot_model": machine,
                "week": week(t),
                "attended_hours": hours * (units - down[machine, str(t + 1)]) / units,
            }
            for machine, units in machines.items()
            for t in months
        ]
        + [{"factory": "F", "week": week(len(months)), "attended_hours": 0}],
        "products": [
            PRODUCT
            | {"product": item, "price": profit, "holding_cost_per_week": data["hold_cost"], "waste_cost": 0}
            for item, profit in zip(items, data["profit"], strict=True)
        ],
        "routings": [
            {"routing": item, "product": item, "robot_model": machine, "hours_per_unit": needed[n] * QUARTER}
            for n, item in enumerate(items)
            for machine, needed in zip(machines, data["hours_per_unit"], strict=True)
            if needed[n] > 0
        ],
        "markets": [{"market": "M"}, {"market": "END"}],
        "orders": [
            order(f"END-{item}", len(months), data["final_stock"], product=item, market="END")
            for item in items
        ],
        "forecast": [
            row
            for n, item in enumerate(items)
            for row in forecast([data["demand"][t][n] for t in months], product=item)
        ],
    }


def test_williams_factory_planning_earns_its_known_profit(shared_data: Path) -> None:
    path = shared_data / "instances" / "williams" / "factory_planning.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    made = problem(network({"horizon_weeks": len(data["demand"]) + 1}, **factory(data)))
    model = build(made, eligible(made), made.expected, None)
    # the book's store has room for so much of each product; ours knows room for all of them together
    stock = model.families["stock"].frame
    model.upper[stock["col"].to_numpy()] = data["store_ub"]
    answer = solve_in_steps(model, Limits(gap=0.0, seconds=60.0))
    could_be_sold = float((np.array(data["demand"]) * np.array(data["profit"])).sum())
    assert could_be_sold - answer.objective == pytest.approx(data["optimum_fp1"], abs=0.005)
    left = model.values("stock", answer.x).filter(pl.col("t") == len(data["demand"]) - 1)
    assert left["value"].to_list() == pytest.approx([data["final_stock"]] * len(data["profit"]))
