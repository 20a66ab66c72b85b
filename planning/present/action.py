"""A decision waiting for a planner: what, by when, how much hangs on it, and what doing nothing costs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import words
from planning.present.view import ids, labels, names

#: What falls due later than this waits for its own day.
DAYS_AHEAD = 14

#: An address that lists more than so many narrows nothing down that a planner could still read.
MOST_IDS = 12

#: What pages can be narrowed by: the tables that name it, and the columns it goes by.
NAMED = {
    "factory": ("factories", "factory"),
    "product": ("products", "product"),
    "market": ("markets", "market"),
    "robot": ("robots", "robot_model"),
}


@dataclass(frozen=True)
class Rent:
    """New robots on rent, as a plan's rentals have them."""

    offer: str
    factory: str
    on_rent_date: date


@dataclass(frozen=True)
class Notice:
    """Notice for robots of a contract."""

    contract: str
    units: int
    off_rent_date: date


@dataclass(frozen=True)
class Action:
    """Something to decide.

    Parameters
    ----------
    key : its kind and the ids it is about; the same in the next plan while it is the same decision.
    what : the decision in the imperative, with the names of what it is about.
    deadline : the last day to decide it; in the past when it is overdue.
    money : how much hangs on it; null where the data do not say.
    stake : what kind of money that is, in a word or two.
    cause : why it is there.
    inaction : what doing nothing leads to, with the number it costs.
    traced : where `money` comes from.
    verb : what its button says.
    address, about : the page it is decided on, and the ids that is narrowed to, by `NAMED`.
    shows : what else the address of that page says: a filter of it → what is chosen.
    first : everything else rests on it, so it comes before everything else.
    rents, notices, step : what accepting it does: order these, give these notices, take this step of the
        plan.
    """

    key: str
    what: str
    deadline: date
    money: float | None
    stake: str
    cause: str
    inaction: str
    traced: str
    verb: str
    address: str
    about: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    first: bool = False
    rents: tuple[Rent, ...] = ()
    notices: tuple[Notice, ...] = ()
    step: str = ""

    @property
    def kind(self) -> str:
        """The first part of its key."""
        return self.key.partition(":")[0]

    def weight(self, today: date) -> float:
        """Money at stake, halved for every week its deadline is away; what is overdue counts whole."""
        days = max(0, (self.deadline - today).days)
        return (self.money or 0.0) * math.pow(0.5, days / 7)


@dataclass(frozen=True)
class Ranking:
    """Decisions in the order a planner takes them.

    Parameters
    ----------
    waiting : due within `DAYS_AHEAD` days or overdue, the weightiest first.
    later : the rest, the next deadline first.
    """

    waiting: tuple[Action, ...]
    later: tuple[Action, ...]


def ranked(actions: Iterable[Action], today: date) -> Ranking:
    """What is due within two weeks, by its money halved for every week that is left; then the rest, by date.

    What everything else rests on comes first; of equals the nearest deadline.
    """
    near: list[Action] = []
    far: list[Action] = []
    for action in actions:
        due = action.first or (action.deadline - today).days <= DAYS_AHEAD
        (near if due else far).append(action)
    near.sort(key=lambda a: (not a.first, -a.weight(today), a.deadline, a.key))
    far.sort(key=lambda a: (a.deadline, -(a.money or 0.0), a.key))
    return Ranking(tuple(near), tuple(far))


@dataclass(frozen=True)
class Basis:
    """What decisions are derived from, with the names, days and amounts they are told in."""

    plan: Plan | None
    network: Network | None
    today: date

    @cached_property
    def starts(self) -> date:
        """The Monday from which the factories work to the plan: what is to change it comes before."""
        if self.plan is not None:
            return date.fromisoformat(self.plan.summary["start_week"])
        return self.today if self.network is None else self.network.policy.start_week

    @cached_property
    def ends(self) -> date:
        """The Monday after the last planned week."""
        weeks = 0 if self.plan is None else int(self.plan.summary["horizon_weeks"])
        return self.starts + timedelta(weeks=weeks)

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {name: names(self.network, table, key) for name, (table, key) in NAMED.items()}

    def name(self, key: str, id: str) -> str:
        """What people call a factory, product, market or robot."""
        return self._names[key].get(id, id)

    def money(self, amount: float) -> str:
        """An amount in the currency of all money."""
        return words.exact_money(amount, words.currency(self.plan, self.network))


def narrowed_to(action: Action, plan: Plan | None, network: Network | None) -> dict[str, list[str]]:
    """What the address of the action's page says to show only what it is about (filter → names).

    Nothing where that would name more than `MOST_IDS`, all there are, or only what the plan does not know.
    """
    query = {name: [chosen] for name, chosen in action.shows.items()}
    for name, about in action.about.items():
        table, key = NAMED[name]
        shown = {} if plan is None else labels(network, table, key, ids(plan, key))
        chosen = [label for id, label in shown.items() if id in about]
        if 0 < len(chosen) < len(shown) and len(chosen) <= MOST_IDS:
            query[name] = chosen
    return query
