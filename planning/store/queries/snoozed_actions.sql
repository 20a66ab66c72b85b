-- Of each action that was told to wait, what was said last.
select
    detail ->> '$.action' as action,
    max_by((detail ->> '$.until')::date, seq) as until,
    max_by(actor, seq) as actor,
    max_by(detail ->> '$.reason', seq) as reason,
    max_by(happened_at, seq) as happened_at
from audit.ledger
where kind = 'action snoozed'
group by all
order by action
