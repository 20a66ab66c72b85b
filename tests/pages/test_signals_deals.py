"""Deals on the Signals page: confirmed, undone, planned anew; what closed ones teach."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.present import deal_tables
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.folders import import_folder
from tests.builders.company import write_company
from tests.builders.desk import labels, said, table, visit
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
DEALS = (
    "opportunity_id,source,observed_date,stage,product,market,quantity,expected_date,status\n"
    "OP-1,crm,2026-11-03,lead,0001,uk,40,2027-01-08,open\n"
    "OP-2,fair,2026-10-13,quoted,0002,pt,7,2026-12-18,lost\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The small company and its deals on a real workspace; the worker is never started."""
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY, opportunities=DEALS)))
    with serving(desk):
        yield desk
    desk.close()


def test_a_deal_picked_is_looked_over_confirmed_and_undone(desk: Desk) -> None:
    page = visit("signals")
    assert deal_tables.CONFIRM_HINT in said(page)
    assert "Confirm deal" not in labels(page)
    page.session_state["deal"] = "OP-1"
    page.run()
    fields = {field.label: field.value for field in page.text_input}
    assert fields == {"Order number": "OP-1", "Units": "40", "Price per unit": "", "Customer": ""}
    assert page.date_input[0].value == date(2027, 1, 8)

    units = next(field for field in page.text_input if field.label == "Units")
    units.set_value("4O").run()
    assert "'4O' is not a number of units" in page.error[0].value
    assert page.button(key="confirm").disabled
    units.set_value("38").run()
    page.button(key="confirm").click().run()
    assert not page.exception
    assert "Deal OP-1 is confirmed as order OP-1" in page.success[0].value
    assert {"Undo", "Make a plan"} <= set(labels(page))
    assert lines(desk)["OP-1"] == 38
    assert "Confirm deal" not in labels(page)

    page.button(key="unconfirm").click().run()
    assert "OP-1" not in lines(desk)
    assert not page.success


def test_who_confirms_what_another_has_changed_is_told(desk: Desk, tmp_path: Path) -> None:
    page = visit("signals")
    page.session_state["deal"] = "OP-1"
    page.run()
    again = DEALS.replace(",40,", ",50,")
    import_folder(desk._workspace, write_company(tmp_path / "other", opportunities=again), TODAY)
    page.button(key="confirm").click().run()
    assert "the deal was not confirmed" in page.warning[0].value
    assert "OP-1" not in lines(desk)


def test_learned_probabilities_stand_beside_the_entered_ones_and_are_adopted(desk: Desk) -> None:
    page = visit("signals")
    learned = table(page, "learned").set_index("stage")
    assert learned.loc["quoted", "of"] == "0 of 1"
    assert learned.loc["quoted", "entered"] == pytest.approx(30)
    # (0 + 20 · 0.3) / (1 + 20), in per cent.
    assert learned.loc["quoted", "learned"] == pytest.approx(600 / 21)
    assert "verbal" not in learned.index
    page.button(key="adopt").click().run()
    assert table(page, "learned").set_index("stage").loc["quoted", "entered"] == pytest.approx(29)


def test_before_a_deal_has_closed_there_is_nothing_to_learn(desk: Desk, tmp_path: Path) -> None:
    open_only = "\n".join(DEALS.splitlines()[:2]) + "\n"
    import_folder(desk._workspace, write_company(tmp_path / "open", opportunities=open_only), TODAY)
    assert deal_tables.NOTHING_LEARNED in said(visit("signals"))


def lines(desk: Desk) -> dict[str, float]:
    network = desk.network()
    assert network is not None
    return dict(network["orders"].select("order_id", "quantity").iter_rows())
