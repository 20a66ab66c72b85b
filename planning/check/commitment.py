"""Rule 8: long rent only where the first solve, on demand as good as sold, started it too."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from planning.check import netted
from planning.check.facts import Facts
from planning.check.violation import Violation, exceeds, found

RULE = "8 commitment"
WHO = ["offer", "factory"]


def check_commitment(facts: Facts) -> list[Violation]:
    """Every rule about long rent that the frames and plan.json can tell."""
    return [
        violation for check in (within_caps, caps_are_terms, caps_have_demand) for violation in check(facts)
    ]


def caps(facts: Facts) -> pl.DataFrame:
    """plan.json commitment.caps as offer, factory, t, cap (units started)."""
    commitment = facts.summary.get("commitment") or {}
    rows = [_cap(row) for row in commitment.get("caps") or ()]
    schema = {"offer": pl.String, "factory": pl.String, "week": pl.Date, "cap": pl.Int64}
    bucket = (pl.col("week") - pl.lit(facts.policy.start_week)).dt.total_days() // 7
    return pl.DataFrame(rows, schema=schema).with_columns(t=bucket)


def _cap(row: Mapping[str, Any]) -> dict[str, Any]:
    week = date.fromisoformat(str(row["week"]))
    return {"offer": row["offer"], "factory": row["factory"], "week": week, "cap": round(row["units"])}


def long_starts(facts: Facts) -> pl.DataFrame:
    """Starts, and renewals that count as one, of offers that are long in that respect.

    Renewals of contracts count where notice could still prevent them. A moved lot renews where it stands;
    the documents leave its factory open, so offers that can move are taken over all factories.

    Returns
    -------
    offer, factory (empty where the offer can move), t, started (units).
    """
    flexible = facts.policy.flex_term_weeks
    starts = facts.lots.filter(pl.col("min_term_weeks") > flexible).select(
        *WHO, "transfer_fee", t="t_on", started="units"
    )
    since = pl.col("t") - pl.col("t_on") - pl.col("min_term_weeks")
    lots = facts.lots.join(facts.weeks, how="cross").filter(
        (pl.col("renewal_weeks") > flexible)
        & (since >= 0)
        & (since % pl.col("renewal_weeks") == 0)
        & (pl.col("t_off").is_null() | (pl.col("t") < pl.col("t_off")))
    )
    age = pl.col("t") - pl.col("t_min")
    contracts = facts.kept.filter(
        (pl.col("renewal_weeks") > flexible)
        & (age >= 0)
        & (age % pl.col("renewal_weeks") == 0)
        & (pl.col("t") >= pl.col("notice_weeks"))
        & (pl.col("kept") > 0)
    )
    columns = [*WHO, "transfer_fee", "t"]
    parts = [starts, lots.select(*columns, started="units"), contracts.select(*columns, started="kept")]
    place = pl.when(pl.col("transfer_fee").is_null()).then("factory").otherwise(pl.lit(""))
    return pl.concat(parts).with_columns(factory=place).group_by(*WHO, "t").agg(pl.col("started").sum())


def within_caps(facts: Facts) -> list[Violation]:
    """Cumulative long starts per offer and factory never above the first solve's in any week."""
    free = facts.network["offers"].filter(pl.col("transfer_fee").is_not_null())["offer"].to_list()
    place = pl.when(pl.col("offer").is_in(free)).then(pl.lit("")).otherwise("factory")
    allowed = caps(facts).with_columns(factory=place).group_by(*WHO, "t").agg(pl.col("cap").sum())
    started = long_starts(facts)
    rows = (
        started.select(WHO)
        .unique()
        .join(facts.weeks, how="cross")
        .join(started, on=[*WHO, "t"], how="left")
        .join(allowed, on=[*WHO, "t"], how="left")
        .with_columns(pl.col("started", "cap").fill_null(0))
        .with_columns(pl.col("started", "cap").cum_sum().over(WHO, order_by="t"))
        .sort(*WHO, "t")
    )
    say = "{started} long units started by then, demand as good as sold starts {cap}"
    return exceeds(RULE, rows, "started", "cap", say)


def caps_are_terms(facts: Facts) -> list[Violation]:
    """The first solve keeps the terms as well: caps are of long offers, from their lead time on."""
    flexible = facts.policy.flex_term_weeks
    terms = facts.network["offers"].select("offer", "min_term_weeks", "renewal_weeks", "lead_time_weeks")
    rows = caps(facts).filter(pl.col("cap") > 0).join(terms, on="offer", how="left")
    long_term, long_renewal = pl.col("min_term_weeks") > flexible, pl.col("renewal_weeks") > flexible
    flex = rows.filter(~(long_term | long_renewal).fill_null(value=False))
    early = rows.filter(
        ~long_renewal
        & long_term
        & ((pl.col("t") < pl.col("lead_time_weeks")) | (pl.col("t") >= facts.horizon))
    )
    return found(RULE, flex, "cap", "{cap} units capped of {offer}, which is not a long offer") + found(
        RULE,
        early,
        "cap",
        "{cap} units started in the first solve {t} weeks from the start, outside its terms",
    )


def caps_have_demand(facts: Facts) -> list[Violation]:
    """The first solve starts long rent only for robots that something sold, or as good as sold, needs.

    Without a forecast.csv what qualifies is not in the frames, and this is not asked. What the first solve
    decides beyond that is the optimiser's alone.
    """
    network = facts.network
    if network["forecast"].is_empty():
        return []
    qualifying = netted.qualifying_demand(network).filter(pl.col("expected") > 0.001).select("product")
    sold = facts.open_lines.select("product")
    started = network["firm_work"].join(facts.in_force, on="routing", how="inner").select("product")
    parts = [qualifying, sold, started]
    frozen = network.published.get("production")
    if frozen is not None:
        parts.append(frozen.select("product"))
    needed = (
        facts.in_force.join(pl.concat(parts).unique(), on="product", how="semi")
        .select("robot_model")
        .unique()
    )
    models = network["offers"].select("offer", "robot_model")
    idle = (
        caps(facts)
        .filter(pl.col("cap") > 0)
        .join(models, on="offer", how="inner")
        .join(needed, on="robot_model", how="anti")
    )
    say = "{cap} units of {offer} started in the first solve, nothing sold needs this robot model"
    return found(RULE, idle, "cap", say)
