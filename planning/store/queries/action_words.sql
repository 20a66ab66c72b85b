-- What was said last of an action.
select seq, kind, actor, detail ->> '$.to' as assignee, detail ->> '$.until' as until
from audit.ledger
where kind in ('action snoozed', 'action assigned', 'action accepted') and detail ->> '$.action' = $action
order by seq desc
limit 1
