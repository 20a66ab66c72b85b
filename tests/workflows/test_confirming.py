"""Confirming a deal: it becomes its order in one import, is undone in one, and never counts twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.assume import complete
from planning.domain.network import Network
from planning.errors import InputError, NothingToPlanError
from planning.netting import net_demand
from planning.store import Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.confirming import Confirmation, draft_confirmation, in_the_way
from planning.workflows.desk import Desk
from planning.workflows.incoming import Incoming
from tests.builders.company import FILES
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
DEALS = (
    "opportunity_id,source,observed_date,stage,probability,product,market,quantity,expected_date,status,order_id\n"
    "OP-1,crm,2026-11-03,verbal,0.7,0001,uk,40,2027-01-08,open,\n"
    "OP-2,fair,2026-11-13,quoted,,0002,pt,10,2027-01-08,open,SO-77\n"
    "OP-3,fair,2026-10-13,quoted,,0002,pt,5,2026-11-02,open,\n"
    "OP-4,fair,2026-10-13,quoted,,0002,pt,7,2026-12-18,lost,\n"
)
ORDER = "order_id,due_date,product,market,quantity\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The small company and its deals, as import 1."""
    with Workspace.open(write_imported(tmp_path / "workspace", TODAY, opportunities=DEALS)) as workspace:
        desk = Desk(workspace)
        yield desk
        desk.close()


def network(desk: Desk) -> Network:
    held = desk.network()
    assert held is not None
    return held


def deal(desk: Desk, id: str) -> tuple[str, str | None]:
    """Status and order of a deal."""
    return network(desk)["opportunities"].filter(opportunity_id=id).select("status", "order_id").row(0)


def order(desk: Desk, id: str) -> dict[str, object]:
    return network(desk)["orders"].row(by_predicate=pl.col("order_id") == id, named=True)


def draft(desk: Desk, id: str = "OP-1") -> Confirmation:
    return draft_confirmation(network(desk), id)


def units_counted(desk: Desk) -> tuple[float, float]:
    """Confirmed and expected units of product 0001 in the uk in the week of 4 January."""
    net = net_demand(complete(network(desk)))
    where = (pl.col("product") == "0001") & (pl.col("market") == "uk") & (pl.col("t") == 6)
    confirmed = net.orders.filter(where)["quantity"].sum()
    return confirmed, net.expected.filter(where)["expected"].sum()


def test_a_confirmed_deal_counts_whole_at_once_and_only_as_its_order(desk: Desk) -> None:
    confirmed, _ = units_counted(desk)
    receipt = desk.confirm_deal(draft(desk))
    assert receipt.outcome == "imported"
    assert deal(desk, "OP-1") == ("won", "OP-1")
    made = order(desk, "OP-1")
    assert (made["quantity"], made["due_date"], made["status"]) == (40, date(2027, 1, 8), "confirmed")
    assert (made["product"], made["market"], made["order_date"]) == ("0001", "uk", TODAY)
    assert units_counted(desk) == (confirmed + 40, 0)


def test_one_undo_takes_order_and_deal_back_and_redo_brings_both(desk: Desk) -> None:
    before = network(desk)
    receipt = desk.confirm_deal(draft(desk))
    desk.uploads.undo(receipt.batch)
    assert network(desk).input_hash == before.input_hash
    assert deal(desk, "OP-1") == ("open", None)
    desk.uploads.redo(receipt.batch)
    assert deal(desk, "OP-1") == ("won", "OP-1")


def test_what_is_typed_stands_in_the_order(desk: Desk) -> None:
    typed = replace(
        draft(desk),
        order_id="SO-501",
        quantity="38.5",
        unit_price="12",
        customer="Lamps, Ltd",
        due_date=TODAY,
    )
    desk.confirm_deal(typed)
    made = order(desk, "SO-501")
    assert (made["quantity"], made["unit_price"], made["customer"]) == (38.5, 12, "Lamps, Ltd")
    assert deal(desk, "OP-1") == ("won", "SO-501")


def test_a_deal_whose_day_is_over_is_due_on_the_day_of_the_data(desk: Desk) -> None:
    assert draft(desk, "OP-3").due_date == TODAY


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"order_id": " "}, "The order needs a number"),
        ({"order_id": "A;B"}, "without a semicolon"),
        ({"order_id": "SO-1"}, "Order SO-1 is there already"),
        ({"quantity": "1,5"}, "'1,5' is not a number of units"),
        ({"quantity": "0"}, "'0' is not a number of units"),
        ({"unit_price": "12 EUR"}, "'12 EUR' is not a price"),
        ({"due_date": date(2026, 11, 20)}, "2026-11-20 is over already"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_saved(
    desk: Desk, typed: dict[str, object], why: str
) -> None:
    wrong = replace(draft(desk), **typed)  # type: ignore[arg-type]
    (told,) = in_the_way(network(desk), wrong)
    assert why in told
    with pytest.raises(InputError):
        desk.confirm_deal(wrong)
    assert deal(desk, "OP-1") == ("open", None)


def test_a_row_the_network_would_not_take_is_told_and_neither_is_saved(desk: Desk) -> None:
    with pytest.raises(InputError, match="five years"):
        desk.confirm_deal(replace(draft(desk), due_date=date(2199, 1, 1)))
    assert len(desk.uploads.history()) == 1


def test_the_second_of_two_who_confirm_is_told(desk: Desk) -> None:
    mine, theirs = draft(desk), draft(desk, "OP-2")
    desk.confirm_deal(theirs)
    with pytest.raises(ChangedMeanwhileError, match="the deal was not confirmed"):
        desk.confirm_deal(mine)
    assert deal(desk, "OP-1") == ("open", None)


@pytest.mark.parametrize("id", ["OP-4", "OP-9"])
def test_a_closed_deal_and_one_that_is_not_there_are_not_confirmed(desk: Desk, id: str) -> None:
    with pytest.raises(NothingToPlanError, match="is not open any more"):
        draft(desk, id)


def test_a_won_deal_whose_order_never_came_may_be_given_one(desk: Desk) -> None:
    won = DEALS.splitlines()[0] + "\nOP-1,crm,2026-11-03,verbal,0.7,0001,uk,40,2027-01-08,won,SO-9\n"
    upload(desk, "opportunities.csv", won)
    made = draft(desk)
    assert (made.order_id, made.here) == ("SO-9", False)
    desk.confirm_deal(made)
    assert order(desk, "SO-9")["quantity"] == 40


def upload(desk: Desk, name: str, text: str) -> list[str]:
    """Import a file; the tables the preview tells of."""
    preview = desk.uploads.preview([Incoming(name, text.encode())])
    desk.uploads.load(preview)
    return [str(report.table) for report in preview.files]


def test_an_orders_file_with_the_order_a_deal_names_wins_the_deal_in_the_same_import(desk: Desk) -> None:
    assert upload(desk, "orders.csv", ORDER + "SO-77,2026-12-18,0002,pt,9\n") == ["orders", "opportunities"]
    assert deal(desk, "OP-2") == ("won", "SO-77")
    assert order(desk, "SO-77")["quantity"] == 9
    (latest, _) = desk.uploads.history()["batch"]
    desk.uploads.undo(latest)
    assert deal(desk, "OP-2") == ("open", "SO-77")


@pytest.mark.parametrize(
    "text",
    [
        "\n" + ORDER + "SO-77,2026-12-18,0002,pt,9\n",
        "\ufeff order_id ,due_date,product,market,quantity\nSO-77,2026-12-18,0002,pt,9\n",
        ORDER + '"SO-77",2026-12-18,0002,pt,9\nSO-80,too,short\n',
    ],
    ids=["a blank line first", "blanks in the header", "marks and a torn row"],
)
def test_the_order_of_a_deal_is_found_however_the_file_is_written(desk: Desk, text: str) -> None:
    upload(desk, "orders.csv", text)
    assert deal(desk, "OP-2") == ("won", "SO-77")


def test_an_order_with_the_deal_s_own_id_wins_it_too(desk: Desk) -> None:
    upload(desk, "november orders.csv", ORDER + "OP-1,2026-12-18,0001,uk,40\n")
    assert deal(desk, "OP-1") == ("won", "OP-1")


def test_orders_of_no_deal_touch_no_deal(desk: Desk) -> None:
    assert upload(desk, "orders.csv", ORDER + "SO-78,2026-12-18,0002,pt,9\nOP-4,2026-12-18,0002,pt,9\n") == [
        "orders"
    ]
    assert deal(desk, "OP-4")[0] == "lost"


def test_the_same_orders_again_change_nothing(desk: Desk) -> None:
    text = ORDER + "SO-77,2026-12-18,0002,pt,9\n"
    upload(desk, "orders.csv", text)
    assert not desk.uploads.preview([Incoming("orders.csv", text.encode())]).loads


def test_an_upload_that_brings_deals_decides_itself(desk: Desk) -> None:
    files = [
        Incoming("orders.csv", (ORDER + "SO-77,2026-12-18,0002,pt,9\n").encode()),
        Incoming("opportunities.csv", DEALS.encode()),
    ]
    desk.uploads.load(desk.uploads.preview(files))
    assert deal(desk, "OP-2") == ("open", "SO-77")
    # Then its order is here and the deal is open still: confirming it brings no second order.
    made = draft(desk, "OP-2")
    assert (made.order_id, made.here) == ("SO-77", True)
    desk.confirm_deal(made)
    assert deal(desk, "OP-2") == ("won", "SO-77")
    assert network(desk)["orders"].filter(order_id="SO-77").height == 1


def test_the_small_company_has_no_order_with_a_deal_s_id() -> None:
    assert "OP-" not in FILES["orders"]
