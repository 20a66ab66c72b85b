"""Backups on the Settings page: made, listed, restored with what that loses told first; starting anew."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.store import ChangedMeanwhileError, Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.incoming import Incoming
from planning.workflows.jobs import Board, JobRunningError
from planning.workflows.safekeeping import Safekeeping
from tests.builders.desk import a_job, labels, said, table, visit
from tests.store.company import stocked

STOCK = b"factory,product,quantity\nPO,0012,7\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Workspace.open(tmp_path / "takt.duckdb", "Ana") as workspace:
        workspace.record_import("company", *stocked(1))
        with serving(Desk(workspace)) as served:
            yield served


def backed_up() -> AppTest:
    page = visit("settings", section="Backups")
    assert "No backup yet" in said(page)
    page.button(key="back-up").click().run()
    assert not page.exception
    return page


def choose(page: AppTest) -> AppTest:
    page.selectbox[0].select_index(0).run()
    assert not page.exception
    return page


def stock(desk: Desk) -> float:
    network = desk.network()
    assert network is not None
    return float(network["stock"]["quantity"].item())


def test_a_backup_is_made_checked_and_listed_with_when_why_and_last_hash(desk: Desk) -> None:
    page = backed_up()
    assert "looked at again" in page.success[0].value
    row = table(page, "head").iloc[0]
    made = desk.safekeeping.every()[0]
    assert (row["why"], row["imports"], row["count"]) == ("by hand", 1, 1)
    assert row["head"] == made.ledger.head[:12]


def test_a_restore_tells_what_it_loses_keeps_it_and_the_pages_show_what_holds(desk: Desk) -> None:
    page = choose(backed_up())
    assert "Nothing would be lost" in said(page)
    desk.uploads.load(desk.uploads.preview([Incoming("stock.csv", STOCK)]))
    assert stock(desk) == 7
    page = choose(visit("settings", section="Backups"))
    assert "Would be lost: 1 import, made since." in said(page)
    assert list(table(page, "about")["about"]) == ["stock.csv"]
    page.button(key="restore-it").click().run()
    assert not page.exception
    assert "What was there before is kept as takt-" in page.success[0].value
    assert stock(desk) == 1
    assert list(table(page, "why")["why"]) == ["before a restore", "by hand"]


def test_what_is_done_between_telling_and_restoring_stops_the_restore(desk: Desk) -> None:
    desk.safekeeping.back_up()
    loss = desk.safekeeping.lost_by(desk.safekeeping.every()[0].name)
    desk.deciding.put_off("rows", date(2026, 12, 1))
    with pytest.raises(ChangedMeanwhileError, match="More was done"):
        desk.safekeeping.restore(loss)


def test_nothing_is_restored_while_work_is_under_way(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        backups = workspace.backups(tmp_path / "backups", 5)
        busy = Board(under_way=(a_job("running"),))
        keeping = Safekeeping(workspace, backups, lambda: busy, lambda: None)
        loss = keeping.lost_by(keeping.back_up().name)
        with pytest.raises(JobRunningError, match="Planning run is under way"):
            keeping.restore(loss)
        with pytest.raises(JobRunningError, match="cancel it first"):
            keeping.start_anew()


def test_starting_anew_empties_it_keeps_a_backup_and_that_can_be_restored(desk: Desk) -> None:
    page = visit("settings", section="Backups")
    page.button(key="start-anew").click().run()
    assert not page.exception
    assert desk.network() is None
    assert "The workspace is empty" in page.success[0].value
    assert "There is no data yet" in said(visit("settings"))
    page = choose(page)
    page.button(key="restore-it").click().run()
    assert stock(desk) == 1
    assert "Back up now" in labels(page)
