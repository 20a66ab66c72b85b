"""The Signals page in each of its states, on a real workspace, without a browser."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.present import signals_words
from planning.store import ImportReceipt, Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.folders import import_folder
from planning.workflows.upload_preview import Preview
from tests.builders.company import FILES, write_company
from tests.builders.desk import labels, said, table, visit
from tests.builders.plans import a_plan
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
HEADER = "order_id,due_date,product,market,quantity\n"
GOOD = HEADER + "SO-9,2026-12-18,0003,pt,10\n"
MIXED = GOOD + "SO-8,18.12.2026,0003,pt,10\n"
DEALS = (
    "opportunity_id,source,observed_date,stage,product,market,quantity,expected_date,status\n"
    "OP-1,crm,2026-11-03,lead,0001,uk,40,2027-01-08,open\n"
    "OP-2,fair,2026-11-13,verbal,0002,pt,10,2027-01-08,open\n"
    "OP-3,fair,2026-10-13,quoted,0002,pt,5,2026-11-02,open\n"
    "OP-4,fair,2026-10-13,quoted,0002,pt,7,2026-12-18,lost\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on an empty workspace; its worker is never started."""
    desk = Desk(Workspace.open(tmp_path / "takt.duckdb"))
    with serving(desk):
        yield desk
    desk.close()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Desk]:
    """A desk with the small company and its deals, as import 1."""
    desk = Desk(Workspace.open(write_imported(tmp_path, TODAY, opportunities=DEALS)))
    with serving(desk):
        yield desk
    desk.close()


def dropped(page: AppTest, *files: tuple[str, str | bytes]) -> AppTest:
    """The page once these files were dropped on it."""
    given = [
        (name, content if isinstance(content, bytes) else content.encode(), "text/csv")
        for name, content in files
    ]
    page.file_uploader[0].set_value(given)
    page.run()
    assert not page.exception
    return page


def offers_import(page: AppTest) -> bool:
    """Whether the page's primary action is there: it is once there is something to import."""
    return any(button.key == "import" for button in page.button)


def test_without_data_the_page_says_what_to_bring(desk: Desk) -> None:
    page = visit("signals")
    assert page.info[0].value == signals_words.NO_NETWORK
    assert not offers_import(page)
    assert not page.header


def test_the_first_files_make_a_network(desk: Desk) -> None:
    page = visit("signals")
    few = dropped(page, ("orders.csv", FILES["orders"]))
    assert "routings.csv: is missing" in few.error[0].value
    assert not offers_import(few)
    assert "routings" in few.error[0].value
    whole = dropped(page, *((f"{name}.csv", text) for name, text in FILES.items()))
    whole.button(key="import").click().run()
    assert "17 rows in, 17 loaded" in whole.success[0].value
    assert desk.network() is not None
    assert "Kept aside" in said(whole)


def test_an_upload_is_previewed_row_by_row_before_anything_changes(company: Desk) -> None:
    page = dropped(visit("signals"), ("orders november.csv", MIXED))
    files = table(page, "rows_changed")
    assert files[["table", "rows_in", "rows_new", "rows_kept_aside"]].values.tolist() == [
        ["orders.csv", 2, 1, 1]
    ]
    row = table(page, "remedy").iloc[0]
    assert (row["file"], row["line"], row["column"]) == ("orders november.csv", 3, "due_date")
    assert row["remedy"] == "Write it as year-month-day, such as 2026-12-18."
    assert offers_import(page)
    assert len(desk_orders(company)) == 5


def test_an_import_is_told_listed_and_undone(company: Desk) -> None:
    page = dropped(visit("signals"), ("orders.csv", MIXED))
    page.button(key="import").click().run()
    assert "2 rows in, 1 loaded (1 new, 0 changed, 0 the same), 1 kept aside" in page.success[0].value
    assert "SO-9" in desk_orders(company)
    assert not page.file_uploader[0].value
    assert list(table(page, "state")["state"]) == ["Holds", "Replaced since"]
    assert "1 row in no plan until corrected" in said(page)
    page.button(key="undo").click().run()
    assert "SO-9" not in desk_orders(company)
    assert list(table(page, "state")["state"]) == ["Undone", "Holds"]
    page.button(key="redo").click().run()
    assert "SO-9" in desk_orders(company)
    assert not [button for button in page.button if button.key == "redo"]


def test_data_newer_than_the_plan_are_planned_from_where_they_came_in(company: Desk) -> None:
    held = company._workspace.network_hash()
    company._workspace.save_plan(a_plan(input_hash=held), str(held))
    page = visit("signals")
    assert "Re-plan" not in labels(page), "nothing has changed since"
    previewed = dropped(page, ("orders.csv", GOOD))
    assert "Re-plan" not in labels(previewed), "the import is the one thing to do"
    previewed.button(key="import").click().run()
    assert "Re-plan" in labels(previewed)
    previewed.button(key="undo").click().run()
    assert "Re-plan" not in labels(previewed)


def test_the_same_file_twice_offers_nothing_to_import(company: Desk) -> None:
    page = dropped(visit("signals"), ("orders.csv", GOOD))
    page.button(key="import").click().run()
    dropped(page, ("orders.csv", GOOD))
    assert page.info[0].value == signals_words.NOTHING_NEW
    assert not offers_import(page)


def test_a_file_with_bad_rows_only_offers_nothing_to_import(company: Desk) -> None:
    page = dropped(visit("signals"), ("orders.csv", HEADER + "SO-8,x,0003,pt,10\n"))
    assert page.info[0].value == signals_words.NOTHING_LOADS
    assert not offers_import(page)


def test_what_came_in_between_is_told_and_a_fresh_preview_stands(
    company: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = dropped(visit("signals"), ("orders.csv", GOOD))
    stock = "factory,product,quantity\nleeds,0001,5\n"
    folder = write_company(tmp_path / "other", opportunities=DEALS, stock=stock)
    monkeypatch.setattr(company.uploads, "load", after_somebody_else(company, folder))
    page.button(key="import").click().run()
    assert "Somebody changed the data since this preview was made" in page.warning[0].value
    assert "SO-9" not in desk_orders(company)
    assert offers_import(page)
    page.button(key="import").click().run()
    assert {"SO-9"} <= set(desk_orders(company))


def test_a_planner_corrects_what_a_file_is_taken_for_and_how_it_joins(company: Desk) -> None:
    page = dropped(visit("signals"), ("november.csv", "date,product,market,quantity\n2026-11-02,0001,uk,4\n"))
    assert "neither its name nor its columns" in page.warning[0].value
    page.selectbox[0].set_value("history").run()
    assert not page.error
    assert not page.warning
    assert list(table(page, "rows_changed")["table"]) == ["history.csv"]
    page.radio[0].set_value("replace").run()
    assert list(table(page, "rows_changed")["mode"]) == ["Replace all rows"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("orders.xlsx", b"PK\x03\x04", "is a damaged workbook or zip archive"),
        ("orders.csv", b"", "is empty"),
        ("orders.csv", b"\xff\x00\x01", "is a binary file"),
        ("orders.csv", b"%PDF-1.7", "is a PDF"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    company: Desk, name: str, data: bytes, words: str
) -> None:
    page = dropped(visit("signals"), (name, data))
    assert words in page.error[0].value
    assert not offers_import(page)


def test_text_in_a_file_is_never_markup(company: Desk) -> None:
    page = dropped(visit("signals"), ("a**b**$c$.csv", "a**b**,$c$\n1,2\n"))
    assert "a\\*\\*b\\*\\*\\$c\\$" in said(page)


def test_freshness_names_the_source_furthest_behind(company: Desk) -> None:
    page = visit("signals")
    assert "Furthest behind: opportunities.csv, by 10 days." in said(page)
    fresh = table(page, "newest")
    assert list(fresh["file"])[:2] == ["opportunities.csv", "orders.csv"]


def test_the_ladder_is_narrowed_by_its_address(company: Desk) -> None:
    whole = table(visit("signals"), "rung")
    assert whole.set_index("rung").loc["Lost", "counts"] == 0
    assert "Confirmed orders" in set(whole["rung"])
    page = visit("signals", source="fair")
    assert page.multiselect(key="source").value == ["fair"]
    rungs = table(page, "rung").set_index("rung")
    assert rungs.loc["lead", "deals"] == 0
    assert rungs.loc["verbal", "counts"] == pytest.approx(7)
    assert rungs.loc["quoted", "stale"] == 1
    assert set(table(page, "opportunity_id")["opportunity_id"]) == {"OP-2", "OP-3"}


def test_without_opportunities_the_ladder_says_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    import_folder(desk._workspace, write_company(tmp_path / "company"), TODAY)
    assert "No opportunities came in" in said(visit("signals"))


def desk_orders(desk: Desk) -> list[str]:
    network = desk.network()
    assert network is not None
    return network["orders"]["order_id"].to_list()


def after_somebody_else(desk: Desk, folder: Path) -> Callable[[Preview], ImportReceipt]:
    """Importing; just before the first time somebody else imports this folder."""
    load, others = desk.uploads.load, iter([folder])

    def loading(preview: Preview) -> ImportReceipt:
        for other in others:
            import_folder(desk._workspace, other, TODAY)
        return load(preview)

    return loading
