"""A quick plan around another: what a change does not touch stays as it is, and every rule is kept."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import polars as pl
import pytest

from bench.companies import START, Size, write_company
from planning.check import check
from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.problem import Problem
from planning.domain.schema import EXPORT
from planning.domain.touched import Touched, touched
from planning.errors import JobCancelledError
from planning.netting import net_demand
from planning.signals import read_folder, validate
from planning.store import Basis
from planning.workflows.forecasting import with_forecast
from planning.workflows.planning_run import PlanPayload, make_plan
from planning.workflows.quick_plan import QuickPayload, quick_plan

Change = Callable[[Network], Network]
SMALL = Size(products=12, factories=3, weeks=9, models=3)


@pytest.fixture(scope="module", params=["plain", "full"])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A made company of twelve products, in its plainest form and with every rule used."""
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, SMALL, full=request.param == "full", seed=5)
    made = validate(read_folder(folder), START)
    return replace(made, policy=replace(made.policy, gap=0.02, time_limit_seconds=20))


@pytest.fixture(scope="module")
def plan(network: Network) -> Plan:
    return make_plan(PlanPayload(network, None)).plan


@pytest.fixture(scope="module")
def quick(network: Network, plan: Plan) -> Callable[[Change], Plan]:
    """The quick plan after a change, made once for every test that asks about it."""

    @cache
    def made(change: Change) -> Plan:
        result = quick_plan(asked(network, plan, change))
        assert result is not None
        return result.plan

    return made


def asked(network: Network, plan: Plan, change: Change) -> QuickPayload:
    return QuickPayload(plan, PlanPayload(network, None), PlanPayload(change(network), None))


def problem_of(network: Network) -> Problem:
    whole = complete(network)
    net = net_demand(whole)
    return formulate(whole, net.orders, net.expected)


def one_more_order(network: Network) -> Network:
    """The last order of the first product comes twice."""
    orders = network["orders"]
    first = orders.filter(pl.col("product") == orders["product"].min()).tail(1)
    return network.with_tables(orders=pl.concat([orders, first.with_columns(order_id=pl.lit("O-NEW"))]))


def one_cancelled(network: Network) -> Network:
    orders = network["orders"]
    gone = (pl.col("order_id") == orders["order_id"].max()).fill_null(value=False)
    status = pl.when(gone).then(pl.lit("cancelled")).otherwise("status")
    return network.with_tables(orders=orders.with_columns(status=status))


def one_breakdown(network: Network) -> Network:
    """Half the robots of a model stand still at one factory in the third week."""
    calendar = network["calendar"]
    row = pl.DataFrame(
        {
            "factory": [network["factories"]["factory"].min()],
            "robot_model": [network["robots"]["robot_model"].min()],
            "week": [START + timedelta(weeks=2)],
            "availability": [0.4],
        }
    )
    known = row.select(pl.col(name).cast(calendar.schema[name]) for name in row.columns)
    kept = calendar.join(known, on=["factory", "robot_model", "week"], how="anti")
    return network.with_tables(calendar=pl.concat([kept, known], how="diagonal"))


def kept_apart(plan: Plan, free: list[str], table: str, week: str) -> pl.DataFrame:
    """What a plan makes or ships of products a change does not touch."""
    names = [
        name for name in ("routing", "factory", "market", "product", week) if name in plan[table].columns
    ]
    rows = plan[table].filter(~pl.col("product").is_in(free)).select(*names, "quantity")
    return rows.filter(pl.col("quantity") > 0).sort(names)


def promised_apart(plan: Plan, free: list[str]) -> pl.DataFrame:
    """When units of products that are not free are delivered, or what becomes of them."""
    fate = ["order_id", "line", "status", "delivered_week", "delivered_quantity"]
    return plan["promises"].filter(~pl.col("product").is_in(free)).select(fate).sort(fate)


@pytest.mark.parametrize("change", [one_more_order, one_cancelled, one_breakdown])
def test_what_a_change_does_not_touch_is_made_shipped_and_promised_as_before(
    network: Network, plan: Plan, quick: Callable[[Change], Plan], change: Change
) -> None:
    found = quick(change)
    said = found.summary["around"]
    assert said["version"] == plan.summary["version"]
    assert 0 < len(said["products"]) < SMALL.products
    for table, week in (("production", "week"), ("shipments", "ship_week")):
        before, after = (kept_apart(one, said["products"], table, week) for one in (plan, found))
        assert before.height > 0
        assert after.equals(before)
    before, after = (promised_apart(one, said["products"]) for one in (plan, found))
    assert before.height > 0
    assert after.equals(before)
    robots = pl.DataFrame(said["robots"])
    units = [
        one["fleet"]
        .join(robots, on=["factory", "robot_model"], how="anti")
        .drop("hours_used", "overage_hours", "cost")
        for one in (plan, found)
    ]
    assert units[1].equals(units[0])
    assert check(complete(with_forecast(change(network), None)), found) == []
    assert found.summary["bound"] <= found.summary["objective"]


def test_nobody_who_ordered_is_refused_what_goes_to_nobody_who_did(
    plan: Plan, quick: Callable[[Change], Plan]
) -> None:
    """No file of this company says what a refused unit costs: as much as a lost sale, its price."""
    for one in (plan, quick(one_more_order)):
        assert one["demand"]["refused"].sum() > 0
        assert one["demand"].filter(pl.min_horizontal("refused", "served_expected") >= 1 - 1e-6).is_empty()


def test_after_a_breakdown_what_was_known_of_the_least_cost_still_holds(
    network: Network, plan: Plan, quick: Callable[[Change], Plan]
) -> None:
    found, again = quick(one_breakdown), quick_plan(asked(network, plan, one_breakdown))
    assert again is not None
    assert found.summary["bound"] == pytest.approx(plan.summary["bound"])
    assert found.summary["checker"]["violations"] == 0
    assert all(found[name].equals(again.plan[name]) for name in EXPORT)


def test_robots_that_are_gone_are_not_counted_on(network: Network, plan: Plan) -> None:
    gone = pl.col("contract") == network["contracts"]["contract"].min()
    fewer = network["contracts"].with_columns(units=pl.when(gone).then(1).otherwise("units"))
    result = after_contracts(network, plan, fewer)
    theirs = pl.col("id") == network["contracts"]["contract"].min()
    assert plan["fleet"].filter(theirs)["units"].max() == 2
    assert result["fleet"].filter(theirs)["units"].max() == 1


def test_robots_that_came_meanwhile_are_planned_with(network: Network, plan: Plan) -> None:
    more = network["contracts"].head(1).with_columns(contract=pl.lit("C-NEW"), units=pl.lit(1))
    result = after_contracts(network, plan, pl.concat([network["contracts"], more], how="vertical_relaxed"))
    assert result["fleet"].filter(pl.col("id") == "C-NEW")["units"].max() == 1


def after_contracts(network: Network, plan: Plan, contracts: pl.DataFrame) -> Plan:
    """A quick plan after robots went back or came, which no rule of it breaks."""
    changed = network.with_tables(contracts=contracts.cast(dict(network["contracts"].schema)))
    result = quick_plan(QuickPayload(plan, PlanPayload(network, None), PlanPayload(changed, None)))
    assert result is not None
    assert result.plan.summary["checker"]["violations"] == 0
    return result.plan


def test_who_stops_it_before_there_is_a_plan_is_told_so(network: Network, plan: Plan) -> None:
    with pytest.raises(JobCancelledError):
        quick_plan(asked(network, plan, one_more_order), cancelled=lambda: True)


def test_where_nothing_has_changed_there_is_no_quick_plan(network: Network, plan: Plan) -> None:
    same = PlanPayload(network, None)
    assert quick_plan(QuickPayload(plan, same, same)) is None


def test_the_bound_is_of_the_whole_problem(
    network: Network, plan: Plan, quick: Callable[[Change], Plan]
) -> None:
    found = quick(one_more_order)
    whole = make_plan(PlanPayload(one_more_order(network), None)).plan
    assert found.summary["objective"] >= whole.summary["bound"] - 1e-6
    if plan.summary["commitment"]["objective"] is None:  # one solve: both under the same rules
        assert found.summary["bound"] <= whole.summary["objective"] + 1e-6


def test_one_order_touches_its_product_and_the_robots_it_is_made_on(network: Network) -> None:
    changed = one_more_order(network)
    old, new = problem_of(network), problem_of(changed)
    free = touched(old, new)
    assert isinstance(free, Touched)
    assert [new.names.p[p] for p in free.products["p"]] == [network["orders"]["product"].min()]
    used = new.work.join(free.products, on="p").select("r", "f").unique()
    assert used.join(free.places, on=["r", "f"], how="anti").is_empty()


def test_another_setting_may_change_everything(network: Network) -> None:
    other = replace(network, policy=replace(network.policy, tail_use=0.9))
    assert touched(problem_of(network), problem_of(other)) is None
    faster = replace(network, policy=replace(network.policy, gap=0.5))
    same = touched(problem_of(network), problem_of(faster))
    assert same is not None
    assert same.is_nothing


def test_the_bound_is_the_same_wherever_its_search_begins(network: Network) -> None:
    """With a plan goes where its relaxation ended: a bound is found sooner from there, and is no other."""
    basis = Basis(1, START, "any")
    first = make_plan(PlanPayload(network, None, basis=basis))
    assert first.basis is not None
    assert first.basis.corner is not None
    now = PlanPayload(one_more_order(network), None, basis=basis)
    from_scratch, from_there, from_another = (
        quick_plan(QuickPayload(first.plan, PlanPayload(network, None), now, corner))
        for corner in (None, first.basis.corner, zlib.compress(b"\0" * 7))
    )
    assert from_scratch is not None
    for one in (from_scratch, from_there, from_another):
        assert one is not None
        assert one.basis is not None
        assert one.basis.corner is not None
        assert one.plan.summary["bound"] == pytest.approx(from_scratch.plan.summary["bound"], rel=1e-8)
