-- Of the rows an upload kept aside those that came into no file of the network with it.
select file, line, "column", "value", reason, remedy, raw
from raw.upload_aside
join raw.standing_upload using (batch, file)
where not exists (
    from raw.origin
    where origin.batch = upload_aside.batch
        and origin.upload = upload_aside.file
        and origin.upload_line = upload_aside.line
)
order by file, line nulls first
