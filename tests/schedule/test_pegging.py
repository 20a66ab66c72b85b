"""What a lot is for: first made, first delivered, from factories that reach the market in time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planning.domain.schema import EXPORT
from planning.schedule.pegging import Delivery, OrderLine, Supply, deliveries, lanes_into, peg
from tests.schedule.shop import MONDAY, delivered, network, table, week

HERE = {"de": {"berlin": timedelta()}}


def made(name: int, number: int, units: float, factory: str = "berlin") -> Supply:
    return Supply(name, "gear", factory, week(number), units)


def wanted(order: str, number: int, units: float, market: str = "de", due: date = MONDAY) -> Delivery:
    return Delivery("gear", market, week(number), units, OrderLine(due, 2, order, 1))


def words(pegs: dict[int, list[OrderLine]]) -> dict[int, list[str]]:
    return {name: [str(order) for order in orders] for name, orders in sorted(pegs.items())}


def test_first_made_is_first_delivered() -> None:
    pegs = peg([made(0, 0, 5), made(1, 1, 5)], [wanted("B", 1, 5), wanted("A", 0, 5)], HERE)
    assert words(pegs) == {0: ["A/1"], 1: ["B/1"]}


def test_a_lot_may_serve_several_orders_and_an_order_need_several_lots() -> None:
    pegs = peg([made(0, 0, 5), made(1, 0, 5)], [wanted("A", 0, 3), wanted("B", 0, 7)], HERE)
    assert words(pegs) == {0: ["A/1", "B/1"], 1: ["B/1"]}


def test_stock_serves_the_first_deliveries() -> None:
    pegs = peg([made(0, 0, 5)], [wanted("A", 0, 4), wanted("B", 0, 5)], HERE)
    assert words(pegs) == {0: ["B/1"]}


def test_nothing_serves_what_left_before_it_was_made() -> None:
    assert peg([made(0, 2, 5)], [wanted("A", 1, 5)], HERE) == {}


def test_a_factory_must_reach_the_market_in_time() -> None:
    lanes = {"de": {"berlin": timedelta(weeks=2), "lyon": timedelta()}}
    supplies = [made(0, 0, 5), made(1, 1, 5, "lyon")]
    assert words(peg(supplies, [wanted("A", 1, 5), wanted("B", 2, 5)], lanes)) == {0: ["B/1"], 1: ["A/1"]}
    assert peg([made(0, 0, 5)], [wanted("A", 4, 5, market="fr")], lanes) == {}


def test_what_is_due_first_comes_first_within_a_week() -> None:
    late = wanted("A", 0, 5, due=MONDAY + timedelta(days=4))
    early = wanted("B", 0, 5, due=MONDAY + timedelta(days=1))
    assert words(peg([made(0, 0, 5), made(1, 0, 5)], [late, early], HERE)) == {0: ["B/1"], 1: ["A/1"]}


quantities = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=6)


@given(quantities, quantities)
def test_units_are_never_given_twice(supplied: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    supplies = [made(name, number, units) for name, (number, units) in enumerate(supplied)]
    orders = [wanted(f"O{name}", number, units) for name, (number, units) in enumerate(asked)]
    pegs = peg(supplies, orders, HERE)
    ready = {order.order.order_id: order.week for order in orders}
    for name, lines in pegs.items():
        assert all(supplies[name].week <= ready[line.order_id] for line in lines)
    # An order line on n lots uses n − 1 of them up, so there are fewer pairs than lots and lines.
    pairs = sum(len(lines) for lines in pegs.values())
    assert pairs <= max(0, len(supplies) + len(orders) - 1)
    assert peg(supplies[::-1], orders[::-1], HERE) == pegs


def test_due_date_and_priority_come_from_the_orders() -> None:
    order = {
        "order_id": "A",
        "line": 1,
        "due_date": date(2026, 12, 3),
        "product": "gear",
        "market": "de",
        "quantity": 5,
        "priority": 1,
    }
    promises = table(
        EXPORT["promises"],
        [
            delivered("A", "gear", 5),
            delivered("B", "gear", 2),
            delivered("C", "gear", 1, delivered_week=None, delivered_quantity=0.0, status="refused"),
        ],
    )
    found = sorted(delivery.order for delivery in deliveries(network(orders=[order]), promises))
    assert found == [OrderLine(date(2026, 12, 3), 1, "A", 1), OrderLine(date(2026, 12, 6), 2, "B", 1)]


def test_without_lanes_every_factory_reaches_every_market_at_once() -> None:
    assert lanes_into(network()) == HERE
    lane = {"factory": "berlin", "market": "fr", "lead_time_weeks": 2}
    assert lanes_into(network(lanes=[lane])) == {"fr": {"berlin": timedelta(weeks=2)}}
