"""The data contract for people: CSV templates and docs/data.md, both written from the schema."""

from collections.abc import Iterator

from planning.domain.field import Field, Kind, Table
from planning.domain.schema import EXPORT, INPUT, REQUIRED_FILES, REQUIRED_FLEET, SETTINGS

_KINDS: dict[Kind, str] = {
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "flag": "true/false",
    "date": "date",
    "week": "week",
    "time": "HH:MM",
}

#: Two rows in each of the files that are needed: together a network that loads and can be planned.
_EXAMPLES: dict[str, tuple[dict[str, str], ...]] = {
    "orders": (
        {
            "order_id": "SO-1001",
            "line": "1",
            "order_date": "2026-11-16",
            "due_date": "2026-12-18",
            "product": "0012",
            "market": "DE",
            "quantity": "40",
            "status": "confirmed",
            "priority": "2",
            "unit_price": "85.5",
        },
        {
            "order_id": "SO-1002",
            "line": "1",
            "order_date": "2026-11-20",
            "due_date": "2027-01-15",
            "product": "0013",
            "market": "FR",
            "quantity": "25",
            "status": "confirmed",
            "priority": "1",
            "unit_price": "120",
        },
    ),
    "routings": (
        {"product": "0012", "robot_model": "PRINTER", "hours_per_unit": "1.5", "unit_cost": "21"},
        {"product": "0013", "robot_model": "MILL", "hours_per_unit": "2.25", "unit_cost": "34.5"},
    ),
    "factories": (
        {"factory": "LEIPZIG", "attended_hours_per_week": "80", "unattended_hours_per_week": "40"},
        {"factory": "LYON", "attended_hours_per_week": "40"},
    ),
    "offers": (
        {
            "offer": "PRINTER-FLEX",
            "vendor": "Rentabot",
            "robot_model": "PRINTER",
            "weekly_rate": "640",
            "min_term_weeks": "4",
            "notice_weeks": "2",
            "lead_time_weeks": "2",
        },
        {
            "offer": "MILL-YEAR",
            "vendor": "Rentabot",
            "robot_model": "MILL",
            "weekly_rate": "520",
            "min_term_weeks": "52",
            "notice_weeks": "13",
            "lead_time_weeks": "8",
        },
    ),
    "owned": (
        {"factory": "LEIPZIG", "robot_model": "PRINTER", "units": "1", "weekly_cost": "120"},
        {"factory": "LYON", "robot_model": "MILL", "units": "1", "weekly_cost": "150"},
    ),
}

#: The content of plan.json, key by key (2-data).
PLAN_JSON: tuple[tuple[str, str], ...] = (
    ("plan_id, version, created_at", "which plan it is"),
    ("start_week, horizon_weeks", "the weeks it covers"),
    ("status", "optimal (gap ≤ 1e-4), gap (≤ settings.gap), time_limit or cancelled"),
    (
        "relaxed",
        "priced slack it had to use: [{rule, factory, week, routing, amount, unit_price}], empty when none; "
        "routing says whose pinned or frozen quantity falls short",
    ),
    ("objective, bound, gap", "what it costs, what no plan can beat, and the relative distance"),
    ("gap_controllable", "the distance against the part of the cost a planner can still change"),
    ("solver, seconds", "how it was solved"),
    ("input_hash", "sha256 over the lines `name sha256(file)` of the *.csv of the network folder"),
    ("ledger", "{count, head}"),
    ("policy", "the settings used, as_of and start_week included"),
    (
        "commitment",
        "first solve of the commitment rule: {objective, bound, gap, caps[{offer, factory, week, units}]}",
    ),
    (
        "around",
        "of a plan made around another after a small change: {version it keeps, products, robots: what was "
        "decided again, gap of that part}; null for all others",
    ),
    ("kpis", "on_time_share, fill_rate, late_unit_weeks, refused_units, peak_robots_on_rent, …"),
    ("costs", "every term of the objective by name; they add up to it"),
    ("checker", "{violations} of the independent check"),
    ("assumed", "what was derived because it was not given, in words"),
    ("rent_or_wait", "lumpy deals left out of the plan: [{opportunity_id, product, market, quantity, …}]"),
    ("stale", "open deals whose date has passed, likewise"),
)

_INTRO = """\
# Data

<!-- Written by `python -m data.make_templates` from planning/domain/schema.py: change it there. -->

A **network folder** goes in, an **export folder** comes out. Both are plain CSV: UTF-8, commas, decimal dots,
dates as `YYYY-MM-DD`, a header with the names below in any order; an empty cell means the default. Columns
and files that are not named here are passed over. Ids are text, always: `0012` stays `0012`, `12E5` stays
`12E5`. Money is in `settings.currency`, hours in hours, energy in kWh, CO2e in kg. A *week* is named by its
Monday; any day of the week will do.

Needed are {needed},
and {fleet}. Everything else is derived where it is missing, and listed as *assumed*.
`data/templates` has a file to start from for each table; those of the five needed files hold two rows that
can be planned as they are. A file with a header and no rows counts as absent.

## What happens to a row that is wrong

{fates}

A refused folder changes nothing, and everything that refuses it is told at once. Of every file that loads,
rows in = rows loaded + rows kept aside. Rows kept aside come back in `rejected_rows.csv`, one row each, with
file, line, column, value, all the reasons, and the row as it was.
"""

_ASIDE, _REFUSED = "the row is kept aside", "the folder is refused"
_FATES: tuple[tuple[str, str], ...] = (
    ("a needed file or column is missing", _REFUSED),
    ("a file is no UTF-8 text, or its columns are not separated by commas", _REFUSED),
    ("a row has more or fewer cells than the header", _ASIDE),
    ("a cell is empty where one is required, of the wrong kind, or out of range", _ASIDE),
    ("a date is more than five years from `as_of`", _ASIDE),
    ("rows with the same key differ", "all of them are kept aside"),
    ("rows with the same key are the same", "the first loads, the others are kept aside"),
    ("an unknown id in {aside}", _ASIDE),
    ("an unknown id in any other file", _REFUSED),
    ("an open opportunity has no probability and a stage nobody knows", _ASIDE),
    ("a setting is unknown, of the wrong kind, out of range, or said twice", _REFUSED),
    ("lost_cost is below the price", _REFUSED),
    ("rows of one routing name several products", _REFUSED),
    (
        "rows of one routing, factory and revision differ in effective_week, typical_lot, min_lot, "
        "batch_size or yield",
        _REFUSED,
    ),
)

_EXPORT_FOLDER = """## The export folder

Written whole or not at all. `--csv semicolon` (and Export in the app) writes the tables for spreadsheets:
semicolons, decimal commas, a mark of UTF-8 in front; `check` reads either.
"""
_PUBLISHED = """\
## The published plan

Where a plan is published, `published/` in the network folder holds its export folder: the frozen weeks and
the price of change refer to its production.csv.
"""


def template(table: Table) -> str:
    """The CSV template of an input table: its header, and two example rows where its file is needed."""
    examples = _EXAMPLES.get(table.name, ())
    rows = [",".join(example.get(name, "") for name in table.columns) for example in examples]
    return "\n".join([",".join(table.columns), *rows, ""])


def templates() -> dict[str, str]:
    """File name → content of data/templates."""
    return {f"{name}.csv": template(table) for name, table in INPUT.items()}


def data_guide() -> str:
    """The content of docs/data.md."""
    aside = ", ".join(f"{name}.csv" for name, table in INPUT.items() if table.unknown_ids == "keep aside")
    needed = ", ".join(f"{name}.csv" for name in REQUIRED_FILES)
    fleet = " or ".join(f"{name}.csv" for name in REQUIRED_FLEET)
    fates = [_row("what is wrong", "what happens"), _row("---", "---")]
    fates += [_row(wrong.format(aside=aside), happens) for wrong, happens in _FATES]
    parts = [
        _INTRO.format(needed=needed, fleet=fleet, fates="\n".join(fates)),
        "## The network folder\n",
        *(_section(table) for table in INPUT.values()),
        _PUBLISHED,
        _EXPORT_FOLDER,
        _plan_json(),
        *(_section(table) for table in EXPORT.values()),
    ]
    return "\n".join(parts)


def _section(table: Table) -> str:
    lines = [f"### {table.name}.csv", "", table.doc, ""]
    if table.side == "export":
        return "\n".join([*lines, *_export_columns(table), ""])
    lines += [" ".join(_terms(table)), ""]
    lines += ["| column | type | if empty | limits | meaning |", "|---|---|---|---|---|"]
    lines += [
        _row(field.name, _KINDS[field.kind], if_empty(field), _limits(table, field), field.doc)
        for field in table.fields
    ]
    if table.name == "settings":
        lines += ["", *_settings()]
    return "\n".join([*lines, ""])


def _terms(table: Table) -> Iterator[str]:
    yield f"Key: {', '.join(table.key)}." if table.key else "No key: rows add up."
    if any(field.refers for field in table.fields):
        fate = "refuses the folder" if table.unknown_ids == "refuse" else "keeps its row aside"
        yield f"An unknown id {fate}."


def _settings() -> Iterator[str]:
    yield "| key | type | if empty or not there | limits | meaning |"
    yield "|---|---|---|---|---|"
    for field in SETTINGS:
        yield _row(field.name, _KINDS[field.kind], if_empty(field), field.limits(), field.doc)


def _export_columns(table: Table) -> Iterator[str]:
    yield "| column | type | limits | meaning |"
    yield "|---|---|---|---|"
    for field in table.fields:
        yield _row(field.name, _KINDS[field.kind], field.limits() if field.choices else "", field.doc)


def _plan_json() -> str:
    rows = [_row(keys, meaning) for keys, meaning in PLAN_JSON]
    return "\n".join(["### plan.json", "", "| keys | meaning |", "|---|---|", *rows, ""])


def if_empty(field: Field) -> str:
    """What an empty cell means."""
    if field.required:
        return "not allowed"
    if field.default is None:
        return field.default_doc
    return (
        str(field.default).lower()
        if isinstance(field.default, bool)
        else f"{field.default}".removesuffix(".0")
    )


def _limits(table: Table, field: Field) -> str:
    if field.refers:
        return f"in {field.refers}.csv"
    return "the keys below" if table.name == "settings" and field.choices else field.limits()


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
