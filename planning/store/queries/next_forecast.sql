select coalesce(max(forecast), 0) + 1 as forecast
from plan.forecast_run
