"""Approving rentals: what a plan asks to rent becomes contracts, ordered, by an import that can be undone."""

from collections.abc import Collection
from datetime import date

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.rolling import given_notice, parts_of
from planning.store import ChangedMeanwhileError, ImportReceipt, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.uploads import Uploads

FILE = "contracts.csv"

#: A contract, how many of its robots, and their first day off rent.
Notice = tuple[str, int, date]
_DECIMALS = 6


def orderable(plan: Plan, network: Network) -> pl.DataFrame:
    """The contracts a plan's new rentals would become, by the day to decide.

    A contract rolls on after its minimum term: no notice is given by renting. Its rate is the one the plan
    rents at, tiers included.

    Parameters
    ----------
    network : for the terms of the offers, and for the contracts there are.

    Returns
    -------
    The columns of contracts.csv, and decide_by, committed_cost, robot_model, vendor and done (there is a
    contract of this id already).
    """
    terms = network["offers"].select("offer", "min_term_weeks", "mobilisation_fee", "demobilisation_fee")
    fees = pl.col("mobilisation_fee") + pl.col("demobilisation_fee")
    name = pl.format("v{}-{}-{}-{}", pl.lit(plan.summary["version"]), "id", "factory", "on_rent_date")
    nth = pl.int_range(1, pl.len() + 1).over("contract")
    rows = (
        plan["rentals"]
        .filter(pl.col("action") == "rent")
        .join(terms, left_on="id", right_on="offer", maintain_order="left")
        .with_columns(contract=name)
        .with_columns(
            contract=pl.when(nth == 1).then("contract").otherwise(pl.format("{}-{}", "contract", nth)),
            offer="id",
            weekly_rate=(
                (pl.col("committed_cost") / pl.col("units") - fees) / pl.col("min_term_weeks")
            ).round(_DECIMALS),
            min_end_date=pl.col("on_rent_date") + pl.col("min_term_weeks") * WEEK,
            off_rent_date=pl.lit(None, pl.Date),
            status=pl.lit("ordered"),
        )
    )
    return rows.select(
        *INPUT["contracts"].columns,
        "decide_by",
        "committed_cost",
        "robot_model",
        "vendor",
        done=pl.col("contract").is_in(network["contracts"]["contract"].implode()),
    ).sort("decide_by", "contract")


def approve_rentals(  # noqa: PLR0917 - where, what the plan is and rests on, and what of it
    workspace: Workspace,
    uploads: Uploads,
    plan: Plan,
    network: Network,
    contracts: Collection[str],
    notices: Collection[Notice] = (),
) -> ImportReceipt:
    """Order rentals of an approved plan, and give notice where it returns: both in contracts.csv.

    Parameters
    ----------
    network : the one that holds.
    contracts : ids of `orderable`.
    notices : contract, robots, first day off rent.

    Raises
    ------
    NothingToPlanError
        None of them is left to order.
    ChangedMeanwhileError
        The data are no longer those the plan was made from, other than by rentals of its own.
    OutOfTurnError
        The plan is not approved.
    InputError
        A contract would not load; then none does.
    """
    version, made_from = int(plan.summary["version"]), plan.summary["input_hash"]
    if not workspace.says_itself(version, made_from, network.input_hash):
        raise ChangedMeanwhileError(
            f"The data changed since plan v{version} was made, so nothing was ordered: re-plan, and approve "
            "the rentals of the new plan." + workspace.meanwhile(of=made_from)
        )
    chosen = orderable(plan, network).filter(pl.col("contract").is_in(list(contracts)), ~pl.col("done"))
    noticed = [_noticed(network, *notice) for notice in notices]
    if chosen.is_empty() and not noticed:
        raise NothingToPlanError("These rentals are ordered already, or none was chosen.")
    rows = pl.concat([chosen.select(INPUT["contracts"].columns), *noticed])
    table = rows.write_csv().encode()
    preview = uploads.preview([Incoming(FILE, table, "contracts")])
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults or preview.folder is None or preview.network is None:
        raise InputError(faults)
    return workspace.order_rentals(version, preview.folder, preview.network, preview.record, preview.on)


def _noticed(network: Network, contract: str, units: int, off_rent_date: date) -> pl.DataFrame:
    """Rows of contracts.csv once notice is given for robots of a contract that runs on."""
    held = network["contracts"].filter(
        (pl.col("contract") == contract)
        & (pl.col("units") >= units)
        & (pl.col("off_rent_date").is_null() | (pl.col("off_rent_date") > off_rent_date))
        & (pl.col("status") != "ended")
    )
    parts = parts_of(network["contracts"], contract).filter(pl.col("off_rent_date") == off_rent_date)
    if held.is_empty() or parts["units"].sum() >= units:
        raise NothingToPlanError(
            f"Notice for {contract} was given already, or so many robots of it are not on rent any more."
        )
    return given_notice(network["contracts"], contract, units, off_rent_date)
