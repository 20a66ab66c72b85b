"""Demand and what becomes of it: netting, backlog by class, expected demand (Netting, rules 2 and 3)."""

import polars as pl

from planning.check import netted
from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds, found

KEYS = ["product", "market", "t"]


def check_demand(facts: Facts) -> list[Violation]:
    """Every rule about demand.csv."""
    checks = (confirmed, expected, unreachable, backlog_balance, classes, never_early, served_expected)
    return [violation for check in checks for violation in check(facts)]


def confirmed(facts: Facts) -> list[Violation]:
    """Confirmed is what open orders ask for in their due week; past-due ones in the first week.

    An order due before the first week "is open backlog in it", so it is counted there: the table then
    balances by itself.
    """
    say = "demand.csv has {confirmed:,.3f} confirmed units, the open orders due are {due:,.3f}"
    return differs("netting", facts.demand, "confirmed", "due", say)


def expected(facts: Facts) -> list[Violation]:
    """Expected demand is opportunities plus the forecast left.

    Without a forecast.csv the forecast is the model's and not in the frames: then expected can only be
    held to what opportunities alone make sure of.
    """
    if not facts.network["forecast"].is_empty():
        right = netted.expected_demand(facts.network).rename({"expected": "right"})
        rows = facts.demand.join(right, on=KEYS, how="left").with_columns(pl.col("right").fill_null(0.0))
        say = (
            "demand.csv expects {expected:,.3f} units, netting orders, deals and forecast gives {right:,.3f}"
        )
        return differs("netting", rows, "expected", "right", say)
    least = netted.deals_at_least(facts.network).rename({"expected": "least"})
    rows = facts.demand.join(least, on=KEYS, how="inner")
    say = "demand.csv expects {expected:,.3f} units, opportunities alone are {least:,.3f}"
    return exceeds("netting", rows, "least", "expected", say)


def unreachable(facts: Facts) -> list[Violation]:
    """Unreachable is what free stock leaves of expected demand that is too early to be made for."""
    right = netted.unreachable(
        facts.demand.select(*KEYS, "expected"), facts.free, netted.first_reached(facts.network)
    ).rename({"unreachable": "right"})
    rows = facts.demand.join(right, on=KEYS, how="left").with_columns(pl.col("right").fill_null(0.0))
    say = "demand.csv has {unreachable:,.3f} of {expected:,.3f} expected units unreachable, {right:,.3f} are"
    return differs("netting", rows, "unreachable", "right", say)


def backlog_balance(facts: Facts) -> list[Violation]:
    """backlog[t] = backlog[t−1] + due[t] − served[t] − refused[t], over all classes."""
    before = pl.col("backlog").shift(1, fill_value=0.0).over("product", "market", order_by="t")
    rows = facts.demand.with_columns(
        right=before + pl.col("due") - pl.col("served_confirmed") - pl.col("refused")
    )
    say = "demand.csv has {backlog:,.3f} units backlog, due, served and refused units leave {right:,.3f}"
    return differs("2 backlog", rows, "backlog", "right", say)


@once
def class_flows(facts: Facts) -> pl.DataFrame:
    """What leaves the backlog of each priority class: serve + refuse, which demand.csv only has together.

    Returns
    -------
    facts.demand with backlog_3 and out_1 … out_3 (units).
    """
    third = pl.col("backlog") - pl.col("backlog_1") - pl.col("backlog_2")
    rows = facts.demand.with_columns(backlog_3=third)
    for k in (1, 2, 3):
        before = pl.col(f"backlog_{k}").shift(1, fill_value=0.0).over("product", "market", order_by="t")
        rows = rows.with_columns((before + pl.col(f"due_{k}") - pl.col(f"backlog_{k}")).alias(f"out_{k}"))
    return rows


def classes(facts: Facts) -> list[Violation]:
    """The classes' backlogs are parts of the whole."""
    rows = class_flows(facts).filter(pl.col("backlog_3") < -0.001).with_columns(amount=-pl.col("backlog_3"))
    say = "backlog of classes 1 and 2 is {backlog_1:,.3f} + {backlog_2:,.3f}, more than all {backlog:,.3f}"
    return found("2 backlog", rows, "amount", say)


def never_early(facts: Facts) -> list[Violation]:
    """In no class is more served or refused than is due by then: nothing is served before its week."""
    rows, out = class_flows(facts), []
    for k in (1, 2, 3):
        grown = rows.filter(pl.col(f"out_{k}") < -0.001).with_columns(amount=-pl.col(f"out_{k}"))
        say = f"backlog of class {k} grows by {{amount:,.3f}} units more than is due"
        out += found("2 backlog", grown, "amount", say)
    return out


def served_expected(facts: Facts) -> list[Violation]:
    """serve_expected ≤ expected that is reachable: in its week or not at all.

    The unreachable part is "not planned", so it is not served either.
    """
    rows = facts.demand.with_columns(limit=pl.col("expected") - pl.col("unreachable"))
    say = "{served_expected:,.3f} expected units are served, {limit:,.3f} can be"
    return exceeds("3 expected", rows, "served_expected", "limit", say)
