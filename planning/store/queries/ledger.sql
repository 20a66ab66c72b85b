select seq, happened_at, kind, actor, detail, prev_hash, hash
from audit.ledger
order by seq
