"""Bad input is told in words: what, where, what to do; nothing is written, no traceback is shown."""

import json
from pathlib import Path

import pytest

from tests.builders.company import FILES, write_company
from tests.command_line.commands import Takt, spoiled


def orders_and(*rows: str) -> dict[str, str]:
    """The company's orders and some more rows."""
    return {"orders": FILES["orders"] + "".join(f"{row}\n" for row in rows)}


#: What makes a folder unusable, and what a planner is told of it.
REFUSED: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "a required file is missing": ({"orders": None}, ["orders.csv: is missing", "data/templates"]),
    "several are missing": (
        {"orders": None, "routings": None, "owned": None},
        ["3 things are wrong", "orders.csv", "routings.csv", "contracts.csv or owned.csv"],
    ),
    "a header has a typo": (
        {"orders": FILES["orders"].replace("quantity", "quantitty", 1)},
        ["orders.csv line 1", "'quantitty'", "Rename 'quantitty' to 'quantity'"],
    ),
    "a workbook is named .csv": (
        {"orders": b"PK\x03\x04" + bytes(range(256)) * 8},
        ["orders.csv", "is an Excel workbook", "Save it again as CSV"],
    ),
    "a binary file is named .csv": (
        {"orders": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8},
        ["orders.csv", "is a binary file, not text", "Save it again as CSV"],
    ),
    "an unknown product in stock": (
        {"stock": "factory,product,quantity\nleeds,7777,5\nleeds,0001,5\nmars,0001,5\n"},
        [
            "2 things are wrong",
            "stock.csv line 2, column product = '7777'",
            "line 4, column factory = 'mars'",
        ],
    ),
    "a setting that is none": (
        {"settings": FILES["settings"] + "horizon,8\n"},
        ["settings.csv", "'horizon'"],
    ),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_is_told_in_words_and_nothing_is_written(
    changes: dict[str, str | bytes | None], words: list[str], takt: Takt, tmp_path: Path
) -> None:
    folder = spoiled(tmp_path / "network", changes)
    said = takt("run", folder, "--out", tmp_path / "out", "--json")
    assert said.code == 2
    assert said.out == ""
    assert [word for word in words if word not in said.err] == []
    assert [path.name for path in tmp_path.iterdir()] == ["network"]


@pytest.mark.parametrize(
    ("place", "words"),
    [("empty", "orders.csv: is missing"), ("nowhere", "there is no such folder"), ("a file", "not a folder")],
)
def test_a_folder_that_is_none_is_told(place: str, words: str, takt: Takt, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a file").write_text("")
    said = takt("run", tmp_path / place, "--out", tmp_path / "out")
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (tmp_path / "out").exists()


KEPT_ASIDE = {
    "an unknown product": (["SO-9,,2026-12-01,9999,uk,5,,"], "product is not in"),
    "a negative quantity": (["SO-9,,2026-12-01,0001,uk,-5,,"], "quantity has to be at least 0"),
    "a date in 1970": (["SO-9,,1970-01-01,0001,uk,5,,"], "more than five years from 2026-11-23"),
    "the same id twice, differing": (
        ["SO-9,,2026-12-01,0001,uk,5,,", "SO-9,,2026-12-01,0001,uk,6,,"],
        "have the same order_id and line and differ",
    ),
}


@pytest.mark.parametrize(("rows", "reason"), KEPT_ASIDE.values(), ids=KEPT_ASIDE.keys())
def test_a_row_that_cannot_be_used_is_kept_aside_and_the_rest_is_planned(
    rows: list[str], reason: str, takt: Takt, tmp_path: Path
) -> None:
    folder = write_company(tmp_path / "network", **orders_and(*rows))
    said = takt("run", folder, "--out", tmp_path / "out", "--json")
    assert said.code == 0
    assert json.loads(said.out)["files"]["orders.csv"] == {
        "rows_in": 5 + len(rows),
        "loaded": 5,
        "kept_aside": len(rows),
    }
    kept = (tmp_path / "out" / "rejected_rows.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(kept) == len(rows)
    assert all(row.startswith("orders.csv,") and reason in row for row in kept)
    assert "SO-9" not in (tmp_path / "out" / "promises.csv").read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_refused_before_anything_is_planned(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    said = takt("run", network, "--out", tmp_path)
    assert said.code == 2
    assert "notes.txt" in said.err
    assert "Planning" not in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_network_folder_is_never_written_over(takt: Takt, tmp_path: Path) -> None:
    folder = write_company(tmp_path / "network")
    assert takt("run", folder, "--out", folder).code == 2
    assert (folder / "orders.csv").read_text(encoding="utf-8") == FILES["orders"]
