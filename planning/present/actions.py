"""What needs a decision: everything a plan and its data ask of a planner, the most urgent money first."""

from datetime import date

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.forecast import Forecast
from planning.present import plan_tables, words
from planning.present.action import Action, Basis, Ranking, ranked
from planning.present.aside_actions import aside_actions
from planning.present.demand_actions import deal_actions, forecast_actions
from planning.present.order_actions import order_actions
from planning.present.rental_actions import rental_actions


def decisions(
    plan: Plan | None,
    network: Network | None,
    aside: pl.DataFrame,
    forecast: Forecast | None = None,
    *,
    today: date,
    stale: bool = False,
    step: str = "",
) -> Ranking:
    """Every decision there is, ranked (see `ranked`); none before there is any data.

    Parameters
    ----------
    plan, network : the newest plan, and the data that hold.
    aside : rows kept aside, as the export table `rejected_rows`.
    forecast : the forecast the plan rests on; null where that is not known.
    today : the day it is.
    stale : whether the data have changed since the plan was made.
    step : what is next for the plan: proposed, approved or published; empty where nothing is.
    """
    if plan is None and network is None:
        return Ranking((), ())
    basis = Basis(plan, network, today)
    found = [
        *(_replan(basis, plan) if stale and plan is not None else ()),
        *(_next_step(basis, plan, step) if step and not stale and plan is not None else ()),
        *rental_actions(basis),
        *order_actions(basis),
        *aside_actions(basis, aside),
        *forecast_actions(basis, forecast),
        *deal_actions(basis),
        *_bent_rules(basis),
    ]
    return ranked(found, today)


def _replan(basis: Basis, plan: Plan) -> list[Action]:
    return [
        Action(
            key="replan",
            what="Re-plan: the data changed since this plan was made",
            deadline=basis.today,
            money=None,
            stake="unknown",
            cause=f"plan v{plan.summary['version']} rests on older data",
            inaction="everything below is decided on what may no longer hold",
            traced="What the change is worth is known once a new plan is made.",
            verb="See data",
            address="signals",
            first=True,
        )
    ]


#: Step → its verb, and what waits for it.
_STEPS = {
    "proposed": ("Propose", "it is a draft: nobody is asked yet to work to it"),
    "approved": ("Approve", "it is proposed, and nothing of it can be ordered before it is approved"),
    "published": ("Publish", "it is approved, and the factories still work to the plan before it"),
}


def _next_step(basis: Basis, plan: Plan, step: str) -> list[Action]:
    """The plan's own way to the factories: what it rents waits for it."""
    verb, cause = _STEPS[step]
    rents = plan["rentals"].filter(pl.col("action") == "rent")
    money = float(rents["committed_cost"].sum()) if step != "published" and not rents.is_empty() else None
    first = None if money is None else rents["decide_by"].min()
    last = basis.starts if not isinstance(first, date) else min(first, basis.starts)
    waits = f"rentals that commit {basis.money(money)} are not ordered" if money is not None else ""
    version = plan.summary["version"]
    return [
        Action(
            key=f"step:{step}:v{version}",
            what=f"{verb} plan v{version}",
            deadline=last,
            money=money,
            stake="unknown" if money is None else "to commit",
            cause=cause,
            inaction=waits or f"from {words.short_day(basis.starts)} on nobody works to it",
            traced="What the plan's new rentals commit to." if waits else "A step of the plan costs nothing.",
            verb="See plan",
            address="plan",
            step=step,
        )
    ]


def _bent_rules(basis: Basis) -> list[Action]:
    """One decision for all rules the plan bends, at the price of bending them."""
    if basis.plan is None or not basis.plan.summary["relaxed"]:
        return []
    bent = plan_tables.relaxed(basis.plan).frame
    first: date = bent["week"].drop_nulls().min() or basis.starts  # type: ignore[assignment]
    cost, dearest = float(bent["cost"].sum()), bent.row(0, named=True)
    where = "" if dearest["factory"] is None else f" at {basis.name('factory', dearest['factory'])}"
    why = words.why_bent(basis.plan.summary["status"])
    return [
        Action(
            key="bent_rules",
            what=f"Approve or mend {words.count(bent.height, 'bent rule')}",
            deadline=first,
            money=cost,
            stake="priced at",
            cause=f"{why}; {dearest['rule'][:1].lower()}{dearest['rule'][1:]}{where}",
            inaction=f"from {words.short_day(first)} on the plan cannot be worked as it stands",
            traced="Amount × price of every rule bent (plan.json, relaxed).",
            verb="See rules",
            address="plan",
        )
    ]
