with stated_by as (
    select (detail ->> '$.batch')::bigint as batch, min_by(actor, seq) as actor
    from audit.ledger
    where kind = 'import imported'
    group by all
),
uploaded as (
    select
        batch,
        string_agg(distinct file, ', ' order by file) as files,
        sum(rows_in)::bigint as upload_rows_in,
        sum(rows_new)::bigint as rows_new,
        sum(rows_changed)::bigint as rows_changed,
        sum(rows_same)::bigint as rows_same,
        sum(rows_removed)::bigint as rows_removed,
        sum(rows_kept_aside)::bigint as upload_rows_kept_aside,
        sum(rows_collapsed)::bigint as rows_collapsed
    from raw.upload
    group by batch
)
select
    batch,
    coalesce(files, source) as source,
    imported_at,
    stated,
    status,
    actor,
    files is not null as is_upload,
    coalesce(upload_rows_in, rows_in) as rows_in,
    coalesce(rows_new, rows_loaded) as rows_new,
    coalesce(rows_changed, 0) as rows_changed,
    coalesce(rows_same, 0) as rows_same,
    coalesce(rows_removed, 0) as rows_removed,
    coalesce(upload_rows_kept_aside, rows_kept_aside) as rows_kept_aside,
    coalesce(rows_collapsed, 0) as rows_collapsed
from raw.import_batch
left join stated_by using (batch)
left join uploaded using (batch)
order by batch desc
