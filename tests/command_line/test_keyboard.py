"""Ctrl-C: once ends a solve with the best plan there is, twice ends everything."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.companies import SIZES, write_company
from planning.command_line.console import stopped_by_keyboard
from planning.domain.schema import EXPORT
from tests.command_line.commands import ROOT, Takt

STOPPING = "Stopping with the best plan there is. Ctrl-C once more keeps none.\n"


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that has its first plan soon and is planned for as long as it may be."""
    folder = write_company(tmp_path_factory.mktemp("endless") / "network", SIZES["S"], full=True)
    settings = folder / "settings.csv"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition(",")[0] not in {"gap", "time_limit_seconds"}]
    settings.write_text(
        "\n".join([*kept, "gap,0.0000001", "time_limit_seconds,3000"]) + "\n", encoding="utf-8"
    )
    return folder


def stopped_at_its_first_plan(network: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Plan until there is something to look at, press Ctrl-C, and wait for the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "planning", "run", str(network), "--out", str(out)],
        cwd=ROOT,
        env=os.environ | {"TAKT_CORES": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "best plan" in line)
        process.send_signal(signal.SIGINT)
        said, rest = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, said, told + rest)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console")
def test_the_first_ends_a_solve_with_the_best_plan_there_is(
    endless: Path, tmp_path: Path, takt: Takt
) -> None:
    out = tmp_path / "out"
    done = stopped_at_its_first_plan(endless, out)
    assert done.returncode == 0, done.stderr
    assert STOPPING in done.stderr
    assert "terminate" not in done.stderr
    assert {path.name for path in out.iterdir()} == {"plan.json", *(f"{name}.csv" for name in EXPORT)}
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "cancelled"
    assert plan["bound"] <= plan["objective"]
    assert "violations: 0" in done.stdout
    assert takt("check", endless, out).out.startswith("violations: 0")


def test_the_second_ends_everything(capfd: pytest.CaptureFixture[str]) -> None:
    usual = signal.getsignal(signal.SIGINT)
    with stopped_by_keyboard() as stopped:
        assert not stopped()
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is usual
    assert capfd.readouterr().err == STOPPING
