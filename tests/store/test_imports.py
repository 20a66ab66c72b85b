"""Imports: one folder holds at a time, the same content once, and nothing is lost."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from planning.domain.network import Network
from planning.errors import InputError
from planning.signals import read_folder, validate
from planning.store import Workspace
from planning.store.payload import unpacked
from tests.store.company import FILES, PUBLISHED, TODAY, company, stocked

WRONG = (
    FILES["orders.csv"]
    + "A-2,1,2026-12-18,NOBODY,PT,3,\n"
    + "A-3,1,1970-01-01,0012,PT,3,\n"
    + "A-4,1,2026-12-18,0012,PT,minus one,\n"
    + "A-1,1,2026-12-18,0012,PT,3,=1+1\n"
)


def assert_same(loaded: Network | None, network: Network) -> None:
    """Every value of the two is the same, types and order of rows included."""
    assert loaded is not None
    assert loaded.policy == network.policy
    assert loaded.given == network.given
    assert loaded.assumed == network.assumed
    assert loaded.input_hash == network.input_hash
    assert list(loaded.tables) == list(network.tables)
    assert sorted(loaded.published) == sorted(network.published)
    assert_frame_equal(loaded.rejected, network.rejected)
    for name, frame in network.tables.items():
        assert_frame_equal(loaded[name], frame)
    for name, frame in network.published.items():
        assert_frame_equal(loaded.published[name], frame)


def stock_of(workspace: Workspace) -> float | None:
    """Units of 0012 in the network that holds; None without one."""
    network = workspace.load_network()
    return None if network is None else float(network["stock"]["quantity"].sum())


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query says of the closed file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_there_is_no_network_before_the_first_import(workspace: Workspace) -> None:
    assert workspace.load_network() is None
    assert workspace.network_hash() is None
    assert workspace.imports().is_empty()
    assert workspace.rejected().is_empty()


def test_a_network_comes_back_as_it_went_in(workspace: Workspace) -> None:
    folder, network = company(published=PUBLISHED, orders=WRONG)
    assert network.rejected.height == 4
    assert network.published["plan"]["version"].to_list() == ["3"]
    workspace.record_import("company", folder, network)
    assert_same(workspace.load_network(), network)
    assert_frame_equal(workspace.rejected(), network.rejected)
    assert workspace.network_hash() == network.input_hash


def test_a_network_comes_back_from_a_workspace_that_was_closed(database: Path) -> None:
    folder, network = company(published=PUBLISHED, orders=WRONG)
    with Workspace.open(database) as before:
        before.record_import("company", folder, network)
    with Workspace.open(database) as after:
        assert_same(after.load_network(), network)


@pytest.mark.parametrize("name", ["tiny-2", "small-1", "mini-1"])
def test_the_reference_networks_come_back_as_they_went_in(
    workspace: Workspace, shared_data: Path, name: str
) -> None:
    folder = read_folder(shared_data / "networks" / name)
    network = validate(folder, TODAY)
    workspace.record_import(name, folder, network)
    assert_same(workspace.load_network(), network)


def test_what_goes_in_is_loaded_or_kept_aside(workspace: Workspace) -> None:
    folder, network = company(orders=WRONG)
    receipt = workspace.record_import("company", folder, network)
    assert receipt.outcome == "imported"
    assert receipt.rows_in == sum(text.count("\n") - 1 for text in (FILES | {"orders.csv": WRONG}).values())
    assert receipt.rows_kept_aside == 4
    assert receipt.rows_in == receipt.rows_loaded + receipt.rows_kept_aside


def test_a_row_that_is_neither_loaded_nor_kept_aside_stops_the_import(workspace: Workspace) -> None:
    folder, network = company()
    short = network.with_tables(orders=network["orders"].head(2))
    with pytest.raises(ValueError, match=r"orders\.csv: 3 rows to load, 2 loaded"):
        workspace.record_import("company", folder, short)
    assert workspace.imports().is_empty()
    assert workspace.ledger().is_empty()


def test_every_raw_row_tells_its_batch_and_line(database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.record_import("company", *company(orders=WRONG))
    found = rows(database, "select batch, batch_line, order_id, line from raw.orders order by batch_line")
    assert found == [(1, 2, "00071", 2), (1, 3, "00071", 1), (1, 4, "A-1", 1)]
    assert rows(database, 'select line, "column" from raw.quarantine order by line') == [
        (5, "product"),
        (6, "due_date"),
        (7, "quantity"),
        (8, "order_id, line"),
    ]


def test_rows_that_say_the_same_keep_a_line_each(database: Path) -> None:
    with Workspace.open(database) as workspace:
        workspace.record_import("company", *company())
    found = rows(database, "select batch_line, date::varchar from raw.history order by batch_line")
    assert found == [(2, "2026-11-09"), (3, "2026-11-02"), (4, "2026-11-02")]


def test_the_original_bytes_are_kept(database: Path) -> None:
    folder, network = company(published=PUBLISHED)
    with Workspace.open(database) as workspace:
        workspace.record_import("company", folder, network)
    kept = {
        name: unpacked(data, size)
        for name, data, size in rows(database, "select file, compressed, bytes from raw.payload")
    }
    assert kept.pop("published/plan.json").decode() == PUBLISHED["plan.json"]
    assert kept.pop("published/production.csv").decode() == PUBLISHED["production.csv"]
    assert {name: data.decode() for name, data in kept.items()} == FILES


def test_the_same_content_again_changes_nothing(workspace: Workspace) -> None:
    first = workspace.record_import("company", *company(orders=WRONG))
    head, imports = workspace.ledger_head(), workspace.imports()
    again = workspace.record_import("a copy of it", *company(orders=WRONG))
    assert first.changed
    assert not again.changed
    assert (again.batch, again.source) == (first.batch, "company")
    assert workspace.ledger_head() == head
    assert_frame_equal(workspace.imports(), imports)


def test_another_published_plan_is_other_content(workspace: Workspace) -> None:
    workspace.record_import("company", *company())
    assert workspace.record_import("company", *company(published=PUBLISHED)).changed


def test_a_folder_takes_the_place_of_the_one_before_whatever_it_is_called(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    second = workspace.record_import("company, corrected", *company())
    assert second.superseded == (1,)
    assert workspace.imports()["status"].to_list() == ["active", "superseded"]
    assert_same(workspace.load_network(), company()[1])


def test_going_back_to_an_older_folder_lets_it_hold_again(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.record_import("company", *stocked(2))
    back = workspace.record_import("company", *stocked(1))
    assert (back.outcome, back.batch, back.superseded) == ("restored", 1, (2,))
    assert stock_of(workspace) == 1
    assert workspace.imports().height == 2


def test_an_import_is_undone_to_the_one_before_and_redone(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.record_import("company", *stocked(2))
    whole = workspace.load_network()
    assert whole is not None
    assert workspace.undo(2)
    assert stock_of(workspace) == 1
    assert workspace.undo(1)
    assert stock_of(workspace) is None
    assert workspace.redo(1)
    assert stock_of(workspace) == 1
    assert workspace.redo(2)
    assert_same(workspace.load_network(), whole)


def test_undoing_twice_and_redoing_what_holds_change_nothing(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    assert not workspace.redo(1)
    assert workspace.undo(1)
    head = workspace.ledger_head()
    assert not workspace.undo(1)
    assert workspace.ledger_head() == head


def test_importing_what_was_undone_lets_it_hold_again(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1))
    workspace.undo(1)
    assert workspace.record_import("company", *stocked(1)).outcome == "restored"
    assert stock_of(workspace) == 1


def test_undoing_what_never_came_is_told(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="import 7: is not in the workspace"):
        workspace.undo(7)


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(["import", "undo", "redo"]), st.integers(1, 3)), max_size=8))
def test_of_what_is_not_undone_the_network_said_last_holds(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    database = Path(shutil.copy(empty_database, tmp_path_factory.mktemp("steps")))
    said: list[int] = []
    undone: set[int] = set()
    batches: dict[int, int] = {}
    with Workspace.open(database) as workspace:
        for verb, units in steps:
            if verb == "import":
                holds = [other for other in said if other not in undone][-1:]
                if holds != [units]:
                    said = [other for other in said if other != units] + [units]
                    undone.discard(units)
                batches[units] = workspace.record_import("company", *stocked(units)).batch
            elif units in batches:
                getattr(workspace, verb)(batches[units])
                undone = undone | {units} if verb == "undo" else undone - {units}
        left = [units for units in said if units not in undone]
        assert stock_of(workspace) == (left[-1] if left else None)
        assert workspace.verify_ledger().is_empty()


def test_without_as_of_the_network_is_of_the_day_it_is_planned_on(workspace: Workspace) -> None:
    settings = "key,value\nfirm_weeks,3\n"
    folder, network = company(settings=settings)
    workspace.record_import("company", folder, network)
    assert_same(workspace.load_network(), network)
    later = workspace.load_network(date(2026, 12, 9))
    assert later is not None
    assert later.policy == validate(folder, date(2026, 12, 9)).policy
    assert later.policy.start_week == date(2026, 12, 14)


def test_as_of_stays_where_settings_give_it(workspace: Workspace) -> None:
    folder, network = company(settings="key,value\nas_of,2026-11-20\n")
    workspace.record_import("company", folder, network)
    assert_same(workspace.load_network(date(2026, 12, 9)), network)


def test_every_change_is_in_the_ledger(workspace: Workspace) -> None:
    workspace.record_import("company", *stocked(1), actor="ana")
    workspace.record_import("company", *stocked(2), actor="ana")
    workspace.undo(2, actor="ben")
    workspace.redo(2, actor="ben")
    workspace.record_import("company", *stocked(1), actor="ana")
    ledger = workspace.ledger()
    assert ledger["kind"].to_list() == [
        "import imported",
        "import imported",
        "import undone",
        "import redone",
        "import restored",
    ]
    assert ledger["actor"].to_list() == ["ana", "ana", "ben", "ben", "ana"]
    details = ledger["detail"].str.json_path_match("$.batch")
    assert details.to_list() == ["1", "2", "2", "2", "1"]
