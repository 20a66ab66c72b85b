insert into plan.scenario (scenario, created_at)
values ($scenario, $created_at)
