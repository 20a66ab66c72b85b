"""What arrived at the markets, and which orders it served."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from planning.domain.calendar import due_week_expr
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.rolling.actuals import Actuals
from planning.rolling.rolled import UNIT, differences

_PLACE = ["product", "market"]
_LINE = ["order_id", "line"]
_LOT = ["factory", "market", "product", "arrive_week"]


@dataclass(frozen=True)
class Deliveries:
    """What became of goods on their way.

    Parameters
    ----------
    orders : order_id, line, quantity_shipped, status of every line that a delivery changed.
    in_transit : the rows that stand from now on: what is still on its way, or waits at its market.
    served : product, market, delivered (to orders), sold (to expected demand, as planned).
    differed, assumed : as in RolledWeek.
    """

    orders: pl.DataFrame
    in_transit: pl.DataFrame
    served: pl.DataFrame
    differed: pl.DataFrame
    assumed: tuple[str, ...]


def deliver(  # noqa: PLR0917 - network, plan, actuals and the goods of which week
    network: Network, plan: Plan, actuals: Actuals, orders: pl.DataFrame, shipped: pl.DataFrame, week: date
) -> Deliveries:
    """Serve orders from what has arrived by the end of `week`: as promised first, then by their rank.

    What an orders file says is shipped comes first and is taken from goods here, then from those on their
    way. Where nobody brought orders, the expected demand the plan served is taken as sold.

    Parameters
    ----------
    orders : every order line as it is known now.
    shipped : factory, market, product, arrive_week, quantity: what left in the week.
    """
    lots = pl.concat([network["in_transit"].select(*_LOT, "quantity"), shipped.select(*_LOT, "quantity")])
    lots = lots.group_by(_LOT).agg(pl.col("quantity").sum()).sort("arrive_week", "factory", *_PLACE)
    here = lots.filter(pl.col("arrive_week") <= week).group_by(_PLACE).agg(here=pl.col("quantity").sum())
    said = _said(network, orders, actuals)
    expected = _expected(plan, actuals, week)
    pools = pl.concat([here.select(_PLACE), said.select(_PLACE), expected.select(_PLACE)]).unique()
    pools = (
        pools.join(here, on=_PLACE, how="left")
        .join(said.group_by(_PLACE).agg(said=pl.col("said").sum()), on=_PLACE, how="left")
        .join(expected, on=_PLACE, how="left")
        .with_columns(pl.col("here", "said", "expected").fill_null(0.0))
        .with_columns(free=(pl.col("here") - pl.col("said")).clip(0))
    )
    lines = _lines(network, plan, orders, said, week)
    lines = _served(lines, pools.select(*_PLACE, pool="free"), "promised", "first")
    first = lines.group_by(_PLACE).agg(first=pl.col("first").sum())
    pools = pools.join(first, on=_PLACE, how="left").with_columns(pl.col("first").fill_null(0.0))
    pools = pools.with_columns(sold=pl.min_horizontal("expected", pl.col("free") - pl.col("first")))
    # Orders are served in whole units, whatever fraction a forecast left over.
    spare = (pl.col("free") - pl.col("first") - pl.col("sold") + UNIT).floor()
    lines = lines.with_columns(want=pl.col("open") - pl.col("first"))
    lines = _served(lines, pools.select(*_PLACE, pool=spare), "want", "second")
    lines = lines.with_columns(actual=pl.col("first") + pl.col("second"))
    second = lines.group_by(_PLACE).agg(delivered=pl.col("actual").sum())
    pools = pools.join(second, on=_PLACE, how="left").with_columns(pl.col("delivered").fill_null(0.0))
    told = _left(lots, pools, week)
    used = pools.with_columns(delivered=pl.col("delivered") + pl.col("said"))
    # What orders say is shipped and never left a factory is no delivery of goods there are.
    short = _short(lots, pools, week)
    used = used.join(short, on=_PLACE, how="left").with_columns(
        delivered=pl.col("delivered") - pl.col("short").fill_null(0.0)
    )
    promised = lines.select(*_PLACE, *_LINE, planned="promised", actual="actual").with_columns(
        about=pl.format("{}/{}", "order_id", "line")
    )
    promised = _beyond_rounding(promised, plan, week)
    nowhere = short.filter(pl.col("short") > UNIT).with_columns(planned=pl.lit(0.0), actual="short")
    sold = int(pools.filter(pl.col("sold") > UNIT).height)
    return Deliveries(
        _closed(orders, lines),
        told,
        used.select(*_PLACE, "delivered", "sold"),
        pl.concat(
            [differences("Delivered", promised), differences("Shipped on orders, left no factory", nowhere)]
        ),
        _assumed(lines, sold),
    )


def _beyond_rounding(promised: pl.DataFrame, plan: Plan, week: date) -> pl.DataFrame:
    """Lines without those a unit apart where their market got what the plan serves there.

    A plan may serve parts of units, of which its promises tell whole ones only; really a unit goes to one
    order.
    """
    served = plan["demand"].filter(pl.col("week") == week).select(*_PLACE, served="served_confirmed")
    rows = promised.join(served, on=_PLACE, how="left").with_columns(pl.col("served").fill_null(0.0))
    as_served = (pl.col("actual").sum().over(_PLACE) - pl.col("served")).abs() < 1
    a_unit = (pl.col("actual") - pl.col("planned")).abs() <= 1 + UNIT
    return rows.filter(~(as_served & a_unit)).drop("served")


def _said(network: Network, orders: pl.DataFrame, actuals: Actuals) -> pl.DataFrame:
    """Lines of which the orders brought say that more, or fewer, units are shipped."""
    if actuals.orders is None:
        return orders.clear().select(*_LINE, *_PLACE, said=pl.col("quantity_shipped"))
    was = network["orders"].select(*_LINE, was="quantity_shipped")
    rows = actuals.orders.join(was, on=_LINE, how="left").with_columns(
        said=pl.col("quantity_shipped") - pl.col("was").fill_null(0.0)
    )
    return rows.filter(pl.col("said") > UNIT).select(*_LINE, *_PLACE, "said")


def _expected(plan: Plan, actuals: Actuals, week: date) -> pl.DataFrame:
    rows = plan["demand"].filter((pl.col("week") == week) & (pl.col("served_expected") > UNIT))
    if actuals.orders is not None:
        rows = rows.clear()
    return rows.select(*_PLACE, expected="served_expected")


def _lines(
    network: Network, plan: Plan, orders: pl.DataFrame, said: pl.DataFrame, week: date
) -> pl.DataFrame:
    """Open lines due by the end of the week: open (units) and promised (of them, in the week)."""
    promised = (
        plan["promises"]
        .filter(pl.col("delivered_week") == week)
        .group_by(_LINE)
        .agg(promised=pl.col("delivered_quantity").sum())
    )
    due = due_week_expr("due_date", network.policy.due_cutoff_weekday)
    rows = orders.filter((pl.col("status") == "confirmed") & (due <= week))
    rows = rows.with_columns(open=pl.col("quantity") - pl.col("quantity_shipped"))
    rows = rows.join(promised, on=_LINE, how="left").with_columns(pl.col("promised").fill_null(0.0))
    rows = rows.join(said.select(_LINE), on=_LINE, how="anti").filter(pl.col("open") > UNIT)
    return rows.with_columns(pl.min_horizontal("promised", "open").alias("promised"))


def _served(lines: pl.DataFrame, pools: pl.DataFrame, want: str, name: str) -> pl.DataFrame:
    """`name`: of what each line wants, what the pool of its product and market still has, by rank."""
    ranked = lines.join(pools, on=_PLACE, how="left").sort("priority", "due_date", *_LINE)
    before = pl.col(want).cum_sum().over(_PLACE) - pl.col(want)
    room = (pl.col("pool").fill_null(0.0) - before).clip(0)
    return ranked.with_columns(pl.min_horizontal(room, want).alias(name)).drop("pool")


def _closed(orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    rows = lines.filter(pl.col("actual") > UNIT).with_columns(
        quantity_shipped=pl.col("quantity_shipped") + pl.col("actual")
    )
    done = pl.col("quantity_shipped") >= pl.col("quantity") - UNIT
    status = pl.when(done).then(pl.lit("shipped")).otherwise("status")
    return rows.with_columns(status=status).select(orders.columns)


def _left(lots: pl.DataFrame, pools: pl.DataFrame, week: date) -> pl.DataFrame:
    """What is still on its way or waits: the lots less what was used, those that came first first."""
    used = pools.select(
        *_PLACE,
        arrived=pl.min_horizontal("here", pl.col("said") + pl.col("delivered") + pl.col("sold")),
        ahead=(pl.col("said") - pl.col("here")).clip(0),
    )
    came = pl.col("arrive_week") <= week
    rows = lots.join(used, on=_PLACE, how="left").with_columns(
        take=pl.when(came).then("arrived").otherwise("ahead").fill_null(0.0), came=came
    )
    before = pl.col("quantity").cum_sum().over(*_PLACE, "came") - pl.col("quantity")
    gone = (pl.col("take") - before).clip(0, pl.col("quantity"))
    rows = rows.with_columns(quantity=pl.col("quantity") - gone).filter(pl.col("quantity") > UNIT)
    return rows.select("factory", "market", "product", "arrive_week", "quantity")


def _short(lots: pl.DataFrame, pools: pl.DataFrame, week: date) -> pl.DataFrame:
    away = lots.filter(pl.col("arrive_week") > week).group_by(_PLACE).agg(away=pl.col("quantity").sum())
    rows = pools.join(away, on=_PLACE, how="left")
    short = (pl.col("said") - pl.col("here") - pl.col("away").fill_null(0.0)).clip(0)
    return rows.select(*_PLACE, short=short)


def _assumed(lines: pl.DataFrame, sold: int) -> tuple[str, ...]:
    served = lines.filter(pl.col("actual") > UNIT).height
    told = []
    if served:
        told.append(
            f"Delivered: {served} order lines are served from what arrived, as promised where it lasts."
        )
    if sold:
        told.append(
            f"Orders: nobody brought any, so what the plan shipped for expected demand is taken as sold "
            f"({sold} products and markets)."
        )
    return tuple(told)
