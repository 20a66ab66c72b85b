-- Who changed a scenario last.
select actor
from audit.ledger
where kind = 'scenario changed' and detail ->> '$.scenario' = $scenario
order by seq desc
limit 1
