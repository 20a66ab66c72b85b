"""Network and plan read together: what several rules need, worked out once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from typing import Any

import polars as pl
import polars.selectors as cs

from planning.check import capacity, lines, netted, recipes, terms
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.policy import Policy

#: What may be relaxed at a price (rule 11), by the first letters of the rule named in plan.json; the
#: documents name the slacks in words only. Firm work is taken with the frozen quantities beside it.
SLACKS = {
    "floor": "floor",
    "storage": "storage",
    "superv": "supervision",
    "operator": "operators",
    "carbon": "carbon",
    "frozen": "frozen",
    "firm_work": "frozen",
    "pinned": "frozen",
}

SLACK_SCHEMA = {"slack": pl.String, "factory": pl.String, "week": pl.Date, "allowed": pl.Float64}


def once[T](derive: "Callable[[Facts], T]") -> "Callable[[Facts], T]":
    """`derive`, worked out only once for each network and plan."""

    @wraps(derive)
    def remembering(facts: "Facts") -> T:
        if derive not in facts.remembered:
            facts.remembered[derive] = derive(facts)
        known: T = facts.remembered[derive]
        return known

    return remembering


def _slack(rule: str) -> str:
    """The slack a relaxed rule means; empty where there is none."""
    return next((slack for start, slack in SLACKS.items() if rule.startswith(start)), "")


@dataclass(frozen=True)
class Facts:
    """A network and a plan for it; every property is derived from the documents and the CSV frames."""

    network: Network
    plan: Plan
    remembered: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getitem__(self, table: str) -> pl.DataFrame:
        """An export table, empty numbers as 0."""
        return self.plan[table].with_columns(cs.numeric().fill_null(0))

    @property
    def policy(self) -> Policy:
        return self.network.policy

    @property
    def horizon(self) -> int:
        return self.policy.horizon_weeks

    @property
    def summary(self) -> Mapping[str, Any]:
        return self.plan.summary

    @cached_property
    def weeks(self) -> pl.DataFrame:
        """week (Monday), t (bucket)."""
        return pl.DataFrame(
            {"week": self.policy.weeks, "t": range(self.horizon)}, schema={"week": pl.Date, "t": pl.Int64}
        )

    @cached_property
    def in_force(self) -> pl.DataFrame:
        """Routing rows that hold, by routing, factory, week and robot model."""
        return recipes.rows_in_force(self.network, self.weeks)

    @cached_property
    def recipes(self) -> pl.DataFrame:
        """What holds for the unit, by routing, factory and week."""
        return recipes.recipes(self.in_force)

    @cached_property
    def robot_weeks(self) -> pl.DataFrame:
        """Hours per robot and availability, by factory, robot model and week."""
        return capacity.robot_weeks(self.network, self.weeks)

    @cached_property
    def orders(self) -> pl.DataFrame:
        return lines.dated_orders(self.network)

    @cached_property
    def open_lines(self) -> pl.DataFrame:
        """Order lines the plan must answer, in the order in which they are served."""
        return lines.open_lines(self.orders, self.horizon)

    @cached_property
    def free(self) -> pl.DataFrame:
        """product, free: stock and goods in transit less open confirmed."""
        return lines.free_stock(self.network, self.open_lines)

    @cached_property
    def published_weeks(self) -> tuple[date, date] | None:
        """First and last week the published plan speaks of; None where there is none."""
        tables = (self.network.published.get(name) for name in ("demand", "fleet", "inventory", "production"))
        weeks = [table["week"] for table in tables if table is not None and table.height]
        if not weeks:
            return None
        every = pl.concat(weeks)
        return every.min(), every.max()  # type: ignore[return-value]

    @cached_property
    def work(self) -> pl.DataFrame:
        """Production by robot model, with what it takes.

        In the first setup_weeks a set-up is there or not; beyond them it is spread over `lot` gross units.

        Returns
        -------
        production.csv × routing rows, with `setups` (count), `set_up` and `run` (robot hours),
        `lights` (hours that may run with nobody there) and `kwh`.
        """
        near = pl.col("t") < self.policy.setup_weeks
        runs = pl.col("hours_per_unit") * pl.col("gross")
        return (
            self["production"]
            .join(self.in_force.drop("product"), on=["routing", "factory", "week"], how="inner")
            .with_columns(setups=pl.when(near).then("setup").otherwise(pl.col("gross") / pl.col("lot")))
            .with_columns(set_up=pl.col("setup_hours") * pl.col("setups"), run=runs)
            .with_columns(
                lights=pl.when("lights_out").then("run").otherwise(0.0),
                kwh=pl.col("energy_kwh_per_unit") * pl.col("gross") + pl.col("set_up") * pl.col("power_kw"),
            )
        )

    @cached_property
    def hours_worked(self) -> pl.DataFrame:
        """factory, robot_model, week, work and lights: robot hours that production takes."""
        return self.work.group_by("factory", "robot_model", "week").agg(
            work=(pl.col("run") + pl.col("set_up")).sum(), lights=pl.col("lights").sum()
        )

    @cached_property
    def contracts(self) -> pl.DataFrame:
        """Contracts that are not ended, with their offer's terms."""
        return terms.contracts(self.network)

    @cached_property
    def kept(self) -> pl.DataFrame:
        """Units of each contract by week, before it and what goes off rent in it."""
        return terms.kept(self.contracts, self["fleet"], self.weeks)

    @cached_property
    def lots(self) -> pl.DataFrame:
        """New lots of units, one row for those with the same dates."""
        return terms.lots(self["rentals"], self.network, self.policy)

    @cached_property
    def moves(self) -> pl.DataFrame:
        """Units moved to another factory."""
        return terms.moves(self["rentals"], self.network, self.contracts, self.policy)

    @cached_property
    def stands(self) -> pl.DataFrame:
        """fleet.csv with t, `away` (of the units: in transfer), `productive` and hours per robot."""
        away = terms.in_transfer(self.moves, self.weeks)
        return (
            self["fleet"]
            .with_columns(pl.col("id").fill_null(""))
            .join(away, on=["factory", "source", "id", "week"], how="left")
            .with_columns(pl.col("away").fill_null(0))
            .with_columns(productive=pl.col("units") - pl.col("away"))
            .join(self.robot_weeks, on=["factory", "robot_model", "week"], how="left")
        )

    @cached_property
    def rates(self) -> pl.DataFrame:
        """Rented rows of `stands` with what a unit costs that week."""
        return terms.fleet_rates(self.stands, self.contracts, self.network)

    @cached_property
    def productive(self) -> pl.DataFrame:
        """factory, robot_model, week, robots: productive units N of rule 4."""
        return self.stands.group_by("factory", "robot_model", "week").agg(robots=pl.col("productive").sum())

    @cached_property
    def relaxed(self) -> pl.DataFrame:
        """slack, factory, week, allowed: what plan.json says it relaxed."""
        rows = [
            {
                "slack": _slack(str(row.get("rule", "")).lower()),
                "factory": row.get("factory"),
                "week": date.fromisoformat(str(row["week"])) if row.get("week") else None,
                "allowed": float(row.get("amount") or 0.0),
            }
            for row in self.summary.get("relaxed") or ()
        ]
        return pl.DataFrame(rows, schema=SLACK_SCHEMA)

    def allowed(self, slack: str) -> pl.DataFrame:
        """factory, week, allowed: relaxed amount of one slack."""
        rows = self.relaxed.filter(pl.col("slack") == slack)
        return rows.group_by("factory", "week").agg(pl.col("allowed").sum())

    @cached_property
    def demand(self) -> pl.DataFrame:
        """demand.csv and what is due, on the whole grid of product × market × week.

        Returns
        -------
        demand.csv (0 where it has no row) with t, due_1 … due_3 and `due`, sorted by week.
        """
        given = self["demand"]
        due = lines.confirmed_by_class(self.open_lines)
        pairs = [
            frame.select("product", "market") for frame in (given, due, netted.pairs_of(self.network).frame)
        ]
        grid = pl.concat(pairs).unique().join(self.weeks, how="cross")
        return (
            grid.join(given, on=["product", "market", "week"], how="left")
            .join(due, on=["product", "market", "t"], how="left")
            .with_columns(cs.numeric().fill_null(0))
            .with_columns(due=pl.sum_horizontal("due_1", "due_2", "due_3"))
            .sort("product", "market", "t")
        )

    @cached_property
    def waiting(self) -> pl.DataFrame:
        """Goods in transit that arrived and wait at their market.

        Nothing else may wait there, so what is served beyond a week's shipments is drawn from them:
        draw = served − arrivals, pool[t] = pool[t−1] + in_transit[t] − draw[t].

        Returns
        -------
        product, market, week, t, served, arrived, landed (of in_transit), draw, pool.
        """
        arrived = self["shipments"].group_by("product", "market", pl.col("arrive_week").alias("week"))
        landed = lines.in_transit(self.network).rename({"quantity": "landed"})
        keys = ["product", "market", "week"]
        shipped = arrived.agg(arrived=pl.col("quantity").sum())
        served = self.demand.select(*keys, served=pl.col("served_confirmed") + pl.col("served_expected"))
        pairs = [frame.select("product", "market") for frame in (served, shipped, landed)]
        return (
            pl.concat(pairs)
            .unique()
            .join(self.weeks, how="cross")
            .join(served, on=keys, how="left")
            .join(shipped, on=keys, how="left")
            .join(landed, on=["product", "market", "t"], how="left")
            .with_columns(cs.float().fill_null(0))
            .sort("product", "market", "t")
            .with_columns(draw=pl.col("served") - pl.col("arrived"))
            .with_columns(pool=(pl.col("landed") - pl.col("draw")).cum_sum().over("product", "market"))
        )
