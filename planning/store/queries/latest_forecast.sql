select forecast, created_at, input_hash, dependence, made_of, made_by
from plan.forecast_run
anti join plan.scenario_forecast using (forecast)
order by forecast desc
limit 1
