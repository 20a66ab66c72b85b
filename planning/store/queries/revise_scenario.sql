update plan.scenario_state
set revision = revision + 1
where scenario = $scenario
