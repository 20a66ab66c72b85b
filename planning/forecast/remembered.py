"""Outcomes as a frame, by the content they were found from: what is unchanged is not forecast again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from planning.forecast.backtest import Trial
from planning.forecast.engine import Engine, Part
from planning.forecast.models import PointForecast
from planning.forecast.outcome import Outcome
from planning.forecast.series import SeriesClass, Weekly

_NUMBERS = pl.List(pl.Float64)

#: Per series what its models said, then its trials, an entry each; their weekly values one after the other.
OUTCOMES_SCHEMA: dict[str, Any] = {
    "key": pl.String,
    "series_class": pl.String,
    "mean": _NUMBERS,
    "spread": pl.Float64,
    "method": pl.String,
    "fallback": pl.String,
    "shape": _NUMBERS,
    "log_lift": _NUMBERS,
    "signals": pl.String,
    "unusual": pl.String,
    "trial_back": pl.List(pl.Int64),
    "trial_class": pl.List(pl.String),
    "trial_spread": _NUMBERS,
    "trial_scale": _NUMBERS,
    "trial_shape": _NUMBERS,
    "trial_mean": _NUMBERS,
    "trial_log_lift": _NUMBERS,
    "trial_actual": _NUMBERS,
    "trial_naive": _NUMBERS,
}
_WEEKLY = ("mean", "log_lift", "actual", "naive")


@dataclass(frozen=True, eq=False)
class Remembered:
    """Outcomes of an earlier forecast.

    Parameters
    ----------
    code : names the code and libraries that find outcomes; another one remembers nothing.
    outcomes : as `Forecast.outcomes`.
    """

    code: str
    outcomes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OUTCOMES_SCHEMA))


@dataclass(frozen=True, eq=False)
class Found:
    """Outcomes of all series, and the keys they are remembered by.

    Parameters
    ----------
    outcomes, keys : by product and market.
    """

    outcomes: Mapping[tuple[str, str], Outcome]
    keys: Mapping[tuple[str, str], str]


def find_outcomes(
    parts: Sequence[Part], engine: Engine, remembered: Remembered, tell: Callable[[int], None]
) -> Found:
    """Outcomes of all parts: those remembered as they were, the others from the engine.

    A part is done anew if any of its series is. `tell` hears how many series are done.
    """
    keys = [part.keys(remembered.code) for part in parts]
    known = _read(remembered.outcomes, {key for of_part in keys for key in of_part})
    outcomes: dict[int, Sequence[Outcome]] = {}
    missing = []
    for number, of_part in enumerate(keys):
        if all(key in known for key in of_part):
            outcomes[number] = [known[key] for key in of_part]
        else:
            missing.append(number)
    done = sum(len(found) for found in outcomes.values())
    tell(done)
    for position, found in engine([parts[number] for number in missing]):
        outcomes[missing[position]] = found
        done += len(found)
        tell(done)
    pairs = [[(s.product, s.market) for s in part.series] for part in parts]
    return Found(
        {pair: o for n, of_part in enumerate(pairs) for pair, o in zip(of_part, outcomes[n], strict=True)},
        {pair: key for n, of_part in enumerate(pairs) for pair, key in zip(of_part, keys[n], strict=True)},
    )


def outcomes_frame(found: Found) -> pl.DataFrame:
    """What to remember, sorted by key."""
    rows = [_row(found.keys[pair], outcome) for pair, outcome in found.outcomes.items()]
    return pl.DataFrame(rows, OUTCOMES_SCHEMA, orient="row").sort("key")


def _row(key: str, outcome: Outcome) -> tuple[Any, ...]:
    point, trials = outcome.point, outcome.trials
    return (
        key,
        str(outcome.series_class),
        point.mean.tolist(),
        point.spread,
        point.method,
        point.fallback,
        outcome.shape.tolist(),
        outcome.log_lift.tolist(),
        outcome.signals,
        outcome.unusual,
        [t.back for t in trials],
        [str(t.series_class) for t in trials],
        [t.spread for t in trials],
        [t.scale for t in trials],
        [x for t in trials for x in t.shape.tolist()],
        *([x for t in trials for x in getattr(t, name).tolist()] for name in _WEEKLY),
    )


def _read(frame: pl.DataFrame, wanted: set[str]) -> dict[str, Outcome]:
    rows = frame.filter(pl.col("key").is_in(list(wanted)))
    return {row["key"]: _outcome(row) for row in rows.iter_rows(named=True)}


def _outcome(row: Mapping[str, Any]) -> Outcome:
    weekly: dict[str, list[Weekly]] = {
        name: np.split(np.array(row[f"trial_{name}"]), np.cumsum(row["trial_back"])[:-1]) for name in _WEEKLY
    }
    trials = tuple(
        Trial(
            back=back,
            series_class=SeriesClass(row["trial_class"][n]),
            spread=row["trial_spread"][n],
            scale=row["trial_scale"][n],
            shape=np.array(row["trial_shape"][3 * n : 3 * n + 3]),
            **{name: weekly[name][n] for name in _WEEKLY},
        )
        for n, back in enumerate(row["trial_back"])
    )
    point = PointForecast(np.array(row["mean"]), row["spread"], row["method"], row["fallback"])
    return Outcome(
        SeriesClass(row["series_class"]),
        point,
        np.array(row["shape"]),
        np.array(row["log_lift"]),
        trials,
        row["signals"],
        row["unusual"],
    )
