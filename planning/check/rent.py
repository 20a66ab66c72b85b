"""Rule 6: what is on rent, from when to when, where, and on what terms.

rentals.csv tells the lots and their dates, fleet.csv the units of every week; each must follow from the
other. Where a lot was moved its factory at the end is not exported: then only the sum over factories and
the sense of every step are held to it.
"""

import polars as pl

from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds, found

RULE = "6 rent"


def check_rent(facts: Facts) -> list[Violation]:
    """Every rule about robots on rent."""
    checks = (
        new_lots,
        lot_ends,
        lots_on_rent,
        lots_by_factory,
        most_units,
        contracts_kept,
        contract_steps,
        contract_rows,
        names,
        moves,
        moved_units,
        steps,
        decide_by,
        committed_cost,
        tail_cost,
    )
    return [violation for check in checks for violation in check(facts)]


def new_lots(facts: Facts) -> list[Violation]:
    """A new lot is of an offer for that factory and model and starts no earlier than its lead time."""
    rows, horizon = facts.lots, facts.horizon
    unknown = rows.filter(
        pl.col("weekly_rate").is_null()
        | (pl.col("robot_model") != pl.col("offer_model"))
        | (pl.col("factory") != pl.col("offer_factory")).fill_null(value=False)
    )
    monday = pl.col("on_rent_date").dt.weekday() == 1
    outside = rows.filter(
        ~monday | pl.col("t_on").is_null() | (pl.col("t_on") >= horizon) | (pl.col("units") < 1)
    )
    say = "on rent from {on_rent_date}: {t_on} weeks from the start, the lead time is {lead_time_weeks}"
    return (
        found(RULE, unknown, "units", "{units} new units: no such offer for this robot model and factory")
        + found(RULE, outside, "units", "{units} new units from {on_rent_date}: not a Monday of the horizon")
        + exceeds(RULE, rows, "lead_time_weeks", "t_on", say)
    )


def lot_ends(facts: Facts) -> list[Violation]:
    """A new lot ends with its minimum term or a renewal, and not before notice could be given."""
    over = pl.col("t_off") - pl.col("t_on") - pl.col("min_term_weeks")
    rows = facts.lots.with_columns(over=over).filter(pl.col("t_off").is_not_null())
    short = rows.filter((pl.col("over") < 0) | (pl.col("off_rent_date").dt.weekday() != 1))
    between = rows.filter((pl.col("over") > 0) & (pl.col("over") % pl.col("renewal_weeks") != 0))
    say = "on rent {on_rent_date} to {off_rent_date}, the minimum term is {min_term_weeks} weeks"
    renewal = "off rent {off_rent_date}: {over} weeks after the minimum term, which renews by {renewal_weeks}"
    notice = "off rent {off_rent_date}, {t_off} weeks from the start; notice takes {notice_weeks}"
    return (
        found(RULE, short.with_columns(amount=pl.col("over").abs()), "amount", say)
        + found(RULE, between, "over", renewal)
        + exceeds(RULE, rows, "notice_weeks", "t_off", notice)
    )


@once
def active_lots(facts: Facts) -> pl.DataFrame:
    """Lots × the weeks they are on rent."""
    on = (pl.col("t_on") <= pl.col("t")) & (pl.col("t_off").is_null() | (pl.col("t") < pl.col("t_off")))
    return facts.lots.join(facts.weeks, how="cross").filter(on)


def rented(facts: Facts, source: str) -> pl.DataFrame:
    """Rows of fleet.csv of one source, with t."""
    rows = facts["fleet"].filter(pl.col("source") == source)
    return rows.join(facts.weeks, on="week", how="inner")


def lots_on_rent(facts: Facts) -> list[Violation]:
    """on_rent[t] = on_rent[t−1] + start[t] − stop[t], over all factories (moves change none of it)."""
    right = active_lots(facts).group_by("id", "week").agg(right=pl.col("units").sum())
    given = rented(facts, "offer").group_by("id", "week").agg(units=pl.col("units").sum())
    rows = given.join(right, on=["id", "week"], how="full", coalesce=True).fill_null(0)
    say = "fleet.csv has {units} units on rent, the lots of rentals.csv are {right}"
    return differs(RULE, rows.sort("id", "week"), "units", "right", say)


def lots_by_factory(facts: Facts) -> list[Violation]:
    """Units of offers that are never moved stand at the factory of their lot."""
    keys = ["id", "factory", "week"]
    right = active_lots(facts).group_by(keys).agg(right=pl.col("units").sum())
    given = rented(facts, "offer").group_by(keys).agg(units=pl.col("units").sum())
    moved = facts.moves.filter(pl.col("source") == "offer").select("id").unique()
    rows = (
        given.join(right, on=keys, how="full", coalesce=True)
        .fill_null(0)
        .join(moved, on="id", how="anti")
        .sort(keys)
    )
    say = "fleet.csv has {units} units at this factory, the lots of rentals.csv are {right}"
    return differs(RULE, rows, "units", "right", say)


def most_units(facts: Facts) -> list[Violation]:
    """Σ_f on_rent + running units ≤ max_units; contracts alone may exceed it."""
    contracts = facts.kept.group_by("offer", "week").agg(running=pl.col("kept").sum())
    limits = facts.network["offers"].select("offer", "max_units")
    rows = (
        rented(facts, "offer")
        .group_by("week", pl.col("id").alias("offer"))
        .agg(new=pl.col("units").sum())
        .filter(pl.col("new") > 0)
        .join(contracts, on=["offer", "week"], how="left")
        .join(limits, on="offer", how="left")
        .with_columns(pl.col("running").fill_null(0))
        .with_columns(together=pl.col("new") + pl.col("running"))
    )
    say = "{new} new and {running} running units on rent, the offer has {max_units}"
    return exceeds("6 max_units", rows, "together", "max_units", say)


def contracts_kept(facts: Facts) -> list[Violation]:
    """A contract has nothing on rent before on_rent_date and from off_rent_date on, and never grows."""
    gone = facts.kept.filter((pl.col("t") >= pl.col("t_off")) & (pl.col("kept") > 0))
    early = facts.kept.filter((pl.col("t") < pl.col("t_on")) & (pl.col("kept") > 0))
    grown = facts.kept.filter((pl.col("drop") < 0) & (pl.col("t") >= pl.col("t_on"))).with_columns(
        drop=-pl.col("drop")
    )
    named = "contract {contract}: "
    return (
        found("6 contract", gone, "kept", named + "{kept} units on rent, it ends {off_rent_date}")
        + found("6 contract", early, "kept", named + "{kept} units on rent, it starts {on_rent_date}")
        + found("6 contract", grown, "drop", named + "{kept} units on rent, {before} the week before")
    )


def contract_steps(facts: Facts) -> list[Violation]:
    """Units leave at off_rent_date, at renewal dates after the minimum term and notice, or terminated.

    Early termination: running contracts only, before min_end_date, from notice_weeks on, where the offer
    has a share for it.
    """
    t, t_min, notice = pl.col("t"), pl.col("t_min"), pl.col("notice_weeks")
    at_end = (t == pl.col("t_off")).fill_null(value=False)
    renewal = (t >= t_min) & (t >= notice) & ((t - t_min) % pl.col("renewal_weeks") == 0)
    rows = facts.kept.filter((pl.col("drop") > 0) & ~(at_end | renewal | _terminated()))
    say = (
        "contract {contract}: {drop} units go off rent; its minimum term ends {min_end_date}, it renews by "
        "{renewal_weeks} weeks, notice takes {notice_weeks}"
    )
    return found("6 contract", rows, "drop", say)


def _terminated() -> pl.Expr:
    t = pl.col("t")
    allowed = pl.col("running") & pl.col("early_termination_share").is_not_null()
    return allowed & (t >= pl.col("notice_weeks")) & (t < pl.col("t_min"))


def contract_rows(facts: Facts) -> list[Violation]:
    """What leaves a contract is told: terminate before its minimum term ends, return after.

    What was announced before (off_rent_date) may be told or not.
    """
    told = (
        facts["rentals"]
        .filter(pl.col("action").is_in(["return", "terminate"]))
        .with_columns(t=(pl.col("off_rent_date") - pl.lit(facts.policy.start_week)).dt.total_days() // 7)
        .group_by("t", pl.col("id").alias("contract"))
        .agg(told=pl.col("units").sum(), words=pl.col("action").unique().sort().str.join(" + "))
    )
    announced = (pl.col("t") == pl.col("t_off")).fill_null(value=False)
    word = pl.when(pl.col("t") < pl.col("t_min")).then(pl.lit("terminate")).otherwise(pl.lit("return"))
    rows = facts.kept.join(told, on=["contract", "t"], how="left").with_columns(
        pl.col("told").fill_null(0), pl.col("words").fill_null(""), announced=announced, word=word
    )
    off = rows.filter(
        (pl.col("told") > pl.col("drop")) | (~pl.col("announced") & (pl.col("drop") > pl.col("told")))
    )
    wrong = rows.filter((pl.col("told") > 0) & ~pl.col("announced") & (pl.col("words") != pl.col("word")))
    stray = told.join(facts.kept.select("contract", "t"), on=["contract", "t"], how="anti")
    say = "contract {contract}: {drop} units go off rent, rentals.csv tells {told}"
    return (
        found(RULE, off.with_columns(amount=(pl.col("drop") - pl.col("told")).abs()), "amount", say)
        + found(RULE, wrong, "told", "contract {contract}: called {words}, it is {word}")
        + found(RULE, stray, "told", "{words} of {contract}: no such contract and week in the horizon")
    )


def names(facts: Facts) -> list[Violation]:
    """Every row is of an offer or contract there is, of its robot model and vendor, and of no more units."""
    columns = ["id", "model", "seller", "most"]
    terms = facts.network["offers"].select(
        "offer", model="robot_model", seller=pl.col("vendor").fill_null("")
    )
    contracts = facts.contracts.join(terms, on="offer", how="left").with_columns(id="contract", most="units")
    offers = terms.with_columns(id="offer", most=pl.lit(None, dtype=pl.Int64))
    new, moved = pl.col("action") == "rent", pl.col("action") == "move"
    rows = facts["rentals"].with_columns(pl.col("vendor").fill_null(""))
    of_offers = rows.filter(new | (moved & ~pl.col("id").is_in(contracts["id"].to_list())))
    of_contracts = rows.join(of_offers, on=rows.columns, how="anti", nulls_equal=True)
    told = pl.concat(
        [
            of_offers.join(offers.select(columns), on="id", how="left"),
            of_contracts.join(contracts.select(columns), on="id", how="left"),
        ]
    )
    wrong = told.filter(
        pl.col("model").ne_missing(pl.col("robot_model")) | pl.col("seller").ne_missing(pl.col("vendor"))
    )
    say = "{action} of {robot_model} from {vendor}, its terms are of {model} from {seller}"
    return found("rentals", wrong, "units", say) + exceeds(
        "rentals", told, "units", "most", "{action} of {units} units, the contract has {most}"
    )


def moves(facts: Facts) -> list[Violation]:
    """Units move where the offer has a transfer fee, to another factory, for transfer_weeks.

    An offer for one factory only starts there; its fee, not its factory, says whether it may leave.
    """
    rows = facts.moves.with_columns(took=pl.col("t_back") - pl.col("t_leave"))
    tied = rows.filter(pl.col("transfer_fee").is_null())
    outside = rows.filter(
        pl.col("to_factory").is_null()
        | (pl.col("factory") == pl.col("to_factory"))
        | ~pl.col("t_leave").is_between(0, facts.horizon - 1)
    )
    say = "moved {off_rent_date} to {on_rent_date}, {took} weeks; the transfer takes {transfer_weeks}"
    return (
        found(
            "6 move",
            tied,
            "units",
            "{units} units moved to {to_factory}, the offer ties them to their factory",
        )
        + found(
            "6 move", outside, "units", "{units} units moved {off_rent_date} from {factory} to {to_factory}"
        )
        + differs("6 move", rows, "took", "transfer_weeks", say)
    )


def moved_units(facts: Facts) -> list[Violation]:
    """Only units that are there move: on rent the week before or started now, and not still in transfer.

    Without it units that nobody rents could travel in circles and leave places for others.
    """
    keys = ["source", "id", "factory"]
    left = facts.moves.group_by(*keys, t="t_leave").agg(
        moved=pl.col("units").sum(), week=pl.col("off_rent_date").first()
    )
    here = facts.stands.select(*keys, (pl.col("t") + 1).alias("t"), here="units")
    started = _starts(facts).group_by(*keys, "t").agg(started=pl.col("came").sum())
    still = facts.moves.join(facts.weeks.select("t"), how="cross").filter(
        (pl.col("t_leave") < pl.col("t")) & (pl.col("t") < pl.col("t_back"))
    )
    away = still.group_by("source", "id", "t", factory="to_factory").agg(away=pl.col("units").sum())
    rows = (
        left.join(here, on=[*keys, "t"], how="left")
        .join(started, on=[*keys, "t"], how="left")
        .join(away, on=[*keys, "t"], how="left")
        .with_columns(pl.col("here", "started", "away").fill_null(0))
        .with_columns(limit=pl.col("here") + pl.col("started") - pl.col("away"))
        .sort(*keys, "t")
    )
    return exceeds("6 move", rows, "moved", "limit", "{moved} units move, {limit} are there to be moved")


def steps(facts: Facts) -> list[Violation]:
    """At every factory units come only from starts and moves: nothing appears from nowhere."""
    keys = ["source", "id", "factory"]
    arrivals = pl.concat([_starts(facts), _movements(facts)]).group_by(*keys, "t").agg(pl.col("came").sum())
    rows = facts["fleet"].filter(pl.col("source") != "owned").join(facts.weeks, on="week", how="inner")
    units = rows.group_by(*keys, "t").agg(pl.col("units").sum())
    grid = (
        pl.concat([arrivals.select(keys), units.select(keys)])
        .unique()
        .join(facts.weeks, how="cross")
        .join(units, on=[*keys, "t"], how="left")
        .join(arrivals, on=[*keys, "t"], how="left")
        .with_columns(pl.col("units", "came").fill_null(0))
        .with_columns(before=pl.col("units").shift(1, fill_value=0).over(keys, order_by="t"))
        .with_columns(limit=pl.col("before") + pl.col("came"))
        .sort(*keys, "t")
    )
    say = "{units} units on rent at this factory, {before} the week before and {came} came or left"
    return exceeds(RULE, grid, "units", "limit", say)


def _starts(facts: Facts) -> pl.DataFrame:
    """source, id, factory, t, came: new lots, and contracts in the first week they are on rent."""
    lots = facts.lots.select(pl.lit("offer").alias("source"), "id", "factory", t="t_on", came="units")
    first = pl.max_horizontal("t_on", pl.lit(0, dtype=pl.Int64))
    contracts = facts.contracts.select(
        pl.lit("contract").alias("source"), "factory", id="contract", t=first, came="units"
    )
    return pl.concat([lots, contracts.select(lots.columns)])


def _movements(facts: Facts) -> pl.DataFrame:
    """source, id, factory, t, came: units moved in, and with a minus those moved out."""
    left = facts.moves.select("source", "id", "factory", t="t_leave", came=-pl.col("units"))
    return pl.concat(
        [left, facts.moves.select("source", "id", factory="to_factory", t="t_leave", came="units")]
    )


def decide_by(facts: Facts) -> list[Violation]:
    """Order-by is on-rent less the lead time, notice-by is off-rent less the notice.

    Renewals and moves have no date of their own in the documents; they are not held to one.
    """
    own = facts.contracts.select("contract", notice="notice_weeks")
    order = facts.lots.with_columns(
        right=pl.col("on_rent_date") - pl.duration(days=7 * pl.col("lead_time_weeks"))
    )
    notice = (
        facts["rentals"]
        .filter(pl.col("action").is_in(["return", "terminate"]))
        .join(own, left_on="id", right_on="contract", how="inner")
        .with_columns(right=pl.col("off_rent_date") - pl.duration(days=7 * pl.col("notice")))
    )
    columns = ["action", "id", "factory", "units", "decide_by", "right"]
    rows = pl.concat([order.select(columns), notice.select(columns)])
    wrong = rows.filter(pl.col("decide_by").ne_missing(pl.col("right"))).with_columns(
        amount=(pl.col("decide_by") - pl.col("right")).dt.total_days().abs().fill_null(0)
    )
    return found(
        "rentals", wrong, "amount", "decide on the {action} by {right}, rentals.csv says {decide_by}"
    )


def committed_cost(facts: Facts) -> list[Violation]:
    """committed_cost of a new lot = units · (rate · min_term + mobilisation + demobilisation).

    Where tiers change the rate from week to week, any of the offer's rates will do.
    """
    tiers = (
        facts.network["offer_tiers"]
        .group_by("offer")
        .agg(low=pl.col("weekly_rate").min(), high=pl.col("weekly_rate").max())
    )
    fees = pl.col("mobilisation_fee").fill_null(0.0) + pl.col("demobilisation_fee").fill_null(0.0)
    rows = facts.lots.join(tiers, on="offer", how="left").with_columns(
        least=pl.col("units") * (pl.min_horizontal("weekly_rate", "low") * pl.col("min_term_weeks") + fees),
        most=pl.col("units") * (pl.max_horizontal("weekly_rate", "high") * pl.col("min_term_weeks") + fees),
    )
    say = "rentals.csv commits {committed_cost:,.2f}, the minimum term and fees cost {%s:,.2f}"
    return exceeds("rentals", rows, "committed_cost", "most", say % "most") + exceeds(
        "rentals", rows, "least", "committed_cost", say % "least"
    )


def tail_cost(facts: Facts) -> list[Violation]:
    """tail_cost of a new lot = units · weekly_rate · (1 − tail_use) for its committed weeks past the end."""
    share = 1.0 - facts.policy.tail_use
    rows = facts.lots.with_columns(right=pl.col("units") * pl.col("weekly_rate") * share * pl.col("beyond"))
    say = "rentals.csv has a tail of {tail_cost:,.2f}, {beyond} weeks beyond the horizon cost {right:,.2f}"
    return differs("rentals", rows, "tail_cost", "right", say)
