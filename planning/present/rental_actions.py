"""Decisions about robots on rent: order, give notice, keep, end early, move."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import monday_on_or_after, weeks_between
from planning.domain.schema import INPUT
from planning.present import words
from planning.present.action import Action, Basis, Notice, Rent
from planning.rolling import parts_of

Row = Mapping[str, Any]

#: What makes rows of the plan's rentals one decision: one order, one notice.
_SAME = ("action", "id", "robot_model", "factory", "to_factory", "decide_by", "on_rent_date")


def rental_actions(basis: Basis) -> list[Action]:
    """One decision for each order, notice, renewal, early end or move the plan asks for and nobody did."""
    if basis.plan is None or basis.plan["rentals"].is_empty():
        return []
    terms = _Terms(basis)
    changes = [row for row in _decisions(basis.plan["rentals"]) if not terms.is_done(row)]
    told: dict[str, Callable[[_Terms, Row], Action]] = {
        "rent": _order,
        "return": _return,
        "renew": _renewal,
        "terminate": _early_end,
        "move": _move,
    }
    swaps = list(_swaps(changes))
    swapped = [id(row) for pair in swaps for row in pair]
    actions = [told[row["action"]](terms, row) for row in changes if id(row) not in swapped]
    return actions + [_replacement(terms, *pair) for pair in swaps]


def _decisions(rentals: pl.DataFrame) -> list[Row]:
    """Rows of `rentals` by decision: units and money summed, off_rent_date the last one."""
    ends = pl.when(pl.col("action") == "rent").then(None).otherwise("off_rent_date")
    sums = rentals.group_by(*_SAME, ends.alias("ends"), maintain_order=True).agg(
        pl.col("units", "committed_cost").sum(), pl.col("off_rent_date").max(), pl.col("vendor").first()
    )
    return list(sums.iter_rows(named=True))


def _swaps(changes: list[Row]) -> Iterator[tuple[Row, Row]]:
    """(return, rent) of equally many robots of a model that leave and come on the same day at a factory."""
    coming = defaultdict(list)
    for row in changes:
        if row["action"] == "rent":
            coming[row["robot_model"], row["factory"], row["on_rent_date"], row["units"]].append(row)
    for row in changes:
        if row["action"] == "return":
            found = coming[row["robot_model"], row["factory"], row["off_rent_date"], row["units"]]
            if found:
                yield row, found.pop(0)


class _Terms:
    """Terms and use of contracts and offers by id."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        network = basis.network
        tables = {} if network is None else {name: network[name] for name in ("offers", "contracts")}
        self._offers = _by_id(tables.get("offers"), "offer")
        self._held = tables.get("contracts", INPUT["contracts"].empty())
        self._contracts = _by_id(self._held, "contract")
        changes = [] if basis.plan is None else list(basis.plan["rentals"].iter_rows(named=True))
        self._rents = [row for row in changes if row["action"] == "rent"]

    def contract(self, id: str) -> Row:
        """The contract; nothing where the data do not hold it any more."""
        return self._contracts.get(id, {})

    def offer(self, id: str) -> Row:
        """The offer itself, or the one a contract was made on."""
        return self._offers.get(self.contract(id).get("offer") or id, {})

    def is_done(self, row: Row) -> bool:
        """Whether the data have it already: its contract is written, or notice is given."""
        if row["action"] == "rent" and self.basis.plan is not None:
            version = self.basis.plan.summary["version"]
            name = f"v{version}-{row['id']}-{row['factory']}-{row['on_rent_date']}"
            return not parts_of(self._held, name).is_empty()
        if row["action"] == "return":
            parts = parts_of(self._held, row["id"]).filter(pl.col("off_rent_date") == row["off_rent_date"])
            return bool(parts["units"].sum() >= row["units"])
        return False

    def weekly(self, row: Row) -> float | None:
        """Rent a week of the units of `row`, at the contract's rate, else the offer's list rate."""
        rate = self.contract(row["id"]).get("weekly_rate")
        rate = self.offer(row["id"]).get("weekly_rate") if rate is None else rate
        return None if rate is None else float(rate) * row["units"]

    def needed_until(self, row: Row) -> tuple[date, str]:
        """Until when doing nothing pays rent for what `row` returns, and what ends it.

        That is the end its contract has already, the next rent of such robots there, or the end of the plan.
        """
        leaves, ends = row["off_rent_date"], self.basis.ends
        limits = []
        given = self.contract(row["id"]).get("off_rent_date")
        if given is not None:
            limits.append((monday_on_or_after(given), "the end it has already"))
        limits.append((ends, "the end of the plan"))
        limits += [
            (rent["on_rent_date"], "robots are rented there again")
            for rent in self._rents
            if (rent["robot_model"], rent["factory"]) == (row["robot_model"], row["factory"])
        ]
        later = (limit for limit in limits if limit[0] >= leaves)
        return min(later, key=lambda limit: limit[0], default=(leaves, "it leaves"))

    def hours_left_over(self, row: Row, factory: str) -> float:
        """Hours of work a week that do not fit on the other robots of the model there, overtime aside.

        By kind of hours what is used beyond the others' share of what is available, on average over the weeks
        the plan has the units of `row` on rent.
        """
        if self.basis.plan is None:
            return 0.0
        there = (pl.col("factory") == factory) & (pl.col("robot_model") == row["robot_model"])
        until = row["off_rent_date"] if row["action"] == "rent" else None
        weeks = pl.col("week").is_between(row["on_rent_date"], until or self.basis.ends, closed="left")
        robots = self.basis.plan["fleet"].filter(there & weeks).group_by("week").agg(pl.col("units").sum())
        others = (1 - row["units"] / pl.col("units")).clip(0)
        over = [
            (pl.col(f"{kind}_used") - pl.col(f"{kind}_available") * others).clip(0)
            for kind in ("attended", "unattended")
        ]
        hours = self.basis.plan["hours"].filter(there & weeks).join(robots, on="week")
        left = hours.select(left=pl.sum_horizontal(over))["left"]
        return float(left.sum()) / len(left) if len(left) else 0.0

    def in_time_instead(self, row: Row) -> Row | None:
        """The cheapest offer of such robots that can be ordered later; none where hours have a price."""
        mine = self.offer(row["id"])
        if mine.get("included_hours_per_week") is not None:
            return None
        others = [
            offer
            for offer in self._offers.values()
            if offer["robot_model"] == row["robot_model"]
            and offer["factory"] in {None, row["factory"]}
            and offer["included_hours_per_week"] is None
            and offer["lead_time_weeks"] < mine.get("lead_time_weeks", 0)
            and (offer["max_units"] is None or offer["max_units"] > 0)
        ]
        return min(others, key=lambda offer: (offer["weekly_rate"], offer["offer"]), default=None)


def _by_id(frame: pl.DataFrame | None, key: str) -> dict[str, Row]:
    return {} if frame is None else {row[key]: row for row in frame.iter_rows(named=True)}


def _key(row: Row) -> str:
    parts = [row["action"], row["id"], row["factory"], row["to_factory"], row["decide_by"].isoformat()]
    return ":".join(str(part) for part in parts if part is not None)


def _action(row: Row, **told: Any) -> Action:
    places = frozenset(place for place in (row["factory"], row["to_factory"]) if place is not None)
    common = {
        "key": _key(row),
        "deadline": row["decide_by"],
        "address": "fleet",
        "about": {"factory": places, "robot": frozenset([row["robot_model"]])},
    }
    return Action(**(common | told))


def _robots(terms: _Terms, row: Row) -> str:
    return f"{row['units']} × {row['robot_model']} at {terms.basis.name('factory', row['factory'])}"


def _order(terms: _Terms, row: Row) -> Action:
    on = words.short_day(row["on_rent_date"])
    return _action(
        row,
        what=f"Order {_robots(terms, row)} ({row['id']}), on rent from {on}",
        money=row["committed_cost"],
        stake="committed",
        cause=f"work on {row['robot_model']} needs more robots than stand there",
        inaction=_if_not_ordered(terms, row),
        traced=_commitment(terms, row),
        verb="See rental",
        rents=(Rent(row["id"], row["factory"], row["on_rent_date"]),),
    )


def _commitment(terms: _Terms, row: Row) -> str:
    offer, said = terms.offer(row["id"]), "What the order commits to"
    if not offer or not offer["min_term_weeks"]:
        return f"{said}: rent of the minimum term, and the fees of coming and going."
    fees = offer["mobilisation_fee"] + offer["demobilisation_fee"]
    rate = (row["committed_cost"] / row["units"] - fees) / offer["min_term_weeks"]
    return (
        f"{said}: {row['units']} × ({offer['min_term_weeks']} weeks minimum term × {terms.basis.money(rate)} "
        f"a week + {terms.basis.money(fees)} for coming and going)."
    )


def _if_not_ordered(terms: _Terms, row: Row) -> str:
    other, mine = terms.in_time_instead(row), terms.weekly(row)
    if other is not None and mine is not None and other["weekly_rate"] * row["units"] > mine:
        dearer = terms.basis.money(other["weekly_rate"] * row["units"] - mine)
        return f"only dearer offers are left: {other['offer']} costs {dearer} more a week"
    return _hours_missing(terms, row, row["factory"])


def _hours_missing(terms: _Terms, row: Row, factory: str) -> str:
    hours = terms.hours_left_over(row, factory)
    on = words.short_day(row["on_rent_date"])
    if hours < 0.5:
        return "the work fits on the other robots there, with overtime at most"
    return f"{hours:,.0f} robot hours of work a week from {on} do not fit on the other robots there"


def _return(terms: _Terms, row: Row) -> Action:
    off, weekly = row["off_rent_date"], terms.weekly(row)
    until, why = terms.needed_until(row)
    weeks = weeks_between(off, until)
    rent = "an unknown amount" if weekly is None else terms.basis.money(weekly)
    return _action(
        row,
        what=f"Give notice for {_robots(terms, row)} ({row['id']}), off rent from {words.short_day(off)}",
        money=None if weekly is None else weekly * weeks,
        stake="rent saved",
        cause=f"from {words.short_day(off)} on its work costs less without it",
        inaction=f"{rent} of rent a week runs on from {words.short_day(off)}",
        traced=f"Rent saved: {rent} a week for {words.count(weeks, 'week')}, from {words.short_day(off)} to "
        f"{words.short_day(until)} ({why}).",
        verb="See contract",
        notices=(Notice(row["id"], row["units"], off),),
    )


def _renewal(terms: _Terms, row: Row) -> Action:
    weekly, weeks = terms.weekly(row), terms.offer(row["id"]).get("renewal_weeks")
    end = terms.contract(row["id"]).get("min_end_date") or row["on_rent_date"]
    beyond = "its minimum term" if end is None else words.short_day(end)
    told = "unless notice is given, it rolls on"
    paid = "" if weekly is None else f" at {terms.basis.money(weekly)} a week"
    return _action(
        row,
        what=f"Keep {_robots(terms, row)} ({row['id']}) beyond {beyond}",
        money=None if weekly is None or weeks is None else weekly * weeks,
        stake="a renewal",
        cause="its work pays for it",
        inaction=f"{told}{paid}, which is what the plan wants",
        traced=f"Rent of one renewal: {words.count(weeks or 0, 'week')}{paid}.",
        verb="See contract",
    )


def _early_end(terms: _Terms, row: Row) -> Action:
    weekly, off = terms.weekly(row), row["off_rent_date"]
    share = terms.offer(row["id"]).get("early_termination_share") or 0.0
    end = terms.contract(row["id"]).get("min_end_date")
    weeks = 0 if end is None else max(0, weeks_between(off, monday_on_or_after(end)))
    rent = "an unknown amount" if weekly is None else terms.basis.money(weekly)
    return _action(
        row,
        what=f"End {_robots(terms, row)} ({row['id']}) early, off rent from {words.short_day(off)}",
        money=None if weekly is None or end is None else weekly * weeks * (1 - share),
        stake="rent saved",
        cause="its work costs less without it, the price of ending early included",
        inaction=f"{rent} of rent a week runs on from {words.short_day(off)}",
        traced=f"Rent saved: {rent} a week for the {words.count(weeks, 'week')} left of its minimum term, "
        f"less the {words.share(share)} of it that ending early costs.",
        verb="See contract",
    )


def _move(terms: _Terms, row: Row) -> Action:
    fee = terms.offer(row["id"]).get("transfer_fee")
    there = terms.basis.name("factory", row["to_factory"])
    price = "the fee" if fee is None else terms.basis.money(fee)
    return _action(
        row,
        what=f"Move {_robots(terms, row)} ({row['id']}) to {there}, there from "
        f"{words.short_day(row['on_rent_date'])}",
        money=None if fee is None else fee * row["units"],
        stake="transfer",
        cause=f"its work is at {there}",
        inaction=_hours_missing(terms, row, row["to_factory"]),
        traced=f"Transfer: {row['units']} × {price}.",
        verb="See rental",
    )


def _replacement(terms: _Terms, leaving: Row, coming: Row) -> Action:
    """A return and a rent of the same robots on the same day: one decision, by the earlier deadline."""
    order, back = _order(terms, coming), _return(terms, leaving)
    on = words.short_day(coming["on_rent_date"])
    return _action(
        coming,
        key=f"replace:{leaving['id']}:{_key(coming).partition(':')[2]}",
        what=f"Replace {leaving['id']} by {_robots(terms, coming)} ({coming['id']}) on {on}",
        deadline=min(order.deadline, back.deadline),
        money=order.money,
        stake=order.stake,
        cause="the same robots on better terms",
        inaction=back.inaction,
        traced=order.traced,
        verb="See rentals",
        rents=order.rents,
        notices=back.notices,
    )
