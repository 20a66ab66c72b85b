insert into audit.ledger (seq, happened_at, kind, actor, detail, prev_hash, hash)
with last_entry as (
    select max(seq) as seq, max_by(hash, seq) as hash
    from audit.ledger
),
entry as (
    select
        coalesce(seq, 0) + 1 as seq,
        $happened_at::timestamp as happened_at,
        $kind as kind,
        $actor as actor,
        $detail::json as detail,
        coalesce(hash, '') as prev_hash
    from last_entry
)
select *, audit.entry_hash(seq, happened_at, kind, actor, detail, prev_hash)
from entry
