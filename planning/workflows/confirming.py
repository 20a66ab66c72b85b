"""Confirming a deal: it becomes an order line and is won, in one import that can be undone."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.store import ImportReceipt
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.incoming import Incoming
from planning.workflows.uploads import Uploads

ORDERS_FILE, DEALS_FILE = "orders.csv", "opportunities.csv"
_NUMBER = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")


@dataclass(frozen=True)
class Confirmation:
    """The order a deal becomes, as it would be saved.

    Parameters
    ----------
    opportunity_id : the deal.
    order_id : of its order.
    due_date : when it must be there.
    quantity, unit_price : as typed; an empty price is the product's.
    customer : who ordered; may be empty.
    here : the order is in orders.csv already: the deal is won and nothing else changes.
    drawn_on : input_hash of the network it was made on.
    """

    opportunity_id: str
    order_id: str
    due_date: date
    quantity: str
    unit_price: str
    customer: str
    here: bool
    drawn_on: str


def may_be_confirmed(network: Network) -> list[str]:
    """Deals that are open, or won and waiting for their order."""
    ordered = network["orders"]["order_id"].unique()
    came = pl.col("order_id").is_in(ordered.implode()).fill_null(False)
    waiting = (pl.col("status") == "open") | ((pl.col("status") == "won") & ~came)
    return network["opportunities"].filter(waiting)["opportunity_id"].to_list()


def draft_confirmation(network: Network, opportunity_id: str) -> Confirmation:
    """The order a deal would become: its units, on the day it is expected, never before the day of the data.

    Raises
    ------
    NothingToPlanError
        The deal is not there, or is closed.
    """
    if opportunity_id not in may_be_confirmed(network):
        raise NothingToPlanError(f"Deal {opportunity_id} is not open any more: there is nothing to confirm.")
    deal = _deal(network, opportunity_id)
    orders = set(network["orders"]["order_id"])
    named = next((id for id in (deal["order_id"], opportunity_id) if id in orders), None)
    return Confirmation(
        opportunity_id,
        named or deal["order_id"] or _free_id(opportunity_id, orders),
        max(deal["expected_date"], network.policy.as_of),
        _units(deal["quantity"]),
        "",
        "",
        named is not None,
        network.input_hash,
    )


def in_the_way(network: Network, order: Confirmation) -> list[str]:
    """What will not do in a confirmation, in words; empty where it can be saved."""
    told = []
    if not order.order_id.strip() or ";" in order.order_id:
        told.append("The order needs a number, without a semicolon.")
    if order.here:
        return told
    if order.order_id.strip() in set(network["orders"]["order_id"]):
        told.append(f"Order {order.order_id.strip()} is there already: give this one another number.")
    if not _is_units(order.quantity) or float(order.quantity) == 0:
        told.append(f"{order.quantity!r} is not a number of units: write digits with a decimal dot.")
    if order.unit_price.strip() and not _is_units(order.unit_price):
        told.append(f"{order.unit_price!r} is not a price: write digits with a decimal dot.")
    if order.due_date < network.policy.as_of:
        told.append(f"{order.due_date} is over already: the data speak for {network.policy.as_of}.")
    return told


def confirm_deal(uploads: Uploads, network: Network | None, order: Confirmation) -> ImportReceipt:
    """Import the order and the deal won with it: demand changes at once, and plans made before are stale.

    Parameters
    ----------
    network : the one that holds now.

    Raises
    ------
    ChangedMeanwhileError
        The confirmation was made on other data.
    InputError
        Something is in the way, or the network would not take a row; then nothing is saved.
    """
    if network is None or network.input_hash != order.drawn_on:
        raise ChangedMeanwhileError(
            "Somebody changed the data since you looked, so the deal was not confirmed. Below is how it "
            "stands now: check it and confirm again." + uploads.meanwhile(of=order.drawn_on)
        )
    faults = [Fault(ORDERS_FILE, words.rstrip(".")) for words in in_the_way(network, order)]
    if faults:
        raise InputError(faults)
    deal = Incoming(DEALS_FILE, _won(network, order), "opportunities")
    files = [deal] if order.here else [Incoming(ORDERS_FILE, _order(network, order), "orders"), deal]
    preview = uploads.preview(files)
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults:
        raise InputError(faults)
    return uploads.load(preview)


def _deal(network: Network, opportunity_id: str) -> dict[str, Any]:
    return network["opportunities"].row(by_predicate=pl.col("opportunity_id") == opportunity_id, named=True)


def _free_id(opportunity_id: str, orders: set[str]) -> str:
    """An order number made from the deal's id that no order has."""
    plain = opportunity_id.replace(";", "-")
    numbered = (f"{plain}-{number}" for number in range(2, len(orders) + 3))
    return next(id for id in (plain, *numbered) if id not in orders)


def _order(network: Network, order: Confirmation) -> bytes:
    deal = _deal(network, order.opportunity_id)
    line = {
        "order_id": order.order_id.strip(),
        "line": "1",
        "order_date": str(network.policy.as_of),
        "due_date": str(order.due_date),
        "product": deal["product"],
        "market": deal["market"],
        "quantity": order.quantity.strip(),
        "quantity_shipped": "0",
        "status": "confirmed",
        "customer": order.customer.strip() or None,
        "unit_price": order.unit_price.strip() or None,
    }
    return pl.DataFrame([line], schema=dict.fromkeys(line, pl.String)).write_csv().encode()


def _won(network: Network, order: Confirmation) -> bytes:
    deal = network["opportunities"].filter(pl.col("opportunity_id") == order.opportunity_id)
    won = deal.with_columns(status=pl.lit("won"), order_id=pl.lit(order.order_id.strip()))
    return won.select(INPUT["opportunities"].columns).write_csv().encode()


def _units(quantity: float) -> str:
    """A quantity as it is typed, to the last decimal a plan carries."""
    return f"{quantity:.6f}".rstrip("0").rstrip(".")


def _is_units(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None
