"""plan-full.json: summary and tables of a plan in one document, for programs that take JSON."""

import io
import json

import polars as pl

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT


def plan_document(plan: Plan) -> bytes:
    """{"plan": the content of plan.json, "tables": {table: [its rows as objects]}}; dates as YYYY-MM-DD.

    Raises
    ------
    ValueError : a figure is no number; JSON has no word for that.
    """
    summary = json.dumps(dict(plan.summary), ensure_ascii=False, allow_nan=False)
    tables = ",\n".join(f'"{name}": {_rows(name, plan[name])}' for name in EXPORT)
    return f'{{"plan": {summary},\n"tables": {{\n{tables}\n}}}}\n'.encode()


def _rows(name: str, frame: pl.DataFrame) -> str:
    """The rows as a JSON array, a row a line."""
    for column in frame.select(pl.selectors.float()):
        if not column.is_finite().all():
            raise ValueError(f"column {column.name} of {name} holds something that is no number")
    if frame.is_empty():
        return "[]"
    lines = io.BytesIO()
    frame.write_ndjson(lines)
    return "[\n" + ",\n".join(lines.getvalue().decode().removesuffix("\n").split("\n")) + "\n]"
