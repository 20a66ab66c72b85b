"""Commands in this process, the small company, and what `run` makes of it, once for all tests."""

from datetime import date
from pathlib import Path

import pytest

from planning.command_line import console, main
from tests.builders.company import write_company
from tests.command_line.commands import Run, Said, Takt, takt_process


@pytest.fixture
def takt(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Takt:
    """Run a command in this process; it is 23 November 2026."""
    monkeypatch.setattr(console, "today", lambda: date(2026, 11, 23))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Said(code, out, err)

    return run


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company's folder."""
    return write_company(tmp_path_factory.mktemp("company") / "network")


@pytest.fixture(scope="session")
def for_machines(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`run --json` in a process of its own."""
    out = tmp_path_factory.mktemp("machines") / "out"
    return Run(takt_process("run", network, "--out", out, "--json", PYTHONHASHSEED="1"), out)


@pytest.fixture(scope="session")
def for_people(network: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`run` in another process, whose sets come in another order."""
    out = tmp_path_factory.mktemp("people") / "out"
    return Run(takt_process("run", network, "--out", out, PYTHONHASHSEED="2"), out)
