"""The tour names what is on the screen, on pages there are."""

import ast
import re
from pathlib import Path

import pytest

from planning.present.help import PAGES
from planning.present.settings_tables import EDITED, SECTIONS
from planning.present.tour import STOPS, Stop, number_of

ROOT = Path(__file__).resolve().parents[2]


def on_screen() -> list[str]:
    files = [*(ROOT / "pages").glob("*.py"), *(ROOT / "planning" / "present").glob("*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files if file.stem != "tour"]
    return [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_it_has_ten_stops_each_of_its_own_name() -> None:
    assert len({stop.name for stop in STOPS}) == len(STOPS) == 10
    assert [number_of(stop) for stop in STOPS] == list(range(1, 11))


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_a_stop_is_on_a_page_there_is_and_names_what_stands_there(stop: Stop) -> None:
    assert stop.page.capitalize() in PAGES
    assert stop.query.get("table", EDITED[0]) in EDITED
    assert stop.query.get("section", SECTIONS[0]) in SECTIONS
    texts = on_screen()
    for name in re.findall(r"\*\*(.+?)\*\*", f"{stop.look} {stop.attempt}"):
        assert any(name in text for text in texts), name
    assert stop.look.endswith(".")
    assert len(f"{stop.look} {stop.attempt}") < 250
