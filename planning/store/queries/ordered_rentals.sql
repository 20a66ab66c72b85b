-- Networks that hold only because a plan's rentals were ordered: the plan is not outrun by what it said itself.
select
    (detail ->> '$.version')::bigint as version,
    (detail ->> '$.batch')::bigint as batch,
    detail ->> '$.before' as before_hash,
    detail ->> '$.after' as after_hash
from audit.ledger
where kind = 'rentals ordered'
order by seq
