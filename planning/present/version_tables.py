"""Versions of the plan as a table, and what each was made from, in words."""

from collections.abc import Iterator

import polars as pl

from planning.domain.plan import Plan
from planning.present import words
from planning.present.signals_tables import in_zone
from planning.present.view import Column, View

#: What the next step is called on its button, and what it asks.
STEPS = {
    "proposed": ("Propose", "Why is this the plan to work to?"),
    "approved": ("Approve", "Why is it agreed? Its rentals may be ordered after this."),
    "published": (
        "Publish",
        "Why now? Exports, frozen weeks and the price of change refer to it from here on.",
    ),
}


def versions(rows: pl.DataFrame, zone: str) -> View:
    """Every version, the latest first, in the time of `zone`.

    Parameters
    ----------
    rows : version, scenario, status, solved, objective, gap, happened_at (UTC), actor, reason.
    """
    solved = pl.col("solved").replace(words.SOLVED)
    shown = rows.with_columns(
        solved=solved, since=in_zone("happened_at", zone), scenario=pl.col("scenario").replace({"base": "–"})
    )
    return View(
        shown,
        {
            "version": Column("Version", "whole"),
            "status": Column("Status", help="Draft, proposed, approved, published, or replaced by another."),
            "reason": Column("Why", width="large"),
            "actor": Column("Who"),
            "since": Column("Since", "time"),
            "objective": Column("Objective", "money", "Cost and the weight of urgent orders."),
            "gap": Column("Gap", "percent"),
            "solved": Column("Solve"),
            "scenario": Column("Scenario"),
        },
    )


def no_such_version(asked: str, newest: int | None) -> str:
    """That an address asks for a version that is not there, in plain Markdown."""
    instead = "" if newest is None else f" Plan v{newest}, the newest, is shown."
    return f"There is no plan v{words.plain(asked.removeprefix('v'))}.{instead}"


def read_only(version: int, scenario: str, newest: int | None) -> str:
    """What it means that another version than the newest is shown.

    Parameters
    ----------
    scenario : whose it is; empty for a plan of the base.
    """
    whose = f" of the scenario {words.plain(scenario)}" if scenario else ""
    after = "" if newest is None else f" The newest is plan v{newest}."
    return (
        f"You are reading plan v{version}{whose} with the data it was made from, on every page until you go "
        f"back. Nothing is decided on it here.{after}"
    )


def steps(rows: pl.DataFrame, zone: str) -> View:
    """What was decided about one version: step, who, when (in the time of `zone`) and why."""
    return View(
        rows.with_columns(since=in_zone("happened_at", zone)),
        {
            "step": Column("Step"),
            "actor": Column("Who"),
            "since": Column("When", "time"),
            "reason": Column("Why", width="large"),
        },
    )


def made_from(plan: Plan, code_version: str | None, threads: int | None) -> Iterator[str]:
    """What a version was made from, a line each: data, settings of the solve, code."""
    summary, policy = plan.summary, plan.summary["policy"]
    yield f"Data of {words.day(words.as_of(plan))}, hash {summary['input_hash'][:16]}…"
    count = "" if threads is None else f", {words.count(threads, 'thread')}"
    yield (
        f"Solved by {summary['solver']}{count}; it may stop at a gap of {words.share(policy['gap'])} "
        f"or after {words.duration(policy['time_limit_seconds'])}"
    )
    yield f"Takt {code_version}" if code_version else "Made before Takt kept what plans are made from"
    ledger = summary["ledger"]
    yield f"Ledger entry {ledger['count']}, hash {str(ledger['head'])[:16]}…"
