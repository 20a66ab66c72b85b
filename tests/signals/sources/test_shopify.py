"""Shopify orders: two statuses, order fields on the first row, test orders, refunds, two currencies."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.signals.sources.exports import SETTINGS, aside, collapsed, meaning, rows

HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem requires shipping,"
    "Lineitem fulfillment status,Shipping Country,Cancelled at,Payment Method,Refunded Amount\n"
)
RATES = pl.DataFrame({"currency": ["GBP"], "date": [date(2026, 10, 1)], "rate": [1.2]})


def order(name: str, **said: str) -> str:
    """The first row of an order: paid, to ship to Germany, two of 0001, unless told otherwise."""
    cells = {
        "paid": "paid",
        "fulfilled": "unfulfilled",
        "currency": "EUR",
        "created": "2026-11-03 09:59:00 +0100",
        "quantity": "2",
        "product": "0001",
        "price": "80.00",
        "ships": "true",
        "line": "pending",
        "country": "DE",
        "cancelled": "",
        "gateway": "Shopify Payments",
        "refunded": "",
    } | said
    c = cells
    return (
        f"{name},a@example.com,{c['paid']},,{c['fulfilled']},,{c['currency']},{c['created']},{c['quantity']},"
        f"Bracket,{c['price']},{c['product']},{c['ships']},{c['line']},{c['country']},{c['cancelled']},"
        f"{c['gateway']},{c['refunded']}\n"
    )


def more(name: str, product: str, quantity: int, line: str = "pending", price: str = "10.00") -> str:
    """A further row of an order: its own fields only."""
    return f"{name},a@example.com,,,,,,,{quantity},Clip,{price},{product},true,{line},,,,\n"


def test_the_order_s_fields_hold_for_all_its_rows_wherever_they_stand() -> None:
    told = meaning(HEADER + more("#1", "0002", 5) + order("#2", country="GB") + order("#1"))
    orders = rows(told, "orders", "order_id", "product", "market", "quantity", "order_date", "status")
    assert orders == [
        ("#1", "0002", "de", "5", "2026-11-03", "confirmed"),
        ("#2", "0001", "uk", "2", "2026-11-03", "confirmed"),
        ("#1", "0001", "de", "2", "2026-11-03", "confirmed"),
    ]
    assert rows(told, "orders", "line") == [("2",), ("1",), ("1",)]


@pytest.mark.parametrize(
    ("said", "status", "shipped"),
    [
        ({}, "confirmed", "0"),
        ({"fulfilled": "fulfilled"}, "shipped", "2"),
        ({"fulfilled": "partial", "line": "fulfilled"}, "shipped", "2"),
        ({"fulfilled": "partial", "line": "pending"}, "confirmed", "0"),
        ({"cancelled": "2026-11-04 08:00:00 +0100"}, "cancelled", "0"),
        ({"paid": "voided"}, "cancelled", "0"),
        ({"paid": "refunded"}, "cancelled", "0"),
        ({"paid": "refunded", "fulfilled": "fulfilled"}, "shipped", "2"),
        ({"paid": "authorized"}, "confirmed", "0"),
        ({"fulfilled": "restocked"}, "cancelled", "0"),
    ],
)
def test_two_statuses_say_what_an_order_is(said: dict[str, str], status: str, shipped: str) -> None:
    told = meaning(HEADER + order("#1", **said))
    assert rows(told, "orders", "status", "quantity_shipped") == [(status, shipped)]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"paid": "pending"}, "payment is pending: the order is not confirmed"),
        ({"paid": "nonsense"}, "nobody knows what status 'nonsense' says"),
        ({"gateway": "(for testing) Bogus Gateway"}, "is a test order"),
        ({"ships": "false"}, "'Bracket' is not shipped: a voucher or a service, no product"),
        ({"created": ""}, "has no order day"),
        ({"product": ""}, "has no product code"),
        ({"quantity": "two"}, "quantity is not a number of units"),
        (
            {"created": "03/04/2026"},
            "could be two days: the file does not show whether day or month comes first",
        ),
        ({"country": ""}, "says no market"),
        ({"price": "1.2.3"}, "price is not a number"),
    ],
)
def test_what_is_no_confirmed_order_is_kept_aside_in_words(said: dict[str, str], why: str) -> None:
    told = meaning(HEADER + order("#1", **said))
    assert aside(told)[2].startswith(why)
    assert told.aside["remedy"][0]
    assert told.aside["column"][0] in HEADER.split(",")
    assert told.tables["orders"].is_empty()


def test_an_order_of_the_test_column_is_a_test_order() -> None:
    text = HEADER.replace("Email", "Test") + order("#1").replace("a@example.com", "TRUE")
    assert aside(meaning(text)) == {2: "is a test order"}


def test_a_planner_may_count_orders_on_account() -> None:
    counted = replace(SETTINGS, statuses={"Pending": "confirmed"})
    assert rows(meaning(HEADER + order("#1", paid="pending"), counted), "orders", "status") == [
        ("confirmed",)
    ]


def test_a_row_without_an_order_number_is_kept_aside() -> None:
    assert aside(meaning(HEADER + order("")))[2] == "has no order number"


def test_a_row_without_its_order_s_first_row_is_kept_aside() -> None:
    assert aside(meaning(HEADER + more("#1", "0002", 5)))[2].startswith("the first row of order #1 is not in")


def test_money_of_two_currencies_is_converted_and_without_a_rate_left_empty_and_told() -> None:
    text = HEADER + order("#1") + order("#2", currency="GBP") + order("#3", currency="USD")
    told = meaning(text, replace(SETTINGS, rates=RATES))
    assert rows(told, "orders", "order_id", "unit_price") == [("#1", "80"), ("#2", "96"), ("#3", None)]
    assert any("load without a price" in note and note.endswith(": 1.") for note in told.notes)


def test_an_order_in_the_file_twice_counts_once_with_every_line() -> None:
    once = order("#1") + more("#1", "0002", 5) + more("#1", "0002", 5)
    told = meaning(HEADER + once + once)
    assert rows(told, "orders", "line", "product", "quantity") == [
        ("1", "0001", "2"),
        ("2", "0002", "5"),
        ("3", "0002", "5"),
    ]
    assert len(collapsed(told)) == 3


def test_an_order_in_the_file_twice_that_differs_is_kept_aside_whole() -> None:
    told = meaning(HEADER + order("#1") + more("#1", "0002", 5) + order("#1", fulfilled="fulfilled"))
    assert set(aside(told).values()) == {"order #1 stands in the file several times and differs"}
    assert told.rows("kept aside") == 3
    assert told.speaks_for["orders"].is_empty()


def test_an_order_day_is_one_of_the_plan_s_time_zone() -> None:
    late = HEADER + order("#1", created="2026-11-03 23:30:00 -0500")
    assert rows(meaning(late), "orders", "order_date") == [("2026-11-04",)]
    half = HEADER + order("#1", created="2026-11-04 05:15:00 +0530")
    assert rows(meaning(half), "orders", "order_date") == [("2026-11-03",)]
    there = replace(SETTINGS, timezone="America/New_York")
    assert rows(meaning(late, there), "orders", "order_date") == [("2026-11-03",)]


def test_delivery_follows_the_order_by_the_days_the_planner_says() -> None:
    told = meaning(HEADER + order("#1"), replace(SETTINGS, due_days=14, as_history=True))
    assert rows(told, "orders", "due_date") == rows(told, "history", "date") == [("2026-11-17",)]
    assert told.notes == ("Order lines without a delivery day, taken to be due 14 days after the order: 1.",)


def test_refunds_of_orders_that_count_are_told() -> None:
    told = meaning(HEADER + order("#1", paid="partially_refunded", refunded="80.00"))
    assert rows(told, "orders", "status", "quantity") == [("confirmed", "2")]
    assert any("money given back is no demand taken back: 1" in note for note in told.notes)
