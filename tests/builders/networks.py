"""Tiny networks from a few rows: one factory, one robot, one product, one market, and what a test adds.

Weeks are told as buckets, 0 the first. Everything a test does not name costs nothing and limits nothing
but the robot's 40 hours: one unit takes one hour, so a robot makes 40 units a week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from planning.domain.assume import complete, name_routings
from planning.domain.field import Table
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.domain.policy import Policy
from planning.domain.problem import LETTERS, Problem
from planning.domain.schema import EXPORT, INPUT
from planning.netting import NetDemand, net_demand
from planning.optimise.plan import Solution, solve_plan

Row = dict[str, Any]
Rows = Iterable[Mapping[str, Any]]

#: A Monday: bucket 0.
START = date(2026, 11, 30)

#: Optimal to the last cent, and nothing firm, frozen or set up unless a test says so.
SETTINGS: Row = {
    "as_of": START,
    "horizon_weeks": 4,
    "due_cutoff_weekday": 1,
    "frozen_weeks": 0,
    "firm_weeks": 0,
    "setup_weeks": 0,
    "gap": 0,
}
FACTORY: Row = {"factory": "F", "attended_hours_per_week": 40}
ROBOT: Row = {"robot_model": "R", "availability": 1}
PRODUCT: Row = {
    "product": "P",
    "price": 100,
    "holding_cost_per_week": 1,
    "late_cost_per_week": 10,
    "lost_cost": 200,
    "waste_cost": 50,
}
ROUTING: Row = {"routing": "P", "product": "P", "robot_model": "R", "hours_per_unit": 1}
DEFAULTS: dict[str, list[Row]] = {
    "factories": [FACTORY],
    "robots": [ROBOT],
    "products": [PRODUCT],
    "routings": [ROUTING],
    "markets": [{"market": "M"}],
    "owned": [{"factory": "F", "robot_model": "R", "units": 1}],
    "offers": [],
    "orders": [],
}


def week(t: int, weekday: int = 1) -> date:
    """A day of bucket `t`: weekday 1 is its Monday."""
    return START + timedelta(weeks=t, days=weekday - 1)


def order(order_id: str, t: int, quantity: float, **more: Any) -> Row:
    """An order line due in bucket `t`, of product P for market M unless told otherwise."""
    row: Row = {"order_id": order_id, "due_date": week(t), "product": "P", "market": "M"}
    return row | {"quantity": quantity, "priority": 3} | more


def forecast(weekly: Mapping[int, float] | Sequence[float], **more: Any) -> list[Row]:
    """Forecast rows by bucket; quantiles only where `more` names them."""
    cells = weekly.items() if isinstance(weekly, Mapping) else enumerate(weekly)
    named = {"product": "P", "market": "M"} | more
    return [{"week": week(t), "quantity": quantity} | named for t, quantity in cells]


def certain(weekly: Sequence[float], **more: Any) -> list[Row]:
    """A forecast so sure that all of it qualifies for long rent."""
    sure = [{"p10": quantity, "p50": quantity, "p90": quantity} for quantity in weekly]
    return [row | quantiles for row, quantiles in zip(forecast(weekly, **more), sure, strict=True)]


def deal(opportunity_id: str, t: int, quantity: float, **more: Any) -> Row:
    """An open opportunity expected in bucket `t`."""
    row: Row = {"opportunity_id": opportunity_id, "expected_date": week(t), "product": "P", "market": "M"}
    return row | {"quantity": quantity, "stage": "quoted", "status": "open"} | more


def offer(name: str, rate: float, **terms: Any) -> Row:
    """An offer of robot R: on rent at once, back after any week, unless `terms` say otherwise."""
    row: Row = {"offer": name, "robot_model": "R", "weekly_rate": rate}
    return row | {"min_term_weeks": 1, "notice_weeks": 0, "lead_time_weeks": 0} | terms


def contract(name: str, of: str, on: int, min_end: int, units: int = 1, **more: Any) -> Row:
    """A running contract, its dates told as buckets; `off` likewise, where it ends by itself."""
    off = more.pop("off", None)
    ends = {} if off is None else {"off_rent_date": week(off)}
    row: Row = {"contract": name, "offer": of, "factory": "F", "units": units, "status": "on_rent"}
    return row | {"on_rent_date": week(on), "min_end_date": week(min_end)} | ends | more


def network(
    settings: Mapping[str, Any] | None = None,
    published: Mapping[str, Rows] | None = None,
    **tables: Rows,
) -> Network:
    """A complete network as an import would give it.

    Parameters
    ----------
    settings : over `SETTINGS`. published : tables of the published plan. tables : rows by input table,
        instead of those of `DEFAULTS`.
    """
    rows = DEFAULTS | {name: list(table) for name, table in tables.items()}
    assert set(rows) <= set(INPUT), rows.keys() - INPUT.keys()
    frames = {name: typed(table, rows.get(name, [])) for name, table in INPUT.items()}
    frames["routings"] = name_routings(frames["routings"])
    made = Network(
        tables=frames,
        policy=Policy.from_settings(SETTINGS | dict(settings or {}), START),
        given=frozenset(name for name, table in rows.items() if table),
        rejected=EXPORT["rejected_rows"].empty(),
        published={name: typed(EXPORT[name], list(table)) for name, table in (published or {}).items()},
    )
    return complete(made)


def typed(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a frame of the schema: what they leave out is the default, else null."""
    unknown = {name for row in rows for name in row} - set(table.columns)
    assert not unknown, f"{table.name} has no {unknown}"
    whole = [
        {
            field.name: field.default if row.get(field.name) is None else row[field.name]
            for field in table.fields
        }
        for row in rows
    ]
    return pl.DataFrame(whole, schema=table.polars_schema)


@dataclass(frozen=True)
class Planned:
    """A tiny network with its plan, asked for by id and bucket."""

    network: Network
    net: NetDemand
    solution: Solution

    @property
    def objective(self) -> float:
        return self.solution.answer.objective

    @property
    def costs(self) -> dict[str, float]:
        """Terms that cost anything, to the hundredth of a cent."""
        terms = self.solution.model.cost_by_term(self.solution.answer.x)
        return {name: round(money, 4) for name, money in terms.items() if abs(money) > 5e-5}

    def rows(self, family: str, **ids: str) -> pl.DataFrame:
        """The decisions of a family at the ids named (factory="F", offer="LONG" …)."""
        values = self.solution.model.values(family, self.solution.answer.x)
        letters = {column: LETTERS[column] for column in ids}
        named = self.solution.problem.names.decode(values, **letters)
        return named.filter(pl.all_horizontal(pl.lit(value=True), *(pl.col(k) == v for k, v in ids.items())))

    def weekly(self, family: str, **ids: str) -> list[float]:
        """A family summed by bucket."""
        found = self.rows(family, **ids).group_by("t").agg(pl.col("value").sum())
        units: dict[int, float] = dict(found.iter_rows())
        return [round(units.get(t, 0.0), 6) + 0.0 for t in range(self.network.policy.horizon_weeks)]

    def total(self, family: str, **ids: str) -> float:
        """A family summed over everything."""
        return round(float(self.rows(family, **ids)["value"].sum()), 6)


def problem(made: Network) -> Problem:
    """The plan problem of a network."""
    net = net_demand(made)
    return formulate(made, net.orders, net.expected)


def planned(
    settings: Mapping[str, Any] | None = None,
    published: Mapping[str, Rows] | None = None,
    **tables: Rows,
) -> Planned:
    """A tiny network, solved to proven optimality."""
    made = network(settings, published, **tables)
    net = net_demand(made)
    solution = solve_plan(formulate(made, net.orders, net.expected))
    assert solution.answer.gap <= max(made.policy.gap, 1e-6), "these networks are solved to their optimum"
    return Planned(made, net, solution)
