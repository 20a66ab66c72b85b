"""rentals: what to rent, return, renew, terminate or move, with the last day to decide."""

from collections import defaultdict, deque
from datetime import date
from typing import Any

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.schema import EXPORT
from planning.export.fleet import offer_rates
from planning.export.production import conform
from planning.fleet import committed_cost, notice_by, order_by, period_end, tail_cost
from planning.optimise.plan import Solution

Lot = tuple[int, int, int | None, int]


def rentals_table(solution: Solution, vendors: dict[str, str]) -> pl.DataFrame:
    """One row per lot of units with the same dates, and one per change of a running contract.

    A new lot that the plan does not return runs to the end of its minimum term or of the renewal that is
    under way when the horizon ends. A contract kept beyond its minimum term is a renewal.

    Parameters
    ----------
    vendors : offer → vendor.
    """
    rows = [*_new_lots(solution), *_contract_changes(solution), *_moves(solution)]
    schema = EXPORT["rentals"].polars_schema
    named = [row | {"vendor": vendors.get(row.pop("offer"))} for row in rows]
    frame = pl.DataFrame(named, schema=schema) if named else EXPORT["rentals"].empty()
    return conform("rentals", frame, "decide_by", "action", "id", "factory", "on_rent_date", "off_rent_date")


class _Terms:
    """Terms of offers and contracts by index, and dates of buckets."""

    def __init__(self, solution: Solution) -> None:
        problem = solution.problem
        self.policy, self.names, self.horizon = problem.policy, problem.names, problem.weeks
        self.offers = {row["o"]: row for row in problem.offers.iter_rows(named=True)}
        self.contracts = {row["c"]: row for row in problem.contracts.iter_rows(named=True)}

    def day(self, t: int) -> date:
        return self.policy.start_week + t * WEEK

    def could_end(self, c: int) -> bool:
        """Whether notice can still be given for the end of a contract's minimum term, in the horizon."""
        contract = self.contracts[c]
        return bool(self.offers[contract["o"]]["notice"] <= contract["min_end"] < self.horizon)

    def row(self, offer: dict[str, Any], **values: Any) -> dict[str, Any]:
        base = dict.fromkeys(EXPORT["rentals"].columns)
        filled = {"robot_model": self.names.r[offer["r"]], "committed_cost": 0.0, "tail_cost": 0.0}
        return base | filled | {"offer": self.names.o[offer["o"]]} | values


def _new_lots(solution: Solution) -> list[dict[str, Any]]:
    terms = _Terms(solution)
    rates = {(o, f, t): rate for o, f, t, rate in offer_rates(solution).iter_rows()}
    rows = []
    for o, lots in sorted(_lots(solution).items()):
        offer = terms.offers[o]
        for f, s, e, units in lots:
            end, tail = e, 0.0
            if end is None:
                end = period_end(s, offer["min_term"], offer["renewal"], terms.horizon)
                tail = tail_cost(units, offer["rate"], end, terms.horizon, terms.policy.tail_use)
            commitment = committed_cost(
                units, rates[o, f, s], offer["min_term"], offer["mobilisation"], offer["demobilisation"]
            )
            rows.append(
                terms.row(
                    offer,
                    action="rent",
                    id=terms.names.o[o],
                    factory=terms.names.f[f],
                    units=units,
                    decide_by=order_by(terms.day(s), offer["lead"]),
                    on_rent_date=terms.day(s),
                    off_rent_date=terms.day(end),
                    committed_cost=commitment,
                    tail_cost=tail,
                    reason=f"work on {terms.names.r[offer['r']]} at {terms.names.f[f]} needs more robots "
                    f"from {terms.day(s).isoformat()} than stand there",
                )
            )
    return rows


def _lots(solution: Solution) -> dict[int, list[Lot]]:
    """Offer → (factory, start, end or None, units).

    Units go back with their own lot where renewals are longer than a week, else the oldest first; those of
    an offer of which units are moved over all factories together.
    """
    renewed = set(solution.problem.offers.filter(pl.col("renewal") > 1)["o"])
    moved = set(solution.values("move")["o"])
    ends: dict[tuple[int, int, int | None], deque[tuple[int, int]]] = defaultdict(deque)
    for o, f, t, units in solution.values("stop").sort("o", "t", "f").iter_rows():
        if o not in renewed:
            ends[o, -1 if o in moved else f, None].append((t, round(units)))
    for o, f, s, e, units in solution.values("lot").sort("o", "s", "e").iter_rows():
        if e < solution.problem.weeks:
            ends[o, f, s].append((e, round(units)))
    lots: dict[int, list[Lot]] = defaultdict(list)
    for o, f, s, units in solution.values("start").sort("o", "t", "f").iter_rows():
        back = ends[o, f, s] if o in renewed else ends[o, -1 if o in moved else f, None]
        lots[o] += [(f, s, e, part) for e, part in _returned(back, round(units))]
    return lots


def _returned(back: deque[tuple[int, int]], units: int) -> list[tuple[int | None, int]]:
    """Take the next returns for `units`: (week, units), week None for those that stay."""
    parts: list[tuple[int | None, int]] = []
    while units > 0 and back:
        e, there = back.popleft()
        part = min(units, there)
        parts.append((e, part))
        units -= part
        if there > part:
            back.appendleft((e, there - part))
    return [*parts, (None, units)] if units else parts


def _contract_changes(solution: Solution) -> list[dict[str, Any]]:
    """return and terminate rows, and renew rows for units kept beyond the minimum term."""
    terms = _Terms(solution)
    rows = []
    for family, action in (("drop", "return"), ("terminate", "terminate")):
        for c, f, t, units in solution.values(family).iter_rows():
            rows.append(_contract_row(terms, c, f, round(units), action, t))
            contract = terms.contracts[c]
            if action == "return" and t > contract["min_end"] and terms.could_end(c):
                rows.append(_contract_row(terms, c, f, round(units), "renew", t))
    for c, f, t, units in solution.values("kept").iter_rows():
        contract = terms.contracts[c]
        if t == terms.horizon - 1 and contract["off"] is None and terms.could_end(c):
            rows.append(_contract_row(terms, c, f, round(units), "renew", None))
    return rows


def _contract_row(  # noqa: PLR0917 - one row of the table
    terms: _Terms, c: int, f: int, units: int, action: str, t: int | None
) -> dict[str, Any]:
    contract = terms.contracts[c]
    offer = terms.offers[contract["o"]]
    end = terms.horizon if t is None else t
    if action == "renew":
        on = decide = contract["min_end"]
        until = "kept beyond the horizon" if t is None else f"kept until {terms.day(end).isoformat()}"
        reason = f"{until}: its work pays for it"
    else:
        on, decide = max(contract["on"], 0), end
        reason = f"its work from {terms.day(end).isoformat()} on costs less without it"
    began = terms.day(on) if action == "renew" else terms.day(contract["on"])
    return terms.row(
        offer,
        action=action,
        id=terms.names.c[c],
        factory=terms.names.f[f],
        units=units,
        decide_by=notice_by(terms.day(decide), offer["notice"]),
        on_rent_date=began,
        off_rent_date=None if t is None else terms.day(end),
        reason=reason,
    )


def _moves(solution: Solution) -> list[dict[str, Any]]:
    terms = _Terms(solution)
    rows = []
    for family, contract in (("move", False), ("move_contract", True)):
        for index, f, f2, t, units in solution.values(family).iter_rows():
            offer = terms.offers[terms.contracts[index]["o"] if contract else index]
            rows.append(
                terms.row(
                    offer,
                    action="move",
                    id=terms.names.c[index] if contract else terms.names.o[index],
                    factory=terms.names.f[f],
                    to_factory=terms.names.f[f2],
                    units=round(units),
                    decide_by=terms.day(t),
                    off_rent_date=terms.day(t),
                    on_rent_date=terms.day(t + offer["transfer_weeks"]),
                    reason=f"its work is at {terms.names.f[f2]}",
                )
            )
    return rows
