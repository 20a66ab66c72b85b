"""check: nothing to find on an export just made, and whatever somebody changed in one."""

import json
from pathlib import Path

import pytest

from tests.command_line.commands import Run, Said, Takt


def test_an_export_just_made_passes_the_check(takt: Takt, network: Path, for_machines: Run) -> None:
    assert takt("check", network, for_machines.out) == Said(0, "violations: 0\n", "")
    assert json.loads(takt("check", network, for_machines.out, "--json").out) == {"violations": []}


@pytest.fixture
def copied(for_machines: Run, tmp_path: Path) -> Path:
    """An export of one's own, to spoil."""
    out = tmp_path / "out"
    out.mkdir()
    for path in for_machines.out.iterdir():
        (out / path.name).write_bytes(path.read_bytes())
    return out


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        ("production.csv", ",68,68,", ",69,69,", "1 stock"),
        ("shipments.csv", ",68\n", ",60\n", "1 stock"),
        ("plan.json", '"holding": 1.56', '"holding": 0.56', "costs"),
        ("demand.csv", ",150,", ",140,", "netting"),
    ],
)
def test_an_export_somebody_changed_is_found_out(
    file: str, old: str, new: str, rule: str, takt: Takt, network: Path, copied: Path
) -> None:
    content = (copied / file).read_text(encoding="utf-8")
    assert old in content, "else nothing is changed"
    (copied / file).write_text(content.replace(old, new, 1), encoding="utf-8")
    said = takt("check", network, copied)
    assert said.code == 3
    assert not said.out.startswith("violations: 0")
    assert rule in said.out
    told = json.loads(takt("check", network, copied, "--json").out)["violations"]
    assert len(told) == int(said.out.splitlines()[0].removeprefix("violations: "))
    assert set(told[0]) == {"rule", "where", "amount", "message"}


def test_the_check_tells_what_it_cannot_read(takt: Takt, network: Path, copied: Path) -> None:
    (copied / "fleet.csv").unlink()
    (copied / "plan.json").write_text("{", encoding="utf-8")
    said = takt("check", network, copied)
    assert (said.code, said.out) == (2, "")
    assert "2 things are wrong" in said.err
    assert "fleet.csv" in said.err
    assert "plan.json" in said.err


@pytest.mark.parametrize("head", ["{}", '{"policy": null}', '{"policy": {"as_of": "soon"}}'])
def test_a_plan_json_that_says_little_is_no_plan(head: str, takt: Takt, network: Path, copied: Path) -> None:
    (copied / "plan.json").write_text(head, encoding="utf-8")
    assert takt("check", network, copied).code == 3
