"""Decisions: each is there when it should be and only then, its numbers can be worked out by hand."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.forecast import Forecast
from planning.forecast.forecast import QUANTILES_SCHEMA
from planning.present.action import DAYS_AHEAD, Action, Ranking, narrowed_to, ranked
from planning.present.actions import decisions
from planning.present.order_actions import causes, lines_because_of
from planning.present.today_tables import MOST_SHOWN, all_decisions, nothing_to_decide, shown_first
from tests.builders.plans import START, a_network, a_plan, export_frame, input_frame, week

TODAY = START - timedelta(days=3)
NO_ROWS = EXPORT["rejected_rows"].empty()

CONTRACT = {"contract": "CT-1", "offer": "LONG", "factory": "F1", "units": 2, "weekly_rate": 600.0}
OFFERS = [
    {
        "offer": offer,
        "vendor": "Robora",
        "robot_model": "fdm_xl",
        "weekly_rate": rate,
        "min_term_weeks": term,
        "renewal_weeks": 4,
        "notice_weeks": 2,
        "lead_time_weeks": lead,
        "mobilisation_fee": 300.0,
        "demobilisation_fee": 100.0,
        "early_termination_share": 0.25,
        "transfer_fee": 450.0,
        "transfer_weeks": 1,
    }
    for offer, rate, term, lead in (("LONG", 600.0, 26, 8), ("FLEX", 900.0, 4, 2))
]


def network(**tables: list[dict[str, Any]]) -> Network:
    held = a_network()
    prices = held["products"].with_columns(price=pl.lit(200.0))
    frames = {name: input_frame(name, rows) for name, rows in ({"offers": OFFERS} | tables).items()}
    return held.with_tables(**({"products": prices} | frames))


def plan(summary: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Plan:
    """A plan in which nothing needs a decision but what is said here."""
    empty = {name: table.empty() for name, table in EXPORT.items()}
    told = {name: export_frame(name, rows) for name, rows in tables.items()}
    return Plan(empty | told, a_plan().summary | (summary or {}))


def found(
    made: Plan | None, held: Network | None, aside: pl.DataFrame = NO_ROWS, **more: Any
) -> list[Action]:
    ranking = decisions(made, held, aside, today=TODAY, **more)
    return [*ranking.waiting, *ranking.later]


def only(actions: list[Action]) -> Action:
    assert len(actions) == 1, [action.what for action in actions]
    return actions[0]


def rental(action: str, id: str, units: int = 1, **more: Any) -> dict[str, Any]:
    row = {"action": action, "id": id, "vendor": "Robora", "robot_model": "fdm_xl", "factory": "F1"}
    dates = {"decide_by": week(0), "on_rent_date": week(8), "off_rent_date": week(12)}
    return row | {"units": units, "committed_cost": 0.0} | dates | more


def promise(order: str, **more: Any) -> dict[str, Any]:
    row = {"order_id": order, "line": 1, "product": "0001", "market": "UK", "due_week": week(4)}
    late = {"delivered_week": week(6), "late_weeks": 2, "status": "late", "cause": "XL at F1 is full"}
    return row | {"quantity": 10.0, "delivered_quantity": 10.0} | late | more


def an_action(key: str, days: int, money: float | None) -> Action:
    return Action(key, key, TODAY + timedelta(days=days), money, "", "", "", "", "", "fleet")


some_actions = st.lists(
    st.tuples(st.integers(-30, 200), st.one_of(st.none(), st.floats(0, 1e6))), max_size=25
).map(lambda rows: [an_action(f"{n}", *row) for n, row in enumerate(rows)])


class TestRanking:
    @given(some_actions)
    def test_nothing_is_lost_and_at_most_seven_are_shown(self, actions: list[Action]) -> None:
        ranking = ranked(actions, TODAY)
        told = [*ranking.waiting, *ranking.later]
        assert sorted(a.key for a in told) == sorted(a.key for a in actions)
        assert len(shown_first(ranking)) <= MOST_SHOWN
        assert all_decisions(ranking, "EUR", {}).frame["what"].to_list() == [a.what for a in told]
        assert all((a.deadline - TODAY).days <= DAYS_AHEAD for a in ranking.waiting)
        assert all((a.deadline - TODAY).days > DAYS_AHEAD for a in ranking.later)

    @given(
        some_actions, st.integers(-5, DAYS_AHEAD), st.floats(0, 1e6), st.integers(0, 30), st.floats(0, 1e6)
    )
    def test_more_money_or_an_earlier_deadline_never_ranks_lower(
        self, actions: list[Action], days: int, money: float, sooner: int, more: float
    ) -> None:
        def place(action: Action) -> int:
            return [a.key for a in ranked([*actions, action], TODAY).waiting].index("z")

        assert place(an_action("z", days - sooner, money + more)) <= place(an_action("z", days, money))

    def test_a_week_further_away_halves_the_money_and_months_away_wait_however_dear(self) -> None:
        soon, next_week = an_action("soon", 0, 600), an_action("next week", 7, 1_000)
        dear, months = an_action("dear", 7, 1_300), an_action("months", 70, 1e6)
        ranking = ranked([months, next_week, soon, dear], TODAY)
        assert [a.key for a in ranking.waiting] == ["dear", "soon", "next week"]
        assert [a.key for a in ranking.later] == ["months"]


class TestRentals:
    def test_lots_of_one_order_are_one_decision_with_what_it_commits_to(self) -> None:
        lots = [
            rental("rent", "LONG", 2, committed_cost=2 * 16_000.0),
            rental("rent", "LONG", 1, committed_cost=16_000.0, off_rent_date=week(20)),
        ]
        order = only(found(plan(rentals=lots), network()))
        assert order.what == "Order 3 × fdm_xl at Leeds (LONG), on rent from 18 Jan"
        assert (order.money, order.deadline) == (48_000.0, week(0))
        # (26 weeks × 600 + 300 + 100) = 16,000 a robot; FLEX costs 300 a week and robot more.
        assert "3 × (26 weeks minimum term × €600 a week + €400 for coming and going)" in order.traced
        assert order.inaction == "only dearer offers are left: FLEX costs €900 more a week"

    def test_without_another_offer_it_says_what_work_has_no_robot(self) -> None:
        weeks = [week(8), week(9), week(10), week(11)]
        place = {"factory": "F1", "robot_model": "fdm_xl"}
        made = plan(
            rentals=[rental("rent", "FLEX", 1, committed_cost=4_000.0)],
            fleet=[place | {"source": "owned", "week": w, "units": 3} for w in weeks],
            hours=[
                place
                | {
                    "week": w,
                    "attended_available": 120.0,
                    "attended_used": 100.0,
                    "unattended_available": 60.0,
                    "unattended_used": 30.0,
                }
                for w in weeks
            ],
        )
        # Two of three robots have 80 attended hours for 100, and 40 unattended ones for 30.
        told = only(found(made, network())).inaction
        assert told == "20 robot hours of work a week from 18 Jan do not fit on the other robots there"

    @pytest.mark.parametrize(
        ("ends", "rents_again", "weeks"),
        [(None, None, 26 - 12), (week(15), None, 3), (None, week(14), 2)],
        ids=["to the end of the plan", "to the end it has", "to the next rent"],
    )
    def test_notice_saves_the_rent_that_nobody_needs(
        self, ends: date | None, rents_again: date | None, weeks: int
    ) -> None:
        rows = [rental("return", "CT-1", 2, on_rent_date=week(-20))]
        if rents_again is not None:
            rows.append(rental("rent", "FLEX", on_rent_date=rents_again, decide_by=week(12)))
        held = network(contracts=[CONTRACT | {"off_rent_date": ends}])
        notice = found(plan(rentals=rows), held)[0]
        assert notice.what == "Give notice for 2 × fdm_xl at Leeds (CT-1), off rent from 15 Feb"
        assert notice.money == 2 * 600.0 * weeks
        assert notice.inaction == "€1,200 of rent a week runs on from 15 Feb"

    def test_keeping_ending_early_and_moving_are_priced_by_their_terms(self) -> None:
        contract = CONTRACT | {"min_end_date": week(16)}
        rows = [
            rental("renew", "CT-1", 1, decide_by=week(1)),
            rental("terminate", "CT-1", 2, decide_by=week(1)),
            rental("move", "CT-1", 1, to_factory="F3", decide_by=week(1)),
        ]
        by_kind = {a.kind: a for a in found(plan(rentals=rows), network(contracts=[contract]))}
        assert {kind: action.money for kind, action in by_kind.items()} == {
            "renew": 600.0 * 4,
            "terminate": 2 * 600.0 * (16 - 12) * (1 - 0.25),
            "move": 450.0,
        }
        assert by_kind["move"].about["factory"] == {"F1", "F3"}

    def test_the_same_robots_leaving_and_coming_on_one_day_are_one_decision(self) -> None:
        rows = [
            rental("return", "CT-1", 2, off_rent_date=week(8), decide_by=week(6)),
            rental("rent", "LONG", 2, committed_cost=32_000.0),
        ]
        held = network(contracts=[CONTRACT])
        swap = only(found(plan(rentals=rows), held))
        assert swap.what == "Replace CT-1 by 2 × fdm_xl at Leeds (LONG) on 18 Jan"
        assert (swap.money, swap.deadline) == (32_000.0, week(0))
        fewer = [rows[0], rows[1] | {"units": 1}]
        assert {a.kind for a in found(plan(rentals=fewer), held)} == {"return", "rent"}


class TestOrders:
    def test_lines_late_for_one_cause_are_one_decision_with_what_the_plan_pays(self) -> None:
        thirty = {"quantity": 30.0, "delivered_quantity": 30.0}
        rows = [
            promise("SO-1", cause="XL at F1 is full in the week of 2026-12-14"),
            promise("SO-2", cause="XL at F3 is full in the week of 2026-12-21; XL at F1 is full") | thirty,
            promise("SO-3", cause="due before the shortest lane (2 weeks) can bring it"),
            promise("SO-4", due_week=week(-1), delivered_week=week(1), cause="it was overdue"),
            promise("SO-5", status="refused", delivered_week=None, late_weeks=0),
            promise("SO-6", status="on_time", delivered_week=week(4), late_weeks=0, cause=None),
        ]  # fmt: skip
        by_key = {a.key: a for a in found(plan(promises=rows), network())}
        assert {key: action.money for key, action in by_key.items()} == {
            "late:XL": (10 + 30) * 2 * 12.0,
            "late:due before the shortest lane can bring it": 10 * 2 * 12.0,
            # Two weeks late of which the plan has one: what is late before it starts cannot be helped.
            "past_due:they are due before the plan starts": 10 * 1 * 12.0,
            "refused:XL": 10 * 240.0,
        }
        full = by_key["late:XL"]
        assert full.what == "Promise new dates for 2 late order lines"
        assert full.cause == "XL is full at Leeds and Porto"
        assert "orders worth €8,000 are delivered late, which costs €960; dearest SO-2/1" in full.inaction

    def test_they_are_due_before_their_weeks_are_firm_or_overdue(self) -> None:
        orders = [{"order_id": "SO-4", "line": 1, "due_date": date(2026, 11, 18)}]
        rows = [promise("SO-1"), promise("SO-3", due_week=week(1), cause="other"),
                promise("SO-4", due_week=week(-1), delivered_week=week(0))]  # fmt: skip
        deadlines = {
            a.kind: a.deadline for a in found(plan(promises=rows[:1] + rows[2:]), network(orders=orders))
        }
        assert deadlines == {"late": week(4 - 2), "past_due": date(2026, 11, 18)}
        assert only(found(plan(promises=rows[1:2]), network())).deadline == TODAY


class TestDemand:
    def test_rows_kept_aside_hold_quantity_times_price(self) -> None:
        def row(line: int, raw: str, **more: Any) -> dict[str, Any]:
            told = {"column": "due_date", "value": "soon", "reason": "no date"}
            return {"file": "orders.csv", "line": line, "raw": raw} | told | more

        rows = [
            row(2, "SO-1,1,2026-11-01,soon,0001,UK,10,4,confirmed,Ada,2,50"),
            row(3, "SO-2,1,2026-11-01,soon,0001,UK,10,,,,,"),
            row(4, "SO-3,1,2026-11-01,soon,nobody knows it,UK,10,,,,,"),
            row(5, "SO-4,soon,0001,UK,10"),
            row(6, "soon,1,SO-5,2026-11-01,0001,UK,10,,,,,"),
            row(7, "SO-6,1,2026-11-01,soon,0001,UK,10,,cancelled,,,"),
            row(8, "SO-1,1,2026-11-01,2026-12-01,0001,UK,10,,,,,", column="order_id, line", value="SO-1, 1",
                reason="is the same as line 2"),
        ]  # fmt: skip
        fix = only(found(None, network(), export_frame("rejected_rows", rows)))
        assert fix.what == "Fix 6 rows of orders.csv"
        assert fix.money == (10 - 4) * 50.0 + 10 * 200.0
        assert fix.address == "signals"

    def test_of_what_is_not_demand_no_value_is_made_up(self) -> None:
        row = {"file": "lanes.csv", "line": 2, "raw": "F1,Mars,1", "reason": "unknown market"}
        fix = only(found(None, network(), export_frame("rejected_rows", [row])))
        assert fix.money is None
        assert fix.inaction == "what they say is in no plan"

    def test_a_forecast_without_record_or_worse_than_naive_is_reviewed_by_the_money_in_doubt(self) -> None:
        records = [
            ("0001", "UK", 0.50, 0.30, False), ("0001", "DE", None, None, None),
            ("0002", "UK", 0.20, 0.40, True), ("0003", "UK", 0.30, 0.2999, False),
        ]  # fmt: skip
        names = ("product", "market", "wape", "naive_wape", "better_than_naive")
        methods = [dict.fromkeys(METHODS_SCHEMA) | dict(zip(names, row, strict=True)) for row in records]
        weekly = [
            dict.fromkeys(QUANTILES_SCHEMA) | {"product": p, "market": m, "week": week(t), "quantity": 5.0}
            for p, m, *_ in records
            for t in range(2)
        ]
        forecast = Forecast(
            pl.DataFrame(weekly, QUANTILES_SCHEMA),
            pl.DataFrame([row | {"weeks_of_history": 7} for row in methods], METHODS_SCHEMA),
        )
        review = only(found(plan(), network(), forecast=forecast))
        # 10 units at 200 each: 20 points worse than naive in the UK; nothing known in Germany, where the
        # median forecast is 30 % off; of 0003 twenty cents are in doubt, which is nobody's morning.
        assert review.key == "review_forecast:0001"
        assert review.money == pytest.approx(2_000 * 0.20 + 2_000 * 0.30)
        assert review.what == "Review the forecast of Bracket S in 2 markets"
        assert (
            review.cause
            == "at most 7 weeks of history in 1 market; 50.0 % off in United Kingdom, naive 30.0 %"
        )

    def test_deals_out_of_date_and_deals_too_large_are_told_with_their_days(self) -> None:
        deal = {"product": "0001", "market": "UK", "quantity": 40.0, "probability": 0.5}
        made = plan(
            {
                "stale": [deal | {"opportunity_id": "OP-1", "expected_date": "2026-11-02"}],
                "rent_or_wait": [deal | {"opportunity_id": "OP-2", "expected_date": "2027-02-19"}],
            }
        )
        held = network(
            routings=[{"routing": "r", "product": "0001", "robot_model": "fdm_xl"}],
            lanes=[{"factory": "F1", "market": "UK", "lead_time_weeks": 3}],
        )
        stale, large = found(made, held)
        assert (stale.money, stale.deadline) == (40 * 0.5 * 200.0, date(2026, 11, 2))
        # Due on a Friday: in its own week, that of 15 Feb; 3 weeks on the lane, 2 until FLEX is there.
        assert (large.money, large.deadline) == (40 * 200.0, date(2027, 2, 15) - timedelta(weeks=5))


class TestPlan:
    def test_bent_rules_are_approved_at_their_price_before_the_first_of_them(self) -> None:
        bent = [
            {
                "rule": "floor",
                "factory": "F1",
                "week": week(3).isoformat(),
                "amount": 2.0,
                "unit_price": 500.0,
            },
            {
                "rule": "storage",
                "factory": "F3",
                "week": week(1).isoformat(),
                "amount": 3.0,
                "unit_price": 10.0,
            },
        ]
        action = only(found(plan({"relaxed": bent}), network()))
        assert (action.money, action.deadline) == (1_030.0, week(1))
        assert "more robots than the floor has room for at Leeds" in action.cause

    def test_a_stale_plan_comes_before_all_that_rests_on_it(self) -> None:
        made = plan(rentals=[rental("rent", "LONG", committed_cost=1e6, decide_by=TODAY)])
        assert [a.kind for a in found(made, network(), stale=True)] == ["replan", "rent"]

    def test_where_nothing_is_amiss_there_is_nothing_to_decide(self) -> None:
        ranking = decisions(plan(), network(), NO_ROWS, today=TODAY)
        assert ranking == Ranking((), ())
        assert nothing_to_decide(ranking) == "Nothing to decide, now or later in this plan."
        later = decisions(
            plan(rentals=[rental("rent", "FLEX", decide_by=week(9))]), network(), NO_ROWS, today=TODAY
        )
        assert nothing_to_decide(later).endswith("on rent from 18 Jan, by Mon 25 Jan 2027.")
        assert decisions(None, None, NO_ROWS, today=TODAY) == Ranking((), ())

    def test_the_same_decision_keeps_its_key_in_the_next_plan(self) -> None:
        rows = [rental("rent", "LONG", 2, committed_cost=32_000.0)]
        more = [row | {"units": 3, "committed_cost": 48_000.0} for row in rows]
        assert [a.key for a in found(plan(rentals=rows), network())] == [
            a.key for a in found(plan(rentals=more), network())
        ]


def test_every_decision_leads_to_rows_its_page_shows() -> None:
    """The names in the address are those the page offers to filter by; all there are need no naming."""
    made, held = a_plan(), network(contracts=[CONTRACT])
    waiting = [*decisions(made, held, NO_ROWS, today=TODAY).waiting]
    notice = next(action for action in waiting if action.kind == "return")
    assert narrowed_to(notice, made, held) == {"factory": ["Gdańsk"]}
    late = next(action for action in waiting if action.kind == "refused")
    assert narrowed_to(late, made, held) == {"cause": [late.key]}
    assert late.key in causes(made, held)
    assert lines_because_of(made, held, late.key).rows() == [("SO-1077", 1)]
