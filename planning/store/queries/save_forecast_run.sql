insert into plan.forecast_run (forecast, created_at, input_hash)
values ($forecast, $created_at, $input_hash)
