"""The week that is over becomes the next one's files: to the unit, as planned where nobody says otherwise."""

from datetime import date

import hypothesis
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.errors import InputError
from planning.rolling import Actuals, RolledWeek, roll_week, week_to_roll
from tests.rolling.weeks import (
    NEXT,
    WEEK,
    a_network,
    a_plan,
    made,
    nothing_said,
    ordered,
    promised,
    said,
    shipped,
    stocked,
    with_stock,
)

AS_PLANNED = a_plan(
    production=[made("A", 12)],
    shipments=[shipped("A", "PT", 10), shipped("A", "DE", 5)],
    inventory=[stocked("A", 2)],
    promises=[promised("1", 6), promised("2", 4)],
)


def one(frame: pl.DataFrame, **where: object) -> dict[str, object]:
    return frame.filter(**where).row(0, named=True)


def settings(rolled: RolledWeek) -> dict[str, str]:
    return dict(rolled.updated["settings"].iter_rows())


def is_balanced(rolled: RolledWeek) -> bool:
    came = pl.sum_horizontal("opening", "opening_transit", "made", "counted_more")
    went = pl.sum_horizontal("delivered", "sold", "closing", "closing_transit")
    return bool(rolled.balance.select(((came - went).abs() < 1e-6).all()).item())


def test_a_week_as_planned_leaves_the_stock_of_the_plan_and_nothing_differs() -> None:
    rolled = roll_week(a_network(), AS_PLANNED, nothing_said())
    assert rolled.updated["stock"].rows() == [("PO", "A", 2.0)]
    assert rolled.differed.is_empty()
    assert is_balanced(rolled)
    assert settings(rolled) == {"start_week": "2026-12-07", "as_of": "2026-12-07"}


def test_what_arrived_closes_its_orders_and_what_left_later_is_on_its_way() -> None:
    rolled = roll_week(a_network(), AS_PLANNED, nothing_said())
    orders = rolled.updated["orders"].select("order_id", "quantity_shipped", "status").sort("order_id")
    assert orders.rows() == [("1", 6.0, "shipped"), ("2", 4.0, "shipped")]
    assert rolled.replaced["in_transit"].rows() == [("PO", "DE", "A", NEXT, 5.0)]


def test_each_thing_nobody_said_is_told() -> None:
    told = " ".join(roll_week(a_network(), AS_PLANNED, nothing_said()).assumed)
    assert "1 of the week's runs" in told
    assert "2 of the week's shipments" in told
    assert "the books stand for 1 products" in told
    assert "2 order lines" in told


def test_work_that_is_started_goes_on_next_week_with_what_is_left() -> None:
    actuals = Actuals(made=said("made", {"factory": "PO", "routing": "A/PR", "made": 10, "left": 2}))
    rolled = roll_week(a_network(), AS_PLANNED, actuals)
    row = one(rolled.replaced["firm_work"])
    assert (row["factory"], row["routing"], row["week"]) == ("PO", "A/PR", NEXT)
    assert (row["quantity_left"], row["status"]) == (2.0, "started")
    assert rolled.updated["stock"].rows() == [("PO", "A", 0.0)]
    missed = one(rolled.differed, what="Made")
    assert (missed["planned"], missed["actual"]) == (12.0, 10.0)


def test_work_that_stood_and_was_not_finished_stays_as_it_stood() -> None:
    stood = "work_order,factory,routing,week,quantity_left,status\nWO-1,PO,A/PR,2026-11-30,12,pinned\n"
    stood += "WO-2,PO,B/PR,2026-12-14,3,pinned\n"
    network = a_network(firm_work=stood)
    actuals = Actuals(made=said("made", {"factory": "PO", "routing": "A/PR", "made": 11}))
    left = roll_week(network, AS_PLANNED, actuals).replaced["firm_work"].sort("work_order")
    assert left.select("work_order", "week", "quantity_left", "status").rows() == [
        ("WO-1", NEXT, 1.0, "pinned"),
        ("WO-2", date(2026, 12, 14), 3.0, "pinned"),
    ]
    assert roll_week(network, AS_PLANNED, nothing_said()).replaced["firm_work"]["work_order"].to_list() == [
        "WO-2"
    ]


def test_a_count_stands_whatever_the_books_say() -> None:
    actuals = Actuals(counted=said("counted", {"factory": "PO", "product": "A", "quantity": 7}))
    rolled = roll_week(a_network(), AS_PLANNED, actuals)
    assert rolled.updated["stock"].rows() == [("PO", "A", 7.0)]
    assert one(rolled.balance)["counted_more"] == 5.0
    assert is_balanced(rolled)
    assert one(rolled.differed, what="Stock")["actual"] == 7.0


def test_more_cannot_leave_than_there_was_unless_it_was_counted() -> None:
    gone = said("shipped", {"factory": "PO", "market": "PT", "product": "A", "quantity": 20})
    with pytest.raises(InputError, match="PO shipped 8 more of A than it had and made"):
        roll_week(a_network(), AS_PLANNED, Actuals(shipped=gone))
    counted = said("counted", {"factory": "PO", "product": "A", "quantity": 0})
    assert is_balanced(roll_week(a_network(), AS_PLANNED, Actuals(shipped=gone, counted=counted)))


def test_too_little_that_arrives_serves_urgent_orders_first() -> None:
    gone = said("shipped", {"factory": "PO", "market": "PT", "product": "A", "quantity": 5})
    rolled = roll_week(a_network(), AS_PLANNED, Actuals(shipped=gone))
    orders = rolled.updated["orders"].select("order_id", "quantity_shipped", "status").sort("order_id")
    assert orders.rows() == [("1", 1.0, "confirmed"), ("2", 4.0, "shipped")]
    late = one(rolled.differed, what="Delivered", about="1/1")
    assert (late["planned"], late["actual"]) == (6.0, 1.0)


def test_a_unit_the_plan_serves_in_parts_goes_to_one_order_and_is_no_difference() -> None:
    demand = [
        {"product": "A", "market": "PT", "week": WEEK, "served_confirmed": 10.0, "served_expected": 0.0}
    ]
    parts = a_plan(
        production=[made("A", 12)],
        shipments=[shipped("A", "PT", 10), shipped("A", "DE", 5)],
        inventory=[stocked("A", 2)],
        promises=[promised("1", 5), promised("2", 4)],
        demand=demand,
    )
    rolled = roll_week(a_network(), parts, nothing_said())
    assert rolled.updated["orders"]["quantity_shipped"].sum() == 10.0
    assert rolled.differed.is_empty()


def test_what_no_order_wants_waits_at_its_market() -> None:
    gone = said("shipped", {"factory": "PO", "market": "PT", "product": "A", "quantity": 12})
    rolled = roll_week(a_network(), AS_PLANNED, Actuals(shipped=gone))
    assert ("PO", "PT", "A", WEEK, 2.0) in rolled.replaced["in_transit"].rows()
    assert is_balanced(rolled)


def test_orders_brought_say_what_is_shipped_and_goods_are_counted_once() -> None:
    network = a_network()
    came = ordered(network, {"order_id": "3", "market": "DE", "due_date": date(2026, 12, 11)} | GONE)
    rolled = roll_week(network, AS_PLANNED, Actuals(orders=came))
    assert rolled.replaced["in_transit"].is_empty(), "what was on its way is that order's"
    assert one(rolled.updated["orders"], order_id="3")["quantity_shipped"] == 5.0
    assert is_balanced(rolled)


GONE = {"quantity": 5.0, "quantity_shipped": 5.0, "status": "shipped"}


def test_expected_demand_is_sold_as_planned_only_where_nobody_brings_orders() -> None:
    demand = [{"product": "A", "market": "PT", "week": WEEK, "served_expected": 10.0}]
    plan = a_plan(shipments=[shipped("A", "PT", 5)], demand=demand)
    network = a_network(orders="order_id,due_date,product,market,quantity\n9,2027-01-08,A,PT,1\n")
    sold = roll_week(network, plan, nothing_said())
    assert one(sold.balance)["sold"] == 5.0
    assert "nobody brought any" in " ".join(sold.assumed)
    kept = roll_week(network, plan, Actuals(orders=network["orders"].clear()))
    assert one(kept.balance)["sold"] == 0.0
    assert kept.replaced["in_transit"].rows() == [("PO", "PT", "A", WEEK, 5.0)]


def test_history_learns_the_weeks_demand_once_whether_or_not_it_was_shipped() -> None:
    history = "date,product,market,quantity\n2026-11-27,A,PT,3\n2026-12-04,A,PT,4\n"
    settings = "key,value\nas_of,2026-12-04\nstart_week,2026-11-30\nhorizon_weeks,8\n"
    network = a_network(history=history, settings=settings)
    rolled = roll_week(network, AS_PLANNED, nothing_said())
    assert rolled.updated["history"].rows() == [(date(2026, 12, 4), "A", "PT", 10.0)]


def test_material_on_hand_is_what_was_there_less_what_gross_units_took() -> None:
    network = a_network(
        materials="material,unit_cost,lead_time_weeks\nPA,2,1\n",
        bom="product,material,quantity_per_unit\nA,PA,0.5\n",
        supply="material,factory,week,quantity,unit_cost\nPA,PO,2026-11-30,20,0\nPA,PO,2026-12-14,9,\n",
    )
    bought = {"material": "PA", "factory": "PO", "order_by": WEEK, "week": NEXT, "quantity": 4.0}
    plan = a_plan(production=[made("A", 12)], purchases=[bought])
    supply = roll_week(network, plan, nothing_said()).replaced["supply"].sort("week", "quantity")
    assert supply.select("week", "quantity", "unit_cost").rows() == [
        (NEXT, 4.0, None),
        (NEXT, 8.0, 0.0),
        (date(2026, 12, 14), 9.0, None),
    ]


def test_a_week_no_plan_speaks_of_is_not_rolled() -> None:
    with pytest.raises(InputError, match="plan v3 says nothing of the week"):
        roll_week(a_network(), a_plan(start=NEXT), nothing_said())


def test_where_settings_name_no_week_it_is_the_plans() -> None:
    network = a_network(settings="key,value\nhorizon_weeks,8\n")
    assert week_to_roll(network, AS_PLANNED) == WEEK
    with pytest.raises(InputError, match="is not over"):
        roll_week(network, AS_PLANNED, nothing_said())


UNITS = st.integers(0, 30)
#: Each rolls a whole week.
FEW = hypothesis.settings(max_examples=15, deadline=None)


@FEW
@given(opening=UNITS, run=UNITS, here=UNITS, away=UNITS, actual=UNITS, left=UNITS, counted=st.none() | UNITS)
def test_units_in_are_units_out(
    opening: int, run: int, here: int, away: int, actual: int, left: int, counted: int | None
) -> None:
    """Whatever was made, left and counted: no unit is lost and none comes from nowhere."""
    plan = a_plan(
        production=[made("A", run)],
        shipments=[shipped("A", "PT", here), shipped("A", "DE", away)],
        promises=[promised("1", min(6, here))],
    )
    actuals = Actuals(
        made=said("made", {"factory": "PO", "routing": "A/PR", "made": actual, "left": left}),
        counted=said(
            "counted", *([{"factory": "PO", "product": "A", "quantity": counted}] * (counted is not None))
        ),
    )
    book = opening + actual - here - away
    network = with_stock("A", opening)
    if book < 0 and counted is None:
        with pytest.raises(InputError, match="than it had and made"):
            roll_week(network, plan, actuals)
        return
    rolled = roll_week(network, plan, actuals)
    assert is_balanced(rolled)
    shipped_on_orders = rolled.updated.get("orders", network["orders"].clear())["quantity_shipped"].sum()
    assert shipped_on_orders == rolled.balance["delivered"].sum()
    kept = rolled.updated["stock"]["quantity"].sum()
    assert kept == (book if counted is None else counted)


@FEW
@given(opening=UNITS, run=UNITS, share=st.floats(0, 1))
def test_as_planned_leaves_the_inventory_of_the_plan(opening: int, run: int, share: float) -> None:
    gone = round((opening + run) * share)
    plan = a_plan(
        production=[made("B", run)],
        shipments=[shipped("B", "PT", gone)],
        inventory=[stocked("B", opening + run - gone)],
    )
    network = with_stock("B", opening)
    rolled = roll_week(network, plan, nothing_said())
    assert rolled.updated["stock"]["quantity"].sum() == opening + run - gone
    assert rolled.differed.is_empty()
