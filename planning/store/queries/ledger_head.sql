select count(*) as count, coalesce(max_by(hash, seq), '') as head
from audit.ledger
