"""Decisions about demand to come: forecasts nobody should trust blindly, deals out of date or too large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from planning.domain.calendar import due_week
from planning.domain.network import Network
from planning.forecast import Forecast
from planning.present import words
from planning.present.action import Action, Basis

Row = Mapping[str, Any]

#: Doubt below this share of all forecast demand is not worth a planner's morning.
_WORTH_A_LOOK = 0.002


def forecast_actions(basis: Basis, forecast: Forecast | None) -> list[Action]:
    """Products whose forecasts have no record, or did worse than naive, where much money hangs on it.

    Their money is what is in doubt: forecast · price · how much further off than naive it was (WAPE − naive
    WAPE); where nothing could be held out to judge it by, forecast · price · the WAPE of the median series.
    """
    if basis.plan is None or basis.network is None or forecast is None:
        return []
    series = _valued(basis.network, forecast)
    least = _WORTH_A_LOOK * float(series["value"].sum())
    products = (
        series.filter(pl.col("doubt") > 0)
        .sort("doubt", "market", descending=[True, False])
        .group_by("product", maintain_order=True)
        .agg(
            pl.col("doubt", "value").sum(),
            pl.col("market", "wape", "naive_wape"),
            pl.col("wape").is_null().sum().alias("unjudged"),
            pl.col("weeks_of_history").filter(pl.col("wape").is_null()).max().alias("weeks"),
        )
        .filter(pl.col("doubt") >= max(least, 0.5))
    )
    return [_review(basis, product) for product in products.iter_rows(named=True)]


def _valued(network: Network, forecast: Forecast) -> pl.DataFrame:
    """Each series' record, the value of its forecast at price, and how much of it is in doubt."""
    units = forecast.quantiles.group_by("product", "market").agg(units=pl.col("quantity").sum())
    priced = units.join(network["products"].select("product", "price"), on="product")
    worse = ~pl.col("better_than_naive") & (pl.col("wape") > pl.col("naive_wape"))
    further = pl.when(worse).then(pl.col("wape") - pl.col("naive_wape")).otherwise(0.0)
    doubt = pl.when(pl.col("wape").is_null()).then(pl.col("wape").median()).otherwise(further)
    return (
        forecast.methods.with_columns(doubt=doubt.fill_null(0.0))
        .join(priced, on=["product", "market"])
        .with_columns(value=pl.col("units") * pl.col("price"))
        .with_columns(doubt=pl.col("value") * pl.col("doubt"))
    )


def _review(basis: Basis, product: Row) -> Action:
    markets, wape, naive = product["market"], product["wape"], product["naive_wape"]
    judged = [n for n, value in enumerate(wape) if value is not None]
    causes = []
    if product["unjudged"]:
        where = words.count(product["unjudged"], "market")
        causes.append(f"at most {words.count(product['weeks'], 'week')} of history in {where}")
    if judged:
        market, off = basis.name("market", markets[judged[0]]), words.share(wape[judged[0]])
        causes.append(f"{off} off in {market}, naive {words.share(naive[judged[0]])}")
    value, doubt = basis.money(product["value"]), basis.money(product["doubt"])
    name, where = basis.name("product", product["product"]), words.count(len(markets), "market")
    return Action(
        key=f"review_forecast:{product['product']}",
        what=f"Review the forecast of {name} in {where}",
        deadline=basis.starts,
        money=product["doubt"],
        stake="in doubt",
        cause="; ".join(causes),
        inaction=f"the plan counts on {value} of it, {doubt} of that in doubt",
        traced="In doubt: forecast × price × how much further off than naive it was; where too few weeks are "
        "known to judge it, × the WAPE of the median forecast.",
        verb="See forecast",
        address="forecast",
        about={"product": frozenset([product["product"]]), "market": frozenset(markets)},
    )


def deal_actions(basis: Basis) -> list[Action]:
    """Open deals out of date as one decision, and each deal that is too large and unsure to plan for."""
    if basis.plan is None:
        return []
    stale, waiting = basis.plan.summary.get("stale", ()), basis.plan.summary.get("rent_or_wait", ())
    prices, leads = _prices(basis), _LeadTimes.of(basis.network)
    return ([_stale(basis, stale, prices)] if stale else []) + [
        _rent_or_wait(basis, deal, prices, leads) for deal in waiting
    ]


def _prices(basis: Basis) -> dict[str, float]:
    if basis.network is None:
        return {}
    return dict(basis.network["products"].select("product", "price").iter_rows())


def _stale(basis: Basis, deals: Sequence[Row], prices: Mapping[str, float]) -> Action:
    known = [deal for deal in deals if prices.get(deal["product"]) is not None]
    worth = {d["opportunity_id"]: d["quantity"] * d["probability"] * prices[d["product"]] for d in known}
    oldest = min(deals, key=lambda deal: (deal["expected_date"], deal["opportunity_id"]))
    value = sum(worth.values())
    more, deadline = len(deals) - 1, date.fromisoformat(oldest["expected_date"])
    return Action(
        key="stale_deals",
        what=f"Date or close {words.count(len(deals), 'open deal')}: {oldest['opportunity_id']}"
        + (f" and {more} more" if more else ""),
        deadline=deadline,
        money=value if known else None,
        stake="likely sales" if known else "unknown",
        cause=f"expected before the plan starts, the oldest on {words.short_day(deadline)}",
        inaction=f"they count nothing, though likely worth {basis.money(value)}",
        traced=f"Quantity × probability × price of {words.count(len(known), 'deal')}.",
        verb="See deals",
        address="signals",
    )


def _rent_or_wait(basis: Basis, deal: Row, prices: Mapping[str, float], leads: "_LeadTimes") -> Action:
    price = prices.get(deal["product"])
    value = None if price is None else deal["quantity"] * price
    deadline, why = _last_order_day(basis, deal, leads)
    named = basis.name("product", deal["product"])
    lost = "the deal" if value is None else f"{basis.money(value)} of sales"
    return Action(
        key=f"rent_or_wait:{deal['opportunity_id']}",
        what=f"Rent for deal {deal['opportunity_id']} or wait: {deal['quantity']:,.0f} × {named} for "
        f"{basis.name('market', deal['market'])}",
        deadline=deadline,
        money=value,
        stake="unknown" if value is None else "of sales",
        cause=f"{words.share(deal['probability'])} likely, and large against the forecast around it",
        inaction=f"the plan makes none of it; won after {words.short_day(deadline)}, {lost} come late",
        traced=f"Quantity × price, if it is won. {why}",
        verb="See deal",
        address="signals",
        shows={"deal": deal["opportunity_id"]},
    )


def _last_order_day(basis: Basis, deal: Row, leads: "_LeadTimes") -> tuple[date, str]:
    """The last day robots for a deal can be ordered, and how it is counted back from its delivery."""
    expected = date.fromisoformat(deal["expected_date"])
    network, lead = basis.network, leads.robots.get(deal["product"])
    if network is None or lead is None:
        return expected, "No robots that make it are on offer: decide by its delivery."
    way, week = leads.lanes.get(deal["market"], 0), due_week(expected, network.policy.due_cutoff_weekday)
    return week - timedelta(weeks=way + lead), (
        f"Decide by: due in {words.week(week)}, less {words.count(way, 'week')} on the lane and "
        f"{words.count(lead, 'week')} until the robots that make it can be on rent."
    )


@dataclass(frozen=True)
class _LeadTimes:
    """Weeks that pass before a delivery can be made.

    Parameters
    ----------
    robots : product → until every robot model of some routing of it can be on rent; those on offer only.
    lanes : market → of its shortest lane.
    """

    robots: Mapping[str, int]
    lanes: Mapping[str, int]

    @classmethod
    def of(cls, network: Network | None) -> "_LeadTimes":
        """The lead times of a network; none without one."""
        if network is None:
            return cls({}, {})
        offers = network["offers"].group_by("robot_model").agg(lead=pl.col("lead_time_weeks").min())
        slowest = (
            network["routings"]
            .join(offers, on="robot_model")
            .group_by("product", "routing")
            .agg(pl.col("lead").max())
        )
        robots = slowest.group_by("product").agg(pl.col("lead").min())
        lanes = network["lanes"].group_by("market").agg(pl.col("lead_time_weeks").min())
        return cls(dict(robots.iter_rows()), dict(lanes.iter_rows()))
