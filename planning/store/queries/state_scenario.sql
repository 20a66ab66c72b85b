insert into plan.scenario_state (scenario, actor, status, revision)
values ($scenario, $actor, $status, $revision)
on conflict (scenario) do update set status = excluded.status
