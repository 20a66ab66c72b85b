delete from plan.scenario_forecast
where forecast = $forecast
