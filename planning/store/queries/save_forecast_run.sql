insert into plan.forecast_run (forecast, created_at, input_hash, dependence, made_of, made_by)
values ($forecast, $created_at, $input_hash, $dependence, $made_of, $made_by)
