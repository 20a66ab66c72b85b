select forecast, created_at, input_hash
from plan.forecast_run
order by forecast desc
limit 1
