"""Texts as spreadsheets love to spoil them, and plans full of them."""

from datetime import date, datetime, timedelta
from typing import Any

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from tests.builders.plans import START, a_plan, export_frame

#: What a spreadsheet takes for a number, a date, a truth, an error, a link, markup or a formula.
ODD_TEXTS = (
    "0012",
    "12E5",
    "1.234,56",
    "12345678901234567890",
    "1/2",
    "2026-11-30",
    "TRUE",
    "#N/A",
    "=1+1",
    "-5",
    "+49 30 123",
    "@x",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://example.com","x")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "'0012",
    "http://example.com/?a=1&b=2",
    "internal:plan!A1",
    "<r>bold</r>",
    "<r><t>x</t></r>",
    "<r>a & b</r>",
    "_x0041_",
    'he said "now"',
    "two\nlines",
    " spaces around ",
    "a,b;c",
    "Łódź, Grüße, Åse, 部品",
    "vertical\x0btab",
    "null\x00char",
    "👍🏽",
)


def schedule_rows(count: int) -> list[dict[str, Any]]:
    """A schedule of so many jobs in a row, one odd text after the other among its ids."""
    begin = datetime.combine(START, datetime.min.time()).replace(hour=6)
    rows = []
    for n in range(count):
        start = begin + timedelta(minutes=97 * n, seconds=n % 60)
        rows.append(
            {
                "work_order": f"WO-{n:05d}",
                "factory": f"F{n % 4 + 1}",
                "robot_model": "fdm_xl",
                "robot": n % 7 + 1,
                "product": ODD_TEXTS[n % len(ODD_TEXTS)],
                "routing": f"{n:04d}",
                "quantity": round(n * 1.000001 + 0.1, 6),
                "start": start.isoformat(),
                "end": (start + timedelta(minutes=96)).isoformat(),
                "week": START + timedelta(days=7 * (n % 4)),
                "setup_hours": round(n / 3, 6),
                "run_hours": round(1234567.891 / (n + 1), 6),
                "unattended": n % 3 == 0,
                "for_orders": None if n % 5 == 0 else f"000{n}/1;12E{n}/2",
                "status": "firm",
            }
        )
    return rows


def odd_plan(rows: int = 1000) -> Plan:
    """A plan whose every table has odd texts, with a schedule of `rows` jobs."""
    plan = a_plan()
    tables = {name: export_frame(name, [_odd_row(name, n) for n in range(len(ODD_TEXTS))]) for name in EXPORT}
    return Plan(tables | {"schedule": export_frame("schedule", schedule_rows(rows))}, plan.summary)


def _odd_row(table: str, n: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "text": ODD_TEXTS[n],
        "number": round(10.0 ** (n % 10) / 7, 6),
        "whole": n,
        "flag": n % 2 == 0,
        "date": date(2026, 2, 28) + timedelta(days=n),
        "week": START + timedelta(weeks=n),
    }
    return {field.name: values[field.kind] for field in EXPORT[table].fields}
