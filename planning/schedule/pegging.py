"""Which order lines a lot is for: what is made first goes to what is delivered first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network

#: Units below which an attribution is rounding.
_CRUMB = 1e-3


@dataclass(frozen=True, order=True)
class OrderLine:
    """An order line as the shop floor ranks it: due first, then by priority, then by id."""

    due: date
    priority: int
    order_id: str
    line: int

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line}"


@dataclass(frozen=True)
class Supply:
    """Units for confirmed orders made in one week at one factory."""

    name: int
    product: str
    factory: str
    week: date
    units: float


@dataclass(frozen=True)
class Delivery:
    """Units that reach a market for an order line in a week."""

    product: str
    market: str
    week: date
    units: float
    order: OrderLine


def deliveries(network: Network, promises: pl.DataFrame) -> list[Delivery]:
    """The deliveries of promises.csv, with due date and priority of their order lines."""
    known = network["orders"].select("order_id", "line", "due_date", "priority")
    rows = promises.filter(pl.col("delivered_week").is_not_null() & (pl.col("delivered_quantity") > 0))
    rows = rows.join(known, on=["order_id", "line"], how="left").with_columns(
        pl.col("due_date").fill_null(pl.col("due_week") + pl.duration(days=6)),
        pl.col("priority").fill_null(2),
    )
    return [
        Delivery(
            product=row["product"],
            market=row["market"],
            week=row["delivered_week"],
            units=row["delivered_quantity"],
            order=OrderLine(row["due_date"], row["priority"], row["order_id"], row["line"]),
        )
        for row in rows.iter_rows(named=True)
    ]


def lanes_into(network: Network) -> dict[str, dict[str, timedelta]]:
    """Travel time by market and factory. Without lanes every factory reaches every market at once."""
    into: dict[str, dict[str, timedelta]] = defaultdict(dict)
    if network["lanes"].is_empty():
        pairs = network["factories"].select("factory").join(network["markets"].select("market"), how="cross")
        rows = pairs.with_columns(lead_time_weeks=pl.lit(0))
    else:
        rows = network["lanes"]
    for row in rows.iter_rows(named=True):
        into[row["market"]][row["factory"]] = row["lead_time_weeks"] * WEEK
    return dict(into)


def peg(
    supplies: Iterable[Supply],
    arrivals: Sequence[Delivery],
    lanes: Mapping[str, Mapping[str, timedelta]],
) -> dict[int, list[OrderLine]]:
    """The order lines each supply serves.

    Product by product, in order of delivery (week, due date, priority, id). The first units come
    from stock and goods in transit: as many as deliveries exceed supplies. Every further unit comes
    from the earliest supply left that reaches the market in time (ties: factory id, then name).
    A plan does not say which unit goes where; this is one honest reading of it, not a decision.

    Returns
    -------
    `Supply.name` → its order lines, in order; supplies that serve none are left out.
    """
    made: dict[str, list[Supply]] = defaultdict(list)
    wanted: dict[str, list[Delivery]] = defaultdict(list)
    for supply in supplies:
        made[supply.product].append(supply)
    for arrival in arrivals:
        wanted[arrival.product].append(arrival)
    served: dict[int, set[OrderLine]] = defaultdict(set)
    for product, lots in made.items():
        _peg_product(lots, wanted[product], lanes, served)
    return {name: sorted(orders) for name, orders in served.items()}


@dataclass
class _Queue:
    """Supplies of one factory, earliest first, and how much the head has left."""

    supplies: list[Supply]
    at: int = 0
    left: float = field(default=0.0)

    def head(self) -> Supply | None:
        while self.at < len(self.supplies) and self.left <= _CRUMB:
            self.at += 1
            self.left = self.supplies[self.at].units if self.at < len(self.supplies) else 0.0
        return self.supplies[self.at] if self.at < len(self.supplies) else None


def _peg_product(
    lots: list[Supply],
    wanted: list[Delivery],
    lanes: Mapping[str, Mapping[str, timedelta]],
    served: dict[int, set[OrderLine]],
) -> None:
    queues: dict[str, _Queue] = {}
    for lot in sorted(lots, key=lambda lot: (lot.week, lot.name)):
        queues.setdefault(lot.factory, _Queue([], at=-1)).supplies.append(lot)
    stocked = sum(arrival.units for arrival in wanted) - sum(lot.units for lot in lots)
    for arrival in sorted(wanted, key=lambda arrival: (arrival.week, arrival.order)):
        from_stock = max(0.0, min(stocked, arrival.units))
        stocked -= from_stock
        left = arrival.units - from_stock
        while left > _CRUMB and (queue := _earliest(queues, arrival, lanes)) is not None:
            units = min(left, queue.left)
            left -= units
            queue.left -= units
            served[queue.supplies[queue.at].name].add(arrival.order)


def _earliest(
    queues: Mapping[str, _Queue], arrival: Delivery, lanes: Mapping[str, Mapping[str, timedelta]]
) -> _Queue | None:
    """The queue whose head was made first among those that reach the market by the week of arrival."""
    best: tuple[date, str] | None = None
    for factory, travel in lanes.get(arrival.market, {}).items():
        head = queues[factory].head() if factory in queues else None
        if head is None or head.week + travel > arrival.week:
            continue
        if best is None or (head.week, factory) < best:
            best = (head.week, factory)
    return queues[best[1]] if best else None
