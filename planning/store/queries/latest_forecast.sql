select forecast, created_at, input_hash, dependence
from plan.forecast_run
order by forecast desc
limit 1
