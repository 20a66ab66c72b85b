"""Decisions about order lines that a plan delivers late or not at all: one for each thing that causes it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.present.action import Action, Basis
from planning.present.plan_orders import fates

#: What the plan's causes say of weeks and lead times; without it, causes of one kind are the same.
_WHEN = r" in the week of \d{4}-\d{2}-\d{2}| by \d{4}-\d{2}-\d{2}| \(\d+ weeks?\)"

#: "ADD at LEEDS is full": the robots or material that stand in the way, where, and how.
_HOW = "is full|has no robots|has no hours|cannot be there"
_SCARCE, _WHERE = rf"^(.+?) at .+? (?:{_HOW})", rf" at (.+?) (?:{_HOW})"

_BY_CHOICE = ("costs more than the delay", "costs more than refusing it")

#: Outcome of the lines → what to do about them, what they are called, and what becomes of them.
_OUTCOMES = {
    "past due": ("Expedite", "past-due order line", "late already"),
    "late": ("Promise new dates for", "late order line", "delivered late"),
    "refused": ("Decide on", "refused order line", "not delivered"),
    "open": ("Decide on", "undelivered order line", "still owed when the plan ends"),
}


def order_actions(basis: Basis) -> list[Action]:
    """One decision for each cause of order lines that come late, are refused or stay open.

    Its money is what the plan pays for them (`plan_orders.fates`). Its deadline is the first Monday on which
    a week one is due in becomes firm, today where that has gone, and of what is past due the day it was due.
    """
    if basis.plan is None or basis.network is None:
        return []
    groups = (
        _lines(basis)
        .group_by("key", maintain_order=True)
        .agg(
            pl.col("outcome", "scarce").first(),
            pl.col("cost", "value").sum(),
            pl.len().alias("lines"),
            pl.struct("order", "product").first().alias("dearest"),
            pl.col("deadline").min(),
            pl.col("reason").first(),
            pl.col("places").explode().drop_nulls().unique().sort(),
        )
    )
    return [_action(basis, group) for group in groups.iter_rows(named=True)]


def causes(plan: Plan, network: Network) -> dict[str, str]:
    """What makes order lines late, refused or open: the key of each such decision, and how it is called.

    The name stands in addresses, so it hangs on nothing that changes from plan to plan.
    """
    return {action.key: _called(action.key) for action in order_actions(_at(plan, network))}


def _called(key: str) -> str:
    outcome, _, scarce = key.partition(":")
    return f"{outcome.replace('_', ' ').capitalize()}: {scarce}"


def lines_because_of(plan: Plan, network: Network, key: str) -> pl.DataFrame:
    """The order lines (order_id, line) the decision of this key is about."""
    return _lines(_at(plan, network)).filter(pl.col("key") == key).select("order_id", "line")


def _at(plan: Plan, network: Network) -> Basis:
    """Which lines there are, and why, does not hang on the day."""
    return Basis(plan, network, date.fromisoformat(plan.summary["start_week"]))


def _lines(basis: Basis) -> pl.DataFrame:
    """Order lines that are not on time, dearest first, with what is scarce and where, cost and value."""
    plan, network = basis.plan, basis.network
    if plan is None or network is None:
        raise ValueError("order lines are told from a plan and its network")
    late = fates(plan, network, plan["promises"].filter(pl.col("status") != "on_time"))
    due = network["orders"].select("order_id", "line", "due_date")
    reason = pl.col("cause").fill_null("no cause is known").str.replace_all(_WHEN, "")
    past = (pl.col("due_week") < pl.lit(basis.starts)) & (pl.col("fate") == "late")
    firm = pl.col("due_week") - pl.duration(weeks=network.policy.firm_weeks)
    in_time = pl.max_horizontal(firm, pl.lit(basis.today))
    lines = (
        late.join(network["products"].select("product", "price"), on="product", how="left")
        .join(due, on=["order_id", "line"], how="left")
        .select(
            "order_id",
            "line",
            "product",
            "market",
            cost=pl.col("cost").fill_null(0.0),
            order=pl.format("{}/{}", "order_id", "line"),
            outcome=pl.when(past).then(pl.lit("past due")).otherwise("fate"),
            reason=pl.when(past).then(pl.lit("they are due before the plan starts")).otherwise(reason),
            deadline=pl.when(past).then(pl.coalesce("due_date", "due_week")).otherwise(in_time),
            value=pl.col("units") * pl.col("price").fill_null(0.0),
        )
    )
    # Robots that are full are one cause wherever they stand; the places are told with it.
    scarce = pl.col("reason").str.split("; ").list.eval(pl.element().str.extract(_SCARCE)).list.drop_nulls()
    places = pl.col("reason").str.split("; ").list.eval(pl.element().str.extract(_WHERE)).list.drop_nulls()
    named = pl.when(scarce.list.len() > 0).then(scarce.list.unique().list.sort().list.join(" or "))
    return (
        lines.with_columns(scarce=named.otherwise("reason"), places=places)
        .with_columns(key=pl.format("{}:{}", pl.col("outcome").str.replace(" ", "_"), "scarce"))
        .sort("cost", "order", descending=[True, False])
    )


def _action(basis: Basis, group: Mapping[str, Any]) -> Action:
    outcome, count = group["outcome"], group["lines"]
    verb, noun, fate = _OUTCOMES[outcome]
    cost, value = basis.money(group["cost"]), basis.money(group["value"])
    named = f"{group['dearest']['order']}, {basis.name('product', group['dearest']['product'])}"
    which = words.count(count, noun) if count > 1 else f"{noun} {named}"
    dearest = f"; dearest {named}" if count > 1 else ""
    return Action(
        key=group["key"],
        what=f"{verb} {which}",
        deadline=group["deadline"],
        money=group["cost"],
        stake="cost",
        cause=_cause(basis, group),
        inaction=f"orders worth {value} are {fate}, which costs {cost}{dearest}",
        traced=f"What the plan pays for {words.count(count, 'order line')}: units × weeks late within the "
        "plan × the product's late cost a week; of what is not delivered, units × its lost cost too.",
        verb="See orders",
        address="plan",
        shows={"cause": group["key"]},
    )


def _cause(basis: Basis, group: Mapping[str, Any]) -> str:
    reason = group["reason"]
    if not group["places"]:
        return f"the plan's choice: {reason}" if reason.endswith(_BY_CHOICE) else str(reason)
    how = re.search(_HOW, reason)
    places = words.listed([basis.name("factory", place) for place in group["places"]])
    return f"{group['scarce']} {how.group() if how else 'is missing'} at {places}"
