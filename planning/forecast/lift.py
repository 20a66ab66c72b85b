"""Factors on demand, in logs: what season and campaigns add, taken out before a model and put back after."""

import numpy as np

from planning.forecast.series import Weekly

STRONGEST = float(np.log(8.0))


def bounded(log_lift: Weekly) -> Weekly:
    """A log lift kept within a factor of eight either way: beyond it a log-linear model only extrapolates."""
    return np.clip(log_lift, -STRONGEST, STRONGEST)


def cleaned(quantity: Weekly, log_lift: Weekly) -> Weekly:
    """Demand as it would have been without the lift; inverse of `lifted`, never below zero."""
    return np.maximum(quantity * np.exp(-log_lift) + np.expm1(-log_lift), 0.0)


def lifted(quantity: Weekly, log_lift: Weekly) -> Weekly:
    """Demand with the lift: log(1 + demand) raised by `log_lift`, never below zero."""
    return np.maximum(quantity * np.exp(log_lift) + np.expm1(log_lift), 0.0)
