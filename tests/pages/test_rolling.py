"""The week that is over, on the Plan page: what happened, what differed, and the next week's plan."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from planning.present import rolling_tables
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import write_company
from tests.builders.desk import NOON, StandInDesk, labels, said, table, visit
from tests.builders.plans import a_network, a_plan

CONTRACTS = (
    "contract,offer,factory,units,on_rent_date,min_end_date\nCT-1,flex,leeds,1,2026-10-05,2026-10-19\n"
)


class Replans:
    """A desk on a real workspace whose planning run is noted instead of made."""

    def __init__(self, desk: Desk) -> None:
        self.started = 0
        self._desk = desk

    def __getattr__(self, name: str) -> object:
        return getattr(self._desk, name)

    def start_replan(self) -> str:
        self.started += 1
        return "job-1"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("rolling")
    workspace = Workspace.open(folder / "takt.duckdb", "Ana")
    import_folder(workspace, write_company(folder / "company", contracts=CONTRACTS), NOON.date())
    plan_workspace(workspace, NOON.date())
    for step in ("proposed", "approved", "published"):
        workspace.take_step(1, step, "worked to")
    desk = Desk(workspace)
    yield desk
    desk.close()


@pytest.fixture
def desk(opened: Desk) -> Iterator[Replans]:
    """The week is taken back after each test, so that the next one finds it."""
    stand_in = Replans(opened)
    with serving(stand_in):
        yield stand_in
    history = opened.uploads.history()
    if history.filter("can_undo")["batch"].item() > 1:
        opened.uploads.undo(history.filter("can_undo")["batch"].item())


def the_week() -> AppTest:
    page = visit("plan")
    page.button(key="roll").click().run()
    assert not page.exception
    return page


def test_before_a_plan_is_published_there_is_no_week_to_roll() -> None:
    with serving(StandInDesk(shown=a_plan(), held=a_network())):
        assert "Roll the week" not in labels(visit("plan"))


def test_a_week_nobody_says_anything_of_is_told_to_be_taken_as_planned(desk: Replans) -> None:
    page = the_week()
    assert rolling_tables.NOTHING_SAID in said(page)
    assert "went as planned; the plan starts from" in said(page)
    assert "runs are taken as made as planned" in said(page)


def test_what_differed_is_shown_before_anything_changes(desk: Replans) -> None:
    before = desk.uploads.history()
    page = the_week()
    count = b"factory,product,quantity\nporto,0003,4\n"
    page.file_uploader[0].set_value([("counted.csv", count, "text/csv")]).run()
    shown = table(page, "actual")
    assert shown["actual"].to_list() == [4]
    assert "the count found 4 more" in said(page)
    assert desk.uploads.history().equals(before), "nothing is imported yet"


def test_a_file_that_will_not_do_is_told_and_the_week_waits(desk: Replans) -> None:
    page = the_week()
    page.file_uploader[0].set_value([("made.csv", b"factory,routing\nx,y\n", "text/csv")]).run()
    assert "column made: the required column is missing" in page.error[0].value
    assert "roll-it" not in [button.key for button in page.button]


def test_a_contract_event_is_said_by_button(desk: Replans) -> None:
    page = the_week()
    page.selectbox(key="event").select("notice").run()
    page.date_input(key="event-day").set_value(NOON.date().replace(month=12, day=21)).run()
    page.button(key="add-event").click().run()
    assert "CT-1: notice given for 1 robot, off rent from 2026-12-21" in str(
        table(page, "words")["words"].to_list()
    )


def test_rolling_moves_the_week_and_starts_the_next_plan(desk: Replans) -> None:
    page = the_week()
    page.button(key="roll-it").click().run()
    assert not page.exception
    assert desk.started == 1
    assert str(desk.rolling.week()) == "2026-11-30"
