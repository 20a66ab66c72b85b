"""What an address asks for: a version of the plan, ids, and what is not there."""

from collections.abc import Iterator

import pytest

from planning.workflows.desk import serving
from planning.workflows.opened import Opened
from planning.workflows.outlook import outlook_of
from tests.builders.desk import StandInDesk, labels, said, visit
from tests.builders.outlooks import a_demand_network, a_forecast
from tests.builders.plans import a_network, a_plan

PAGES = ("today", "forecast", "plan", "fleet", "schedule")
#: Buttons by which something would be decided or changed.
DECIDES = {"Re-plan", "Put it off", "Decide", "Save overrides", "Forecast", "Roll the week", "Approve it"}


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(shown=a_plan(3), held=a_network())
    desk.opened.kept[1] = Opened(a_plan(1), "base", a_network(), None, None)
    desk.opened.kept[2] = Opened(a_plan(2), "a second printer", a_network(), None, None)
    with serving(desk):
        yield desk


@pytest.mark.parametrize("name", PAGES)
def test_an_older_version_is_read_and_nothing_decided_on_it(desk: StandInDesk, name: str) -> None:
    page = visit(name, version="1")
    assert "You are reading plan v1 with the data it was made from" in said(page)
    assert "Nothing is decided on it here. The newest is plan v3." in said(page)
    assert "Back to plan v3" in labels(page)
    assert not DECIDES & set(labels(page))


@pytest.mark.parametrize("name", PAGES)
def test_going_back_shows_the_newest_again(desk: StandInDesk, name: str) -> None:
    page = visit(name, version="1")
    page.button(key="back-to-newest").click().run()
    assert "You are reading" not in said(page)
    assert "version" not in page.query_params
    assert "Back to plan v3" not in labels(page)


def test_the_version_stays_when_the_address_does_not_say_it(desk: StandInDesk) -> None:
    """Another page's link has its own address."""
    page = visit("fleet", version="1")
    del page.query_params["version"]
    page.run()
    assert "You are reading plan v1" in said(page)
    assert page.query_params["version"] == "1"


def test_a_scenarios_version_says_whose_it_is(desk: StandInDesk) -> None:
    assert "plan v2 of the scenario a second printer" in said(visit("plan", version="2"))


def test_the_newest_version_is_no_older_one(desk: StandInDesk) -> None:
    page = visit("plan", version="v3")
    assert "You are reading" not in said(page)
    assert "Re-plan" in labels(page)


@pytest.mark.parametrize("asked", ["99", "last", "-1"])
def test_a_version_that_is_not_there_is_told(desk: StandInDesk, asked: str) -> None:
    page = visit("plan", version=asked)
    assert page.warning[0].value == f"There is no plan v{asked}. Plan v3, the newest, is shown."
    assert "Re-plan" in labels(page)
    assert "You are reading" not in said(page)


def test_the_forecast_is_the_one_the_version_rests_on(desk: StandInDesk) -> None:
    network, stored = a_demand_network(), a_forecast()
    desk.opened.kept[1] = Opened(a_plan(1), "base", network, stored, outlook_of(network, stored))
    page = visit("forecast", version="1")
    assert f"Forecast {stored.number}" in said(page)
    assert not DECIDES & set(labels(page))
    assert not page.expander


@pytest.mark.parametrize(
    ("page", "name", "value", "told"),
    [
        ("plan", "factory", "NOPE", "There is no factory NOPE here. All are shown."),
        ("plan", "factory", "Ledes", "There is no factory Ledes here. Did you mean Leeds? All are shown."),
        ("fleet", "robot", "laser", "There is no robot laser here. All are shown."),
        ("plan", "week", "next", "There is no week next here."),
        ("plan", "at", "NOPE", "There is no factory NOPE here."),
        ("plan", "orders", "Some", "There is no choice of orders Some here."),
    ],
)
def test_what_is_not_there_is_told(desk: StandInDesk, page: str, name: str, value: str, told: str) -> None:
    drawn = visit(page, **{name: value})
    assert told in [warning.value for warning in drawn.warning]
    again = drawn.run()
    assert told in [warning.value for warning in again.warning], "also when the page is drawn again"


def test_choosing_something_else_ends_it(desk: StandInDesk) -> None:
    page = visit("plan", factory="NOPE")
    page.multiselect(key="factory").set_value(["F1"]).run()
    assert not page.warning


def test_an_id_in_the_address_works_like_a_name(desk: StandInDesk) -> None:
    assert visit("plan", factory="F3").multiselect(key="factory").value == ["F3"]
    assert visit("plan", factory="Porto").multiselect(key="factory").value == ["F3"]
