"""Which Takt this is: its version, and a hash of its code, so that a plan can say what made it."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def code_version() -> str:
    """Version and the first 12 digits of the hash of all code and SQL of `planning`: 0.1.0+3f2a…"""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    total = hashlib.sha256()
    for path in sorted((ROOT / "planning").rglob("*")):
        if path.suffix in {".py", ".sql"}:
            total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes())
    return f"{stated}+{total.hexdigest()[:12]}"
