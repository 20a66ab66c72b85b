"""Known answers: capacitated lot sizing instances solved as network folders."""

import tempfile
from pathlib import Path

import polars as pl

from bench.lot_sizing import OPTIMA, START, read_instance, write_instance
from bench.shared import shared_data
from planning.workflows.folders import run_folder

SECONDS = 60.0


def main() -> None:
    """Print one table: instance, objective and bound after a minute, proven optimum, distance to it."""
    data = shared_data()
    if data is None:
        print("lots: shared data sets are not here; nothing measured")
        return
    rows = []
    for name, optimum in OPTIMA.items():
        path = data / "instances" / "trigeiro" / f"{name}.dat"
        instance = read_instance(path, unit_time=1.0 if name == "G30" else None)
        with tempfile.TemporaryDirectory() as scratch:
            network = write_instance(instance, Path(scratch) / "network", gap=1e-4, seconds=SECONDS)
            summary = run_folder(network, Path(scratch) / "out", START).plan.summary
        rows.append(
            {
                "instance": name,
                "objective": round(summary["objective"], 2),
                "bound": round(summary["bound"], 2),
                "seconds": round(summary["seconds"], 1),
                "optimum": optimum,
                "above optimum": f"{summary['objective'] / optimum - 1:.2%}",
                "violations": summary["checker"]["violations"],
            }
        )
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame(rows))
