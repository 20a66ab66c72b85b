with active as (
    select batch
    from raw.import_batch
    where status = 'active'
)
select file, line, "column", "value", reason, raw
from raw.quarantine
semi join active using (batch)
order by file, line nulls first
