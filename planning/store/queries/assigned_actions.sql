-- Of each action somebody was given, whose it is by what was said last.
select
    detail ->> '$.action' as action,
    max_by(detail ->> '$.to', seq) as assignee,
    max_by(actor, seq) as actor,
    max_by(happened_at, seq) as happened_at
from audit.ledger
where kind = 'action assigned'
group by all
having assignee <> ''
order by action
