"""Deals of a CRM: what is open, won and lost, how sure it is, and what it is a deal about."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from planning.signals.sources.amounts import chance, number, written, yes
from planning.signals.sources.days import Days
from planning.signals.sources.meaning import (
    FATE,
    Meaning,
    Ruling,
    contract_rows,
    fates,
    judged,
    loaded,
    repeated,
    required,
    uncounted,
    unread,
)
from planning.signals.sources.places import with_our_names
from planning.signals.sources.settings import SourceSettings

#: Between the deal and its line item in an opportunity_id.
ITEM = "/"


@dataclass(frozen=True)
class Crm:
    """What differs from CRM to CRM.

    Parameters
    ----------
    title : what a planner calls its export.
    source : what stands in opportunities.source.
    percent : probabilities are written from 0 to 100.
    stages : stage in lower case → ours and its usual probability.
    won, lost : stages in lower case that close a deal.
    """

    title: str
    source: str
    percent: bool
    stages: Mapping[str, tuple[str, float]]
    won: tuple[str, ...] = ("closedwon", "closed won")
    lost: tuple[str, ...] = ("closedlost", "closed lost")


def deals_meaning(crm: Crm, rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What deals mean: a row is a line item of a deal, an opportunity each.

    A deal that is lost counts 0 whatever its probability; one that was merged counts in the deal it went
    into; a deleted one counts no more.
    """
    days = Days.of(rows, ["close", "created", "modified", "service"], settings)
    typed = with_our_names(_typed(crm, rows, days, settings), settings)
    typed = typed.with_columns(into=_merged_into(typed), opportunity=_opportunity(typed))
    told = judged(typed, _rulings(crm, days), pl.format("{} deals", "status"))
    kept = loaded(told)
    table = contract_rows(
        "opportunities",
        kept,
        opportunity_id="opportunity",
        source=pl.lit(crm.source),
        observed_date=pl.coalesce("seen", "changed"),
        stage="rung",
        probability=written(pl.col("sure")),
        product="product",
        market="market",
        quantity=written(pl.col("units")),
        expected_date="expected",
        status="status",
        order_id="order_id",
    )
    return Meaning(
        crm.title,
        fates(told),
        {"opportunities": table},
        {"opportunities": _whole_deals(told)},
        _notes(kept, settings),
    )


def _typed(crm: Crm, rows: pl.DataFrame, days: Days, settings: SourceSettings) -> pl.DataFrame:
    named = pl.col("stage").str.to_lowercase()
    won = yes("won") | named.is_in(crm.won).fill_null(False)
    lost = yes("lost") | (yes("closed") & ~won) | named.is_in(crm.lost).fill_null(False)
    own = {stage.casefold(): name for stage, name in settings.stages.items()}
    usual = {stage: name for stage, (name, _) in crm.stages.items()}
    rung = named.replace_strict(usual | own, default=None, return_dtype=pl.String)
    dated = rows.with_columns(
        units=number("quantity"),
        closes=days.read("close"),
        seen=days.read("created"),
        changed=days.read("modified"),
        delivers=days.read("service"),
        status=pl.when(lost).then(pl.lit("lost")).when(won).then(pl.lit("won")).otherwise(pl.lit("open")),
        rung=pl.coalesce(rung, "stage"),
    )
    # A closed deal without a close date closed when it was changed last.
    closed = pl.when(pl.col("status") != "open").then(pl.coalesce("changed", "seen"))
    after = pl.coalesce("closes", closed) + pl.duration(days=settings.due_days)
    return dated.with_columns(sure=_sure(crm, settings), expected=pl.coalesce("delivers", after))


def _sure(crm: Crm, settings: SourceSettings) -> pl.Expr:
    """The deal's own probability, else its stage's in its pipeline, else the stage's; lost is 0."""
    said = {key.casefold(): value for key, value in settings.chances.items()}
    stage = pl.col("stage").str.to_lowercase()
    place = pl.concat_str(pl.col("pipeline").str.to_lowercase(), pl.lit("/"), stage)
    usual = {name: probability for name, (_, probability) in crm.stages.items()}
    told = pl.coalesce(
        chance("probability", percent=crm.percent),
        place.replace_strict(said, default=None, return_dtype=pl.Float64),
        stage.replace_strict(usual | said, default=None, return_dtype=pl.Float64),
    )
    return (
        pl.when(pl.col("status") == "lost")
        .then(0.0)
        .when(pl.col("status") == "won")
        .then(1.0)
        .otherwise(told)
    )


def _opportunity(rows: pl.DataFrame) -> pl.Expr:
    """Deal and line item; without an id of its own an item is known by its product."""
    if rows["item"].is_null().all() and rows["product"].is_null().all():
        return pl.col("deal")
    return pl.concat_str("deal", pl.lit(ITEM), pl.coalesce("item", "product")).alias("opportunity")


def _merged_into(rows: pl.DataFrame) -> pl.Expr:
    """The deal a row's deal was merged into, where another of the file says so."""
    listed = rows.filter(pl.col("merged").is_not_null()).select("deal", "merged").unique()
    into = {
        old.strip(): deal
        for deal, merged in listed.sort("deal", "merged").iter_rows()
        for old in merged.replace(",", ";").split(";")
        if old.strip() and old.strip() != deal
    }
    return pl.col("deal").replace_strict(into, default=None, return_dtype=pl.String)


def _rulings(crm: Crm, days: Days) -> list[Ruling]:
    written_as = "0 to 100" if crm.percent else "0 to 1"
    return [
        repeated(),
        required("deal", "has no deal id", "Export the deals with their ids."),
        Ruling("collapsed", pl.col("into").is_not_null(), pl.format("merged into deal {}", "into")),
        Ruling(
            "kept aside",
            yes("deleted"),
            "was deleted in the CRM",
            "Nothing to do: it counts no more.",
            "deal",
        ),
        required("stage", "has no stage", "Give its stage in the CRM."),
        Ruling(
            "kept aside",
            pl.col("product").is_null() & pl.col("quantity").is_null(),
            "says neither product nor quantity, only money",
            "Export the deals with their line items.",
            "product",
        ),
        required("product", "has no product code", "Give the line item's product its code in the CRM."),
        uncounted("quantity", "units"),
        Ruling(
            "kept aside",
            pl.col("probability").is_not_null()
            & chance("probability", percent=crm.percent).is_null()
            & (pl.col("status") == "open"),
            f"probability is not a number from {written_as}",
            "Correct it, or leave it empty: then the stage's counts.",
            "probability",
        ),
        *unread(days, closes="close", seen="created", changed="modified", delivers="service"),
        Ruling(
            "kept aside",
            pl.col("expected").is_null(),
            "has no close date: nobody knows when it would be delivered",
            "Give it a close date in the CRM.",
            "close",
        ),
        required("market", "says no market", "Name a market for this source, or export its country."),
    ]


def _whole_deals(told: pl.DataFrame) -> pl.DataFrame:
    """Deals of which the file says all there is; of deleted and merged ones nothing is left."""
    gone = yes("deleted") | pl.col("into").is_not_null()
    aside = told.filter((pl.col(FATE) == "kept aside") & ~gone)["deal"].unique()
    mine = told.filter(pl.col("deal").is_not_null() & ~pl.col("deal").is_in(aside.implode()))
    return mine.select("deal").unique().sort("deal")


def _notes(kept: pl.DataFrame, settings: SourceSettings) -> tuple[str, ...]:
    undated = kept.filter(pl.col("delivers").is_null()).height
    if not undated:
        return ()
    when = f"{settings.due_days} days after" if settings.due_days else "on"
    return (f"Deals without a delivery day, expected {when} the day they close: {undated:,}.",)
