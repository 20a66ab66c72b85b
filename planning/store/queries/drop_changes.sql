delete from plan.scenario_change
where scenario = $scenario
