"""What really happened in a week, as a planner brings it: what is not said happened as planned."""

from dataclasses import dataclass, field

import polars as pl

from planning.domain.columns import FACTORY, MARKET, PRODUCT, date, number, text, whole
from planning.domain.field import Table

#: What may happen to a contract.
EVENTS = ("arrived", "notice", "returned", "renewed")

#: Files of actuals by name; orders come as orders.csv.
ACTUALS: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "counted",
            "Finished units counted at the end of the week.",
            (FACTORY, PRODUCT, number("quantity", "units", required=True)),
            key=("factory", "product"),
        ),
        Table(
            "made",
            "Work of the week: what is finished, and what is started and goes on.",
            (
                FACTORY,
                text("routing", "how", required=True, refers="routings"),
                number("made", "good units finished", required=True),
                number("left", "good units started and not finished", default_doc="none of new work"),
            ),
            key=("factory", "routing"),
        ),
        Table(
            "shipped",
            "What left the factories in the week.",
            (FACTORY, MARKET, PRODUCT, number("quantity", "units", required=True)),
            key=("factory", "market", "product"),
        ),
        Table(
            "contract_events",
            "What happened to contracts.",
            (
                text("contract", "which", required=True, refers="contracts"),
                text("event", "what", required=True, choices=EVENTS),
                date("date", "on rent from, off rent from, or new end of the minimum term"),
                whole("units", "of the contract's robots", default_doc="all of them", minimum=1),
            ),
            key=("contract", "event"),
        ),
    )
}


@dataclass(frozen=True)
class Actuals:
    """What is known of a week.

    Parameters
    ----------
    counted, made, shipped, contract_events : as in ACTUALS.
    orders : rows of orders.csv that are new or that changed, whole; None where nobody brought orders.
    """

    counted: pl.DataFrame = field(default_factory=ACTUALS["counted"].empty)
    made: pl.DataFrame = field(default_factory=ACTUALS["made"].empty)
    shipped: pl.DataFrame = field(default_factory=ACTUALS["shipped"].empty)
    contract_events: pl.DataFrame = field(default_factory=ACTUALS["contract_events"].empty)
    orders: pl.DataFrame | None = None
