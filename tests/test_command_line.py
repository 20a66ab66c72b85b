"""The command line as a planner meets it: words, exit codes, files; nothing half written, no traceback."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planning import command_line
from planning.check import Violation
from planning.command_line import main
from planning.domain.schema import EXPORT
from planning.store import Workspace
from planning.workflows import folders, planning_run
from tests.builders.company import FILES, write_company

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("run", "import", "forecast", "plan", "export", "check", "demo")
EXPORTED = {"plan.json", *(f"{name}.csv" for name in EXPORT)}
HEAVY = {"polars", "numpy", "pandas", "pulp", "highspy", "duckdb", "statsforecast", "streamlit", "altair"}
#: Of plan.json, what two runs on the same input may differ in.
OF_THE_RUN = {"plan_id", "created_at", "seconds", "ledger"}


@dataclass(frozen=True)
class Said:
    """How a command ended: exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Takt = Callable[..., Said]


@pytest.fixture
def takt(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Takt:
    """Run a command in this process; it is 23 November 2026."""
    monkeypatch.setattr(command_line, "_today", lambda: date(2026, 11, 23))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Said(code, out, err)

    return run


def takt_process(*arguments: object, **environment: str) -> Said:
    """Run a command as a shell does."""
    done = subprocess.run(
        [sys.executable, "-m", "planning", *(str(argument) for argument in arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company's folder."""
    return write_company(tmp_path_factory.mktemp("company") / "network")


@dataclass(frozen=True)
class Run:
    """A run and the folder it wrote."""

    said: Said
    out: Path


@pytest.fixture(scope="module")
def for_machines(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`run --json` in a process of its own."""
    out = tmp_path_factory.mktemp("machines") / "out"
    return Run(takt_process("run", network, "--out", out, "--json", PYTHONHASHSEED="1"), out)


@pytest.fixture(scope="module")
def for_people(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`run` in another process, whose sets come in another order."""
    out = tmp_path_factory.mktemp("people") / "out"
    return Run(takt_process("run", network, "--out", out, PYTHONHASHSEED="2"), out)


def test_help_of_every_command_comes_at_once_and_without_heavy_libraries() -> None:
    look = (
        "import sys, time\n"
        "from planning.command_line import main\n"
        f"for command in {COMMANDS}:\n"
        "    try:\n"
        "        main([command, '--help'])\n"
        "    except SystemExit as end:\n"
        "        assert end.code == 0\n"
        "print(*(name for name in sys.modules if '.' not in name), file=sys.stderr)\n"
    )
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
        )
        seconds.append(time.perf_counter() - started)
        if seconds[-1] < 1:
            break
    assert min(seconds) < 1
    assert set(done.stderr.split()) & HEAVY == set()
    assert all(f"python -m planning {command} " in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("arguments", [(), ("fly",), ("run",), ("run", "here"), ("export", "--version", "x")])
def test_a_command_that_cannot_be_understood_shows_its_usage(
    arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m planning" in capfd.readouterr().err


def test_for_machines_there_is_json_on_stdout_and_nothing_else(for_machines: Run) -> None:
    assert for_machines.said.code == 0
    told = json.loads(for_machines.said.out)
    assert told["checker"] == {"violations": 0}
    assert told["out"] == str(for_machines.out)
    assert told["files"]["orders.csv"] == {"rows_in": 5, "loaded": 5, "kept_aside": 0}
    written = json.loads((for_machines.out / "plan.json").read_text(encoding="utf-8"))
    assert {key: told[key] for key in written} == written


def test_progress_and_what_the_solver_prints_go_to_stderr(for_machines: Run, for_people: Run) -> None:
    for run in (for_machines, for_people):
        assert "HiGHS" not in run.said.out.replace('"HiGHS 1.', "")
        stages = [line.split(",")[0] for line in run.said.err.splitlines()]
        assert "Planning production and robots" in stages
        assert stages.index("Forecasting") < stages.index("Checking every rule")


def test_a_planner_reads_how_good_the_plan_is_and_what_was_assumed(for_people: Run) -> None:
    assert for_people.said.code == 0
    words = for_people.said.out
    assert words.startswith("status: optimal; cost ")
    assert "violations: 0" in words
    assert "rows kept aside: 0" in words
    assert "assumed: lanes: 4, from every factory to every market" in words


def test_the_same_input_gives_the_same_files_byte_for_byte(for_machines: Run, for_people: Run) -> None:
    first, second = for_machines.out, for_people.out
    assert {path.name for path in first.iterdir()} == {path.name for path in second.iterdir()} == EXPORTED
    for name in EXPORTED - {"plan.json"}:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    heads = [json.loads((out / "plan.json").read_text(encoding="utf-8")) for out in (first, second)]
    assert heads[0]["plan_id"] != heads[1]["plan_id"]
    assert list(heads[0]) == list(heads[1])
    assert _lasting(heads[0]) == _lasting(heads[1])


def _lasting(head: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in head.items() if key not in OF_THE_RUN})


def test_a_second_run_replaces_the_first(takt: Takt, network: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert takt("run", network, "--out", out).code == 0
    first = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert takt("run", network, "--out", out).code == 0
    second = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert first["plan_id"] != second["plan_id"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_five_files_are_enough_and_what_was_assumed_is_told(takt: Takt, tmp_path: Path) -> None:
    five = tmp_path / "five"
    five.mkdir()
    header, *rows = FILES["orders"].splitlines()
    columns = [
        header.split(",").index(name) for name in ("order_id", "due_date", "product", "market", "quantity")
    ]
    orders = "\n".join(",".join(line.split(",")[n] for n in columns) for line in [header, *rows])
    files = {
        "orders": orders + "\n",
        "routings": FILES["routings"],
        "factories": "factory,attended_hours_per_week\nleeds,40\nporto,40\n",
        "offers": "offer,robot_model,weekly_rate\nflex,printer,90\n",
        "owned": FILES["owned"],
    }
    for name, content in files.items():
        (five / f"{name}.csv").write_text(content, encoding="utf-8")
    said = takt("run", five, "--out", tmp_path / "out")
    assert said.code == 0
    assumed = "\n".join(line for line in said.out.splitlines() if line.startswith("assumed: "))
    topics = ("markets", "lanes", "robots", "products", "price", "holding cost", "lateness", "refused unit")
    assert [topic for topic in (*topics, "left over", "supervisors") if topic not in assumed] == []
    made = (tmp_path / "out" / "promises.csv").read_text(encoding="utf-8")
    assert all(order_id in made for order_id in ("SO-1", "SO-2", "SO-3", "SO-4", "0012"))


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


def spoiled(folder: Path, changes: dict[str, str | bytes | None]) -> Path:
    """The company's folder with files replaced, or taken away."""
    write_company(folder)
    for name, content in changes.items():
        path = folder / f"{name}.csv"
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


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


def test_a_plan_that_breaks_a_rule_is_no_plan(
    takt: Takt, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Violation("6 terms", "offer flex", 1.0, "a unit goes back too soon")
    monkeypatch.setattr(planning_run, "check", lambda *_: [wrong])
    said = takt("run", network, "--out", tmp_path / "out")
    assert (said.code, said.out) == (3, "")
    assert "a unit goes back too soon" in said.err
    assert list(tmp_path.iterdir()) == []


def test_stopping_writes_nothing(
    takt: Takt, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, "make_plan", stopped)
    said = takt("run", network, "--out", tmp_path / "out")
    assert (said.code, said.err) == (130, "Stopped; nothing has been written.\n")
    assert list(tmp_path.iterdir()) == []


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


def test_a_workspace_is_filled_forecast_planned_and_exported(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "deep" / "takt.duckdb")
    assert takt("import", network, *on).out.startswith(
        "Import 1 (network): imported.\n17 rows read: 17 loaded"
    )
    assert "4 series forecast." in takt("forecast", *on).out
    planned = takt("plan", *on)
    assert planned.code == 0
    assert "violations: 0" in planned.out
    assert "Forecasting" not in planned.err, "the forecast of these data is there already"
    said = takt("export", *on, "--out", tmp_path / "out", "--json")
    assert json.loads(said.out) == {"version": 1, "out": str(tmp_path / "out")}
    assert takt("check", network, tmp_path / "out").out == "violations: 0\n"

    head = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert head["version"] == 1
    assert head["ledger"]["count"] == 3, "import, forecast, plan"
    assert takt("plan", *on).code == 0
    assert json.loads(takt("export", *on, "--out", tmp_path / "out", "--json").out)["version"] == 2
    assert takt("export", *on, "--out", tmp_path / "out", "--version", 1).out.startswith(
        "Plan v1 written to "
    )


def test_the_workspace_gives_the_plan_of_the_folder(
    takt: Takt, network: Path, for_machines: Run, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    takt("plan", *on)
    takt("export", *on, "--out", tmp_path / "out")
    for name in EXPORTED - {"plan.json"}:
        assert (tmp_path / "out" / name).read_bytes() == (for_machines.out / name).read_bytes(), name


def test_the_same_import_again_changes_nothing(takt: Takt, network: Path, tmp_path: Path) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb", "--json")
    first, second = (json.loads(takt("import", network, *on).out) for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("imported", "unchanged")
    assert first["batch"] == second["batch"]


def test_an_import_that_is_refused_leaves_the_workspace_as_it_was(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    on = ("--workspace", tmp_path / "takt.duckdb")
    takt("import", network, *on)
    broken = spoiled(tmp_path / "broken", {"offers": None})
    said = takt("import", broken, *on)
    assert (said.code, said.out) == (2, "")
    assert "offers.csv: is missing" in said.err
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        assert workspace.imports().height == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [("forecast", "Import a network folder first"), ("plan", "Import a network folder first"),
     ("export", "There is no plan yet")],
)  # fmt: skip
def test_an_empty_workspace_says_what_to_do_first(
    command: str, words: str, takt: Takt, tmp_path: Path
) -> None:
    arguments = [command, "--workspace", tmp_path / "takt.duckdb"]
    said = takt(*arguments, *(["--out", tmp_path / "out"] if command == "export" else []))
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (tmp_path / "out").exists()


def test_the_demo_is_loaded_and_planned_once(
    takt: Takt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_company(tmp_path / "data" / "demo")
    monkeypatch.setenv("TAKT_DATA_FOLDER", str(tmp_path / "data"))
    first = takt("demo", "--workspace", tmp_path / "takt.duckdb", "--json")
    assert json.loads(first.out)["version"] == 1
    again = takt("demo", "--workspace", tmp_path / "takt.duckdb", "--json")
    assert again.out == first.out
    assert again.err == "", "nothing is planned a second time"


def test_while_the_app_has_the_workspace_it_says_so_and_run_still_works(
    takt: Takt, network: Path, tmp_path: Path
) -> None:
    database = tmp_path / "takt.duckdb"
    with Workspace.open(database):
        said = takt_process("import", network, "--workspace", database)
        assert (said.code, said.out) == (2, "")
        assert f"in use by process {os.getpid()}" in said.err
        assert "python -m planning run" in said.err
        assert takt("run", network, "--out", tmp_path / "out").code == 0
    assert takt("import", network, "--workspace", database).code == 0
