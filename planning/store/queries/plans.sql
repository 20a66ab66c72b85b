select
    version,
    run,
    scenario,
    created_at,
    network_hash,
    summary ->> '$.status' as status,
    (summary ->> '$.objective')::double as objective,
    (summary ->> '$.bound')::double as bound,
    (summary ->> '$.gap')::double as gap
from plan.run
where $scenario::varchar is null or scenario = $scenario
order by version desc
