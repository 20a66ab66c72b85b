"""History and campaigns become weekly demand per product and market, with how sure it is."""

from planning.forecast.forecast import Forecast, families_of, forecast_demand
from planning.forecast.overrides import apply_overrides, changed_by, in_force, spread, value_added
from planning.forecast.paths import Dependence, total_bands
from planning.forecast.remembered import Remembered

__all__ = [
    "Dependence",
    "Forecast",
    "Remembered",
    "apply_overrides",
    "changed_by",
    "families_of",
    "forecast_demand",
    "in_force",
    "spread",
    "total_bands",
    "value_added",
]
