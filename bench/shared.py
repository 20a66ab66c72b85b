"""Where the data of tests and benchmarks lie, and how a network folder is written from frames."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent


def shared_data() -> Path | None:
    """The folder of shared data sets (TAKT_SHARED_DATA, else shared/data beside the checkout), if there."""
    folder = Path(os.environ.get("TAKT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def write_network(
    folder: Path,
    tables: Mapping[str, pl.DataFrame],
    settings: Mapping[str, object],
    published: Mapping[str, pl.DataFrame] | None = None,
) -> Path:
    """Write a network folder, with the published plan's tables where there is one; returns it."""
    rows = pl.DataFrame({"key": list(settings), "value": [str(value) for value in settings.values()]})
    for place, frames in ((folder, {**tables, "settings": rows}), (folder / "published", published or {})):
        place.mkdir(parents=True, exist_ok=True)
        for name, frame in frames.items():
            frame.write_csv(place / f"{name}.csv")
    return folder


def copy_network(source: Path, folder: Path, **settings: object) -> Path:
    """Copy the files of a network, with other settings than its own; returns the copy."""
    folder.mkdir(parents=True)
    for file in source.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    own = source / "settings.csv"
    rows = list(csv.reader(own.read_text(encoding="utf-8").splitlines()))[1:] if own.is_file() else []
    merged = dict(rows) | {name: str(value) for name, value in settings.items()}
    lines = [f"{name},{value}" for name, value in merged.items()]
    (folder / "settings.csv").write_text("\n".join(["key,value", *lines, ""]), encoding="utf-8")
    return folder
