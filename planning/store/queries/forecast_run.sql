select forecast, created_at, input_hash
from plan.forecast_run
where forecast = $forecast
