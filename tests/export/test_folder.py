"""The export folder: there whole or not at all, whatever happens, and nothing else is ever replaced."""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from planning.domain.plan import Plan
from planning.domain.schema import EXPORT
from planning.errors import InputError
from planning.export import plan_files, read_folder, write_folder, zip_folder
from tests.builders.plans import a_plan, export_frame

#: What a writer does to the disk; a process dies before one of these.
STEPS = ((os, "mkdir"), (os, "rename"), (os, "unlink"), (os, "rmdir"), (os, "fsync"), (io, "open"))


class Killed(BaseException):
    """The process is no more: what it still wanted to do does not happen either."""


@contextmanager
def killed_before(step: int) -> Iterator[None]:
    """Let `step` steps happen; the next one and all that follow do not."""
    taken = 0

    def mortal(act: Any) -> Any:
        def once_alive(*args: Any, **more: Any) -> Any:
            nonlocal taken
            if taken >= step:
                raise Killed
            taken += 1
            return act(*args, **more)

        return once_alive

    with pytest.MonkeyPatch.context() as world:
        for module, name in STEPS:
            world.setattr(module, name, mortal(getattr(module, name)))
        yield


def versions(folder: Path) -> set[int]:
    """The version of the export there, by every file that tells it."""
    plan = read_folder(folder)
    return {plan.summary["version"], *plan["rejected_rows"]["line"].to_list()}


def plan_of_version(number: int) -> Plan:
    """A small plan whose version stands in more than one of its files."""
    tables = {name: table.empty() for name, table in EXPORT.items()}
    row = export_frame("rejected_rows", [{"file": "orders.csv", "line": number}])
    return Plan(tables | {"rejected_rows": row}, {"version": number})


def test_what_is_written_is_what_is_read(company_plan: Plan, tmp_path: Path) -> None:
    write_folder(company_plan, tmp_path / "out")
    back = read_folder(tmp_path / "out")
    for name in EXPORT:
        assert_frame_equal(back[name], company_plan[name])
    assert back.summary == json.loads(json.dumps(dict(company_plan.summary)))


def test_the_folder_holds_the_files_of_the_contract_and_nothing_else(tmp_path: Path) -> None:
    write_folder(a_plan(), tmp_path / "deep" / "er" / "out")
    names = {path.name for path in (tmp_path / "deep" / "er" / "out").iterdir()}
    assert names == {"plan.json", *(f"{name}.csv" for name in EXPORT)}
    assert [path.name for path in (tmp_path / "deep" / "er").iterdir()] == ["out"]


def test_a_new_export_replaces_the_old_one(tmp_path: Path) -> None:
    for number in (1, 2):
        write_folder(plan_of_version(number), tmp_path / "out")
        assert versions(tmp_path / "out") == {number}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("there", [True, False], ids=["over an export", "where there is none"])
def test_killed_before_any_step_the_old_or_the_new_export_is_there(there: bool, tmp_path: Path) -> None:
    """Every step a writer takes on the disk, one by one."""
    found: list[set[int]] = []
    step = 0
    while True:
        out = tmp_path / str(step) / "out"
        if there:
            write_folder(plan_of_version(1), out)
        else:
            out.parent.mkdir()
        try:
            with killed_before(step):
                write_folder(plan_of_version(2), out)
        except Killed:
            found.append(versions(out) if there or out.exists() else set())
            write_folder(plan_of_version(3), out)
            assert versions(out) == {3}, step
            assert [path.name for path in out.parent.iterdir()] == ["out"], step
            step += 1
        else:
            break
    assert step > 2 * len(EXPORT)
    assert all(one in ({1}, {2}) if there else one in (set(), {2}) for one in found), found
    assert found == sorted(found, key=lambda one: max(one, default=0)), "once there, the new one stays"
    assert found[-1] == {2}


def test_what_comes_back_is_whole_even_when_the_new_export_was_taken_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    came_back = 0
    for step in range(len(EXPORT), 4 * len(EXPORT)):
        write_folder(plan_of_version(1), out)
        with suppress(Killed), killed_before(step):
            write_folder(plan_of_version(2), out)
        if out.exists():
            out.rename(tmp_path / "taken away")
        with suppress(InputError):
            read_folder(out)
        if out.exists():
            assert versions(out) == {1}, step
            came_back += 1
        shutil.rmtree(tmp_path / "taken away", ignore_errors=True)
    assert came_back


def test_an_export_put_aside_comes_back_with_the_next_export_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(plan_of_version(1), out)
    out.rename(tmp_path / ".out.takt-old")
    with killed_before(3), pytest.raises(Killed):
        write_folder(plan_of_version(2), out)
    assert versions(out) == {1}


def test_the_leftovers_of_another_export_are_not_touched(tmp_path: Path) -> None:
    theirs = [tmp_path / ".out-b.takt-new", tmp_path / ".out-b.takt-old", tmp_path / ".out-mine"]
    for folder in theirs:
        folder.mkdir()
        (folder / "half.csv").write_text("half")
    write_folder(a_plan(), tmp_path / "out")
    assert all((folder / "half.csv").exists() for folder in theirs)


def test_a_writer_waits_for_the_one_at_work(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def write(start: int) -> None:
        for number in range(start, start + 10):
            write_folder(plan_of_version(number), out)

    with ThreadPoolExecutor(3) as writers:
        list(writers.map(write, (100, 200, 300)))
    assert versions(out) in ({109}, {209}, {309})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk" / "export")
    for number in (1, 2):
        write_folder(plan_of_version(number), tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert versions(tmp_path / "disk" / "export") == {2}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"notes.txt": "mine"}, "notes.txt"),
        ({"plan.json": "{}", "thesis.docx": "mine"}, "thesis.docx"),
        ({"orders.csv": "a network folder"}, "orders.csv"),
        ({"production.csv": "a,b\n"}, "no plan.json"),
        ({"plan.json": "{}", "src": None}, "src"),
    ],
    ids=["other files", "an export with more in it", "a network", "half by hand", "folders"],
)
def test_a_folder_that_is_no_export_is_left_alone(
    files: dict[str, str | None], named: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, content in files.items():
        (out / name).mkdir() if content is None else (out / name).write_text(content)
    with pytest.raises(InputError, match=rf"(?s)out.*is not an export folder.*{named}.*another folder"):
        write_folder(a_plan(), out)
    assert {path.name for path in out.iterdir()} == set(files)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_the_desktop_puts_into_a_folder_does_not_keep_an_export_out(tmp_path: Path) -> None:
    write_folder(plan_of_version(1), tmp_path / "out")
    (tmp_path / "out" / ".DS_Store").write_text("")
    (tmp_path / "out" / "plan.xlsx").write_text("a workbook of the same plan")
    write_folder(plan_of_version(2), tmp_path / "out")
    assert versions(tmp_path / "out") == {2}


def test_an_empty_folder_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_folder(plan_of_version(1), tmp_path / "out")
    assert versions(tmp_path / "out") == {1}


@pytest.mark.parametrize("place", ["file", "file/out"])
def test_a_file_in_the_way_is_told_and_kept(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match=r"file.*Name another folder"):
        write_folder(a_plan(), tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"


def test_an_export_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(plan_of_version(1), tmp_path / "out")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_folder(plan_of_version(2), tmp_path / "out")
    assert versions(tmp_path / "out") == {1}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_zip_is_the_folder_and_the_same_bytes_for_the_same_plan(company_plan: Plan) -> None:
    first, second = zip_folder(company_plan), zip_folder(company_plan)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == plan_files(company_plan)


@pytest.mark.parametrize("name", [*EXPORT, "plan"])
def test_a_missing_file_is_told_by_its_name(name: str, tmp_path: Path) -> None:
    write_folder(a_plan(), tmp_path / "out")
    file = f"{name}.json" if name == "plan" else f"{name}.csv"
    (tmp_path / "out" / file).unlink()
    with pytest.raises(InputError) as told:
        read_folder(tmp_path / "out")
    assert [fault.file for fault in told.value.faults] == [file]
    assert "No such file" in str(told.value)


GARBLED = {
    "binary": b"\x00\xff\xfe\x80PK\x03\x04",
    "empty": b"",
    "other columns": b"a,b\n1,2\n",
    "a word for a number": b"factory,product,week,quantity\nF,P,2026-11-30,lots\n",
    "no number": b"factory,product,week,quantity\nF,P,2026-11-30,NaN\n",
    "endless": b"factory,product,week,quantity\nF,P,2026-11-30,inf\n",
    "no date": b"factory,product,week,quantity\nF,P,soon,1\n",
    "a date as spreadsheets write it": b"factory,product,week,quantity\nF,P,11/12/2026,1\n",
    "too many cells": b"factory,product,week,quantity\nF,P,2026-11-30,1,2\n",
}


@pytest.mark.parametrize("content", GARBLED.values(), ids=GARBLED.keys())
def test_a_garbled_table_is_told_by_its_name(content: bytes, tmp_path: Path) -> None:
    write_folder(a_plan(), tmp_path / "out")
    (tmp_path / "out" / "inventory.csv").write_bytes(content)
    with pytest.raises(InputError) as told:
        read_folder(tmp_path / "out")
    (fault,) = told.value.faults
    assert fault.file == "inventory.csv"
    assert "\n" not in str(fault)
    assert "infer_schema" not in str(fault)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_a_garbled_plan_json_is_told_by_its_name(content: bytes, tmp_path: Path) -> None:
    write_folder(a_plan(), tmp_path / "out")
    (tmp_path / "out" / "plan.json").write_bytes(content)
    with pytest.raises(InputError) as told:
        read_folder(tmp_path / "out")
    assert [fault.file for fault in told.value.faults] == ["plan.json"]


def test_every_file_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        read_folder(tmp_path)
    assert {fault.file for fault in told.value.faults} == {"plan.json", *(f"{name}.csv" for name in EXPORT)}


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder") as told:
        read_folder(tmp_path / "nowhere")
    assert len(told.value.faults) == 1


def test_a_figure_that_is_no_number_never_reaches_plan_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        plan_files(a_plan(gap=float("inf")))
