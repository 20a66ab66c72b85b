"""What changed since the last plan, in a planner's words, biggest first, and never noise read as effect."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import plan_diff
from tests.builders.plans import COSTS, PRODUCTS, START, a_network, a_plan, export_frame, input_frame, week

OBJECTIVE = sum(COSTS.values())


def plan_of(version: int, summary: dict[str, Any] | None = None, **tables: pl.DataFrame) -> Plan:
    plan = a_plan(version, **(summary or {}))
    return Plan(dict(plan.tables) | tables, plan.summary)


def promises(*rows: tuple[str, int, int | None, str]) -> pl.DataFrame:
    """Order, due week, week delivered, status; ten units each."""
    return export_frame(
        "promises",
        [
            {
                "order_id": order,
                "line": 1,
                "product": "0001",
                "market": "UK",
                "due_week": week(due),
                "quantity": 10.0,
                "delivered_week": None if to is None else week(to),
                "delivered_quantity": 10.0,
                "late_weeks": 0 if to is None else max(0, to - due),
                "status": status,
            }
            for order, due, to, status in rows
        ],
    )


def rented(*rows: tuple[str, int, int]) -> pl.DataFrame:
    """Factory, week, robots on rent at 100 a week, and two owned ones that are not of interest."""
    return export_frame(
        "fleet",
        [
            {
                "factory": factory,
                "robot_model": "MILL",
                "source": source,
                "id": "X",
                "week": week(at),
                "units": units,
                "cost": 100.0 * units,
            }
            for factory, at, count in rows
            for source, units in (("offer", count), ("owned", 2))
        ],
    )


def made(*rows: tuple[str, str, int, float]) -> pl.DataFrame:
    names = ("factory", "product", "week", "quantity")
    return export_frame(
        "production", [dict(zip(names, (f, p, week(at), units), strict=True)) for f, p, at, units in rows]
    )


def priced() -> Network:
    network = a_network()
    prices = {"0001": 20.0, "0002": 100.0}
    products = input_frame(
        "products",
        [
            {
                "product": p,
                "name": n,
                "price": prices.get(p, 1.0),
                "late_cost_per_week": 12.0,
                "lost_cost": 240.0,
            }
            for p, n in PRODUCTS.items()
        ],
    )
    return type(network)(**vars(network) | {"tables": dict(network.tables) | {"products": products}})


def what(view: Any) -> list[str]:
    return list(view.frame["what"])


def test_a_promise_that_moved_is_told_in_weeks_dearest_first() -> None:
    before = plan_of(2, promises=promises(("A", 1, 1, "on_time"), ("B", 1, 5, "late"), ("C", 1, 2, "late")))
    after = plan_of(3, promises=promises(("A", 1, 2, "late"), ("B", 1, 2, "late"), ("C", 1, 2, "late")))
    view = plan_diff.changed_orders(after, before, priced())
    assert what(view) == ["B/1 now 3 weeks earlier", "A/1 now 1 week later"]
    assert view.frame["cost"].to_list() == [-3 * 12.0 * 10, 12.0 * 10]


def test_a_promise_given_up_and_one_given_again_are_told() -> None:
    before = plan_of(2, promises=promises(("A", 1, 1, "on_time"), ("B", 1, None, "refused")))
    after = plan_of(3, promises=promises(("A", 1, None, "refused"), ("B", 1, 1, "on_time")))
    view = plan_diff.changed_orders(after, before, priced())
    assert set(what(view)) == {"A/1 now refused", "B/1 now on time"}
    assert sorted(view.frame["cost"].to_list()) == [-2_400.0, 2_400.0]


def test_orders_only_one_plan_knows_are_counted_and_not_compared() -> None:
    before = plan_of(2, promises=promises(("A", 1, 1, "on_time"), ("old", 1, 1, "on_time")))
    after = plan_of(3, promises=promises(("A", 1, 1, "on_time"), ("new", 1, 3, "late")))
    assert plan_diff.changed_orders(after, before, priced()).is_empty
    told = " ".join(plan_diff.headlines(after, before))
    assert "1 order line new; 1 order line no longer open" in told


def test_robots_on_rent_are_told_by_run_of_weeks() -> None:
    before = plan_of(2, fleet=rented(*(("F4", at, 2) for at in range(26))))
    after = plan_of(
        3, fleet=rented(*(("F4", at, 2 if at < 3 else 1) for at in range(26)), ("F1", 5, 1), ("F1", 6, 1))
    )
    view = plan_diff.changed_rent(after, before, priced())
    assert what(view) == [
        "1 MILL fewer on rent at Brno from week 51 on",
        "1 MILL more on rent at Leeds in weeks 53 to 1",
    ]
    assert view.frame["cost"].to_list() == [-2_300.0, 200.0]
    assert view.frame["robot_weeks"].to_list() == [-23, 2]


def test_a_week_between_splits_a_run() -> None:
    before = plan_of(2, fleet=rented(("F1", 9, 0)))
    after = plan_of(3, fleet=rented(("F1", 2, 1), ("F1", 4, 1), ("F1", 5, 2)))
    assert sorted(what(plan_diff.changed_rent(after, before, None))) == [
        "1 MILL more on rent at F1 in week 50",
        "1 MILL more on rent at F1 in week 52",
        "2 MILL more on rent at F1 in week 53",
    ]


def test_production_is_told_by_what_it_is_worth() -> None:
    before = plan_of(2, production=made(("F3", "0001", 1, 10.0), ("F1", "0002", 2, 60.0)))
    after = plan_of(3, production=made(("F3", "0001", 1, 250.0), ("F1", "0002", 2, 10.0)))
    view = plan_diff.changed_production(after, before, priced())
    assert what(view) == [
        "Leeds makes 50 fewer Bracket L in week 50",
        "Porto makes 240 more Bracket S in week 49",
    ]
    assert view.frame["worth"].to_list() == [-5_000.0, 4_800.0]


def test_without_prices_production_is_told_by_units() -> None:
    before = plan_of(2, production=made(("F3", "0001", 1, 10.0), ("F1", "0002", 2, 60.0)))
    after = plan_of(3, production=made(("F3", "0001", 1, 250.0), ("F1", "0002", 2, 10.0)))
    assert plan_diff.changed_production(after, before, None).frame["quantity"].to_list() == [240.0, -50.0]


@given(
    st.lists(st.tuples(st.sampled_from(["F1", "F2"]), st.integers(0, 5), st.integers(0, 40)), max_size=12),
    st.lists(st.tuples(st.sampled_from(["F1", "F2"]), st.integers(0, 5), st.integers(0, 40)), max_size=12),
)
def test_changes_of_production_add_up_to_the_change_of_the_plans(
    one: list[tuple[str, int, int]], other: list[tuple[str, int, int]]
) -> None:
    after, before = (
        plan_of(3, production=made(*((f, "0001", at, float(units)) for f, at, units in rows)))
        for rows in (one, other)
    )
    change = plan_diff.changed_production(after, before, None).frame["quantity"].sum()
    assert change == pytest.approx(sum(u for *_, u in one) - sum(u for *_, u in other))


def test_weeks_only_one_plan_covers_are_not_compared() -> None:
    """A plan made a week later ends a week later; what it adds at its end is no change."""
    later = {"start_week": (START + timedelta(weeks=1)).isoformat(), "input_hash": "b" * 64}
    before = plan_of(2, production=made(("F1", "0001", 0, 50.0), ("F1", "0001", 1, 10.0)))
    after = plan_of(3, later, production=made(("F1", "0001", 1, 10.0), ("F1", "0001", 26, 70.0)))
    assert plan_diff.changed_production(after, before, None).is_empty
    assert "starts in week 49 instead of week 48" in plan_diff.headlines(after, before)[0]


def test_nothing_changed_is_known_for_certain() -> None:
    after, before = a_plan(3), a_plan(2)
    views = (
        plan_diff.changed_orders(after, before, None),
        plan_diff.changed_rent(after, before, None),
        plan_diff.changed_production(after, before, None),
    )
    assert plan_diff.is_same(after, before, *views)
    dearer = a_plan(3, objective=OBJECTIVE + 100.0)
    assert not plan_diff.is_same(dearer, before, *views)
    moved = plan_diff.changed_production(plan_of(3, production=made(("F1", "0001", 1, 9.0))), before, None)
    assert not plan_diff.is_same(after, before, moved)


def test_cost_is_told_with_the_lines_that_moved_most() -> None:
    costs = COSTS | {
        "rent": COSTS["rent"] + 4_000,
        "transport": COSTS["transport"] - 9_000,
        "energy": 31_945.0,
    }
    after = a_plan(3, costs=costs, objective=sum(costs.values()))
    told = " ".join(plan_diff.headlines(after, a_plan(2)))
    assert "€4,999 less than plan v2" in told
    assert "Most of it: Transport −€9,000, Robot rent +€4,000, Energy +€1." in told


def test_a_difference_smaller_than_the_gaps_may_be_noise() -> None:
    after = a_plan(3, objective=OBJECTIVE + 5_000, bound=OBJECTIVE * 0.97, gap=0.03)
    told = " ".join(plan_diff.headlines(after, a_plan(2)))
    assert (
        "may be noise of the solve: plan v3 may still be 3.0 % above the cheapest one, plan v2 3.8 %" in told
    )


def test_a_difference_greater_than_both_gaps_is_real() -> None:
    after = a_plan(3, objective=OBJECTIVE * 1.2, bound=OBJECTIVE * 1.1, gap=0.083)
    assert "The difference is real" in " ".join(plan_diff.headlines(after, a_plan(2)))
    cheaper = a_plan(3, objective=OBJECTIVE * 0.9, bound=OBJECTIVE * 0.89, gap=0.011)
    assert "The difference is real" in " ".join(plan_diff.headlines(cheaper, a_plan(2)))


def test_plans_of_the_same_data_differ_by_the_solve_alone() -> None:
    assert "same data as plan v2" in plan_diff.headlines(a_plan(3), a_plan(2))[0]
    assert "data changed since plan v2" in plan_diff.headlines(a_plan(3, input_hash="b" * 64), a_plan(2))[0]


def test_key_figures_that_moved_are_told_and_others_are_not() -> None:
    kpis = a_plan().summary["kpis"] | {"on_time_share": 0.981, "peak_robots_on_rent": 36}
    told = plan_diff.headlines(a_plan(3, kpis=kpis), a_plan(2))[-1]
    assert told == "Confirmed on time 98.1 % instead of 96.4 %; 36 robots on rent at the peak instead of 34."


def test_of_very_many_changes_the_biggest_are_shown_and_all_counted() -> None:
    rows = [(f"F{n}", "0001", 1, float(n)) for n in range(1, plan_diff.MOST_CHANGES + 51)]
    view = plan_diff.changed_production(
        plan_of(3, production=made(*rows)), plan_of(2, production=made()), None
    )
    assert plan_diff.how_many(view) == "1,050 changes, the biggest 1,000 shown"
    assert plan_diff.biggest(view).frame["quantity"].min() == 51.0
