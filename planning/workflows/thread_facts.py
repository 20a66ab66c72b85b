"""What threads are read from: one plan, the data that hold, and the way of every unit between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.schedule.pegging import CRUMB, PEGS, peg, shared_among

#: What is started is made first, then what is pinned, then the rest.
_RANK = {"started": 0, "pinned": 1}
_FIRST_SERVED = {"order": 0, "expected": 1, "left": 2}
_ROW = ("factory", "routing", "made_week")

#: PEGS with the work order each unit is made by; null for stock and for goods that were on the way.
WAYS = PEGS | {"work_order": pl.String}


@dataclass(frozen=True, eq=False)
class Facts:
    """A plan and the data that hold.

    Parameters
    ----------
    plan : the plan shown; None before the first one.
    network : complete.
    """

    plan: Plan | None
    network: Network

    @cached_property
    def start(self) -> date:
        """First week of the plan, else of the data."""
        if self.plan is None:
            return self.network.policy.start_week
        return date.fromisoformat(self.plan.summary["start_week"])

    @cached_property
    def ways(self) -> pl.DataFrame:
        """The way of every unit of the plan, as WAYS."""
        if self.plan is None:
            return pl.DataFrame(schema=WAYS)
        pegs = peg(self.plan.tables, self.start)
        made = pegs.filter(pl.col("routing").is_not_null())
        rest = pegs.filter(pl.col("routing").is_null()).with_columns(work_order=pl.lit(None, pl.String))
        rows = [
            part | {"work_order": name}
            for cell, parcels in made.group_by(_ROW, maintain_order=True)
            for name, part in self._by_work_order(cell, parcels)
        ]
        return pl.concat([pl.DataFrame(rows, schema=WAYS, orient="row"), rest.select(list(WAYS))])

    def _by_work_order(self, cell: Any, parcels: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
        """The parcels of a production row by the work orders it is made in: orders fill them first."""
        factory, routing, week = cell
        plain = f"{factory}/{routing}/{week:%G-W%V}"
        lots = self.work_orders.get((factory, routing, week)) or [(plain, float(parcels["units"].sum()))]
        first = sorted(parcels.iter_rows(named=True), key=lambda parcel: _FIRST_SERVED[parcel["use"]])
        for place, part in shared_among(first, [units for _, units in lots]):
            yield lots[place][0], part

    @cached_property
    def work_orders(self) -> dict[tuple[str, str, date], list[tuple[str, float]]]:
        """Factory, routing and week laid out → its work orders and their good units, in order."""
        if self.plan is None:
            return {}
        key = ["factory", "routing", "week", "work_order"]
        # Each robot model of a routing makes all of a work order's units.
        rows = (
            self.plan["schedule"]
            .group_by(*key, "robot_model")
            .agg(pl.col("quantity").sum(), pl.col("status").first())
            .group_by(key)
            .agg(pl.col("quantity").max(), pl.col("status").first())
            .with_columns(rank=pl.col("status").replace_strict(_RANK, default=2, return_dtype=pl.Int64))
            .sort("factory", "routing", "week", "rank", "work_order")
        )
        found: dict[tuple[str, str, date], list[tuple[str, float]]] = {}
        for row in rows.iter_rows(named=True):
            cell = row["factory"], row["routing"], row["week"]
            found.setdefault(cell, []).append((row["work_order"], row["quantity"]))
        return found

    def table(self, name: str) -> pl.DataFrame:
        """An export table of the plan; empty before the first one."""
        return EXPORT[name].empty() if self.plan is None else self.plan[name]

    def name(self, table: str, key: str, id: str | None) -> str:
        """What people call something; its id where it has no name."""
        if id is None:
            return ""
        return self._names(table, key).get(id) or id

    def _names(self, table: str, key: str) -> dict[str, str | None]:
        return dict(self.network[table].select(key, "name").iter_rows())

    @cached_property
    def prices(self) -> dict[str, float | None]:
        """Product → price."""
        return dict(self.network["products"].select("product", "price").iter_rows())

    @cached_property
    def shipments(self) -> pl.DataFrame:
        """Shipments of the plan with their id: factory>market/product/week they leave in."""
        named = pl.format(
            "{}>{}/{}/{}", "factory", "market", "product", pl.col("ship_week").dt.strftime("%G-W%V")
        )
        return self.table("shipments").filter(pl.col("quantity") > CRUMB).with_columns(shipment=named)
