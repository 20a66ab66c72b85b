"""From the changes of a scenario to rows of the input files they stand in: what a file would say instead."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import polars as pl

from planning.domain.field import Value
from planning.domain.network import Network
from planning.domain.scenario import Change, DealConfirmed, DemandScaled, RowChange
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError

Row = dict[str, Value]

_SCENARIO = "scenario"
#: Decimals an override is written with.
_DECIMALS = 6


def changed_rows(changes: Iterable[Change], network: Network) -> dict[str, pl.DataFrame]:
    """Table → the rows that are other ones, or new, whole and as text; `DemandScaled` says none here.

    A later change finds what an earlier one said.

    Parameters
    ----------
    network : as it was imported, before anything is assumed: what nobody said is not written.

    Raises
    ------
    InputError
        A change is about something the network does not have.
    """
    written: dict[str, dict[tuple[Value, ...], Row]] = {}
    faults: list[Fault] = []
    for change in changes:
        if isinstance(change, DemandScaled):
            continue
        try:
            for row_change in _as_rows(change, network, written):
                key, row = _row(row_change, network, written)
                written.setdefault(row_change.table, {})[key] = row
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return {table: _as_text(table, list(rows.values())) for table, rows in written.items()}


def scaled_demand(
    changes: Iterable[Change], network: Network, forecast: pl.DataFrame, author: str
) -> pl.DataFrame:
    """Rows of overrides.csv, as text: the forecast that holds, scaled as the changes say, one on the other.

    Parameters
    ----------
    network : for the families of products and for the horizon.
    forecast : product, market, week, quantity: the forecast that holds, overrides on top.
    author : who says so.

    Raises
    ------
    InputError
        There is no forecast where a change is about.
    """
    scaled = forecast.select("product", "market", "week", "quantity").with_columns(factor=pl.lit(1.0))
    families = network["products"].select("product", "family")
    scaled = scaled.join(families, on="product", how="left", maintain_order="left")
    faults = []
    for change in changes:
        if not isinstance(change, DemandScaled):
            continue
        about = _about(change, network)
        if scaled.filter(about)["quantity"].sum() <= 0:
            reason = "there is no forecast to change for what it names"
            faults.append(Fault(_SCENARIO, reason, "Forecast first, or choose other products and weeks."))
        factor = pl.when(about).then(pl.col("factor") * (1 + change.share)).otherwise("factor")
        scaled = scaled.with_columns(factor=factor)
    if faults:
        raise InputError(faults)
    rows = scaled.filter((pl.col("factor") != 1) & (pl.col("quantity") > 0)).select(
        "product",
        "market",
        "week",
        quantity=(pl.col("quantity") * pl.col("factor")).round(_DECIMALS),
        reason=pl.format("scenario: demand {} %", ((pl.col("factor") - 1) * 100).round(1)),
        author=pl.lit(author),
        expires=pl.lit(None, pl.Date),
    )
    return _as_text("overrides", rows.rows(named=True))


def _about(change: DemandScaled, network: Network) -> pl.Expr:
    named = {"product": change.product, "family": change.family, "market": change.market}
    parts = [pl.col(column).eq_missing(pl.lit(id)) for column, id in named.items() if id]
    first = change.first_week or network.policy.start_week
    last = change.last_week or network.policy.end_week
    return pl.all_horizontal(*parts, pl.col("week").is_between(first, last))


def _as_rows(
    change: RowChange | DealConfirmed,
    network: Network,
    written: Mapping[str, Mapping[tuple[Value, ...], Row]],
) -> Iterator[RowChange]:
    if isinstance(change, RowChange):
        yield change
        return
    key = {"opportunity_id": change.opportunity_id}
    deal = _known("opportunities", key, network, written)
    if deal is None:
        raise InputError([_unknown("opportunities", key)])
    order_id = change.order_id or change.opportunity_id
    yield RowChange("opportunities", key, {"status": "won", "order_id": order_id})
    yield RowChange(
        "orders",
        {"order_id": order_id, "line": 1},
        {
            "order_date": network.policy.as_of,
            "due_date": change.due_date or deal["expected_date"],
            "product": deal["product"],
            "market": deal["market"],
            "quantity": deal["quantity"] if change.quantity is None else change.quantity,
            "status": "confirmed",
        },
    )


def _row(
    change: RowChange, network: Network, written: Mapping[str, Mapping[tuple[Value, ...], Row]]
) -> tuple[tuple[Value, ...], Row]:
    """Key and cells of the row as it would be."""
    table = INPUT[change.table]
    known = _known(change.table, change.key, network, written)
    row = dict.fromkeys(table.columns) | (known or {}) | dict(change.key) | dict(change.values)
    if any(row[field.name] is None for field in table.fields if field.required):
        raise InputError([_unknown(change.table, change.key)])
    return tuple(row[name] for name in table.key), row


def _known(
    name: str,
    key: Mapping[str, Value],
    network: Network,
    written: Mapping[str, Mapping[tuple[Value, ...], Row]],
) -> Row | None:
    """The row of this key, as an earlier change or else the network has it."""
    said = written.get(name, {}).get(tuple(key[column] for column in INPUT[name].key))
    if said is not None:
        return said
    rows = network[name].filter(pl.col(column).eq_missing(pl.lit(id)) for column, id in key.items())
    return None if rows.is_empty() else rows.row(0, named=True)


def _unknown(table: str, key: Mapping[str, Value]) -> Fault:
    about = ", ".join(f"{column} {value}" for column, value in key.items() if value is not None)
    reason = f"{table}.csv has no row of {about}, and the change does not say all that a new one needs"
    return Fault(_SCENARIO, reason, "Take the change out, or say the rest.")


def _as_text(table: str, rows: list[Row]) -> pl.DataFrame:
    columns = INPUT[table].columns
    return pl.DataFrame(
        {column: [_text(row[column]) for row in rows] for column in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def _text(value: Value) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}" if "e" not in f"{value:.12g}" else f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)
