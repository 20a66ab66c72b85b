insert into plan.scenario_forecast (forecast)
values ($forecast)
