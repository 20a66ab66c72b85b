"""The first sheet of plan.xlsx: which plan it is, what it costs, how good it is, and what the others hold."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT

#: Key of `kpis` → unit and meaning; a share is told as a percentage.
KPIS = {
    "on_time_share": ("share", "confirmed units delivered by their due week"),
    "fill_rate": ("share", "confirmed units neither refused nor open at the end"),
    "late_unit_weeks": ("unit-weeks", "confirmed units owed, added up over the weeks"),
    "refused_units": ("units", "confirmed units given up"),
    "peak_robots_on_rent": ("robots", "most robots on rent in a week"),
    "rented_robot_weeks": ("robot-weeks", "robots on rent, added up over the weeks"),
    "paid_hour_utilisation": ("share", "hours worked of hours available, rented robots"),
    "cost_per_good_unit": ("money", "cost without priority, a good unit"),
    "kgco2e": ("kg CO2e", "of materials, energy and transport"),
    "waste_units": ("units", "left when the horizon ends"),
    "change_share": ("share", "changed since the published plan"),
    "orders_beyond_horizon": ("lines", "confirmed order lines due after the horizon"),
    "commitment_cost_if_all": ("money", "what the commitment rule costs if everything expected comes"),
    "commitment_saving_if_qualifying": ("money", "what it saves if only demand as good as sold comes"),
}

#: Key of `costs` → meaning.
COSTS = {
    "rent": "robots on rent",
    "rent_tail": "rent owed beyond the last planned week",
    "mobilisation": "bringing rented robots",
    "demobilisation": "taking them back",
    "termination": "ending contracts early",
    "transfer": "moving rented robots",
    "overage": "hours beyond those included in the rent",
    "owned": "owned robots",
    "overtime": "hours beyond the attended ones",
    "unit": "unit cost of production",
    "setup": "set-ups",
    "energy": "energy",
    "material": "materials",
    "transport": "transport to the markets",
    "holding": "holding stock",
    "late": "late orders",
    "priority": "weight of urgent orders: a preference, no money",
    "lost_confirmed": "refused orders",
    "lost_expected": "expected demand not served",
    "waste": "stock left at the end",
    "carbon": "CO2e at its price",
    "change": "changes to the published plan",
    "relaxed": "rules bent",
}

SOLVED = {
    "optimal": "proven best",
    "gap": "within the gap asked for",
    "time_limit": "best within the time limit",
    "cancelled": "best when it was stopped",
}

#: The writer's number for the paper.
A4 = 9

#: Format of words: Excel's own "Text", long ones over several lines.
TEXT = {"num_format": 49, "valign": "top", "align": "left", "text_wrap": True}

Row = tuple[str, Any, str, str]


def write_front_sheet(book: Workbook, plan: Plan) -> None:
    """Add the sheet `plan`: figure, value, unit and meaning, under a heading for each kind."""
    sheet = book.add_worksheet("plan")
    text = book.add_format(TEXT | {"indent": 1})
    for column, width in enumerate((36, 36, 14, 80)):
        sheet.set_column(column, column, width, text)
    formats = _formats(book)
    currency = plan.summary["policy"]["currency"]
    line = 0
    for heading, rows in _sections(plan):
        line = _write_section(sheet, formats, line, heading, rows, currency) + 1
    sheet.freeze_panes(1, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _formats(book: Workbook) -> dict[str, Format]:
    look: dict[str, dict[str, Any]] = {
        "heading": {"bold": True, "bottom": 1, "bg_color": "#E7EEF0", "align": "left", "indent": 1},
        "money": {"num_format": "#,##0.00"},
        "share": {"num_format": "0.0%"},
        "number": {"num_format": "#,##0.##"},
        "whole": {"num_format": "#,##0"},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
        "text": TEXT,
    }
    return {name: book.add_format(asked | {"valign": "top"}) for name, asked in look.items()}


def _write_section(  # noqa: PLR0917 - a section and where it goes
    sheet: Worksheet, formats: dict[str, Format], first: int, heading: str, rows: Iterator[Row], currency: str
) -> int:
    """Write a section from line `first` on; what comes back is the line below it."""
    for column, text in enumerate((heading, "value", "unit", "meaning")):
        sheet.write_string(first, column, text, formats["heading"])
    line = first + 1
    for name, value, unit, meaning in rows:
        sheet.write_string(line, 0, name)
        _write_value(sheet, formats, line, value, unit)
        sheet.write_string(line, 2, {"money": currency, "share": ""}.get(unit, unit))
        sheet.write_string(line, 3, meaning)
        line += 1
    return line


def _write_value(sheet: Worksheet, formats: dict[str, Format], line: int, value: Any, unit: str) -> None:
    match value:
        case None:
            return
        case datetime():
            sheet.write_datetime(line, 1, value, formats["moment"])
        case date():
            sheet.write_datetime(line, 1, value, formats["date"])
        case str():
            sheet.write_string(line, 1, value, formats["text"])
        case _:
            kind = unit if unit in formats else "whole" if float(value).is_integer() else "number"
            sheet.write_number(line, 1, value, formats[kind])


def _sections(plan: Plan) -> Iterator[tuple[str, Iterator[Row]]]:
    yield "plan", _identity(plan.summary)
    yield "kpis", _kpis(plan.summary)
    yield "costs", _costs(plan.summary)
    if plan.summary.get("relaxed"):
        yield "relaxed", _relaxed(plan.summary)
    if plan.summary.get("assumed"):
        yield "assumed", _assumed(plan.summary)
    yield "sheets", ((name, plan[name].height, "rows", table.doc) for name, table in EXPORT.items())


def _identity(summary: Mapping[str, Any]) -> Iterator[Row]:
    policy = summary["policy"]
    made = datetime.fromisoformat(summary["created_at"]).astimezone(UTC).replace(tzinfo=None)
    yield "version", summary["version"], "", "of the plan"
    yield "as_of", date.fromisoformat(policy["as_of"]), "", "the day its data speak for"
    yield "created_at", made, "UTC", "when it was made"
    yield "start_week", date.fromisoformat(summary["start_week"]), "", "Monday of the first week"
    yield "horizon_weeks", summary["horizon_weeks"], "weeks", "it covers"
    yield "status", summary["status"], "", SOLVED.get(summary["status"], "")
    yield "violations", summary["checker"]["violations"], "", "found by the independent checker"
    priority = summary["costs"].get("priority", 0.0)
    yield "cost", summary["objective"] - priority, "money", "all costs below without priority"
    yield "objective", summary["objective"], "money", "what was minimised: all costs below"
    yield "bound", summary["bound"], "money", "below which there is no plan under the same rules"
    yield "gap", summary["gap"], "share", "from the objective down to the bound"
    yield "gap_controllable", summary["gap_controllable"], "share", "the same, of what planning can influence"
    yield "timezone", policy["timezone"], "", "of dates and times"
    yield "solver", summary["solver"], "", f"took {summary['seconds']:.1f} seconds"
    yield "plan_id", summary["plan_id"], "", "as in plan.json"
    yield "input_hash", summary["input_hash"], "", "of the data it was made from"


def _kpis(summary: Mapping[str, Any]) -> Iterator[Row]:
    for name, value in summary["kpis"].items():
        unit, meaning = KPIS.get(name, ("", ""))
        yield name, value, unit, meaning


def _costs(summary: Mapping[str, Any]) -> Iterator[Row]:
    for name, value in sorted(summary["costs"].items(), key=lambda cost: (-cost[1], cost[0])):
        yield name, value, "money", COSTS.get(name, "")


def _relaxed(summary: Mapping[str, Any]) -> Iterator[Row]:
    for row in summary["relaxed"]:
        where = ", ".join(str(row[key]) for key in ("factory", "routing", "week") if row.get(key))
        yield row["rule"], row["amount"], "", f"{where or 'everywhere'}; priced {row['unit_price']:g} a unit"


def _assumed(summary: Mapping[str, Any]) -> Iterator[Row]:
    for number, said in enumerate(summary["assumed"], start=1):
        yield str(number), None, "", said
