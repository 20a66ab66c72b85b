"""Rule 6: robots on rent under the vendors' terms. Offers may be rented, contracts run already.

`pool` is the factory of a tied offer, and one for all factories (−1) where units may be moved: their
minimum term holds over all factories together.
"""

import polars as pl

from planning.domain.problem import Problem
from planning.optimise.model.algebra import Model
from planning.optimise.model.eligible import Eligible

#: Families that say which robots are there, and by which terms: whole numbers.
FLEET = (
    "on_rent",
    "start",
    "stop",
    "lot",
    "kept",
    "drop",
    "terminate",
    "move",
    "move_contract",
    "tier",
    "tier_units",
    "room",
)

_OFFER = ["o", "f", "t"]
_CONTRACT = ["c", "f", "t"]


def _weeks(problem: Problem) -> pl.DataFrame:
    return pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})


def pools(problem: Problem, can: Eligible) -> pl.DataFrame:
    """o, f, pool of every place an offer's units may stand."""
    movable = pl.col("transfer_fee").is_not_null()
    rows = can.standing.join(problem.offers[["o", "transfer_fee"]], on="o")
    return rows.select("o", "f", pool=pl.when(movable).then(-1).otherwise("f"), one=pl.lit(1.0))


def lots(problem: Problem, can: Eligible) -> pl.DataFrame:
    """o, f, s, e of offers that renew by more than a week: rented at f in s, returned in e (T: not within).

    Units go back only at the end of the minimum term or of a renewal, and not before notice can be given.
    """
    terms = problem.offers.filter(pl.col("renewal") > 1)
    starts = can.standing.filter("rentable")[["o", "f"]].join(terms, on="o")
    weeks = pl.DataFrame({"s": range(problem.weeks)}, schema={"s": pl.Int64})
    rows = starts.join(weeks, how="cross").filter(pl.col("s") >= pl.col("lead"))
    first = pl.col("s") + pl.col("min_term")
    ends = rows.with_columns(e=pl.int_ranges(first, pl.lit(problem.weeks), pl.col("renewal")))
    ends = ends.explode("e", empty_as_null=False).filter(pl.col("e") >= pl.col("notice"))
    stays = rows.with_columns(e=pl.lit(problem.weeks, pl.Int64))
    key = ["o", "f", "s", "e"]
    return pl.concat([ends[key], stays[key]]).sort(key)


def add_offers(model: Model, problem: Problem, can: Eligible) -> None:
    """on_rent, start, stop [o,f,t] and lot[o,f,s,e]: whole units, none on rent before its lead time."""
    terms = can.standing.join(problem.offers, on=["o", "r"]).join(_weeks(problem), how="cross")
    after = terms.filter(pl.col("t") >= pl.col("lead"))
    model.add_variables("on_rent", after.select(*_OFFER, upper="most").sort(_OFFER), integer=True)
    model.add_variables(
        "start", after.filter("rentable").select(*_OFFER, upper="most").sort(_OFFER), integer=True
    )
    lot = lots(problem, can)
    weekly = terms.filter(
        (pl.col("renewal") == 1)
        & (pl.col("t") >= pl.max_horizontal("notice", pl.col("lead") + pl.col("min_term")))
    )[_OFFER]
    pool = pools(problem, can)
    ended = lot.filter(pl.col("e") < problem.weeks).join(pool, on=["o", "f"])
    ended = ended.select("o", "pool", t="e").unique()
    renewed = ended.join(pool, on=["o", "pool"])[_OFFER]
    model.add_variables("stop", pl.concat([weekly, renewed]).sort(_OFFER), integer=True)
    model.add_variables("lot", lot, integer=True)


def add_contracts(model: Model, problem: Problem) -> None:
    """kept[c,f,t] while a contract runs, drop[c,f,t] at renewal dates, terminate[c,f,t] before its end."""
    terms = problem.contracts.join(problem.offers.drop("rate"), on="o")
    everywhere = problem.factories[["f"]]
    tied = terms.filter(pl.col("transfer_fee").is_null())
    movable = terms.filter(pl.col("transfer_fee").is_not_null()).drop("f").join(everywhere, how="cross")
    cells = pl.concat([tied, movable[tied.columns]]).join(_weeks(problem), how="cross")
    cells = cells.filter(
        (pl.col("t") >= pl.col("on")) & (pl.col("t") < pl.col("off").fill_null(problem.weeks))
    ).sort(_CONTRACT)
    model.add_variables("kept", cells.select(*_CONTRACT, upper="units"), integer=True)
    after_term = pl.col("t") >= pl.max_horizontal("min_end", "notice")
    renewal = (pl.col("t") - pl.col("min_end")) % pl.col("renewal") == 0
    model.add_variables(
        "drop", cells.filter(after_term & renewal).select(*_CONTRACT, upper="units"), integer=True
    )
    early = pl.col("running") & pl.col("termination_share").is_not_null()
    early &= (pl.col("t") >= pl.col("notice")) & (pl.col("t") < pl.col("min_end"))
    model.add_variables("terminate", cells.filter(early).select(*_CONTRACT, upper="units"), integer=True)


def add_moves(model: Model, problem: Problem) -> None:
    """move[o,f,f2,t] and move_contract[c,f,f2,t] of units with a transfer fee; `moving`: those under way."""
    horizon = problem.weeks
    fees = problem.offers.filter(pl.col("transfer_fee").is_not_null())[["o", "transfer_weeks"]]
    by_contract = problem.contracts[["c", "o"]].join(fees, on="o").drop("o")
    for units, move, moving, key, terms in (
        ("on_rent", "move", "moving", "o", fees),
        ("kept", "move_contract", "moving_contract", "c", by_contract),
    ):
        stands = model.families[units].index.join(terms[[key]], on=key, how="semi")
        stands = stands.filter(pl.col("t") > pl.col("t").min().over(key))
        pairs = stands.join(stands.rename({"f": "f2"}), on=[key, "t"]).filter(pl.col("f") != pl.col("f2"))
        model.add_variables(move, pairs[[key, "f", "f2", "t"]].sort(key, "f", "f2", "t"), integer=True)
        weeks = terms.filter(pl.col("transfer_weeks") > 0)
        data = weeks.with_columns(one=pl.lit(1.0))
        arriving = model[move].over(key, "f2", "t").named(f2="f")
        model.expressions[moving] = (
            arriving.per(data, "one").lasting("transfer_weeks", horizon).over(key, "f", "t")
        )


def units_present(model: Model, problem: Problem) -> None:
    """Σ moves into f in the last max(transfer_weeks, 1) weeks + start[f,t] ≤ on_rent[f,t] (contracts: kept)

    Units that leave or go back in t were there and working: those under way and those just rented stay.
    """
    fees = problem.offers.filter(pl.col("transfer_fee").is_not_null())
    window = fees.select("o", weeks=pl.col("transfer_weeks").clip(1), one=pl.lit(1.0))
    by_contract = window.join(problem.contracts[["c", "o"]], on="o").drop("o")
    for units, move, key, data in (
        ("on_rent", "move", "o", window),
        ("kept", "move_contract", "c", by_contract),
    ):
        arrived = model[move].over(key, "f2", "t").named(f2="f").per(data, "one")
        lasting = arrived.lasting("weeks", problem.weeks)
        rows = lasting.frame[[key, "f", "t"]].unique().sort(key, "f", "t")
        started = [model["start"]] if key == "o" else []
        model.add(f"{units}_present", rows, "<=", lasting, *started, -model[units])


def add_overage(model: Model, problem: Problem) -> None:
    """overage[o,f,t] and overage_contract[c,f,t] hours where hours are included up to a limit."""
    limited = problem.offers.filter(pl.col("included").is_not_null())[["o"]]
    contracts = problem.contracts.join(limited, on="o", how="semi")[["c"]]
    model.add_variables("overage", model.families["on_rent"].index.join(limited, on="o", how="semi"))
    model.add_variables("overage_contract", model.families["kept"].index.join(contracts, on="c", how="semi"))


def on_rent_balance(model: Model) -> None:
    """on_rent[o,f,t] − on_rent[o,f,t−1] − start + stop + Σ_f2 move[o,f,f2,t] − Σ_f2 move[o,f2,f,t] = 0"""
    rows = model.families["on_rent"].index
    units, move = model["on_rent"], model["move"]
    model.add(
        "on_rent",
        rows,
        "==",
        units,
        -units.delayed(1),
        -model["start"],
        model["stop"],
        move.over("o", "f", "t"),
        -move.over("o", "f2", "t").named(f2="f"),
    )


def minimum_term(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_{τ=t−L+1..t} start[o,τ] ≤ on_rent[o,t] per pool, weekly renewals

    Tight for whole fleets: every start of the last L weeks is still there, however they are stacked.
    """
    weekly = problem.offers.filter(pl.col("renewal") == 1)[["o", "min_term"]]
    pool = pools(problem, can)
    data = pool.join(weekly, on="o")
    started = model["start"].per(data, "one").lasting("min_term", problem.weeks)
    rows = started.frame[["o", "pool", "t"]].unique().sort("o", "pool", "t")
    model.add("min_term", rows, "<=", started, -model["on_rent"].per(pool, "one"))


def minimum_term_here(model: Model, problem: Problem) -> None:
    """Σ_{τ=t−L+1..t} (start[o,f,τ] − Σ_f2 move[o,f,f2,τ]) ≤ on_rent[o,f,t] where units may be moved

    What was rented here is still here, or was moved: none goes back in the name of an older one elsewhere.
    """
    weekly = problem.offers.filter((pl.col("renewal") == 1) & pl.col("transfer_fee").is_not_null())
    data = weekly.select("o", "min_term", one=pl.lit(1.0))
    started = model["start"].per(data, "one").lasting("min_term", problem.weeks)
    moved = model["move"].over("o", "f", "t").per(data, "one").lasting("min_term", problem.weeks)
    rows = started.frame[_OFFER].unique().sort(_OFFER)
    model.add("min_term_here", rows, "<=", started, -model["on_rent"], -moved)


def renewal_lots(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_e lot[o,f,s,e] = start[o,f,s]; Σ_{f of pool, s} lot[o,f,s,e] = Σ_{f of pool} stop[o,f,e]

    Of offers that renew by more than a week. Where units may be moved, those that do not go back where
    they were rented were moved before: Σ_s lot[o,f,s,e] ≤ stop[o,f,e] + Σ_{τ ≤ e, f2} move[o,f,f2,τ]
    """
    lot, stop, pool = model["lot"], model["stop"], pools(problem, can)
    cells = model.families["lot"].frame
    begun = cells.select("o", "f", t="s").unique().sort(_OFFER)
    model.add("lot_start", begun, "==", lot.over("o", "f", "s").named(s="t"), -model["start"])
    ended = cells.filter(pl.col("e") < problem.weeks).select("o", "f", t="e").unique().sort(_OFFER)
    back = lot.over("o", "f", "e").named(e="t")
    together = ended.join(pool, on=["o", "f"])[["o", "pool", "t"]].unique().sort("o", "pool", "t")
    model.add(
        "lot_stop", together, "==", back.per(pool, "one").over("o", "pool", "t"), -stop.per(pool, "one")
    )
    movable = problem.offers.filter(pl.col("transfer_fee").is_not_null())[["o"]]
    rest = movable.with_columns(weeks=pl.lit(problem.weeks, pl.Int64), one=pl.lit(1.0))
    moved = model["move"].over(*_OFFER).per(rest, "one").lasting("weeks", problem.weeks)
    model.add("lot_here", ended.join(movable, on="o", how="semi"), "<=", back, -stop, -moved.over(*_OFFER))


def kept_balance(model: Model, problem: Problem) -> None:
    """kept[c,f,t] − kept[c,f,t−1] + drop + terminate + moves out − in = units[c] in its first week, else 0"""
    first = problem.contracts.select("c", "f", t=pl.col("on").clip(0), rhs="units")
    rows = model.families["kept"].index.join(first, on=_CONTRACT, how="left")
    kept, move = model["kept"], model["move_contract"]
    model.add(
        "kept",
        rows.with_columns(pl.col("rhs").fill_null(0)),
        "==",
        kept,
        -kept.delayed(1),
        model["drop"],
        model["terminate"],
        move.over("c", "f", "t"),
        -move.over("c", "f2", "t").named(f2="f"),
    )


def unit_caps(model: Model, problem: Problem) -> None:
    """Σ_f on_rent[o,f,t] + Σ_{c of o, f} kept[c,f,t] ≤ max_units[o]

    Where the contracts alone could exceed it, `room[o,t]` ∈ {0, 1} says whether they do not:
    on_rent ≤ max_units · room and on_rent + kept ≤ running − (running − max_units) · room.
    """
    capped = problem.offers.filter(pl.col("max_units").is_not_null())[["o", "max_units"]]
    running = model.families["kept"].frame[["c", "t"]].unique()
    running = running.join(problem.contracts[["c", "o", "units"]], on="c")
    running = running.group_by("o", "t").agg(running=pl.col("units").sum())
    rows = model.families["on_rent"].frame[["o", "t"]].unique().join(capped, on="o")
    rows = (
        rows.join(running, on=["o", "t"], how="left")
        .with_columns(pl.col("running").fill_null(0))
        .sort("o", "t")
    )
    full = rows.filter(pl.col("running") > pl.col("max_units"))
    model.add_variables("room", full.select("o", "t", upper=pl.lit(1.0)), integer=True)
    owner = problem.contracts.select("c", "o", one=pl.lit(1.0))
    units, kept = model["on_rent"], model["kept"].per(owner, "one")
    plain = rows.filter(pl.col("running") <= pl.col("max_units"))
    model.add("max_units", plain.select("o", "t", rhs="max_units"), "<=", units, kept)
    excess = full.select("o", "t", excess=pl.col("running") - pl.col("max_units"))
    model.add(
        "max_units_full",
        full.select("o", "t", rhs="running"),
        "<=",
        units,
        kept,
        model["room"].per(excess, "excess"),
    )
    most = full[["o", "t", "max_units"]]
    model.add("max_units_new", full[["o", "t"]], "<=", units, -model["room"].per(most, "max_units"))


def add_tiers(model: Model, problem: Problem, can: Eligible) -> None:
    """tier[o,f,t,from_units] ∈ {0, 1} and tier_units[o,f,t,from_units]: which rate holds for how many."""
    tiers = problem.tiers.join(
        problem.tiers.group_by("o").len().filter(pl.col("len") > 1), on="o", how="semi"
    )
    cells = model.families["on_rent"].index.join(tiers[["o", "from_units"]], on="o")
    cells = cells.join(can.standing[["o", "f", "most"]], on=["o", "f"]).sort(*_OFFER, "from_units")
    key = [*_OFFER, "from_units"]
    model.add_variables("tier", cells.select(*key, upper=pl.lit(1.0)), integer=True)
    model.add_variables("tier_units", cells.select(*key, upper="most"), integer=True)


def tier_rules(model: Model, problem: Problem, can: Eligible) -> None:
    """Σ_j tier = 1; Σ_j tier_units = on_rent; tier_units_j ≤ most_j · tier_j;

    Σ_j from_j · tier_j ≤ on_rent + Σ_c kept[c,f,t] ≤ Σ_j (from_{j+1} − 1) · tier_j
    """
    tier, units = model["tier"], model["tier_units"]
    cells = model.families["tier"].index
    if cells.is_empty():
        return
    rows = cells[_OFFER].unique().sort(_OFFER)
    model.add("tier_one", rows.with_columns(rhs=pl.lit(1.0)), "==", tier)
    model.add("tier_sum", rows, "==", units, -model["on_rent"])
    running = problem.contracts.group_by("o").agg(running=pl.col("units").sum())
    bounds = (
        problem.tiers.join(can.standing[["o", "f", "most"]], on="o")
        .join(running, on="o", how="left")
        .with_columns(pl.col("running").fill_null(0))
        .with_columns(
            last=pl.coalesce(pl.col("up_to") - 1, pl.col("most") + pl.col("running")).cast(pl.Float64)
        )
        .select("o", "f", "from_units", "last", least=pl.col("from_units").cast(pl.Float64))
    )
    key = [*_OFFER, "from_units"]
    model.add("tier_units", cells[key], "<=", units, -tier.per(bounds.drop("least"), "last"))
    owner = problem.contracts.select("c", "o", one=pl.lit(1.0))
    kept = model["kept"].per(owner, "one")
    count = [-model["on_rent"], -kept]
    model.add("tier_from", rows, "<=", tier.per(bounds.drop("last"), "least"), *count)
    model.add("tier_below", rows, ">=", tier.per(bounds.drop("least"), "last"), *count)
