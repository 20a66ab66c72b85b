"""The Thread page, and the ways to it from the ids on other pages, without a browser."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.present import thread_tables, words
from planning.present.thread_tables import log_checked
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from tests.builders.desk import StandInDesk, labels, said, table, visit
from tests.builders.plans import a_network, a_plan
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A company, and a plan that was not made of it: what a thread does not find there it does not tell."""
    with Workspace.open(write_imported(tmp_path, TODAY, "Ana"), "Ana") as workspace:
        workspace.save_plan(a_plan(), "a" * 64)
        desk = Desk(workspace)
        with serving(desk):
            yield desk


def headings(page: AppTest) -> list[str]:
    return [heading.value for heading in page.subheader]


def test_before_anything_is_asked_it_says_what_can_be(desk: Desk) -> None:
    page = visit("thread")
    assert page.info[0].value == thread_tables.NOTHING_ASKED
    assert [button.label for button in page.button if button.key == "check-log"] == ["Check the log"]


def test_without_data_it_says_what_to_do() -> None:
    with serving(StandInDesk()):
        page = visit("thread")
    assert page.info[0].value == words.NO_DATA
    assert "Check the log" not in labels(page)


def test_an_order_is_told_with_what_came_before_and_what_follows(desk: Desk) -> None:
    page = visit("thread", id="SO-1")
    assert page.header[0].value == "Order SO-1"
    assert headings(page) == ["Where it comes from", "The thing itself", "Where it goes"]
    assert "150 ordered" in said(page)
    assert list(table(page, "source")["source"]) == ["orders.csv, line 2, from company"]
    assert list(table(page, "source")["who"]) == ["Ana"]
    assert {"See data", "See plan"} <= set(labels(page))


def test_what_is_typed_is_looked_up(desk: Desk) -> None:
    page = visit("thread")
    page.text_input(key="id").set_value("v1").run()
    assert page.header[0].value == "Plan v1"


def test_an_unknown_id_is_told_with_the_nearest_to_press(desk: Desk) -> None:
    page = visit("thread", id="SO-11")
    assert "is called SO-11" in page.warning[0].value
    offered = [button for button in page.button if str(button.key).startswith("also-")]
    assert "order SO-1" in [button.label for button in offered]
    next(button for button in offered if button.label == "order SO-1").click().run()
    assert page.header[0].value == "Order SO-1"


def test_a_row_ticked_is_followed(desk: Desk) -> None:
    page = visit("thread", id="import 1")
    assert page.header[0].value == "Import 1"
    page.session_state["id"] = "order:SO-2"
    page.run()
    assert page.header[0].value == "Order SO-2"


def test_an_older_version_is_followed_in_its_own_plan(desk: Desk) -> None:
    desk._workspace.save_plan(a_plan(4), "a" * 64)
    page = visit("thread", id="SO-1", version="1")
    assert "You are reading plan v1" in said(page)
    ids = [id for frame in page.dataframe if "id" in frame.value.columns for id in frame.value["id"]]
    assert "v1" in ids
    assert "v2" not in ids


def test_the_log_is_checked(desk: Desk) -> None:
    page = visit("thread")
    page.button(key="check-log").click().run()
    assert page.toast[0].value.startswith("The ledger is what was written: ")


def test_a_broken_log_says_where() -> None:
    broken = pl.DataFrame({"seq": [7, 9], "fault": ["it was edited", "the entry before it is another one"]})
    assert log_checked(broken, 12) == (
        "The ledger is not what was written: 2 entries at fault, first entry 7: it was edited."
    )


@pytest.mark.parametrize("key", ["unserved", "lines"])
def test_orders_of_the_plan_lead_to_their_threads(key: str) -> None:
    with serving(StandInDesk(shown=a_plan(), held=a_network())):
        page = visit("plan", orders="All open" if key == "lines" else "Late and refused")
    assert "Tick a row (Shift+Space) to see what it comes from and goes to." in said(page)
