"""Rows kept aside are mended in place: what loads then is in the data, what does not stays aside."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.network import Network
from planning.errors import NothingToPlanError
from planning.signals.reading.patch import patched, row_text
from planning.signals.rows import LINE
from planning.store import Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.folders import import_folder
from planning.workflows.incoming import Incoming
from planning.workflows.mending import CHANGES, draft_mending, save_mending
from planning.workflows.uploads import Uploads
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
HEADER = "date,product,market,quantity\n"
#: Two sales of one day, product and market; the third has a product nobody makes, the fourth no number.
HISTORY = HEADER + "2026-11-02,0001,uk,5\n2026-11-02,0001,uk,3\n2026-11-02,0O01,uk,4\n2026-11-03,0001,uk,x\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    orders = FILES["orders"] + "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        import_folder(opened, write_company(tmp_path / "company", orders=orders, history=HISTORY), TODAY)
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def network(workspace: Workspace) -> Network:
    held = workspace.load_network(TODAY)
    assert held is not None
    return held


def typed(*cells: tuple[int, str, str]) -> pl.DataFrame:
    rows = [(line, column, "", after) for line, column, after in cells]
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


def test_a_mended_row_stands_beside_others_of_its_day_and_drives_none_out(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("history")
    assert rows.rows[LINE].to_list() == [4, 5]
    mending = draft_mending(uploads, rows, typed((4, "product", "0001")))
    assert mending.loads == (4,)
    save_mending(uploads, rows, mending)
    assert sorted(network(workspace)["history"]["quantity"]) == [3, 4, 5]
    assert uploads.rows_aside("history").rows["quantity"].to_list() == ["x"]


def test_what_still_does_not_load_stays_aside_with_its_reason_and_its_old_text(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("history")
    mending = draft_mending(uploads, rows, typed((4, "product", "0001"), (5, "quantity", "1,5")))
    assert mending.loads == (4,)
    (still,) = mending.aside.iter_rows(named=True)
    assert (still["line"], still["column"], still["value"]) == (5, "quantity", "1,5")
    assert still["remedy"] == "Write a dot instead of the comma."
    save_mending(uploads, rows, mending)
    assert uploads.rows_aside("history").rows["quantity"].to_list() == ["x"]
    assert network(workspace).rejected.filter(file="history.csv").height == 1


def test_a_row_mended_under_another_key_is_no_more_where_it_stood(
    uploads: Uploads, workspace: Workspace
) -> None:
    rows = uploads.rows_aside("orders")
    (line,) = rows.rows[LINE]
    save_mending(
        uploads,
        rows,
        draft_mending(uploads, rows, typed((line, "product", "0003"), (line, "order_id", "SO-66"))),
    )
    assert network(workspace).rejected.filter(file="orders.csv").is_empty()
    orders = network(workspace)["orders"]["order_id"]
    assert "SO-66" in orders
    assert "SO-6" not in orders
    uploads.undo(2)
    assert network(workspace).rejected.filter(file="orders.csv").height == 1


def test_a_mended_row_that_contradicts_one_that_holds_stays_aside(
    uploads: Uploads, workspace: Workspace
) -> None:
    before = network(workspace)["orders"]
    rows = uploads.rows_aside("orders")
    (line,) = rows.rows[LINE]
    taken = str(before["order_id"][0])
    mending = draft_mending(uploads, rows, typed((line, "order_id", taken)))
    assert mending.loads == ()
    assert mending.preview is None
    with pytest.raises(NothingToPlanError):
        save_mending(uploads, rows, mending)
    assert network(workspace)["orders"].equals(before)


def test_rows_mended_on_data_that_changed_since_are_refused(uploads: Uploads) -> None:
    rows = uploads.rows_aside("history")
    mending = draft_mending(uploads, rows, typed((4, "product", "0001")))
    more = HEADER + "2026-11-05,0001,uk,9\n"
    uploads.load(uploads.preview([Incoming("history.csv", more.encode(), "history")]))
    with pytest.raises(ChangedMeanwhileError):
        save_mending(uploads, rows, mending)


def test_a_patched_file_keeps_every_other_row_and_line_in_its_own_encoding() -> None:
    data = 'Größe;Text\r\n1;"zwei\r\nZeilen"\r\n2;b\r\n'.encode("cp1252")
    text = patched("a.csv", data, ";", {2: row_text(["9", "ä;b"], ";")}).decode("cp1252")
    assert text == 'Größe;Text\n9;"ä;b"\n\n2;b\n'
