"""Salesforce's two files on the Signals page: dropped together they are read together."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from tests.builders.desk import said, table, visit
from tests.builders.workspaces import write_imported
from tests.workflows.test_line_items import DEALS, ITEMS

TODAY = date(2026, 11, 23)
MARKET = "Market"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Desk]:
    """A desk on the small company; its worker is never started."""
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY)))
    with serving(desk):
        yield desk
    desk.close()


def test_both_files_dropped_together_are_read_together_and_one_alone_says_what_is_missing(
    company: Desk,
) -> None:
    head, *rows = DEALS.splitlines()
    deals = "\n".join([f"{head},{MARKET}", *(f"{row},uk" for row in rows), ""])
    files = [("Opportunity.csv", deals), ("OpportunityLineItem.csv", ITEMS)]
    page = visit("signals")
    page.file_uploader[0].set_value([(files[1][0], ITEMS.encode(), "text/csv")])
    page.run()
    assert not page.exception
    assert "together with it" in "".join(table(page, "remedy")["remedy"])
    assert not [button for button in page.button if button.key == "import"]

    page.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files])
    page.run()
    assert not page.exception
    assert "Opportunity.csv: 3 rows in = 0 loaded + 1 kept aside + 2 collapsed." in said(page)
    assert "OpportunityLineItem.csv: 5 rows in = 2 loaded + 3 kept aside." in said(page)
    page.button(key="import").click().run()
    network = company.network()
    assert network is not None
    assert set(network["opportunities"]["opportunity_id"]) == {"006A/00kA", "006C/00kD"}
