insert into plan.scenario_change (scenario, place, change)
select $scenario, place, change
from plan.scenario_change
where scenario = $of
