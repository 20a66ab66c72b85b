"""History and campaigns become weekly demand per product and market, with how sure it is."""

from planning.forecast.forecast import Forecast, forecast_demand
from planning.forecast.overrides import apply_overrides

__all__ = ["Forecast", "apply_overrides", "forecast_demand"]
