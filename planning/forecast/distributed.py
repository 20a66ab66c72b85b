"""The work of a forecast on a cluster: parts travel as rows of a frame that Fugue maps over its partitions.

Fugue (which statsforecast brings, and uses for its own distributed frames) runs the same function on Dask,
Ray and Spark. The engine here is per series, so it is this room's own function that is mapped.
"""

import base64
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from planning.forecast.engine import Engine, Part, done
from planning.forecast.outcome import Outcome

#: A frame of Dask, Ray or Spark; none of them needs to be installed here.
DistributedFrame = Any


def distributed(history: DistributedFrame) -> tuple[pl.DataFrame, Engine]:
    """The history of a distributed frame, and the engine that works where that frame is.

    The history itself is small (a row a day, product and market) and is gathered for the calendar, which
    all series share; the models are what takes time, and run on the cluster, one series at a time in
    each of its workers.

    Parameters
    ----------
    history : date, product, market, quantity.
    """
    import fugue.api
    from fugue.execution.factory import infer_execution_engine

    platform = infer_execution_engine([history])
    local = fugue.api.as_local(history)
    gathered = pl.from_pandas(local) if not isinstance(local, pl.DataFrame) else local

    def engine(parts: Sequence[Part]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        return _on(platform, parts)

    return gathered.with_columns(pl.col("date").cast(pl.Date)), engine


def _on(platform: Any, parts: Sequence[Part]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    import fugue.api
    import pandas as pd

    if not parts:
        return
    found = fugue.api.transform(
        pd.DataFrame({"part": range(len(parts)), "work": [_packed(part) for part in parts]}),
        _done_rows,
        schema="part:long,outcomes:str",
        partition={"num": len(parts), "algo": "even"},
        engine=platform,
        as_local=True,
    )
    for row in found.itertuples():
        yield int(row.part), _unpacked(row.outcomes)


def _done_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts of one partition, done: part, outcomes."""
    return [{"part": row["part"], "outcomes": _packed(done(_unpacked(row["work"])))} for row in rows]


def _packed(value: object) -> str:
    """As text: Dask takes columns of bytes for words."""
    return base64.b64encode(pickle.dumps(value)).decode("ascii")


def _unpacked(text: str) -> Any:
    return pickle.loads(base64.b64decode(text))
