select
    detail ->> '$.action' as action,
    detail ->> '$.what' as what,
    detail ->> '$.reason' as reason,
    actor,
    happened_at
from audit.ledger
where kind = 'action accepted'
order by seq desc
