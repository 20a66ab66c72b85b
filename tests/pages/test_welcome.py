"""An empty install: three ways in, each to a first plan on the same page; the tour of the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planning.present.tour import STOPS
from planning.store import Workspace
from planning.workflows.desk import Desk, serving
from planning.workflows.safekeeping import Place
from tests.builders.company import FILES, write_company
from tests.builders.desk import labels, said, table, visit
from tests.pages.test_rolling import Replans

NEEDED = {name: FILES[name] for name in ("orders", "routings", "factories", "offers", "owned")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Replans]:
    """A desk on an empty workspace whose planning run is noted instead of made; the demo is a small one."""
    place = Place(tmp_path / "backups", 5, write_company(tmp_path / "demo"))
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        replans = Replans(Desk(workspace, place=place))
        with serving(replans):  # type: ignore[arg-type]
            yield replans


def dropped(page: AppTest, uploader: int, *files: tuple[str, str]) -> AppTest:
    page.file_uploader[uploader].set_value([(name, text.encode(), "text/csv") for name, text in files])
    page.run()
    assert not page.exception
    return page


def orders(desk: Replans) -> int:
    network = desk.network()  # type: ignore[operator]
    return 0 if network is None else network["orders"].height


def test_an_empty_install_greets_with_three_ways_in(desk: Replans) -> None:
    page = visit("today")
    assert "There is no data yet" in page.info[0].value
    assert labels(page) == ["Load the demo company", "Upload a folder", "Start from templates"]
    assert "There is no data yet" in visit("plan").info[0].value


def test_the_demo_is_loaded_and_planned(desk: Replans) -> None:
    page = visit("today")
    page.button(key="way-demo").click().run()
    assert not page.exception
    assert (orders(desk), desk.started) == (5, 1)
    assert "No plan yet" in said(page) or "a plan is not" in page.info[0].value


def test_a_folder_is_looked_at_imported_and_planned(desk: Replans) -> None:
    page = visit("today")
    page.button(key="way-folder").click().run()
    files = [(f"company/{name}.csv", text) for name, text in NEEDED.items()]
    page = dropped(page, 0, *files[:3])
    assert "offers.csv: is missing" in said(page)
    assert "Import and plan" not in labels(page)
    page = dropped(page, 0, *files, ("company/notes.csv", "hello"))
    assert set(table(page, "loaded")["file"]) == {f"{name}.csv" for name in NEEDED}
    assert "Passed over" in said(page)
    page.button(key="first-import").click().run()
    assert not page.exception
    assert (orders(desk), desk.started) == (5, 1)


def test_filled_templates_are_told_until_the_five_are_there_then_imported_and_planned(desk: Replans) -> None:
    page = visit("today")
    page.button(key="way-templates").click().run()
    assert "Still needed: orders, routings, factories, offers and contracts or owned." in said(page)
    files = [(f"{name}.csv", text) for name, text in NEEDED.items()]
    page = dropped(page, 0, *files[:2])
    assert "There: orders and routings. Still needed: factories" in said(page)
    page = dropped(page, 0, *files)
    assert "All that is needed is there." in said(page)
    page.button(key="first-import").click().run()
    assert not page.exception
    assert (orders(desk), desk.started) == (5, 1)


def test_the_tour_is_offered_on_the_demo_led_through_and_left(desk: Replans) -> None:
    desk.first_run.load_demo()  # type: ignore[attr-defined]
    page = visit("today")
    page.button(key="tour-start").click().run()
    assert "Tour of the demo: 0 of 10 stops seen" in [expander.label for expander in page.expander]
    guide = guided("today")
    assert STOPS[0].title in said(guide)
    guide.button(key="tour-next").click()
    desk.tour.see(STOPS[0].name)  # type: ignore[attr-defined]
    there = guided("signals")
    assert "stop 2 of 10" in said(there)
    there.button(key="tour-leave").click().run()
    assert "tour-next" not in [button.key for button in there.button]
    assert "Go on with the tour" in labels(visit("today"))


def test_a_company_of_one_s_own_is_not_toured(desk: Replans, tmp_path: Path) -> None:
    look = desk.first_run.look({f"{name}.csv": text.encode() for name, text in NEEDED.items()})  # type: ignore[attr-defined]
    desk.first_run.bring_in(look)  # type: ignore[attr-defined]
    page = visit("today")
    assert "Start the tour" not in labels(page)


def guided(page: str) -> AppTest:
    """The guide of the tour, as the shell draws it beside this page."""
    imports = "from pages.tour import guide\nfrom planning.workflows.desk import the_desk\n"
    script = f"{imports}guide(the_desk(), {page!r})"
    drawn = AppTest.from_string(script, default_timeout=30).run()
    assert not drawn.exception
    return drawn
