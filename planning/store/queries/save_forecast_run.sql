insert into plan.forecast_run (forecast, created_at, input_hash, dependence)
values ($forecast, $created_at, $input_hash, $dependence)
