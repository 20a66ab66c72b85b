"""A shop's export on the Signals page: understood, asked about, mended, imported and remembered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.folders import import_folder
from tests.builders.company import FILES, write_company
from tests.builders.desk import labels, said, table, visit
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
#: As the sales sample is written: a line of no product, one on hold, one without units, told twice.
SALES = (
    "ORDERNUMBER,QUANTITYORDERED,PRICEEACH,ORDERLINENUMBER,ORDERDATE,STATUS,PRODUCTCODE,COUNTRY\n"
    "10107,30,95.7,2,10/24/2026 0:00,Shipped,0001,uk\n"
    "10107,12,60,3,10/24/2026 0:00,In Process,0O02,uk\n"
    "10108,7,60,1,11/11/2026 0:00,On Hold,0002,uk\n"
    "10109,few,60,1,11/11/2026 0:00,In Process,0002,uk\n"
    "10109,few,60,1,11/11/2026 0:00,In Process,0002,uk\n"
)
VISITS = "Date,Session default channel group,Sessions\n03/11/2026,Direct,100\n"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Desk]:
    """A desk on the small company, one of whose order lines is kept aside; its worker is never started."""
    orders = FILES["orders"] + "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY, orders=orders)))
    with serving(desk):
        yield desk
    desk.close()


def dropped(page: AppTest, name: str, text: str) -> AppTest:
    page.file_uploader[0].set_value([(name, text.encode(), "text/csv")])
    page.run()
    assert not page.exception
    return page


def quantities(desk: Desk) -> dict[tuple[str, int], float]:
    network = desk.network()
    assert network is not None
    rows = network["orders"].select("order_id", "line", "quantity").iter_rows()
    return {(order, line): units for order, line, units in rows}


def typed_over(page: AppTest, key: str, row: int, column: str, text: str) -> AppTest:
    """What a cell of an editor says now, as the browser tells it."""
    page.session_state[key] = {"edited_rows": {row: {column: text}}, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception
    return page


def test_a_shop_s_file_is_understood_asked_about_imported_and_not_asked_about_again(company: Desk) -> None:
    page = dropped(visit("signals"), "sales.csv", SALES)
    assert "sales.csv: 5 rows in = 1 loaded + 3 kept aside + 1 collapsed." in said(page)
    reasons = table(page, "fate")
    assert set(reasons["fate"]) == {"Can load", "Kept aside", "Collapsed"}
    hold = next(box for box in page.selectbox if box.label == "On Hold means")
    hold.set_value("confirmed").run()
    product = next(box for box in page.selectbox if box.label == "0O02 is our product")
    product.set_value("0002").run()
    assert "sales.csv: 5 rows in = 3 loaded + 1 kept aside + 1 collapsed." in said(page)
    page.button(key="import").click().run()
    assert (
        "5 rows in, 3 loaded (3 new, 0 changed, 0 the same), 1 kept aside, 1 collapsed"
        in page.success[0].value
    )
    assert quantities(company)["10107", 3] == 12

    again = dropped(page, "sales december.csv", SALES.replace("10108,7", "10108,8"))
    assert "5 rows in = 3 loaded + 1 kept aside + 1 collapsed." in said(again)
    again.button(key="import").click().run()
    assert quantities(company)["10108", 1] == 8


def test_days_that_could_be_two_hold_the_import_up_until_somebody_says(company: Desk) -> None:
    page = dropped(visit("signals"), "visits.csv", VISITS)
    assert "Say whether day or month comes first." in page.warning[0].value
    assert "Import" not in labels(page)
    question = next(radio for radio in page.radio if "03/11/2026" in radio.label)
    assert question.value is None
    question.set_value("day first").run()
    page.button(key="import").click().run()
    network = company.network()
    assert network is not None
    assert network["activity"]["date"].to_list() == [date(2026, 11, 3)]


def test_a_planner_may_map_the_columns_of_a_known_source(company: Desk) -> None:
    page = dropped(visit("signals"), "sales.csv", SALES)
    way = next(radio for radio in page.radio if radio.label == "How it is read")
    way.set_value("columns").run()
    assert not page.exception
    assert any(box.label.startswith("order_id") for box in page.selectbox)


def test_a_row_is_mended_in_the_dropped_file_before_it_is_imported(company: Desk) -> None:
    page = dropped(visit("signals"), "sales.csv", SALES)
    name = next(text for text in page.text_input if text.label == "Remember as")
    id = str(name.key).removeprefix("remember-")
    # Rows stand by line: 3, 4, 5.
    page = typed_over(page, f"mend-{id}-0", 0, "PRODUCTCODE", "0002")
    assert table(page, "before")[["line", "column", "before", "after"]].values.tolist() == [
        [3, "PRODUCTCODE", "0O02", "0002"]
    ]
    page.button(key=f"try-{id}").click().run()
    assert "sales.csv: 5 rows in = 2 loaded + 2 kept aside + 1 collapsed." in said(page)
    page.button(key="import").click().run()
    assert quantities(company)["10107", 3] == 12


def test_what_was_typed_stays_with_its_row_when_an_answer_lets_others_load(company: Desk) -> None:
    page = dropped(visit("signals"), "sales.csv", SALES)
    name = next(text for text in page.text_input if text.label == "Remember as")
    id = str(name.key).removeprefix("remember-")
    # Lines 3, 4 and 5 are aside; once On Hold counts, the second row is line 5.
    page = typed_over(page, f"mend-{id}-0", 2, "QUANTITYORDERED", "9")
    next(box for box in page.selectbox if box.label == "On Hold means").set_value("confirmed").run()
    assert table(page, "before")[["line", "column", "after"]].values.tolist() == [[5, "QUANTITYORDERED", "9"]]
    page.button(key=f"try-{id}").click().run()
    page.button(key="import").click().run()
    assert quantities(company)["10109", 1] == 9


def test_rows_kept_aside_while_reading_stay_in_the_list_until_their_file_comes_again(company: Desk) -> None:
    page = dropped(visit("signals"), "sales.csv", SALES)
    page.button(key="import").click().run()
    reasons = table(page, "first")
    assert set(reasons["file"]) == {"orders.csv", "sales.csv"}
    assert reasons["rows"].sum() == 4
    mended = SALES.replace("few", "5").replace("0O02", "0002").replace("On Hold", "In Process")
    page = dropped(page, "sales.csv", mended)
    page.button(key="import").click().run()
    assert set(table(page, "first")["file"]) == {"orders.csv"}


def test_a_row_kept_aside_is_mended_in_place_shown_as_a_diff_and_applied(company: Desk) -> None:
    page = visit("signals")
    page = typed_over(page, "mend-data:orders-0", 0, "product", "0O03")
    told = table(page, "becomes")
    assert told[["column", "before", "after"]].values.tolist() == [["product", "9999", "0O03"]]
    assert told["becomes"][0].startswith("Stays aside: product is not in routings.csv")
    assert told["remedy"][0] == "Did you mean '0003'?"
    assert page.button(key="apply-mending").disabled
    page = typed_over(page, "mend-data:orders-0", 0, "product", "0003")
    assert table(page, "becomes")["becomes"].to_list() == ["Loads"]
    page.button(key="apply-mending").click().run()
    assert "1 row of orders.csv mended: in the data now." in page.success[0].value
    assert quantities(company)["SO-6", 1] == 5
    assert "None: every row that came in is in the data." in said(page)


def test_what_was_typed_over_a_row_stays_when_somebody_imports_meanwhile(
    company: Desk, tmp_path: Path
) -> None:
    page = visit("signals")
    page = typed_over(page, "mend-data:orders-0", 0, "product", "0003")
    more = FILES["orders"] + "SO-5,2026-11-16,2026-12-31,0002,uk,7,Cy,60\n"
    more += "SO-6,2026-11-16,2026-12-31,9999,uk,5,Cy,60\n"
    import_folder(company._workspace, write_company(tmp_path / "other", orders=more), TODAY)
    page.run()
    assert table(page, "becomes")["becomes"].to_list() == ["Loads"], "the edit is still there"
    page.button(key="apply-mending").click().run()
    assert quantities(company)["SO-6", 1] == 5
    assert quantities(company)["SO-5", 1] == 7


def test_undoing_the_only_import_asks_first(company: Desk) -> None:
    page = visit("signals")
    page.button(key="undo").click().run()
    assert company.network() is not None
    assert "undone, there are no data and nothing to plan" in page.warning[0].value
    page.button(key="keep").click().run()
    assert not page.warning
    page.button(key="undo").click().run()
    page.button(key="empty").click().run()
    assert company.network() is None
    page.button(key="redo").click().run()
    assert company.network() is not None
