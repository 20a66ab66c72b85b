select scenario, created_at, actor, status, revision
from plan.scenario
inner join plan.scenario_state using (scenario)
order by created_at desc, scenario
