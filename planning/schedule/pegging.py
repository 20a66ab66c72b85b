"""Which production serves which order line: goods followed through a plan, first in, first out."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

#: Units below which an attribution is rounding.
CRUMB = 1e-6

#: The way of some units of a product through a plan.
#:
#: Parameters
#: ----------
#: factory, routing, made_week : the production row; of opening stock without routing and week, of goods that
#:     were on the way before the plan without factory too.
#: market, ship_week, arrive_week : the shipment; without market what is still in stock when the plan ends.
#: use : order, expected (demand), left (nobody takes them: what is over in stock, and parts of units).
#: order_id, line, due_week, delivered_week : the order line, and the week the units count as delivered in.
PEGS = {
    "product": pl.String,
    "factory": pl.String,
    "routing": pl.String,
    "made_week": pl.Date,
    "market": pl.String,
    "ship_week": pl.Date,
    "arrive_week": pl.Date,
    "use": pl.String,
    "order_id": pl.String,
    "line": pl.Int64,
    "due_week": pl.Date,
    "delivered_week": pl.Date,
    "units": pl.Float64,
}

#: The export tables goods are followed through.
FOLLOWED = ("production", "shipments", "inventory", "demand", "promises")

Row = dict[str, Any]
_Queue = deque[Row]
_FAR = date.max


def peg(tables: Mapping[str, pl.DataFrame], start: date) -> pl.DataFrame:
    """The way of every unit a plan makes, has in stock or on its way, and delivers, as PEGS.

    A factory's stock leaves first in, first out. What arrives at a market in a week is shared between
    confirmed and expected demand as that week's service is; goods that were on the way come first. The
    confirmed share goes to the deliveries of promises.csv by week, due week and id. A plan does not say which
    unit goes where; this is one honest reading of it, and the only one: production's for_confirmed, the
    schedule's for_orders and the pages all follow it.

    Parameters
    ----------
    tables : the export tables FOLLOWED of one plan.
    start : its first week.
    """
    shares = _shares(tables["demand"])
    arriving: dict[tuple[str, str], list[Row]] = defaultdict(list)
    found: list[Row] = []
    for parcel in _shipped(tables, start):
        if parcel["market"] is None:
            found.append(parcel)
        else:
            arriving[parcel["product"], parcel["market"]].append(parcel)
    for transit in _on_the_way(tables):
        arriving[transit["product"], transit["market"]].append(transit)
    wanted = _deliveries(tables["promises"])
    for place, parcels in arriving.items():
        confirmed: _Queue = deque()
        for parcel in sorted(parcels, key=_arrival):
            share = shares.get((*place, parcel["arrive_week"]), 1.0)
            found += _part(parcel, parcel["units"] * (1 - share), use="expected")
            confirmed.extend(_part(parcel, parcel["units"] * share))
        found += _delivered(confirmed, wanted.get(place, ()))
    rows = pl.DataFrame(found, schema=PEGS, orient="row")
    return rows.sort("product", "factory", "made_week", "routing", "ship_week", "market", maintain_order=True)


def shared_among(parcels: Iterable[Row], amounts: Sequence[float]) -> Iterator[tuple[int, Row]]:
    """Fill places of these amounts with parcels, one after the other; the last takes what is over.

    What comes back is (place, part of a parcel), in order.
    """
    place, room = 0, amounts[0]
    for parcel in parcels:
        left = parcel["units"]
        while left > CRUMB:
            last = place == len(amounts) - 1
            part = left if last else min(left, room)
            if part > CRUMB:
                yield place, parcel | {"units": part}
            left, room = left - part, room - part
            if room <= CRUMB and not last:
                place, room = place + 1, amounts[place + 1]


def _shipped(tables: Mapping[str, pl.DataFrame], start: date) -> Iterator[Row]:
    """Parcels that leave the factories, and what is left there when the plan ends."""
    supply: dict[tuple[str, str], _Queue] = defaultdict(deque)
    for factory, product, units in opening_stock(tables, start).iter_rows():
        supply[factory, product].append(_parcel(product, units, factory=factory))
    made = (
        tables["production"]
        .sort("week", "routing")
        .select("factory", "product", "routing", "week", "quantity")
    )
    for factory, product, routing, week, units in made.iter_rows():
        parcel = _parcel(product, units, factory=factory, routing=routing, made_week=week)
        supply[factory, product].append(parcel)
    leaving = tables["shipments"].sort("ship_week", "market", "arrive_week")
    for row in leaving.select(
        "factory", "product", "market", "ship_week", "arrive_week", "quantity"
    ).iter_rows():
        factory, product, market, ship_week, arrive_week, units = row
        for part in _taken(supply[factory, product], units):
            yield part | {"market": market, "ship_week": ship_week, "arrive_week": arrive_week}
    for rest in supply.values():
        for parcel in rest:
            yield from _part(parcel, parcel["units"], use="left")


def opening_stock(tables: Mapping[str, pl.DataFrame], start: date) -> pl.DataFrame:
    """Units a factory begins with: left at its first week's end, less made, plus gone.

    Returns
    -------
    factory, product, quantity.
    """
    cell = ["factory", "product"]
    made = tables["production"].filter(pl.col("week") == start)
    gone = tables["shipments"].filter(pl.col("ship_week") == start)
    signed = [
        tables["inventory"].filter(pl.col("week") == start).select(*cell, "quantity"),
        made.select(*cell, -pl.col("quantity")),
        gone.select(*cell, "quantity"),
    ]
    sums = pl.concat(signed).group_by(cell).agg(pl.col("quantity").sum())
    return sums.filter(pl.col("quantity") > CRUMB).sort(cell)


def _on_the_way(tables: Mapping[str, pl.DataFrame]) -> Iterator[Row]:
    """What demand is served with beyond what arrives from the factories: it left before the plan."""
    key = ["product", "market", "week"]
    served = tables["demand"].select(*key, units=pl.col("served_confirmed") + pl.col("served_expected"))
    came = tables["shipments"].select("product", "market", week="arrive_week", units=-pl.col("quantity"))
    sums = pl.concat([served, came]).group_by(key).agg(pl.col("units").sum()).sort(key)
    for product, market, week, units in sums.filter(pl.col("units") > CRUMB).iter_rows():
        yield _parcel(product, units, market=market, arrive_week=week)


def _shares(demand: pl.DataFrame) -> dict[tuple[str, str, date], float]:
    """(product, market, week) → share of the service in that week that goes to confirmed orders."""
    served = demand.filter(pl.col("served_confirmed") + pl.col("served_expected") > 0)
    share = pl.col("served_confirmed") / (pl.col("served_confirmed") + pl.col("served_expected"))
    rows = served.select("product", "market", "week", share).iter_rows()
    return {(product, market, week): value for product, market, week, value in rows}


def _deliveries(promises: pl.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """(product, market) → what is delivered there, in order."""
    order = ("order_id", "line", "due_week", "delivered_week")
    rows = promises.filter(pl.col("delivered_week").is_not_null() & (pl.col("delivered_quantity") > 0))
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows.sort("delivered_week", "due_week", "order_id", "line").iter_rows(named=True):
        units = {"units": row["delivered_quantity"]}
        found[row["product"], row["market"]].append({name: row[name] for name in order} | units)
    return found


def _delivered(supply: _Queue, wanted: Iterable[Row]) -> Iterator[Row]:
    """The parcels of one product and market, given to its deliveries; what nobody takes is left."""
    for delivery in wanted:
        for part in _taken(supply, delivery["units"], delivery["delivered_week"]):
            yield part | delivery | {"use": "order", "units": part["units"]}
    for parcel in supply:
        yield from _part(parcel, parcel["units"], use="left")


def _taken(supply: _Queue, units: float, until: date = _FAR) -> Iterator[Row]:
    """Take `units` from the front of `supply`, of what has arrived by the week `until`."""
    while units > CRUMB and supply and (supply[0]["arrive_week"] or date.min) <= until:
        parcel = supply.popleft()
        part = min(parcel["units"], units)
        units -= part
        yield parcel | {"units": part}
        if parcel["units"] - part > CRUMB:
            supply.appendleft(parcel | {"units": parcel["units"] - part})


def _part(parcel: Row, units: float, **more: Any) -> list[Row]:
    return [parcel | {"units": units} | more] if units > CRUMB else []


def _parcel(product: str, units: float, **more: Any) -> Row:
    return dict.fromkeys(PEGS) | {"product": product, "units": units, "use": "left"} | more


def _arrival(parcel: Row) -> tuple[Any, ...]:
    """What was on the way before the plan comes first; then by the week it left."""
    left, made = parcel["ship_week"], parcel["made_week"] or date.min
    origin = parcel["factory"] or "", made, parcel["routing"] or ""
    return parcel["arrive_week"], left or date.min, *origin
