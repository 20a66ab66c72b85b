"""The Export menu: every file of the plan on the page, made when it is asked for and not before."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from pages.exports import export_menu
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, visit
from tests.builders.plans import a_network, a_plan

FILES = {
    "Excel workbook": "takt-plan-v7.xlsx",
    "CSV folder": "takt-plan-v7.zip",
    "CSV with semicolons": "takt-plan-v7-semicolons.zip",
    "JSON": "takt-plan-v7.json",
    "Decide-by dates": "takt-decide-by-v7.ics",
    "Schedule to print": "takt-schedule-v7.html",
}

#: Draws the menu of plan v7; returns label → what its download button was given.
Offered = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    def draw(desk: Any, **more: Any) -> dict[str, dict[str, Any]]:
        buttons: dict[str, dict[str, Any]] = {}
        monkeypatch.setattr(st, "download_button", lambda label, **given: buttons.update({label: given}))
        export_menu(desk, a_plan(version=7), primary=True, **more)
        return buttons

    return draw


def test_every_file_of_the_plan_is_offered_under_its_version(offered: Offered) -> None:
    assert {label: given["file_name"] for label, given in offered(StandInDesk()).items()} == FILES


def test_each_file_is_that_of_the_version_shown(offered: Offered) -> None:
    contents = {label: given["data"]() for label, given in offered(StandInDesk()).items()}
    assert contents == {
        "Excel workbook": b"workbook of 7",
        "CSV folder": b"zip of 7",
        "CSV with semicolons": b"semicolons of 7",
        "JSON": b"JSON of 7",
        "Decide-by dates": b"dates of 7",
        "Schedule to print": b"day sheets of 7 [] []",
    }


def test_nothing_is_made_before_it_is_asked_for(offered: Offered) -> None:
    def made_too_soon(version: int, **_more: Any) -> bytes:
        raise AssertionError(f"a file of v{version} was made")

    desk = StandInDesk()
    for name in [name for name in dir(desk) if name.startswith("export_")]:
        setattr(desk, name, made_too_soon)
    buttons = offered(desk)
    for label in FILES:
        with pytest.raises(AssertionError, match="v7"):
            buttons[label]["data"]()


def test_the_schedule_printed_is_that_of_the_factories_chosen(offered: Offered) -> None:
    button = offered(StandInDesk(), factories=["F3", "F1"])["Schedule to print"]
    assert button["data"]() == b"day sheets of 7 ['F1', 'F3'] []"
    assert "the factories chosen" in button["help"]


def test_a_download_draws_nothing_anew(offered: Offered) -> None:
    assert {given["on_click"] for given in offered(StandInDesk()).values()} == {"ignore"}


@pytest.mark.parametrize("page", ["plan", "schedule"])
def test_the_pages_of_a_plan_have_the_menu(page: str) -> None:
    with serving(StandInDesk(shown=a_plan(), held=a_network())):
        drawn = visit(page)
    labels = [button.proto.label for button in drawn.get("download_button")]
    assert [label for label in FILES if label not in labels] == []
