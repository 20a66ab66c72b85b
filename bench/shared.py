"""Where the data of tests and benchmarks lie, and how a network folder is written from frames."""

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
