"""History and campaigns become weekly demand per product and market, with how sure it is."""

from planning.forecast.forecast import Forecast, forecast_demand
from planning.forecast.overrides import apply_overrides, changed_by, in_force, spread, value_added

__all__ = [
    "Forecast",
    "apply_overrides",
    "changed_by",
    "forecast_demand",
    "in_force",
    "spread",
    "value_added",
]
