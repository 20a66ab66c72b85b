select forecast, created_at, input_hash, dependence, made_of, made_by
from plan.forecast_run
where forecast = $forecast
