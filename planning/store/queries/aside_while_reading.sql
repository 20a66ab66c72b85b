with holds as (
    select batch, stated from raw.import_batch where status = 'active' order by stated desc limit 1
),
-- A folder says all there is: what was uploaded before it holds no more.
folder as (
    select max(stated) as stated
    from raw.import_batch
    where status <> 'undone' and batch not in (select batch from raw.upload)
),
-- A file of the same name takes the place of the one before.
latest as (
    select file, max_by(batch, stated) as batch
    from (select distinct file, batch from raw.upload)
    join raw.import_batch using (batch)
    where status <> 'undone'
        and stated <= (select stated from holds)
        and stated > coalesce((select stated from folder), -1)
    group by file
),
standing as (select upload, upload_line from raw.origin where batch = (select batch from holds))
select file, line, "column", "value", reason, remedy, raw
from raw.upload_aside
join latest using (batch, file)
where not exists (from standing where upload = file and upload_line = line)
order by file, line nulls first
