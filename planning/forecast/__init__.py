"""History and campaigns become weekly demand per product and market, with how sure it is."""

from planning.forecast.forecast import Forecast, forecast_demand

__all__ = ["Forecast", "forecast_demand"]
