"""Today's decisions as a table, and the few figures beside them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.plan import Plan
from planning.present import words
from planning.present.action import Action, Ranking
from planning.present.signals_tables import in_zone
from planning.present.view import Column, View
from planning.present.words import Figure

#: More decisions than these on one morning are a list nobody works through.
MOST_SHOWN = 7

ORDER = (
    "Overdue or due within two weeks, by the money at stake, halved for every week that is left. What is due "
    "later waits its turn among all decisions."
)


#: Whose decisions are listed: everybody's, mine, nobody's, or somebody's by name.
EVERYBODY, MINE, NOBODY = "everybody", "mine", "nobody"
#: Decisions accepted within so many days are told.
DAYS_TOLD = 7


def choices(assigned: Mapping[str, str], planner: str) -> dict[str, str]:
    """Whose decisions can be listed, with how that is called.

    Parameters
    ----------
    assigned : action → whose it is.
    planner : who "mine" is.
    """
    called = {EVERYBODY: "Everybody's", MINE: f"Mine ({planner})", NOBODY: "Nobody's yet"}
    return called | {name: name for name in sorted(set(assigned.values()) - {planner})}


def of_whom(ranking: Ranking, assigned: Mapping[str, str], whose: str, planner: str) -> Ranking:
    """The decisions that are everybody's, mine, nobody's or somebody's."""
    if whose == EVERYBODY:
        return ranking
    wanted = {MINE: planner, NOBODY: None}.get(whose, whose)
    return Ranking(
        tuple(a for a in ranking.waiting if assigned.get(a.key) == wanted),
        tuple(a for a in ranking.later if assigned.get(a.key) == wanted),
    )


def accepted(rows: pl.DataFrame, zone: str, today: date) -> View:
    """What was accepted in the last days, the latest first, in the time of `zone`.

    Parameters
    ----------
    rows : action, what, reason, actor, happened_at (UTC).
    """
    since = pl.lit(today - timedelta(days=DAYS_TOLD))
    shown = rows.with_columns(when=in_zone("happened_at", zone)).filter(pl.col("when").dt.date() > since)
    return View(
        shown,
        {
            "what": Column("Decision", width="large"),
            "actor": Column("Accepted by"),
            "when": Column("When", "time"),
            "reason": Column("Why", width="large"),
        },
    )


def all_decisions(ranking: Ranking, currency: str, assigned: Mapping[str, str]) -> View:
    """Every decision in its order: what waits by rank, then what is due later by date."""
    rows = [
        (a.what, a.deadline, a.money, a.stake, assigned.get(a.key), a.cause, a.inaction, a.traced)
        for a in (*ranking.waiting, *ranking.later)
    ]
    columns = {
        "what": Column("Decision", width="large"),
        "deadline": Column("Decide by", "deadline", "Last day on which it can still be decided."),
        "money": Column(f"At stake ({currency})", "money", "How much hangs on the decision."),
        "stake": Column("Which is"),
        "whose": Column("Whose", help="Who it was given to."),
        "cause": Column("Why", width="large"),
        "inaction": Column("If nothing is done", width="large"),
        "traced": Column("Where the amount comes from", width="large"),
    }
    schema = dict.fromkeys(columns, pl.String) | {"deadline": pl.Date, "money": pl.Float64}
    return View(pl.DataFrame(rows, schema=schema, orient="row"), columns)


def awake(ranking: Ranking, snoozed: pl.DataFrame, today: date) -> tuple[Ranking, View]:
    """The decisions that were not put off beyond `today`, and those that were, by the day they come back.

    Parameters
    ----------
    snoozed : action, until, actor, reason; an action is told by its key.
    """
    off = {row["action"]: row for row in snoozed.filter(pl.col("until") > today).iter_rows(named=True)}
    every = (*ranking.waiting, *ranking.later)
    rows = [
        (a.what, off[a.key]["until"], a.deadline, off[a.key]["actor"], off[a.key]["reason"])
        for a in every
        if a.key in off
    ]
    columns = {
        "what": Column("Decision", width="large"),
        "until": Column("Back on", "date"),
        "deadline": Column("Decide by", "deadline", "Last day on which it can still be decided."),
        "actor": Column("Put off by"),
        "reason": Column("Why", width="large"),
    }
    schema = dict.fromkeys(columns, pl.String) | {"until": pl.Date, "deadline": pl.Date}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("until", "deadline")
    stays = Ranking(
        tuple(a for a in ranking.waiting if a.key not in off),
        tuple(a for a in ranking.later if a.key not in off),
    )
    return stays, View(frame, columns)


def shown_first(ranking: Ranking) -> Sequence[Action]:
    """The decisions for this morning: at most seven."""
    return ranking.waiting[:MOST_SHOWN]


def rest_of(ranking: Ranking) -> str:
    """What is not shown, counted; empty when that is nothing."""
    more, later = max(0, len(ranking.waiting) - MOST_SHOWN), len(ranking.later)
    parts = [f"{more} more waiting"] * (more > 0) + [f"{later} due later"] * (later > 0)
    return ", ".join(parts)


def nothing_to_decide(ranking: Ranking, whose: str = EVERYBODY) -> str:
    """That nothing waits, and when the next decision is due."""
    if whose != EVERYBODY and not ranking.later:
        return {
            MINE: "Nothing to decide is yours.",
            NOBODY: "Nothing to decide is without somebody to decide it.",
        }.get(whose, f"Nothing to decide is given to {whose}.")
    if not ranking.later:
        return "Nothing to decide, now or later in this plan."
    first = ranking.later[0]
    return f"Nothing to decide today. Next: {first.what}, by {words.day(first.deadline)}."


def due_in(deadline: date, today: date) -> str:
    """How far a deadline is away: overdue, today, in 6 days."""
    days = (deadline - today).days
    if days < 0:
        return "overdue"
    return "today" if days == 0 else f"in {words.count(days, 'day')}"


def figures(plan: Plan, ranking: Ranking) -> list[Figure]:
    """Decisions waiting, confirmed on time, robots on rent from now on, and how well paid hours are used."""
    kpis = plan.summary["kpis"]
    start = date.fromisoformat(plan.summary["start_week"])
    now, then = _on_rent(plan, start), _on_rent(plan, start + WEEK)
    first = words.week(start)
    return [
        Figure(
            "Decisions waiting",
            f"{len(ranking.waiting):,}",
            "Due within two weeks, or overdue. What is due later waits its turn.",
        ),
        Figure(
            "Confirmed on time",
            words.share(kpis["on_time_share"]),
            "Units delivered in their week, of the open confirmed units due in the planned weeks.",
        ),
        Figure(
            f"On rent, W{start:%V} / W{start + WEEK:%V}",
            f"{now:,} / {then:,}",
            f"Robots on rent, contracts and new rents, in the plan's first week ({first}) and the next.",
        ),
        Figure(
            "Paid hours used",
            words.share(kpis["paid_hour_utilisation"]),
            "Hours worked by rented robots, of the hours they are paid for, over all planned weeks.",
        ),
    ]


def _on_rent(plan: Plan, week: date) -> int:
    rented = plan["fleet"].filter((pl.col("week") == week) & (pl.col("source") != "owned"))
    return int(rented["units"].sum())
