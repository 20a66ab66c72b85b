"""Orders by the million into a workspace, against the least an import costs: DuckDB's typed load of the file.

Each row is a process of its own: user and system seconds and the most memory it held. The import is the
command line's, from reading the files to the closed workspace, with hashes, keys, ids, rows kept aside and
the original bytes; the load is `create table as` over a reader told every type, two threads, into a file.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bench.shared import ROOT, write_network
from planning.store import Workspace

SEED = 20261129
ROWS, FEWER, BAD = 5_000_000, 1_000_000, 50_000
PRODUCTS, MARKETS = 2000, ("DE", "FR", "PT", "SE", "IT")
TYPES = {
    "order_id": "varchar",
    "line": "bigint",
    "due_date": "date",
    "product": "varchar",
    "market": "varchar",
    "quantity": "double",
    "status": "varchar",
    "unit_price": "double",
}
LOAD = """
import sys, duckdb
with duckdb.connect(sys.argv[2], config={"threads": 2}) as database:
    database.execute(sys.argv[1])
"""
HASH = """
import hashlib, pathlib, sys, time
data = pathlib.Path(sys.argv[1]).read_bytes()
started = time.process_time()
hashlib.sha256(data).hexdigest()
print(time.process_time() - started)
"""


@dataclass(frozen=True)
class Run:
    """What a process took: CPU seconds (user and system), seconds on the clock, and MB at most."""

    cpu: float
    seconds: float
    memory: float


def main() -> None:
    """Print one table: what was done, rows, MB, CPU seconds, times the load, peak memory; and the targets."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for count, bad in ((ROWS, 0), (FEWER, BAD)):
            rows += _measure(Path(scratch) / str(count), count, bad)
    with pl.Config(
        tbl_width_chars=200, tbl_cols=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(pl.DataFrame(rows, infer_schema_length=None))
    print(
        "targets: import of 5,000,000 rows at most 1.7 times the load and 1,000 MB, with 50,000 bad rows of "
        "1,000,000 at most 2.5 times; the same again at most 1 CPU second beyond hashing"
    )


def make_orders(count: int, bad: int, seed: int = SEED) -> pl.DataFrame:
    """Text of the lines of an orders.csv: `count` rows, `bad` of them spoilt in six ways, evenly spread."""
    chance = np.random.default_rng(seed)
    day = np.datetime64("2026-06-01") + chance.integers(0, 700, count).astype("timedelta64[D]")
    orders = pl.DataFrame(
        {
            "order_id": np.arange(count) // 2 + 1_000_000,
            "line": np.arange(count) % 2 + 1,
            "due_date": day,
            "product": chance.integers(0, PRODUCTS, count),
            "market": chance.choice(MARKETS, count),
            "quantity": chance.integers(1, 400, count),
            "status": chance.choice(["confirmed", "shipped", "cancelled"], count, p=[0.6, 0.35, 0.05]),
            "cents": chance.integers(500, 100_000, count),
        }
    )
    price = pl.format("{}.{}", pl.col("cents") // 100, (pl.col("cents") % 100).cast(pl.String).str.zfill(2))
    product = pl.format("P{}", pl.col("product").cast(pl.String).str.zfill(4))
    text = orders.select(
        pl.format("SO{}", "order_id").alias("order_id"),
        pl.col("line").cast(pl.String),
        pl.col("due_date").cast(pl.Date).cast(pl.String),
        product.alias("product"),
        "market",
        pl.col("quantity").cast(pl.String),
        "status",
        price.alias("unit_price"),
    )
    return _spoilt(text, bad)


def _spoilt(rows: pl.DataFrame, bad: int) -> pl.DataFrame:
    """Each of the bad rows has a word for a quantity, a day that is none, a product nobody knows, a status
    nobody knows, another comma, or the key of the row before it."""
    every = rows.height // bad if bad else rows.height + 1
    kind = pl.when(pl.int_range(pl.len()) % every == every - 1).then(pl.int_range(pl.len()) // every % 6)

    def where(number: int, spoilt: pl.Expr, column: str) -> pl.Expr:
        return pl.when(kind == number).then(spoilt).otherwise(pl.col(column)).alias(column)

    return rows.with_columns(
        where(0, pl.lit("many"), "quantity"),
        where(1, pl.lit("2026-02-30"), "due_date"),
        where(2, pl.lit("GONE"), "product"),
        where(3, pl.lit("lost"), "status"),
        where(4, pl.lit("9.50,"), "unit_price"),
        where(5, pl.col("order_id").shift(1), "order_id"),
        where(5, pl.col("line").shift(1), "line"),
    )


def _measure(folder: Path, count: int, bad: int) -> list[dict[str, object]]:
    network = folder / "network"
    # A process of its own: what this one holds would count as held by those it starts.
    _run([sys.executable, "-m", "bench.imports", str(network), str(count), str(bad)])
    file = network / "orders.csv"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    # Rows that cannot be typed are left out by the reader, which is less than keeping them aside.
    reader = f"auto_detect=false, header=true, delim=',', quote='', columns={{{columns}}}, ignore_errors=true"
    load = f"create table orders as select * from read_csv('{file}', {reader})"
    base = _run([sys.executable, "-c", LOAD, load, str(folder / "load.duckdb")])
    workspace = folder / "takt.duckdb"
    Workspace.open(workspace).close()
    command = [sys.executable, "-m", "planning", "import", str(network), "--workspace", str(workspace)]
    first, again = _run(command), _run(command)
    hashing = float(
        subprocess.run([sys.executable, "-c", HASH, file], check=True, capture_output=True).stdout
    )
    beyond = f"{again.cpu - hashing:.2f} beyond hashing"
    done = (("typed load", base, ""), ("import", first, ""), ("the same again", again, beyond))
    return [
        {
            "what": what,
            "rows": f"{count:,}" + (f", {bad:,} bad" if bad else ""),
            "file MB": round(file.stat().st_size / 1e6),
            "CPU": round(run.cpu, 2),
            "of the load": f"{run.cpu / base.cpu:.2f}",
            "seconds": round(run.seconds, 1),
            "peak MB": round(run.memory),
            "note": note,
        }
        for what, run, note in done
    ]


def make_network(folder: Path, count: int, bad: int) -> None:
    """Write a network folder whose orders.csv has `count` rows, `bad` of them spoilt."""
    products = [f"P{number:04}" for number in range(PRODUCTS)]
    routings = pl.DataFrame({"product": products}).with_columns(
        robot_model=pl.lit("MILL"), hours_per_unit=pl.lit(0.5)
    )
    tables = {
        "factories": pl.DataFrame({"factory": ["F1"], "attended_hours_per_week": [80]}),
        "offers": pl.DataFrame({"offer": ["FLEX"], "robot_model": ["MILL"], "weekly_rate": [700]}),
        "owned": pl.DataFrame({"factory": ["F1"], "robot_model": ["MILL"], "units": [2]}),
        "routings": routings,
    }
    write_network(folder, tables, {"as_of": "2026-11-23"})
    make_orders(count, bad).write_csv(folder / "orders.csv", quote_style="never")


def _run(command: list[str]) -> Run:
    started = time.monotonic()
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen(command, cwd=ROOT, stdout=nowhere)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6  # bytes there, KiB elsewhere
    return Run(used.ru_utime + used.ru_stime, time.monotonic() - started, memory)


if __name__ == "__main__":
    make_network(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
