"""History and campaigns become weekly demand per product and market, with how sure it is."""

from planning.forecast.forecast import Forecast, families_of, forecast_demand
from planning.forecast.overrides import apply_overrides
from planning.forecast.paths import Dependence, total_bands
from planning.forecast.remembered import Remembered

__all__ = [
    "Dependence",
    "Forecast",
    "Remembered",
    "apply_overrides",
    "families_of",
    "forecast_demand",
    "total_bands",
]
