-- Every edit of a table by hand, the latest first, with what became of its import.
with edit as (
    select
        seq,
        happened_at,
        actor,
        (detail ->> '$.batch')::bigint as batch,
        detail ->> '$.table' as "table",
        (detail ->> '$.rows_new')::bigint as rows_new,
        (detail ->> '$.rows_changed')::bigint as rows_changed,
        (detail ->> '$.rows_removed')::bigint as rows_removed,
        detail ->> '$.reason' as reason
    from audit.ledger
    where kind = 'table edited'
)
select edit.* exclude (seq), coalesce(status, 'undone') as status
from edit
left join raw.import_batch using (batch)
order by seq desc
