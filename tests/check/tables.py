"""Tables written as CSV text in a test, typed and defaulted as an import would; and ways to spoil them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import StringIO
from typing import Any

import polars as pl

from planning.domain.field import Table
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.schema import EXPORT, INPUT

Spoil = Callable[[Network, Plan], tuple[Network, Plan]]


def table(schema: Table, text: str) -> pl.DataFrame:
    """CSV text as a frame of the schema: what the text leaves out is the default, else null."""
    raw = pl.read_csv(StringIO("\n".join(line.strip() for line in text.split())), infer_schema=False)
    columns = []
    for field in schema.fields:
        kind = schema.polars_schema[field.name]
        cells = pl.col(field.name) if field.name in raw.columns else pl.lit(None, dtype=pl.String)
        if kind == pl.Boolean:
            cells = cells.replace_strict({"true": True, "false": False}, default=None)
        elif kind == pl.Date:
            cells = cells.str.to_date()
        else:
            cells = cells.cast(kind)
        columns.append(cells.fill_null(pl.lit(field.default, dtype=kind)).alias(field.name))
    assert set(raw.columns) <= set(schema.columns), raw.columns
    return raw.select(columns)


def inputs(texts: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Every input table; those without a text are empty."""
    return {name: table(INPUT[name], texts[name]) if name in texts else INPUT[name].empty() for name in INPUT}


def exports(texts: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Every export table; those without a text are empty."""
    return {
        name: table(EXPORT[name], texts[name]) if name in texts else EXPORT[name].empty() for name in EXPORT
    }


def edited(frame: pl.DataFrame, where: Mapping[str, Any], values: Mapping[str, Any]) -> pl.DataFrame:
    """`frame` with `values` in the rows in which every cell of `where` is found; there must be one."""
    hit = pl.all_horizontal(pl.lit(value=True), *(_is(name, value) for name, value in where.items()))
    assert frame.filter(hit).height, f"no row {where}"
    return frame.with_columns(
        pl.when(hit).then(pl.lit(_cell(value)).cast(frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    )


def _is(name: str, value: Any) -> pl.Expr:
    return pl.col(name).cast(pl.String) == str(value)


def _cell(value: Any) -> Any:
    return pl.Series([value]).str.to_date().item() if _is_date(value) else value


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == "-" and value[7] == "-"


def with_table(plan: Plan, name: str, frame: pl.DataFrame) -> Plan:
    return replace(plan, tables=dict(plan.tables) | {name: frame})


def wrong(name: str, where: Mapping[str, Any], **values: Any) -> Spoil:
    """An export table with other values in some rows."""
    return lambda network, plan: (network, with_table(plan, name, edited(plan[name], where, values)))


def missing(name: str, **where: Any) -> Spoil:
    """An export table without some rows."""

    def spoil(network: Network, plan: Plan) -> tuple[Network, Plan]:
        hit = pl.all_horizontal(pl.lit(value=True), *(_is(column, value) for column, value in where.items()))
        assert plan[name].filter(hit).height, f"no row {where}"
        return network, with_table(plan, name, plan[name].filter(~hit))

    return spoil


def extra(name: str, text: str) -> Spoil:
    """An export table with more rows, written as CSV."""
    return lambda network, plan: (
        network,
        with_table(plan, name, pl.concat([plan[name], table(EXPORT[name], text)])),
    )


def told(path: str, value: Any) -> Spoil:
    """plan.json with another value at `path` (names joined by dots)."""
    return lambda network, plan: (network, replace(plan, summary=_told(plan.summary, path.split("."), value)))


def _told(summary: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    head, *rest = path
    return dict(summary) | {head: _told(summary[head], rest, value) if rest else value}


def given(name: str, where: Mapping[str, Any], **values: Any) -> Spoil:
    """A network in which some rows say something else; the plan was made for what they said before."""
    return lambda network, plan: (
        network.with_tables(**{name: edited(network[name], where, values)}),
        plan,
    )


def also(name: str, text: str) -> Spoil:
    """A network with more rows in a table, written as CSV."""
    return lambda network, plan: (
        network.with_tables(**{name: pl.concat([network[name], table(INPUT[name], text)])}),
        plan,
    )


def policy(**values: Any) -> Spoil:
    """A network with other settings, and a plan that reports them."""

    def spoil(network: Network, plan: Plan) -> tuple[Network, Plan]:
        other = replace(network.policy, **values)
        summary = dict(plan.summary) | {"policy": other.as_settings()}
        return replace(network, policy=other), replace(plan, summary=summary)

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """One change after the other."""

    def spoil(network: Network, plan: Plan) -> tuple[Network, Plan]:
        for change in spoils:
            network, plan = change(network, plan)
        return network, plan

    return spoil
