create or replace view core.{table} as
with active as (
    select batch
    from raw.import_batch
    where status = 'active'
)
select stored.*
from raw.{table} as stored
semi join active using (batch)
