select forecast, created_at, input_hash
from plan.forecast_run
anti join plan.scenario_forecast using (forecast)
order by forecast desc
limit 1
