-- What planners decided about plans; it stands in the ledger and nowhere else.
select
    (detail ->> '$.version')::bigint as version,
    replace(kind, 'plan ', '') as step,
    happened_at,
    actor,
    coalesce(detail ->> '$.reason', '') as reason,
    seq
from audit.ledger
where kind in ('plan saved', 'plan proposed', 'plan approved', 'plan published')
order by seq
