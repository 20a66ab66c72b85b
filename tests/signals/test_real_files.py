"""Real exports by a saved profile: every row loads or is kept aside with the reason."""

from pathlib import Path

from planning.signals.reading.grid import read_grid
from planning.signals.reading.profile import Profile, Taken
from planning.signals.reading.proposal import House, propose
from planning.signals.reading.translate import translate

HOUSE = House("UTC", "USD")


def test_an_order_list_of_the_us_is_understood_but_for_what_its_statuses_mean(shared_data: Path) -> None:
    grid = read_grid("sales_data_sample.csv", (shared_data / "sales_data_sample.csv").read_bytes())
    proposal = propose(grid, HOUSE)
    assert proposal.profile.table == "orders"
    assert proposal.missing == ("due_date",)
    assert proposal.codes["order_date"] == "mdy"
    assert set(proposal.strange["status"]) == {"On Hold", "Disputed", "In Process", "Resolved"}
    said = Profile(
        table="orders",
        columns={
            "due_date": Taken("ORDERDATE"),
            "status": Taken("STATUS", words={"In Process": "confirmed", "Resolved": "shipped"}),
        },
    )
    made = translate(propose(grid, HOUSE, said), HOUSE)
    aside = grid.rows["STATUS"].is_in(["On Hold", "Disputed"]).sum()
    assert made.aside.height == aside > 0
    assert made.lines.height + made.aside.height == grid.rows_in == 1999
    assert set(made.aside["reason"]) == {"STATUS is none of confirmed, shipped, cancelled"}


def test_a_web_shops_invoices_are_read_to_the_last_line(shared_data: Path) -> None:
    name = "online_retail_2011-09_raw.csv"
    grid = read_grid(name, (shared_data / name).read_bytes())
    proposal = propose(grid, HOUSE)
    assert proposal.profile.table == "orders"
    assert proposal.missing == ("due_date",)
    assert [question.column for question in proposal.questions] == ["line"]
    said = Profile(table="orders", columns={"due_date": Taken("InvoiceDate"), "line": Taken(counted=True)})
    made = translate(propose(grid, HOUSE, said), HOUSE)
    assert made.lines.height + made.aside.height == grid.rows_in == 37_516
