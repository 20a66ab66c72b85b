"""The reference networks: our objectives beside those of an independent implementation."""

import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from bench.shared import copy_network, shared_data
from planning.workflows.folders import run_folder

#: REFERENCE.md of the shared networks: objective, proven lower bound.
REFERENCE = {
    "mini-1": (65.63, 65.62),
    "tiny-2": (77_825.12, 77_817.38),
    "stress-tiny": (110_797.63, 110_786.81),
    "small-1": (395_282.23, 389_888.55),
}

#: What those with an exact answer are solved to; small-1 to its own gap.
EXACT: dict[str, object] = {"gap": 1e-4, "time_limit_seconds": 240}


def main() -> None:
    """Print one table: network, status, objective, bound, reference objective and bound, violations."""
    data = shared_data()
    if data is None:
        print("networks: shared data sets are not here; nothing measured")
        return
    rows = []
    for name, (objective, bound) in REFERENCE.items():
        with tempfile.TemporaryDirectory() as scratch:
            settings = {} if name == "small-1" else EXACT
            network = copy_network(data / "networks" / name, Path(scratch) / "network", **settings)
            summary = run_folder(network, Path(scratch) / "out", date(2026, 11, 26)).plan.summary
        rows.append(
            {
                "network": name,
                "status": summary["status"],
                "objective": round(summary["objective"], 2),
                "bound": round(summary["bound"], 2),
                "gap": f"{summary['gap']:.2%}",
                "seconds": round(summary["seconds"], 1),
                "reference": objective,
                "reference bound": bound,
                "violations": summary["checker"]["violations"],
            }
        )
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame(rows))
