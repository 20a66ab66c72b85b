"""Commands run in a process of their own, as a shell does, and how they ended."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from planning.domain.schema import EXPORT
from tests.builders.company import write_company

ROOT = Path(__file__).resolve().parents[2]
EXPORTED = {"plan.json", *(f"{name}.csv" for name in EXPORT)}


@dataclass(frozen=True)
class Said:
    """How a command ended: exit code, stdout and stderr."""

    code: int
    out: str
    err: str


Takt = Callable[..., Said]


@dataclass(frozen=True)
class Run:
    """A run and the folder it wrote."""

    said: Said
    out: Path


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
