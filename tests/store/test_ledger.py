"""The ledger shows every tampering with what it says, and where it ends."""

import hashlib
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from planning.store import LedgerHead, Workspace
from tests.builders.plans import a_plan
from tests.store.company import stocked


@pytest.fixture(scope="module")
def written_once(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed file of a workspace with five ledger entries; not to be written to."""
    database = Path(shutil.copy(empty_database, tmp_path_factory.mktemp("written")))
    with Workspace.open(database) as workspace:
        for units in range(1, 6):
            workspace.record_import("company", *stocked(units))
    return database


@pytest.fixture
def written(written_once: Path, tmp_path: Path) -> Path:
    """The same, to tamper with."""
    return Path(shutil.copy(written_once, tmp_path))


def faults(database: Path, tampering: str) -> list[tuple[int, str]]:
    """What verification finds after somebody was at the file."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(tampering)
    with Workspace.open(database) as workspace:
        return workspace.verify_ledger().rows()


def test_a_ledger_nobody_touched_is_whole(written: Path) -> None:
    assert faults(written, "select 1") == []


@pytest.mark.parametrize(
    "edit",
    [
        "actor = 'somebody else'",
        "kind = 'plan saved'",
        "detail = '{}'",
        "happened_at = happened_at - interval 1 microsecond",
    ],
)
def test_an_edited_entry_is_found(written: Path, edit: str) -> None:
    assert faults(written, f"update audit.ledger set {edit} where seq = 3") == [(3, "it was edited")]


def test_an_edit_with_a_new_hash_breaks_the_next_entry(written: Path) -> None:
    tampering = (
        "update audit.ledger set actor = 'eve', "
        "hash = audit.entry_hash(seq, happened_at, kind, 'eve', detail, prev_hash) where seq = 3"
    )
    assert faults(written, tampering) == [(4, "the entry before it is another one")]


def test_a_deleted_entry_is_found(written: Path) -> None:
    found = faults(written, "delete from audit.ledger where seq = 2")
    assert [seq for seq, _ in found] == [3, 4, 5]
    assert {fault for _, fault in found} == {"entries before it are missing"}


def test_a_deleted_first_entry_is_found(written: Path) -> None:
    assert [seq for seq, _ in faults(written, "delete from audit.ledger where seq = 1")] == [2, 3, 4, 5]


def test_swapped_entries_are_found(written: Path) -> None:
    tampering = """
        create table swapped as
        select * replace (case seq when 2 then 3 when 3 then 2 else seq end as seq) from audit.ledger;
        delete from audit.ledger;
        insert into audit.ledger from swapped;
    """
    assert [seq for seq, _ in faults(written, tampering)] == [2, 3, 4]


def test_a_ledger_cut_short_ends_elsewhere(written: Path) -> None:
    with Workspace.open(written) as workspace:
        before = workspace.ledger_head()
    assert faults(written, "delete from audit.ledger where seq = 5") == []
    with Workspace.open(written) as workspace:
        after = workspace.ledger_head()
    assert (before.count, after.count) == (5, 4)
    assert before.head != after.head


def test_an_empty_ledger_ends_nowhere(workspace: Workspace) -> None:
    assert workspace.ledger_head() == LedgerHead(0, "")


def test_words_with_line_ends_and_marks_are_hashed_as_they_are(workspace: Workspace) -> None:
    workspace.record_import('O\'Brien\n"x",1', *stocked(1), actor='Zoë\n"b"')
    assert workspace.verify_ledger().is_empty()
    assert workspace.ledger()["actor"].to_list() == ['Zoë\n"b"']


def test_what_was_cut_off_is_missed_by_the_end_an_export_tells(written: Path) -> None:
    with Workspace.open(written) as workspace:
        told = workspace.ledger_head()
        assert workspace.verify_ledger(told).is_empty()
    assert faults(written, "delete from audit.ledger where seq = 5") == []
    with Workspace.open(written) as workspace:
        assert workspace.verify_ledger(told).rows() == [(5, "it is missing, the export was made with it")]


def test_a_ledger_written_anew_is_another_one_than_the_export_knows(written: Path) -> None:
    """Every entry follows from the one before; only the end somebody kept outside gives it away."""
    with Workspace.open(written) as workspace:
        told = workspace.ledger_head()
    tampering = (
        "update audit.ledger set actor = 'eve', "
        "hash = audit.entry_hash(seq, happened_at, kind, 'eve', detail, prev_hash) where seq = 5"
    )
    assert faults(written, tampering) == []
    with Workspace.open(written) as workspace:
        assert workspace.verify_ledger(told).rows() == [(5, "the export was made with another one")]


def test_a_ledger_that_has_grown_since_the_export_still_has_its_end(written: Path) -> None:
    with Workspace.open(written) as workspace:
        told = workspace.ledger_head()
        workspace.record_import("company", *stocked(6))
        assert workspace.verify_ledger(told).is_empty()


def test_what_was_cut_off_is_missed_by_the_plans_made_with_it(written: Path) -> None:
    with Workspace.open(written) as workspace:
        workspace.save_plan(a_plan(), "a" * 64)
        workspace.record_import("company", *stocked(6))
    assert faults(written, "delete from audit.ledger where seq > 5") == [
        (6, "it is missing, plan v1 was made with it")
    ]


def test_a_hash_is_that_of_the_entry_and_the_hash_before_it(written: Path) -> None:
    """Worked out by hand, as anybody can who has the file: sha256 over a JSON array of texts."""
    with Workspace.open(written) as workspace:
        entries = workspace.ledger()
    before = ""
    for row in entries.iter_rows(named=True):
        moment = row["happened_at"].replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        said = [before, str(row["seq"]), str(moment // timedelta(microseconds=1)), row["kind"], row["actor"]]
        text = json.dumps([*said, row["detail"]], ensure_ascii=False, separators=(",", ":"))
        assert row["hash"] == hashlib.sha256(text.encode()).hexdigest()
        before = row["hash"]


def test_an_action_that_is_put_off_is_an_entry_and_the_last_word_holds(workspace: Workspace) -> None:
    workspace.decisions.put_off("order FLEX at Leeds", date(2026, 11, 30), "waiting for a quote")
    workspace.decisions.put_off("order FLEX at Leeds", date(2026, 12, 2))
    assert workspace.decisions.waiting().select("action", "until", "actor").rows() == [
        ("order FLEX at Leeds", date(2026, 12, 2), "planner")
    ]
    assert workspace.ledger()["kind"].to_list() == ["action snoozed"] * 2
