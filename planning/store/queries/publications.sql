-- Every publication, the latest first: counted, they tell whether somebody published since a planner looked.
select (detail ->> '$.version')::bigint as version, actor, detail ->> '$.reason' as reason
from audit.ledger
where kind = 'plan published'
order by seq desc
