"""No file is read wrongly without a word: it loads right, is asked about, or it is told why not."""

import csv as csv_module
import io
import tracemalloc
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.errors import InputError
from planning.signals.reading import workbook, workbook_process
from planning.signals.reading.grid import Hints, read_grid
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import House, Proposal, answered, propose
from planning.signals.reading.translate import translate
from planning.signals.reading.unpack import MOST_BYTES
from planning.signals.rows import LINE, RAW
from tests.signals.hostile import COLUMNS, GERMAN, HEAD, Case, book, csv, formula
from tests.signals.hostile_containers import CONTAINERS
from tests.signals.hostile_layouts import LAYOUTS
from tests.signals.hostile_values import VALUES

HOUSE = House("Europe/Berlin", "EUR")
CASES = (*LAYOUTS, *VALUES, *CONTAINERS)


def understood(case: Case) -> Proposal:
    grid = read_grid(case.file, case.content)
    proposal, draft = propose(grid, HOUSE), Profile()
    for question in proposal.questions:
        if question.column in case.answers:
            draft = answered(draft, proposal, question, case.answers[question.column])
    return propose(grid, HOUSE, draft)


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are opened in this process: what breaks no reader need not wait for another."""
    monkeypatch.setattr(workbook, "read_apart", workbook_process.answer)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_what_is_no_table_is_refused_in_words_with_a_remedy(case: Case) -> None:
    with pytest.raises(InputError) as refusal:
        read_grid(case.file, case.content)
    assert case.refused in str(refusal.value)
    assert all(fault.remedy for fault in refusal.value.faults)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_a_file_loads_right_or_is_asked_about_and_no_row_is_lost(case: Case) -> None:
    proposal = understood(case)
    asked = [question.column for question in propose(proposal.grid, HOUSE).questions]
    asked += proposal.missing
    assert asked == list(case.asks)
    assert case.told in "; ".join(proposal.grid.how)
    if not proposal.is_settled:
        assert not case.rows
        return
    made = translate(proposal, HOUSE)
    rows = list(csv_module.DictReader(io.StringIO(made.data.decode(), newline="")))
    columns = [name for name in ("date", *COLUMNS) if rows and name in rows[0]]
    assert [tuple(row[name] for name in columns) for row in rows] == list(case.rows)
    assert made.aside.select(LINE, "column", "value").rows() == list(case.aside)
    assert made.lines.height == len(rows)
    if not proposal.periods:
        assert proposal.grid.rows_in == len(rows) + made.aside.height
    assert made.aside["reason"].str.len_chars().min() != 0
    assert made.aside["remedy"].str.len_chars().min() != 0
    assert made.aside.filter(pl.col(RAW).str.len_chars() > 2_100).is_empty()


def test_a_process_of_its_own_says_of_a_workbook_what_this_one_does() -> None:
    data = book(HEAD.split(","), ["SO1", date(2026, 12, 18), formula("=1/0", "#DIV/0!"), "DE", 5.5])
    apart, here = workbook.read_apart(data, "", MOST_BYTES), workbook_process.answer(data, "", MOST_BYTES)
    assert apart == here
    assert here[0] == 0
    assert workbook.read_apart(data, "Sheet9", MOST_BYTES) == workbook_process.answer(
        data, "Sheet9", MOST_BYTES
    )


def test_what_breaks_the_process_that_opens_a_workbook_breaks_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "reader.py"
    broken.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(workbook, "_CHILD", broken)
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        workbook.read_sheet("orders.xlsx", b"PK")


def test_every_line_kept_aside_is_the_planners_own() -> None:
    data = b"Report;;;;\n" + csv('SO1;18.12.2026;"0\n1";DE;1,5', "SO2;x;0012;DE;1,5", header=GERMAN)
    made = translate(propose(read_grid("orders.csv", data), HOUSE), HOUSE)
    assert made.lines.select("line", LINE).rows() == [(2, 3)]
    (row,) = made.aside.rows(named=True)
    assert (row[LINE], row[RAW], row["column"], row["value"]) == (5, "SO2;x;0012;DE;1,5", "Liefertermin", "x")
    assert row["reason"].startswith("Liefertermin is not a date")


@pytest.mark.parametrize("name", ["a bomb in .gz", "a field of 10 MB"])
def test_memory_stays_within_bounds(name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    tracemalloc.start()
    with suppress(InputError):
        read_grid(case.file, case.content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150_000_000


def test_a_planner_can_say_how_a_file_is_laid_out() -> None:
    data = "x;1\nOrder ID|Due\nłódź|2\n".encode("cp1250")
    grid = read_grid("orders.csv", data, Hints(encoding="cp1250", mark="|", header_line=2))
    assert grid.headings == ("Order ID", "Due")
    assert grid.rows["Order ID"].to_list() == ["łódź"]
