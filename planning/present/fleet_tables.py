"""Robots on rent: what to decide by when, and what runs under which contract."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK, monday, monday_on_or_after_expr
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import contract_calendar, paid_hours
from planning.present import words
from planning.present.view import Choice, Column, View, names

ACTIONS = {
    "rent": "Rent",
    "return": "Return",
    "renew": "Renew",
    "terminate": "End early",
    "move": "Move",
}

_MISSED = {
    "rent": "On rent as much later",
    "renew": "Rolls on by itself",
    "terminate": "Full rent until it is given",
    "move": "Moves as much later",
    "keep": "Stays on rent",
}

UTILISATION = (
    "Hours worked / productive hours paid for, over the planned weeks; overtime can lift it above 100 %. A "
    "week's work is counted on owned robots first, then on contracts, then on new rentals."
)

DECISION_COLUMNS = (
    "what",
    "due",
    "decide_by",
    "committed_cost",
    "weekly",
    "where",
    "on_rent_date",
    "off_rent_date",
    "missed",
    "vendor",
    "id",
    "robot",
    "reason",
)

DECIDE_SOON_DAYS = 14
#: Notice dates of contracts the plan keeps are told so far ahead.
NOTICE_WEEKS_AHEAD = 13


@dataclass(frozen=True)
class FleetChoice(Choice):
    """What a planner filters robots by; nothing chosen means everything."""

    robots: Collection[str] = ()

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are about what is chosen, as far as `frame` tells it apart."""
        rows = super().of(frame)
        chosen = self.robots and "robot_model" in rows.columns
        return rows.filter(pl.col("robot_model").is_in(list(self.robots))) if chosen else rows


def rentals(plan: Plan, network: Network | None, choice: Choice) -> View:
    """What to rent, return, renew, end early or move, by the last day to decide it.

    `weekly` is units · the contract's or the offer's weekly_rate.
    """
    rows = choice.of(plan["rentals"]).join(_weekly_rates(network), on="id", how="left")
    places = names(network, "factories", "factory")
    models = names(network, "robots", "robot_model")
    moved = pl.format(" to {}", pl.col("to_factory").replace(places)).fill_null("")
    what = pl.format("{} {} × {}", pl.col("action").replace(ACTIONS), "units", "robot_model")
    return View(
        rows.with_columns(
            what=what,
            robot=pl.col("robot_model").replace(models),
            where=pl.format("{}{}", pl.col("factory").replace(places), moved),
            weekly=pl.col("units") * pl.col("weekly_rate"),
            committed_cost=pl.when(pl.col("committed_cost") != 0).then("committed_cost"),
        ).sort("decide_by", "what", "where", nulls_last=True),
        _rental_columns(plan.summary["policy"]["currency"]),
    )


def _rental_columns(currency: str) -> dict[str, Column]:
    return {
        "what": Column("What"),
        "decide_by": Column("Decide by", "deadline", "Last day to order, or to give notice."),
        "committed_cost": Column(
            f"Commits ({currency})",
            "money",
            "Rent of the minimum term, and the fees of coming and going.",
        ),
        "weekly": Column(
            f"A week ({currency})",
            "money",
            "Rent a week at the contract's rate or the offer's list rate.",
        ),
        "where": Column("Factory"),
        "on_rent_date": Column("On rent from", "date"),
        "off_rent_date": Column("Off rent from", "date"),
        "robot": Column("Robot"),
        "vendor": Column("Vendor"),
        "id": Column("Offer or contract"),
        "reason": Column("Why"),
    }


def due_soon(view: View, as_of: date, days: int) -> int:
    """How many rows of `rentals` or `decisions` have to be decided within so many days of `as_of`."""
    return view.frame.filter((pl.col("decide_by") - pl.lit(as_of)).dt.total_days() <= days).height


def decisions(plan: Plan, network: Network | None, choice: Choice, today: date) -> View:
    """`rentals`, each with how soon it is due and what follows when its day is missed.

    Between them, for the next 13 weeks, stand the notice dates of contracts the plan keeps: the day until
    which that can be decided otherwise, told where the minimum term ends or a longer renewal begins.
    """
    asked = rentals(plan, network, choice)
    rows = pl.concat([asked.frame, _kept(plan, network, choice, today)], how="diagonal")
    if network is not None:
        rows = rows.join(_renewals(network), on="id", how="left")
    rows = rows.with_columns(
        committed_cost=pl.when(pl.col("action") == "rent").then("committed_cost"),
        due=pl.Series([due_in(day, today) for day in rows["decide_by"]], dtype=pl.String),
        missed=pl.Series(
            [_if_missed(row, words.currency(plan, network)) for row in rows.iter_rows(named=True)],
            dtype=pl.String,
        ),
    ).sort("decide_by", "what", "where", nulls_last=True)
    columns = {**asked.columns, "due": Column("Due"), "missed": Column("If missed")}
    return View(rows, {name: columns[name] for name in DECISION_COLUMNS})


def nothing_to_decide(plan: Plan, choice: Choice) -> str:
    """That there is nothing to decide, and why, in a sentence."""
    if nothing_on_rent(plan, choice):
        return "Owned capacity covers demand: nothing is on rent, and there is nothing to decide."
    return "Nothing to rent, return or renew: the robots on rent and owned are what the plan needs."


def nothing_on_rent(plan: Plan, choice: Choice) -> bool:
    """Whether no robot is on rent in any planned week."""
    return choice.of(plan["fleet"]).filter((pl.col("source") != "owned") & (pl.col("units") > 0)).is_empty()


def due_in(day: date | None, today: date) -> str | None:
    """How soon a day is: Overdue by 3 days, Today, This week, Next week, In 4 weeks."""
    if day is None:
        return None
    if day == today:
        return "Today"
    if day < today:
        return f"Overdue by {words.count((today - day).days, 'day')}"
    weeks = (monday(day) - monday(today)) // WEEK
    return ("This week", "Next week")[weeks] if weeks < 2 else f"In {weeks} weeks"


def to_decide(plan: Plan, asked: View, today: date) -> str:
    """How much of `decisions` is due, and what the plan's rentals commit to, in a sentence or two."""
    overdue = asked.frame.filter(pl.col("decide_by") < today).height
    due = due_soon(asked, today, DECIDE_SOON_DAYS) - overdue
    late = f"{overdue} overdue, " if overdue else ""
    said = f"{late}{due} of {asked.frame.height} due within {DECIDE_SOON_DAYS} days."
    commits = float(asked.frame["committed_cost"].sum())
    if not commits:
        return said
    return f"{said} New rentals commit {words.exact_money(commits, words.currency(plan, None))} in all."


def _kept(plan: Plan, network: Network | None, choice: Choice, today: date) -> pl.DataFrame:
    """Notice dates of contracts the plan neither returns, ends early nor lists as renewed."""
    if network is None:
        return pl.DataFrame()
    decided = plan["rentals"].filter(pl.col("action").is_in(["return", "terminate", "renew"]))
    known = plan["fleet"].filter(pl.col("source") == "contract")
    calendar = choice.of(contract_calendar(network, today, _start_week(plan))).rename({"contract": "id"})
    rows = (
        calendar.join(decided, on="id", how="anti")
        .join(known, on="id", how="semi")
        .filter(pl.col("notice_by") <= today + NOTICE_WEEKS_AHEAD * WEEK)
        .filter((pl.col("ends") == pl.col("first_end")) | (pl.col("renewal_weeks") > 1))
    )
    return rows.select(
        "id",
        "vendor",
        "robot_model",
        "factory",
        "units",
        "weekly",
        "on_rent_date",
        action=pl.lit("keep"),
        decide_by="notice_by",
        what=pl.format("Keep {} × {}", "units", "robot_model"),
        robot=pl.col("robot_model").replace(names(network, "robots", "robot_model")),
        where=pl.col("factory").replace(names(network, "factories", "factory")),
        reason=pl.format("last day to end it on {}: the plan keeps it", pl.col("ends").dt.to_string()),
    )


def _renewals(network: Network) -> pl.DataFrame:
    """id, renewal_weeks, ends_anyway of every contract."""
    return (
        network["contracts"]
        .join(network["offers"].select("offer", "renewal_weeks"), on="offer", how="left")
        .select(
            id="contract", renewal_weeks="renewal_weeks", ends_anyway=monday_on_or_after_expr("off_rent_date")
        )
    )


def _if_missed(row: Mapping[str, Any], currency: str) -> str | None:
    """What follows when the day of a decision goes by; None where that is not known."""
    if row["action"] != "return":
        return _MISSED.get(row["action"])
    off, renewal = row["off_rent_date"], row.get("renewal_weeks")
    if off is None or renewal is None or row["weekly"] is None:
        return None
    until = min(off + renewal * WEEK, row["ends_anyway"] or date.max)
    rent = row["weekly"] * ((until - off) // WEEK)
    return f"Stays to {words.day(until)}: {words.exact_money(rent, currency)}"


def contracts(plan: Plan, network: Network, choice: Choice, today: date) -> View:
    """Every contract that is not over: its terms by date, what the plan does with it, how well it is used.

    `used` is hours_used / hours_available of its rows in fleet.csv.
    """
    currency = words.currency(plan, network)
    of_contracts = plan["fleet"].filter(pl.col("source") == "contract")
    used = paid_hours(of_contracts, "id").select("id", used="utilisation")
    rows = choice.of(contract_calendar(network, today, _start_week(plan)))
    rows = rows.join(used, left_on="contract", right_on="id", how="left")
    known = set(used["id"])
    places = names(network, "factories", "factory")
    fate = [
        _fate(row, plan["rentals"].filter(pl.col("id") == row["contract"]), places)
        if row["contract"] in known
        else "Not in this plan"
        for row in rows.iter_rows(named=True)
    ]
    return View(
        rows.with_columns(
            fate=pl.Series(fate, dtype=pl.String),
            robot=pl.col("robot_model").replace(names(network, "robots", "robot_model")),
            where=pl.col("factory").replace(places),
        ),
        {
            "contract": Column("Contract"),
            "fate": Column("The plan"),
            "notice_by": Column(
                "Notice by", "date", "Last day of notice for the next end; none where an end is agreed."
            ),
            "ends": Column(
                "Can end", "date", "End of the minimum term or of a renewal that notice can still reach."
            ),
            "units": Column("Units", "whole"),
            "robot": Column("Robot"),
            "where": Column("Factory"),
            "used": Column("Paid hours used", "share", UTILISATION),
            "weekly": Column(f"A week ({currency})", "money", "Rent a week of all its units."),
            "rent_due": Column(
                f"To minimum end ({currency})", "money", "Rent from the plan's first week to the minimum end."
            ),
            "vendor": Column("Vendor"),
            "weekly_rate": Column(f"Rate ({currency})", "money", "Rent a week of one unit."),
            "on_rent_date": Column("On rent since", "date"),
            "min_end_date": Column("Minimum end", "date"),
            "offer": Column("Offer"),
        },
    )


def _fate(contract: Mapping[str, Any], changes: pl.DataFrame, places: Mapping[str, str]) -> str:
    """What a plan does with a contract: Return 1 on 14 Dec 2026; keep 1 to the end of the plan."""
    parts, left = [], int(contract["units"])
    for change in changes.sort("off_rent_date", nulls_last=True).iter_rows(named=True):
        action, units, off = change["action"], change["units"], change["off_rent_date"]
        if action == "move":
            to = places.get(change["to_factory"], change["to_factory"])
            parts.append(f"move {units} to {to} on {words.day(off)}")
        elif action == "renew" and off is None:
            parts.append(f"renew {units}, keep to the end of the plan")
            left -= units
        elif action != "renew":
            # A contract returned after its minimum term is renewed until then: one event, not two.
            early = " early" if action == "terminate" else ""
            parts.append(f"{'end' if early else 'return'} {units}{early} on {words.day(off)}")
            left -= units
    if left > 0:
        off = contract["off_rent_date"]
        parts.append(
            f"keep {left} to the end of the plan" if off is None else f"{left} end on {words.day(off)}"
        )
    told = "; ".join(parts)
    return told[:1].upper() + told[1:]


def _weekly_rates(network: Network | None) -> pl.DataFrame:
    if network is None:
        return pl.DataFrame(schema={"id": pl.String, "weekly_rate": pl.Float64})
    rates = [
        network[f"{kind}s"].select(pl.col(kind).alias("id"), "weekly_rate") for kind in ("contract", "offer")
    ]
    return pl.concat(rates).unique("id", keep="first")


def _start_week(plan: Plan) -> date:
    return date.fromisoformat(plan.summary["start_week"])
