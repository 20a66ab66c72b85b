"""A file of another system on the Signals page: read, asked about, imported and remembered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from tests.builders.desk import said, table, visit
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
GERMAN = (
    "Auftragsliste November;;;;;\n"
    "Auftrag;Artikel;Land;Menge;Preis;Liefertermin\n"
    "SO-9;0003;pt;1.234,0;12,50;18.12.2026\n"
    "SO-8;0O03;uk;2,5;1,00;19.12.2026\n"
    "SO-7;0001;uk;viele;1,00;19.12.2026\n"
    "Summe;;;1.236,5;;\n"
)
AMBIGUOUS = "Order ID,SKU,Country,Qty,Due\nSO-9,0003,pt,10,03/12/2026\nSO-8,0001,uk,20,04/12/2026\n"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Desk]:
    """A desk on the small company; its worker is never started."""
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY)))
    with serving(desk):
        yield desk
    desk.close()


def dropped(page: AppTest, name: str, text: str, encoding: str = "utf-8") -> AppTest:
    page.file_uploader[0].set_value([(name, text.encode(encoding), "text/csv")])
    page.run()
    assert not page.exception
    return page


def offers_import(page: AppTest) -> bool:
    return any(button.key == "import" for button in page.button)


def choice(page: AppTest, label: str) -> object:
    return next(box for box in page.selectbox if box.label == label)


def quantities(desk: Desk) -> dict[str, float]:
    network = desk.network()
    assert network is not None
    return dict(network["orders"].select("order_id", "quantity").iter_rows())


def test_a_german_file_is_understood_told_and_imported(company: Desk) -> None:
    page = dropped(visit("signals"), "Aufträge.csv", GERMAN, "cp1252")
    assert "cells separated by semicolon; header in line 2; above it line 1 passed over" in said(page)
    assert "**quantity**: decimal comma" in said(page)
    files = table(page, "rows_changed")
    assert files[["table", "rows_in", "rows_new", "rows_kept_aside"]].values.tolist() == [
        ["orders.csv", 4, 1, 3]
    ]
    aside = table(page, "remedy").set_index("line")
    assert list(aside.index) == [4, 5, 6]
    assert aside.loc[4, ["column", "value", "remedy"]].tolist() == ["Artikel", "0O03", "Did you mean '0003'?"]
    assert aside.loc[5, ["column", "value"]].tolist() == ["Menge", "viele"]
    assert aside.loc[5, "raw"] == "SO-7;0001;uk;viele;1,00;19.12.2026"
    page.button(key="import").click().run()
    assert quantities(company)["SO-9"] == pytest.approx(1234)
    assert "4 rows in, 1 loaded (1 new, 0 changed, 0 the same), 3 kept aside" in page.success[0].value


def test_an_ambiguous_date_order_is_asked_and_never_guessed(company: Desk) -> None:
    page = dropped(visit("signals"), "orders export.csv", AMBIGUOUS)
    assert "Confirm how Due is meant." in page.warning[0].value
    assert not offers_import(page)
    question = next(radio for radio in page.radio if "03/12/2026" in radio.label)
    assert question.value is None
    assert list(question.options) == [
        "day first, then month: it is 3 December 2026",
        "month first, then day: it is 12 March 2026",
    ]
    question.set_value("dmy").run()
    assert not page.warning
    page.button(key="import").click().run()
    network = company.network()
    assert network is not None
    assert dict(network["orders"].select("order_id", "due_date").iter_rows())["SO-9"] == date(2026, 12, 3)


def test_what_was_confirmed_once_is_not_asked_again(company: Desk) -> None:
    page = dropped(visit("signals"), "orders export.csv", AMBIGUOUS)
    next(radio for radio in page.radio if "03/12/2026" in radio.label).set_value("dmy").run()
    page.button(key="import").click().run()
    later = AMBIGUOUS.replace("SO-9", "SO-19").replace("03/12/2026", "05/12/2026")
    again = dropped(page, "orders export december.csv", later)
    assert not again.warning
    again.button(key="import").click().run()
    assert "SO-19" in quantities(company)


def test_a_planner_says_which_column_is_what_and_one_value_for_all(company: Desk) -> None:
    page = dropped(visit("signals"), "orders.csv", "No;Thing;How many;When\nSO-9;0003;10;2026-12-18\n")
    assert "Choose a column for order\\_id, due\\_date, product, market and quantity" in page.warning[0].value
    for column, heading in {
        "order_id": "No",
        "due_date": "When",
        "product": "Thing",
        "quantity": "How many",
    }.items():
        choice(page, f"{column} (needed)").set_value(heading)  # type: ignore[attr-defined]
    page.run()
    assert page.warning[0].value == "Choose a column for market, or say one value for every row."
    next(text for text in page.text_input if text.label == "market of every row").set_value("pt").run()
    assert not page.warning
    page.button(key="import").click().run()
    assert quantities(company)["SO-9"] == 10


def test_words_of_a_status_are_given_their_meaning(company: Desk) -> None:
    text = "Order ID,SKU,Country,Qty,Due,Status\nSO-9,0003,pt,10,2026-12-18,On Hold\n"
    page = dropped(visit("signals"), "orders export.csv", text)
    assert table(page, "rows_changed")["rows_kept_aside"].tolist() == [1]
    choice(page, "status: On Hold means").set_value("confirmed").run()  # type: ignore[attr-defined]
    assert table(page, "rows_changed")["rows_new"].tolist() == [1]
