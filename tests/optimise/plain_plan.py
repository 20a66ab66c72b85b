"""A second program of the plan, written apart from planning.optimise: each delivery and each rent by itself.

An order's units are delivered from one factory in one week; a robot is rented in one week and returned in
another. So there are no backlogs, refusals and minimum terms to balance: each is a cost, or the choice of
weeks. It knows factories, products, routings with lots, batches and scrap, lanes, stock, owned robots,
offers that renew weekly, orders, and forecasts in markets where nobody orders.
"""

from collections import defaultdict
from itertools import product as pairs
from typing import Any

import pulp
from pulp import LpProblem, lpSum

from tests.builders.networks import START, Row

PRIORITY = {1: 9, 2: 3, 3: 1}
Tables = dict[str, list[Row]]


def plain_optimum(settings: Row, tables: Tables) -> float:
    """What the best plan costs."""
    plan = LpProblem("plain", pulp.LpMinimize)
    robots, rent = _robots(plan, settings, tables)
    made, making = _made(plan, settings, tables, robots)
    sent, service = _deliveries(plan, settings, tables)
    plan += lpSum([rent, making, service, _goods(plan, settings, tables, made, sent)])
    solved = plan.solve(pulp.HiGHS(msg=False, gapRel=0, gapAbs=1e-9, threads=1))
    assert solved.status == pulp.const.LpSolveStatus.Optimal
    return float(plan.objective.value())


def _robots(plan: LpProblem, settings: Row, tables: Tables) -> tuple[dict[Any, Any], Any]:
    """Robots by factory and week, and what renting them costs."""
    weeks = settings["horizon_weeks"]
    factories = [row["factory"] for row in tables["factories"]]
    robots: dict[Any, Any] = defaultdict(int)
    for row, t in pairs(tables["owned"], range(weeks)):
        robots[row["factory"], t] += row["units"]
    money = []
    for offer in tables["offers"]:
        rate, term = offer["weekly_rate"], offer["min_term_weeks"]
        on_rent: dict[int, Any] = defaultdict(int)
        for factory, start in pairs(factories, range(offer["lead_time_weeks"], weeks)):
            for end in range(start + 1, weeks + 1):
                if end < weeks and (end < start + term or end < offer["notice_weeks"]):
                    continue
                rented = plan.add_variable(
                    f"rent_{offer['offer']}_{factory}_{start}_{end}", 0, None, "Integer"
                )
                beyond = max(0, start + term - weeks) * (1 - settings["tail_use"])
                back = offer["demobilisation_fee"] if end < weeks else 0
                money.append((rate * (end - start + beyond) + offer["mobilisation_fee"] + back) * rented)
                for t in range(start, end):
                    robots[factory, t] += rented
                    on_rent[t] += rented
        for t in range(weeks):
            plan += on_rent[t] <= offer["max_units"]
    return robots, lpSum(money)


def _made(
    plan: LpProblem, settings: Row, tables: Tables, robots: dict[Any, Any]
) -> tuple[dict[Any, Any], Any]:
    """Good units by product, factory and week, and what making them costs."""
    made: dict[Any, Any] = defaultdict(int)
    hours: dict[Any, Any] = defaultdict(int)
    money = []
    for row, factory, t in pairs(tables["routings"], tables["factories"], range(settings["horizon_weeks"])):
        cell = f"{row['routing']}_{factory['factory']}_{t}"
        place = factory["factory"], t
        good = plan.add_variable(f"make_{cell}", 0)
        if row["batch_size"] is None:
            gross = plan.add_variable(f"gross_{cell}", 0)
        else:
            gross = row["batch_size"] * plan.add_variable(f"batch_{cell}", 0, None, "Integer")
        plan += good <= row["yield"] * gross
        made[row["product"], *place] += good
        hours[place] += row["hours_per_unit"] * gross
        money.append(row["unit_cost"] * gross)
        if t < settings["setup_weeks"]:
            once = plan.add_variable(f"run_{cell}", 0, 1, "Integer")
            plan += gross <= 10_000 * once
            plan += good >= row["min_lot"] * once
        else:
            lot = max(row["typical_lot"] or 0, row["min_lot"], row["batch_size"] or 0, 1)
            once = gross * (1 / lot)
        hours[place] += row["setup_hours"] * once
        money.append(row["setup_cost"] * once)
    for factory, t in pairs(tables["factories"], range(settings["horizon_weeks"])):
        place = factory["factory"], t
        plan += hours[place] <= factory["attended_hours_per_week"] * robots[place]
    return made, lpSum(money)


def _deliveries(plan: LpProblem, settings: Row, tables: Tables) -> tuple[dict[Any, Any], Any]:
    """Units leaving by product, factory and week, and what their transport, lateness and loss cost."""
    weeks = settings["horizon_weeks"]
    products = {row["product"]: row for row in tables["products"]}
    sent: dict[Any, Any] = defaultdict(int)
    money = []
    for number, row in enumerate([*tables["orders"], *tables["forecast"]]):
        item, ordered = products[row["product"]], "due_date" in row
        due = max(0, (row.get("due_date", row.get("week")) - START).days // 7)
        unserved = row["quantity"]
        for lane in (lane for lane in tables["lanes"] if lane["market"] == row["market"]):
            for t in range(due, weeks if ordered else due + 1):
                leaves = t - lane["lead_time_weeks"]
                if leaves < 0:
                    continue
                units = plan.add_variable(f"deliver_{number}_{lane['factory']}_{t}", 0)
                late = item["late_cost_per_week"] * (t - due) * PRIORITY[row.get("priority", 3)]
                money.append((lane["cost_per_unit"] + late) * units)
                sent[row["product"], lane["factory"], leaves] += units
                unserved -= units
        plan += unserved >= 0
        money.append(item["lost_cost" if ordered else "price"] * unserved)
    return sent, lpSum(money)


def _goods(plan: LpProblem, settings: Row, tables: Tables, made: dict[Any, Any], sent: dict[Any, Any]) -> Any:
    """What holding stock costs, and what is left of it in the end."""
    opening = {(row["product"], row["factory"]): row["quantity"] for row in tables["stock"]}
    money = []
    for item, factory in pairs(tables["products"], tables["factories"]):
        place = item["product"], factory["factory"]
        before: Any = opening.get(place, 0)
        for t in range(settings["horizon_weeks"]):
            stock = plan.add_variable(f"stock_{place[0]}_{place[1]}_{t}", 0)
            plan += stock == before + made[*place, t] - sent[*place, t]
            money.append(item["holding_cost_per_week"] * stock)
            before = stock
        money.append(item["waste_cost"] * before)
    return lpSum(money)
