"""What a plan does differently from the one before it, biggest first, in a planner's words."""

from datetime import date, timedelta

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.present.plan_orders import LINE, fates
from planning.present.plan_tables import COSTS
from planning.present.view import Column, View, labels

#: Cost lines told in words; the rest is in the tables of both plans.
TOLD_LINES = 3
#: Rows of a table of changes that are shown.
MOST_CHANGES = 1_000
#: Units, robots and money below which nothing has changed.
_UNITS, _MONEY = 0.5, 0.5
_WEEK_DAYS = 7


def headlines(plan: Plan, before: Plan) -> list[str]:
    """Cost and key figures of both plans in sentences, and whether the difference is more than noise."""
    told = [_basis(plan, before), _cost(plan, before), _noise(plan, before), _lines(plan, before)]
    return [sentence for sentence in (*told, _figures(plan, before)) if sentence]


def is_same(plan: Plan, before: Plan, *views: View) -> bool:
    """Whether nothing a planner would see has changed: no cost and no row of these views."""
    moved = abs(words.cost_in_money(plan.summary) - words.cost_in_money(before.summary))
    return moved < _MONEY and all(view.is_empty for view in views)


def biggest(view: View) -> View:
    """The first rows of a table of changes; what comes after them is small, and there may be a lot of it."""
    return View(view.frame.head(MOST_CHANGES), view.columns)


def how_many(view: View) -> str:
    """How many changes there are, and how many of them are shown, in words."""
    changes = words.count(view.frame.height, "change")
    return changes if view.frame.height <= MOST_CHANGES else f"{changes}, the biggest {MOST_CHANGES:,} shown"


def changed_orders(plan: Plan, before: Plan, network: Network | None) -> View:
    """Order lines of both plans that are now promised for another week or fare differently, dearest first.

    A line that only one of the plans knows is a change of the data, not of the plan: `headlines` counts it.
    """
    now, then = (fates(one, network, one["promises"]) for one in (plan, before))
    both = now.join(then, on=LINE, suffix="_before")
    moved = (pl.col("promised") - pl.col("promised_before")).dt.total_days() // _WEEK_DAYS
    refused = pl.col("fate").is_in(["refused", "open"])
    rows = both.with_columns(moved=moved, cost=pl.col("cost") - pl.col("cost_before")).filter(
        (pl.col("fate") != pl.col("fate_before"))
        | (pl.col("moved").fill_null(0) != 0)
        | (refused & (pl.col("units") != pl.col("units_before")))
    )
    weeks = pl.col("moved").abs()
    span = pl.format("{} {}", weeks, pl.when(weeks == 1).then(pl.lit("week")).otherwise(pl.lit("weeks")))
    what = (
        pl.when(pl.col("fate") == "refused")
        .then(pl.lit("now refused"))
        .when(pl.col("fate") == "open")
        .then(pl.lit("now still open at the end"))
        .when(pl.col("moved") > 0)
        .then(pl.format("now {} later", span))
        .when(pl.col("moved") < 0)
        .then(pl.format("now {} earlier", span))
        .when(pl.col("fate") == "on_time")
        .then(pl.lit("now on time"))
        .otherwise(pl.lit("now late in part"))
    )
    order = pl.format("{}/{}", *LINE)
    currency = plan.summary["policy"]["currency"]
    products = labels(network, "products", "product", rows["product"].unique())
    return View(
        rows.with_columns(
            what=pl.format("{} {}", order, what), product=pl.col("product").replace(products)
        ).sort(pl.col("cost").abs(), "units", "what", descending=[True, True, False], nulls_last=True),
        {
            "what": Column("What", width="medium"),
            "cost": Column(f"Costs ({currency})", "money", "How much more, or less, its lateness costs."),
            "units": Column("Units", "quantity"),
            "product": Column("Product"),
            "due_week": Column("Due", "week"),
            "promised_before": Column("Was promised", "week"),
            "promised": Column("Is promised", "week"),
        },
    )


def changed_rent(plan: Plan, before: Plan, network: Network | None) -> View:
    """Robots on rent, more or fewer, by factory, model and run of weeks of both plans; most rent first."""
    key = ["factory", "robot_model"]
    rented = [
        _shared_weeks(one["fleet"], plan, before)
        .filter(pl.col("source") != "owned")
        .group_by(*key, "week")
        .agg(pl.col("units", "cost").sum())
        for one in (plan, before)
    ]
    cells = _difference(*rented, on=[*key, "week"], of=["units", "cost"]).filter(pl.col("units") != 0)
    gap = pl.col("week").diff().over(key) != timedelta(days=_WEEK_DAYS)
    turn = pl.col("units").diff().over(key) != 0
    runs = (
        cells.sort(*key, "week")
        .with_columns(run=(gap | turn).fill_null(True).cum_sum().over(key))
        .group_by(*key, "run", "units")
        .agg(first=pl.col("week").min(), last=pl.col("week").max(), weeks=pl.len(), cost=pl.col("cost").sum())
    )
    currency = plan.summary["policy"]["currency"]
    places = labels(network, "factories", "factory", runs["factory"].unique())
    end = _shared_span(plan, before)[1]
    until = (
        pl.when(pl.col("last") >= end)
        .then(pl.format("from week {} on", _week("first")))
        .when(pl.col("weeks") == 1)
        .then(pl.format("in week {}", _week("first")))
        .otherwise(pl.format("in weeks {} to {}", _week("first"), _week("last")))
    )
    what = pl.format(
        "{} {} {} on rent at {} {}",
        pl.col("units").abs().cast(pl.Int64),
        "robot_model",
        _more_or("fewer", "units"),
        pl.col("factory").replace(places),
        until,
    )
    return View(
        runs.with_columns(what=what, robot_weeks=pl.col("units") * pl.col("weeks")).sort(
            pl.col("cost").abs(), "what", descending=[True, False]
        ),
        {
            "what": Column("What", width="large"),
            "cost": Column(f"Rent ({currency})", "money", "How much more, or less, rent and overage."),
            "robot_weeks": Column("Robot weeks", "whole"),
        },
    )


def changed_production(plan: Plan, before: Plan, network: Network | None) -> View:
    """Good units more or fewer by factory, product and week of both plans, worth most first."""
    key = ["factory", "product", "week"]
    made = [
        _shared_weeks(one["production"], plan, before).group_by(key).agg(pl.col("quantity").sum())
        for one in (plan, before)
    ]
    cells = _difference(*made, on=key, of=["quantity"]).filter(pl.col("quantity").abs() >= _UNITS)
    cells = cells.join(_sales_prices(network), on="product", how="left").with_columns(
        worth=pl.col("quantity") * pl.col("price")
    )
    currency = plan.summary["policy"]["currency"]
    places = labels(network, "factories", "factory", cells["factory"].unique())
    products = labels(network, "products", "product", cells["product"].unique())
    what = pl.format(
        "{} makes {} {} {} in week {}",
        pl.col("factory").replace(places),
        pl.col("quantity").abs().round().cast(pl.Int64),
        _more_or("fewer", "quantity"),
        pl.col("product").replace(products),
        _week("week"),
    )
    return View(
        cells.with_columns(what=what).sort(
            pl.coalesce("worth", "quantity").abs(), "what", descending=[True, False]
        ),
        {
            "what": Column("What", width="large"),
            "quantity": Column("Units", "quantity"),
            "worth": Column(f"Worth ({currency})", "money", "Units at their sales price."),
            "week": Column("Week", "week"),
        },
    )


def _basis(plan: Plan, before: Plan) -> str:
    """Whether the data or the weeks differ between the plans."""
    earlier = f"plan v{before.summary['version']}"
    if plan.summary["input_hash"] == before.summary["input_hash"]:
        return f"Made from the same data as {earlier}: what differs is only what the solve found."
    first = [date.fromisoformat(one.summary["start_week"]) for one in (plan, before)]
    if first[0] == first[1]:
        return f"The data changed since {earlier}."
    return (
        f"The data changed since {earlier}, and this plan starts in {words.week(first[0])} instead of "
        f"{words.week(first[1])}: orders are compared whole, robots and production in the weeks of both."
    )


def _cost(plan: Plan, before: Plan) -> str:
    currency = plan.summary["policy"]["currency"]
    cost, was = (words.cost_in_money(one.summary) for one in (plan, before))
    if abs(cost - was) < _MONEY:
        return f"It costs the same: {words.exact_money(cost, currency)}."
    way = "less" if cost < was else "more"
    return (
        f"It costs {words.exact_money(cost, currency)}, {words.exact_money(abs(cost - was), currency)} {way} "
        f"than plan v{before.summary['version']} ({words.exact_money(was, currency)})."
    )


def _noise(plan: Plan, before: Plan) -> str:
    """Whether the change of cost can come from where the two solves stopped; their bounds tell.

    The cheapest plan costs between bound and objective. Only when these ranges do not meet has it changed
    for certain.
    """
    if abs(float(plan.summary["objective"]) - float(before.summary["objective"])) < _MONEY:
        return ""
    gaps = (
        f"plan v{plan.summary['version']} may still be {words.share(plan.summary['gap'])} above the cheapest "
        f"one, plan v{before.summary['version']} {words.share(before.summary['gap'])}"
    )
    low, high = float(plan.summary["bound"]), float(plan.summary["objective"])
    low_before, high_before = float(before.summary["bound"]), float(before.summary["objective"])
    if high < low_before or high_before < low:
        return f"The difference is real: {gaps}, and it is more than both."
    return f"The difference may be noise of the solve: {gaps}."


def _lines(plan: Plan, before: Plan) -> str:
    """The cost lines that changed most, in one sentence."""
    currency = plan.summary["policy"]["currency"]
    costs, were = plan.summary["costs"], before.summary["costs"]
    terms = [term for term in COSTS if term != "priority"]
    moves = {term: float(costs.get(term, 0.0)) - float(were.get(term, 0.0)) for term in terms}
    moved = sorted((term for term in terms if abs(moves[term]) >= _MONEY), key=lambda term: -abs(moves[term]))
    told = [f"{COSTS[term]} {_signed_money(moves[term], currency)}" for term in moved[:TOLD_LINES]]
    return f"Most of it: {', '.join(told)}." if told else ""


def _figures(plan: Plan, before: Plan) -> str:
    """Key figures that changed, and order lines only one of the plans knows."""
    kpis, were = plan.summary["kpis"], before.summary["kpis"]
    told = []
    if words.share(kpis["on_time_share"]) != words.share(were["on_time_share"]):
        told.append(
            f"confirmed on time {words.share(kpis['on_time_share'])} "
            f"instead of {words.share(were['on_time_share'])}"
        )
    for name, called in (
        ("peak_robots_on_rent", "robots on rent at the peak"),
        ("refused_units", "refused units"),
    ):
        if round(kpis[name]) != round(were[name]):
            told.append(f"{kpis[name]:,.0f} {called} instead of {were[name]:,.0f}")
    lines, earlier = (one["promises"].select(LINE).unique() for one in (plan, before))
    for rows, called in (
        (lines.join(earlier, on=LINE, how="anti"), "new"),
        (earlier.join(lines, on=LINE, how="anti"), "no longer open"),
    ):
        if rows.height:
            told.append(f"{words.count(rows.height, 'order line')} {called}")
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _signed_money(amount: float, currency: str) -> str:
    return f"+{words.exact_money(amount, currency)}" if amount > 0 else words.exact_money(amount, currency)


def _shared_span(plan: Plan, before: Plan) -> tuple[date, date]:
    """First and last week both plans cover."""
    starts = [date.fromisoformat(one.summary["start_week"]) for one in (plan, before)]
    ends = [
        start + timedelta(weeks=int(one.summary["horizon_weeks"]) - 1)
        for start, one in zip(starts, (plan, before), strict=True)
    ]
    return max(starts), min(ends)


def _shared_weeks(frame: pl.DataFrame, plan: Plan, before: Plan) -> pl.DataFrame:
    return frame.filter(pl.col("week").is_between(*_shared_span(plan, before)))


def _difference(now: pl.DataFrame, then: pl.DataFrame, *, on: list[str], of: list[str]) -> pl.DataFrame:
    """Now less then of the columns `of`; what one of them lacks is 0."""
    both = now.join(then, on=on, how="full", coalesce=True, suffix="_before")
    return both.select(
        *on, *(pl.col(name).fill_null(0) - pl.col(f"{name}_before").fill_null(0) for name in of)
    )


def _more_or(fewer: str, column: str) -> pl.Expr:
    return pl.when(pl.col(column) > 0).then(pl.lit("more")).otherwise(pl.lit(fewer))


def _week(column: str) -> pl.Expr:
    return pl.col(column).dt.week()


def _sales_prices(network: Network | None) -> pl.DataFrame:
    schema = {"product": pl.String, "price": pl.Float64}
    return pl.DataFrame(schema=schema) if network is None else network["products"].select(list(schema))
