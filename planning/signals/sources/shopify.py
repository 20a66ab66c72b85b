"""Shopify orders: an order's fields stand on its first row only, and two statuses say what it is."""

from collections.abc import Mapping

import polars as pl

from planning.signals.rows import LINE
from planning.signals.sources.amounts import in_plan_money, number, yes
from planning.signals.sources.days import Days
from planning.signals.sources.meaning import FIRST, Meaning, Ruling, judged, repeated, required, unpriced
from planning.signals.sources.order_lines import order_meaning, order_rulings, status_rulings
from planning.signals.sources.places import with_our_names
from planning.signals.sources.settings import SourceSettings

TITLE = "Shopify orders"

#: What the financial status says: what is not paid yet is not confirmed, unless the planner says so.
PAYMENTS: Mapping[str, str] = {
    "paid": "confirmed",
    "partially_paid": "confirmed",
    "partially_refunded": "confirmed",
    "authorized": "confirmed",
    "pending": "aside",
    "unpaid": "aside",
    "expired": "aside",
    "refunded": "refunded",
    "voided": "cancelled",
}
#: Columns of the order, which its further rows leave empty.
_OF_ORDER = (
    "created",
    "payment",
    "fulfilment",
    "cancelled",
    "currency",
    "market",
    "customer",
    "refunded",
    "gateway",
    "test",
)
_DONE = ("fulfilled", "shipped", "delivered")


def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What the rows of an orders export mean: a row is an order line, whatever row it stands in."""
    days = Days.of(rows, ["created"], settings)
    whole = _lines(_of_whole_orders(rows)).with_columns(
        units=number("quantity"), asked=number("price"), placed=days.read("created")
    )
    paid = in_plan_money(whole.with_columns(paid="asked"), ["paid"], "placed", settings)
    typed = with_our_names(paid.with_columns(wanted=pl.lit(None, dtype=pl.Date)), settings)
    typed = _with_status(typed, settings)
    told = judged(typed, _rulings(days), pl.format("{} order lines", "means"))
    meaning = order_meaning(TITLE, told, settings)
    return Meaning(
        meaning.source, meaning.fates, meaning.tables, meaning.speaks_for, (*meaning.notes, *_refunds(told))
    )


def _of_whole_orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Every row with its order's fields, how often its order stands in the file, and whether it differs.

    A file made of two exports has an order twice; then each of its lines counts once for every time the
    order does, and of orders that differ nobody can tell which is right.
    """
    heads = rows.filter(pl.col("payment").is_not_null()).sort(LINE)
    orders = heads.group_by("order_id").agg(
        *(pl.col(name).drop_nulls().first() for name in _OF_ORDER),
        heads=pl.len(),
        kinds=pl.col(FIRST).n_unique(),
    )
    alike = pl.col(LINE).rank("ordinal").over(FIRST)
    copies = pl.len().over(FIRST)
    joined = rows.drop(*_OF_ORDER).join(orders, on="order_id", how="left", maintain_order="left")
    return joined.with_columns(
        surplus=alike > (copies / pl.col("heads").fill_null(1)).floor().clip(1), differs=pl.col("kinds") > 1
    )


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Line numbers by what is ordered, so that the order of the rows makes no difference."""
    counts = ~pl.col("surplus")
    place = (
        pl.struct("product", "title", "price", "quantity", LINE).rank("ordinal").over("order_id", "surplus")
    )
    return rows.with_columns(line=pl.when(counts).then(place))


def _with_status(rows: pl.DataFrame, settings: SourceSettings) -> pl.DataFrame:
    """`means` and the units shipped."""
    says = dict(PAYMENTS) | {name.casefold(): status for name, status in settings.statuses.items()}
    payment = pl.col("payment").str.to_lowercase().replace_strict(says, default=None, return_dtype=pl.String)
    order, line = pl.col("fulfilment").str.to_lowercase(), pl.col("line_fulfilment").str.to_lowercase()
    # Of a partly fulfilled order the line says whether it is gone.
    gone = (
        pl.when(order.eq("partial") | order.is_null()).then(line.is_in(_DONE)).otherwise(order.is_in(_DONE))
    )
    gone = gone.fill_null(False)
    back = order.eq("restocked").fill_null(False)
    means = (
        pl.when(pl.col("cancelled").is_not_null() | back)
        .then(pl.lit("cancelled"))
        .when(gone & payment.is_not_null())
        .then(pl.lit("shipped"))
        .when(payment == "refunded")
        .then(pl.lit("cancelled"))
        .otherwise(payment)
    )
    shipped = pl.when(gone).then("units").otherwise(0.0)
    return rows.with_columns(means=means, shipped=shipped)


def _rulings(days: Days) -> list[Ruling]:
    bogus = pl.col("gateway").str.to_lowercase().str.contains("bogus").fill_null(False)
    ships = pl.col("ships").str.to_lowercase()
    return [
        repeated(times=pl.col("surplus")),
        required("order_id", "has no order number", "Give its order (Name)."),
        Ruling(
            "kept aside",
            pl.col("differs"),
            pl.format("order {} stands in the file several times and differs", "order_id"),
            "Export it once more and keep the newest rows.",
            "order_id",
        ),
        Ruling(
            "kept aside",
            pl.col("payment").is_null(),
            pl.format("the first row of order {} is not in the file: it has the statuses", "order_id"),
            "Export the whole order.",
            "payment",
        ),
        Ruling(
            "kept aside",
            bogus | yes("test"),
            "is a test order",
            "Nothing to do: nobody ordered it.",
            "order_id",
        ),
        required("created", "has no order day", "Give the day it was created."),
        Ruling(
            "kept aside",
            ships.is_in(["false", "no", "0"]).fill_null(False),
            pl.format(
                "'{}' is not shipped: a voucher or a service, no product", pl.col("title").fill_null("")
            ),
            "Nothing to do, unless it is made: then let it require shipping.",
            "ships",
        ),
        *status_rulings(
            "payment", pl.format("payment is {}: the order is not confirmed", "payment"), "it is paid"
        ),
        *order_rulings(days, placed="created"),
        unpriced("price", "asked"),
    ]


def _refunds(told: pl.DataFrame) -> tuple[str, ...]:
    """Money that went back for orders that still count: a refund of money changes no demand."""
    status = pl.col("payment").str.to_lowercase().is_in(["partially_refunded", "refunded"])
    back = status | (number("refunded") > 0).fill_null(value=False)
    counting = pl.col("means").is_in(["confirmed", "shipped"])
    orders = told.filter(back & counting)["order_id"].n_unique()
    if not orders:
        return ()
    return (
        "Orders with money refunded, in part or after delivery, whose quantities stand, as money given back "
        f"is no demand taken back: {orders:,}. Units that came back belong in returns.csv.",
    )
