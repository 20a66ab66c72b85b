"""Approving rentals: what a plan asks to rent becomes contracts, ordered, by an import that can be undone."""

from collections.abc import Collection

import polars as pl

from planning.domain.calendar import WEEK
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.store import ChangedMeanwhileError, ImportReceipt, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.uploads import Uploads

FILE = "contracts.csv"
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


def approve_rentals(
    workspace: Workspace, uploads: Uploads, plan: Plan, network: Network, contracts: Collection[str]
) -> ImportReceipt:
    """Order rentals of an approved plan: their contracts are written into contracts.csv.

    Parameters
    ----------
    network : the one that holds.
    contracts : ids of `orderable`.

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
            "the rentals of the new plan."
        )
    chosen = orderable(plan, network).filter(pl.col("contract").is_in(list(contracts)), ~pl.col("done"))
    if chosen.is_empty():
        raise NothingToPlanError("These rentals are ordered already, or none was chosen.")
    table = chosen.select(INPUT["contracts"].columns).write_csv().encode()
    preview = uploads.preview([Incoming(FILE, table, "contracts")])
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults or preview.folder is None or preview.network is None:
        raise InputError(faults)
    return workspace.order_rentals(version, preview.folder, preview.network, preview.record, preview.on)
