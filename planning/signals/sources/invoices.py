"""Web-shop invoices: what was sold is history, credit notes are returns, the rest says why it is neither."""

import polars as pl

from planning.signals.sources.amounts import number, written
from planning.signals.sources.days import Days
from planning.signals.sources.meaning import (
    WHAT,
    Meaning,
    Ruling,
    contract_rows,
    fates,
    judged,
    loaded,
    repeated,
    required,
    unpriced,
    unread,
)
from planning.signals.sources.places import with_our_names
from planning.signals.sources.settings import SourceSettings

TITLE = "Web-shop invoices"
SOLD, CREDITED = "sold: demand history", "credited: units that came back"

#: Products start with five digits; what does not is postage, a fee, a discount or a voucher.
_PRODUCT = r"^\d{5}"


def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What invoice lines mean.

    An invoice whose number starts with C is a credit note: its units came back. Other negative quantities,
    and lines without a price, are corrections of stock: nobody ordered and nobody returned them.
    """
    days = Days.of(rows, ["day"], settings)
    typed = with_our_names(
        rows.with_columns(units=number("quantity"), paid=number("price"), when=days.read("day")), settings
    )
    told = judged(typed, _rulings(days), pl.when(_credited()).then(pl.lit(CREDITED)).otherwise(pl.lit(SOLD)))
    told = told.with_columns(
        units=pl.col("units").abs(), due=pl.col("when") + pl.duration(days=settings.due_days)
    )
    kept = loaded(told)
    sold, credited = kept.filter(pl.col(WHAT) == SOLD), kept.filter(pl.col(WHAT) == CREDITED)
    notes = []
    if settings.due_days and not sold.is_empty():
        notes.append(
            f"Invoices have no delivery day: demand is taken to be due {settings.due_days} days after."
        )
    return Meaning(
        TITLE,
        fates(told),
        {
            "history": _rows("history", sold, "due"),
            "returns": _rows("returns", credited, "when"),
        },
        notes=tuple(notes),
    )


def _rows(table: str, rows: pl.DataFrame, day: str) -> pl.DataFrame:
    quantity = written(pl.col("units"))
    return contract_rows(table, rows, date=day, product="product", market="market", quantity=quantity)


def _credited() -> pl.Expr:
    return pl.col("invoice").str.to_uppercase().str.starts_with("C")


def _rulings(days: Days) -> list[Ruling]:
    nothing = "Nothing to do, unless it is sold and made: then give it a product's code."
    return [
        repeated(),
        required("invoice", "has no invoice number", "Give it its invoice."),
        required("product", "has no product code", "Give the product's code."),
        Ruling(
            "kept aside",
            ~pl.col("product").str.contains(_PRODUCT) & pl.col("product").is_not_null(),
            pl.format("{} is no product: postage, a fee, a discount or a voucher", "product"),
            nothing,
            "product",
        ),
        Ruling(
            "kept aside",
            pl.col("units").is_null(),
            "quantity is not a number",
            "Write digits, without a unit.",
            "quantity",
        ),
        required("day", "has no day", "Give the day of the invoice."),
        *unread(days, when="day"),
        unpriced("price", "paid"),
        Ruling(
            "kept aside",
            ~_credited() & (pl.col("units") < 0),
            "units were written off: nobody returned them",
            "Nothing to do; what a customer sent back needs a credit note (invoice number with C).",
            "quantity",
        ),
        Ruling(
            "kept aside",
            ~_credited() & (pl.col("paid").is_null() | (pl.col("paid") == 0)),
            "has no price: a correction of stock, not a sale",
            "Nothing to do, unless it was delivered: then give it a price.",
            "price",
        ),
        Ruling(
            "kept aside",
            pl.col("units") == 0,
            "quantity is 0",
            "Nothing to do, unless something was sold: then say how much.",
            "quantity",
        ),
        required("market", "says no market", "Give its country, or name a market for this source."),
    ]
