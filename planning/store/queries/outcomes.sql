select *
from plan.forecast_outcome
order by "key"
