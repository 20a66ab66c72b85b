with holds as (
    select batch from raw.import_batch where status = 'active' order by stated desc limit 1
),
standing as (select upload, upload_line from raw.origin where batch = (select batch from holds))
select file, line, "column", "value", reason, remedy, raw
from raw.upload_aside
join raw.standing_upload using (batch, file)
where not exists (from standing where upload = file and upload_line = line)
order by file, line nulls first
