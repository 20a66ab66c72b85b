"""The record: what a series' own models would have said of its last weeks."""

from dataclasses import dataclass

import numpy as np

from planning.forecast.series import COLD_START_WEEKS, Weekly

LONGEST_HOLD_OUT = 13
NAIVE_WEEKS = 4


@dataclass(frozen=True)
class Record:
    """Errors over the weeks held out; null where they cannot be judged.

    Parameters
    ----------
    wape, naive_wape : Σ|error| / Σ demand of the models and of `naive`.
    bias : (Σ forecast − Σ demand) / Σ demand.
    """

    wape: float | None = None
    naive_wape: float | None = None
    bias: float | None = None

    @property
    def better_than_naive(self) -> bool | None:
        """The models' error is the smaller one; null without a record."""
        if self.wape is None or self.naive_wape is None:
            return None
        return self.wape < self.naive_wape


def hold_out_weeks(weeks: int) -> int:
    """Weeks to hold out of `weeks`: a quarter, at most 13; 0 if too few are left to learn from."""
    held = min(LONGEST_HOLD_OUT, weeks // 4)
    return held if weeks - held >= COLD_START_WEEKS else 0


def naive(quantity: Weekly, horizon: int, season_length: int) -> Weekly:
    """Seasonal naive: the same weeks a season ago; before a season is full, the last four weeks' mean."""
    if quantity.size < season_length:
        return np.full(horizon, quantity[-NAIVE_WEEKS:].mean())
    return np.resize(quantity[-season_length:], horizon)


def record(actual: Weekly, forecast: Weekly, benchmark: Weekly) -> Record:
    """Judge a forecast of the held-out weeks beside the naive one; nothing to judge where no demand came."""
    total = float(actual.sum())
    if total <= 0:
        return Record()
    return Record(
        wape=float(np.abs(forecast - actual).sum()) / total,
        naive_wape=float(np.abs(benchmark - actual).sum()) / total,
        bias=(float(forecast.sum()) - total) / total,
    )
