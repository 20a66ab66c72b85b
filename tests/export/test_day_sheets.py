"""schedule.html: a sheet for each factory and day, that prints as it is and asks nothing of the net."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

from planning.domain.plan import Plan
from planning.export import Names, printable_schedule
from tests.builders.plans import FACTORIES, PRODUCTS, a_plan, export_frame
from tests.export.odd import schedule_rows

NAMES = Names(factories=FACTORIES, products=PRODUCTS, robots={"fdm_xl": "FDM XL"})
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def job(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "work_order": "WO-1",
        "factory": "F4",
        "robot_model": "fdm_xl",
        "robot": 1,
        "product": "0001",
        "routing": "0001/fdm_xl",
        "quantity": 12.0,
        "start": start,
        "end": end,
        "week": MONDAY,
        "setup_hours": 0.5,
        "run_hours": 7.25,
        "unattended": False,
        "for_orders": "SO-1001/1;0012/1",
        "status": "firm",
    } | more


def page_of(*jobs: dict[str, Any], names: Names = NAMES, **chosen: Any) -> str:
    plan = Plan(dict(a_plan().tables) | {"schedule": export_frame("schedule", list(jobs))}, a_plan().summary)
    return printable_schedule(plan, names, **chosen).decode()


class Sheets(HTMLParser):
    """Every sheet: its heading, and the cells of its rows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.rows: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "section":
            self.headings.append("")
            self.rows.append([])
        if tag == "tr" and self.rows:
            self.rows[-1].append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1][-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and self.rows[-1][-1]:
            self.rows[-1][-1][-1] = (self.rows[-1][-1][-1] + " " + data.strip()).strip()

    def jobs(self, sheet: int) -> list[list[str]]:
        return [row for row in self.rows[sheet][2:] if len(row) > 1]


def test_a_job_is_a_row_with_a_box_to_tick() -> None:
    sheets = Sheets(page_of(job("2026-11-23T06:00:00", "2026-11-23T14:30:00")))
    assert sheets.rows[0][1] == [
        "Done", "Start", "End", "Product", "Units", "Set-up h", "Run h", "Attended", "Orders", "Status",
        "Work order",
    ]  # fmt: skip
    assert sheets.rows[0][2] == ["fdm_xl 1 · FDM XL"]
    (row,) = sheets.jobs(0)
    assert row == [
        "", "06:00", "14:30", "0001 Bracket S", "12", "0.5", "7.2", "yes",
        "SO-1001/1 , 0012/1", "firm", "WO-1",
    ]  # fmt: skip
    assert ("span", {"class": "box"}) in sheets.tags


def test_the_head_says_factory_day_week_plan_and_data() -> None:
    (head,) = Sheets(page_of(job("2026-11-23T06:00:00", "2026-11-23T14:30:00"))).rows[0][0]
    assert "Brno Monday 23 November 2026, week 48" in head
    assert "Plan v3 of 2026-11-23 07:15 UTC · data to week 47 of 2026 · times of UTC" in head


def test_a_job_past_midnight_is_on_the_sheet_of_each_day_it_touches() -> None:
    night = job("2026-11-23T22:00:00", "2026-11-24T06:00:00", unattended=True)
    sheets = Sheets(page_of(night))
    assert len(sheets.rows) == 2
    ((monday,), (tuesday,)) = (sheets.jobs(0), sheets.jobs(1))
    assert monday[1:3] == ["22:00", "06:00 Tue 24 Nov"]
    assert tuesday[1:3] == ["22:00 Mon 23 Nov", "06:00"]
    assert monday[7] == tuesday[7] == "unattended"


def test_a_job_over_a_weekend_is_on_every_day_and_one_that_ends_at_midnight_is_not_on_the_next() -> None:
    long = Sheets(page_of(job("2026-11-27T20:00:00", "2026-11-30T07:00:00")))
    assert len(long.rows) == 4
    assert len(Sheets(page_of(job("2026-11-23T16:00:00", "2026-11-24T00:00:00"))).rows) == 1


def test_sheets_come_by_factory_and_day_and_jobs_by_robot_and_time() -> None:
    jobs = [
        job("2026-11-24T06:00:00", "2026-11-24T07:00:00", factory="F1", work_order="WO-5"),
        job("2026-11-23T09:00:00", "2026-11-23T10:00:00", robot=10, work_order="WO-4"),
        job("2026-11-23T08:00:00", "2026-11-23T09:00:00", robot=2, work_order="WO-3"),
        job("2026-11-23T06:00:00", "2026-11-23T08:00:00", robot=2, work_order="WO-2"),
    ]
    sheets = Sheets(page_of(*jobs))
    assert [[row[-1] for row in sheets.jobs(n)] for n in range(2)] == [["WO-5"], ["WO-2", "WO-3", "WO-4"]]


def test_factories_and_days_can_be_chosen() -> None:
    jobs = [
        job("2026-11-23T06:00:00", "2026-11-24T08:00:00"),
        job("2026-11-23T06:00:00", "2026-11-23T08:00:00", factory="F1"),
    ]
    assert len(Sheets(page_of(*jobs)).rows) == 3
    assert len(Sheets(page_of(*jobs, factories=["F4"])).rows) == 2
    (only,) = Sheets(page_of(*jobs, factories=["F4"], days=[TUESDAY])).rows
    assert "Brno Tuesday 24 November 2026" in only[0][0]


def test_where_nothing_is_scheduled_the_page_says_so() -> None:
    assert "No work is scheduled" in page_of()
    assert "No work is scheduled" in page_of(
        job("2026-11-23T06:00:00", "2026-11-23T08:00:00"), factories=["F2"]
    )


def test_text_is_shown_as_text_whatever_stands_in_it() -> None:
    evil = "<script>alert(1)</script>"
    page = page_of(
        job(
            "2026-11-23T06:00:00",
            "2026-11-23T08:00:00",
            product=evil,
            for_orders=evil,
            work_order='"><img src=x>',
        ),
        names=Names(factories={"F4": "<b>Łódź & Gdańsk</b>"}, products={evil: "Größe 3"}),
    )
    sheets = Sheets(page)
    assert {tag for tag, _ in sheets.tags} & {"script", "img", "b"} == set()
    (row,) = sheets.jobs(0)
    assert row[3] == "<script>alert(1)</script> Größe 3"
    assert "<b>Łódź & Gdańsk</b>" in sheets.rows[0][0][0]


def test_nothing_is_asked_of_the_net_and_it_prints_on_a4_across() -> None:
    page = page_of(job("2026-11-23T06:00:00", "2026-11-23T08:00:00"))
    tags = Sheets(page).tags
    assert not [tag for tag, given in tags if {"src", "href", "srcset", "action"} & set(given)]
    assert not re.search(r"url\(|@import|https?:", page)
    assert {tag for tag, _ in tags} & {"link", "script", "iframe", "object", "form"} == set()
    assert "size: A4 landscape" in page
    assert "break-after: page" in page


def test_many_orders_are_counted_after_the_first() -> None:
    orders = ";".join(f"SO-{n}/1" for n in range(9))
    (row,) = Sheets(page_of(job("2026-11-23T06:00:00", "2026-11-23T08:00:00", for_orders=orders))).jobs(0)
    assert row[8].endswith("SO-5/1 and 3 more")


def test_nothing_of_a_thousand_jobs_is_lost() -> None:
    sheets = Sheets(page_of(*schedule_rows(1000)))
    printed = {row[-1] for n in range(len(sheets.rows)) for row in sheets.jobs(n)}
    assert len(printed) == 1000


def test_the_same_plan_gives_the_same_bytes() -> None:
    jobs = schedule_rows(50)
    assert page_of(*jobs) == page_of(*jobs)
