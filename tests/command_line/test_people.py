"""--people: the files for people beside the contract's, in the same folder, whole or not at all."""

import json
import re
from pathlib import Path

import fastexcel
import icalendar
import pytest

from planning.domain.schema import EXPORT
from planning.errors import InputError
from planning.export import folder, read_folder, write_folder
from tests.builders.plans import a_plan
from tests.command_line.commands import EXPORTED, Takt

PEOPLE = {"plan.xlsx", "plan-full.json", "decide-by.ics", "schedule.html"}


def files(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


def test_a_run_writes_them_when_asked_and_the_check_still_passes(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert takt("run", network, "--out", out, "--people").code == 0
    assert files(out) == EXPORTED | PEOPLE
    assert takt("check", network, out).out == "violations: 0\n"

    plan = read_folder(out)
    assert fastexcel.read_excel((out / "plan.xlsx").read_bytes()).sheet_names == ["plan", *EXPORT]
    document = json.loads((out / "plan-full.json").read_bytes())
    assert document["plan"] == plan.summary
    assert len(document["tables"]["production"]) == plan["production"].height
    decisions = icalendar.Calendar.from_ical((out / "decide-by.ics").read_bytes()).walk("VEVENT")
    assert len(decisions) == plan["rentals"].height
    page = (out / "schedule.html").read_text(encoding="utf-8")
    assert "<h1>Leeds</h1>" in page
    assert "<h1>Porto</h1>" in page

    assert takt("run", network, "--out", out).code == 0, "such a folder is an export and may be replaced"
    assert files(out) == EXPORTED


def test_tables_are_written_for_a_spreadsheet_when_asked_and_the_check_reads_them(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    out, plain = tmp_path / "out", tmp_path / "plain"
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    takt("plan", *on)
    assert takt("export", *on, "--out", out, "--csv", "semicolon").code == 0
    assert takt("export", *on, "--out", plain).code == 0
    texts = {path.name: path.read_text(encoding="utf-8-sig") for path in out.glob("*.csv")}
    assert texts["fleet.csv"].startswith("factory;robot_model;source;")
    assert re.search(r";[0-9]+,[0-9]+[;\n]", "".join(texts.values()))
    assert takt("check", network, out).out == "violations: 0\n"
    assert read_folder(out)["production"].equals(read_folder(plain)["production"])
    assert takt("run", network, "--out", out, "--csv", "semicolon").code == 0
    assert (out / "hours.csv").read_text(encoding="utf-8-sig").startswith("factory;robot_model;week;")


def test_an_export_from_the_workspace_has_them_too_with_the_names_people_use(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    takt("plan", *on)
    assert takt("export", *on, "--out", tmp_path / "out", "--people").code == 0
    assert files(tmp_path / "out") == EXPORTED | PEOPLE
    assert takt("check", network, tmp_path / "out").out == "violations: 0\n"


def test_they_come_with_the_folder_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, plan = tmp_path / "out", a_plan()
    write_folder(plan, out)
    written: list[str] = []

    def full(path: Path, content: bytes) -> None:
        written.append(path.name)
        if path.name in PEOPLE:
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(folder, "_write_through", full)
    with pytest.raises(InputError, match="No space left"):
        write_folder(plan, out, {"plan.xlsx": b"x"})
    assert "plan.xlsx" in written
    assert files(out) == EXPORTED
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_help_tells_the_files(capfd: pytest.CaptureFixture[str]) -> None:
    from planning.command_line import main

    for command in ("run", "export"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        said = " ".join(capfd.readouterr().out.split())
        assert "--people" in said
        assert [name for name in PEOPLE if name not in said.replace("- ", "-")] == []
