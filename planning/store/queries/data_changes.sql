-- What changed the data since import $on held, or the import whose network has the hash $of, as the ledger has it.
with looked_at as (
    select max(seq) as seq
    from audit.ledger
    where kind in ('import imported', 'import restored', 'import redone')
        and (detail ->> '$.batch')::bigint in (
            select batch
            from raw.import_batch
            where batch = $on or network ->> '$.input_hash' = $of
        )
),
uploaded as (
    select
        batch,
        string_agg(distinct file, ', ' order by file) as files,
        sum(rows_new)::bigint as rows_new,
        sum(rows_changed)::bigint as rows_changed,
        sum(rows_removed)::bigint as rows_removed
    from raw.upload
    group by batch
),
changes as (
    select seq, kind, actor, (detail ->> '$.batch')::bigint as batch
    from audit.ledger
    where kind in ('import imported', 'import restored', 'import undone', 'import redone')
        and seq > coalesce((select seq from looked_at), 0)
)
select changes.kind, actor, batch, coalesce(files, source) as source, rows_new, rows_changed, rows_removed
from changes
inner join raw.import_batch using (batch)
left join uploaded using (batch)
order by seq desc
